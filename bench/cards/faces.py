"""The fonts that our cards are set in, as static files, since not every engine takes variable ones.

They are made once, in the cache; the other engines read no other letters than we do.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

_SHIPPED = files("scheduler.cards") / "fonts"
#: The file and the weight of each face; a file without a weight is static already.
FACES: dict[str, tuple[str, int | None]] = {
    "serif600": ("SourceSerif4Display-Semibold.ttf", None),
    "text450": ("Inter-roman.var.ttf", 450),
    "text600": ("Inter-roman.var.ttf", 600),
    "text650": ("Inter-roman.var.ttf", 650),
    "display700": ("InterDisplay-roman.var.ttf", 700),
    "display750": ("InterDisplay-roman.var.ttf", 750),
}


def made(folder: Path) -> dict[str, Path]:
    """Each face as a file in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    return {name: _face(name, folder / f"{name}.ttf") for name in FACES}


def _face(name: str, file: Path) -> Path:
    if file.exists():
        return file
    shipped, weight = FACES[name]
    with (_SHIPPED / shipped).open("rb") as stream:
        font = TTFont(stream)
        if weight is not None:
            font = instantiateVariableFont(font, {axis.axisTag: weight for axis in _weights(font)})
        font.save(file)
    return file


def _weights(font: TTFont) -> list[object]:
    return [axis for axis in font["fvar"].axes if axis.axisTag == "wght"]
