"""Marks → pixels: the only door to Pillow and FreeType.

FreeType draws each glyph once per size and quarter of a pixel; Pillow lays the masks down. Equal
marks give equal bytes with the same wheels, in any process, in any order and in any thread.
"""

from __future__ import annotations

import bisect
import ctypes
import io
import math
import statistics
import struct
import threading
import warnings
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, Literal

import freetype
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageOps

from scheduler.cards.colours import hexadecimal, luminance, mixed, rgb
from scheduler.cards.errors import BadPicture
from scheduler.cards.marks import (
    Arc,
    Arrow,
    Composition,
    Disc,
    Emblem,
    Mark,
    Photograph,
    PlacedGlyph,
    Scrim,
    Slab,
    Wash,
    Words,
)
from scheduler.cards.typefaces import Face, font_bytes, is_variable

Format = Literal["jpeg", "png"]

#: Every platform takes a picture below this.
LARGEST_FILE = 1_000_000
#: 4:4:4, because halved chroma frays the edges of coloured letters.
_QUALITIES = (90, 86, 82, 78, 74, 70, 60, 50)
#: More than a card could ever need; a file that claims more is a mistake or an attack.
_MOST_PIXELS = 120_000_000
#: Bytes. A larger file would only be read to be made smaller; no camera writes one.
LARGEST_PICTURE = 100_000_000
#: A picture enlarged more than this looks soft.
_ENLARGED = 1.6
#: Quarters of a pixel at which a glyph may stand.
_PHASES = 4
#: Shapes are drawn so many times larger and reduced.
_FINE = 4


def painted(composition: Composition) -> Image.Image:
    """The finished card. Raises `BadPicture` for a picture or logo that cannot be used."""
    image = _base(composition.width, composition.height, composition.base).copy()
    for mark in composition.fresh:
        _paint(image, mark)
    return image


def try_pictures(composition: Composition) -> None:
    """Raises the `BadPicture` that `painted` would raise, and paints nothing."""
    for mark in (*composition.base, *composition.fresh):
        if isinstance(mark, Photograph):
            _large_enough(mark, (composition.width, composition.height))
        elif isinstance(mark, Emblem):
            _opened(mark.file, "logo", None)


def encoded(image: Image.Image, kind: Format) -> bytes:
    """A file without metadata; a JPEG is made smaller until every platform takes it."""
    if kind == "png":
        return _saved(image, "PNG", compress_level=6)
    data = b""
    for quality in _QUALITIES:
        data = _saved(image, "JPEG", quality=quality, subsampling=0)
        if len(data) < LARGEST_FILE:
            break
    return data


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


@lru_cache(maxsize=16)
def _base(width: int, height: int, marks: tuple[Mark, ...]) -> Image.Image:
    """What many cards share: at most 16 of them, about 4 MB each."""
    image = Image.new("RGB", (width, height))
    for mark in marks:
        _paint(image, mark)
    return image


def _paint(image: Image.Image, mark: Mark) -> None:
    match mark:
        case Words():
            _words(image, mark)
        case Slab():
            _slab(image, mark)
        case Disc():
            box = (mark.x - mark.radius, mark.y - mark.radius)
            image.paste(mark.colour, _corner(*box), _disc(_fine(mark.radius * 2), *_rest(*box)))
        case Arc():
            _arc(image, mark)
        case Arrow():
            _arrow(image, mark)
        case Wash():
            _wash(image, mark)
        case Photograph():
            image.paste(_covering(mark, image.size))
        case Scrim():
            image.paste(rgb(mark.colour), (0, 0), _veil(image, mark))
        case Emblem():
            _emblem(image, mark)


# Letters.


#: One thread at a time: a face holds the size, the shift and the glyph that it was last asked for,
#: all faces hang on one library, and ctypes lets other threads run meanwhile. Faces of each
#: thread's own were no faster, and a thread's end would close them beside those that others open.
_FREETYPE = threading.Lock()


@lru_cache(maxsize=64)
def _typeface(face: Face) -> freetype.Face:
    """Only for who holds `_FREETYPE`: opening a face changes the library, and so does its end."""
    # From memory, because FreeType's own file names are no Unicode on Windows.
    opened = freetype.Face(io.BytesIO(font_bytes(face.file)))
    if is_variable(face.file):
        opened.set_var_design_coords([face.weight])
    return opened


@lru_cache(maxsize=4096)
def _mask(face: Face, glyph: int, size: int, phase: int) -> tuple[Image.Image, int, int] | None:
    """The glyph's coverage, and its place left of and above the pen; None for white space."""
    with _FREETYPE:
        return _rendered(_typeface(face), glyph, size, phase)


def _rendered(
    typeface: freetype.Face, glyph: int, size: int, phase: int
) -> tuple[Image.Image, int, int] | None:
    typeface.set_char_size(size * 64)
    typeface.set_transform(
        freetype.Matrix(0x10000, 0, 0, 0x10000), freetype.Vector(phase * 64 // _PHASES, 0)
    )
    # Unhinted, so that shapes and advances are the same at every size.
    typeface.load_glyph(
        glyph,
        freetype.FT_LOAD_RENDER | freetype.FT_LOAD_NO_HINTING | freetype.FT_LOAD_NO_BITMAP,
    )
    slot = typeface.glyph
    bitmap = slot.bitmap
    if not bitmap.width or not bitmap.rows:
        return None
    data = ctypes.string_at(bitmap._FT_Bitmap.buffer, bitmap.rows * bitmap.pitch)  # noqa: SLF001
    mask = Image.frombytes("L", (bitmap.width, bitmap.rows), data, "raw", "L", bitmap.pitch)
    return mask, slot.bitmap_left, slot.bitmap_top


def _words(image: Image.Image, words: Words) -> None:
    colour = rgb(words.colour)
    for glyph in words.glyphs:
        found = _mask_at(glyph, words.size)
        if found is not None:
            mask, left, top = found
            image.paste(colour, (left, top), mask)


def _mask_at(glyph: PlacedGlyph, size: int) -> tuple[Image.Image, int, int] | None:
    quarters = math.floor(glyph.x * _PHASES + 0.5)
    pen, phase = divmod(quarters, _PHASES)
    found = _mask(glyph.face, glyph.id, size, phase)
    if found is None:
        return None
    mask, left, above = found
    return mask, pen + left, round(glyph.y) - above


# Shapes, drawn finely and reduced, because Pillow's own have no smooth edges.


def _corner(left: float, top: float) -> tuple[int, int]:
    return math.floor(left), math.floor(top)


def _rest(left: float, top: float) -> tuple[int, int]:
    """What the whole pixel leaves over, in fine steps."""
    return _fine(left - math.floor(left)), _fine(top - math.floor(top))


def _fine(length: float) -> int:
    return round(length * _FINE)


def _canvas(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A fine mask that reduces to whole pixels."""
    size = (-(-width // _FINE) * _FINE, -(-height // _FINE) * _FINE)
    mask = Image.new("L", size)
    return mask, ImageDraw.Draw(mask)


@lru_cache(maxsize=128)
def _disc(diameter: int, x: int, y: int) -> Image.Image:
    mask, draw = _canvas(x + diameter, y + diameter)
    draw.ellipse((x, y, x + diameter - 1, y + diameter - 1), fill=255)
    return mask.reduce(_FINE)


def _slab(image: Image.Image, slab: Slab) -> None:
    if not slab.upper and not slab.lower:
        box = (round(slab.left), round(slab.top), round(slab.right), round(slab.bottom))
        image.paste(rgb(slab.colour), box)
        return
    mask = _rounded(
        _fine(slab.right - slab.left),
        _fine(slab.bottom - slab.top),
        _fine(slab.upper),
        _fine(slab.lower),
        *_rest(slab.left, slab.top),
    )
    image.paste(rgb(slab.colour), _corner(slab.left, slab.top), mask)


@lru_cache(maxsize=128)
def _rounded(  # noqa: PLR0917 a cache's key
    width: int, height: int, upper: int, lower: int, x: int, y: int
) -> Image.Image:
    """A rectangle whose two upper and two lower corners have their own radius."""
    mask, draw = _canvas(x + width, y + height)
    middle = y + height // 2
    right, bottom = x + width - 1, y + height - 1
    draw.rounded_rectangle(
        (x, y, right, bottom), upper, fill=255, corners=(True, True, False, False)
    )
    draw.rectangle((x, middle, right, bottom), fill=0)
    low = Image.new("L", mask.size)
    ImageDraw.Draw(low).rounded_rectangle(
        (x, y, right, bottom), lower, fill=255, corners=(False, False, True, True)
    )
    ImageDraw.Draw(low).rectangle((x, y, right, middle - 1), fill=0)
    return ImageChops.lighter(mask, low).reduce(_FINE)


def _arc(image: Image.Image, arc: Arc) -> None:
    left, top = arc.x - arc.radius, arc.y - arc.radius
    x, y = _rest(left, top)
    side = _fine(arc.radius * 2)
    mask, draw = _canvas(x + side, y + side)
    start, end = arc.start * 360 - 90, arc.end * 360 - 90
    box = (x, y, x + side - 1, y + side - 1)
    if arc.end - arc.start >= 1:
        draw.ellipse(box, fill=255)
    else:
        draw.pieslice(box, start, end, fill=255)
    inset = _fine(arc.thickness)
    draw.ellipse(
        (x + inset, y + inset, x + side - 1 - inset, y + side - 1 - inset),
        fill=0,
    )
    image.paste(rgb(arc.colour), _corner(left, top), mask.reduce(_FINE))


def _arrow(image: Image.Image, arrow: Arrow) -> None:
    x, y = _rest(arrow.left, arrow.top)
    width, height, thick = (_fine(side) for side in (arrow.width, arrow.height, arrow.thickness))
    mask, draw = _canvas(x + width, y + height)
    half = thick / 2
    tip = (x + width - half, y + height / 2)
    wings = [(tip[0] - height / 2 + half, y + end) for end in (half, height - half)]
    for start in ((x + half, tip[1]), *wings):
        draw.line((start, tip), fill=255, width=thick)
        for end in (start, tip):
            draw.ellipse((end[0] - half, end[1] - half, end[0] + half, end[1] + half), fill=255)
    image.paste(rgb(arrow.colour), _corner(arrow.left, arrow.top), mask.reduce(_FINE))


# Gradients, dithered so that they show no bands.


def _bayer(order: int) -> list[list[int]]:
    if not order:
        return [[0]]
    inner = _bayer(order - 1)
    return [
        [4 * value + add for add in adds for value in row]
        for adds in ((0, 2), (3, 1))
        for row in inner
    ]


_DITHER = [[(value + 0.5) / 64 for value in row] for row in _bayer(3)]


def _wash(image: Image.Image, wash: Wash) -> None:
    if wash.top == wash.bottom:
        image.paste(rgb(wash.top), (0, 0, *image.size))
        return
    width, height = image.size
    top, bottom = rgb(wash.top), rgb(wash.bottom)
    rows = bytearray()
    for y in range(height):
        share = y / (height - 1)
        shade = [a + (b - a) * share for a, b in zip(top, bottom, strict=True)]
        tile = bytes(int(value + add) for add in _DITHER[y % 8] for value in shade)
        rows += (tile * (width // 8 + 1))[: width * 3]
    image.paste(Image.frombytes("RGB", image.size, bytes(rows)))


def _veil(image: Image.Image, scrim: Scrim) -> Image.Image:
    """The scrim's opacity in each row: no denser than the picture behind it makes necessary."""
    width, height = image.size
    needs = _needs(image, scrim)
    rows = bytearray()
    for y in range(height):
        part = 1.0
        if y < scrim.full:
            eased = _smooth(max(0.0, 1 - (scrim.full - y) / (height * 0.1)))
            part = needs[y // _GRAIN] + (1 - needs[y // _GRAIN]) * eased
        opacity = 255 * part * _opacity(y, scrim.stops)
        tile = bytes(min(255, int(opacity + add)) for add in _DITHER[y % 8])
        rows += (tile * (width // 8 + 1))[:width]
    return Image.frombytes("L", image.size, bytes(rows))


#: Rows of the picture that are weighed together, how far a bright one reaches, and the least share
#: of the veil that even a dark picture gets, so that letters stand on a calm ground.
_GRAIN = 8
_REACH = 7
_LEAST_VEIL = 0.5


def _needs(image: Image.Image, scrim: Scrim) -> list[float]:
    """For each band of rows the share of the veil that its brightest part asks for."""
    small = image.resize(
        (-(-image.width // _GRAIN), -(-image.height // _GRAIN)), Image.Resampling.BOX
    )
    light = small.point(_LINEAR * 3).convert("L", _LUMINANCE).tobytes()
    shares = _veil_for_light(scrim.colour, scrim.dense)
    starts = range(0, len(light), small.width)
    bands = [shares[max(light[start : start + small.width])] for start in starts]
    spread = [max(bands[max(0, y - _REACH) : y + _REACH + 1]) for y in range(len(bands))]
    return [
        statistics.fmean(spread[max(0, y - _REACH) : y + _REACH + 1]) for y in range(len(spread))
    ]


#: From sRGB's bytes to linear light, and what each channel gives to luminance.
_LINEAR = [round(255 * luminance(hexadecimal((grey, grey, grey)))) for grey in range(256)]
_LUMINANCE = (0.2126, 0.7152, 0.0722, 0.0)


@lru_cache(maxsize=16)
def _veil_for_light(colour: str, dense: float) -> tuple[float, ...]:
    """For each luminance, of 255, the share of `dense` that makes it as dark as white behind all.

    Counted on greys; colours of the same luminance mix a little brighter, hence the allowance.
    """
    limit = luminance(mixed(colour, "#ffffff", dense)) * 0.9
    return tuple(_share(colour, dense, light / 255, limit) for light in range(256))


def _share(colour: str, dense: float, light: float, limit: float) -> float:
    grey = bisect.bisect_left(_LINEAR, light * 255)
    shown = hexadecimal((grey, grey, grey))
    for step in range(32, 64):
        if luminance(mixed(colour, shown, dense * step / 64)) <= limit:
            return max(_LEAST_VEIL, step / 64)
    return 1.0


def _opacity(y: float, stops: Sequence[tuple[float, float]]) -> float:
    for (above, first), (below, second) in pairwise(stops):
        if above <= y <= below and below > above:
            share = (y - above) / (below - above)
            # Eased at both ends, or the eye sees an edge where the veil begins.
            return first + (second - first) * _smooth(share)
    return stops[-1][1]


def _smooth(share: float) -> float:
    return share * share * (3 - 2 * share)


# Pictures that people bring along.


def _covering(photo: Photograph, size: tuple[int, int]) -> Image.Image:
    """The picture, cropped to the card's shape around its focus."""
    picture, scale = _large_enough(photo, size)
    left, right = _kept(picture.width, size[0] / scale, photo.focus_x)
    top, bottom = _kept(picture.height, size[1] / scale, photo.focus_y)
    return picture.convert("RGB").resize(
        size, Image.Resampling.LANCZOS, box=(left, top, right, bottom)
    )


def _kept(whole: int, part: float, focus: float) -> tuple[float, float]:
    """Where the part begins and ends; Pillow refuses what rounding puts outside the whole."""
    start = max(0.0, (whole - part) * focus)
    return start, min(float(whole), start + part)


def _large_enough(photo: Photograph, size: tuple[int, int]) -> tuple[Image.Image, float]:
    """The decoded picture, and by how much it must be enlarged to cover the card."""
    picture = _opened(photo.file, "picture", size)
    scale = max(size[0] / picture.width, size[1] / picture.height)
    if scale > _ENLARGED:
        raise BadPicture(
            f"the picture {Path(photo.file).name} is {picture.width} × {picture.height} pixels, "
            f"too small for a card of {size[0]} × {size[1]}; use a larger one",
            "picture",
        )
    return picture, scale


@lru_cache(maxsize=64)
def logo_size(slot: str, file: str, digest: str) -> tuple[int, int]:  # noqa: ARG001 a cache's key
    """A logo's width and height in pixels. Raises the `BadPicture` that painting it would raise."""
    return _opened(file, slot, None).size


def _emblem(image: Image.Image, emblem: Emblem) -> None:
    logo = _opened(emblem.file, "logo", None).convert("RGBA")
    scale = min(emblem.width / logo.width, emblem.height / logo.height)
    size = (max(1, round(logo.width * scale)), max(1, round(logo.height * scale)))
    # Premultiplied, or transparent pixels bleed their hidden colour into the edge.
    small = logo.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
    left = round(emblem.left + (emblem.width - size[0]) / 2)
    top = round(emblem.top + (emblem.height - size[1]) / 2)
    image.paste(small, (left, top), small)


def _opened(file: str, slot: str, size: tuple[int, int] | None) -> Image.Image:
    """The decoded picture, upright and in sRGB; `size` lets a JPEG be decoded no larger than that.

    Whatever is wrong with the file becomes a `BadPicture`.
    """
    path = Path(file)
    if not _is_file(path):
        raise BadPicture(f"there is no file {file}; put it there or name another", slot)
    try:
        if (size_of_file := path.stat().st_size) > LARGEST_PICTURE:
            raise BadPicture(
                f"{path.name} has {size_of_file // 1_000_000:,} megabytes, more than "
                f"{LARGEST_PICTURE // 1_000_000}; save it smaller",
                slot,
            )
        with path.open("rb") as stream:
            return _decoded(stream, path.name, slot, size)
    except Image.DecompressionBombError as error:
        raise BadPicture(
            f"{path.name} has far too many pixels to be a photo; save it smaller", slot
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        raise BadPicture(
            f"{path.name} cannot be read as a picture; save it again as JPEG or PNG", slot
        ) from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False  # a name that no file can have


#: Warnings are filtered for the whole process: two threads that took turns at it would each put
#: back what the other had set.
_FILTERS = threading.Lock()


def _decoded(stream: BinaryIO, name: str, slot: str, size: tuple[int, int] | None) -> Image.Image:
    # Only the header is read here; the pixels are decoded side by side.
    with _FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = Image.open(stream, formats=("JPEG", "PNG", "WEBP", "TIFF", "GIF"))
    if picture.width * picture.height > _MOST_PIXELS:
        raise BadPicture(_too_large(name, picture.size), slot)
    if size is not None:
        picture.draft("RGB", size)
    picture.load()
    return _in_srgb(ImageOps.exif_transpose(picture))


def _in_srgb(picture: Image.Image) -> Image.Image:
    """A telephone's wide colours would look dull where the profile is thrown away."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "CMYK"}:
        return picture
    try:
        converted = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture


def _too_large(name: str, size: tuple[int, int]) -> str:
    return f"{name} is {size[0]} × {size[1]} pixels, too large to open; save it smaller"
