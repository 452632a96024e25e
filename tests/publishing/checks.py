"""What must be true after every step: each check says what is wrong, as far as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from model_calendar import CAPPED, COSTLY, SPENT_AT_MOST
from world import CAP, World

from scheduler.model import ENDED, OPEN, TRANSITIONS, State

#: In these, somebody or something will go on with it.
WAITING = (State.PLANNED, State.HELD, *OPEN)
#: In these the ledger has a receipt; in those only the platform knows.
KNOWN_TO_BE_PUBLIC = (State.PUBLISHED, State.WITHDRAWN)
MAY_BE_PUBLIC = (State.ARMED, State.UNCONFIRMED)


def no_delivery_is_public_twice(world: World) -> Iterator[str]:
    """What was withdrawn counts as well: nobody wants to see it again.

    A post that a person deletes by hand, behind the program's back, is no part of the model.
    """
    times = Counter(post.key for site in world.sites.values() for post in site.public)
    yield from (f"{key}: {count} times" for key, count in times.items() if count > 1)


def nothing_left_that_must_not(world: World) -> Iterator[str]:
    """Held, silenced, under embargo, too early, too late, unapproved, out of turn, too fast."""
    yield from world.violations


def nothing_is_forgotten(world: World) -> Iterator[str]:
    for entry in world.entries():
        if entry.state in WAITING and entry.look_at is None:
            yield f"{entry.key} is {entry.state}, and nobody will look at it"
        if entry.state is State.UNCONFIRMED and not (entry.look_at or entry.reason):
            yield f"{entry.key} is unconfirmed, and nobody knows why"


def the_ledger_and_the_public_agree(world: World) -> Iterator[str]:
    for entry in world.entries():
        seen = [post for post in world.sites[entry.account].public if post.key == entry.key]
        known = [entry.receipt] if entry.state in KNOWN_TO_BE_PUBLIC else []
        doubtful = entry.state in MAY_BE_PUBLIC
        if [post.receipt for post in seen] != known and not doubtful:
            yield f"{entry.key} is {entry.state}, {entry.receipt}, and public are {seen}"
        elif any(post.taken_down != (entry.state is State.WITHDRAWN) for post in seen):
            yield f"{entry.key} is {entry.state}, and {seen} stands there, or not"


def every_step_of_the_journal_is_legal(world: World) -> Iterator[str]:
    stands = {entry.key: State.PLANNED for entry in world.entries()}
    for step in world.steps():
        before, after = State(step.before), State(step.after)
        if before is not stands[step.key] or after not in TRANSITIONS[before]:
            yield f"{step} follows {stands[step.key]}"
        stands[step.key] = after
    for entry in world.entries():
        if entry.state is not stands[entry.key]:
            yield f"{entry.key} is {entry.state} after {stands[entry.key]}"


def each_account_has_one_delivery_in_hand(world: World) -> Iterator[str]:
    open_ = Counter(entry.account for entry in world.entries() if entry.state in OPEN)
    yield from (f"{account}: {count}" for account, count in open_.items() if count > 1)


def no_account_spends_more_than_its_budget(world: World) -> Iterator[str]:
    site = world.sites[COSTLY]
    spent = site.price * sum(not post.by_hand for post in site.public)
    if spent > SPENT_AT_MOST:
        yield f"{spent} thousandths"


def no_account_goes_beyond_its_cap(world: World) -> Iterator[str]:
    sent = sorted(post.sent_at for post in world.sites[CAPPED].public if not post.by_hand)
    for first, beyond in zip(sent, sent[CAP.posts :], strict=False):
        if beyond - first < CAP.window:
            yield f"more than {CAP} from {first} on"


ALWAYS = (
    no_delivery_is_public_twice,
    nothing_left_that_must_not,
    nothing_is_forgotten,
    the_ledger_and_the_public_agree,
    every_step_of_the_journal_is_legal,
    each_account_has_one_delivery_in_hand,
    no_account_spends_more_than_its_budget,
    no_account_goes_beyond_its_cap,
)


def everything_has_come_to_an_end(world: World) -> Iterator[str]:
    """At rest, only what nobody can confirm is left, and for that a person is told why."""
    for entry in world.entries():
        told = f"{entry.key} is {entry.state} ({entry.reason})"
        if entry.look_at is not None:
            yield f"{told}, and looked at until {entry.look_at}"
        elif entry.state not in (*ENDED, State.UNCONFIRMED):
            yield f"{told}, and forgotten"
