"""Every key of a template as a page, made from the same dataclasses that check it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from textwrap import fill
from typing import Any

from scheduler.cards.design_rules import RULES, Rule
from scheduler.cards.template_files import names, template
from scheduler.cards.templates import (
    BLOCKS,
    SMALLEST,
    Area,
    Fill,
    Footer,
    Photo,
    Sixteen,
    Template,
    Text,
)

_TOP = f"""\
# Design a card

The tables of this page are made from the program itself, by `tools/write_docs.py`. How every card
looks stands in templates: TOML files, one for each kind of post, and `footer` for the foot of all.
Colours and logos are no part of them; they stand in the calendar, below `brand`.

## Change a look without touching the program

Put a file of the template's name into the campaign's folder: `assets/templates/quote.toml`. It lies
over the shipped one (`src/scheduler/cards/templates/`). Tables merge, so that a file says only what
is different; lists replace, so that a file with `[[area]]` has all areas. This is a whole file:

```toml
margin = 96

[fill]
colour = "paper"
```

`campaign check` names every mistake with its file, its line and the word that was probably meant.
Cards whose template changed are drawn anew; a card that somebody approved stays as it was approved.

## Lengths and sizes

Every length is in pixels of a card that is 1080 wide. On a card of 1600 × 900 all of them are half
as large again, and the card is then 1080 × 607 of these pixels. A phone shows either card as wide
as itself, so that one number is one size for whoever looks at it. {SMALLEST} is the least size of
letters: 8.7 px on a phone that is 360 wide. No template can go below.

A text has a range of sizes, and room for so many lines. The card takes the largest sizes at which
everything fits, all texts together, so that they keep their proportions. What does not fit at its
smallest is an error with the excess. Nothing is cut.

## One template, four shapes

| shape | for | |
|---|---|---|
| `tall` | 1080 × 1350 | what stands directly in a table is meant for it |
| `square` | 1080 × 1080 | |
| `wide` | 1600 × 900, 1200 × 627 | areas side by side |
| `story` | 1080 × 1920 | no word in the first 14 % and the last 20 % of its height |

Any table may say for a shape what is different there, and only that:

```toml
[[area.block]]
slot = "headline"
least = 48
most = 132
wide = {{least = 36, most = 80}}
```

## Colours

A template names roles, never colours: `paper`, `ink`, `accent`, `ground`, `on_dark`. Each brand
fills them. A colour that could not be read on its ground is made as much lighter or darker as it
takes.

## Slides of a carousel

On slides, a number ("2/5") and an arrow take the place of the sixteen marks, and everything below
the kicker begins at one height, but on photos. Texts of the same slot have the size that fits on
all slides. Nothing needs to be written for it.
"""

_RULES = """\
## Rules

The shipped templates hold to these; a template of your own should too. Each pair shows one
card of the sample campaign, drawn by the program: first so that it breaks the rule, then as it is
shipped. `tools/draw_design_pictures.py` draws them anew, from templates that lie beside it."""

#: Letters in a line of the page.
_WIDTH = 100

#: The tables of the page: heading, the dataclass, and what stands above its table.
_TABLES: tuple[tuple[str, type[Any], str], ...] = (
    ("The file", Template, "Keys that stand above the first table of a template."),
    ("`[fill]`", Fill, "The ground."),
    ("`[kicker]`", Text, "The line at the head: a text like those below, without `slot`."),
    ("`[sixteen]`", Sixteen, "The sixteen marks."),
    ("`[photo]`", Photo, "Where the card has a picture."),
    ("`[[area]]`", Area, "A column of blocks."),
    ("`footer.toml`", Footer, "Its texts are `[[block]]`, with the keys of texts."),
)


def reference() -> str:
    """The page, in Markdown."""
    parts = [_TOP.rstrip(), _rules(), _slots(), *_tables(), *_blocks()]
    return "\n\n".join(parts) + "\n"


def _rules() -> str:
    return "\n\n".join([_RULES, *map(_rule, RULES)])


def _rule(rule: Rule) -> str:
    says = fill(rule.says, _WIDTH, break_on_hyphens=False)
    return f"### {rule.heading}\n\n{says}\n\n![{rule.alt}]({rule.picture})"


def _slots() -> str:
    rows = [
        f"| `{name}` | {', '.join(f'`{slot}`' for slot in sorted(template(name).slots))} |"
        for name in names()
        if name != "footer"
    ]
    return "\n".join(
        ["## Texts that each template can show", "", "| template | slots |", "|---|---|", *rows]
    )


def _tables() -> Iterator[str]:
    for heading, kind, says in _TABLES:
        yield f"## {heading}\n\n{says}"
        if kind is not Text:
            yield _table(kind)


def _blocks() -> Iterator[str]:
    yield "## `[[area.block]]`\n\nA text, unless `kind` says otherwise."
    for kind, block in BLOCKS.items():
        yield f'### kind = "{kind}"\n\n{_said(block)}'
        yield _table(block)


def _said(kind: type[Any]) -> str:
    return " ".join(line.strip() for line in (kind.__doc__ or "").strip().splitlines())


def _table(kind: type[Any]) -> str:
    rows = [_row(one) for one in fields(kind) if "says" in one.metadata]
    return "\n".join(["| key | values | without it | meaning |", "|---|---|---|---|", *rows])


def _row(one: Field[Any]) -> str:
    default = "needed" if one.default is MISSING else f"`{_toml(one.default)}`"
    return f"| `{one.name}` | {_values(one)} | {default} | {one.metadata['says']} |"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{value}"


def _values(one: Field[Any]) -> str:
    words = [word for word in one.metadata["words"] if word]
    if words:
        return ", ".join(f"`{word}`" for word in words)
    kind = {"int": "whole number", "float": "number", "bool": "`true` or `false`"}
    low, high = one.metadata["low"], one.metadata["high"]
    ends = f" from {low:g}" if low is not None else ""
    ends += f" to {high:g}" if high is not None else ""
    return f"{kind.get(str(one.type), 'word')}{ends}"
