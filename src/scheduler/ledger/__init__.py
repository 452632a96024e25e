"""What was decided and done: the only truth about what is public.

`questions` change nothing; `moves` are the steps of a delivery, `syncing` brings a calendar's plan,
`deciding` keeps what people decide, `pacing` counts, `alerting` keeps who was told of what. Each is
a short function of a connection, for `Ledger.read` or `Ledger.write`.
"""

from sqlalchemy import Connection

from scheduler.ledger.alerting import Reached, Telling
from scheduler.ledger.deciding import Binding, HoldEntry, Origin
from scheduler.ledger.entries import Attempt, Entry, Outrun, SaidAlready, digest
from scheduler.ledger.questions import Due
from scheduler.ledger.sqlite import BUSY
from scheduler.ledger.store import Ledger
from scheduler.ledger.syncing import FirstDayMoved, Synced

__all__ = [
    "BUSY",
    "Attempt",
    "Binding",
    "Connection",
    "Due",
    "Entry",
    "FirstDayMoved",
    "HoldEntry",
    "Ledger",
    "Origin",
    "Outrun",
    "Reached",
    "SaidAlready",
    "Synced",
    "Telling",
    "digest",
]
