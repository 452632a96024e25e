"""What was decided and done: the only truth about what is public."""

from scheduler.ledger.moves import Attempt, Entry, FirstDayMoved, Outrun, Synced
from scheduler.ledger.store import Ledger

__all__ = ["Attempt", "Entry", "FirstDayMoved", "Ledger", "Outrun", "Synced"]
