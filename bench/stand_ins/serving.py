"""The stand-ins of the sandbox, in a process of their own.

    python serving.py '{"start": "2036-11-25T00:00:00+00:00", "begun": 0.0, "haste": 60.0, …}'

Writes where they are as the first line, then serves until its standard input ends. What became
public, what went wrong on purpose and how late it ran itself is read from `/control/…`. Pictures
that must lie at a public address are served from a folder, at `/pictures/…`.
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import random
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from werkzeug.wrappers import Request

sys.path.insert(0, str(Path(__file__).parents[1]))

from classes.campaigns import FastClock

from scheduler.sandbox import (
    Call,
    Drop,
    Fault,
    Garble,
    LoseAnswer,
    PublicPost,
    Purpose,
    Refuse,
    Sandbox,
    Slow,
    Stall,
    rate_limited,
)
from stand_ins.kinds import kinds, names

#: The delivery that a post was made for, in whatever a platform calls its words.
KEY = re.compile(r"\bchaos/[^\s/]+/[^\s/]+/\d+(?= is said\.)")
#: Seconds between two looks at how late it is itself.
_BEAT = 0.05
#: Of the clock that all go by: no stand-in is asked twice for the same within it.
_AT_ONCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How the stand-ins behave; shares are of one, and of the requests that publish."""

    #: When the clock began, when that was on the machine's monotonic clock, and how fast it runs.
    start: str
    begun: float
    haste: float
    #: Where the pictures lie that are served.
    pictures: str
    #: Of each kind.
    accounts: int = 1
    seed: int = 0
    #: Seconds from arrival to being public, and from there to the answer; each up to so much.
    before: float = 0.0
    after: float = 0.0
    #: Made public, and no answer comes.
    lost: float = 0.0
    #: Made public, and the answer is a 500.
    garbled: float = 0.0
    #: The line is closed before the request was read, or after; nothing was made.
    refused: float = 0.0
    dropped: float = 0.0
    #: 429, every second one of them with Retry-After.
    limited: float = 0.0
    #: The same again for requests that publish nothing, as a share of the shares above.
    others: float = 0.5
    #: Seconds between two times at which a server is away, and how long that lasts.
    away_every: float = 0.0
    away_for: float = 0.03
    #: Of the uploads, so many are never finished.
    stalled: float = 0.0


@dataclass(slots=True)
class Told:
    """What the other side wants to know at the end."""

    #: By account, of the requests that publish: how many got no true answer on purpose.
    ambiguous: Counter[str] = field(default_factory=Counter)
    #: How often each platform was away: a request that waits at its door then is cut off.
    away: Counter[str] = field(default_factory=Counter)


class Clock:
    """The clock of everybody; the last worker moves it on."""

    def __init__(self, follows: FastClock, seen: Callable[[], None]) -> None:
        self._clock = follows
        self._seen = seen

    def now(self) -> datetime:
        self._seen()  # every answer is dated: so this is how long it took
        return self._clock.now()

    def go_on(self, at: datetime) -> None:
        """From this instant on, as fast as time passes."""
        self._clock = FastClock(at, time.monotonic(), 1.0)


class Lateness:
    """How long what has arrived waits to be done; who relies on its being public must know."""

    def __init__(self) -> None:
        self.most = 0.0
        self._local = threading.local()
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()

    def begin(self) -> None:
        self._local.begun = time.monotonic()
        with self._lock:
            self._threads = {each for each in self._threads if each.is_alive()}
            self._threads.add(threading.current_thread())

    def look(self) -> None:
        if begun := getattr(self._local, "begun", None):
            self.most = max(self.most, time.monotonic() - begun)

    def ended(self) -> None:
        """Return when everything that has begun has ended."""
        with self._lock:
            threads = list(self._threads)
        for each in threads:
            each.join()

    def probe(self, port: int) -> None:
        """Ask this very process, as anybody would, as long as it lives."""
        while True:
            time.sleep(_BEAT)
            begun = time.monotonic()
            line = http.client.HTTPConnection("127.0.0.1", port)
            line.request("GET", "/pictures/none")
            line.getresponse().read()
            line.close()
            self.most = max(self.most, time.monotonic() - begun)


class Trouble:
    """Decides what goes wrong with a call, by the seed, and notes what asks to publish."""

    def __init__(self, manners: Manners, told: Told) -> None:
        self._manners = manners
        self._told = told
        self._lock = threading.Lock()
        self._local = threading.local()
        #: When each delivery was asked to be made public, as far as its words say which it is.
        self.asked: dict[str, list[datetime]] = {}
        self.now: Callable[[], datetime]

    def arrived(self, request: Request) -> None:
        self._local.request = request

    def __call__(self, call: Call) -> Fault | None:
        publishes = call.purpose is Purpose.PUBLISH
        chance = random.Random(sha256(f"{self._manners.seed} {call}".encode()).digest())
        fault = self._drawn(chance.random(), 1.0 if publishes else self._manners.others)
        if not publishes:
            stalls = call.purpose is Purpose.UPLOAD and chance.random() < self._manners.stalled
            return fault or (Stall() if stalls else None)
        if isinstance(fault, LoseAnswer | Garble | Refuse | Drop):
            with self._lock:
                self._told.ambiguous[call.account] += 1
        if fault is None or isinstance(fault, LoseAnswer | Garble):
            self._note()
        before, after = self._manners.before, self._manners.after
        return fault or Slow(seconds=chance.uniform(0, before), after=chance.uniform(0, after))

    def _drawn(self, drawn: float, scale: float) -> Fault | None:
        manners = self._manners
        for fault, share in (
            (LoseAnswer(), manners.lost),
            (Garble(status=500), manners.garbled),
            (Refuse(), manners.refused),
            (Drop(), manners.dropped),
            (rate_limited(), manners.limited / 2),
            (rate_limited(2), manners.limited / 2),
        ):
            drawn -= share * scale
            if drawn < 0:
                return fault
        return None

    def _note(self) -> None:
        """Which delivery it is; a container that is published says no words."""
        said = unquote_plus(self._local.request.get_data().decode("utf-8", "replace"))
        if found := KEY.search(said):
            with self._lock:
                self.asked.setdefault(found[0], []).append(self.now())


class StandIns:
    """All of them, and what may be asked about them."""

    def __init__(self, manners: Manners) -> None:
        start = datetime.fromisoformat(manners.start)
        self.manners = manners
        self.told = Told()
        self.lateness = Lateness()
        self.clock = Clock(FastClock(start, manners.begun, manners.haste), seen=self.lateness.look)
        self._trouble = Trouble(manners, self.told)
        self._trouble.now = self.clock.now
        self._kinds = kinds(start.date())
        self._leaving = threading.Lock()
        self.sandbox = Sandbox(
            now=self.clock.now,
            faults=self._trouble,
            arrivals=self._arrived,
        )

    def addresses(self) -> dict[str, Mapping[str, Any]]:
        """Options and secrets of each account."""
        return {
            account: asdict(
                self.sandbox.start(kind.platform, account=account, software=kind.software)
            )
            for name, kind in self._kinds.items()
            for account in names(name, self.manners.accounts)
        }

    def _arrived(self, platform: str, request: Request) -> None:
        del platform
        self.lateness.begin()
        self._trouble.arrived(request)

    def come_and_go(self) -> None:
        """One after the other, each is away for a moment: connections are refused then."""
        chance = random.Random(self.manners.seed)
        platforms = sorted({kind.platform for kind in self._kinds.values()})
        while self.manners.away_every:
            time.sleep(chance.uniform(0.5, 1.5) * self.manners.away_every / len(platforms))
            platform = chance.choice(platforms)
            with self._leaving:
                self.sandbox.leave(platform)
                time.sleep(self.manners.away_for)
                self.sandbox.come_back(platform)
            self.told.away[platform] += 1

    # ── questions about all of it ─────────────────────────────────────────────────────────────────

    def control(self, what: str, body: Mapping[str, Any]) -> object:
        match what:
            case "public":
                return self._public()
            case "told":
                return {
                    "ambiguous": dict(self.told.ambiguous),
                    "away": dict(self.told.away),
                    "late": self.lateness.most,
                }
            case "quiet":
                return self._quiet()
            case "clock":
                return self.clock.go_on(datetime.fromisoformat(body["now"]))
        raise AssertionError(f"nobody asks for {what}")

    def _public(self) -> list[Mapping[str, Any]]:
        return [
            self._seen(name, post)
            for name in self._kinds
            for account in names(name, self.manners.accounts)
            for post in self.sandbox.public(account)
        ]

    def _seen(self, name: str, post: PublicPost) -> Mapping[str, Any]:
        found = KEY.search(post.text)
        key = found[0] if found else post.text
        again = [at for at in self._trouble.asked.get(key, ()) if at > post.published_at + _AT_ONCE]
        return {
            "kind": name,
            "key": key,
            "names": [post.id, post.url],
            "again": len(again),
            "at": post.published_at.isoformat(),
        }

    def _quiet(self) -> None:
        """Return when whatever was sent has arrived: nobody is let in, and all is done."""
        with self._leaving:
            for kind in self._kinds.values():
                self.sandbox.leave(kind.platform)
            time.sleep(_BEAT)  # who was let in last has begun by now
            self.lateness.ended()
            for kind in self._kinds.values():
                self.sandbox.come_back(kind.platform)


def _door(stand_ins: StandIns) -> ThreadingHTTPServer:
    """Answers questions, and shows the pictures that lie in the folder."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            said = stand_ins.control(self.path.rpartition("/")[2], json.loads(body))
            self._answer(200, json.dumps(said).encode(), "application/json")

        def do_GET(self) -> None:
            file = Path(stand_ins.manners.pictures, Path(self.path).name)
            there = file.is_file()
            kind = "image/png" if file.suffix == ".png" else "image/jpeg"
            self._answer(200 if there else 404, file.read_bytes() if there else b"", kind)

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Door)


def main() -> None:
    logging.basicConfig(level=logging.ERROR)
    stand_ins = StandIns(Manners(**json.loads(sys.argv[1])))
    addresses = stand_ins.addresses()
    door = _door(stand_ins)
    port = door.server_address[1]
    for work, given in (
        (door.serve_forever, ()),
        (stand_ins.come_and_go, ()),
        (stand_ins.lateness.probe, (port,)),
    ):
        threading.Thread(target=work, args=given, daemon=True).start()
    sys.stdout.write(json.dumps({"port": port, "addresses": addresses}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # there is nothing to tidy up: nobody listens any more


if __name__ == "__main__":
    main()
