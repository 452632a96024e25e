"""What came of a check: problems, what they hold back, and the drafts that can be made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from scheduler.errors import Problem, Severity
from scheduler.model import OWN, Campaign, Coalition, Draft, Key, Measure, Public, Yes
from scheduler.planning import plan

#: post id and account name
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A calendar with everything that is wrong with it, and the drafts that can be made of it.

    `coalition` is None when the calendar itself has an error, and without the members whose own
    files have one; a pair is absent from `drafts` when its card cannot be drawn.
    """

    coalition: Coalition | None
    problems: tuple[Problem, ...]
    #: Of each pair the parts in their order: one, or those of a thread.
    drafts: Mapping[Pair, tuple[Draft, ...]]
    measures: Mapping[Pair, tuple[tuple[Measure, ...], ...]]
    #: Why a post must not go out on an account as it is; the others may.
    held: Mapping[Pair, str]
    #: The organisations, by id, whose whole campaign must not be taken up.
    refused: frozenset[str]
    cards_drawn: int
    cards_reused: int
    #: What people said of each delivery as it stands now; None where no ledger was asked.
    approvals: Mapping[Key, Yes] | None = None
    #: What is public already; empty where no ledger was asked.
    public: Mapping[Key, Public] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether there is no error."""
        return self.coalition is not None and not any(
            problem.severity is Severity.ERROR for problem in self.problems
        )

    @property
    def taken_up(self) -> Coalition | None:
        """What may be published, held back or not: None when the calendar itself is refused."""
        if self.coalition is None or OWN in self.refused:
            return None
        campaigns = {
            id_: campaign
            for id_, campaign in self.coalition.campaigns.items()
            if id_ not in self.refused
        }
        return replace(
            self.coalition,
            campaigns=MappingProxyType(campaigns),
            complete=self.coalition.complete and not self.refused,
        )

    @property
    def drawn(self) -> bool:
        """Whether every card of the drafts lies there."""
        return all(
            picture.digest
            for parts in self.drafts.values()
            for draft in parts
            for picture in draft.pictures
        )

    @property
    def deliveries(self) -> int:
        return 0 if self.coalition is None else len(plan(self.coalition))


@dataclass(slots=True)
class Found:
    """Problems as they are found, with what they hold back."""

    problems: set[Problem] = field(default_factory=set)
    held: dict[Pair, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def refuse(self, campaign: Campaign, problems: Iterable[Problem]) -> None:
        """With an error among them nothing of the organisation is taken up."""
        for problem in problems:
            self.problems.add(problem)
            if problem.severity is Severity.ERROR:
                self.refused.add(campaign.member.id)

    def add(self, problem: Problem, *pairs: Pair) -> None:
        self.problems.add(problem)
        if problem.severity is Severity.ERROR:
            self.hold(pairs, f"{problem.message} ({problem.code})")

    def hold(self, pairs: Iterable[Pair], reason: str) -> None:
        for pair in pairs:
            self.held.setdefault(pair, reason)


def pairs_of(campaign: Campaign, *posts: str) -> list[Pair]:
    return [(id_, account) for id_ in posts for account in campaign.posts[id_].accounts]
