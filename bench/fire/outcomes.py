"""What the ledger says, beside what the public saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from classes import CLASSES
from stand_ins.kinds import Tells, kind_of

from fire.setting import CONNECTIONS, KINDS, OF_EACH, TELLS
from scheduler.ledger import Entry
from scheduler.model import State

#: Of what was to be said where nothing, or little, can be told after an answer was lost.
LEAST_PUBLISHED = 0.6
#: In these, a delivery may be public.
_PUBLIC = (State.PUBLISHED, State.UNCONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A post as the public saw it, on whichever platform."""

    kind: str
    key: str
    #: What a receipt may call it.
    names: frozenset[str]
    #: How often somebody asked to make it public when it was so already.
    again: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One kind of platform: what its ledger says beside what the public saw."""

    kind: str
    deliveries: int
    published: int
    unconfirmed: int
    #: Held, with its reason: the tail of a thread whose head nobody can confirm.
    held: int
    #: In any other state, and not public for it.
    unsettled: int
    duplicates: int
    #: Asked for once more when they were public: a platform may have refused it, or known the key.
    again: int
    silent_losses: int
    #: The ledger says of it that it is not public, and it is.
    denied: int
    #: Unconfirmed to the end, and they stand there to be read.
    overlooked: int
    #: Published while workers were killed, and not by the last one.
    under_fire: int
    #: Their worker was killed while it was sending them.
    orphaned: int
    #: Requests to publish that got no true answer, on purpose.
    ambiguous: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """Everything that is known after a run, of all kinds."""

    planned: Sequence[str]
    entries: Sequence[Entry]
    seen: Sequence[Seen]
    #: Keys of what was published before the last worker came, and of what had its worker killed
    #: while it was sent.
    under_fire: frozenset[str]
    orphaned: frozenset[str]
    #: By kind, how many requests to publish got no true answer on purpose.
    ambiguous: Mapping[str, int]

    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(self._outcome(kind) for kind in (*CLASSES, *KINDS))

    def _outcome(self, kind: str) -> Outcome:
        planned = [key for key in self.planned if kind_in(key) == kind]
        entries = [entry for entry in self.entries if kind_of(entry.account) == kind]
        seen = [post for post in self.seen if post.kind == kind]
        times = Counter(post.key for post in seen)
        names = {(post.key, name) for post in seen for name in post.names}
        known = {entry.key: entry for entry in entries}
        states = Counter(entry.state for entry in entries)
        told = sum(states[state] for state in (*_PUBLIC, State.HELD))
        return Outcome(
            kind=kind,
            deliveries=len(planned),
            published=states[State.PUBLISHED],
            unconfirmed=states[State.UNCONFIRMED],
            held=states[State.HELD],
            unsettled=len(entries) - told,
            duplicates=sum(count - 1 for count in times.values()),
            again=sum({post.key: post.again for post in seen}.values()),
            silent_losses=sum(_is_silent(known.get(key), names) for key in planned),
            denied=sum(entry.state not in _PUBLIC and entry.key in times for entry in entries),
            overlooked=sum(
                entry.state is State.UNCONFIRMED and entry.key in times for entry in entries
            ),
            under_fire=sum(key in self.under_fire for key in planned),
            orphaned=sum(key in self.orphaned for key in planned),
            ambiguous=self.ambiguous.get(kind, 0),
        )


def kind_in(key: str) -> str:
    """Which kind of platform the delivery is for."""
    return kind_of(key.split("/")[2])


def _is_silent(entry: Entry | None, public: set[tuple[str, str]]) -> bool:
    """Said to be published and never seen so, or without a word on why it is not."""
    if entry is None:
        return True
    if entry.state is State.PUBLISHED:
        receipt = entry.receipt
        names = {receipt.id, receipt.url} if receipt else set()
        return not any((entry.key, name) in public for name in names)
    return not entry.reason


def complaints(outcomes: Sequence[Outcome], *, kills: int) -> Iterator[str]:
    for one in outcomes:
        for count, what in (
            (one.duplicates, "too many are public"),
            (one.again, "were sent once more when they were public"),
            (one.silent_losses, "were lost without a word"),
            (one.denied, "are public, and the ledger denies it"),
            (one.unsettled, "came to no end"),
            *_of_waiting(one),
        ):
            if count:
                yield f"{one.kind}: {count} {what}"
        if TELLS[one.kind] is not Tells.ALL:
            yield from _complaints_of_lost(one, kills=kills)
    yield from _complaints_of_share(outcomes)


def _of_waiting(one: Outcome) -> Iterator[tuple[int, str]]:
    match TELLS[one.kind]:
        case Tells.ALL:
            yield one.unconfirmed + one.held, "wait, and the platform can tell"
        case Tells.PRESENCE:
            yield one.overlooked, "stand there to be read, and are unconfirmed"


def _complaints_of_lost(one: Outcome, *, kills: int) -> Iterator[str]:
    """What may be lost: what was in flight at the kills, and what got no true answer on purpose."""
    at_once = OF_EACH if one.kind in KINDS else CONNECTIONS  # an account sends one post at a time
    most = kills * at_once + one.ambiguous
    if one.unconfirmed > most:
        yield f"{one.kind}: {one.unconfirmed} unconfirmed, more than {most}"


def _complaints_of_share(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Who waits for a person all the time loses nothing either: the most must have gone out."""
    untold = [one for one in outcomes if TELLS[one.kind] is not Tells.ALL]
    for what, group in (
        ("classes", [one for one in untold if one.kind not in KINDS]),
        ("platforms", [one for one in untold if one.kind in KINDS]),
    ):
        planned, published = (sum(getattr(one, name) for one in group) for name in _SHARE)
        if published < LEAST_PUBLISHED * planned:
            yield f"{what} that cannot tell: only {published} of {planned} were published"


_SHARE = ("deliveries", "published")


def table(outcomes: Sequence[Outcome]) -> str:
    names = [name for name in Outcome.__slots__ if name != "kind"]
    lines = [f"{'':16}" + "".join(f"{name.replace('_', ' '):>14}" for name in names)]
    lines += [
        f"{one.kind:16}" + "".join(f"{getattr(one, name):>14}" for name in names)
        for one in outcomes
    ]
    return "\n".join(lines)
