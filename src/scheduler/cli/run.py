"""campaign run: the daemon, or one round of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from scheduler.alerting import Alarm, Rounds
from scheduler.cli.alerts import outside
from scheduler.cli.options import (
    CALENDAR,
    CampaignFile,
    Connections,
    Every,
    Lease,
    LedgerAt,
    MetricsAt,
    ledger_at,
)
from scheduler.cli.running import (
    LEASE_SECONDS,
    LEFT_ALONE,
    Beside,
    Watched,
    cluster_of,
    means_of,
    tending_of,
    until_told,
    write_log,
)
from scheduler.cli.taking_up import Reader
from scheduler.cli.telling import say
from scheduler.cli.vaults import vault, worker
from scheduler.daemon import EVERY
from scheduler.ledger import Ledger, questions
from scheduler.model import Campaign, Coalition, State
from scheduler.publishing import CONNECTIONS, Means, Publisher


def run(
    campaign: CampaignFile = CALENDAR,
    *,
    ledger: LedgerAt = None,
    once: Annotated[
        bool, typer.Option("--once", help="Publish what is due now, then end.")
    ] = False,
    every: Every = EVERY,
    lease: Lease = LEASE_SECONDS,
    connections: Connections = CONNECTIONS,
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
        kept = vault(campaign, opened, worker())
        means = means_of(campaign, opened, kept, lease=lease, connections=connections)
        rounds = Rounds(outside(campaign, opened))
        if once:
            _once(means, *first, tell=lambda: _tell(rounds, reader))
            return
        beside = Beside(
            tending=tending_of(campaign, opened, kept),
            alarm=Alarm(rounds, reader.facts),
            cluster=cluster_of(opened, ledger, first[0]),
            watched=Watched(campaign=first[0].own.id, at=metrics) if metrics else None,
        )
        del first  # the daemon reads it itself, and there is room for one of them only
        until_told(campaign, reader, means, every, beside)


def _tell(rounds: Rounds, reader: Reader) -> None:
    facts = reader.facts()
    if facts is not None:
        rounds.round(facts)


def _once(
    means: Means,
    coalition: Coalition,
    held: Mapping[tuple[str, str], str],
    files: str,
    *,
    tell: Callable[[], None],
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
    tell()
    after = _states(means.ledger, campaign)
    told = [f"{list(after.values()).count(state)} {state}" for state in State]
    say(f"{', '.join(line for line in told if not line.startswith('0 ')) or 'nothing planned'}.")
    if any(state in _FOR_A_PERSON and before.get(key) is not state for key, state in after.items()):
        say("Somebody must look: campaign status")
        raise typer.Exit(1)


#: States that do not end well without somebody.
_FOR_A_PERSON = (State.HELD, State.UNCONFIRMED, State.REJECTED, State.MISSED)


def _states(ledger: Ledger, campaign: Campaign) -> dict[str, State]:
    entries = ledger.read(lambda connection: questions.entries(connection, campaign.id))
    return {entry.key: entry.state for entry in entries}
