"""A folder of cards: NAME.jpg, each whole or not at all, and what is kept of them.

In `kept/` lies a mark for each card that is kept: named by the card's contents, it holds the name
under which the card lies. Threads, processes and machines may share the folder.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

#: The folder of the marks.
KEPT = "kept"
_END_OF_JPEG = b"\xff\xd9"


class Folder:
    """Cards that lie on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def place(self, name: str) -> Path:
        """Where the card of this name lies, or would lie."""
        return self.path / f"{name}.jpg"

    def has(self, name: str) -> bool:
        """Whether it lies here, whole."""
        try:
            with self.place(name).open("rb") as stream:
                stream.seek(-len(_END_OF_JPEG), os.SEEK_END)
                return stream.read() == _END_OF_JPEG
        except OSError:
            return False

    def take(self, names: Iterable[str]) -> set[str]:
        """Those that lie here."""
        return {name for name in names if self.has(name)}

    def lay(self, name: str, data: bytes) -> None:
        self._write(self.place(name), data)

    def pass_on(self, names: Iterable[str]) -> None:
        """Nothing is to be done: whoever shares the folder sees what was drawn into it."""

    def by_bytes(self, digests: Collection[str]) -> dict[str, Path]:
        """Which of the pictures with these bytes lie here, whatever card they were of."""
        sought, found = set(digests), {}
        for file in self.path.glob("*.jpg") if sought else ():
            with suppress(OSError):  # it may be gone by now
                if (digest := bytes_of(file)[1]) in sought:
                    found[digest] = file
            if len(found) == len(sought):
                break
        return found

    # ── what is kept ──────────────────────────────────────────────────────────────────────────────

    def keeps(self) -> bool:
        """Whether anything may be kept at all."""
        return (self.path / KEPT).is_dir()

    def kept(self, contents: Iterable[str]) -> dict[str, str]:
        """By contents, the names of those that are kept and lie here."""
        named = {each: mark.split(maxsplit=1)[0] for each, mark in self.marks(contents).items()}
        here = self.take(set(named.values()))
        return {each: name for each, name in named.items() if name in here}

    def marks(self, contents: Iterable[str]) -> dict[str, str]:
        found = {}
        for each in contents:
            with suppress(OSError, UnicodeDecodeError):
                if mark := self._mark(each).read_text("ascii").strip():
                    found[each] = mark
        return found

    def keep(self, contents: str, name: str) -> None:
        """Let the card with these contents be the one of this name, whoever draws it later."""
        self._write(self._mark(contents), name.encode())

    def let_go(self, contents: str) -> None:
        self._mark(contents).unlink(missing_ok=True)

    def _mark(self, contents: str) -> Path:
        return self.path / KEPT / contents

    def _write(self, file: Path, data: bytes) -> None:
        """Whole or not at all, whatever happens meanwhile."""
        file.parent.mkdir(parents=True, exist_ok=True)
        # Nobody else's, on any machine that shares the folder.
        part = self.path / f"{file.name}.{os.urandom(8).hex()}.part"
        try:
            part.write_bytes(data)
            part.replace(file)
        except BaseException as error:
            part.unlink(missing_ok=True)
            # Windows replaces no file that another thread reads; then that thread's is as good.
            if not (isinstance(error, PermissionError) and file.exists()):
                raise


def is_whole(data: bytes) -> bool:
    """Whether a JPEG was not cut off."""
    return data.endswith(_END_OF_JPEG)


def bytes_of(file: Path) -> tuple[int, str]:
    """How many bytes it has, and their SHA-256. Raises an `OSError`."""
    lying = file.stat()
    return _measured(file, lying.st_mtime_ns, lying.st_size, lying.st_ino)


@lru_cache(maxsize=4096)
def _measured(file: Path, *_lying: int) -> tuple[int, str]:
    """Read once for as long as it lies there."""
    data = file.read_bytes()
    return len(data), hashlib.sha256(data).hexdigest()
