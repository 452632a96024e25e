"""campaign release: end a hold."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from scheduler.cli.absent import sound_part
from scheduler.cli.deciding import As, Yes, account_called, agreed, counted, now, refused, show, who
from scheduler.cli.options import CALENDAR, CampaignFile, LedgerAt, is_begun, ledger_at
from scheduler.cli.telling import say
from scheduler.ledger import HoldEntry, Ledger, Origin, deciding
from scheduler.model import Coalition, Scope, target
from scheduler.publishing.releasing import Passed, kept_back
from scheduler.publishing.releasing import release as end_hold

What = Annotated[
    str, typer.Argument(metavar="HOLD", help="Its number (campaign holds), or an account's name.")
]


def release(
    what: What,
    campaign: CampaignFile = CALENDAR,
    *,
    passed: Annotated[
        Passed | None,
        typer.Option(help="What becomes of posts whose hour struck meanwhile.", show_default=False),
    ] = None,
    name: As = "",
    yes: Yes = False,
    ledger: LedgerAt = None,
) -> None:
    """End a hold: mend the cause first. What was approved before must be approved once more."""
    coalition, _ = sound_part(campaign)
    if not what.isdecimal():
        account_called(what, coalition)
    where = ledger_at(campaign, ledger)
    if not is_begun(where):
        say("Nothing has run yet, so nothing is held.")
        return
    with Ledger(where) as opened:
        held = opened.read(lambda connection: deciding.holding(connection, coalition.own.id))
        for each in _meant(what, held):
            _release(opened, coalition, each, passed, who(name), yes=yes)


def _meant(what: str, held: Sequence[HoldEntry]) -> list[HoldEntry]:
    """The hold with that number, or all those of that account."""
    account = target(Scope.ACCOUNT, what)
    found = [each for each in held if str(each.number) == what or each.hold.target == account]
    if not found and what.isdecimal():
        raise refused(f"there is no hold {what}", "campaign holds shows them")
    if not found:
        say(f"{what} is not held.")
    return found


def _release(
    opened: Ledger,
    coalition: Coalition,
    held: HoldEntry,
    passed: Passed | None,
    by: str,
    *,
    yes: bool,
) -> None:
    if held.origin is Origin.FILE:
        raise refused(
            f"hold {held.number} ({held.hold}) stands in holds.yaml",
            "take it out there; it is released at the daemon's next look",
        )
    kept = opened.read(lambda connection: kept_back(connection, coalition, held, now()))
    if kept.passed:
        show(coalition, kept.passed, title="Their hour struck while they were held:")
        passed = passed or _asked()
    agreed(f"Release {held.hold} ({held.hold.reason})?", yes=yes)
    anew = end_hold(opened, coalition, held, passed=passed or Passed.PUBLISH, now=now(), who=by)
    say(f"{held.hold} is released: {counted(len(kept.coming), 'delivery')} still to come.")
    if kept.passed:
        say(_PASSED[passed or Passed.PUBLISH].format(counted(len(kept.passed), "delivery")))
    if anew:
        say(f"{counted(anew, 'delivery')} must be approved once more: campaign approve")


_PASSED = {
    Passed.SKIP: "{} whose hour struck meanwhile: missed, and not made up for.",
    Passed.PUBLISH: "{} whose hour struck meanwhile: out at the next look, within their grace.",
}


def _asked() -> Passed:
    if not sys.stdin.isatty():
        raise refused(
            "posts whose hour struck meanwhile: are they to go out late, or not at all?",
            f"--passed {Passed.PUBLISH}, or --passed {Passed.SKIP}",
        )
    late = typer.confirm("Let them go out late, within their grace?", err=True)
    return Passed.PUBLISH if late else Passed.SKIP
