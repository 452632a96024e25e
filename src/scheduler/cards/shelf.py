"""The shelf: each card lies on it once, under the digest of what decides its pixels."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from scheduler.cards.composing import composed
from scheduler.cards.encoding import Chroma, Format, jpeg
from scheduler.cards.errors import CardError
from scheduler.cards.file_digests import file_digest
from scheduler.cards.folder import Folder, bytes_of
from scheduler.cards.painting import painted, try_pictures
from scheduler.cards.pictures import LARGEST_PICTURE
from scheduler.cards.template_files import template_bytes
from scheduler.cards.typefaces import font_digest, fonts_digest
from scheduler.model import Brand, Card, Fonts, Size

if TYPE_CHECKING:
    from scheduler.cards.sharing import Shared, Store

#: Goes up with every change of code that changes pixels, so that old cards are not taken for new.
RENDERER = 4

#: A spawned process takes about half a second to start: not worth it for fewer cards, or for fewer
#: in a process that has drawn before, and needs a hundredth of a second for another one.
WORTH_A_POOL = 6
WORTH_A_POOL_ONCE_WARM = 60
#: Cards that a process draws before it asks for more.
_BATCH = 6
#: Cards that are drawn before others get them, while many are.
_PASSED_ON = 32
#: Some cards, or, where they are known, by their names on the shelf.
Cards = Iterable[Card] | Mapping[str, Card]
Batch = tuple[tuple[str, Card], ...]
#: A name, and what is wrong with its card.
Outcome = tuple[str, CardError | None]
#: Draws a card under its name on the shelf, unless somebody else does so: told whether it lies
#: there by now, and how to draw it.
Once = Callable[[str, Callable[[], bool], Callable[[], None]], None]
#: Fields that came later, with what they are on a card of before.
_SINCE: Mapping[str, object] = {"slide": 0, "slides": 0, "largest": ()}
_SINCE_BRAND: Mapping[str, object] = {"second_logo": None, "logo_clear": 0.25, "fonts": {}}


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
    return _today(card, _contents(card))


def _today(card: Card, said: Mapping[str, Any]) -> str:
    drawn = {
        "renderer": RENDERER,
        "look": hashlib.sha256(template_bytes(card.template, card.brand.templates)).hexdigest(),
        "fonts": [fonts_digest(), *map(font_digest, card.brand.fonts.others)],
    }
    return _hashed({**said, **drawn})


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
        self,
        folder: Path,
        *,
        store: Store | None = None,
        worth_a_pool: int = WORTH_A_POOL,
        once: Once | None = None,
    ) -> None:
        """Machines share the folder or the `store` behind it; `once`: they do not draw twice."""
        self.folder = folder
        lies = Folder(folder)
        self._lies: Folder | Shared = _before(store, lies) if store else lies
        self._worth_a_pool = worth_a_pool
        self._once = once

    def keep(self, card: Card) -> None:
        """Take the card as it lies there now, whoever draws it later.

        Raises a `CardError`, and an `Ending` where other machines would not hear of it.
        """
        drawn = self.card(card)
        self._lies.keep(_hashed(_contents(card)), drawn.card)

    def let_go(self, card: Card) -> None:
        """Draw the card as everything else is drawn. Raises an `Ending`, as `keep` does."""
        self._lies.let_go(_hashed(_contents(card)))

    def file(self, card: Card) -> Path | None:
        """Where the card lies; None if it was not drawn yet or its file is damaged."""
        name = self.name(card)
        return self._lies.place(name) if self._lies.has(name) else None

    def card(self, card: Card, name: str = "") -> Drawn:
        """The card, drawn now if it does not lie there; `name` is its own, where it is known.

        Raises a `CardError`.
        """
        name = name or self.name(card)
        if not self._lies.take([name]):
            self._draw_once(name, lambda: self._lies.lay(name, draw(card)))
        return self._drawn(name, card)

    def _draw_once(self, name: str, make: Callable[[], None]) -> None:
        if self._once:
            self._once(name, lambda: bool(self._lies.take([name])), make)
        else:
            make()

    def _drawn(self, name: str, card: Card) -> Drawn:
        file = self._lies.place(name)
        length, hashed = bytes_of(file)
        return Drawn(
            file=file,
            media_type="image/jpeg",
            size=card.size,
            bytes=length,
            digest=hashed,
            card=name,
        )

    def lying(self, digests: Collection[str]) -> dict[str, Path]:
        """Which of the pictures with these bytes lie here, whatever card they were of."""
        return self._lies.by_bytes(digests)

    def proof(self, cards: Cards) -> Filled:
        """Finds what `fill` would find, five times as fast, and draws nothing."""
        wanted = self._named(cards)
        absent = {name: card for name, card in wanted.items() if not self._lies.has(name)}
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
        if self._lies.has(name):
            return self._drawn(name, card)
        return Drawn(
            file=self._lies.place(name),
            media_type="image/jpeg",
            size=card.size,
            bytes=0,
            digest="",
            card=name,
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
        here = self._lies.take(wanted)
        absent = {name: card for name, card in wanted.items() if name not in here}
        problems, done = {}, on_drawn or _nothing
        fresh: list[str] = []
        for name, problem in self._drawing(absent, processes or min(os.cpu_count() or 1, 8)):
            if problem:
                problems[name] = problem
            else:
                fresh.append(name)
            if len(fresh) >= _PASSED_ON:
                self._lies.pass_on(fresh)
                fresh.clear()
            done()
        self._lies.pass_on(fresh)
        return Filled(
            drawn=len(absent) - len(problems),
            reused=len(wanted) - len(absent),
            problems=problems,
        )

    def _drawing(self, cards: Mapping[str, Card], workers: int) -> Iterator[Outcome]:
        """Draws them into the folder."""
        if workers > 1 and len(cards) > self._worth_a_pool:
            # What starts processes takes 20 ms to import: too long for who draws one card.
            from scheduler.cards.pool import drawn  # noqa: PLC0415

            yield from drawn(partial(_drawing, self.folder), _batches(cards), workers)
            return
        for batch in _batches(cards):
            for name, card in batch:
                yield name, _drawing(self.folder, name, card)

    def _named(self, cards: Cards) -> Mapping[str, Card]:
        if isinstance(cards, Mapping):
            return cards
        listed = list(cards)
        return dict(zip(self.names(listed), listed, strict=True))

    def name(self, card: Card) -> str:
        """The digest under which it lies: that of when it was kept, or the one of today."""
        return self.names([card])[0]

    def names(self, cards: Sequence[Card]) -> list[str]:
        """Those of many cards at once: one question, where a store must be asked."""
        if not self._lies.keeps():
            return list(map(digest, cards))
        said = list(map(_contents, cards))
        contents = list(map(_hashed, said))
        kept = self._lies.kept(contents)
        return [
            kept.get(each) or _today(card, says)
            for each, card, says in zip(contents, cards, said, strict=True)
        ]


def _before(store: Store, folder: Folder) -> Shared:
    # Its threads are not for who draws one card.
    from scheduler.cards.sharing import Shared  # noqa: PLC0415

    return Shared(folder, store)


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
    try:
        Folder(folder).lay(name, draw(card))
    except CardError as error:
        return error
    return None


def _plain(card: Card) -> Card:
    """The card with a mapping that crosses process boundaries; empty texts say nothing."""
    return replace(card, texts={slot: text for slot, text in card.texts.items() if text})


def _nothing() -> None:
    return None
