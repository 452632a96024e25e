"""A whole calendar, looked through from its files to its drafts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from scheduler.calendar import read_calendar
from scheduler.cards import Shelf
from scheduler.checking.accounts import account_problems
from scheduler.checking.cards import template_problems
from scheduler.checking.edition import edition_problems, first_day_moved, nobody_told
from scheduler.checking.making import Made, Progress, Study, make
from scheduler.checking.members import laxer_lints, shared_accounts
from scheduler.checking.outcome import Checked, Found, pairs_of
from scheduler.linting import lint
from scheduler.model import Campaign, Coalition, Wording
from scheduler.platforms import PLATFORMS


def check(
    file: Path,
    *,
    shelf: Shelf,
    on: date,
    public: Mapping[str, date] = MappingProxyType({}),
    live: Mapping[str, Collection[str]] = MappingProxyType({}),
    draw: bool | Collection[str] = True,
    progress: Progress | None = None,
) -> Checked:
    """Read the calendar and make every draft of it; nothing is sent, nobody is contacted.

    `on` is taken for today; `public` has the date of day 1 of each campaign of which something is
    public already, `live` the accounts of each that a ledger publishes to; `progress` follows the
    cards. Without `draw` they are only composed: every problem is found, save that a picture has
    too many bytes, and the drafts have none yet. Where `draw` names organisations by id, only their
    cards are drawn, and those of others are not even composed: what is wrong with these is found
    when they are.
    """
    study = Study(shelf=shelf, draw=draw, progress=progress)
    reading = read_calendar(file)
    found = Found(problems={*reading.problems, *reading.translating})
    if reading.rest is None:
        return _checked(None, found, Made())
    for campaign in reading.rest.campaigns.values():
        _look_through(campaign, found, on)
    for campaign, problem in (*shared_accounts(reading.rest), *laxer_lints(reading.rest)):
        found.refuse(campaign, [problem])
    own = reading.rest.own
    found.problems.update(edition_problems(own, on))
    found.problems.update(template_problems(own))
    found.problems.update(nobody_told(own, live.get(own.id, ())))
    if reading.coalition is not None:
        found.refuse(own, first_day_moved(own, public.get(own.id)))
    made = make(filter(_drawable, reading.rest.campaigns.values()), found, study)
    return _checked(reading.coalition, found, made)


def _look_through(campaign: Campaign, found: Found, on: date) -> None:
    """What can be said of one organisation's campaign before any card is composed."""
    found.refuse(campaign, account_problems(campaign))
    for finding in lint(campaign, on=on):
        found.add(finding.problem, *pairs_of(campaign, *finding.posts))
    for post in campaign.posts.values():
        if post.translation is not None and post.translation.wording is Wording.MISSING:
            found.hold(
                pairs_of(campaign, post.id), f"its words in {post.language} are not all there"
            )


def _drawable(campaign: Campaign) -> bool:
    return all(account.platform in PLATFORMS for account in campaign.accounts.values())


def _checked(coalition: Coalition | None, found: Found, made: Made) -> Checked:
    shown = () if coalition is None else coalition.campaigns.values()
    pairs = {pair for campaign in shown for pair in pairs_of(campaign, *campaign.posts)}
    return Checked(
        coalition=coalition,
        problems=tuple(sorted(found.problems)),
        drafts={pair: drafts for pair, drafts in made.drafts.items() if pair in pairs},
        measures={pair: counted for pair, counted in made.measures.items() if pair in pairs},
        held=found.held,
        refused=frozenset(found.refused),
        cards_drawn=made.cards_drawn,
        cards_reused=made.cards_reused,
    )
