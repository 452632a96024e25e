"""Where this program's own tokens are kept, as the verbs open them."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from scheduler.accounts import Seal, seal_with
from scheduler.cli.options import Folders
from scheduler.ledger import Ledger
from scheduler.publishing import Vault

#: Where the key of the ledger's tokens lies, if not beside the ledger: a file that a service
#: manager hands over, or the same one on several machines.
KEY_FILE = "CAMPAIGN_KEY_FILE"


def worker() -> str:
    """This process's name in the ledger; no other one has it."""
    return f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"


def vault(campaign: Path, ledger: Ledger, name: str, *, in_keyring: bool = False) -> Vault:
    """The ledger's tokens, for the process of this name."""
    return Vault(
        ledger=ledger,
        seal=_sealing(campaign, ledger, in_keyring=in_keyring),
        now=lambda: datetime.now(UTC),
        worker=name,
    )


def _sealing(campaign: Path, ledger: Ledger, *, in_keyring: bool) -> Callable[[], Seal]:
    """Looks for the key once, when it is first needed."""
    known: list[Seal] = []

    def seal() -> Seal:
        if not known:
            file = key_file(campaign, ledger)
            known.append(seal_with(file, name=f"key of {ledger.name}", in_keyring=in_keyring))
        return known[0]

    return seal


def key_file(campaign: Path, ledger: Ledger) -> Path:
    """Where the key lies, if it is in a file."""
    if named := os.environ.get(KEY_FILE):
        return Path(named)
    if ledger.file is not None:
        return ledger.file.resolve().with_suffix(".key")
    return Folders(campaign).ledger.with_suffix(".key")
