"""Every card is drawn or only tried, and every draft made: what does not fit shows here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from scheduler.cards import Drawn, Filled, Shelf
from scheduler.checking.cards import card_problem
from scheduler.checking.fitting import excesses, unfit
from scheduler.checking.outcome import Found, Pair
from scheduler.drafting import cards, drafts, measuring
from scheduler.model import Campaign, Card, Draft, Measure
from scheduler.platforms import Limits

#: Told how many steps there are; gives back what to call after each.
Progress = Callable[[int], Callable[[], None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The drafts of all organisations, and what it took."""

    drafts: Mapping[Pair, tuple[Draft, ...]] = field(default_factory=dict)
    measures: Mapping[Pair, tuple[tuple[Measure, ...], ...]] = field(default_factory=dict)
    cards_drawn: int = 0
    cards_reused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Where the cards are made, or only tried."""

    shelf: Shelf
    draw: bool | Collection[str]
    progress: Progress | None

    def draws(self, campaign: Campaign) -> bool:
        """Whether the cards of this organisation are drawn."""
        return self.draw if isinstance(self.draw, bool) else campaign.member.id in self.draw

    def fill(self, drawn: Mapping[str, Card], tried: Mapping[str, Card]) -> Filled:
        on_drawn = self.progress(len(drawn)) if self.progress and drawn else None
        filled = self.shelf.fill(drawn, on_drawn=on_drawn)
        if not isinstance(self.draw, bool):
            return filled  # whoever names some of them draws the others next, and tries them so
        proofed = self.shelf.proof(tried)
        return Filled(
            drawn=filled.drawn,
            reused=filled.reused + proofed.reused,
            problems={**filled.problems, **proofed.problems},
        )

    def cards(self, campaign: Campaign, named: Iterable[tuple[str, Card]]) -> list[Drawn]:
        take = self.shelf.card if self.draws(campaign) else self.shelf.proofed
        return [take(card, name) for name, card in named]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The cards of one organisation's drafts, and their names on the shelf."""

    campaign: Campaign
    cards: Mapping[Pair, tuple[Card, ...]]
    names: Mapping[Pair, tuple[str, ...]]

    def named(self, pair: Pair) -> Iterable[tuple[str, Card]]:
        return zip(self.names[pair], self.cards[pair], strict=True)

    def drafts(self, filled: Filled, study: Study) -> dict[Pair, tuple[Draft, ...]]:
        """The drafts whose cards are all there."""
        return {
            pair: drafts(
                self.campaign,
                self.campaign.posts[pair[0]],
                study.cards(self.campaign, self.named(pair)),
            )
            for pair in self.cards
            if not any(name in filled.problems for name in self.names[pair])
        }


def make(campaigns: Iterable[Campaign], found: Found, study: Study) -> Made:
    """The drafts of these organisations; what is wrong with them is added to `found`."""
    wanted = _wanted(campaigns, study.shelf)
    drawn = _unique(each for each in wanted if study.draws(each.campaign))
    tried = _unique(each for each in wanted if not study.draws(each.campaign))
    filled = study.fill(drawn, {name: card for name, card in tried.items() if name not in drawn})
    made: dict[Pair, tuple[Draft, ...]] = {}
    measures: dict[Pair, tuple[tuple[Measure, ...], ...]] = {}
    for each in wanted:
        whole = each.drafts(filled, study)
        made |= whole
        _find_in_cards(each, found, filled)
        measures |= _measured(each.campaign, found, whole)
    return Made(
        drafts=made, measures=measures, cards_drawn=filled.drawn, cards_reused=filled.reused
    )


def _wanted(campaigns: Iterable[Campaign], shelf: Shelf) -> list[_Wanted]:
    """The names of all cards are asked for at once: where they lie may be far away."""
    shown = [(campaign, cards(campaign)) for campaign in campaigns]
    named = iter(shelf.names([card for _, of in shown for each in of.values() for card in each]))
    return [
        _Wanted(
            campaign=campaign,
            cards=of,
            names={pair: tuple(islice(named, len(each))) for pair, each in of.items()},
        )
        for campaign, of in shown
    ]


def _unique(wanted: Iterable[_Wanted]) -> dict[str, Card]:
    """Each card once, by its name on the shelf."""
    return {name: card for each in wanted for pair in each.cards for name, card in each.named(pair)}


def _measured(
    campaign: Campaign, found: Found, made: Mapping[Pair, tuple[Draft, ...]]
) -> dict[Pair, tuple[tuple[Measure, ...], ...]]:
    """How much each draft takes of what its account has; too much is added to `found`."""
    accounts = {name: measuring(account) for name, account in campaign.accounts.items()}
    counted = {pair: tuple(map(accounts[pair[1]].measure, parts)) for pair, parts in made.items()}
    _find_in_measures(campaign, found, counted)
    limits = {name: account.limits for name, account in accounts.items()}
    _find_in_pictures(campaign, found, made, limits)
    return counted


def _find_in_cards(wanted: _Wanted, found: Found, filled: Filled) -> None:
    posts = wanted.campaign.posts
    for pair, names in wanted.names.items():
        for number, name in enumerate(names):
            if error := filled.problems.get(name):
                found.add(card_problem(wanted.campaign, posts[pair[0]], number, error), pair)


def _find_in_measures(
    campaign: Campaign,
    found: Found,
    measures: Mapping[Pair, tuple[tuple[Measure, ...], ...]],
) -> None:
    for pair, counted in measures.items():
        for part, measured in enumerate(counted):
            for problem in excesses(campaign, pair, part, measured):
                found.add(problem, pair)


def _find_in_pictures(
    campaign: Campaign,
    found: Found,
    made: Mapping[Pair, tuple[Draft, ...]],
    limits: Mapping[str, Limits],
) -> None:
    for pair, parts in made.items():
        for problem in unfit(campaign, pair, parts[0], limits[pair[1]]):
            found.add(problem, pair)
