"""What is other than people approved it, or than it was published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scheduler.differing import Aspect, Reworded, aspects, reworded, swapped
from scheduler.model import Draft, DraftPicture
from scheduler.preview.images import Image, image


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """A picture in place of another; None where there was none, or is none any more."""

    number: int
    before: Image | None
    now: Image | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Two drafts that differ; their words are compared when somebody looks at them."""

    #: What differs, by its name and the number of its picture, or 0.
    aspects: tuple[tuple[Aspect, int], ...]
    before: Draft
    now: Draft
    #: Where a page finds the copy of each picture, by digest.
    addresses: Mapping[str, str]

    @property
    def words(self) -> tuple[Reworded, ...]:
        return reworded(self.before, self.now)

    @property
    def swaps(self) -> Iterator[Swap]:
        for each in swapped(self.before, self.now):
            yield Swap(
                number=each.number,
                before=self._image(each.before, each.number),
                now=self._image(each.now, each.number),
            )

    def _image(self, picture: DraftPicture | None, number: int) -> Image | None:
        return image(picture, number, self.addresses) if picture else None


def change(before: Draft | None, now: Draft | None, addresses: Mapping[str, str]) -> Change | None:
    """None where they say the same, or where one of them is not known."""
    if before is None or now is None:
        return None
    found = aspects(before, now)
    return Change(aspects=found, before=before, now=now, addresses=addresses) if found else None
