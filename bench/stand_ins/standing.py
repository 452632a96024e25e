"""Starts the stand-ins in a process of their own, and asks what became public on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from servers import asked, served

_SERVING = Path(__file__).with_name("serving.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One post as the public sees it."""

    kind: str
    #: The delivery that it was made for.
    key: str
    #: What a receipt may call it: its id and its address.
    names: frozenset[str]
    #: How often somebody asked to make it public when it was so already.
    again: int
    #: When it became public, on the clock of everybody.
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIns:
    """Where they are, and what the harness may ask."""

    port: int
    #: Options and secrets, by account.
    addresses: Mapping[str, Mapping[str, Mapping[str, str]]]

    @property
    def pictures(self) -> str:
        """Where pictures lie that anybody may fetch."""
        return f"http://127.0.0.1:{self.port}/pictures"

    def public(self) -> tuple[Shown, ...]:
        """Everything that stands there."""
        return tuple(
            Shown(
                kind=each["kind"],
                key=each["key"],
                names=frozenset(each["names"]),
                again=each["again"],
                at=datetime.fromisoformat(each["at"]),
            )
            for each in self._ask("public")
        )

    def told(self) -> Mapping[str, Any]:
        """Injected faults, by account; how often each platform was away; how late it ran itself."""
        told: Mapping[str, Any] = self._ask("told")
        return told

    def quiet(self) -> None:
        """Return when whatever was sent has arrived."""
        self._ask("quiet")

    def go_on(self, now: datetime) -> None:
        """It is this time for them from now on; it passes as everybody's does."""
        self._ask("clock", {"now": now.isoformat()})

    def _ask(self, what: str, body: Mapping[str, Any] | None = None) -> Any:
        return asked(self.port, what, body)


@contextmanager
def stand_ins(**manners: Any) -> Iterator[StandIns]:
    """Some accounts on each platform, until the end of the block."""
    with served(_SERVING, **manners) as (said, _):
        yield StandIns(port=said["port"], addresses=said["addresses"])
