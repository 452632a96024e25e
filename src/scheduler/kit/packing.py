"""A kit as files: a folder and a ZIP, the same bytes whenever and wherever they are made."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from scheduler.errors import Problem, UserError
from scheduler.kit import sentences as say
from scheduler.kit.contents import Kit, KitDay, KitPicture, KitPost, KitText, Line, Why
from scheduler.kit.filenames import (
    HELPLINE,
    INDEX,
    READ_ME,
    SOURCES,
    alt_file,
    caption_file,
    day_folder,
    kit_name,
    note_file,
    picture_file,
    post_folder,
)
from scheduler.kit.page import MARK, Placed, index, mark_said

#: Everything in a ZIP has this date, since what is the same shall be the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX, _PLAIN_FILE = 3, 0o644 << 16

#: By their paths in the kit, in their order: words, or a picture as it lies on the shelf.
Files = Mapping[str, bytes | KitPicture]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Where a kit lies now."""

    folder: Path
    archive: Path
    bytes: int


def files_of(kit: Kit) -> Files:
    """All files of a kit. `READ-ME-FIRST.txt` and the page name the same version."""
    placed: dict[str, Placed] = {}
    files: dict[str, bytes | KitPicture] = {}
    for day in kit.days:
        for post, folder in _folders(kit, day):
            placed[post.post.id] = Placed(folder=folder, pictures=_pictures(post, folder))
            files |= _files(kit, post, folder)
    version = _version(kit, files)
    page = index(kit, placed, version)
    return {
        INDEX: page.encode(),
        READ_ME: _read_me(kit, version).encode(),
        **dict(sorted(files.items())),
    }


def _folders(kit: Kit, day: KitDay) -> Iterator[tuple[KitPost, str]]:
    taken: list[str] = []
    for post in day.posts:
        own = post_folder(post, post.due.astimezone(kit.campaign.zone), day, taken)
        taken.append(own.rstrip("/"))
        yield post, f"{day_folder(day)}/{own}"


def _files(kit: Kit, post: KitPost, folder: str) -> dict[str, bytes | KitPicture]:
    texts = {
        f"{folder}{name}": text.encode()
        for name, text in (
            *_captions(kit, post.texts),
            *_alts(post),
            *_beside(kit, post),
            *_warnings(kit, post),
        )
    }
    pictures = _pictures(post, folder)
    return texts | {name: picture for of_slide in pictures for name, picture in of_slide}


def _captions(kit: Kit, texts: Sequence[KitText]) -> Iterator[tuple[str, str]]:
    """Of each destination that takes them; what is too long is said on the page, and not here."""
    for text in texts:
        if text.problems or text.destination.published:
            continue
        name = caption_file(text.destination, text.part, kit.destinations)
        yield name, text.text
        if text.note and text.part == 1:
            yield note_file(name), text.note


def _alts(post: KitPost) -> Iterator[tuple[str, str]]:
    for number, slide in enumerate(post.slides, 1):
        yield alt_file(number, len(post.slides)), slide.alt


def _pictures(post: KitPost, folder: str) -> tuple[tuple[tuple[str, KitPicture], ...], ...]:
    """Of each slide its pictures by their paths."""
    count = len(post.slides)
    return tuple(
        tuple(
            (folder + picture_file(each.shape, number, count, each.media_type), each)
            for each in slide.pictures
        )
        for number, slide in enumerate(post.slides, 1)
    )


def _beside(kit: Kit, post: KitPost) -> Iterator[tuple[str, str]]:
    for name, lines in ((SOURCES, post.sources), (HELPLINE, post.helpline)):
        if lines:
            yield name, _lines(kit, lines)


def _lines(kit: Kit, lines: Sequence[Line]) -> str:
    said = ("\n".join(filter(None, (_line(kit, each), each.address))) for each in lines)
    return "\n".join((*said, ""))


def _line(kit: Kit, line: Line) -> str:
    return f"{say.name_said(kit.interface, line)}: {say.text_said(kit.interface, line)}"


def _warnings(kit: Kit, post: KitPost) -> Iterator[tuple[str, str]]:
    for kept in post.marks:
        name = "DO-NOT-POST-YET-EMBARGO.txt" if kept.why is Why.EMBARGO else f"DRAFT-{kept.why}.txt"
        yield name, f"{mark_said(kit, kept)}\n"


def _version(kit: Kit, files: Files) -> str:
    """Tells one kit from another by what is in it."""
    hashed = sha256(index(kit, {}, "").encode())
    for name, data in files.items():
        hashed.update(name.encode())
        hashed.update(sha256(data).digest() if isinstance(data, bytes) else data.digest.encode())
    return hashed.hexdigest()[:8]


def _read_me(kit: Kit, version: str) -> str:
    own = kit.campaign
    return kit.interface.say(
        say.READ_ME, title=own.title, member=own.member.name, zone=own.zone.key, version=version
    )


# ── on the disk ───────────────────────────────────────────────────────────────────────────────────


def pack(kit: Kit, out: Path) -> Packed:
    """Write folder and ZIP, whole or not at all; a kit that lies there gives way.

    Raises `UserError` where something lies there that is no kit.
    """
    files = files_of(kit)
    name = kit_name(kit.campaign.member.id)
    folder, archive = out / name, out / f"{name}.zip"
    _refuse_others(folder)
    out.mkdir(parents=True, exist_ok=True)
    part = out / f".{name}.{os.getpid()}.part"
    try:
        _write(files, part)
        _zip(files, part / "kit.zip", name)
        (part / "kit.zip").replace(archive)
        if folder.exists():
            shutil.rmtree(folder)
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Packed(folder=folder, archive=archive, bytes=archive.stat().st_size)


def _refuse_others(folder: Path) -> None:
    """A folder is only taken away where its page says that it is a kit."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        ours = MARK in (folder / INDEX).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        ours = False
    if not ours:
        message = "this lies there already, and is no kit"
        hint = "move it away, or name another place with --out"
        raise UserError([Problem(file=str(folder), code="exists", message=message, hint=hint)])


def _write(files: Files, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_bytes(data))


def _zip(files: Files, file: Path, name: str) -> None:
    """Stored, not deflated: pictures are small already, and other machines deflate otherwise."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(f"{name}/{path}", _DATE)
            entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
            archive.writestr(entry, _bytes(data))


def _bytes(data: bytes | KitPicture) -> bytes:
    return data if isinstance(data, bytes) else data.file.read_bytes()
