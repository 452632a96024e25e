"""How a network lays out the pictures of a post, and what it cuts off each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.preview.looks import Arrangement, Mosaic, Pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """What is cut off, in parts of the whole: as much on the left as on the right, and so on."""

    #: On each side.
    sides: float = 0.0
    #: At the top, and as much at the bottom.
    ends: float = 0.0

    @property
    def percent(self) -> int:
        """On each of both edges, in whole per cent."""
        return round(100 * max(self.sides, self.ends))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """The room of one picture, counted from 1; `crop` is None where the picture is seen whole."""

    number: int
    crop: Crop | None = None
    #: How many more pictures stand behind this one, unseen.
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """The pictures of one post, as they are laid out."""

    arrangement: Arrangement
    #: The rules of the style sheet that lay them out: "halves ratio-3-2".
    rules: str
    tiles: tuple[Tile, ...]
    #: What the account's profile cuts off the first one.
    profile: Crop | None = None

    @property
    def cut(self) -> tuple[Tile, ...]:
        return tuple(tile for tile in self.tiles if tile.crop)


def arranged(sizes: Sequence[tuple[int, int]], pictures: Pictures) -> Arranged:
    """The layout of pictures of these widths and heights; (0, 0) where nobody knows."""
    profile = _crop(sizes[0], _ratio(pictures.profile)) if sizes and pictures.profile else None
    if len(sizes) == 1:
        return _alone(sizes[0], pictures, profile)
    if pictures.arrangement is Arrangement.MOSAIC and sizes:
        return _tiled(sizes, _mosaic(pictures, len(sizes)))
    return Arranged(
        arrangement=pictures.arrangement,
        rules=str(pictures.arrangement),
        tiles=tuple(_in_turn(sizes, pictures)),
        profile=profile,
    )


def _alone(size: tuple[int, int], pictures: Pictures, profile: Crop | None) -> Arranged:
    shape = _bound(size, pictures)
    crop = _crop(size, _ratio(shape)) if shape else None
    return Arranged(
        arrangement=pictures.arrangement,
        rules=f"alone {rule(shape)}" if shape and crop else "alone",
        tiles=(Tile(number=1, crop=crop),),
        profile=profile,
    )


def _bound(size: tuple[int, int], pictures: Pictures) -> tuple[int, int] | None:
    """The shape that a single picture is cut to; None where it is within bounds, or unknown."""
    if not all(size):
        return None
    shape = size[0] / size[1]
    if pictures.narrowest and shape < _ratio(pictures.narrowest):
        return pictures.narrowest
    if pictures.widest and shape > _ratio(pictures.widest):
        return pictures.widest
    return None


def _tiled(sizes: Sequence[tuple[int, int]], mosaic: Mosaic) -> Arranged:
    seen = len(mosaic.tiles)
    tiles = [
        Tile(number=number, crop=_crop(size, mosaic.ratio_of(number - 1)))
        for number, size in enumerate(sizes[:seen], 1)
    ]
    if len(sizes) > seen:
        last = tiles.pop()
        tiles.append(Tile(number=last.number, crop=last.crop, more=len(sizes) - seen))
    return Arranged(
        arrangement=Arrangement.MOSAIC,
        rules=f"mosaic {mosaic.name} {rule(mosaic.ratio)}",
        tiles=tuple(tiles),
    )


def _mosaic(pictures: Pictures, number: int) -> Mosaic:
    return pictures.mosaics.get(number) or pictures.mosaics[max(pictures.mosaics)]


def _in_turn(sizes: Sequence[tuple[int, int]], pictures: Pictures) -> list[Tile]:
    """All whole, save that a carousel gives each the shape of the first."""
    swiped = pictures.arrangement is Arrangement.CAROUSEL
    first = _ratio(_bound(sizes[0], pictures) or sizes[0]) if sizes and all(sizes[0]) else 0.0
    return [
        Tile(number=number, crop=_crop(size, first) if swiped and first else None)
        for number, size in enumerate(sizes, 1)
    ]


def _crop(size: tuple[int, int], ratio: float) -> Crop | None:
    """What is cut off around the middle; None where that is nothing that anybody would see."""
    if not all(size):
        return None
    shape = size[0] / size[1]
    crop = (
        Crop(sides=(1 - ratio / shape) / 2) if shape > ratio else Crop(ends=(1 - shape / ratio) / 2)
    )
    return crop if crop.percent else None


def rule(ratio: tuple[int, int]) -> str:
    """The rule of the style sheet for a frame of this shape."""
    return f"ratio-{ratio[0]}-{ratio[1]}"


def _ratio(pair: tuple[int, int]) -> float:
    return pair[0] / pair[1]
