"""The five platforms behind one address, in a process of their own.

    python serving.py '{"answer": 0.3}'

Writes its address as the first line, then serves until its standard input ends. What became public,
what went wrong on purpose and how late it ran itself is read from `/control/…`.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from classes.vendors import Public, Reply, Request, Vendor, parsed, vendors

#: How often it looks whether it is late itself, in seconds.
_BEAT = 0.02
_CONTROL = "control"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How the platforms behave; shares are of one, and of the requests that publish."""

    seed: int = 0
    #: Seconds from arrival to being public, and from there to the answer; each up to so much.
    before: float = 0.0
    after: float = 0.0
    #: Seconds that the answer to a request that publishes takes, to the point; and to any other.
    answer: float = 0.0
    other: float = 0.0
    #: Made public, and no answer comes.
    lost: float = 0.0
    #: Made public, and the answer is a 500.
    garbled: float = 0.0
    #: The line is closed before anything was made.
    refused: float = 0.0
    #: 429, every second one of them with Retry-After.
    limited: float = 0.0
    #: The same again for requests that publish nothing, as a share of the shares above.
    others: float = 0.5
    #: Seconds between two times at which nobody listens, and how long that lasts.
    away_every: float = 0.0
    away_for: float = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """End or stop a process as soon as it comes so far: `arrived 3`, `public 3`, `answered 3`."""

    pid: int
    point: str
    signal: int = signal.SIGKILL


@dataclass(slots=True)
class Told:
    """What the other side wants to know at the end."""

    #: By platform and kind, of the requests that publish.
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: Seconds that the event loop was late at most.
    late: float = 0.0
    requests: int = 0
    #: arrived, public, answered: since the last time that it was asked to begin anew.
    points: list[str] = field(default_factory=list)


class Platforms:
    """The five of them, on one event loop."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._public = Public()
        self._vendors = vendors(self._public)
        self._told = Told()
        self._tries: Counter[str] = Counter()
        self._points: Counter[str] = Counter()
        self._trap: Trap | None = None
        #: Lines that are open, except those that only ask about what happened.
        self._lines: set[asyncio.StreamWriter] = set()
        #: Requests that are being worked on.
        self._busy = 0

    # ── lines ─────────────────────────────────────────────────────────────────────────────────────

    async def line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        try:
            while request := await _read(reader):
                self._told.requests += 1
                if not await self._served(request, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # whoever asked is gone
        finally:
            self._lines.discard(writer)
            writer.close()

    async def _served(self, request: _Raw, writer: asyncio.StreamWriter) -> bool:
        """Whether the line stays open."""
        if request.path[0] == _CONTROL:
            self._lines.discard(writer)
            return _write(writer, await self._controlled(request))
        self._busy += 1
        try:
            return await self._asked(request, writer)
        finally:
            self._busy -= 1

    async def _asked(self, request: _Raw, writer: asyncio.StreamWriter) -> bool:
        vendor = self._vendors[request.path[0]]
        asked = request.asked()
        publishes = vendor.publishes(asked)
        fault = self._fault(vendor, asked, publishes=publishes)
        self._reach("arrived")
        if fault == "refused":
            return False
        reply = await self._answered(vendor, asked, fault, publishes=publishes)
        if fault == "lost" or reply is None:
            return False
        _write(writer, reply, retry_after=2 if fault == "limited later" else None)
        self._reach("answered")
        return True

    async def _answered(
        self, vendor: Vendor, asked: Request, fault: str | None, *, publishes: bool
    ) -> Reply | None:
        if fault and fault.startswith("limited"):
            return Reply(status=429, body={"error": "Too many requests"})
        manners = self._manners
        chance = random.Random(f"{manners.seed} {asked.path} {asked.key}")
        if publishes and manners.before:
            await asyncio.sleep(chance.uniform(0, manners.before))
        reply = vendor.answer(asked)
        if publishes:
            self._reach("public")
        if publishes and manners.after:
            await asyncio.sleep(chance.uniform(0, manners.after))
        if wait := manners.answer if publishes else manners.other:
            await asyncio.sleep(wait)
        if fault == "garbled":
            return Reply(status=500, body={"error": "injected"})
        return reply

    # ── what goes wrong ───────────────────────────────────────────────────────────────────────────

    def _fault(self, vendor: Vendor, asked: Request, *, publishes: bool) -> str | None:
        """The same for the same seed, delivery and try, in whatever order requests arrive."""
        manners = self._manners
        if not (manners.lost or manners.garbled or manners.refused or manners.limited):
            return None
        name = f"{vendor.kind} {asked.method} {asked.path} {asked.account} {asked.key}"
        self._tries[name] += 1
        drawn = random.Random(f"{manners.seed} {name} {self._tries[name]}").random()
        fault = next(self._drawn(drawn, 1.0 if publishes else manners.others), None)
        if fault and publishes:
            self._told.faults[vendor.kind, fault.split()[0]] += 1
        return fault

    def _drawn(self, drawn: float, scale: float) -> Iterator[str]:
        manners, least = self._manners, 0.0
        for fault, share in (
            ("lost", manners.lost),
            ("garbled", manners.garbled),
            ("refused", manners.refused),
            ("limited", manners.limited / 2),
            ("limited later", manners.limited / 2),
        ):
            least += share * scale
            if drawn < least:
                yield fault

    def _reach(self, kind: str) -> None:
        self._points[kind] += 1
        point = f"{kind} {self._points[kind]}"
        self._told.points.append(point)
        if self._trap and self._trap.point == point:
            os.kill(self._trap.pid, self._trap.signal)
            self._trap = None

    # ── questions about all of it ─────────────────────────────────────────────────────────────────

    async def _controlled(self, request: _Raw) -> Reply:
        match request.path[1]:
            case "public":
                return _good([asdict(post) for post in self._public.posts])
            case "told":
                faults = [[*name, count] for name, count in self._told.faults.items()]
                return _good(asdict(self._told) | {"faults": faults})
            case "manners":
                self._manners = Manners(**parsed(request.body))
                return _good({})
            case "idle":
                return await self._idle()
            case "quiet":
                return await self._quiet()
            case "anew":
                self._begin_anew()
                return _good({})
            case "trap":
                self._trap = Trap(**parsed(request.body))
                return _good({})
        return Reply(status=404, body={})

    async def _idle(self) -> Reply:
        """Answers when nothing that has arrived is still being worked on."""
        for _ in range(3):
            await asyncio.sleep(0)
        while self._busy:  # noqa: ASYNC110 (only the harness waits here)
            await asyncio.sleep(0.001)
        return _good({})

    async def _quiet(self) -> Reply:
        """Answers when every line has ended: then whatever was sent has arrived."""
        for _ in range(3):  # those that wait in front of the door come in first
            await asyncio.sleep(0)
        while self._lines:  # noqa: ASYNC110 (only the harness waits here)
            await asyncio.sleep(0.001)
        return _good({})

    def _begin_anew(self) -> None:
        self._public = Public()
        self._vendors = vendors(self._public)
        self._told.points.clear()
        self._points.clear()
        self._trap = None

    async def beat(self) -> None:
        """Notices how late it runs: who relies on a request having arrived must know."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(_BEAT)
            self._told.late = max(self._told.late, time.monotonic() - before - _BEAT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raw:
    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def asked(self) -> Request:
        return Request(
            method=self.method,
            path=self.path[1:],
            query=self.query,
            headers=self.headers,
            body=parsed(self.body),
            account=self.headers.get("authorization", "").removeprefix("Bearer "),
            at=time.monotonic(),
        )


def _good(body: object) -> Reply:
    return Reply(status=200, body=body)


async def _read(reader: asyncio.StreamReader) -> _Raw | None:
    """The next request of the line, or None at its end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    body = await reader.readexactly(int(headers.get("content-length") or 0))
    parts = urlsplit(target)
    return _Raw(
        method=method,
        path=tuple(parts.path.strip("/").split("/")),
        query=dict(parse_qsl(parts.query)),
        headers=headers,
        body=body,
    )


def _write(writer: asyncio.StreamWriter, reply: Reply, *, retry_after: int | None = None) -> bool:
    body = json.dumps(reply.body).encode()
    later = "" if retry_after is None else f"Retry-After: {retry_after}\r\n"
    head = (
        f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}\r\n{later}"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    return True


async def _come_and_go(
    serve: Callable[..., Awaitable[asyncio.Server]], manners: Manners, port: int
) -> None:
    """Be away now and then: a connection is refused then, and nothing can have been sent."""
    server = await serve(port=port)
    chance = random.Random(manners.seed)
    while manners.away_every:
        await asyncio.sleep(chance.uniform(0.5, 1.5) * manners.away_every)
        server.close()
        await asyncio.sleep(manners.away_for)
        server = await serve(port=port)
    await asyncio.Event().wait()


async def _main(manners: Manners) -> None:
    platforms = Platforms(manners)

    def serve(port: int) -> Awaitable[asyncio.Server]:
        return asyncio.start_server(
            platforms.line, "127.0.0.1", port, limit=2**24, backlog=1024, reuse_address=True
        )

    first = await serve(0)
    port = first.sockets[0].getsockname()[1]
    # Questions about all of it are always answered, also while the platforms are away.
    asking = await serve(0)
    ports = {"port": port, "control": asking.sockets[0].getsockname()[1]}
    first.close()
    tasks = [
        asyncio.create_task(_come_and_go(serve, manners, port)),
        asyncio.create_task(platforms.beat()),
    ]
    await asyncio.sleep(0.01)
    sys.stdout.write(json.dumps(ports) + "\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    del tasks
    os._exit(0)  # there is nothing to tidy up: lines may be open, and nobody listens any more


if __name__ == "__main__":
    asyncio.run(_main(Manners(**json.loads(sys.argv[1] if sys.argv[1:] else "{}"))))
