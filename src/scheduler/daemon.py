"""What wakes the publishing: one look-job, at least once a minute, and again after each delivery.

The only door to APScheduler. It holds no job for any post: a job would be lost with the process,
and would sleep through a jump of the clock. What is due is asked of the ledger, on the wall clock.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler.calendar import FONTS, files, holds_file, read_holds, template_files
from scheduler.ledger import FirstDayMoved
from scheduler.model import Coalition
from scheduler.publishing import Publisher

log = logging.getLogger(__name__)

#: Seconds between two looks at most. It is also how late an edit of the calendar is seen.
EVERY = 60.0
#: Seconds without a finished look after which the watch gives up.
PATIENCE = 600.0

#: Linux stops its monotonic clock while the machine sleeps; what was armed grows older meanwhile.
_ASLEEP_TOO: int | None = getattr(time, "CLOCK_BOOTTIME", None)

#: Seconds between two looks at the accounts; the first one follows upon the calendar.
TEND_EVERY = 60.0

#: Does for the accounts what must be done while nothing is due, for as long as it may go on.
Tend = Callable[[Coalition, Callable[[], bool]], None]

#: Reads the calendar again: who says what, why a post must be held back, by post and account, and
#: a name for the files as they were read. None when it cannot be taken up at all. It says by itself
#: what is wrong.
Reader = Callable[[], tuple[Coalition, Mapping[tuple[str, str], str], str] | None]


class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Goes on while the machine sleeps, where the system can tell."""
        return time.monotonic() if _ASLEEP_TOO is None else time.clock_gettime(_ASLEEP_TOO)

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


class Stalled(Exception):
    """The scheduler has stopped looking: the process must end, so that a supervisor restarts it."""


class Daemon:
    """Publishes a calendar until it is told to stop, and takes up its edits meanwhile."""

    def __init__(
        self,
        file: Path,
        *,
        read: Reader,
        publisher: Publisher,
        tend: Tend | None = None,
        every: float = EVERY,
        patience: float = PATIENCE,
        on_look: Callable[[bool], None] = lambda _good: None,
    ) -> None:
        """`on_look` is told after each look whether it went well; it returns at once."""
        self._file = file
        self._read = read
        self._publisher = publisher
        self._tend_to = tend
        self._every = every
        self._patience = patience
        self._on_look = on_look
        self._stopping = False
        self._told: SimpleQueue[None] = SimpleQueue()
        self._looking = threading.Lock()
        self._asking = threading.Lock()
        #: Somebody wants a look that has not begun yet.
        self._asked = False
        self._seen: tuple[object, ...] | None = None
        self._last_look = time.monotonic()
        self._scheduler = BackgroundScheduler(
            timezone=UTC, executors={"default": ThreadPoolExecutor(3)}
        )

    def stop(self) -> None:
        """Begin nothing more; `run` returns when what is under way has ended.

        Safe in a signal handler: it takes no lock, which the interrupted code might hold.
        """
        self._stopping = True
        self._told.put(None)

    def wake(self) -> None:
        """Look again at once, or as soon as the look that is under way has ended."""
        with self._asking:
            asked, self._asked = self._asked, True
        if not asked:
            self._look_again(datetime.now(UTC))

    @property
    def silent(self) -> float:
        """Seconds since a look has ended."""
        return time.monotonic() - self._last_look

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
        self._scheduler.add_job(
            self._tend,
            "interval",
            seconds=TEND_EVERY,
            id="tend",
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        try:
            self._watch()
        except Stalled:
            self._end(wait=False)  # the look that hangs would be waited for without end
            raise
        self._end(wait=True)
        self._publisher.close()

    def _end(self, *, wait: bool) -> None:
        with self._asking:
            self._stopping = True
        self._scheduler.shutdown(wait=wait)

    def _watch(self) -> None:
        """Ask for a look in any case, and notice when none ends any more.

        APScheduler waits for an hour on the wall clock, which may be set back, and its thread can
        die unseen (a locked file is enough). This loop knows only the time that passes.
        """
        while not self._stopping:
            with suppress(Empty):
                self._told.get(timeout=self._every)
            if (silent := self.silent) > self._patience:
                raise Stalled(f"no look at the calendar has ended for {silent:.0f} seconds")
            # Whether one was asked for or not: the clock may have been set back since.
            self._look_again(datetime.now(UTC))

    def _tend(self) -> None:
        """Beside the looks: a platform that answers slowly keeps nothing from going out."""
        coalition = self._publisher.coalition
        if self._tend_to is None or coalition is None or self._stopping:
            return
        try:
            self._tend_to(coalition, lambda: not self._stopping)
        except Exception:
            log.exception("tending the accounts failed", extra={"action": "tend"})

    def _tend_soon(self) -> None:
        with self._asking:
            if not self._stopping and self._scheduler.running:
                self._scheduler.modify_job("tend", next_run_time=datetime.now(UTC))

    def _look(self) -> None:
        following = None
        with self._looking:
            if self._stopping:
                return
            with self._asking:
                self._asked = False
            good = False
            try:
                seen = self._take_up_edits()
                following = self._publisher.tick()
                good = seen
            except Exception:
                # A full disk, a locked ledger: the next look tries again.
                log.exception("this look failed", extra={"action": "look"})
            self._on_look(good)
            self._last_look = time.monotonic()
        latest = datetime.now(UTC) + timedelta(seconds=self._every)
        self._look_again(min(following or latest, latest))

    def _look_again(self, at: datetime) -> None:
        # APScheduler waits for the running look while it holds the lock that `modify_job` needs:
        # once it shuts down, nobody may ask any more.
        with self._asking:
            if not self._stopping and self._scheduler.running:
                now = datetime.now(UTC)
                # In the past, APScheduler would count every look that was missed since.
                self._scheduler.modify_job(
                    "look", next_run_time=now if self._asked else max(now, at)
                )

    def _take_up_edits(self) -> bool:
        """Whether the calendar could be seen at all."""
        try:
            seen = self._now_seen()
        except OSError as error:
            log.warning("the calendar cannot be seen: %s", error, extra={"action": "reload"})
            return False
        if seen != self._seen:
            self._take_up(seen)
        return True

    def _take_up(self, seen: tuple[object, ...]) -> None:
        read = self._read()
        if read is None:
            log.warning("going on with the last good calendar", extra={"action": "reload"})
            self._follow_holds()
            self._seen = seen
            return
        try:
            synced = self._publisher.take(*read)
        except FirstDayMoved as error:
            self._seen = seen
            log.error("not taken up: %s", error, extra={"action": "reload"})  # noqa: TRY400
            return
        # Only now: what the ledger could not take (a full disk) is tried again at the next look.
        self._seen = seen
        self._tend_soon()
        _give_back()
        log.info(
            "calendar taken up: %d new, %d moved, %d cancelled",
            synced.added,
            synced.moved,
            synced.cancelled,
            extra={"action": "reload"},
        )

    def _follow_holds(self) -> None:
        """A hold counts at once, whatever is wrong with the calendar beside it."""
        coalition = self._publisher.coalition
        if coalition is None:
            return
        held = read_holds(self._file, coalition)
        for problem in held.problems:
            log.error("%s", problem, extra={"action": "reload"})
        self._publisher.take_holds(held.holds, held.silenced)

    def _now_seen(self) -> tuple[object, ...]:
        """What changes with an edit. Raises `OSError` when the calendar's own file is not there."""
        self._file.stat()
        return (
            # Read anew every day: consents end and figures fall due for review without any edit.
            datetime.now(UTC).date(),
            *((name, _marks(path)) for name, path in files(self._file).items()),
            _marks(holds_file(self._file)),
            # A font that is laid down there mends cards that nothing could write.
            _marks(self._file.parent / FONTS),
            *((path.name, _marks(path)) for path in template_files(self._file.parent)),
        )


def _give_back() -> None:
    """Reading a calendar takes several times what is kept of it, and glibc would keep it all."""
    gc.collect()
    with suppress(OSError, AttributeError):  # elsewhere the system does so by itself
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _marks(file: Path) -> tuple[int, ...] | None:
    """What an edit of one file changes: also the right to read it, which `st_ctime_ns` tells.

    None when it cannot be seen. That is a state like any other, so that one member's broken link
    keeps nobody else's edit from being taken up.
    """
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size
