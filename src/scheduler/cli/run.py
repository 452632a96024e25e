"""campaign run: the daemon, or one round of it."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import Annotated

import typer
from rich.logging import RichHandler

from scheduler.accounts import StoredTokens
from scheduler.alerting import Alarm, CalendarFacts, Rounds
from scheduler.cards import Shelf
from scheduler.checking import Checked
from scheduler.cli.absent import absent, left_out
from scheduler.cli.alerts import facts_of, outside
from scheduler.cli.check import examine
from scheduler.cli.options import CALENDAR, CampaignFile, Folders, LedgerAt, ledger_at
from scheduler.cli.telling import say, say_problems, talk
from scheduler.cli.vaults import vault, worker
from scheduler.daemon import EVERY, Daemon, Stalled, WallClock
from scheduler.errors import Problem
from scheduler.ledger import Ledger, questions
from scheduler.model import Account, Campaign, Coalition, Grant, Places, State
from scheduler.platforms import Platform
from scheduler.publishing import (
    CONNECTIONS,
    LEASE,
    Deadman,
    Means,
    Publisher,
    Tending,
    Vault,
    connected,
    home,
    kept_alive,
    reason_not_live,
    signed_in,
    tokens_of,
)

LEFT_ALONE = "Nothing was published."


def run(
    campaign: CampaignFile = CALENDAR,
    *,
    ledger: LedgerAt = None,
    once: Annotated[
        bool, typer.Option("--once", help="Publish what is due now, then end.")
    ] = False,
    every: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="Look at least this often.")
    ] = EVERY,
    lease: Annotated[
        float,
        typer.Option(
            min=1, metavar="SECONDS", help="After this time a silent worker is taken for lost."
        ),
    ] = LEASE.total_seconds(),
    connections: Annotated[
        int, typer.Option(min=1, max=256, help="Accounts that are served at the same time.")
    ] = CONNECTIONS,
) -> None:
    """Publish what is due, for as long as it runs; edits of the calendar are taken up."""
    logging.basicConfig(
        level=logging.INFO,
        format="%(message)s",
        handlers=[RichHandler(console=talk, show_path=False, log_time_format="%Y-%m-%d %H:%M:%S")],
    )
    for library in ("apscheduler", "alembic"):
        logging.getLogger(library).setLevel(logging.WARNING)
    reader = _Reader(campaign, ledger)
    first = reader.read()
    if first is None:
        say(LEFT_ALONE)
        raise typer.Exit(1)
    with Ledger(ledger_at(campaign, ledger)) as opened:
        kept = vault(campaign, opened, worker())
        means = _means(campaign, opened, kept, lease, connections)
        rounds = Rounds(outside(campaign, opened))
        if once:
            _once(means, *first, tell=lambda: _tell(rounds, reader))
        else:
            del first  # the daemon reads it itself, and there is room for one of them only
            tending = _tending(campaign, opened, kept)
            alarm = Alarm(rounds, reader.facts)
            _until_told(campaign, reader, means, tending=tending, every=every, alarm=alarm)


class _Reader:
    """Reads the calendar, and says what is wrong with it."""

    def __init__(self, file: Path, ledger: str | None) -> None:
        self._file = file
        self._ledger = ledger
        self._facts: CalendarFacts | None = None

    def facts(self) -> CalendarFacts | None:
        """What of the calendar decides whom to tell of what, as it was taken up last."""
        if self._facts is None or self._file.exists():
            return self._facts
        gone = Problem(file=self._file.name, code="no-file", message="it is not there")
        return self._facts.with_mistakes([gone])

    def read(self) -> tuple[Coalition, Mapping[tuple[str, str], str]] | None:
        checked = examine(self._file, None, ledger=self._ledger)
        coalition = checked.taken_up
        self._remember(checked, coalition)
        if coalition is None:
            say_problems(checked.problems, ending="This calendar is not taken up.")
            return None
        if not checked.sound:
            say_problems(checked.problems, ending=self._ending(checked))
        return _without_places(coalition), checked.held

    def _remember(self, checked: Checked, coalition: Coalition | None) -> None:
        if coalition is not None:
            self._facts = facts_of(checked, coalition, before=self._facts)
        elif self._facts is not None:
            self._facts = self._facts.with_mistakes(checked.problems)

    def _ending(self, checked: Checked) -> str:
        posts = ", ".join(sorted({post for post, _ in checked.held}))
        held = f"Held back: {posts}." if posts else ""
        return " ".join(filter(None, (held, self._silent(checked))))

    def _silent(self, checked: Checked) -> str:
        names = absent(self._file, checked.coalition, checked.refused) if checked.coalition else ()
        return left_out("These stay silent", names) if names else ""


def _without_places(coalition: Coalition) -> Coalition:
    """As a daemon keeps it for weeks: where each value was written takes more than what it says."""
    campaigns = {
        id_: replace(campaign, places=Places(file=campaign.places.file, keys={}, values={}))
        for id_, campaign in coalition.campaigns.items()
    }
    return replace(coalition, campaigns=MappingProxyType(campaigns))


def _means(campaign: Path, ledger: Ledger, kept: Vault, lease: float, connections: int) -> Means:
    root = campaign.resolve().parent

    def renew(account: Account) -> Grant | None:
        tokens = tokens_of(account, root=root, environment=os.environ, vault=kept)
        return kept_alive(account, tokens, kept, now=kept.now())

    return Means(
        ledger=ledger,
        clock=WallClock(),
        shelf=Shelf(Folders(campaign).shelf),
        connect=lambda account: signed_in(account, root=root, environment=os.environ, vault=kept),
        renew=renew,
        gate=partial(reason_not_live, home=home(ledger)),
        connections=connections,
        worker=kept.worker,
        lease=timedelta(seconds=lease),
        deadman=Deadman(timedelta(seconds=lease)),
    )


def _tending(campaign: Path, ledger: Ledger, kept: Vault) -> Tending:
    root = campaign.resolve().parent

    def connect(account: Account) -> tuple[Platform, StoredTokens]:
        tokens = tokens_of(account, root=root, environment=os.environ, vault=kept)
        return connected(account, tokens, root=root, environment=os.environ), tokens

    return Tending(ledger=ledger, vault=kept, now=kept.now, connect=connect)


def _tell(rounds: Rounds, reader: _Reader) -> None:
    facts = reader.facts()
    if facts is not None:
        rounds.round(facts)


def _once(
    means: Means,
    coalition: Coalition,
    held: Mapping[tuple[str, str], str],
    *,
    tell: Callable[[], None],
) -> None:
    campaign = coalition.own
    before = _states(means.ledger, campaign)
    with Publisher(means) as publisher:
        publisher.take(coalition, held)
        seen = None
        # Until nothing moves any more: what is left then is in another process's hands, or waits.
        while seen != (seen := _states(means.ledger, campaign)):
            publisher.tick()
            publisher.wait()
    tell()
    after = _states(means.ledger, campaign)
    told = [f"{list(after.values()).count(state)} {state}" for state in State]
    say(f"{', '.join(line for line in told if not line.startswith('0 ')) or 'nothing planned'}.")
    if any(state in _FOR_A_PERSON and before.get(key) is not state for key, state in after.items()):
        say("Somebody must look: campaign status")
        raise typer.Exit(1)


#: States that do not end well without somebody.
_FOR_A_PERSON = (State.HELD, State.UNCONFIRMED, State.REJECTED, State.MISSED)


def _until_told(
    file: Path, reader: _Reader, means: Means, *, tending: Tending, every: float, alarm: Alarm
) -> None:
    daemon: Daemon
    publisher = Publisher(means, on_rest=lambda: daemon.wake())  # noqa: PLW0108 (there is no daemon yet)
    daemon = Daemon(
        file,
        read=reader.read,
        publisher=publisher,
        tend=tending.tend,
        every=every,
        on_look=alarm.looked,
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        daemon.stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    say(f"Publishing {file}. Stop with Ctrl-C; nothing is lost by it.")
    alarm.start()
    try:
        daemon.run()
    except Stalled as error:
        say(f"Stopped: {error}. Start it again; nothing is lost by it.")
        os._exit(3)  # a thread that hangs would keep the process
    alarm.close()
    say("Stopped. What is planned waits in the ledger.")


def _states(ledger: Ledger, campaign: Campaign) -> dict[str, State]:
    entries = ledger.read(lambda connection: questions.entries(connection, campaign.id))
    return {entry.key: entry.state for entry in entries}
