"""A card that several machines need is drawn once, by whoever comes first and lives."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from scheduler.cards import CardError, Shelf
from scheduler.cards import shelf as shelving
from scheduler.daemon import WallClock
from scheduler.drafting import cards_for, measuring
from scheduler.ledger import taking_turns
from scheduler.publishing.drawing_once import LOST, TURN, DrawingOnce

MACHINES = 4


@pytest.fixture
def card(theatre):
    campaign = theatre.campaign
    post = campaign.posts["launch"]
    size = measuring(campaign.accounts[post.accounts[0]]).limits.card
    return cards_for(campaign, post, size)[0]


class Passing:
    """The theatre's time, which passes while somebody waits."""

    def __init__(self, clock):
        self._clock, self.now = clock, clock.now

    def wait(self, seconds):
        self._clock.advance(self._clock.now() + timedelta(seconds=seconds))


def once(theatre, worker, clock=None):
    clock = clock or Passing(theatre.clock)
    return DrawingOnce(ledger=theatre.ledger, clock=clock, worker=worker)


def test_machines_that_want_a_card_at_once_draw_it_once(theatre, card, tmp_path):
    together, drew = threading.Barrier(MACHINES), []

    def counting(worker):
        asked = once(theatre, worker, WallClock())
        return lambda name, lies, make: asked(name, lies, lambda: (drew.append(worker), make()))

    def draw(worker):
        shelf = Shelf(tmp_path / "shared", once=counting(worker))
        together.wait(20)
        return shelf.card(card)

    with ThreadPoolExecutor(MACHINES) as pool:
        drawn = list(pool.map(draw, [f"w{n}" for n in range(MACHINES)]))
    assert len(drew) == 1
    assert len({one.digest for one in drawn}) == 1
    assert not list((tmp_path / "shared").glob("*.part"))


def test_a_card_whose_drawer_was_lost_is_drawn_by_another_after_its_turn(theatre, card, tmp_path):
    shelf = Shelf(tmp_path / "shared", once=once(theatre, "other"))
    _lost(theatre, shelving.digest(card), "lost")
    begun = theatre.clock.now()
    assert shelf.card(card).bytes > 0
    assert theatre.clock.now() >= begun + TURN


def test_a_card_that_ends_whoever_draws_it_is_given_up_with_the_reason(theatre, card, tmp_path):
    shelf = Shelf(tmp_path / "shared", once=once(theatre, "last"))
    for number in range(LOST):
        _lost(theatre, shelving.digest(card), f"lost-{number}")
        theatre.clock.advance(theatre.clock.now() + TURN + timedelta(seconds=1))
    with pytest.raises(CardError, match="3 workers in a row were lost while they drew it"):
        shelf.card(card)


def test_a_card_that_cannot_be_drawn_says_so_on_every_machine_at_once(theatre):
    def make():
        raise CardError("too long", "headline")

    for worker in ("a", "b"):
        with pytest.raises(CardError, match="too long"):
            once(theatre, worker)("d" * 64, lambda: False, make)


def _lost(theatre, digest, worker):
    now = theatre.clock.now()
    theatre.ledger.write(
        lambda c: taking_turns.take(c, "cards", [digest], now=now, until=now + TURN, worker=worker)
    )
