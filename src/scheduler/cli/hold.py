"""campaign hold: let something not go out, from this minute on."""

from __future__ import annotations

from typing import Annotated

import typer

from scheduler.calendar import read_calendar, stranger
from scheduler.cli.deciding import As, Yes, agreed, counted, now, refused, show, who
from scheduler.cli.options import CALENDAR, CampaignFile, LedgerAt, ledger_at
from scheduler.cli.telling import say, say_problems
from scheduler.ledger import Ledger, Origin, deciding, questions
from scheduler.model import ENDED, Coalition, Hold, Scope
from scheduler.planning import keys_of


def _of(what: str) -> object:
    return typer.Option(metavar="NAME", help=what)


def hold(
    campaign: CampaignFile = CALENDAR,
    *,
    reason: Annotated[str, typer.Option(help="Why; whoever looks tomorrow must understand.")],
    everything: Annotated[bool, typer.Option("--everything", help="The whole campaign.")] = False,
    member: Annotated[list[str] | None, _of("One organisation, by its id.")] = None,
    country: Annotated[list[str] | None, _of("The organisations of a country: AT.")] = None,
    language: Annotated[list[str] | None, _of("What is said in a language: de.")] = None,
    account: Annotated[list[str] | None, _of("One account: italy.page.")] = None,
    tag: Annotated[list[str] | None, _of("The posts with a hashtag.")] = None,
    post: Annotated[list[str] | None, _of("One post, on every account.")] = None,
    name: As = "",
    yes: Yes = False,
    ledger: LedgerAt = None,
) -> None:
    """Let nothing of it go out until it is released. Counts at once, also for what is under way.

    Works while the calendar has errors, too.
    """
    named = {
        Scope.MEMBER: member,
        Scope.COUNTRY: country,
        Scope.LANGUAGE: language,
        Scope.ACCOUNT: account,
        Scope.TAG: tag,
        Scope.POST: post,
    }
    wanted = [(scope, value) for scope, values in named.items() for value in values or ()]
    wanted += [(Scope.EVERYTHING, "")] * everything
    if not wanted:
        raise refused("what is to be held?", "--country AT, --member ID, --post ID, --everything …")
    by = who(name)
    holds = [Hold(scope=scope, value=value, reason=reason, by=by) for scope, value in wanted]
    reading = read_calendar(campaign)
    coalition = reading.coalition or reading.rest
    if coalition is None:
        say_problems(reading.problems, ending="So it is held exactly as you wrote it.")
    else:
        _known(holds, coalition)
    with Ledger(ledger_at(campaign, ledger)) as opened:
        if coalition is not None:
            _show(opened, coalition, holds)
        agreed(f"Hold {', '.join(map(str, holds))}?", yes=yes)
        for each in holds:
            _hold(opened, coalition.own.id if coalition else _only(opened), each, by)


def _only(opened: Ledger) -> str:
    """The campaign of a calendar that cannot be read: the one that the ledger knows."""
    known = opened.read(questions.campaigns_known)
    if len(known) != 1:
        raise refused("of which campaign, nobody can tell", "mend the calendar first")
    return known[0]


def _known(holds: list[Hold], coalition: Coalition) -> None:
    for each in holds:
        if problem := stranger(each, coalition):
            raise refused(*problem, file=coalition.own.places.file)


def _show(opened: Ledger, coalition: Coalition, holds: list[Hold]) -> None:
    reached = {key for each in holds for key in keys_of(coalition, each.target)}
    entries = opened.read(lambda connection: questions.entries(connection, coalition.own.id))
    kept = [entry for entry in entries if entry.key in reached and entry.state not in ENDED]
    show(coalition, kept[:_SHOWN], title="This will not go out:")
    if len(kept) > _SHOWN:
        say(f"… and {counted(len(kept) - _SHOWN, 'delivery')} more.")


#: Enough to see that it is the right thing.
_SHOWN = 12


def _hold(opened: Ledger, campaign: str, wanted: Hold, by: str) -> None:
    new = opened.write(
        lambda connection: deciding.hold(
            connection, campaign, wanted, now=now(), who=by, origin=Origin.PERSON
        )
    )
    say(f"{wanted}: {'held from now on' if new else 'was held already, for the same reason'}.")
