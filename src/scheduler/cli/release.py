"""campaign release: let an account publish again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from scheduler.cli.absent import sound_part, where_sought
from scheduler.cli.options import CALENDAR, CampaignFile, Folders, LedgerFile
from scheduler.cli.telling import say
from scheduler.errors import Problem, UserError
from scheduler.ledger import Ledger
from scheduler.naming import nearest


def release(
    account: Annotated[str, typer.Argument(help="The account's name in the calendar.")],
    campaign: CampaignFile = CALENDAR,
    ledger: LedgerFile = None,
) -> None:
    """Let an account publish again that its platform had refused: mend the cause first."""
    coalition, _ = sound_part(campaign)
    known = [name for each in coalition.campaigns.values() for name in each.accounts]
    if account not in known:
        raise UserError(
            [
                Problem(
                    file=campaign.name,
                    code="unknown-account",
                    message=f'there is no account "{account}"{where_sought(coalition)}',
                    hint=nearest(account, known),
                )
            ]
        )
    file = ledger or Folders(campaign).ledger
    if not file.exists():
        say("Nothing has run yet, so nothing is held.")
        return
    with Ledger(file) as opened:
        released = opened.write(
            lambda connection: moves.release(
                connection, coalition.own.id, account, now=datetime.now(UTC)
            )
        )
    if released:
        say(f"{account} may publish again, from the next look on. What was too late stays missed.")
    else:
        say(f"{account} was not held by the program.")
