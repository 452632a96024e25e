"""Requests held against the lexicons, which describe Bluesky's calls and records.

https://atproto.com/specs/lexicon. Names that a lexicon does not know are differences: a server
takes them, and nobody reads them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

import regex
from arrivals import Arrival
from differences import Difference

_PREFIX = "/xrpc/"
_METHODS = {"query": "GET", "procedure": "POST"}
_GRAPHEME = regex.compile(r"\X")
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "array": list,
    "object": dict,
    "blob": dict,
    "unknown": dict,
    "union": dict,
    "ref": object,
}

_DID = r"did:[a-z]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._-]"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HANDLE = rf"(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_NSID = rf"(?:{_LABEL}\.){{2,}}[A-Za-z][A-Za-z0-9]{{0,62}}"
_KEY = r"(?!\.{1,2}(?![^/]))[A-Za-z0-9._:~-]{1,512}"
#: https://atproto.com/specs/lexicon#string-formats
_PATTERNS = {
    "did": _DID,
    "handle": _HANDLE,
    "at-identifier": f"{_DID}|{_HANDLE}",
    "nsid": _NSID,
    "record-key": _KEY,
    "tid": r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}",
    "cid": r"[A-Za-z0-9+=]{8,256}",
    "at-uri": rf"at://(?:{_DID}|{_HANDLE})(?:/{_NSID}(?:/{_KEY})?)?",
    "language": r"(?:[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*|i(?:-[A-Za-z0-9]+)+)",
}
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


class Lexicons:
    """Lexicons by their names: "com.atproto.repo.putRecord"."""

    def __init__(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        self._documents = documents

    def operation(self, arrival: Arrival) -> str:
        """Method and name: "POST com.atproto.repo.putRecord"."""
        return f"{arrival.method} {arrival.path.removeprefix(_PREFIX)}"

    def differences(self, arrival: Arrival) -> Iterator[Difference]:
        name = arrival.path.removeprefix(_PREFIX)
        described = self._documents.get(name, {}).get("defs", {}).get("main", {})
        if _METHODS.get(described.get("type", "")) != arrival.method:
            lacks = self.operation(arrival)
            yield Difference(where="", says="there is no such operation", lacks=lacks)
            return
        yield from self._in_query(arrival, described.get("parameters", {}), name)
        yield from self._in_body(arrival, described.get("input"), name)

    def _in_query(
        self, arrival: Arrival, described: Mapping[str, Any], name: str
    ) -> Iterator[Difference]:
        kinds = {key: each["type"] for key, each in described.get("properties", {}).items()}
        sent = {key: _read(value, kinds.get(key, "")) for key, value in arrival.query}
        for each in self._object(sent, described, name, "?"):
            yield Difference(where=each.where.replace("?.", "?", 1), says=each.says)

    def _in_body(
        self, arrival: Arrival, described: Mapping[str, Any] | None, name: str
    ) -> Iterator[Difference]:
        if described is None:
            if arrival.data:
                yield Difference(where="$", says="no body")
            return
        if not fnmatchcase(arrival.media_type or "nothing", described["encoding"]):
            said = f"{described['encoding']}, and not {arrival.content_type!r}"
            yield Difference(where="$", says=said)
        elif "schema" in described:
            try:
                body = arrival.body()
            except ValueError as error:
                yield Difference(where="$", says=f"{arrival.media_type}, and {error}")
                return
            yield from self._value(body, described["schema"], name, "$")
            if name.endswith((".putRecord", ".createRecord")) and isinstance(body, dict):
                yield from self._record(body)

    def _record(self, body: Mapping[str, Any]) -> Iterator[Difference]:
        """What is written is described by the lexicon of its collection."""
        collection, record = body.get("collection"), body.get("record")
        if not isinstance(collection, str) or not isinstance(record, dict):
            return  # said already
        if record.get("$type") != collection:
            yield Difference(where="$.record.$type", says=f"it must be {collection}")
        if collection not in self._documents:
            yield Difference(where="$.record", says="there is no such lexicon", lacks=collection)
            return
        main = self._documents[collection]["defs"]["main"]
        if main.get("key") == "tid":
            key = {"type": "string", "format": "tid"}
            yield from self._value(body.get("rkey"), key, collection, "$.rkey")
        yield from self._value(record, main["record"], collection, "$.record")

    def _value(
        self, value: Any, schema: Mapping[str, Any], name: str, where: str
    ) -> Iterator[Difference]:
        kind = schema["type"]
        if not isinstance(value, _KINDS[kind]) or (kind == "integer" and isinstance(value, bool)):
            yield Difference(where=where, says=f"{value!r:.80} is not of type {kind}")
            return
        match kind:
            case "ref":
                yield from self._named(value, schema["ref"], name, where)
            case "union":
                yield from self._union(value, schema, name, where)
            case "object":
                yield from self._object(value, schema, name, where)
            case "array":
                yield from _bounds(len(value), schema, "Length", where)
                for number, each in enumerate(value):
                    yield from self._value(each, schema["items"], name, f"{where}[{number}]")
            case "string":
                yield from _string(value, schema, where)
            case "integer":
                yield from _integer(value, schema, where)
            case "blob":
                yield from _blob(value, schema, where)

    def _object(
        self, value: Mapping[str, Any], schema: Mapping[str, Any], name: str, where: str
    ) -> Iterator[Difference]:
        known = schema.get("properties", {})
        for key in schema.get("required", ()):
            if key not in value:
                yield Difference(where=f"{where}.{key}", says="it is required")
        for key, each in value.items():
            if key in known:
                if each is not None or key not in schema.get("nullable", ()):
                    yield from self._value(each, known[key], name, f"{where}.{key}")
            elif key != "$type":
                says = f"{name} knows {', '.join(known) or 'nothing'}"
                yield Difference(where=f"{where}.{key}", says=says)

    def _union(
        self, value: Mapping[str, Any], schema: Mapping[str, Any], name: str, where: str
    ) -> Iterator[Difference]:
        """A union is told by `$type`; one that is open takes others, which we never send."""
        refs = {_absolute(ref, name) for ref in schema["refs"]}
        kind = value.get("$type")
        if kind not in refs:
            yield Difference(where=f"{where}.$type", says=f"{kind!r} is none of {sorted(refs)}")
        else:
            yield from self._named(value, kind, name, where)

    def _named(self, value: Any, ref: str, name: str, where: str) -> Iterator[Difference]:
        document, _, part = _absolute(ref, name).partition("#")
        if document not in self._documents:
            yield Difference(where=where, says="there is no such lexicon", lacks=document)
            return
        schema = self._documents[document]["defs"][part or "main"]
        yield from self._value(value, schema, document, where)


def _absolute(ref: str, name: str) -> str:
    return f"{name}{ref}" if ref.startswith("#") else ref.removesuffix("#main")


def _read(text: str, kind: str) -> Any:
    """A parameter as its lexicon means it: a query holds only text."""
    match kind:
        case "integer" if re.fullmatch(r"-?\d+", text):
            return int(text)
        case "boolean":
            return {"true": True, "false": False}.get(text, text)
    return text


def _bounds(size: int, schema: Mapping[str, Any], unit: str, where: str) -> Iterator[Difference]:
    if size > schema.get(f"max{unit}", size):
        yield Difference(where=where, says=f"max{unit} is {schema[f'max{unit}']}, here are {size}")
    if size < schema.get(f"min{unit}", size):
        yield Difference(where=where, says=f"min{unit} is {schema[f'min{unit}']}, here are {size}")


def _string(value: str, schema: Mapping[str, Any], where: str) -> Iterator[Difference]:
    """`knownValues` are advice, and bind nobody."""
    yield from _bounds(len(value.encode()), schema, "Length", where)
    yield from _bounds(len(_GRAPHEME.findall(value)), schema, "Graphemes", where)
    if value not in schema.get("enum", (value,)) or value != schema.get("const", value):
        yield Difference(where=where, says=f"{value!r} is not among its values")
    if (format_ := schema.get("format")) and not _FORMATS[format_](value):
        yield Difference(where=where, says=f"{value!r:.80} is no {format_}")


def _integer(value: int, schema: Mapping[str, Any], where: str) -> Iterator[Difference]:
    if value < schema.get("minimum", value) or value > schema.get("maximum", value):
        allowed = f"{schema.get('minimum', '…')} to {schema.get('maximum', '…')}"
        yield Difference(where=where, says=f"{allowed}, and not {value}")


def _blob(value: Mapping[str, Any], schema: Mapping[str, Any], where: str) -> Iterator[Difference]:
    """https://atproto.com/specs/data-model#blob-type"""
    match value:
        case {
            "$type": "blob",
            "ref": {"$link": str(link)},
            "mimeType": str(kind),
            "size": int(size),
        } if len(value) == len(("$type", "ref", "mimeType", "size")):
            if not _FORMATS["cid"](link):
                yield Difference(where=f"{where}.ref.$link", says=f"{link!r} is no cid")
            if not any(fnmatchcase(kind, each) for each in schema.get("accept", ("*/*",))):
                says = f"{', '.join(schema['accept'])}, and not {kind}"
                yield Difference(where=f"{where}.mimeType", says=says)
            yield from _bounds(size, schema, "Size", f"{where}.size")
        case _:
            yield Difference(where=where, says="a blob is $type, ref.$link, mimeType and size")


def _datetime(text: str) -> bool:
    try:
        return bool(_DATETIME.fullmatch(text) and datetime.fromisoformat(text))
    except ValueError:
        return False


def _uri(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r"\s", text)


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text) is not None


_FORMATS: Mapping[str, Callable[[str], bool]] = {
    "datetime": _datetime,
    "uri": _uri,
    **{name: _matches(pattern) for name, pattern in _PATTERNS.items()},
}
