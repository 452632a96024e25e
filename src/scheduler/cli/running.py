"""A process that publishes until a signal: what it needs on this machine, what goes beside it."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import FrameType

from rich.logging import RichHandler

from scheduler.accounts import StoredTokens
from scheduler.alerting import Alarm
from scheduler.cli.shelving import shelf_of
from scheduler.cli.taking_up import Reader
from scheduler.cli.telling import say, talk
from scheduler.cluster import Cluster
from scheduler.daemon import PATIENCE, Daemon, Stalled, WallClock
from scheduler.ledger import Ledger
from scheduler.model import Account, Coalition, Grant
from scheduler.platforms import Platform
from scheduler.publishing import (
    LEASE,
    Deadman,
    DrawingOnce,
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
LEASE_SECONDS = LEASE.total_seconds()


def write_log() -> None:
    """What happens, as it happens, to standard error."""
    logging.basicConfig(
        level=logging.INFO,
        format="%(message)s",
        handlers=[RichHandler(console=talk, show_path=False, log_time_format="%Y-%m-%d %H:%M:%S")],
    )
    for library in ("apscheduler", "alembic", "procrastinate", "psycopg.pool"):
        logging.getLogger(library).setLevel(logging.WARNING)


# ── what publishing needs on this machine ─────────────────────────────────────────────────────────


def means_of(
    campaign: Path,
    ledger: Ledger,
    kept: Vault,
    *,
    lease: float,
    connections: int,
    plans: bool = True,
) -> Means:
    """What publishing needs on this machine; `plans` as in `Means`."""
    root, clock = campaign.resolve().parent, WallClock()
    once = DrawingOnce(ledger=ledger, clock=clock, worker=kept.worker) if ledger.shared else None

    def renew(account: Account) -> Grant | None:
        tokens = tokens_of(account, root=root, environment=os.environ, vault=kept)
        return kept_alive(account, tokens, kept, now=kept.now())

    return Means(
        ledger=ledger,
        clock=clock,
        shelf=shelf_of(campaign, once=once),
        connect=lambda account: signed_in(account, root=root, environment=os.environ, vault=kept),
        renew=renew,
        gate=partial(reason_not_live, home=home(ledger)),
        connections=connections,
        worker=kept.worker,
        lease=timedelta(seconds=lease),
        deadman=Deadman(timedelta(seconds=lease)),
        plans=plans,
    )


def tending_of(campaign: Path, ledger: Ledger, kept: Vault) -> Tending:
    """What is done for the accounts while nothing is due."""
    root = campaign.resolve().parent

    def connect(account: Account) -> tuple[Platform, StoredTokens]:
        tokens = tokens_of(account, root=root, environment=os.environ, vault=kept)
        return connected(account, tokens, root=root, environment=os.environ), tokens

    return Tending(ledger=ledger, vault=kept, now=kept.now, connect=connect)


def cluster_of(ledger: Ledger, written: str | None, coalition: Coalition) -> Cluster | None:
    """The other workers, on a ledger that machines share."""
    return Cluster(written, coalition.own.id) if ledger.shared and written else None


# ── until a signal ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Where numbers of a campaign are served to whoever watches."""

    campaign: str
    #: An address and a port.
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What one process does beside publishing; another may have none of it."""

    tending: Tending | None = None
    alarm: Alarm | None = None
    cluster: Cluster | None = None
    #: Whether other workers may ring this one.
    listens: bool = False
    watched: Watched | None = None


def until_told(file: Path, reader: Reader, means: Means, every: float, beside: Beside) -> None:
    """Publish until a signal."""
    daemon: Daemon
    publisher = Publisher(
        means,
        on_rest=lambda: daemon.wake(),  # noqa: PLW0108 (there is no daemon yet)
        on_more=beside.cluster.ring if beside.cluster else lambda: None,
    )
    daemon = Daemon(
        file,
        read=reader.read,
        publisher=publisher,
        tend=beside.tending.tend if beside.tending else None,
        every=every,
        on_look=beside.alarm.looked if beside.alarm else lambda _good: None,
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        daemon.stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    say(f"Publishing {file}. Stop with Ctrl-C; nothing is lost by it.")
    with _going_on(beside, means, daemon):
        try:
            daemon.run()
        except Stalled as error:
            say(f"Stopped: {error}. Start it again; nothing is lost by it.")
            os._exit(3)  # a thread that hangs would keep the process
    say("Stopped. What is planned waits in the ledger.")


@contextmanager
def _going_on(beside: Beside, means: Means, daemon: Daemon) -> Iterator[None]:
    with ExitStack() as ending:
        if beside.alarm:
            beside.alarm.start()
            ending.callback(beside.alarm.close)
        if beside.cluster:
            ending.callback(beside.cluster.close)
            if beside.listens:
                beside.cluster.listen(daemon.wake)
        if beside.watched:
            _serve_numbers(ending, beside.watched, means, daemon)
        yield


def _serve_numbers(ending: ExitStack, watched: Watched, means: Means, daemon: Daemon) -> None:
    from scheduler.metering import Meter, Metering  # noqa: PLC0415 (only where it is asked for)

    meter = Meter(
        means.ledger,
        watched.campaign,
        now=means.clock.now,
        looked=lambda: daemon.silent,
        patience=PATIENCE,
    )
    address, _, port = watched.at.rpartition(":")
    ending.enter_context(Metering(meter, address, int(port)))
