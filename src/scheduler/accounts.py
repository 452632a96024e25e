"""Where an account's tokens are read from: never the calendar, never printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from scheduler.errors import AccountRefused
from scheduler.model import Secret

#: The name under which the system keyring keeps our secrets.
_SERVICE = "campaign-scheduler"


class Owner(Protocol):
    """An account, or a bucket of pictures."""

    @property
    def name(self) -> str: ...

    @property
    def secrets(self) -> Mapping[str, Secret]: ...


class StoredTokens:
    """Its owner's secrets where the calendar says they are; read at the moment of need.

    Raises `AccountRefused` when there is none: nothing of the account can go out without it.
    """

    def __init__(
        self,
        owner: Owner,
        *,
        environment: Mapping[str, str],
        root: Path,
        called: str = "account",
    ) -> None:
        self._owner = owner
        self._called = f'{called} "{owner.name}"'
        self._environment = environment
        self._root = root

    def read(self, name: str) -> str:
        secret = self._owner.secrets.get(name)
        if secret is None:
            raise AccountRefused(f"{self._called} has no {name}")
        value = self._value(secret)
        if not value:
            raise AccountRefused(f"{self._called}: no {name} in {secret.kind} {secret.name}")
        return value

    def _value(self, secret: Secret) -> str | None:
        match secret.kind:
            case "env":
                return self._environment.get(secret.name)
            case "file":
                return _contents(self._root / secret.name)
        return _from_keyring(secret.name)

    def __repr__(self) -> str:
        return f"StoredTokens({self._owner.name!r})"


class NoTokens:
    """For rooms that only measure and draw: asking for a secret there is a bug."""

    def read(self, name: str) -> str:
        raise AssertionError(f"nothing may be signed in here, and {name} was asked for")


def _contents(file: Path) -> str | None:
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def _from_keyring(name: str) -> str | None:
    # Imported only here: it looks for desktop services that a small machine does not have.
    import keyring  # noqa: PLC0415
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        value: str | None = keyring.get_password(_SERVICE, name)
    except KeyringError:
        return None
    return value
