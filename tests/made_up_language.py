"""A language in which everything that a catalogue says is written in Cyrillic letters."""

from __future__ import annotations

import re
from gettext import NullTranslations

from babel import Locale

from scheduler.interface import Interface

LATIN = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC = "абцдефгхијклмнопярстувжщйз"
GREEK = "αβψδεφγηιξκλμνοπχρστυωςθζϊ"


def respelled(text: str, letters: str) -> str:
    """In other letters, but for tags and for what is filled in."""
    table = str.maketrans(LATIN + LATIN.upper(), letters + letters.upper())
    parts = re.split(r"(<[^>]*>|\{[a-z_]*\})", text)
    return "".join(
        each if number % 2 else each.translate(table) for number, each in enumerate(parts)
    )


class Cyrillic(NullTranslations):
    def gettext(self, message):
        return respelled(message, CYRILLIC)

    def ngettext(self, msgid1, msgid2, n):
        return respelled(msgid1 if n == 1 else msgid2, CYRILLIC)

    def pgettext(self, context, message):
        return respelled(message, CYRILLIC)


class Pseudo(Interface):
    """What comes from CLDR is respelled as well."""


def _also(name: str):
    def made(self, *given):
        return respelled(getattr(Interface, name)(self, *given), CYRILLIC)

    return made


for _name in (
    "brief_day",
    "day",
    "day_of_year",
    "dollars",
    "duration",
    "full_day",
    "language_name",
    "weekday_and_day",
):
    setattr(Pseudo, _name, _also(_name))
for _name in ("listed", "short_day", "size", "town"):
    setattr(Pseudo, _name, _also(_name))

PSEUDO = Pseudo("en-XA", Locale("en", "GB"), Cyrillic())
