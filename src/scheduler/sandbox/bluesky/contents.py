"""Content identifiers: what a record or a picture is called after its own bytes.

https://atproto.com/specs/data-model: records are DAG-CBOR, pictures are raw, both under SHA-256.
"""

from __future__ import annotations

from base64 import b32decode, b32encode
from collections.abc import Mapping
from hashlib import sha256

_VERSION, _CBOR, _RAW, _SHA_256 = 0x01, 0x71, 0x55, 0x12
_TAG_OF_LINKS = 42
_UNSIGNED, _NEGATIVE, _TEXT, _LIST, _MAP, _TAG = 0, 1, 3, 4, 5, 6
_BYTES = 2
_FALSE, _TRUE, _NULL = b"\xf4", b"\xf5", b"\xf6"


def record_cid(record: Mapping[str, object]) -> str:
    """Raises `ValueError` for what no record may hold: a number with a fraction, say."""
    return _cid(_CBOR, _encoded(record))


def blob_cid(data: bytes) -> str:
    return _cid(_RAW, data)


def _cid(codec: int, data: bytes) -> str:
    digest = sha256(data).digest()
    whole = bytes((_VERSION, codec, _SHA_256, len(digest))) + digest
    return "b" + b32encode(whole).decode().rstrip("=").lower()


def _encoded(value: object) -> bytes:
    match value:
        case None:
            return _NULL
        case bool():
            return _TRUE if value else _FALSE
        case int():
            return _head(_UNSIGNED, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
        case str():
            data = value.encode()
            return _head(_TEXT, len(data)) + data
        case list():
            items: list[object] = value
            return _head(_LIST, len(items)) + b"".join(map(_encoded, items))
        case {"$link": str(link), **rest} if not rest:
            link_bytes = b"\0" + _decoded(link)
            return _head(_TAG, _TAG_OF_LINKS) + _head(_BYTES, len(link_bytes)) + link_bytes
        case dict():
            # Shorter keys come first.
            keys = sorted((key.encode() for key in value), key=lambda key: (len(key), key))
            pairs = (_encoded(key.decode()) + _encoded(value[key.decode()]) for key in keys)
            return _head(_MAP, len(value)) + b"".join(pairs)
    raise ValueError(f"{value!r} cannot stand in a record")


def _head(kind: int, number: int) -> bytes:
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 24:  # noqa: PLR2004 (RFC 8949: up to here, the number is part of the head)
            return bytes((kind << 5 | number,))
        if number < 1 << 8 * size:
            return bytes((kind << 5 | extra,)) + number.to_bytes(size)
    raise ValueError(f"{number} is too large for a record")


def _decoded(cid: str) -> bytes:
    letters = cid[1:].upper()
    return b32decode(letters + "=" * (-len(letters) % 8))
