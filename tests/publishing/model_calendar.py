"""A campaign as values, edited as people edit: a word, an hour, in and out, broken, mended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scheduler.model import (
    OWN,
    Account,
    Brand,
    Campaign,
    Coalition,
    Colours,
    Hold,
    Member,
    Phrases,
    Places,
    Post,
    Rules,
)

ID = "model-2026"
FIRST_DAY = date(2026, 11, 25)
#: Shortly before the first post: what is made ready ten minutes ahead is made ready still.
START = datetime(2026, 11, 25, 8, 45, tzinfo=UTC)

#: The capped account, the one that costs, and a member's own.
CAPPED, COSTLY, MEMBERS = "capped", "costly", "austria.page"
ACCOUNTS = (CAPPED, COSTLY, MEMBERS)
#: Thousandths of a dollar: three posts, and not a fourth.
PRICE, SPENT_AT_MOST = 20, 70

_BRAND = Brand(
    name="Model",
    hashtag="#Model",
    colours=Colours(
        paper="#FFF6EC", ink="#24163A", accent="#C2410C", ground="#3B1A5A", on_dark="#FFF6EC"
    ),
)
_PHRASES = Phrases(
    day="Day {day} of {days}",
    helpline="Help",
    violence_helpline="Help",
    foot="At the foot: {foot}",
    translated_by="Translated by {translator}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What never changes about a post."""

    member: str
    id: str
    at: time
    grace: int
    accounts: tuple[str, ...]
    thread: int = 0
    tags: tuple[str, ...] = ()
    embargo: time | None = None


SLOTS = (
    Slot(
        member=OWN,
        id="opening",
        at=time(9),
        grace=30,
        accounts=(CAPPED, COSTLY),
        thread=1,
        tags=("Model",),
    ),
    Slot(member=OWN, id="figures", at=time(9), grace=40, accounts=(CAPPED, COSTLY)),
    Slot(member=OWN, id="quote", at=time(9, 10), grace=20, accounts=(CAPPED,), embargo=time(9, 15)),
    Slot(member=OWN, id="help", at=time(10), grace=60, accounts=(CAPPED, COSTLY), tags=("Help",)),
    Slot(
        member=OWN,
        id="thanks",
        at=time(10, 30),
        grace=30,
        accounts=(CAPPED, COSTLY),
        thread=1,
        tags=("Model",),
    ),
    Slot(
        member="austria",
        id="opening",
        at=time(9, 5),
        grace=30,
        accounts=(MEMBERS,),
        thread=1,
        tags=("Model",),
    ),
    Slot(member="austria", id="figures", at=time(9, 30), grace=30, accounts=(MEMBERS,)),
)


@dataclass(slots=True)
class Calendar:
    """The files as they stand by now; `coalition` reads them, as a daemon does."""

    approvals: int = 0
    wordings: Counter[int] = field(default_factory=Counter)
    minutes_later: Counter[int] = field(default_factory=Counter)
    taken_out: set[int] = field(default_factory=set)
    #: Posts with an error, which are held back.
    faulty: set[int] = field(default_factory=set)
    member_broken: bool = False
    #: What stands in holds.yaml.
    holds: tuple[Hold, ...] = ()
    silenced: str | None = None

    def coalition(self) -> Coalition:
        campaigns = {OWN: self._campaign(OWN, "en", "")}
        if not self.member_broken:
            campaigns["austria"] = self._campaign("austria", "de-AT", "AT")
        return Coalition(
            campaigns=MappingProxyType(campaigns),
            complete=not self.member_broken,
            holds=self.holds,
            silenced=self.silenced,
        )

    def held(self) -> dict[tuple[str, str], str]:
        return {
            (SLOTS[number].id, account): "a word is wrong"
            for number in self.faulty
            for account in SLOTS[number].accounts
        }

    def _campaign(self, member: str, language: str, country: str) -> Campaign:
        posts = {
            slot.id: self._post(number, slot, language)
            for number, slot in enumerate(SLOTS)
            if slot.member == member and number not in self.taken_out
        }
        accounts = (CAPPED, COSTLY) if member == OWN else (MEMBERS,)
        return Campaign(
            id=ID,
            title=ID,
            first_day=FIRST_DAY,
            zone=ZoneInfo("UTC"),
            language=language,
            brand=_BRAND,
            days=MappingProxyType({}),
            accounts=MappingProxyType({name: _account(name) for name in accounts}),
            posts=MappingProxyType(posts),
            phrases=_PHRASES,
            root=Path(),
            places=Places(file="", keys=MappingProxyType({}), values=MappingProxyType({})),
            rules=Rules(country=country, approvals=self.approvals),
            member=Member(id=member, name=member),
        )

    def _post(self, number: int, slot: Slot, language: str) -> Post:
        said = f"{slot.id} of {slot.member}, wording {self.wordings[number]}"
        struck = datetime.combine(FIRST_DAY, slot.at) + timedelta(
            minutes=self.minutes_later[number]
        )
        return Post(
            id=slot.id,
            day=1,
            at=struck.time(),
            slides=(),
            text=said,
            tags=slot.tags,
            accounts=slot.accounts,
            language=language,
            thread=tuple(f"{said}, part {part}" for part in range(2, 2 + slot.thread)),
            grace=timedelta(minutes=slot.grace),
            embargo=datetime.combine(FIRST_DAY, slot.embargo, tzinfo=UTC) if slot.embargo else None,
        )


def _account(name: str) -> Account:
    budget = {"budget": str(SPENT_AT_MOST / 1000)} if name == COSTLY else {}
    # Cards and measures are those of a folder; the adapter is the fake one.
    return Account(name=name, platform="folder", options=MappingProxyType(budget))
