"""The shelf: a folder in which each card lies once, under the digest of what decides its pixels."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scheduler.cards.composing import composed
from scheduler.cards.encoding import Chroma, Format, jpeg
from scheduler.cards.errors import CardError
from scheduler.cards.file_digests import file_digest
from scheduler.cards.painting import painted, try_pictures
from scheduler.cards.pictures import LARGEST_PICTURE
from scheduler.cards.template_files import template_bytes
from scheduler.cards.typefaces import font_digest, fonts_digest
from scheduler.model import Brand, Card, Fonts, Size

#: Goes up with every change of code that changes pixels, so that old cards are not taken for new.
RENDERER = 3

#: A spawned process takes about half a second to start: not worth it for fewer cards, or for fewer
#: in a process that has drawn before, and needs a hundredth of a second for another one.
_WORTH_A_POOL = 6
WORTH_A_POOL_ONCE_WARM = 60
#: Cards that a process draws before it asks for more.
_BATCH = 6
#: Some cards, or, where they are known, by their names on the shelf.
Cards = Iterable[Card] | Mapping[str, Card]
Batch = tuple[tuple[str, Card], ...]
#: Draws a card under its name on the shelf, unless somebody else does so: told whether it lies
#: there by now, and how to draw it.
Once = Callable[[str, Callable[[], bool], Callable[[], None]], None]
#: The folder of the cards that are kept: by their contents, the digest under which each lies.
_KEPT = "kept"
#: Fields that came later, with what they are on a card of before.
_SINCE: Mapping[str, object] = {"slide": 0, "slides": 0, "largest": ()}
_SINCE_BRAND: Mapping[str, object] = {"second_logo": None, "logo_clear": 0.25, "fonts": {}}
_END_OF_JPEG = b"\xff\xd9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A card as a file: `digest` is the SHA-256 of its bytes, `card` the digest of its contents."""

    file: Path
    media_type: str
    size: Size
    bytes: int
    digest: str
    card: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """How many cards were drawn and how many lay there; `problems` by the cards' digests."""

    drawn: int
    reused: int
    problems: Mapping[str, CardError]


def draw(
    card: Card,
    format: Format = "jpeg",  # noqa: A002 the word of the trade
    *,
    chroma: Chroma = "4:4:4",
) -> bytes:
    """The bytes of an sRGB picture file; `chroma` is a JPEG's.

    Raises a `CardError` that names the slot at fault.
    """
    with painted(composed(card)) as painting:
        if format == "png":
            # A campaign's cards are JPEGs: who draws one need not wait for ISA-L.
            from scheduler.cards.deflating import png  # noqa: PLC0415

            return png(*painting)
        return jpeg(*painting, chroma=chroma)


def digest(card: Card) -> str:
    """SHA-256, in hexadecimal, over everything that decides the card's pixels.

    Files count by their bytes, never by where they lie. Never raises: a card that cannot be drawn
    has a digest too.
    """
    said = _contents(card)
    said["renderer"] = RENDERER
    said["look"] = hashlib.sha256(template_bytes(card.template, card.brand.templates)).hexdigest()
    said["fonts"] = [fonts_digest(), *map(font_digest, card.brand.fonts.others)]
    return _hashed(said)


def _contents(card: Card) -> dict[str, Any]:
    """What the card says and shows, however it is drawn."""
    plain = _plain(card)
    said = {field.name: _shown(getattr(plain, field.name)) for field in fields(plain)}
    said["picture"] = file_digest(card.picture, LARGEST_PICTURE) if card.picture else None
    brand = said["brand"] = dict(_branded(replace(card.brand, fonts=Fonts())))
    for logo in ("logo", "second_logo"):
        brand[logo] = file_digest(brand[logo], LARGEST_PICTURE) if brand[logo] else None
    brand["fonts"] = _chosen(card.brand.fonts)
    del brand["templates"]  # which count as a look, where the card uses them
    # What cards had not when the first were approved counts from its first use on.
    for holder, since in ((said, _SINCE), (brand, _SINCE_BRAND)):
        for key, default in since.items():
            if holder[key] == default:
                del holder[key]
    return said


def _shown(value: object) -> object:
    """As it is; a chart with all that is in it. The brand is the same on many cards."""
    whole = is_dataclass(value) and not isinstance(value, (Brand, type))
    return asdict(value) if whole else value  # type: ignore[call-overload]


@lru_cache(maxsize=256)
def _branded(brand: Brand) -> Mapping[str, Any]:
    return MappingProxyType(asdict(brand))


def _chosen(fonts: Fonts) -> dict[str, list[str]]:
    """What the brand chose; its other fonts are part of how a card is drawn, as ours are."""
    families = {"text": fonts.text, "display": fonts.display, "serif": fonts.serif}
    return {
        family: [font_digest(one) for one in files] if isinstance(files, tuple) else [str(files)]
        for family, files in families.items()
        if files is not None
    }


def _hashed(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class Shelf:
    """Drawn cards in `folder`, one file for each digest. Threads and processes may share it.

    A card that somebody approved is kept as it was drawn then: a newer renderer, template or font
    redraws only what nobody has said yes to.
    """

    def __init__(
        self, folder: Path, *, worth_a_pool: int = _WORTH_A_POOL, once: Once | None = None
    ) -> None:
        """`once` keeps workers of several machines, which share the folder, from drawing twice."""
        self.folder = folder
        self._worth_a_pool = worth_a_pool
        self._once = once

    def keep(self, card: Card) -> None:
        """Take the card as it lies there now, whoever draws it later. Raises a `CardError`."""
        drawn = self.card(card)
        self._put(self._kept(card), drawn.card.encode())

    def let_go(self, card: Card) -> None:
        """Draw the card as everything else is drawn."""
        self._kept(card).unlink(missing_ok=True)

    def file(self, card: Card) -> Path | None:
        """Where the card lies; None if it was not drawn yet or its file is damaged."""
        file = self._place(self.name(card))
        return file if _is_whole(file) else None

    def card(self, card: Card, name: str = "") -> Drawn:
        """The card, drawn now if it does not lie there; `name` is its own, where it is known.

        Raises a `CardError`.
        """
        name = name or self.name(card)
        file = self._place(name)
        if not _is_whole(file):
            if self._once:
                self._once(name, lambda: _is_whole(file), lambda: self._put(file, draw(card)))
            else:
                self._put(file, draw(card))
        return _drawn(file, card.size, name)

    def lying(self, digests: Collection[str]) -> dict[str, Path]:
        """Which of the pictures with these bytes lie here, whatever card they were of."""
        sought, found = set(digests), {}
        for file in self.folder.glob("*.jpg") if sought else ():
            with suppress(OSError):  # it may be gone by now
                if (digest := _bytes_of(file)[1]) in sought:
                    found[digest] = file
            if len(found) == len(sought):
                break
        return found

    def proof(self, cards: Cards) -> Filled:
        """Finds what `fill` would find, five times as fast, and draws nothing."""
        wanted = self._named(cards)
        absent = {name: card for name, card in wanted.items() if not _is_whole(self._place(name))}
        problems = {}
        for name, card in absent.items():
            try:
                try_pictures(composed(card))
            except CardError as error:
                problems[name] = error
        return Filled(drawn=0, reused=len(wanted) - len(absent), problems=problems)

    def proofed(self, card: Card, name: str = "") -> Drawn:
        """The card if it lies there; otherwise what it will be, with no bytes yet."""
        name = name or self.name(card)
        file = self._place(name)
        if _is_whole(file):
            return _drawn(file, card.size, name)
        return Drawn(
            file=file, media_type="image/jpeg", size=card.size, bytes=0, digest="", card=name
        )

    def fill(
        self,
        cards: Cards,
        *,
        processes: int | None = None,
        on_drawn: Callable[[], None] | None = None,
    ) -> Filled:
        """Draws what is absent, each equal card once, in spawned processes if they are many.

        `on_drawn` is called in this process after every card that was drawn or failed.
        """
        wanted = self._named(cards)
        absent = {name: card for name, card in wanted.items() if not _is_whole(self._place(name))}
        done = on_drawn or _nothing
        workers = processes or min(os.cpu_count() or 1, 8)
        if workers > 1 and len(absent) > self._worth_a_pool:
            problems = self._pooled(absent, workers, done)
        else:
            problems = self._alone(absent, done)
        return Filled(
            drawn=len(absent) - len(problems),
            reused=len(wanted) - len(absent),
            problems=problems,
        )

    def _alone(self, cards: Mapping[str, Card], done: Callable[[], None]) -> dict[str, CardError]:
        problems = {}
        for batch in _batches(cards):
            for name, card in batch:
                problem = _drawing(self.folder, name, card)
                if problem:
                    problems[name] = problem
                done()
        return problems

    def _pooled(
        self, cards: Mapping[str, Card], workers: int, done: Callable[[], None]
    ) -> dict[str, CardError]:
        # What starts processes takes 20 ms to import: too long for who draws one card.
        from scheduler.cards.pool import drawn  # noqa: PLC0415

        problems = {}
        for name, problem in drawn(partial(_drawing, self.folder), _batches(cards), workers):
            if problem:
                problems[name] = problem
            done()
        return problems

    def _named(self, cards: Cards) -> Mapping[str, Card]:
        return cards if isinstance(cards, Mapping) else {self.name(card): card for card in cards}

    def name(self, card: Card) -> str:
        """The digest under which it lies: that of when it was kept, or the one of today."""
        if not self._anything_kept():
            return digest(card)
        try:
            name = self._kept(card).read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return digest(card)
        return name if _is_whole(self._place(name)) else digest(card)

    def _anything_kept(self) -> bool:
        return (self.folder / _KEPT).is_dir()

    def _kept(self, card: Card) -> Path:
        return self.folder / _KEPT / _hashed(_contents(card))

    def _place(self, name: str) -> Path:
        return self.folder / f"{name}.jpg"

    def _put(self, file: Path, data: bytes) -> None:
        """Whole or not at all, whatever happens meanwhile."""
        file.parent.mkdir(parents=True, exist_ok=True)
        # Nobody else's, on any machine that shares the folder.
        part = self.folder / f"{file.name}.{os.urandom(8).hex()}.part"
        try:
            part.write_bytes(data)
            part.replace(file)
        except BaseException as error:
            part.unlink(missing_ok=True)
            # Windows replaces no file that another thread reads; then that thread's is as good.
            if not (isinstance(error, PermissionError) and file.exists()):
                raise


def _batches(cards: Mapping[str, Card]) -> list[Batch]:
    """Cards that stand on one ground follow each other, because it is painted once for them."""
    alike: dict[tuple[str, Brand, Size], list[tuple[str, Card]]] = {}
    for name, card in cards.items():
        alike.setdefault((card.template, card.brand, card.size), []).append((name, _plain(card)))
    return [
        tuple(group[start : start + _BATCH])
        for group in alike.values()
        for start in range(0, len(group), _BATCH)
    ]


def _drawing(folder: Path, name: str, card: Card) -> CardError | None:
    """Runs in a process of the pool: the error comes back as a value, not as a traceback."""
    shelf = Shelf(folder)
    try:
        shelf._put(shelf._place(name), draw(card))  # noqa: SLF001 (a method cannot cross over)
    except CardError as error:
        return error
    return None


def _plain(card: Card) -> Card:
    """The card with a mapping that crosses process boundaries; empty texts say nothing."""
    return replace(card, texts={slot: text for slot, text in card.texts.items() if text})


def _is_whole(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            stream.seek(-len(_END_OF_JPEG), os.SEEK_END)
            return stream.read() == _END_OF_JPEG
    except OSError:
        return False


def _drawn(file: Path, size: Size, name: str) -> Drawn:
    length, hashed = _bytes_of(file)
    return Drawn(
        file=file, media_type="image/jpeg", size=size, bytes=length, digest=hashed, card=name
    )


def _bytes_of(file: Path) -> tuple[int, str]:
    lying = file.stat()
    return _measured(file, lying.st_mtime_ns, lying.st_size, lying.st_ino)


@lru_cache(maxsize=4096)
def _measured(file: Path, *_lying: int) -> tuple[int, str]:
    """Its length and the digest of its bytes: read once for as long as it lies there."""
    data = file.read_bytes()
    return len(data), hashlib.sha256(data).hexdigest()


def _nothing() -> None:
    return None
