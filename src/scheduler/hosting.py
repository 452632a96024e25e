"""Pictures at a public address, for platforms that fetch them instead of taking bytes.

A picture lies under the digest of its bytes, so that nobody can guess its address before the post
is public, and nothing is ever written over it. Before an address is given out the picture is
fetched from there once, as a platform would: what it could not have is said here, where a person
can mend it, and not by a platform that says no more than that it failed.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit

import requests

from scheduler.buckets import TIMEOUTS, Objects, Secrets
from scheduler.errors import AccountRefused, ContentRejected, Ending, NotSent
from scheduler.model import Bucket, DraftPicture, Hosting, ServedDirectory

#: How long a signed address is good: as long as Meta's containers, which live for a day, may
#: still fetch it. https://developers.facebook.com/docs/instagram-platform/content-publishing
SIGNED_FOR = timedelta(days=1)
#: What lies under a digest never changes.
CACHED = "public, max-age=31536000, immutable"

_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png"}
_OK = 200
_MOVED = range(300, 400)
_LOGIN = frozenset({401, 402, 403, 407})
_PASSING = frozenset({408, 425, 429})
_SERVERS_FAULT = 500
#: Everybody may read it, and nobody but us write: the web server is another user.
_READABLE = 0o644


class Host(Protocol):
    """A place for pictures; what platforms know as `MediaHost`."""

    def address(self, picture: DraftPicture) -> str: ...


def host(hosting: Hosting, *, root: Path, secrets: Callable[[Bucket], Secrets]) -> Host:
    """Where the calendar says that pictures lie; a relative directory is taken from `root`."""
    match hosting:
        case Bucket():
            return InBucket(hosting, secrets=secrets(hosting))
        case ServedDirectory():
            return InDirectory(hosting, root=root)


def is_here(hosting: Hosting) -> bool:
    """Whether only this machine can read what lies there."""
    address = hosting.address or (hosting.endpoint if isinstance(hosting, Bucket) else "")
    return _is_loopback(address)


class InDirectory:
    """A folder that a web server serves."""

    def __init__(self, hosting: ServedDirectory, *, root: Path) -> None:
        self._directory = root / hosting.directory
        self._address = hosting.address.rstrip("/")

    def address(self, picture: DraftPicture) -> str:
        """Where the picture can be read; it is written there first if it does not lie there."""
        name = _name(picture)
        self._put(name, picture)
        address = f"{self._address}/{name}"
        look(address, picture, shown=address)
        return address

    def _put(self, name: str, picture: DraftPicture) -> None:
        file = self._directory / name
        try:
            if not file.exists():
                self._write(file, _content(picture))
            elif sha256(file.read_bytes()).hexdigest() != picture.digest:
                raise AccountRefused(f"{file} holds something else than its name says: remove it")
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> Ending:
        if not self._directory.is_dir():
            return AccountRefused(
                f"there is no folder {self._directory}: make it, and let the web server serve it"
            )
        if isinstance(error, PermissionError):
            return AccountRefused(f"{self._directory} cannot be written to: {error.strerror}")
        return NotSent(f"writing to {self._directory}: {error.strerror or error}")

    def _write(self, file: Path, data: bytes) -> None:
        """Whole or not at all: a web server serves whatever it finds."""
        handle, temporary = tempfile.mkstemp(dir=self._directory, prefix=".writing-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).chmod(_READABLE)
            Path(temporary).replace(file)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
            raise


class InBucket:
    """A bucket of S3, or of a server that speaks its protocol."""

    def __init__(self, bucket: Bucket, *, secrets: Secrets) -> None:
        self._bucket = bucket
        self._objects = Objects(bucket, secrets=secrets, settings="the calendar's hosting")

    def address(self, picture: DraftPicture) -> str:
        """Where the picture can be read; it is put there first if it does not lie there."""
        name = _name(picture)
        if not self._lies_there(name, picture):
            self._objects.put(name, _content(picture), picture.media_type, cached=CACHED)
        address = self._address(name)
        look(address, picture, shown=address.partition("?")[0])
        return address

    def _lies_there(self, name: str, picture: DraftPicture) -> bool:
        size = self._objects.size(name)
        if size not in {None, picture.bytes}:
            raise AccountRefused(
                f"{self._objects.called} holds {size:,} bytes as {self._bucket.prefix}{name}, and "
                f"the picture has {picture.bytes:,}: remove them"
            )
        return size is not None

    def _address(self, name: str) -> str:
        if self._bucket.address:
            return f"{self._bucket.address}/{quote(f'{self._bucket.prefix}{name}')}"
        return self._objects.signed(name, int(SIGNED_FOR.total_seconds()))


# ── as a platform sees it ─────────────────────────────────────────────────────────────────────────


def look(address: str, picture: DraftPicture, *, shown: str) -> None:
    """Fetch the picture as a platform would; raises an `Ending` that says what is in its way.

    Messages name the address as `shown`, since a signed one opens the picture for everybody.
    """
    try:
        with _Anonymous(address) as session:
            answer = session.get(
                address,
                auth=_as_nobody,
                headers={"Accept-Encoding": "identity"},
                timeout=TIMEOUTS,
                allow_redirects=False,
                stream=True,
            )
            data = _body(answer, at_most=picture.bytes + 1)
    except (requests.RequestException, OSError) as error:
        ending = _unanswered(error, shown)
    else:
        if found := _obstacle(answer, data, picture, shown):
            raise found
        return
    raise ending


class _Anonymous(requests.Session):
    """Without what a platform would not have; a machine's proxy is for the world outside."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.trust_env = not _is_loopback(address)
        self.headers["User-Agent"] = "campaign-scheduler"


def _body(answer: requests.Response, *, at_most: int) -> bytes:
    """Its beginning: what is longer than the picture is not the picture."""
    data = bytearray()
    for piece in answer.iter_content(1 << 16):
        data += piece
        if len(data) >= at_most:
            break
    return bytes(data[:at_most])


def _as_nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Given as `auth`, so that nobody's .netrc opens what is closed to others."""
    return request


def _unanswered(error: Exception, shown: str) -> Ending:
    if isinstance(error, requests.exceptions.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return AccountRefused(f"{shown}: the certificate of the web server does not hold")
    if isinstance(error, requests.exceptions.InvalidURL):
        return AccountRefused(f"{shown} is no address that can be used")
    return NotSent(f"{shown}: the web server does not answer ({type(error).__name__})")


def _obstacle(
    answer: requests.Response, data: bytes, picture: DraftPicture, shown: str
) -> Ending | None:
    """Why a platform could not take it from there, or None."""
    if answer.status_code != _OK:
        return _not_there(answer, shown)
    said = answer.headers.get("Content-Type", "")
    if said.partition(";")[0].strip().casefold() != picture.media_type:
        return AccountRefused(
            f'{shown} is served as "{said}", and it is {picture.media_type}: a platform would '
            "refuse it; have the web server say the right Content-Type"
        )
    length = answer.headers.get("Content-Length", str(picture.bytes))
    if length != str(picture.bytes) or sha256(data).hexdigest() != picture.digest:
        return AccountRefused(
            f"something else than the picture lies at {shown} ({length} bytes, and the picture has "
            f"{picture.bytes}); something changes pictures on the way, or the address is another's"
        )
    return None


def _not_there(answer: requests.Response, shown: str) -> Ending:
    status = answer.status_code
    said = f"{shown} answers {status}"
    if status in _MOVED:
        to = answer.headers.get("Location", "?").partition("?")[0]
        return AccountRefused(
            f"{said} and leads to {to}: not every platform follows; write that address as hosting's"
        )
    if status in _LOGIN:
        return AccountRefused(f"{said}: everybody must be allowed to read what lies there")
    if status >= _SERVERS_FAULT or status in _PASSING:
        return NotSent(said)
    return AccountRefused(
        f"{said}, and the picture was put in its place: the address is not that of this place"
    )


def _is_loopback(address: str) -> bool:
    name = urlsplit(address).hostname or ""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


# ── the picture itself ────────────────────────────────────────────────────────────────────────────


def _name(picture: DraftPicture) -> str:
    if picture.media_type not in _SUFFIXES:
        raise ContentRejected(f"a picture is {picture.media_type}; only JPEG and PNG are put up")
    return f"{picture.digest}{_SUFFIXES[picture.media_type]}"


def _content(picture: DraftPicture) -> bytes:
    """The bytes that were drafted, or `NotSent` when the file holds others by now."""
    try:
        data = picture.file.read_bytes()
    except OSError as error:
        raise NotSent(f"a picture cannot be read: {picture.file}: {error.strerror}") from error
    if sha256(data).hexdigest() != picture.digest:
        raise NotSent(f"a picture has changed since it was drafted: {picture.file}")
    return data
