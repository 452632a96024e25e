"""What people said of each delivery, from the ledger, for those who look at the drafts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.checking import Checked
from scheduler.cli.options import is_begun, ledger_at
from scheduler.drafting import frozen
from scheduler.model import Agreement, Coalition, Draft, Key, Yes
from scheduler.planning import key as key_of

if TYPE_CHECKING:
    from scheduler.ledger.deciding import Approval


def with_approvals(checked: Checked, campaign: Path) -> Checked:
    """The same, with what people said of its drafts, where a ledger knows of anybody's yes."""
    where = ledger_at(campaign, None)
    if checked.coalition is None or not is_begun(where):
        return checked
    from scheduler.ledger import Ledger, deciding  # noqa: PLC0415 (most previews have no ledger)

    own = checked.coalition.own
    with Ledger(where) as opened:
        said = opened.read(lambda connection: deciding.approved(connection, own.id))
    if not said and not own.rules.approvals:
        return checked
    said = tuple(replace(each, at=each.at.astimezone(own.zone)) for each in said)
    return replace(checked, approvals=_of_drafts(checked, said, needed=own.rules.approvals))


def _of_drafts(checked: Checked, said: Sequence[Approval], *, needed: int) -> Mapping[Key, Yes]:
    by_key: dict[Key, list[Approval]] = {}
    for each in said:
        by_key.setdefault(each.key, []).append(each)
    drafts = _drafts(checked, checked.coalition) if checked.coalition else ()
    return {key: _yes(draft, by_key.get(key, ()), needed=needed) for key, draft in drafts}


def _drafts(checked: Checked, coalition: Coalition) -> Iterator[tuple[Key, Draft]]:
    for (post, account), parts in checked.drafts.items():
        for part, draft in enumerate(parts, 1):
            yield key_of(coalition.own.id, post, account, part), draft


def _yes(draft: Draft, said: Sequence[Approval], *, needed: int) -> Yes:
    from scheduler.ledger import digest  # noqa: PLC0415 (most previews have no ledger)

    if not said:
        return Yes(agreement=Agreement.OPEN)
    now = digest(frozen(draft))
    # The last that people looked at, where it is not what stands there now.
    shown = now if any(each.digest == now for each in said) else said[-1].digest
    theirs = [each for each in said if each.digest == shown]
    enough = len(theirs) >= max(needed, 1)
    agreed = Agreement.APPROVED if enough else Agreement.PARTLY
    return Yes(
        agreement=agreed if shown == now else Agreement.CHANGED,
        who=tuple(each.who for each in theirs),
        at=theirs[-1].at,
    )
