"""Writes the tables that X's way of counting needs, from packages that are no part of the program.

    python -m pip install --target DIR emoji==2.16.0
    npm install --prefix DIR tlds@1.261.0
    PYTHONPATH=src:DIR python tools/write_counting_tables.py DIR

emoji (BSD-3-Clause) carries Unicode's list of emoji (Unicode License v3), and tlds (MIT) that of
the root zone, which IANA keeps and nobody owns.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import fill

TABLES = Path(__file__).parents[1] / "src/scheduler/platforms/counting"
#: Newer ones are unknown to twitter-text 3.1.0: see x_differences.toml.
NEWEST_EMOJI = 11.0
FULLY_QUALIFIED = 2
TONES = re.compile("[\U0001f3fb-\U0001f3ff]")


def emoji_table(version: str, data: Mapping[str, Mapping[str, object]]) -> str:
    """Every emoji of more than one code point, in hexadecimal; all skin tones in one line."""
    known = {
        _named(text)
        for text, about in data.items()
        if len(text) > 1 and about["status"] == FULLY_QUALIFIED and _age(about) <= NEWEST_EMOJI
    }
    return f"""\
# Emoji of Unicode {NEWEST_EMOJI:g} and earlier that have more than one code point, fully qualified.
# Written by tools/write_counting_tables.py from the package emoji {version} (BSD-3-Clause), which
# has them from Unicode's emoji-test.txt (Unicode License v3, https://www.unicode.org/license.txt).
# "tone" is any of the five skin tones.
{_lines(sorted(known))}"""


def endings_table(version: str, endings: Iterable[str]) -> str:
    """Every top-level domain of the root zone, as it is written rather than in Punycode."""
    names = fill(" ".join(sorted(endings)), 100, break_long_words=False, break_on_hyphens=False)
    return f"""\
# Top-level domains of the root zone, https://www.iana.org/domains/root/db
# Written by tools/write_counting_tables.py from the package tlds {version} (MIT).
{names}
"""


def _named(text: str) -> str:
    return " ".join("tone" if TONES.fullmatch(each) else f"{ord(each):04X}" for each in text)


def _age(about: Mapping[str, object]) -> float:
    return float(str(about["E"]))


def _lines(names: Iterable[str]) -> str:
    return "".join(f"{name}\n" for name in names)


def main() -> None:
    import emoji  # noqa: PLC0415 (only whoever writes the tables has it)

    package = Path(sys.argv[1], "node_modules/tlds")
    version = json.loads(package.joinpath("package.json").read_text("utf-8"))["version"]
    endings = json.loads(package.joinpath("index.json").read_text("utf-8"))
    written = {
        "x_emoji.txt": emoji_table(emoji.__version__, emoji.EMOJI_DATA),
        "x_endings.txt": endings_table(version, endings),
    }
    for name, text in written.items():
        TABLES.joinpath(name).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
