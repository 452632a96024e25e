"""What wakes the publishing: one look-job, at least once a minute, and again after each delivery.

The only door to APScheduler. It holds no job for any post: a job would be lost with the process,
and would sleep through a jump of the clock. What is due is asked of the ledger, on the wall clock.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler.model import Campaign
from scheduler.publishing import Publisher

log = logging.getLogger(__name__)

#: Seconds between two looks at most. It is also how late an edit of the calendar is seen.
EVERY = 60.0
#: The watch gives up when no look has ended for so many of these.
_PATIENCE = 10

#: Reads the calendar file again: the campaign, and why some of its posts must be held back, by id.
#: None when it cannot be taken up at all. It says by itself what is wrong.
Reader = Callable[[], tuple[Campaign, Mapping[str, str]] | None]


class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class Stalled(Exception):
    """The scheduler has stopped looking: the process must end, so that a supervisor restarts it."""


class Daemon:
    """Publishes a calendar until it is told to stop, and takes up its edits meanwhile."""

    def __init__(
        self, file: Path, *, read: Reader, publisher: Publisher, every: float = EVERY
    ) -> None:
        self._file = file
        self._read = read
        self._publisher = publisher
        self._every = every
        self._stopping = False
        self._told: SimpleQueue[None] = SimpleQueue()
        self._looking = threading.Lock()
        self._asking = threading.Lock()
        self._seen: tuple[int, int, date] | None = None
        self._last_look = time.monotonic()
        self._scheduler = BackgroundScheduler(
            timezone=UTC, executors={"default": ThreadPoolExecutor(2)}
        )

    def stop(self) -> None:
        """Begin nothing more; `run` returns when what is under way has ended.

        Safe in a signal handler: it takes no lock, which the interrupted code might hold.
        """
        self._stopping = True
        self._told.put(None)

    def wake(self) -> None:
        """Look again at once."""
        self._look_again(datetime.now(UTC))

    def run(self) -> None:
        """Publish until `stop`. Raises `Stalled` when the scheduler no longer looks."""
        self._scheduler.add_job(
            self._look,
            "interval",
            seconds=self._every,
            id="look",
            next_run_time=datetime.now(UTC),
            coalesce=True,
            misfire_grace_time=None,
            # A look that was asked for while one is under way waits for it, and is not dropped.
            max_instances=2,
        )
        self._scheduler.start()
        try:
            self._watch()
        finally:
            with self._asking:
                self._stopping = True
            self._scheduler.shutdown(wait=True)
            self._publisher.close()

    def _watch(self) -> None:
        """APScheduler's thread can die unseen (a locked file is enough): somebody must notice."""
        while not self._stopping:
            with suppress(Empty):
                self._told.get(timeout=self._every)
            silent = time.monotonic() - self._last_look
            if silent > self._every * _PATIENCE:
                raise Stalled(f"no look has ended for {silent:.0f} seconds")

    def _look(self) -> None:
        with self._looking:
            if self._stopping:
                return
            self._take_up_edits()
            following = self._publisher.tick()
            self._last_look = time.monotonic()
        latest = datetime.now(UTC) + timedelta(seconds=self._every)
        self._look_again(min(following or latest, latest))

    def _look_again(self, at: datetime) -> None:
        # APScheduler waits for the running look while it holds the lock that `modify_job` needs:
        # once it shuts down, nobody may ask any more.
        with self._asking:
            if not self._stopping and self._scheduler.running:
                self._scheduler.modify_job("look", next_run_time=at)

    def _take_up_edits(self) -> None:
        try:
            stat = self._file.stat()
        except OSError as error:
            log.warning("the calendar cannot be seen: %s", error, extra={"action": "reload"})
            return
        # Read anew every day: consents end and figures fall due for review without any edit.
        seen = (stat.st_mtime_ns, stat.st_size, datetime.now(UTC).date())
        if seen == self._seen:
            return
        read = self._read()
        self._seen = seen
        if read is None:
            log.warning("going on with the last good calendar", extra={"action": "reload"})
            return
        synced = self._publisher.take(*read)
        log.info(
            "calendar taken up: %d new, %d moved, %d cancelled",
            synced.added,
            synced.moved,
            synced.cancelled,
            extra={"action": "reload"},
        )
