"""Starts the five platforms in a process of their own, and asks what became public on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers import asked, served

_SERVING = Path(__file__).with_name("serving.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One post as the public saw it."""

    kind: str
    account: str
    id: str
    text: str
    reply_to: str | None
    pictures: tuple[str, ...]

    @property
    def key(self) -> str:
        """The delivery that it was published for: its text begins with it."""
        return self.text.split(" ", 1)[0]


@dataclass(frozen=True, slots=True)
class Standing:
    """The five platforms: where they are, and what the harness may ask."""

    address: str
    control: int
    pid: int

    def public(self) -> tuple[Seen, ...]:
        """Everything that ever became public, in its order."""
        return tuple(
            Seen(
                kind=post["kind"],
                account=post["account"],
                id=post["id"],
                text=post["text"],
                reply_to=post["reply_to"],
                pictures=tuple(post["pictures"]),
            )
            for post in self._ask("public")
        )

    def told(self) -> Mapping[str, Any]:
        """Injected faults, the points that were reached, and how late it ran itself."""
        told: Mapping[str, Any] = self._ask("told")
        return told

    def mind(self, manners: Mapping[str, Any]) -> None:
        """From now on behave like this."""
        self._ask("manners", manners)

    def quiet(self) -> None:
        """Return when every line has ended: then whatever was sent has arrived."""
        self._ask("quiet")

    def idle(self) -> None:
        """Return when everything that has arrived has been dealt with."""
        self._ask("idle")

    def begin_anew(self) -> None:
        """Forget everything."""
        self._ask("anew")

    def trap(self, pid: int, point: str, signal: int) -> None:
        """Send the signal to the process as soon as the point is reached."""
        self._ask("trap", {"pid": pid, "point": point, "signal": signal})

    def _ask(self, what: str, body: Mapping[str, Any] | None = None) -> Any:
        return asked(self.control, what, body)


@contextmanager
def platforms(**manners: Any) -> Iterator[Standing]:
    """The five platforms, until the end of the block."""
    with served(_SERVING, "-S", **manners) as (said, pid):
        yield Standing(f"http://127.0.0.1:{said['port']}", said["control"], pid)
