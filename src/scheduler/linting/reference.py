"""The manual's page on lints, made from the lints themselves."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.linting.findings import Lint
from scheduler.linting.registry import LINTS

_HEAD = """\
# Lints

<!-- Generated from src/scheduler/linting: change the lints there, not this page. -->

A calendar can be read without a mistake and still say something that a careful reader would stop
at. Lints look for that. An **error** holds back the posts that it concerns, and no others; a
**warning** is published as it is, but somebody should look.

Each lint is switched by its code, for the whole campaign:

```yaml
campaign:
  lints:
    long-sentence: off        # not looked for
    over-claim: error         # holds the post back
```

Words that stand between quotation marks, exactly as in a stored quote, are nobody's to change:
lints on wording leave them alone.

The examples are parts of a calendar: only the lines that matter are shown.
"""


def reference() -> str:
    """The page docs/lints.md, in Markdown."""
    return "\n".join([_HEAD, *_contents(), "", *(_section(one) for one in LINTS.values())])


def _contents() -> Iterator[str]:
    yield "| code | unless switched | what it finds |"
    yield "|---|---|---|"
    for one in LINTS.values():
        yield f"| [`{one.code}`](#{one.code}) | {one.severity} | {one.title} |"


def _section(one: Lint) -> str:
    return f"""\
## {one.code}

{one.title}. *{one.severity.capitalize()}, unless the campaign says otherwise.*

{one.reason}

**What to do:** {one.hint}.

Found:

```yaml
{one.fails.rstrip()}
```

Well done:

```yaml
{one.passes.rstrip()}
```

To switch it off in a campaign: `lints: {{{one.code}: off}}`
"""
