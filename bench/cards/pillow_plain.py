"""Pillow, as a decent engineer writes it who knows its documentation and has other things to do.

Fonts and the decoded logo are cached. The size is found as Pillow's documentation and everybody's
answers do it: from the largest down in steps of two pixels, wrapping by `textlength` and asking
`multiline_textbbox`, until it fits. The gradient is a line for each row.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

from cards.look import LOOK, Type
from cards.texts import Said

Pen = ImageDraw.ImageDraw
_STEP = 2


class Plain:
    """`faces` are font files by name, `logo` a file of the size in which it is drawn."""

    def __init__(self, faces: dict[str, Path], logo: Path) -> None:
        self._font = cache(lambda face, size: ImageFont.truetype(str(faces[face]), size))
        self._logo = Image.open(logo).convert("RGBA")

    def jpeg(self, said: Said) -> bytes:
        image = Image.new("RGB", (LOOK.width, LOOK.height))
        pen = ImageDraw.Draw(image)
        _gradient(pen)
        _row(pen, said.day)
        self._foot(image, pen)
        self._text(pen, LOOK.margin, LOOK.top, said.kicker, LOOK.kicker)
        top = LOOK.top + LOOK.kicker.size * LOOK.kicker.leading + LOOK.white
        self._words(pen, str(said.told()["words"]), top, self._speaker(pen, said) - LOOK.white)
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=LOOK.quality, subsampling="4:2:0")
        return stream.getvalue()

    def _words(self, pen: Pen, text: str, top: float, floor: float) -> None:
        for size in range(LOOK.most, LOOK.least - 1, -_STEP):
            font = self._font(LOOK.words.face, size)
            spacing = self._spacing(font, size, LOOK.words.leading)
            lines = "\n".join(_wrapped(pen, text, font))
            box = pen.multiline_textbbox((LOOK.margin, top), lines, font=font, spacing=spacing)
            if box[3] <= floor and box[2] <= LOOK.margin + LOOK.measure:
                break
        top += (floor - box[3]) / 2
        pen.multiline_text((LOOK.margin, top), lines, LOOK.words.colour, font=font, spacing=spacing)

    def _speaker(self, pen: Pen, said: Said) -> float:
        """Who says it, from the foot upwards; where that begins."""
        parts = [(said.speaker, LOOK.speaker), (said.role, LOOK.role), (said.source, LOOK.source)]
        top: float = LOOK.floor
        for (text, kind), gap in zip(reversed(parts), reversed(LOOK.gaps), strict=True):
            lines = _wrapped(pen, text, self._font(kind.face, kind.size))
            top -= len(lines) * kind.size * kind.leading
            self._text(pen, LOOK.margin, top, "\n".join(lines), kind)
            top -= gap
        width, height, colour = LOOK.rule
        pen.rectangle((LOOK.margin, top - height, LOOK.margin + width - 1, top - 1), colour)
        return top - height

    def _foot(self, image: Image.Image, pen: Pen) -> None:
        top, height, colour = LOOK.line
        left, right = LOOK.margin, LOOK.margin + LOOK.measure
        pen.rectangle((left, top, right - 1, top + height - 1), colour)
        x, y, side, corner = LOOK.plate
        pen.rounded_rectangle((x, y, x + side - 1, y + side - 1), corner, LOOK.paper)
        image.paste(self._logo, LOOK.logo[:2], self._logo)
        upper, lower = LOOK.foot_tops
        self._text(pen, LOOK.foot_left, upper, LOOK.hashtag_says, LOOK.hashtag)
        width = pen.textlength(LOOK.help_says, self._font(LOOK.help.face, LOOK.help.size))
        self._text(pen, right - width, upper, LOOK.help_says, LOOK.help)
        self._text(pen, LOOK.foot_left, lower, LOOK.name_says, LOOK.name)

    def _text(self, pen: Pen, left: float, top: float, text: str, kind: Type) -> None:
        font = self._font(kind.face, kind.size)
        spacing = self._spacing(font, kind.size, kind.leading)
        pen.multiline_text((left, top), text, kind.colour, font=font, spacing=spacing)

    @staticmethod
    def _spacing(font: ImageFont.FreeTypeFont, size: int, leading: float) -> float:
        """What must be added to the height of a line, which by Pillow's rules is that of an “A”."""
        return size * leading - font.getbbox("A")[3]


def _wrapped(pen: Pen, text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        tried = f"{lines[-1]} {word}".strip()
        if pen.textlength(tried, font) <= LOOK.measure:
            lines[-1] = tried
        else:
            lines.append(word)
    return lines


def _gradient(pen: Pen) -> None:
    top, bottom = (ImageColor.getrgb(colour) for colour in LOOK.gradient)
    for y in range(LOOK.height):
        share = y / (LOOK.height - 1)
        colour = tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))
        pen.line((0, y, LOOK.width, y), colour)


def _row(pen: Pen, day: int) -> None:
    _, _, width, top, _, _ = LOOK.row
    for left, height, colour in LOOK.marks(day):
        pen.rectangle((left, top, left + width - 1, top + height - 1), colour)
