"""campaign confirm: what people have posted by hand, with the link that it stands at."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.absent import sound_part
from scheduler.cli.deciding import NOTHING_CHANGED, As, begun, counted, now, refused, show, who
from scheduler.cli.options import CALENDAR, CampaignFile, Json, LedgerAt, OnDate, today
from scheduler.cli.telling import problems_json, say, say_problems, write_json
from scheduler.errors import Problem, UserError
from scheduler.kit.returning import Dates, Returned, date_of, errors, link_of, read
from scheduler.ledger import Entry, Ledger, Outrun
from scheduler.model import Confirmation, Place, State
from scheduler.publishing.confirming import Weighed, Weight, weigh
from scheduler.publishing.confirming import confirm as write_down


def confirm(
    said: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE… | POST ACCOUNT",
            help="Files that people sent back (.json of a kit's page, .csv, .xlsx); with --link "
            "one post on one account.",
        ),
    ],
    campaign: CampaignFile = CALENDAR,
    *,
    link: Annotated[
        str | None, typer.Option("--link", metavar="URL", help="It stands there.")
    ] = None,
    part: Annotated[int, typer.Option(min=1, help="With --link: its number in a thread.")] = 1,
    on: OnDate = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Where somebody confirmed another link, this one takes its place."
        ),
    ] = False,
    name: As = "",
    ledger: LedgerAt = None,
    json: Json = False,
) -> None:
    """Enter what was posted by hand: where it stands, and on which day. All of it, or nothing.

    With --link, --on is the day on which it was posted; else it is taken for today.
    """
    coalition, _ = sound_part(campaign)
    dates = Dates(first_day=coalition.own.first_day, today=today(None if link else on))
    returned = (
        read([Path(each) for each in said], campaign=coalition.own.id, dates=dates)
        if link is None
        else _typed(said, link, part, on, dates)
    )
    with Ledger(begun(campaign, ledger)) as opened:
        weighed, more = weigh(opened, coalition, returned.confirmations, now=now())
        problems = (*returned.problems, *more)
        if errors(problems):
            raise UserError(problems)
        kept = tuple(_agreed(weighed, replace=replace))
        try:
            written = write_down(opened, kept, now=now(), who=who(name))
        except Outrun as outrun:
            raise refused(f"{outrun} has moved meanwhile", "say it again") from None
    if json:
        write_json(_json(kept, problems))
    else:
        if written:
            show(coalition, written)
        _say(weighed, kept, problems)


def _typed(
    said: Sequence[str], link: str, part: int, on: datetime | None, dates: Dates
) -> Returned:
    """What stands on the command line."""
    if len(said) != 2:  # noqa: PLR2004 (a post, and where)
        raise typer.BadParameter("write --link URL after one POST and one ACCOUNT")
    place = Place(file="")
    problems: list[Problem] = []
    try:
        address = link_of(link)
        day = date_of(str(on.date() if on else dates.today), dates)
    except ValueError as error:
        problems.append(place.problem("bad-confirmation", str(error), _WHOLE))
        return Returned(confirmations=(), problems=tuple(problems))
    typed = Confirmation(
        post=said[0],
        account=said[1],
        part=part,
        link=address,
        on=day,
        place=place,
        account_place=place,
        link_place=place,
    )
    return Returned(confirmations=(typed,), problems=())


_WHOLE = "copy the whole address of the post, https://…, and write the day as 2026-11-25"


def _agreed(weighed: Iterable[Weighed], *, replace: bool) -> Iterable[Weighed]:
    """Everything but the other links that nobody wants; where nobody can be asked, it ends here."""
    weighed = tuple(weighed)
    other = [each for each in weighed if each.weight is Weight.OTHER]
    if other and not replace and not sys.stdin.isatty():
        raise UserError([_other(each) for each in other])
    for each in weighed:
        if each.weight is not Weight.OTHER or replace or _asked(each):
            yield each


def _other(each: Weighed) -> Problem:
    message = (
        f"{each.entry.key} is confirmed at {_stands(each.entry)}, and now it is said to stand at "
        f"{each.confirmation.link}"
    )
    hint = "look which one is right; to take the new one: --replace"
    return each.confirmation.link_place.problem("other-link", message, hint)


def _asked(each: Weighed) -> bool:
    say(f"{each.entry.key} is confirmed at {_stands(each.entry)}")
    return typer.confirm(f"Is it {each.confirmation.link} instead?", err=True)


def _stands(entry: Entry) -> str:
    return entry.receipt.url if entry.receipt else "no address"


def _say(weighed: Sequence[Weighed], kept: Sequence[Weighed], problems: Sequence[Problem]) -> None:
    weights = Counter(each.weight for each in kept)
    for each in kept:
        if each.weight is Weight.NEW and each.entry.state is not State.HANDED:
            why = f": {each.entry.reason}" if each.entry.reason else ""
            say(f"{each.entry.key} was {each.entry.state}{why}. It is entered as published.")
    sentences = [
        f"{counted(weights[weight], 'delivery')} {what}"
        for weight, what in _WHAT.items()
        if weights[weight]
    ]
    if left := len(weighed) - len(kept):
        sentences.append(f"{counted(left, 'link')} left as it was")
    ending = f"{', '.join(sentences)}." if sentences else NOTHING_CHANGED
    if problems:
        say_problems(problems, ending=ending)
    else:
        say(ending)


_WHAT = {
    Weight.NEW: "confirmed",
    Weight.OTHER: "with a new link",
    Weight.SAME: "known already",
}


def _json(kept: Sequence[Weighed], problems: Sequence[Problem]) -> dict[str, object]:
    return {
        "confirmed": [
            {
                "key": each.entry.key,
                "link": each.confirmation.link,
                "on": each.confirmation.on.isoformat(),
                "was": str(each.entry.state),
                "weight": str(each.weight),
            }
            for each in kept
        ],
        "problems": problems_json(problems),
    }
