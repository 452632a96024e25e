"""What a campaign may say, with everything that keeps it honest: facts, quotes, pictures …"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from scheduler.model.showing import Chart


class Checked(StrEnum):
    """How a figure or a quotation was verified."""

    #: Read at the publisher's or the speaker's own address.
    PUBLISHER = "publisher"
    #: Read only where somebody else repeats it.
    THIRD_PARTY = "third-party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who published it, under which title, when, and where it was read."""

    publisher: str
    title: str
    year: str
    address: str
    #: What the publisher wants to stand below its figures and words, or "".
    required_text: str = ""


class Audience(StrEnum):
    """Whom a helpline is for: never both on one card."""

    SURVIVORS = "survivors"
    PEOPLE_USING_VIOLENCE = "people-using-violence"


class Comments(StrEnum):
    """Who may answer a post, where the platform has a setting for it."""

    OFF = "off"
    LIMITED = "limited"
    ON = "on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure that the campaign may use, with everything that keeps it honest."""

    id: str
    #: As it is drawn, large: "1 in 3".
    figure: str
    #: What it says, read directly after the figure: "women in the EU have experienced …".
    statement: str
    #: Who was counted.
    population: str
    #: The year that the figure describes, which is not the year of publication.
    year: str
    source: Source
    checked: Checked
    checked_on: date
    caveat: str
    chart: Chart | None = None
    #: The id of the fact that took its place, or "": it must not be said any more.
    superseded_by: str = ""
    #: From this date on, somebody must look again whether it still holds.
    review_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """That somebody agreed, to what, until when. Never a name: that is kept elsewhere."""

    id: str
    #: In words: "this quotation, on all accounts, in the 16 Days 2026".
    scope: str
    #: The last day on which it may be published.
    until: date
    #: The accounts that it covers; empty for all.
    accounts: tuple[str, ...] = ()
    withdrawn: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpline:
    """A number that somebody in danger may dial: wrong, it is the worst mistake there is."""

    id: str
    number: str
    #: ISO 3166: "DE".
    country: str
    audience: Audience
    hours: str
    #: Who verified it (a role, not a name), how and when.
    verified_by: str
    verified: Checked
    verified_on: date | None
    address: str

    @property
    def sure(self) -> bool:
        """Whether it may be drawn or written at all."""
        return bool(self.verified is Checked.PUBLISHER and self.verified_by and self.verified_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words exactly as they were spoken or printed, in their original language."""

    id: str
    words: str
    language: str
    speaker: str
    #: At the time of speaking.
    role: str
    source: Source
    checked: Checked
    checked_on: date
    #: Words of somebody who survived violence: published only with a live consent.
    survivor: bool = False
    consent: Consent | None = None
    #: The words in the language of the posts, where somebody who is named has translated them.
    in_translation: TranslatedWords | None = None

    @property
    def shown(self) -> str:
        """The words as they are printed: the original ones, unless there is a translation."""
        return self.in_translation.words if self.in_translation else self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedWords:
    words: str
    language: str
    translator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture file that the campaign brings along."""

    id: str
    file: Path
    credit: str
    licence: str
    #: Shows, or is the story of, somebody who survived violence.
    survivor: bool = False
    consent: Consent | None = None
