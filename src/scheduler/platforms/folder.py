"""A folder on this machine as a platform: an archive, and a first run without any account.

    <directory>/<key>/text.txt, post.json, picture-1.jpg …

A post appears whole or not at all: it is written under a hidden name and renamed once.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, Ending, NotSent
from scheduler.model import Account, Draft, Measure, Receipt, Size, Standing
from scheduler.platforms.counting import graphemes
from scheduler.platforms.measuring import measures
from scheduler.platforms.options import option_problems, secret_problems
from scheduler.platforms.pictures import content, file_name
from scheduler.platforms.protocol import (
    NOWHERE,
    Absent,
    Cap,
    Finding,
    Found,
    Identity,
    Limits,
    MediaHost,
    Option,
    Staged,
    Tokens,
    Unknown,
)

LIMITS = Limits(
    page="",  # ours alone
    text=100_000,
    text_unit="characters",
    pictures=10,
    alt=100_000,
    picture_bytes=100 * 1024 * 1024,
    card=Size(width=1080, height=1350),
)

#: Where posts are written before they appear. A key never starts with a full stop.
HIDDEN = ".staged"

#: A member's account has a dot in its name: italy.page.
_KEY = re.compile(r"[a-z0-9-]+([./][a-z0-9-]+)*")
#: Names that Windows keeps for devices, in every folder, whatever follows behind a dot.
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
#: Errors that pass: no space, too many open files, busy.
_PASSING = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "EBUSY", "EINTR")
    if hasattr(errno, name)
)
#: Windows: another program (a virus scanner, a cloud folder) holds the file open.
_HELD_OPEN = frozenset({32, 33})


class Folder:
    """One directory that receives posts."""

    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "directory": Option(
                meaning="the folder that receives the posts", required=True, path=True
            )
        }
    )
    secrets: ClassVar[Mapping[str, str]] = MappingProxyType({})
    in_flight: ClassVar[timedelta] = timedelta(0)  # a write ends with the process that made it
    caps: ClassVar[tuple[Cap, ...]] = ()
    fetches_pictures: ClassVar[bool] = False

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost = NOWHERE) -> None:
        del tokens, host  # a folder has none and needs none
        self.limits = LIMITS
        self._account = account
        self._directory = Path(account.options.get("directory", ""))

    @classmethod
    def problems(cls, account: Account) -> tuple[tuple[str, str], ...]:
        """What is wrong with the account's options and secrets: (name, message)."""
        return (
            *option_problems(account, cls.options),
            *secret_problems(account, cls.secrets),
        )

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        """Text and number of pictures, and each picture's alt text and size."""
        text = graphemes(draft.note) + graphemes(draft.text)
        return measures(draft, self.limits, text=text, alt=graphemes)

    def cost(self, draft: Draft) -> int:
        """Nothing."""
        del draft
        return 0

    def whoami(self) -> Identity:
        """The directory, if posts can be written there; makes it where it is missing."""
        with _endings(f"writing to {self._directory}"):
            self._hidden().joinpath("probe").touch()
            self._hidden().joinpath("probe").unlink(missing_ok=True)
        return Identity(
            id=str(self._directory), name=self._account.name, url=self._directory.as_uri()
        )

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Write text and pictures under a hidden name that follows from the draft."""
        del due  # a folder's posts have no time of their own
        files = {
            file_name(number, picture): content(number, picture)
            for number, picture in enumerate(draft.pictures, 1)
        }
        files["text.txt"] = draft.text.encode()
        request = _described(draft, reply_to)
        digest = sha256(json.dumps([self._account.name, request]).encode()).hexdigest()
        with _endings(f"writing to {self._directory}"):
            self._write_hidden(digest, files)
        return Staged(request={**request, "staged": digest})

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """Rename the hidden directory onto its final name."""
        final = self._place(key)
        post = _post(staged, key)
        with _endings(f"publishing {key} to {self._directory}"):
            if not _stands(final, post):
                self._rename(self._hidden() / staged.request["staged"], final, post)
        with _endings(f"securing {final}", otherwise=Ambiguous):
            for directory in (final.parent, *final.parent.parents):
                _fsync(directory)
                if directory == self._directory:
                    break
        return self._receipt(key)

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """Whether this very post stands there. A folder can always tell."""
        del since
        final = self._place(key)
        try:
            if _read(final / "post.json") == _post(staged, key):
                return Found(receipt=self._receipt(key))
        except OSError as error:
            return Unknown(reason=f"{final}: {error.strerror or error}")
        return Absent(reason=f"this post does not stand at {final}")

    def withdraw(self, receipt: Receipt) -> None:
        """Remove the post, at once for whoever looks on."""
        final = self._place(receipt.id)
        with _endings(f"removing {final}"):
            if final.exists():
                doomed = Path(tempfile.mkdtemp(prefix="withdrawn-", dir=self._hidden()))
                final.rename(doomed / "post")
                shutil.rmtree(doomed)

    def standing(self, *, since: datetime) -> tuple[Standing, ...]:
        """What stands there, by the time at which its files were written."""
        with _endings(f"reading {self._directory}"):
            read = [self._standing(file) for file in self._root().glob("[!.]*/*/*/*/post.json")]
        recent = [post for post in read if post.published_at >= since]
        return tuple(sorted(recent, key=lambda post: post.published_at, reverse=True))

    def _standing(self, file: Path) -> Standing:
        post = _read(file)
        said = post if isinstance(post, dict) else {}
        return Standing(
            receipt=Receipt(id=str(said.get("key", "")), url=file.parent.as_uri()),
            text=str(said.get("text", "")),
            published_at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        )

    def _place(self, key: str) -> Path:
        """Where the post with this key stands: always below the directory, on every system."""
        if not _KEY.fullmatch(key):
            raise ContentRejected(
                f'"{key}" cannot name a folder: only a-z, 0-9, hyphens, single dots and slashes can'
            )
        # No key holds an underscore, so two keys never meet in one name.
        names = (
            f"{name}_" if _RESERVED.fullmatch(name) else name for name in re.split(r"([./])", key)
        )
        return self._root() / "".join(names)

    def _root(self) -> Path:
        """The directory, which must not depend on where the program was started."""
        if not self._directory.is_absolute():
            raise AccountRefused(
                f'account {self._account.name}: directory "{self._directory}" is not absolute'
            )
        return self._directory

    def _hidden(self) -> Path:
        hidden = self._root() / HIDDEN
        hidden.mkdir(parents=True, exist_ok=True)
        return hidden

    def _write_hidden(self, digest: str, files: Mapping[str, bytes]) -> None:
        """Write the files durably; what stands under the digest already is complete."""
        place = self._hidden() / digest
        if place.exists():
            return
        with tempfile.TemporaryDirectory(dir=self._hidden(), prefix="writing-") as temporary:
            whole = Path(temporary, "post")
            whole.mkdir()
            for name, data in files.items():
                _write(whole / name, data)
            _fsync(whole)
            try:
                whole.rename(place)
            except OSError:
                if not place.exists():  # otherwise another worker was first
                    raise
        _fsync(self._hidden())

    def _rename(self, hidden: Path, final: Path, post: Mapping[str, Any]) -> None:
        if not hidden.exists():
            raise NotSent(f"the staged files of {final} are gone: they must be staged again")
        _write(hidden / "post.json", json.dumps(post, ensure_ascii=False, indent=2).encode())
        _fsync(hidden)
        final.parent.mkdir(parents=True, exist_ok=True)
        try:
            hidden.rename(final)
        except OSError:
            # Another worker may have been first with the same post.
            if not _stands(final, post):
                raise

    def _receipt(self, key: str) -> Receipt:
        return Receipt(id=key, url=self._place(key).as_uri())


def _described(draft: Draft, reply_to: Receipt | None) -> dict[str, Any]:
    return {
        "text": draft.text,
        "note": draft.note,
        "language": draft.language,
        "reply_to": reply_to.id if reply_to else None,
        "pictures": [
            {"file": file_name(number, picture), "alt": picture.alt, "sha256": picture.digest}
            for number, picture in enumerate(draft.pictures, 1)
        ],
    }


def _post(staged: Staged, key: str) -> dict[str, Any]:
    """post.json: what was said and under which key. When it was said, the ledger knows."""
    return {"key": key} | {name: said for name, said in staged.request.items() if name != "staged"}


def _read(post: Path) -> object:
    """What an earlier post.json says, or None when there is none that can be read."""
    try:
        return json.loads(post.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def _stands(final: Path, post: Mapping[str, Any]) -> bool:
    """Whether this very post is there; anything else in its place must not be lost."""
    if not final.exists():
        return False
    if _read(final / "post.json") == post:
        return True
    raise ContentRejected(f"something else stands at {final}: move it away")


@contextmanager
def _endings(doing: str, *, otherwise: type[Ending] = AccountRefused) -> Iterator[None]:
    """No OSError leaves this module: what may pass is `NotSent`, the rest needs a person."""
    try:
        yield
    except OSError as error:
        raise ending(error, doing, otherwise=otherwise) from error


def ending(error: OSError, doing: str, *, otherwise: type[Ending] = AccountRefused) -> Ending:
    """What an error of the file system means for the post."""
    said = f"{doing}: {error.strerror or error}"
    passing = error.errno in _PASSING or getattr(error, "winerror", None) in _HELD_OPEN
    if passing and otherwise is AccountRefused:
        return NotSent(said)
    return otherwise(said)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _fsync(directory: Path) -> None:
    """Make names durable. Windows has no such call for a directory, and needs none."""
    if os.name == "nt":
        return
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
