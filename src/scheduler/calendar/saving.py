"""Writing several files together: all of them or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def save(contents: Mapping[Path, bytes]) -> None:
    """Write all files or none: each is complete beside its place before any is moved there.

    Raises `OSError` when one of them cannot be written; the others are then as they were.
    """
    ready: dict[Path, Path] = {}
    before = {file: file.read_bytes() if file.exists() else None for file in contents}
    moved: list[Path] = []
    try:
        for file, data in contents.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            ready[file] = _beside(file, data)
        for file, temporary in ready.items():
            temporary.replace(file)
            moved.append(file)
    except OSError:
        for file in moved:
            _put_back(file, before[file])
        raise
    finally:
        for temporary in ready.values():
            temporary.unlink(missing_ok=True)


def _beside(file: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    temporary = Path(name)
    # A temporary file is for its owner alone, and what it replaces may have been for a group.
    temporary.chmod(file.stat().st_mode & 0o777 if file.exists() else 0o666 & ~_umask())
    return temporary


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _put_back(file: Path, data: bytes | None) -> None:
    if data is None:
        file.unlink(missing_ok=True)
    else:
        file.write_bytes(data)
