"""Pictures at a public address, for platforms that fetch them instead of taking bytes.

A picture lies under the digest of its bytes, so that nobody can guess its address before the post
is public, and nothing is ever written over it. Before an address is given out the picture is
fetched from there once, as a platform would: what it could not have is said here, where a person
can mend it, and not by a platform that says no more than that it failed.
"""

from __future__ import annotations

import logging
import os
import re
import ssl
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import md5, sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

import requests

from scheduler.errors import AccountRefused, ContentRejected, Ending, NotSent
from scheduler.model import Bucket, DraftPicture, Hosting, ServedDirectory

#: How long a signed address is good: as long as Meta's containers, which live for a day, may
#: still fetch it. https://developers.facebook.com/docs/instagram-platform/content-publishing
SIGNED_FOR = timedelta(days=1)
#: What lies under a digest never changes.
CACHED = "public, max-age=31536000, immutable"

#: Seconds to wait for a connection, and for an answer.
_TIMEOUTS = (10.0, 30.0)
_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png"}
_OK = 200
_MOVED = range(300, 400)
_LOGIN = frozenset({401, 402, 403, 407})
_PASSING = frozenset({408, 425, 429})
_NOT_FOUND = 404
_PRECONDITION_FAILED = 412
_SERVERS_FAULT = 500
#: Everybody may read it, and nobody but us write: the web server is another user.
_READABLE = 0o644


class Secrets(Protocol):
    """The bucket's keys, read only when a request needs them."""

    def read(self, name: str) -> str: ...


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
        self._secrets = secrets
        self._kept: Any = None
        self._called = f'the bucket "{bucket.name}"'
        if bucket.endpoint:
            self._called += f" at {urlsplit(bucket.endpoint).netloc}"

    def address(self, picture: DraftPicture) -> str:
        """Where the picture can be read; it is put there first if it does not lie there."""
        name = f"{self._bucket.prefix}{_name(picture)}"
        with self._endings():
            if not self._lies_there(name, picture):
                self._put(name, picture)
            address = self._address(name)
        look(address, picture, shown=address.partition("?")[0])
        return address

    def _lies_there(self, name: str, picture: DraftPicture) -> bool:
        from botocore.exceptions import ClientError  # noqa: PLC0415 (slow to load)

        try:
            there = self._client.head_object(Bucket=self._bucket.name, Key=name)
        except ClientError as error:
            if _status(error) == _NOT_FOUND:
                return False
            raise
        if there["ContentLength"] != picture.bytes:
            raise AccountRefused(
                f"{self._called} holds {there['ContentLength']:,} bytes as {name}, and the picture "
                f"has {picture.bytes:,}: remove them"
            )
        return True

    def _put(self, name: str, picture: DraftPicture) -> None:
        data = _content(picture)
        checked = b64encode(md5(data, usedforsecurity=False).digest()).decode()
        self._client.put_object(
            Bucket=self._bucket.name,
            Key=name,
            Body=data,
            ContentType=picture.media_type,
            ContentMD5=checked,
            CacheControl=CACHED,
        )

    def _address(self, name: str) -> str:
        if self._bucket.address:
            return f"{self._bucket.address}/{quote(name)}"
        signed: str = self._client.generate_presigned_url(
            "get_object",
            Params={"Bucket": self._bucket.name, "Key": name},
            ExpiresIn=int(SIGNED_FOR.total_seconds()),
        )
        return signed

    @property
    def _client(self) -> Any:
        if self._kept is None:
            self._kept = _client(self._bucket, self._secrets)
        return self._kept

    @contextmanager
    def _endings(self) -> Iterator[None]:
        """Nothing of boto3 leaves this module: an error of its own may hold what was signed."""
        from botocore.exceptions import (  # noqa: PLC0415 (slow to load)
            BotoCoreError,
            ClientError,
            ConnectionError,  # noqa: A004 (botocore's own)
            HTTPClientError,
        )

        try:
            yield
        except ClientError as error:
            ending = self._refused(_status(error), str(error.response["Error"].get("Code", "")))
        except (ConnectionError, HTTPClientError) as error:
            ending = self._unreached(error)
        except BotoCoreError as error:
            ending = AccountRefused(f"{self._called} cannot be used: {type(error).__name__}")
        else:
            return
        raise ending

    def _refused(self, status: int, code: str) -> Ending:
        # Some servers repeat there what was asked, and by whom.
        shown = code if _CODE.fullmatch(code) else ""
        said = f"{self._called} answered {status} {shown}".rstrip()
        if status >= _SERVERS_FAULT or status in _PASSING:
            return NotSent(said)
        return AccountRefused(f"{said}: {_TO_DO.get(code) or _BY_STATUS.get(status, _ELSE)}")

    def _unreached(self, error: Exception) -> Ending:
        from botocore.exceptions import SSLError  # noqa: PLC0415 (slow to load)

        if isinstance(error, SSLError):
            return AccountRefused(f"{self._called}: its certificate does not hold")
        return NotSent(f"{self._called} cannot be reached ({type(error).__name__})")


_CODE = re.compile(r"[A-Za-z]{1,64}|\d{3}")
_WRONG_KEY = "the secrets of the calendar's hosting are not its keys"
_ELSE = "look at the bucket's settings, and at the calendar's hosting"
#: By the code of an error, what a person does about it.
_TO_DO = {
    "InvalidAccessKeyId": _WRONG_KEY,
    "SignatureDoesNotMatch": _WRONG_KEY,
    "NoSuchBucket": "there is no such bucket; make it, or mend its name",
    "PermanentRedirect": "it lies in another region; write region",
    "AuthorizationHeaderMalformed": "it lies in another region; write region",
    "RequestTimeTooSkewed": "the clock of this machine is wrong",
}
#: Where no body says more: the answer to a HEAD has none.
_BY_STATUS = {
    301: _TO_DO["PermanentRedirect"],
    403: "the key must be the bucket's, and allow listing it, reading and writing",
    404: _TO_DO["NoSuchBucket"],
}


def _client(bucket: Bucket, secrets: Secrets) -> Any:
    """boto3's client for one bucket, with nothing taken from the machine's own settings."""
    import boto3  # noqa: PLC0415 (slow to load, and only needed for buckets)
    from botocore.config import Config  # noqa: PLC0415

    for library in ("boto3", "botocore"):
        # Below this it writes down each request with its signature, and each answer whole.
        logging.getLogger(library).setLevel(logging.WARNING)
    return boto3.session.Session().client(
        "s3",
        endpoint_url=bucket.endpoint or None,
        region_name=bucket.region or "us-east-1",
        aws_access_key_id=secrets.read("access_key"),
        aws_secret_access_key=secrets.read("secret_key"),
        config=Config(
            signature_version="s3v4",
            connect_timeout=_TIMEOUTS[0],
            read_timeout=_TIMEOUTS[1],
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path" if bucket.path_style else "virtual"},
            # Its newer checksums are understood by Amazon alone; the MD5 that we send, by all.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            ignore_configured_endpoint_urls=True,
        ),
    )


def _status(error: Any) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


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
                timeout=_TIMEOUTS,
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
