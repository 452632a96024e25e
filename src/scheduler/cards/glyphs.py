"""Letters → pixels: the only door to FreeType.

Each glyph is drawn once for each size and place in a pixel, and then only laid down.
"""

from __future__ import annotations

import ctypes
import io
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import freetype
from PIL import Image

from scheduler.cards.colours import rgb
from scheduler.cards.errors import BadFont
from scheduler.cards.marks import PHASES, Words
from scheduler.cards.typefaces import Face, font_bytes, is_variable

#: One thread at a time: a face holds the size, the shift and the glyph that it was last asked for,
#: all faces hang on one library, and ctypes lets other threads run meanwhile. Faces of each
#: thread's own were no faster, and a thread's end would close them beside those that others open.
_FREETYPE = threading.Lock()


@lru_cache(maxsize=64)
def _typeface(face: Face) -> freetype.Face:
    """Only for who holds `_FREETYPE`: opening a face changes the library, and so does its end."""
    # From memory, because FreeType's own file names are no Unicode on Windows.
    opened = freetype.Face(io.BytesIO(font_bytes(face.file, face.digest)))
    if is_variable(face):
        opened.set_var_design_coords([face.weight])
    return opened


class _Stamp(NamedTuple):
    """A glyph as Pillow's core takes it, and the box that it fills, seen from the pen."""

    #: A plain picture of the ink, to be laid down through the coverage: so it takes half the time
    #: that a plain colour does.
    ink: Any
    coverage: Any
    left: int
    top: int
    right: int
    bottom: int


#: Of a place in quarters of a pixel, the bits of the quarter: a third of what divisions take.
_QUARTERS = PHASES.bit_length() - 1
_QUARTER = PHASES - 1


class _Atlas:
    """What was drawn of a face in one size and colour: a megabyte at display sizes."""

    def __init__(self, face: Face, size: int, colour: str) -> None:
        self.face, self.size, self.colour = face, size, rgb(colour)
        #: By the glyph's number times `PHASES` plus the phase; None for white space.
        self.stamps: dict[int, _Stamp | None] = {}
        #: Pixels above and below the baseline that no stamp goes beyond.
        self.above = self.below = 0
        self._inks: dict[tuple[int, int], Any] = {}

    def draw(self, key: int) -> _Stamp | None:
        found = _drawn(self.face, self.size, *divmod(key, PHASES))
        self.stamps[key] = None
        if found is None:
            return None
        mask, left, above = found
        self.above = max(self.above, above)
        self.below = max(self.below, mask.height - above)
        if mask.size not in self._inks:
            self._inks[mask.size] = Image.new("RGBX", mask.size, self.colour).im
        ink = self._inks[mask.size]
        right, below = left + mask.width, mask.height - above
        self.stamps[key] = stamp = _Stamp(ink, mask.im, left, -above, right, below)
        return stamp


@lru_cache(maxsize=192)
def _atlas(face: Face, size: int, colour: str) -> _Atlas:
    return _Atlas(face, size, colour)


def write(image: Image.Image, words: Words) -> range:
    """Lays the glyphs down; gives the rows that they may touch.

    Straight to Pillow's core: its checks of each paste take longer than a small glyph does.
    """
    atlas = _atlas(words.face, words.size, words.colour)
    stamps, paste = atlas.stamps, image.im.paste
    for glyph, x, y in zip(words.ids, words.xs, words.ys, strict=True):
        try:
            stamp = stamps[glyph << _QUARTERS | x & _QUARTER]
        except KeyError:
            stamp = atlas.draw(glyph << _QUARTERS | x & _QUARTER)
        if stamp:
            ink, coverage, left, top, right, bottom = stamp
            pen = x >> _QUARTERS
            paste(ink, (pen + left, y + top, pen + right, y + bottom), coverage)
    return range(min(words.ys) - atlas.above, max(words.ys) + atlas.below)


_AS_IT_IS = freetype.Matrix(0x10000, 0, 0, 0x10000)
_SHIFTS = tuple(freetype.Vector(phase * 64 // PHASES, 0) for phase in range(PHASES))


def _drawn(face: Face, size: int, glyph: int, phase: int) -> tuple[Image.Image, int, int] | None:
    """The glyph's coverage, and its place left of and above the pen; None for white space."""
    try:
        with _FREETYPE:
            return _rendered(_typeface(face), size, glyph, phase)
    except freetype.FT_Exception:
        raise BadFont(f"the font {Path(face.file).name} is damaged; use another", "fonts") from None


def _rendered(
    typeface: freetype.Face, size: int, glyph: int, phase: int
) -> tuple[Image.Image, int, int] | None:
    typeface.set_char_size(size * 64)
    typeface.set_transform(_AS_IT_IS, _SHIFTS[phase])
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
    box = bitmap.width, bitmap.rows
    mask = Image.frombuffer("L", box, data, "raw", "L", bitmap.pitch, 1)  # its own bytes, uncopied
    return mask, slot.bitmap_left, slot.bitmap_top
