"""What can be wrong with a card, said to the person who wrote it.

Every error names its `slot` (a name in `Card.texts`, or "points", "chart", "picture", "logo",
"fonts", "fonts.serif", "template") and survives pickling, because cards are drawn in other
processes.
"""

from __future__ import annotations

import unicodedata


class CardError(Exception):
    """The card cannot be drawn as it stands, and nothing was drawn."""

    def __init__(self, message: str, slot: str) -> None:
        super().__init__(message, slot)
        self.message = message
        self.slot = slot

    def __str__(self) -> str:
        return self.message


class DoesNotFit(CardError):
    """The text is too long for its place at the smallest size that can be read on a phone.

    `lines` were needed and there was `room` for fewer, at `size` pixels. A single word that is too
    wide for the card has `lines` and `room` of 1.
    """

    def __init__(
        self, message: str, slot: str, lines: int = 1, room: int = 1, size: int = 0
    ) -> None:
        super().__init__(message, slot)
        self.args = (message, slot, lines, room, size)
        self.lines = lines
        self.room = room
        self.size = size


class MissingGlyph(CardError):
    """None of the card's fonts can write a character of the text, with what is joined to it."""

    def __init__(self, character: str, text: str, slot: str = "") -> None:
        names = ", ".join(unicodedata.name(one, f"U+{ord(one):04X}").lower() for one in character)
        super().__init__(
            f"the fonts of the cards have no “{character}” ({names}); "
            "leave it out of the card, or write it in words",
            slot,
        )
        self.args = (character, text, slot)
        self.character = character
        self.text = text


class BadText(CardError):
    """A text that the card needs is absent, or one was given that the template cannot show."""


class BadChart(CardError):
    """The numbers of the chart cannot be drawn honestly."""


class BadPicture(CardError):
    """The picture or logo is absent, damaged, too small or no picture at all."""


class BadFont(CardError):
    """A font that the campaign brings along cannot be used."""


class BadTemplate(CardError):
    """There is no such template, or its file says something that has no meaning.

    `file` is empty where no file is at fault; `line` and `column` count from 1.
    """

    def __init__(  # noqa: PLR0917 what survives pickling
        self,
        message: str,
        slot: str,
        file: str = "",
        line: int = 1,
        column: int = 1,
        hint: str = "",
    ) -> None:
        super().__init__(message, slot)
        self.args = (message, slot, file, line, column, hint)
        self.file = file
        self.line = line
        self.column = column
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.file else ""
        return f"{place}{self.message}{f'; {self.hint}' if self.hint else ''}"


class Illegible(CardError):
    """Letters stand out too little from what is drawn behind them, measured on the pixels."""

    def __init__(self, slot: str, contrast: float, need: float) -> None:
        super().__init__(
            f"the {slot} stands out by {contrast:.1f} : 1 from what is drawn behind it, and "
            f"{need:g} : 1 can be read; choose a calmer picture, or other colours of the brand",
            slot,
        )
        self.args = (slot, contrast, need)
        self.contrast = contrast
