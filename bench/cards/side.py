"""Each engine's picture of the same text, and one sheet of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from cards.engines import Engine, suffix
from cards.look import SIZE
from cards.pages import NAMES
from cards.texts import Said

#: The width of a telephone's screen.
PHONE = 360
_GAP, _LABEL = 40, 70


def pictures(engines: Mapping[str, Engine], said: Said, folder: Path) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, engine in engines.items():
        if not name.startswith("encode"):
            files[name] = folder.absolute() / f"{name}{suffix(name)}"
            engine(said, files[name])
    return files


def sheets(files: Mapping[str, Path], folder: Path, font: Path) -> None:
    names = list(files)
    drawn = [Image.open(files[name]).convert("RGB") for name in names]
    labels = [NAMES[name] for name in names]
    _sheet(drawn, labels, font).save(folder / "sheet.png")
    phone = (PHONE, PHONE * SIZE.height // SIZE.width)
    small = [picture.resize(phone, Image.Resampling.LANCZOS) for picture in drawn]
    _sheet(small, labels, font).save(folder / f"sheet-{PHONE}.png")


def _sheet(pictures: Sequence[Image.Image], labels: Sequence[str], font: Path) -> Image.Image:
    width, height = pictures[0].size
    sheet = Image.new(
        "RGB", ((width + _GAP) * len(pictures) + _GAP, height + _LABEL + _GAP), "#fff"
    )
    pen = ImageDraw.Draw(sheet)
    letters = ImageFont.truetype(str(font), min(36, width // 18))
    for number, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        left = _GAP + number * (width + _GAP)
        pen.text((left, 18), label, "#222", font=letters)
        sheet.paste(picture, (left, _LABEL))
    return sheet
