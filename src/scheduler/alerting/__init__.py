"""Who is told what, when something needs a person.

`facts` (what is known at one look) → `matters` (what needs a person) → `telling` (what of it is new
for whom, quiet hours, tomorrow's digest) → `wording`, all of it pure; then `sending`, the door to
Apprise, `rounds`, which writes down who was told, and `alarm`, the thread beside the daemon.
"""

from scheduler.alerting.alarm import Alarm
from scheduler.alerting.facts import (
    CalendarFacts,
    LedgerFacts,
    Room,
    calendar_facts,
    ledger_facts,
    room_at,
)
from scheduler.alerting.matters import Matter, matters
from scheduler.alerting.rounds import Outside, Rounds
from scheduler.alerting.sending import Unreached
from scheduler.alerting.wording import Message, Voice

__all__ = [
    "Alarm",
    "CalendarFacts",
    "LedgerFacts",
    "Matter",
    "Message",
    "Outside",
    "Room",
    "Rounds",
    "Unreached",
    "Voice",
    "calendar_facts",
    "ledger_facts",
    "matters",
    "room_at",
]
