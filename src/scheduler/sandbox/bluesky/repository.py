"""What the stand-in for Bluesky keeps of one account: its records and its pictures."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from scheduler.sandbox.bluesky.contents import record_cid
from scheduler.sandbox.bluesky.rules import BLOB_LIFE, GATE, POST, Refused, invalid
from scheduler.sandbox.standing import PublicPost

_HANDLE_OF_A_SANDBOX = ".test"
#: https://docs.bsky.app/docs/advanced-guides/moderation: labels that the app covers pictures for.
_COVERING = frozenset({"porn", "sexual", "nudity", "graphic-media"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    data: bytes
    media_type: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    uri: str
    cid: str
    value: Mapping[str, Any]
    put_at: datetime

    @property
    def name(self) -> str:
        return self.uri.rsplit("/", 1)[-1]

    @property
    def shown(self) -> dict[str, Any]:
        return {"uri": self.uri, "cid": self.cid, "value": self.value}


@dataclass(slots=True, kw_only=True)
class Repository:
    """Guarded by the server's lock."""

    account: str
    blobs: dict[str, Blob] = field(default_factory=dict)
    #: By collection and name, in the order in which they were first put there.
    records: dict[tuple[str, str], Record] = field(default_factory=dict)

    @property
    def did(self) -> str:
        digest = b32encode(sha256(self.account.encode()).digest()).decode().lower()
        return f"did:plc:{digest[:24]}"

    @property
    def handle(self) -> str:
        return f"{self.account}{_HANDLE_OF_A_SANDBOX}"

    def drafted(
        self, collection: str, name: str, value: Mapping[str, Any], now: datetime
    ) -> Record:
        """The record as it would stand there."""
        try:
            cid = record_cid(value)
        except ValueError as error:
            raise invalid(f"Record {error}") from None
        uri = f"at://{self.did}/{collection}/{name}"
        return Record(uri=uri, cid=cid, value=value, put_at=now)

    def keep(self, collection: str, record: Record, now: datetime) -> None:
        """Put it there, if everything that it names is there as well."""
        if collection == POST:
            self._check_blobs(record.value, now)
            self._check_reply(record.value.get("reply"))
        elif record.value["post"] != record.uri.replace(f"/{GATE}/", f"/{POST}/"):
            raise invalid("Record/post must be the post of the same name in this repository")
        self.records[collection, record.name] = record

    def newest_first(self, collection: str) -> list[Record]:
        """Names sort by time."""
        found = [record for (of, _), record in self.records.items() if of == collection]
        return sorted(found, key=lambda record: record.name, reverse=True)

    def public(self) -> list[PublicPost]:
        return [
            self._seen(record)
            for (collection, _), record in self.records.items()
            if collection == POST
        ]

    def _check_blobs(self, value: Mapping[str, Any], now: datetime) -> None:
        used = {
            image["image"]["ref"]["$link"]
            for record in self.records.values()
            for image in _images(record.value)
        }
        for image in _images(value):
            said = image["image"]
            cid = said["ref"]["$link"]
            blob = self.blobs.get(cid)
            if blob is None or (cid not in used and now - blob.uploaded_at > BLOB_LIFE):
                raise Refused("BlobNotFound", f"Could not find blob: {cid}")
            if said["mimeType"] != blob.media_type:
                message = f"Referenced Mimetype does not match stored blob: {blob.media_type}"
                raise Refused("InvalidMimeType", message)
            if said["size"] != len(blob.data):
                message = f"Referenced Size does not match stored blob: {len(blob.data)}"
                raise Refused("InvalidSize", message)

    def _check_reply(self, reply: Mapping[str, Any] | None) -> None:
        """Stricter than the real server, which keeps an answer to nothing."""
        if reply is None:
            return
        standing = {record.uri: record for record in self.records.values()}
        for reference in reply.values():
            record = standing.get(reference["uri"])
            if record is None or record.cid != reference["cid"]:
                raise invalid(f"Record/reply answers what is not there: {reference['uri']}")
        parent = standing[reply["parent"]["uri"]]
        above = parent.value.get("reply")
        if reply["root"] != (above["root"] if above else reply["parent"]):
            raise invalid("Record/reply/root must be where the thread begins")

    def _seen(self, record: Record) -> PublicPost:
        value = record.value
        blobs = [self.blobs[image["image"]["ref"]["$link"]] for image in _images(value)]
        reply = value.get("reply")
        return PublicPost(
            account=self.account,
            id=record.uri,
            url=f"https://bsky.app/profile/{self.did}/post/{record.name}",
            text=value["text"],
            note="",  # it has no place of its own
            language=", ".join(value.get("langs", [])),
            visibility="public",
            alts=tuple(image["alt"] for image in _images(value)),
            digests=tuple(sha256(blob.data).hexdigest() for blob in blobs),
            pictures=tuple(blob.data for blob in blobs),
            published_at=record.put_at,
            reply_to=reply["parent"]["uri"] if reply else None,
            key=record.name,
            covered=any(label["val"] in _COVERING for label in _labels(value)),
        )


def _labels(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from value.get("labels", {}).get("values", [])


def _images(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from value.get("embed", {}).get("images", [])
