"""campaign resolve: what a person has seen of a delivery that nobody can confirm."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import typer

from scheduler.cli.absent import sound_part
from scheduler.cli.deciding import As, Yes, agreed, begun, now, refused, show, who
from scheduler.cli.options import CALENDAR, CampaignFile, LedgerAt
from scheduler.cli.telling import say
from scheduler.ledger import Entry, Ledger, Outrun, questions
from scheduler.model import Key, State
from scheduler.naming import nearest
from scheduler.publishing.resolving import (
    BY_HAND,
    TooEarly,
    is_not_published,
    is_published,
    known_about,
    receipt_at,
)


def resolve(
    key: Annotated[str, typer.Argument(metavar="KEY", help="As campaign status shows it.")],
    campaign: CampaignFile = CALENDAR,
    *,
    published: Annotated[
        str | None, typer.Option("--published", metavar="URL", help="It stands there.")
    ] = None,
    not_published: Annotated[
        bool, typer.Option("--not-published", help="You looked, and it does not stand there.")
    ] = False,
    id_: Annotated[
        str | None, typer.Option("--id", help="The platform's id, where the address has none.")
    ] = None,
    name: As = "",
    yes: Yes = False,
    ledger: LedgerAt = None,
) -> None:
    """Say what became of a delivery. Also of one that you posted by hand, so that it never doubles.

    Without an answer it says what is known, and where to look.
    """
    coalition, _ = sound_part(campaign)
    with Ledger(begun(campaign, ledger)) as opened:
        entry = _entry(opened, coalition.own.id, key)
        show(coalition, [entry])
        if published is None and not not_published:
            say(_known(opened, entry))
            return
        if published is not None and not_published:
            raise refused("it stands there, or it does not", "say one of the two")
        _answered(opened, entry, published, id_, who(name), yes=yes)


def _entry(opened: Ledger, campaign: str, key: str) -> Entry:
    found = opened.read(lambda connection: questions.known(connection, Key(key)))
    if found is None:
        entries = opened.read(lambda connection: questions.entries(connection, campaign))
        raise refused(
            f'no delivery "{key}" was ever planned', nearest(key, [e.key for e in entries])
        )
    return found


def _known(opened: Ledger, entry: Entry) -> str:
    attempt = opened.read(lambda connection: questions.last_attempt(connection, entry.key))
    if entry.state is State.UNCONFIRMED:
        return known_about(entry, attempt)
    return f"It is {entry.state}{f': {entry.reason}' if entry.reason else ''}."


def _answered(
    opened: Ledger, entry: Entry, published: str | None, id_: str | None, by: str, *, yes: bool
) -> None:
    try:
        if published is not None:
            _is_published(opened, entry, published, id_, by, yes=yes)
        else:
            _is_not_published(opened, entry, by, yes=yes)
    except Outrun:
        raise refused(f"{entry.key} has moved meanwhile", "look at it again") from None


def _is_published(
    opened: Ledger, entry: Entry, url: str, id_: str | None, by: str, *, yes: bool
) -> None:
    if urlsplit(url).scheme not in {"https", "http"} or not urlsplit(url).netloc:
        raise refused(f'"{url}" is no address', "copy the whole address of the post: https://…")
    if entry.state not in BY_HAND:
        raise refused(f"{entry.key} is {entry.state}", "nothing needs to be said about it")
    agreed(f"It stands at {url}?", yes=yes)
    is_published(opened, entry, receipt_at(url, id_), now=now(), who=by)
    say(f"{entry.key} is published: {url}")


def _is_not_published(opened: Ledger, entry: Entry, by: str, *, yes: bool) -> None:
    if entry.state is not State.UNCONFIRMED:
        raise refused(f"{entry.key} is {entry.state}", "only what is unconfirmed can be denied")
    late = now() > entry.latest
    follows = "it is missed" if late else "it goes out again at the next look"
    agreed(f"You looked, and it is not public? Then {follows}.", yes=yes)
    try:
        moved = is_not_published(opened, entry, now=now(), who=by)
    except TooEarly as early:
        raise refused(str(early), "then look once more, and say it again") from None
    say(f"{entry.key} is {moved.state}: {follows}.")
