"""Brings the catalogues up to date: what the program says now, and no more.

    python tools/write_catalogues.py         all of them
    python tools/write_catalogues.py fr      a new one, with every entry empty

What was translated stays as it is. A message that was changed is another one: its entry is empty
again, and a test fails until somebody has translated it. Nothing is guessed from what is alike.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1] / "src"
LOCALES = SOURCE / "scheduler" / "interface" / "locales"

#: Where messages stand in calls; what asks a catalogue for one that it was given is not among them.
_IN_CONTEXT = ((1, "c"), 2)
KEYWORDS = {
    "phrase": None,
    "say": None,
    "message": None,
    "in_context": _IN_CONTEXT,
    "say_in": _IN_CONTEXT,
    "plural": (1, 2),
    "say_many": (1, 2),
}
#: The rooms that speak in the reader's language. On the command line the program speaks English.
_METHODS = [
    ("scheduler/interface/**.py", "python"),
    ("scheduler/saying.py", "python"),
    ("scheduler/preview/**.py", "python"),
    ("scheduler/preview/**.j2", "jinja2.ext:babel_extract"),
]
_OPTIONS = {"scheduler/preview/**.j2": {"trimmed": "true", "silent": "false", "encoding": "utf-8"}}

_HEAD = """\
# {language}: what the program itself says on pages, on paper and in lists.
#
# Entries are written by hand; tools/write_catalogues.py adds what is new and takes away what is
# gone. What stands in braces is filled in, and tags and what is in them stay as they are.
#
{read}
msgid ""
msgstr ""
"Language: {code}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def said() -> Catalog:
    """Every message of the program, with the files that say it."""
    found = Catalog()
    for file, _, message, comments, context in extract_from_dir(
        SOURCE,
        method_map=_METHODS,
        options_map=_OPTIONS,
        keywords=KEYWORDS,
        directory_filter=lambda _: True,
    ):
        place = (Path(file).as_posix().removeprefix("scheduler/"), 0)
        found.add(message, locations=[place], auto_comments=comments, context=context)
    return found


def written(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "interface.po"


def read(language: str) -> Catalog:
    """The catalogue as it lies there; empty where there is none."""
    if not written(language).exists():
        return Catalog(locale=language)
    with written(language).open("rb") as file:
        return read_po(file, locale=language)


def _read_by(language: str) -> str:
    """The lines at the head that say who has read the catalogue: "# Read by NAME, DATE"."""
    file = written(language)
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    read_by = [line for line in lines if line.startswith("# Read by ")]
    return "\n".join(read_by or ["# Nobody who grew up with this language has read it yet."])


def renewed(language: str) -> str:
    """The text of the catalogue with every message of today, and the translations that it has."""
    catalogue = read(language)
    catalogue.update(said(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    body = BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, include_lineno=False)
    head = _HEAD.format(
        language=Locale.parse(language).get_display_name("en"),
        code=language,
        read=_read_by(language),
        plural=catalogue.plural_forms,
    )
    return head + body.getvalue().decode("utf-8").strip() + "\n"


def languages() -> Iterator[str]:
    yield from sorted(folder.name for folder in LOCALES.iterdir() if folder.is_dir())


def main(asked: list[str]) -> None:
    for language in asked or languages():
        text = renewed(language)
        written(language).parent.mkdir(parents=True, exist_ok=True)
        written(language).write_text(text, "utf-8")
        empty = sum(not all(_forms(each.string)) for each in read(language) if each.id)
        sys.stdout.write(f"{written(language).name} of {language}: {empty} entries are empty\n")


def _forms(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else string


if __name__ == "__main__":
    main(sys.argv[1:])
