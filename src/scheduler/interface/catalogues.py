"""The catalogues as they are read: from the very text that a translator writes.

There is no compiled copy that could be older. Reading one takes 40 ms once, and none in English.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

#: What stands in the code, and what problems are told in: English.
SOURCE = "en"


@cache
def catalogue(language: str) -> NullTranslations:
    """What is said in the language. Raises `FileNotFoundError` where there is no catalogue."""
    if language == SOURCE:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 (not for who reads English)
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = BytesIO()
    with written(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def written(language: str) -> Traversable:
    """The catalogue's file."""
    return files("scheduler.interface") / "locales" / language / "LC_MESSAGES" / "interface.po"
