"""What is public in other words than the calendar has now, told in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from scheduler.differing import Fate, Reworded, Stretch, named, reworded
from scheduler.drafting import thawed, undrawn
from scheduler.ledger.questions import Public
from scheduler.model import Coalition, Draft

#: How a stretch stands in a line: readable without its colour, as git writes it.
_MARKS = {Fate.REMOVED: ("[-", "-]", "red"), Fate.ADDED: ("{+", "+}", "green")}
#: So much of what stayed the same is shown beside what did not.
_BESIDE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A delivery that is public, and the words of it that the calendar has changed since."""

    public: Public
    words: tuple[Reworded, ...]


def edited(coalition: Coalition, public: Sequence[Public]) -> Iterator[Edited]:
    """Words alone: whether a picture is another one is known when it is drawn, in the preview."""
    for each in public:
        now = _now(coalition, each)
        words = reworded(thawed(each.draft, {}), now) if now else ()
        if words:
            yield Edited(public=each, words=words)


def _now(coalition: Coalition, each: Public) -> Draft | None:
    campaign = coalition.speaker(each.entry.account)
    post = campaign.posts.get(each.entry.post) if campaign else None
    if campaign is None or post is None or each.entry.account not in post.accounts:
        return None
    parts = undrawn(campaign, post)
    return parts[each.entry.part - 1] if each.entry.part <= len(parts) else None


def sentences(found: Edited) -> Iterator[Text]:
    entry = found.public.entry
    part = f", part {entry.part}" if entry.part > 1 else ""
    yield Text(
        f'day {entry.day}, post "{entry.post}", account "{entry.account}"{part}: it is public, '
        "and the calendar says something else now. Nothing that is public changes."
    )
    for each in found.words:
        yield Text.assemble("  ", named([(each.aspect, each.number)]), ": ", *_marked(each))


def _marked(words: Reworded) -> Iterator[str | tuple[str, str]]:
    last = len(words.stretches) - 1
    for place, stretch in enumerate(words.stretches):
        if stretch.fate is Fate.SAME:
            yield _shortened(stretch, begins=place == 0, ends=place == last)
        else:
            begin, end, style = _MARKS[stretch.fate]
            yield f"{begin}{_in_line(stretch.seen)}{end}", style


def _shortened(stretch: Stretch, *, begins: bool, ends: bool) -> str:
    """What stayed the same, near to what did not."""
    text = _in_line(stretch.text)
    if len(text) <= 2 * _BESIDE:
        return text
    before = "" if begins else text[:_BESIDE]
    after = "" if ends else text[-_BESIDE:]
    return f"{before}…{after}"


def _in_line(text: str) -> str:
    return text.replace("\n", " ")


def in_json(found: Edited) -> list[dict[str, Any]]:
    return [
        {
            "what": named([(each.aspect, each.number)]),
            "public": _joined(each, Fate.REMOVED),
            "calendar": _joined(each, Fate.ADDED),
        }
        for each in found.words
    ]


def _joined(words: Reworded, fate: Fate) -> str:
    return "".join(each.text for each in words.stretches if each.fate in {Fate.SAME, fate})
