"""Writes what is generated: three pages of docs/ and the editors' JSON Schema.

.venv/bin/python tools/write_docs.py           writes them
.venv/bin/python tools/write_docs.py --check   says which are out of date, and writes nothing
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from scheduler.calendar.editors import (
    AccountKey,
    AccountKeys,
    holds_schema,
    json_schema,
    overlay_schema,
)
from scheduler.calendar.reference import reference
from scheduler.calendar.schema import LanguageForm, MemberForm
from scheduler.cards import template_reference
from scheduler.linting import reference as lints
from scheduler.platforms import PLATFORMS

ROOT = Path(__file__).parents[1]


def platforms() -> tuple[AccountKeys, ...]:
    """What the accounts of each platform may say, as the platforms themselves say it."""
    return tuple(
        AccountKeys(
            platform=name,
            keys={
                **{
                    key: AccountKey(
                        meaning=option.meaning,
                        required=option.required,
                        choices=option.choices,
                        secret=option.secret,
                    )
                    for key, option in platform.options.items()
                },
                **{
                    key: AccountKey(meaning=meaning, secret=True)
                    for key, meaning in platform.secrets.items()
                },
            },
        )
        for name, platform in PLATFORMS.items()
    )


def generated() -> dict[Path, str]:
    """Every generated file with what should stand in it."""
    known = platforms()
    schemas = {
        "campaign.schema.json": json_schema(known),
        "languages/language.schema.json": overlay_schema(LanguageForm, known),
        "members/member.schema.json": overlay_schema(MemberForm, known),
        "holds.schema.json": holds_schema(),
    }
    written = {
        name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        for name, schema in schemas.items()
    }
    return {
        # Beside the shipped campaign, as `campaign init` puts the first one beside every calendar.
        **{ROOT / name: text for name, text in written.items()},
        **{
            ROOT / "src/scheduler/calendar" / Path(name).name: text
            for name, text in written.items()
        },
        ROOT / "docs/calendar.md": reference(platforms()),
        ROOT / "docs/lints.md": lints.reference(),
        ROOT / "docs/design-a-card.md": template_reference.reference(),
    }


def stale() -> list[Path]:
    """The files that do not say what they should."""
    return [
        file
        for file, text in generated().items()
        if not file.exists() or file.read_text("utf-8") != text
    ]


def main() -> int:
    old = stale()
    if "--check" in sys.argv[1:]:
        for file in old:
            sys.stderr.write(f"{file.relative_to(ROOT)} is out of date: tools/write_docs.py\n")
        return bool(old)
    new = generated()
    for file in old:
        file.write_text(new[file], "utf-8", newline="\n")
        sys.stderr.write(f"Wrote {file.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
