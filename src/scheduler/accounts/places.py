"""Where an account's tokens are read from, and where they are put by whoever signs in."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from scheduler.errors import AccountRefused
from scheduler.model import Grants, Secret

#: The name under which the system keyring keeps our secrets.
SERVICE = "campaign-scheduler"
#: What is renewed is kept in the ledger under this name, wherever it was made from.
_RENEWED = "token"
_MINE_ALONE = 0o600


class Owner(Protocol):
    """An account, or a bucket of pictures."""

    @property
    def name(self) -> str: ...

    @property
    def secrets(self) -> Mapping[str, Secret]: ...


class StoredTokens:
    """Its owner's secrets where the calendar says they are; read at the moment of need.

    A token that the platform renews is the ledger's: the calendar's place has the one that it was
    made from, or nothing. Raises `AccountRefused` when there is none: nothing of the account can go
    out without it.
    """

    def __init__(
        self,
        owner: Owner,
        *,
        environment: Mapping[str, str],
        root: Path,
        called: str = "account",
        grants: Grants | None = None,
    ) -> None:
        self._owner = owner
        self._called = f'{called} "{owner.name}"'
        self._environment = environment
        self._root = root
        self._grants = grants

    @property
    def grants(self) -> Grants:
        """What is renewed; asking for it where there is no ledger is a bug."""
        if self._grants is None:
            raise AssertionError(f"nothing is renewed for {self._called}")
        return self._grants

    def read(self, name: str) -> str:
        secret = self._owner.secrets.get(name)
        value = None if secret is None else self._value(secret)
        kept = self._grants.kept() if name == _RENEWED and self._grants is not None else None
        if kept is not None and (secret is None or (value and kept.origin == origin_of(value))):
            return kept.access
        if secret is None:
            raise AccountRefused(f"{self._called} has no {name}{self._mend}")
        if not value:
            raise AccountRefused(
                f"{self._called}: no {name} in {secret.kind} {secret.name}{self._mend}"
            )
        return value

    @property
    def _mend(self) -> str:
        return "" if self._grants is None else f"; sign in: campaign login {self._owner.name}"

    def _value(self, secret: Secret) -> str | None:
        return value_of(secret, environment=self._environment, root=self._root)

    def __repr__(self) -> str:
        return f"StoredTokens({self._owner.name!r})"


class NoTokens:
    """For rooms that only measure and draw: asking for a secret there is a bug."""

    def read(self, name: str) -> str:
        raise AssertionError(f"nothing may be signed in here, and {name} was asked for")

    @property
    def grants(self) -> Grants:
        raise AssertionError("nothing may be signed in here")


def origin_of(*secret: str) -> str:
    """Tells one secret from another without being one."""
    return sha256("\0".join(("campaign-scheduler", *secret)).encode()).hexdigest()


def value_of(secret: Secret, *, environment: Mapping[str, str], root: Path) -> str | None:
    """The secret itself, or None where it is not there."""
    match secret.kind:
        case "env":
            return environment.get(secret.name)
        case "file":
            return _contents(root / secret.name)
    return from_keyring(secret.name)


def missing(owner: Owner, *, environment: Mapping[str, str], root: Path) -> Iterator[str]:
    """The names of the owner's secrets that are not where the calendar says."""
    for name, secret in owner.secrets.items():
        if not value_of(secret, environment=environment, root=root):
            yield name


def put(secret: Secret, value: str, *, root: Path) -> str:
    """Keep a secret where the calendar says; gives the place in words.

    Raises `AccountRefused` where it cannot be kept: the environment belongs to whoever starts the
    program, and not every machine has a keyring.
    """
    match secret.kind:
        case "file":
            return _write(root / secret.name, value)
        case "keyring":
            return into_keyring(secret.name, value)
    raise AccountRefused(f"the environment cannot be written from here: {secret.name}")


def write_alone(file: Path, value: bytes) -> None:
    """A file that only its owner may read, whole or not at all; also its folder is on the disk."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MINE_ALONE)
    try:
        with os.fdopen(descriptor, "wb") as written:
            written.write(value)
            written.flush()
            os.fsync(written.fileno())
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync(file.parent)


def _sync(folder: Path) -> None:
    with suppress(OSError):  # a system that cannot open a folder needs no such call
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write(file: Path, value: str) -> str:
    try:
        write_alone(file, f"{value}\n".encode())
    except OSError as error:
        raise AccountRefused(f"{file} cannot be written: {error.strerror}") from None
    return f"the file {file}, which only you may read"


def _contents(file: Path) -> str | None:
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def from_keyring(name: str) -> str | None:
    # Imported only here: it looks for desktop services that a small machine does not have.
    import keyring  # noqa: PLC0415
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        value: str | None = keyring.get_password(SERVICE, name)
    except KeyringError:
        return None
    return value


def into_keyring(name: str, value: str) -> str:
    import keyring  # noqa: PLC0415
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        keyring.set_password(SERVICE, name, value)
    except KeyringError:
        raise AccountRefused(
            f"there is no keyring here that could keep {name}: a machine without a desktop has "
            "none; write {file: …} into the calendar instead"
        ) from None
    return f"the system's keyring, as {name}"
