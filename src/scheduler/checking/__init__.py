"""Every problem in one list: the calendar's own, and those that only a draft shows."""

from scheduler.checking.fitting import excesses, unfit
from scheduler.checking.outcome import Checked
from scheduler.checking.public import against_public
from scheduler.checking.whole import check

__all__ = ["Checked", "against_public", "check", "excesses", "unfit"]
