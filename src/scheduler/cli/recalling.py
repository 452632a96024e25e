"""What the ledger recalls of each delivery: what people said yes to, and what is public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scheduler.cards import Shelf
from scheduler.checking import Checked, against_public
from scheduler.cli.options import is_begun
from scheduler.differing import aspects
from scheduler.drafting import frozen, thawed
from scheduler.model import Agreement, Coalition, Draft, Earlier, Key, Public, Yes
from scheduler.planning import key as key_of

if TYPE_CHECKING:
    from scheduler.ledger.deciding import Approval
    from scheduler.ledger.questions import Public as Published


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recalled:
    """Everything that the ledger knows of a campaign's drafts."""

    approvals: Sequence[Approval]
    public: Sequence[Published]


def with_ledger(checked: Checked, ledger: Path | str, shelf: Shelf) -> Checked:
    """The same, with what the ledger recalls of its drafts, where there is a ledger.

    Pictures of before are looked for on the shelf.
    """
    if checked.coalition is None or not is_begun(ledger):
        return checked
    coalition = checked.coalition
    own, recalled = coalition.own, _recalled(ledger, coalition)
    drafts = dict(_drafts(checked, coalition))
    earlier = [*_earlier(recalled.approvals, drafts), *(each.draft for each in recalled.public)]
    thaw = _Thaw(_lying(earlier, drafts.values(), shelf), own.zone)
    asked = recalled.approvals or own.rules.approvals
    recalling = replace(
        checked,
        approvals=_yeses(drafts, recalled.approvals, thaw, own.rules.approvals) if asked else None,
        public={each.entry.key: thaw.public(each) for each in recalled.public},
    )
    return against_public(recalling)


def _recalled(ledger: Path | str, coalition: Coalition) -> _Recalled:
    from scheduler.ledger import Ledger, deciding, questions  # noqa: PLC0415 (most have no ledger)

    with Ledger(ledger) as opened:
        return opened.read(
            lambda connection: _Recalled(
                approvals=deciding.approved(connection, coalition.own.id),
                public=questions.public(connection, coalition.own.id),
            )
        )


def _drafts(checked: Checked, coalition: Coalition) -> Iterator[tuple[Key, Draft]]:
    for (post, account), parts in checked.drafts.items():
        for part, draft in enumerate(parts, 1):
            yield key_of(coalition.own.id, post, account, part), draft


# ── what it was before ────────────────────────────────────────────────────────────────────────────


def _earlier(
    approvals: Iterable[Approval], drafts: Mapping[Key, Draft]
) -> Iterator[Mapping[str, Any]]:
    """What was approved and is not what stands there now."""
    for each in approvals:
        if each.draft and each.key in drafts and each.draft != frozen(drafts[each.key]):
            yield each.draft


def _lying(
    earlier: Iterable[Mapping[str, Any]], drafts: Iterable[Draft], shelf: Shelf
) -> Mapping[str, Path]:
    """Where pictures of before lie; those that are shown in any case are not looked for."""
    here = {picture.digest: picture.file for draft in drafts for picture in draft.pictures}
    wanted = {picture["digest"] for draft in earlier for picture in draft["pictures"]}
    return {**here, **shelf.lying(wanted - here.keys())}


@dataclass(frozen=True, slots=True)
class _Thaw:
    """Makes drafts of what was frozen, with the pictures that still lie there."""

    lying: Mapping[str, Path]
    zone: ZoneInfo

    def public(self, each: Published) -> Public:
        published_at = each.entry.published_at or each.entry.due
        receipt = each.entry.receipt
        return Public(
            at=published_at.astimezone(self.zone),
            address=(receipt.url or "") if receipt else "",
            draft=thawed(each.draft, self.lying),
        )

    def earlier(self, said: Sequence[Approval]) -> Earlier:
        """`said` is of one draft."""
        last = said[-1]
        return Earlier(
            who=tuple(each.who for each in said),
            at=last.at.astimezone(self.zone),
            draft=None if last.draft is None else thawed(last.draft, self.lying),
        )


# ── what people said ──────────────────────────────────────────────────────────────────────────────


def _yeses(
    drafts: Mapping[Key, Draft], said: Iterable[Approval], thaw: _Thaw, needed: int
) -> Mapping[Key, Yes]:
    by_key: dict[Key, list[Approval]] = {}
    for each in said:
        by_key.setdefault(each.key, []).append(each)
    found = {
        key: _yes(draft, by_key.get(key, ()), thaw, max(needed, 1)) for key, draft in drafts.items()
    }
    return {key: yes for key, yes in found.items() if yes}


def _yes(draft: Draft, said: Sequence[Approval], thaw: _Thaw, needed: int) -> Yes | None:
    """None while nobody knows: a card of it is not drawn, and its words are those of before."""
    from scheduler.ledger import digest  # noqa: PLC0415 (most have no ledger)

    if not said:
        return Yes(agreement=Agreement.OPEN)
    now = digest(frozen(draft))
    theirs = [each for each in said if each.digest == now]
    before = _of_one_draft([each for each in said if each.digest != now])
    earlier = thaw.earlier(before) if before else None
    if theirs:
        return _agreed(theirs, earlier, thaw.zone, needed)
    if earlier is None or not (_is_drawn(draft) or _is_reworded(draft, earlier)):
        return None
    return Yes(agreement=Agreement.CHANGED, who=earlier.who, at=earlier.at, earlier=earlier)


def _agreed(
    theirs: Sequence[Approval], earlier: Earlier | None, zone: ZoneInfo, needed: int
) -> Yes:
    enough = len(theirs) >= needed
    return Yes(
        agreement=Agreement.APPROVED if enough else Agreement.PARTLY,
        who=tuple(each.who for each in theirs),
        at=theirs[-1].at.astimezone(zone),
        # Whoever is to say yes as well looks at what became of what others said yes to.
        earlier=None if enough else earlier,
    )


def _of_one_draft(said: Sequence[Approval]) -> list[Approval]:
    """Everybody's yes to the draft that somebody said yes to last."""
    return [each for each in said if each.digest == said[-1].digest]


def _is_drawn(draft: Draft) -> bool:
    return all(picture.digest for picture in draft.pictures)


def _is_reworded(draft: Draft, earlier: Earlier) -> bool:
    return earlier.draft is not None and bool(aspects(earlier.draft, draft))
