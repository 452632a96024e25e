"""How an export is laid out: the names of its sheets and columns, by which they come back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

#: The sections of a calendar that have a sheet of their own, and what one entry is called.
SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "posts": "post",
        "days": "day",
        "facts": "fact",
        "quotes": "quote",
        "pictures": "picture",
        "helplines": "helpline",
        "consents": "consent",
        "series": "series",
        "accounts": "account",
    }
)

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,8})?")

#: The columns of the long sheets.
FILE, WHERE, VALUE = "file", "where", "value"
LONG = (FILE, WHERE, VALUE)

#: The columns of a translator's sheet, behind the one that says where a text belongs.
SOURCE, TRANSLATION, MADE_FROM = "source", "translation", "made from"
STATE, BY, ON = "state", "by", "on"
REVIEW = (STATE, BY, ON)

#: The sheet for the person who opens the workbook, and the hidden one.
READ_ME, HIDDEN = "Read me", "Export"
#: Stands in the hidden sheet; the number rises when old programs would misread a new workbook.
SIGNATURE = "campaign export 1"


def entry_column(section: str) -> str:
    """The first column of a section's sheet, by which it is recognised."""
    return f"{SECTIONS[section]} (id)"


def where_column(language: str) -> str:
    return f"{WHERE} ({language})"
