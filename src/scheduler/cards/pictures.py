"""Pictures and logos that people bring along: opened, decoded, upright, in sRGB, large enough."""

from __future__ import annotations

import io
import struct
import threading
import warnings
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageOps

from scheduler.cards.errors import BadPicture
from scheduler.cards.marks import Emblem, Photograph

#: More than a card could ever need; a file that claims more is a mistake or an attack.
_MOST_PIXELS = 120_000_000
#: Bytes. A larger file would only be read to be made smaller; no camera writes one.
LARGEST_PICTURE = 100_000_000
#: A picture enlarged more than this looks soft.
_ENLARGED = 1.6


@lru_cache(maxsize=2)
def covering(photo: Photograph, size: tuple[int, int]) -> Image.Image:
    """The picture, cropped to the card's shape around its focus; not to be painted on.

    Every organisation of a coalition shows the same picture, hence the cache.
    """
    picture, scale = large_enough(photo, size)
    left, right = _kept(picture.width, size[0] / scale, photo.focus_x)
    top, bottom = _kept(picture.height, size[1] / scale, photo.focus_y)
    return picture.convert("RGB").resize(
        size, Image.Resampling.LANCZOS, box=(left, top, right, bottom)
    )


def _kept(whole: int, part: float, focus: float) -> tuple[float, float]:
    """Where the part begins and ends; Pillow refuses what rounding puts outside the whole."""
    start = max(0.0, (whole - part) * focus)
    return start, min(float(whole), start + part)


def large_enough(photo: Photograph, size: tuple[int, int]) -> tuple[Image.Image, float]:
    """The decoded picture, and by how much it must be enlarged to cover the card."""
    picture = opened(photo.file, "picture", size)
    scale = max(size[0] / picture.width, size[1] / picture.height)
    if scale > _ENLARGED:
        raise BadPicture(
            f"the picture {Path(photo.file).name} is {picture.width} × {picture.height} pixels, "
            f"too small for a card of {size[0]} × {size[1]}; use a larger one",
            "picture",
        )
    return picture, scale


@lru_cache(maxsize=128)
def try_picture(photo: Photograph, size: tuple[int, int]) -> None:
    """Raises the `BadPicture` that `covering` would raise."""
    large_enough(photo, size)


@lru_cache(maxsize=64)
def logo_size(slot: str, file: str, digest: str) -> tuple[int, int]:
    """A logo's width and height in pixels. Raises the `BadPicture` that painting it would raise."""
    return _whole_logo(slot, file, digest).size


@lru_cache(maxsize=4)
def _whole_logo(slot: str, file: str, digest: str) -> Image.Image:  # noqa: ARG001 a cache's key
    return opened(file, slot, None).convert("RGBA")


def emblem(image: Image.Image, mark: Emblem) -> None:
    small = logo(mark.file, mark.digest, (mark.width, mark.height))
    left = round(mark.left + (mark.width - small.width) / 2)
    top = round(mark.top + (mark.height - small.height) / 2)
    image.paste(small, (left, top), small)


@lru_cache(maxsize=32)
def logo(file: str, digest: str, box: tuple[float, float]) -> Image.Image:
    """As large as fits the box; `digest` is the file's, so that a new one of that name is seen."""
    whole = _whole_logo("logo", file, digest)
    scale = min(box[0] / whole.width, box[1] / whole.height)
    size = (max(1, round(whole.width * scale)), max(1, round(whole.height * scale)))
    # Premultiplied, or transparent pixels bleed their hidden colour into the edge.
    return whole.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")


def opened(file: str, slot: str, size: tuple[int, int] | None) -> Image.Image:
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
        return _decoded(path, slot, size)
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


def _decoded(path: Path, slot: str, size: tuple[int, int] | None) -> Image.Image:
    # Only the header is read here; the pixels are decoded side by side.
    with _FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = Image.open(path, formats=(_format(path),))
    with picture:
        if picture.width * picture.height > _MOST_PIXELS:
            raise BadPicture(_too_large(path.name, picture.size), slot)
        if size is not None:
            picture.draft("RGB", size)
        return _in_srgb(ImageOps.exif_transpose(picture))


#: What files of each format that is taken begin with.
_BEGINNINGS = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"RIFF": "WEBP",
    b"II": "TIFF",
    b"MM": "TIFF",
    b"GIF8": "GIF",
}


def _format(path: Path) -> str:
    """Told by its contents. Pillow then loads what it needs for one format, and tries no other."""
    with path.open("rb") as stream:
        begins = stream.read(4)
    found = (name for beginning, name in _BEGINNINGS.items() if begins.startswith(beginning))
    if (name := next(found, None)) is None:
        raise ValueError("no format that is taken")
    return name


def _in_srgb(picture: Image.Image) -> Image.Image:
    """A telephone's wide colours would look dull where the profile is thrown away."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "CMYK"}:
        return picture
    from PIL import ImageCms  # noqa: PLC0415 (a picture without a profile should not wait for it)

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
