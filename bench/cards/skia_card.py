"""Skia, through skia-python and its paragraphs, which shape, kern and wrap.

The fonts are registered once, the logo is decoded once, and all cards share one surface. The size
is found by halving, with a new paragraph for each size: a paragraph cannot change its own.
"""

from __future__ import annotations

from pathlib import Path

import skia

from cards.look import LOOK, Type
from cards.texts import Said

_T = skia.textlayout


class Skia:
    """`faces` are font files by name, `logo` a file of the size in which it is drawn."""

    def __init__(self, faces: dict[str, Path], logo: Path) -> None:
        provider = _T.TypefaceFontProvider()
        for name, file in faces.items():
            provider.registerTypeface(skia.Typeface.MakeFromFile(str(file)), name)
        self._fonts = _T.FontCollection()
        self._fonts.setDefaultFontManager(provider)
        self._unicode = skia.Unicodes.ICU.Make()
        self._logo = skia.Image.open(str(logo))
        self._surface = skia.Surface.MakeRasterN32Premul(LOOK.width, LOOK.height)

    def jpeg(self, said: Said) -> bytes:
        with self._surface as canvas:
            self._card(canvas, said)
        image = self._surface.makeImageSnapshot()
        return bytes(image.encodeToData(skia.EncodedImageFormat.kJPEG, LOOK.quality))

    def _card(self, canvas: skia.Canvas, said: Said) -> None:
        canvas.drawPaint(self._gradient())
        _row(canvas, said.day)
        self._foot(canvas)
        kicker = self._set(said.kicker, LOOK.kicker)
        kicker.paint(canvas, LOOK.margin, LOOK.top)
        top = LOOK.top + kicker.Height + LOOK.white
        floor = self._speaker(canvas, said) - LOOK.white
        words = self._words(str(said.told()["words"]), floor - top)
        words.paint(canvas, LOOK.margin, top + (floor - top - words.Height) / 2)

    def _words(self, text: str, room: float) -> _T.Paragraph:
        low, high = LOOK.least, LOOK.most + 1
        while high - low > 1:
            middle = (low + high) // 2
            if self._set(text, LOOK.words, middle).Height <= room:
                low = middle
            else:
                high = middle
        return self._set(text, LOOK.words, low)

    def _speaker(self, canvas: skia.Canvas, said: Said) -> float:
        """Who says it, from the foot upwards; where that begins."""
        parts = [(said.speaker, LOOK.speaker), (said.role, LOOK.role), (said.source, LOOK.source)]
        top: float = LOOK.floor
        for (text, kind), gap in zip(reversed(parts), reversed(LOOK.gaps), strict=True):
            lines = self._set(text, kind)
            top -= lines.Height
            lines.paint(canvas, LOOK.margin, top)
            top -= gap
        width, height, colour = LOOK.rule
        _slab(canvas, (LOOK.margin, top - height, width, height), colour)
        return top - height

    def _foot(self, canvas: skia.Canvas) -> None:
        top, height, colour = LOOK.line
        _slab(canvas, (LOOK.margin, top, LOOK.measure, height), colour)
        x, y, side, corner = LOOK.plate
        plate = skia.Rect.MakeXYWH(x, y, side, side)
        canvas.drawRoundRect(plate, corner, corner, _paint(LOOK.paper))
        canvas.drawImage(self._logo, *LOOK.logo[:2])
        upper, lower = LOOK.foot_tops
        helping = self._set(LOOK.help_says, LOOK.help)
        right = LOOK.margin + LOOK.measure
        self._set(LOOK.hashtag_says, LOOK.hashtag).paint(canvas, LOOK.foot_left, upper)
        helping.paint(canvas, right - helping.LongestLine, upper)
        self._set(LOOK.name_says, LOOK.name).paint(canvas, LOOK.foot_left, lower)

    def _set(self, text: str, kind: Type, size: int = 0) -> _T.Paragraph:
        style = _T.TextStyle()
        style.setFontFamilies([kind.face])
        style.setFontSize(size or kind.size)
        style.setHeight(kind.leading)
        style.setHeightOverride(True)
        style.setHalfLeading(True)
        style.setForegroundPaint(_paint(kind.colour))
        builder = _T.ParagraphBuilder.make(_T.ParagraphStyle(), self._fonts, self._unicode)
        builder.pushStyle(style)
        builder.addText(text)
        paragraph = builder.Build()
        paragraph.layout(LOOK.measure)
        return paragraph

    @staticmethod
    def _gradient() -> skia.Paint:
        colours = [_colour(colour) for colour in LOOK.gradient]
        ends = [skia.Point(0, 0), skia.Point(0, LOOK.height)]
        return skia.Paint(Shader=skia.GradientShader.MakeLinear(ends, colours))


def _row(canvas: skia.Canvas, day: int) -> None:
    _, _, width, top, _, _ = LOOK.row
    for left, height, colour in LOOK.marks(day):
        _slab(canvas, (left, top, width, height), colour)


def _slab(canvas: skia.Canvas, box: tuple[float, float, float, float], colour: str) -> None:
    canvas.drawRect(skia.Rect.MakeXYWH(*box), _paint(colour))


def _paint(colour: str) -> skia.Paint:
    return skia.Paint(Color=_colour(colour), AntiAlias=True)


def _colour(colour: str) -> int:
    return int(colour[1:], 16) | 0xFF000000
