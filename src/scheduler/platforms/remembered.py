"""A grant that lives as long as its process: for stand-ins, and until somebody has signed in."""

from __future__ import annotations

import threading
from collections.abc import Callable

from scheduler.model import Grant


class Remembered:
    """One account's grant, shared by the threads of one process; nothing of it is written down."""

    def __init__(self, grant: Grant | None = None) -> None:
        self._lock = threading.Lock()
        self._grant = grant

    def kept(self) -> Grant | None:
        return self._grant

    def renewed(self, spent: Grant | None, renew: Callable[[], Grant]) -> Grant:
        """Another grant than `spent`: the one that is there already, or a new one."""
        with self._lock:
            if self._grant is None or self._grant is spent or self._grant == spent:
                self._grant = renew()
            return self._grant

    def forget(self, spent: Grant) -> None:
        with self._lock:
            if self._grant == spent:
                self._grant = None
