"""Cards that machines share: each has a folder of its own, and behind all of them lies one store.

The store has what a folder has: NAME.jpg, and a mark `kept/CONTENTS` for each card that is kept,
which holds its name and the SHA-256 of its bytes. And `bytes/SHA-256` holds the name of the card
with these bytes, so that nobody looks through a hundred thousand of them to find one.

What lies in the store first stays. While the store is away each machine goes by its folder, and
draws what it lacks; only to keep a card, and to let it go, is impossible then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import md5, sha256
from pathlib import Path
from typing import Protocol, TypeVar

from scheduler.cards.folder import KEPT, Folder, bytes_of, is_whole
from scheduler.errors import Ending, NotSent

#: So many marks are asked for one by one; for more, all that there are get listed.
FEW = 16
_AT_ONCE = 16
_BYTES = "bytes"
_JPEG, _TEXT = "image/jpeg", "text/plain"
#: A name, and what its bytes are; a folder's mark, which somebody copied here, has the name alone.
_MARK = re.compile(rb"([0-9a-f]{64})(?: ([0-9a-f]{64}))?\s*")

A = TypeVar("A")
B = TypeVar("B")


class Store(Protocol):
    """Files that machines share, by names. Each call may raise an `Ending`."""

    def get(self, name: str) -> bytes | None:
        """None where nothing lies, or not what was put there."""
        ...

    def create(self, name: str, data: bytes, media_type: str) -> bool:
        """Whole or not at all; False where something lies there, which stays."""
        ...

    def put(self, name: str, data: bytes, media_type: str) -> None: ...

    def remove(self, name: str) -> None: ...

    def listed(self, under: str) -> Mapping[str, str]:
        """The names that begin so, each with what is mostly the MD5 of its bytes."""
        ...


class Shared:
    """A folder in front of a store, for a `Shelf`."""

    def __init__(self, folder: Folder, store: Store) -> None:
        self._folder = folder
        self._store = store
        #: Bytes that lay nowhere when they were looked for.
        self._nowhere: set[str] = set()

    def place(self, name: str) -> Path:
        return self._folder.place(name)

    def has(self, name: str) -> bool:
        """Whether it lies in the folder; the store is not asked."""
        return self._folder.has(name)

    def take(self, names: Collection[str]) -> set[str]:
        """Those that lie in the folder now: what the store has was fetched."""
        here = self._folder.take(names)
        absent = [name for name in names if name not in here]
        return here.union(filter(None, _each(self._fetched, absent)))

    def lay(self, name: str, data: bytes) -> None:
        """Put it into both; what lies in the store already takes its place."""
        self._folder.lay(name, self._agreed(name, data))

    def pass_on(self, names: Collection[str]) -> None:
        """Put into the store what was drawn into the folder."""
        _each(self._pass_on, list(names))

    def _pass_on(self, name: str) -> None:
        data = self.place(name).read_bytes()
        there = self._agreed(name, data)
        if there != data:
            self._folder.lay(name, there)

    def by_bytes(self, digests: Collection[str]) -> dict[str, Path]:
        """Which of the pictures with these bytes lie anywhere, whatever card they were of."""
        found = self._folder.by_bytes(digests)
        absent = [digest for digest in digests if digest not in found.keys() | self._nowhere]
        named = dict(filter(None, _each(self._named_by, absent)))
        here = self.take(set(named.values()))
        lying = {digest: self.place(name) for digest, name in named.items() if name in here}
        return found | {digest: file for digest, file in lying.items() if _has(file, digest)}

    # ── what is kept ──────────────────────────────────────────────────────────────────────────────

    def keeps(self) -> bool:
        return True

    def kept(self, contents: Sequence[str]) -> dict[str, str]:
        """By contents, the names of those that are kept, and lie here with the very bytes."""
        read = {each: _read(mark.encode()) for each, mark in self._marks(contents).items()}
        named = {each: mark for each, mark in read.items() if mark}
        here = self.take({name for name, _ in named.values()})
        _each(lambda mark: self._the_very(*mark), list(set(named.values())))
        return {each: name for each, (name, _) in named.items() if name in here}

    def keep(self, contents: str, name: str) -> None:
        """Raises an `Ending` where not all machines would have the same card then."""
        data = self.place(name).read_bytes()
        there = self._store.get(f"{name}.jpg")
        if there is None or not is_whole(there):
            there = self._given(name, data)
        if there != data:
            self._folder.lay(name, there)
            raise NotSent("another machine has drawn a card otherwise, which is taken from now on")
        mark = f"{name} {sha256(data).hexdigest()}"
        self._store.put(f"{KEPT}/{contents}", mark.encode(), _TEXT)
        self._folder.keep(contents, mark)

    def let_go(self, contents: str) -> None:
        """Raises an `Ending` where other machines would not hear of it."""
        self._store.remove(f"{KEPT}/{contents}")
        self._folder.let_go(contents)

    def _marks(self, contents: Sequence[str]) -> dict[str, str]:
        """As the store has them; while it is away, as it had them when it was last asked."""
        here = self._folder.marks(contents)
        try:
            there = self._marks_there(contents, here)
        except Ending:
            return here
        for each in here.keys() - there.keys():
            self._folder.let_go(each)
        for each, mark in there.items() - here.items():
            self._folder.keep(each, mark)
        return there

    def _marks_there(self, contents: Sequence[str], here: Mapping[str, str]) -> dict[str, str]:
        unchanged: dict[str, str] = {}
        sought = list(dict.fromkeys(contents))
        if len(sought) > FEW:
            tags = self._store.listed(f"{KEPT}/")
            sought = [each for each in sought if f"{KEPT}/{each}" in tags]
            unchanged = {
                each: here[each]
                for each in sought
                if each in here and _md5(here[each]) == tags[f"{KEPT}/{each}"]
            }
            sought = [each for each in sought if each not in unchanged]
        marks = _each(lambda each: self._store.get(f"{KEPT}/{each}"), sought)
        read = {each: mark for each, mark in zip(sought, marks, strict=True) if mark}
        return unchanged | {
            each: mark.decode().strip() for each, mark in read.items() if _read(mark)
        }

    def _the_very(self, name: str, digest: str) -> None:
        """Fetch it once more where this machine had drawn it otherwise before it was kept."""
        if digest and self.has(name) and not _has(self.place(name), digest):
            there = self._there(name)
            if there is not None and sha256(there).hexdigest() == digest:
                self._folder.lay(name, there)

    # ── the store ─────────────────────────────────────────────────────────────────────────────────

    def _agreed(self, name: str, data: bytes) -> bytes:
        """What all machines have from now on; while the store is away, this one goes by itself."""
        try:
            return self._given(name, data)
        except Ending:
            return data

    def _given(self, name: str, data: bytes) -> bytes:
        """What lies in the store from now on. Raises an `Ending`."""
        card = f"{name}.jpg"
        self._store.put(f"{_BYTES}/{sha256(data).hexdigest()}", name.encode(), _TEXT)
        if self._store.create(card, data, _JPEG):
            return data
        there = self._store.get(card)
        if there is not None and is_whole(there):
            return there
        self._store.put(card, data, _JPEG)  # in the place of what is damaged
        return data

    def _fetched(self, name: str) -> str | None:
        there = self._there(name)
        if there is None:
            return None
        self._folder.lay(name, there)
        return name

    def _there(self, name: str) -> bytes | None:
        try:
            there = self._store.get(f"{name}.jpg")
        except Ending:
            return None
        return there if there is not None and is_whole(there) else None

    def _named_by(self, digest: str) -> tuple[str, str] | None:
        try:
            there = self._store.get(f"{_BYTES}/{digest}")
        except Ending:
            return None
        mark = _read(there or b"")
        if mark is None:
            self._nowhere.add(digest)
            return None
        return digest, mark[0]


def _each(ask: Callable[[A], B], about: Sequence[A]) -> list[B]:
    """The answers, in order; several are asked for at once, since a store is mostly far away."""
    if len(about) < 2:  # noqa: PLR2004 (one alone needs no thread)
        return list(map(ask, about))
    with ThreadPoolExecutor(min(len(about), _AT_ONCE)) as pool:
        return list(pool.map(ask, about))


def _read(mark: bytes) -> tuple[str, str] | None:
    """Name and digest, or None: names of files are made of it, and anybody may have written it."""
    read = _MARK.fullmatch(mark)
    return (read[1].decode(), (read[2] or b"").decode()) if read else None


def _has(file: Path, digest: str) -> bool:
    try:
        return bytes_of(file)[1] == digest
    except OSError:
        return False


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
