"""The way out: to people through Apprise, and to whoever watches that the program looks.

The only door to Apprise. An address is a secret: none stands in what is given back, in a log, or in
a traceback, and so nothing of what a library says of a failure is passed on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import requests

from scheduler.accounts import StoredTokens
from scheduler.alerting.wording import Message
from scheduler.errors import AccountRefused
from scheduler.model import ADDRESS, Recipient

#: Seconds for a message, whatever the service is like; and for the ping.
MOST = 30.0
PING = 10.0
_OK = 400
#: As whom a mail comes, where its address names nobody.
_CALLED = "Campaign Scheduler"


class Unreached(Exception):
    """It was not taken; says why without the address."""


def address_of(recipient: Recipient, *, environment: Mapping[str, str], root: Path) -> str:
    """The recipient's address, read where the calendar says. Raises `Unreached`."""
    if recipient.address:
        return recipient.address
    stored = StoredTokens(recipient, environment=environment, root=root, called="recipient")
    try:
        return stored.read(ADDRESS)
    except AccountRefused as refused:
        raise Unreached(str(refused)) from None


def send(address: str, message: Message) -> None:
    """Returns when the service has taken it, all of it. Raises `Unreached`."""
    hush(address)
    try:
        _send(address, message)
    except Unreached:
        raise
    except Exception as error:  # noqa: BLE001 (it is somebody else's code, for 100 services)
        raise Unreached(f"{_REFUSED} ({type(error).__name__})") from None


def _send(address: str, message: Message) -> None:
    # Imported only here: it knows over a hundred services.
    import apprise  # noqa: PLC0415

    asset = apprise.AppriseAsset(
        app_id=_CALLED,
        app_desc=_CALLED,
        app_url="",
        # No picture of somebody else's is pointed to, and nothing is kept on the disk.
        image_url_mask="",
        image_url_logo="",
        image_path_mask=False,
        storage_mode="memory",
        service_timeout=MOST,
        language="en",
    )
    service = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if not isinstance(service, apprise.NotifyBase):
        raise Unreached(_UNKNOWN)
    # Nothing is cut to fit: what is too long for the service goes in several parts.
    service.overflow_mode = apprise.OverflowMode.SPLIT
    services = apprise.Apprise(asset=asset)
    services.add(service)
    result = services.notify(
        title=message.subject, body=message.body, body_format=apprise.NotifyFormat.TEXT
    )
    if not result:
        status = getattr(result, "status", None)
        raise Unreached(_STATUS.get(getattr(status, "name", ""), _REFUSED))


_UNKNOWN = "its address is none that Apprise understands: see docs/alerts.md"
_REFUSED = "the service could not be reached, or did not take it"
_STATUS = MappingProxyType({"TIMEOUT": f"the service did not answer within {MOST:.0f} seconds"})


def ping(address: str) -> None:
    """Ask the address once. Raises `Unreached`."""
    hush(address)
    try:
        answer = requests.get(address, timeout=PING)
    except (requests.RequestException, ValueError):
        raise Unreached("its address could not be reached") from None
    if answer.status_code >= _OK:
        raise Unreached(f"its address answered {answer.status_code}")


# ── logs ──────────────────────────────────────────────────────────────────────────────────────────


class _Hush(logging.Filter):
    """urllib3 writes every path that it asks for into its log."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        return not any(secret in said for secret in self.secrets)


_HUSH = _Hush()
_SHORTEST = 4
#: How every machine calls itself: who hushed that would hush all that is asked here.
_ITSELF = frozenset({"127.0.0.1", "localhost"})


def hush(address: str) -> None:
    """Let no log of a library hold what is secret about this address, from now on."""
    # What it says names hosts, topics and addresses, whatever the level.
    logging.getLogger("apprise").disabled = True
    logging.getLogger("urllib3.connectionpool").addFilter(_HUSH)
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    found = {*parts.path.split("/"), parts.query, parts.password or "", parts.hostname or ""}
    _HUSH.secrets |= {part for part in found - _ITSELF if len(part) >= _SHORTEST}
