"""The publishing, in processes that end or stop at a point that was chosen beforehand.

Reads an order a line from standard input, forks, and answers how the child ended. The parent has
imported everything and drawn the card, so that a child costs little. Nothing of the product is
touched: the child watches itself from below (the interpreter's audit events, SQLAlchemy's events)
and kills itself where it was told to.

    committing n, committed n     a transaction of the ledger that writes
    publishing n                  bytes of a request that publishes are about to leave
    sending n                     bytes of any other request are
    renaming n, renamed n         the folder platform
    arrived n, public n,          a request, as the platforms see it
    answered n
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import struct
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from datetime import time as hour
from pathlib import Path
from types import MappingProxyType

from classes import CLASSES
from classes.adapters import connect
from classes.campaigns import Stage, coalition, midnight, post
from classes.settling import moving
from classes.standing import Standing
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from scheduler.cards import Shelf
from scheduler.drafting import draft_for
from scheduler.ledger import Ledger, questions
from scheduler.model import Account, CallContent, Coalition, Slide
from scheduler.platforms import Folder, Platform
from scheduler.publishing import Deadman, Means, Publisher

log = logging.getLogger(__name__)

ID = "crash"
ON = date(2036, 11, 25)
KINDS = (*CLASSES, "folder")
#: So long must a process be stopped, in the time that passes, to be ended when it is resumed.
NOTICED = timedelta(seconds=0.4)
#: Points that the platforms notice, in their own process.
OUTSIDE = frozenset({"arrived", "public", "answered"})

_HEAD = re.compile(rb"[A-Z]+ \S+ HTTP/1.1\r\n")
_PUBLISHES = re.compile(rb"(PUT \S+|POST /\w+/posts|POST \S+/publish) ")

_CARD = CallContent(headline="Come today", body="The door is open.")
_SLIDE = Slide(content=_CARD, alt="On the card: Come today. The door is open.")


class SharedClock:
    """One for all processes: how far it has leapt stands in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        if not file.exists():
            file.write_bytes(struct.pack("q", 0))

    def now(self):
        return midnight(ON) + self._leapt()

    def wait(self, seconds: float) -> None:
        """No time passes by itself."""

    def monotonic(self) -> float:
        return self._leapt().total_seconds()

    def leap(self, to) -> None:
        leapt = max(self._leapt(), to - midnight(ON))
        self._file.write_bytes(struct.pack("q", leapt // timedelta(microseconds=1)))

    def _leapt(self) -> timedelta:
        return timedelta(microseconds=struct.unpack("q", self._file.read_bytes())[0])


def said(kind: str, server: str, folder: str) -> Coalition:
    """A thread of two parts, the first of them with a picture, for one account."""
    stage = Stage(server=server)
    account = stage.account(kind, 1)
    if kind == "folder":
        options = MappingProxyType({"directory": str(Path(folder, "published"))})
        account = Account(name=account.name, platform="folder", options=options)
    posts = [post(ID, 1, account.name, at=hour(), thread=1, slides=(_SLIDE,))]
    return coalition(ID, [account], posts, first_day=ON, root=Path(folder))


def connected(account: Account) -> Platform:
    return connect(account) if "kind" in account.options else Folder(account, tokens=None)


def opened(ledger: str) -> Ledger:
    """A file's path, or the address of a database."""
    return Ledger(ledger if "://" in ledger else Path(ledger))


def publish(order, shelf: Shelf) -> None:
    """All of it, until nothing moves any more by itself."""
    clock = SharedClock(Path(order["clock"]))
    with opened(order["ledger"]) as ledger:
        means = Means(
            ledger=ledger,
            clock=clock,
            shelf=shelf,
            connect=connected,
            gate=lambda *_: None,
            worker=f"worker-{os.getpid()}",
            connections=1,
            deadman=Deadman(NOTICED) if order.get("deadman") else None,
        )
        with Publisher(means) as publisher:
            publisher.take(said(order["kind"], order["server"], order["folder"]))
            while waiting := list(moving(ledger.read(lambda c: questions.entries(c, ID)))):
                clock.leap(min(waiting))
                publisher.tick()
                publisher.wait()


# ── points ────────────────────────────────────────────────────────────────────────────────────────


class Points:
    """Counts the points of this process, writes them down, and ends or stops it at one of them."""

    def __init__(self, written: Path | None, wanted: str, number: int) -> None:
        self._written = written.open("a", buffering=1) if written else None
        self._wanted = wanted
        self._signal = number
        self._counts: Counter[str] = Counter()
        self._renaming = threading.local()
        self._lines: dict[int, str] = {}

    def reach(self, kind: str) -> None:
        self._counts[kind] += 1
        point = f"{kind} {self._counts[kind]}"
        if self._written:
            self._written.write(f"{point}\n")
        if point == self._wanted:
            # Sent to this very thread: it must not take another step before the process stands.
            signal.pthread_kill(threading.get_ident(), self._signal)

    def watch(self) -> None:
        sys.addaudithook(self._audited)
        event.listen(Engine, "after_cursor_execute", _note_write)
        event.listen(Engine, "commit", self._committing)
        event.listen(Pool, "checkin", self._returned)

    def _audited(self, name: str, arguments: tuple[object, ...]) -> None:
        if getattr(self._renaming, "under_way", False):
            # The first thing that this thread does after a rename.
            self._renaming.under_way = False
            self.reach("renamed")
        if name == "http.client.send":
            self.reach(self._sent(*arguments))
        elif name == "os.rename":
            self.reach("renaming")
            self._renaming.under_way = True

    def _sent(self, line: object, data: bytes) -> str:
        """What leaves: its head comes first, then on the same line what belongs to it."""
        if head := _HEAD.match(data):
            self._lines[id(line)] = "publishing" if _PUBLISHES.match(head[0]) else "sending"
        return self._lines[id(line)]

    def _committing(self, connection) -> None:
        if connection.info.get("wrote"):
            self.reach("committing")

    def _returned(self, _connection, record) -> None:
        if record.info.pop("wrote", False):
            self.reach("committed")


def _note_write(connection, _cursor, statement, *_more) -> None:
    if statement.lstrip().split(None, 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
        connection.info["wrote"] = True


# ── the parent ────────────────────────────────────────────────────────────────────────────────────


def child(order, shelf: Shelf) -> None:
    at, number = order.get("at", ""), order.get("signal", signal.SIGKILL)
    if at.split(" ")[0] in OUTSIDE:
        # The platforms do it, as soon as they have come so far with what this process asks.
        Standing(order["server"], order["control"], 0).trap(os.getpid(), at, number)
    written = Path(order["points"]) if order.get("points") else None
    points = Points(written, at, number)
    points.watch()
    publish(order, shelf)


def forked(work: Callable[[], None]) -> int:
    if pid := os.fork():
        return pid
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        log.exception("the child failed")
    finally:
        os._exit(code)


def ended(pid: int) -> dict[str, object]:
    """How the child ended, or that it has stopped."""
    _, status = os.waitpid(pid, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        return {"pid": pid, "how": "stopped"}
    return {"pid": pid, "how": "killed" if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)}


def main() -> None:
    logging.basicConfig(level=logging.ERROR)
    shelf = Shelf(Path(sys.argv[1]))
    own = said("folder", "", "/").own
    draft_for(own, next(iter(own.posts.values())), "folder-1", shelf)
    for line in sys.stdin:
        order = json.loads(line)
        if "resume" in order:
            os.kill(order["resume"], signal.SIGCONT)
            answer = ended(order["resume"])
        else:
            answer = ended(forked(lambda order=order: child(order, shelf)))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
