"""Where pictures lie at a public address, for platforms that fetch them instead of taking bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from scheduler.model.secrets import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket of S3, or of a server that speaks its protocol."""

    name: str
    #: Where the server is; "" for Amazon's own.
    endpoint: str = ""
    region: str = ""
    #: Stands before every picture's name, as written: "2026/".
    prefix: str = ""
    #: The bucket's name stands in the path of an address, and not before the server's own.
    path_style: bool = False
    #: Where everybody reads the bucket; "" where addresses are signed for a day instead.
    address: str = ""
    secrets: Mapping[str, Secret] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedDirectory:
    """A folder that somebody's own web server serves at a public address."""

    #: Taken from the calendar's folder, where it is not absolute.
    directory: str
    address: str


Hosting = Bucket | ServedDirectory
