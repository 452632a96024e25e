"""Files known by their bytes, never by where they lie: pictures, logos and fonts."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path


def file_digest(file: Path, largest: int) -> str:
    """SHA-256 of the file's bytes; "absent" where it cannot be read, "too large" where it is.

    `largest` is in bytes.
    """
    try:
        found = os.stat(file)  # noqa: PTH116 (half of what Path.stat takes, for every card)
        if found.st_size > largest:
            return "too large"
        return _digest(str(file), found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    except (OSError, ValueError):
        return "absent"


@lru_cache(maxsize=256)
def _digest(file: str, *state: int) -> str:
    """Read once for each state of the file: all cards of a campaign show the same logo."""
    del state
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()
