"""campaign withdraw: take back what is public, and keep back what is not yet."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.absent import sound_part, where_sought
from scheduler.cli.deciding import As, Yes, agreed, begun, counted, now, refused, show, who
from scheduler.cli.options import CALENDAR, CampaignFile, LedgerAt
from scheduler.cli.telling import say
from scheduler.cli.vaults import vault, worker
from scheduler.explaining import Kind
from scheduler.ledger import Entry, Ledger, questions
from scheduler.model import Coalition, Key
from scheduler.naming import nearest
from scheduler.platforms import Platform
from scheduler.publishing import Vault, signed_in
from scheduler.publishing.withdrawing import Withdrawal, of_delivery, of_source
from scheduler.publishing.withdrawing import withdraw as take_back

#: What posts stand on, and what may have to be taken back with all of them.
_SOURCES = (Kind.FACT, Kind.QUOTE, Kind.PICTURE, Kind.HELPLINE, Kind.CONSENT)


def withdraw(
    what: Annotated[
        str,
        typer.Argument(
            metavar="KEY|ID",
            help="A delivery's key, or the id of a fact, quote, picture, helpline or consent.",
        ),
    ],
    campaign: CampaignFile = CALENDAR,
    *,
    reason: Annotated[str, typer.Option(help="Why; it stays in the audit trail.")],
    kind: Annotated[Kind | None, typer.Option(help="Where several have the same id.")] = None,
    name: As = "",
    yes: Yes = False,
    ledger: LedgerAt = None,
) -> None:
    """Take down what is public, hold what is to come, and list what only a person can reach."""
    coalition, _ = sound_part(campaign)
    with Ledger(begun(campaign, ledger)) as opened:
        found = _meant(opened, coalition, what, kind)
        if not found:
            say(f"Nothing that stands on {what} is public or to come.")
            return
        _show(coalition, found)
        kept = vault(campaign, opened, worker())
        agreed("Do this?", yes=yes)
        failed = take_back(
            opened,
            found,
            platform=lambda account: _platform(campaign, coalition, kept, account),
            reason=reason,
            now=now(),
            who=who(name),
        )
        _ending(found, failed)


def _meant(opened: Ledger, coalition: Coalition, what: str, kind: Kind | None) -> Withdrawal:
    entry = opened.read(lambda connection: questions.known(connection, Key(what)))
    if entry is not None and kind is None:
        return of_delivery(opened, entry)
    return of_source(opened, coalition, _kind(coalition, what, kind), what)


def _kind(coalition: Coalition, id_: str, wanted: Kind | None) -> Kind:
    ids = {source: _ids(coalition, source) for source in _SOURCES}
    kinds = [source for source in _SOURCES if id_ in ids[source] and wanted in {None, source}]
    if len(kinds) == 1:
        return kinds[0]
    if kinds:
        raise refused(f'"{id_}" is the id of several things', f"say which: --kind {kinds[0]}")
    names = {name for source in _SOURCES for name in ids[source]}
    message = f'there is no delivery, fact, quote, picture, helpline or consent "{id_}"'
    raise refused(message + where_sought(coalition), nearest(id_, names))


def _ids(coalition: Coalition, kind: Kind) -> set[str]:
    return {
        id_ for campaign in coalition.campaigns.values() for id_ in getattr(campaign, f"{kind}s")
    }


def _platform(campaign: Path, coalition: Coalition, kept: Vault, account: str) -> Platform | None:
    said = coalition.speaker(account)
    found = said.accounts.get(account) if said else None
    if found is None or found.kit:
        return None
    return signed_in(found, root=campaign.resolve().parent, environment=os.environ, vault=kept)


def _show(coalition: Coalition, found: Withdrawal) -> None:
    for title, entries in (
        ("Taken down at their platforms:", found.down),
        ("For a person to look at (it may be public, or was posted by hand):", found.by_hand),
        ("Held, and not published:", found.held),
    ):
        if entries:
            show(coalition, entries, title=title)


def _ending(found: Withdrawal, failed: dict[Key, str]) -> None:
    gone = len(found.down) - len(failed)
    say(f"{counted(gone, 'delivery')} taken down, {len(found.held)} held.")
    left = [entry for entry in found.down if entry.key in failed]
    for entry in left:
        say(f"Take it down by hand: {_where(entry)} ({failed[entry.key]})")
    for entry in found.by_hand:
        say(f"Look at it: campaign resolve {entry.key}")
    if left or found.by_hand:
        raise typer.Exit(1)


def _where(entry: Entry) -> str:
    return entry.receipt.url if entry.receipt else entry.key
