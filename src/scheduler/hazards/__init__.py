"""The world around a rehearsal, in which things go wrong by a seed.

Servers go away, clocks jump, workers die, the disk is full, the calendar is edited while its posts
are under way. Nothing in the publishing path knows of it: what happens, happens to its clock, to
its adapters and to its way to the ledger. A coordinator is played too: an account that the program
held is released an hour later.

One account is served after the other, so that the same seed is the same rehearsal to the letter.
"""

from scheduler.hazards.coordinating import RELEASED_AFTER
from scheduler.hazards.injected import Injected, Tally
from scheduler.hazards.machine import PATIENCE
from scheduler.hazards.world import World

__all__ = ["PATIENCE", "RELEASED_AFTER", "Injected", "Tally", "World"]
