"""A coalition that is followed, and a server that shows it, each ended with its test."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scheduler.cards import Shelf
from scheduler.checking import Checked, check
from scheduler.serving import Following, Server, Shown

ON = date(2026, 11, 20)
#: Seconds after which something that should have happened has not.
LONG = 60.0


@dataclass
class Follower:
    """What follows a calendar in a thread, with everything that it has made."""

    file: Path
    shelf: Shelf
    made: list[Checked] = field(default_factory=list)
    #: Set when it has looked at a calendar that was not whole.
    seen_in_pieces: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.following = Following(self.file, self._check)

    def _check(self, draw) -> Checked:
        checked = check(self.file, shelf=self.shelf, on=ON, draw=draw)
        self.made.append(checked)
        if checked.coalition is None or not checked.coalition.complete:
            self.seen_in_pieces.set()
        return checked

    def begin(self) -> Shown:
        self.following.begin()
        self.thread = threading.Thread(target=self.following.follow, daemon=True)
        self.thread.start()
        return self.following.shown

    def after(self, shown: Shown) -> Shown:
        """What is shown next."""
        later = self.following.later(shown.number, seconds=LONG)
        assert later is not None, "nothing else was shown"
        return later

    def edit(self, old: str, new: str, *, name: str = "campaign.yaml") -> None:
        file = self.file.parent / name
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def followed(coalition, tmp_path) -> Iterator[Follower]:
    follower = Follower(coalition(), Shelf(tmp_path / "shelf"))
    yield follower
    follower.following.stop()


@dataclass
class Browser:
    """Asks a server as a browser would, or as nobody should."""

    address: str

    def ask(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=LONG)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()


@pytest.fixture
def server(followed) -> Iterator[Server]:
    server = Server(followed.following, port=0)
    followed.begin()
    server.begin()
    yield server
    followed.following.stop()
    server.end()


@pytest.fixture
def browser(server) -> Browser:
    return Browser(server.address)
