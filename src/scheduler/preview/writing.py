"""Files that appear whole or not at all, and are left alone where nothing changed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from scheduler.model import DraftPicture

SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png"}

_OURS = re.compile(r"[0-9a-f]{64}\.(jpg|png)")
_PAGES = re.compile(r"index\.html|posts\.html|day-[0-9]{2}\.html")
_PNG = b"\x89PNG"


def put(file: Path, data: bytes) -> bool:
    """Whether the file had to be written."""
    if _holds(file, data):
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(data)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def put_all(folder: Path, files: Mapping[str, str]) -> int:
    """How many of the files had to be written."""
    return sum([put(folder / name, text.encode()) for name, text in files.items()])


def addresses(pictures: Iterable[DraftPicture]) -> dict[str, str]:
    """The name that each picture has beside the pages, by its digest."""
    names = {each.digest: each.digest + SUFFIXES.get(each.media_type, "") for each in pictures}
    return {digest: name for digest, name in names.items() if _OURS.fullmatch(name)}


def copy_pictures(pictures: Iterable[DraftPicture], folder: Path) -> dict[str, str]:
    """Each picture under the digest of its bytes; gives the file names by digest.

    A picture is left out when it is gone, or holds other bytes than were drafted: another picture
    than the one that is sent is never shown.
    """
    unique = {picture.digest: picture for picture in pictures}
    return {
        digest: name
        for digest, name in addresses(unique.values()).items()
        if _copied(unique[digest], folder, name)
    }


def named(data: bytes) -> str:
    """The name of a picture file that holds these bytes and no others."""
    return sha256(data).hexdigest() + (".png" if data.startswith(_PNG) else ".jpg")


def copy_file(file: Path | None, folder: Path) -> str:
    """A picture under the digest of its bytes; gives its name there, or "" when it is gone."""
    data = _bytes(file)
    if data:
        put(folder / named(data), data)
    return named(data) if data else ""


def address(file: Path | None) -> str:
    """The name that `copy_file` gives the picture, without a copy."""
    data = _bytes(file)
    return named(data) if data else ""


def _bytes(file: Path | None) -> bytes:
    try:
        return file.read_bytes() if file else b""
    except OSError:
        return b""


def remove_pages(folder: Path, *, ours: Callable[[str], bool], keep: Collection[str] = ()) -> None:
    """Remove the pages that an earlier run left behind; an empty folder goes with them."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for file in folder.iterdir():
        if file.name not in keep and _PAGES.fullmatch(file.name) and ours(_text(file)):
            file.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def remove_others(folder: Path, names: Collection[str]) -> None:
    """Remove the pictures that an earlier run left behind; whatever is not ours stays."""
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        if _OURS.fullmatch(file.name) and file.name not in names:
            file.unlink()


def _copied(picture: DraftPicture, folder: Path, name: str) -> bool:
    try:
        if (folder / name).stat().st_size == picture.bytes:
            return True
    except FileNotFoundError:
        pass
    try:
        data = picture.file.read_bytes()
    except OSError:
        return False
    if sha256(data).hexdigest() != picture.digest:
        return False
    put(folder / name, data)
    return True


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _holds(file: Path, data: bytes) -> bool:
    try:
        return file.read_bytes() == data
    except FileNotFoundError:
        return False
