"""campaign run: the daemon, or one round of it."""

from __future__ import annotations

import logging
import os
import signal
import socket
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import Annotated

import typer
from rich.logging import RichHandler

from scheduler.calendar import edition
from scheduler.cards import Shelf
from scheduler.checking import Checked
from scheduler.cli.absent import absent, left_out
from scheduler.cli.check import examine
from scheduler.cli.options import (
    CALENDAR,
    CampaignFile,
    Folders,
    LedgerAt,
    MetricsAt,
    ledger_at,
)
from scheduler.cli.telling import say, say_problems, talk
from scheduler.cluster import Cluster
from scheduler.daemon import EVERY, PATIENCE, Daemon, Stalled, WallClock
from scheduler.ledger import Ledger, questions
from scheduler.model import Campaign, Coalition, Places, State
from scheduler.publishing import (
    CONNECTIONS,
    LEASE,
    Deadman,
    DrawingOnce,
    Means,
    Publisher,
    home,
    reason_not_live,
    signed_in,
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
        int,
        typer.Option(min=1, max=256, help="Accounts served at once, on each platform."),
    ] = CONNECTIONS,
    metrics: MetricsAt = None,
) -> None:
    """Publish what is due, for as long as it runs; edits of the calendar are taken up."""
    write_log()
    reader = Reader(campaign, ledger)
    first = reader.read()
    if first is None:
        say(LEFT_ALONE)
        raise typer.Exit(1)
    with Ledger(ledger_at(campaign, ledger)) as opened:
        means = means_of(campaign, opened, lease=lease, connections=connections)
        if once:
            _once(means, *first)
            return
        cluster, shown = cluster_of(opened, ledger, first[0]), first[0].own.id
        del first  # the daemon reads it itself, and there is room for one of them only
        told = Told(campaign=shown, at=metrics) if metrics else None
        until_told(campaign, reader, means, every, cluster=cluster, told=told)


def write_log() -> None:
    """What happens, as it happens, to standard error."""
    logging.basicConfig(
        level=logging.INFO,
        format="%(message)s",
        handlers=[RichHandler(console=talk, show_path=False, log_time_format="%Y-%m-%d %H:%M:%S")],
    )
    for library in ("apscheduler", "alembic", "procrastinate", "psycopg.pool"):
        logging.getLogger(library).setLevel(logging.WARNING)


class Reader:
    """Reads the calendar, and says what is wrong with it."""

    def __init__(self, file: Path, ledger: str | None) -> None:
        self._file = file
        self._ledger = ledger

    def read(self) -> tuple[Coalition, Mapping[tuple[str, str], str], str] | None:
        files = edition(self._file)  # an edit meanwhile is seen at the next look
        checked = examine(self._file, None, ledger=self._ledger)
        coalition = checked.taken_up
        if coalition is None:
            say_problems(checked.problems, ending="This calendar is not taken up.")
            return None
        if not checked.sound:
            say_problems(checked.problems, ending=self._ending(checked))
        return _without_places(coalition), checked.held, files

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


def means_of(
    campaign: Path, ledger: Ledger, *, lease: float, connections: int, plans: bool = True
) -> Means:
    """What publishing needs on this machine; `plans` as in `Means`."""
    clock = WallClock()
    worker = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"
    once = DrawingOnce(ledger=ledger, clock=clock, worker=worker) if ledger.shared else None
    return Means(
        ledger=ledger,
        clock=clock,
        shelf=Shelf(Folders(campaign).shelf, once=once),
        connect=lambda account: signed_in(
            account, root=campaign.resolve().parent, environment=os.environ
        ),
        gate=partial(reason_not_live, home=home(ledger)),
        connections=connections,
        worker=worker,
        lease=timedelta(seconds=lease),
        deadman=Deadman(timedelta(seconds=lease)),
        plans=plans,
    )


def cluster_of(ledger: Ledger, written: str | None, coalition: Coalition) -> Cluster | None:
    """The other workers, on a ledger that machines share."""
    return Cluster(written, coalition.own.id) if ledger.shared and written else None


def _once(
    means: Means, coalition: Coalition, held: Mapping[tuple[str, str], str], files: str
) -> None:
    campaign = coalition.own
    before = _states(means.ledger, campaign)
    with Publisher(means) as publisher:
        publisher.take(coalition, held, files)
        seen = None
        # Until nothing moves any more: what is left then is in another process's hands, or waits.
        while seen != (seen := _states(means.ledger, campaign)):
            publisher.tick()
            publisher.wait()
    after = _states(means.ledger, campaign)
    told = [f"{list(after.values()).count(state)} {state}" for state in State]
    say(f"{', '.join(line for line in told if not line.startswith('0 ')) or 'nothing planned'}.")
    if any(state in _FOR_A_PERSON and before.get(key) is not state for key, state in after.items()):
        say("Somebody must look: campaign status")
        raise typer.Exit(1)


#: States that do not end well without somebody.
_FOR_A_PERSON = (State.HELD, State.UNCONFIRMED, State.REJECTED, State.MISSED)


def until_told(
    file: Path,
    reader: Reader,
    means: Means,
    every: float,
    *,
    cluster: Cluster | None = None,
    listens: bool = False,
    told: Told | None = None,
) -> None:
    """Publish until a signal; `listens` says whether other workers may ring this one."""
    daemon: Daemon
    publisher = Publisher(
        means,
        on_rest=lambda: daemon.wake(),  # noqa: PLW0108 (there is no daemon yet)
        on_more=cluster.ring if cluster else lambda: None,
    )
    daemon = Daemon(file, read=reader.read, publisher=publisher, every=every)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        daemon.stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    say(f"Publishing {file}. Stop with Ctrl-C; nothing is lost by it.")
    if cluster and listens:
        cluster.listen(daemon.wake)
    try:
        with _metering(told, means, daemon) if told else nullcontext():
            daemon.run()
    except Stalled as error:
        say(f"Stopped: {error}. Start it again; nothing is lost by it.")
        os._exit(3)  # a thread that hangs would keep the process
    if cluster:
        cluster.close()
    say("Stopped. What is planned waits in the ledger.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Where numbers of a campaign are served to whoever watches."""

    campaign: str
    #: An address and a port.
    at: str


def _metering(told: Told, means: Means, daemon: Daemon) -> AbstractContextManager[object]:
    from scheduler.metering import Meter, Metering  # noqa: PLC0415 (only where it is asked for)

    meter = Meter(
        means.ledger,
        told.campaign,
        now=means.clock.now,
        looked=lambda: daemon.silent,
        patience=PATIENCE,
    )
    address, _, port = told.at.rpartition(":")
    return Metering(meter, address, int(port))


def _states(ledger: Ledger, campaign: Campaign) -> dict[str, State]:
    entries = ledger.read(lambda connection: questions.entries(connection, campaign.id))
    return {entry.key: entry.state for entry in entries}
