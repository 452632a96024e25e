"""Tokens in the ledger are encrypted, with a key that lies elsewhere.

A service on a small machine has no keyring that it could open at night, so the key is a file that
only its owner may read (mode 0600), beside the ledger unless somebody says otherwise; a desktop may
keep it in its keyring. That protects what leaves the machine without the key: a backup of the
ledger, a copy that is sent to somebody for help, a database on another machine. Whoever may read
all files of the account under which the program runs can read the tokens as well: so can the
program.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scheduler.accounts.places import from_keyring, into_keyring, write_alone
from scheduler.errors import AccountRefused
from scheduler.model import Grant

#: Bytes of AES-256, and of what is used once only.
_KEY, _NONCE = 32, 12
#: Whoever reads an older form must know that it is one.
_FORM = b"1"


class WrongKey(AccountRefused):
    """What the ledger keeps was sealed with another key, or was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Seals grants and opens them; each is good for the account that it was sealed for."""

    key: bytes = field(repr=False)
    #: Where the key lies, for messages.
    place: str

    @property
    def name(self) -> str:
        """Tells keys apart, and says nothing of them."""
        return sha256(b"campaign-scheduler key " + self.key).hexdigest()[:16]

    def seal(self, account: str, grant: Grant) -> str:
        # Imported only here: most calendars have nothing that is sealed.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self.key).encrypt(nonce, _written(grant), account.encode())
        return base64.b64encode(_FORM + nonce + sealed).decode()

    def opened(self, account: str, sealed: str) -> Grant:
        """Raises `WrongKey`."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        try:
            data = base64.b64decode(sealed, validate=True)
            nonce, rest = data[1 : 1 + _NONCE], data[1 + _NONCE :]
            if data[:1] != _FORM:
                raise WrongKey(f"the tokens of {account} were kept by a newer version")
            return _read(AESGCM(self.key).decrypt(nonce, rest, account.encode()))
        except (InvalidTag, ValueError):
            raise WrongKey(
                f"the tokens of {account} in the ledger were not sealed with the key in "
                f"{self.place}: put the right key there, or sign in again: campaign login {account}"
            ) from None


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key in a file of its own; it is made when it is first needed."""

    file: Path

    def seal(self) -> Seal:
        """Raises `AccountRefused` where it cannot be read or made, or is none."""
        try:
            key = self._key()
        except OSError as error:
            raise AccountRefused(
                f"the key of the tokens, {self.file}, cannot be used: {error.strerror}"
            ) from None
        if len(key) != _KEY:
            raise AccountRefused(f"{self.file} is no key of this program")
        return Seal(key=key, place=str(self.file))

    def _key(self) -> bytes:
        if not self.file.exists():
            made = self.file.with_name(f"{self.file.name}.new-{os.urandom(8).hex()}")
            write_alone(made, _text(os.urandom(_KEY)).encode())
            try:
                # Of two processes that make one at once, the first one's counts.
                os.link(made, self.file)
            except FileExistsError:
                pass
            except OSError:  # a disk without links
                made.replace(self.file)
            made.unlink(missing_ok=True)
        return _bytes(self.file.read_text("ascii"))


def key_in_keyring(name: str) -> Seal | None:
    """The key that the system's keyring has under this name."""
    found = from_keyring(name)
    return None if found is None else Seal(key=_bytes(found), place=f"the keyring, as {name}")


def make_key_in_keyring(name: str) -> Seal:
    """A new key in the keyring. Raises `AccountRefused` where there is none."""
    key = os.urandom(_KEY)
    place = into_keyring(name, _text(key))
    return Seal(key=key, place=place)


def seal_with(file: Path, *, name: str, in_keyring: bool = False) -> Seal:
    """The key that there is, in the file or in the keyring under this name; else a new one.

    A file has the word, since a service can read it as well; a new one is made in the keyring only
    where somebody asks for that.
    """
    if file.exists():
        return KeyFile(file).seal()
    if found := key_in_keyring(name):
        return found
    return make_key_in_keyring(name) if in_keyring else KeyFile(file).seal()


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode() + "\n"


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except ValueError:
        return b""


# ── a grant as bytes ──────────────────────────────────────────────────────────────────────────────


def _written(grant: Grant) -> bytes:
    said = {
        "access": grant.access,
        "refresh": grant.refresh,
        "made_at": grant.made_at.isoformat(),
        "expires": _moment(grant.expires),
        "refresh_expires": _moment(grant.refresh_expires),
        "scopes": list(grant.scopes),
        "origin": grant.origin,
        "more": dict(grant.more),
    }
    return json.dumps(said).encode()


def _read(data: bytes) -> Grant:
    said: Mapping[str, Any] = json.loads(data)
    return Grant(
        access=said["access"],
        refresh=said["refresh"],
        made_at=datetime.fromisoformat(said["made_at"]),
        expires=_instant(said["expires"]),
        refresh_expires=_instant(said["refresh_expires"]),
        scopes=tuple(said["scopes"]),
        origin=said["origin"],
        more=MappingProxyType(dict(said["more"])),
    )


def _moment(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _instant(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)
