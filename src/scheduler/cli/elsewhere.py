"""Which ledger of this machine publishes as whom: a copied folder must not do so a second time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path


class Elsewhere:
    """A small file in the user's own folder; what it cannot say, it does not claim."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._file = _folder(environment) / "campaign-scheduler" / "live.json"

    def ledger_of(self, identity: str) -> str | None:
        """The home of the ledger that publishes as this identity, if it still lies there."""
        home = self._read().get(identity)
        return home if home is not None and _stands(home) else None

    def remember(self, identity: str, home: str) -> None:
        self._write({**self._read(), identity: home})

    def forget(self, identity: str, home: str) -> None:
        known = self._read()
        if known.get(identity) == home:
            del known[identity]
            self._write(known)

    def _read(self) -> dict[str, str]:
        try:
            said = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        return said if isinstance(said, dict) else {}

    def _write(self, known: Mapping[str, str]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._file.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(known, indent=1), "utf-8")
        temporary.replace(self._file)


def _folder(environment: Mapping[str, str]) -> Path:
    """Where programs of this user keep what they remember."""
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home())
    return Path(environment.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")


def _stands(home: str) -> bool:
    """Whether the ledger is where it was; one on a server is taken at its word."""
    number, colon, file = home.partition(":")
    if not (colon and number.isdecimal()):
        return True
    try:
        return str(Path(file).stat().st_ino) == number
    except OSError:
        return False
