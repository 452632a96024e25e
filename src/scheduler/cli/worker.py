"""campaign worker: publishes what another process has planned, on any number of machines."""

from __future__ import annotations

from typing import Annotated

import typer

from scheduler.cli import vaults
from scheduler.cli.options import CALENDAR, CampaignFile, Connections, Every, Lease, MetricsAt
from scheduler.cli.running import (
    LEASE_SECONDS,
    LEFT_ALONE,
    Beside,
    Watched,
    cluster_of,
    means_of,
    until_told,
    write_log,
)
from scheduler.cli.taking_up import Reader
from scheduler.cli.telling import say
from scheduler.daemon import EVERY
from scheduler.errors import Problem, UserError
from scheduler.ledger import Ledger
from scheduler.publishing import CONNECTIONS


def worker(
    campaign: CampaignFile = CALENDAR,
    *,
    ledger: Annotated[
        str,
        typer.Option(
            "--ledger",
            envvar="CAMPAIGN_LEDGER",
            metavar="URL",
            help="postgresql://…, the same for all.",
        ),
    ],
    every: Every = EVERY,
    lease: Lease = LEASE_SECONDS,
    connections: Connections = CONNECTIONS,
    metrics: MetricsAt = None,
) -> None:
    """Publish, beside others, what `campaign run` has planned on a ledger that machines share.

    It plans nothing itself, and publishes only while its calendar is the one that was taken up.
    """
    write_log()
    if "://" not in ledger:
        raise UserError([_one_machine(ledger)])
    reader = Reader(campaign, ledger)
    first = reader.read()
    if first is None:
        say(LEFT_ALONE)
        raise typer.Exit(1)
    with Ledger(ledger) as opened:
        kept = vaults.vault(campaign, opened, vaults.worker())
        means = means_of(campaign, opened, kept, lease=lease, connections=connections, plans=False)
        beside = Beside(
            cluster=cluster_of(opened, ledger, first[0]),
            listens=True,
            watched=Watched(campaign=first[0].own.id, at=metrics) if metrics else None,
        )
        del first
        until_told(campaign, reader, means, every, beside)


def _one_machine(ledger: str) -> Problem:
    return Problem(
        file=ledger,
        code="ledger",
        message="workers share a ledger on PostgreSQL, and this is a file",
        hint="campaign run is enough for one machine; "
        "campaign ledger move FILE postgresql://… takes a ledger along",
    )
