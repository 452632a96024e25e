"""Ends a process that slept while something was about to be sent; does nothing on Windows.

Between the last look and the first byte nobody can look again: a process that is stopped just there
(a debugger, a paused container) and resumed after its lease would send what others have settled
meanwhile. An alarm that nobody handles ends it before its next instruction: the kernel delivers
what is overdue first. Whatever it was doing, the ledger knows, and the next start goes on.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

#: Of the lease: well before others take what is armed for lost.
_SHARE = 0.75


class Deadman:
    """One for the whole process. The alarm is put off by whoever is seen to be awake."""

    def __init__(self, lease: timedelta) -> None:
        self._seconds = lease.total_seconds() * _SHARE
        self._lock = threading.Lock()
        self._sending = 0

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Around the last look and the send. `awake` must be called more often than the alarm."""
        with self._lock:
            self._sending += 1
            _alarm_in(self._seconds)
        try:
            yield
        finally:
            with self._lock:
                self._sending -= 1
                _alarm_in(self._seconds if self._sending else 0)

    def awake(self) -> None:
        """This process runs: a send that merely takes its time is no reason to end it."""
        with self._lock:
            if self._sending:
                _alarm_in(self._seconds)


def _alarm_in(seconds: float) -> None:
    """SIGALRM is left as it is when a program starts: it ends the process. 0 takes it back."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
