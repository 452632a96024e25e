"""Buckets of S3, and of servers that speak its protocol: pictures at an address, cards of a shelf.

Nothing of boto3 leaves this module, since an error of its own may hold what was signed.
"""

from __future__ import annotations

import logging
import re
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import md5, sha256
from typing import Any, Protocol
from urllib.parse import urlsplit

from scheduler.errors import AccountRefused, Ending, NotSent
from scheduler.model import Bucket

#: Seconds to wait for a connection, and for an answer.
TIMEOUTS = (10.0, 30.0)
#: More bytes than anything that is put there has; what is longer is not read.
LARGEST = 1 << 26
#: Requests at once of one process.
AT_ONCE = 16

_NOT_FOUND = 404
_CONFLICT = 409
_PRECONDITION_FAILED = 412
_PASSING = frozenset({408, 425, 429})
_SERVERS_FAULT = 500
_NOT_IMPLEMENTED = 501


class Secrets(Protocol):
    """The bucket's keys, read only when a request needs them."""

    def read(self, name: str) -> str: ...


class Objects:
    """What lies in a bucket, by the names after its prefix. Threads may share it.

    Every call may raise an `Ending`: `NotSent` where the server may answer later, `AccountRefused`
    where a person must mend something first.
    """

    def __init__(
        self,
        bucket: Bucket,
        *,
        secrets: Secrets,
        settings: str,
        timeouts: tuple[float, float] = TIMEOUTS,
        attempts: int = 1,
    ) -> None:
        """`settings` says where a person has written of the bucket: "the calendar's hosting"."""
        self._bucket = bucket
        self._secrets = secrets
        self._settings = settings
        self._timeouts = timeouts
        self._attempts = attempts
        self._lock = threading.Lock()
        self._kept: Any = None
        self._conditional = True
        self.called = f'the bucket "{bucket.name}"'
        if bucket.endpoint:
            self.called += f" at {urlsplit(bucket.endpoint).netloc}"

    def size(self, name: str) -> int | None:
        """How many bytes lie there; None where nothing does."""
        with self._endings(), _none_there():
            return int(self._client.head_object(**self._at(name))["ContentLength"])
        return None

    def get(self, name: str) -> bytes | None:
        """What lies there; None where that is nothing, or not what was put there."""
        with self._endings(), _none_there():
            found = self._client.get_object(**self._at(name))
            with closing(found["Body"]) as body:
                if found.get("ContentLength", 0) > LARGEST:
                    return None
                data: bytes = body.read()
            expected = found["Metadata"].get("sha256")
            return data if expected in {None, sha256(data).hexdigest()} else None
        return None

    def create(self, name: str, data: bytes, media_type: str) -> bool:
        """Put it there where nothing lies; False where something does, which stays."""
        if not self._conditional:
            return self._create_plainly(name, data, media_type)
        from botocore.exceptions import ClientError  # noqa: PLC0415 (slow to load)

        with self._endings():
            try:
                self._put(name, data, media_type, IfNoneMatch="*")
            except ClientError as error:
                if _status(error) == _NOT_IMPLEMENTED:  # Swift's answer to the condition
                    self._conditional = False
                    return self._create_plainly(name, data, media_type)
                if _status(error) in {_CONFLICT, _PRECONDITION_FAILED}:
                    return False
                raise
        return True

    def put(self, name: str, data: bytes, media_type: str, *, cached: str = "") -> None:
        """Put it there whole, or not at all, in the place of whatever lies there."""
        with self._endings():
            self._put(name, data, media_type, **({"CacheControl": cached} if cached else {}))

    def remove(self, name: str) -> None:
        with self._endings():
            self._client.delete_object(**self._at(name))

    def listed(self, under: str) -> dict[str, str]:
        """The names that begin with `under`, each with its entity tag: mostly the MD5."""
        prefix = self._bucket.prefix
        with self._endings():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket.name, Prefix=f"{prefix}{under}"
            )
            return {
                each["Key"].removeprefix(prefix): each["ETag"].strip('"')
                for page in pages
                for each in page.get("Contents", ())
            }

    def signed(self, name: str, seconds: int) -> str:
        """An address that opens it to everybody for so long."""
        with self._endings():
            address: str = self._client.generate_presigned_url(
                "get_object", Params=self._at(name), ExpiresIn=seconds
            )
        return address

    def _create_plainly(self, name: str, data: bytes, media_type: str) -> bool:
        if self.size(name) is not None:
            return False
        self.put(name, data, media_type)
        return True

    def _put(self, name: str, data: bytes, media_type: str, **more: str) -> None:
        self._client.put_object(
            **self._at(name),
            Body=data,
            ContentType=media_type,
            ContentMD5=b64encode(md5(data, usedforsecurity=False).digest()).decode(),
            Metadata={"sha256": sha256(data).hexdigest()},
            **more,
        )

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket.name, "Key": f"{self._bucket.prefix}{name}"}

    @property
    def _client(self) -> Any:
        with self._lock:
            if self._kept is None:
                self._kept = self._opened()
            return self._kept

    def _opened(self) -> Any:
        return _client(
            self._bucket,
            self._secrets,
            connect_timeout=self._timeouts[0],
            read_timeout=self._timeouts[1],
            retries={"total_max_attempts": self._attempts},
        )

    # ── how a request ended ───────────────────────────────────────────────────────────────────────

    @contextmanager
    def _endings(self) -> Iterator[None]:
        from botocore.exceptions import (  # noqa: PLC0415 (slow to load)
            BotoCoreError,
            ClientError,
            ConnectionError,  # noqa: A004 (botocore's own)
            HTTPClientError,
            IncompleteReadError,
        )

        try:
            yield
        except ClientError as error:
            ending = self._refused(_status(error), str(error.response["Error"].get("Code", "")))
        except (ConnectionError, HTTPClientError, IncompleteReadError) as error:
            ending = self._unreached(error)
        except BotoCoreError as error:
            ending = AccountRefused(f"{self.called} cannot be used: {type(error).__name__}")
        else:
            return
        raise ending

    def _refused(self, status: int, code: str) -> Ending:
        # Some servers repeat there what was asked, and by whom.
        shown = code if _CODE.fullmatch(code) else ""
        said = f"{self.called} answered {status} {shown}".rstrip()
        if status >= _SERVERS_FAULT or status in _PASSING:
            return NotSent(said)
        to_do = _TO_DO.get(code) or _BY_STATUS.get(status, _ELSE)
        return AccountRefused(f"{said}: {to_do.format(settings=self._settings)}")

    def _unreached(self, error: Exception) -> Ending:
        from botocore.exceptions import SSLError  # noqa: PLC0415 (slow to load)

        if isinstance(error, SSLError):
            return AccountRefused(f"{self.called}: its certificate does not hold")
        return NotSent(f"{self.called} cannot be reached ({type(error).__name__})")


_CODE = re.compile(r"[A-Za-z]{1,64}|\d{3}")
_WRONG_KEY = "the secrets of {settings} are not its keys"
_ELSE = "look at the bucket's settings, and at {settings}"
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


@contextmanager
def _none_there() -> Iterator[None]:
    """Ends quietly where there is no such object; that there is no such bucket is an error."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 (slow to load)

    try:
        yield
    except ClientError as error:
        if _status(error) != _NOT_FOUND or error.response["Error"].get("Code") == "NoSuchBucket":
            raise


def _client(bucket: Bucket, secrets: Secrets, **config: Any) -> Any:
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
            max_pool_connections=AT_ONCE,
            s3={"addressing_style": "path" if bucket.path_style else "virtual"},
            # Its newer checksums are understood by Amazon alone; the MD5 that we send, by all.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            ignore_configured_endpoint_urls=True,
            **config,
        ),
    )


def _status(error: Any) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
