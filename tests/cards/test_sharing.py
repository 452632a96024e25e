"""Two machines with a folder each and one bucket behind them: they have the same cards."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from samples import BRAND, card

from scheduler.cards import Shelf, digest, draw
from scheduler.cards.resting import REST, Resting
from scheduler.cards.sharing import FEW
from scheduler.errors import NotSent
from scheduler.model import TemplateFile

CALL = card("call", headline="Go")
AWAY = "the bucket cannot be reached"
#: The very same card, drawn by who has another template.
ANEW = replace(
    CALL,
    brand=replace(
        BRAND, templates=(TemplateFile(name="call", file="call.toml", text="margin = 120"),)
    ),
)


@dataclass
class Line:
    """A machine's way to the bucket, which may break; counts what goes over it."""

    objects: Any
    away: bool = False
    asked: Counter[str] = field(default_factory=Counter)

    def __getattr__(self, name):
        def ask(*arguments):
            self.asked[name] += 1
            if self.away:
                raise NotSent(AWAY)
            return getattr(self.objects, name)(*arguments)

        return ask


@dataclass
class Machine:
    line: Line
    shelf: Shelf
    drew: list[str]


@pytest.fixture
def machine(bucket, tmp_path):
    """Makes a machine of this name, with an empty folder."""

    def make(name, store=None):
        line, drew = Line(bucket.objects()), []

        def once(name, lies, make):
            drew.append(name)
            make()

        shelf = Shelf(tmp_path / name, store=store(line) if store else line, once=once)
        return Machine(line, shelf, drew)

    return make


@pytest.fixture
def here(machine):
    return machine("here")


@pytest.fixture
def there(machine):
    return machine("there")


def test_a_card_is_drawn_by_one_machine_and_fetched_by_the_other_once(here, there):
    drawn = here.shelf.card(CALL)
    assert (drawn.digest, drawn.file.read_bytes()) == (there.shelf.card(CALL).digest, draw(CALL))
    assert (here.drew, there.drew) == ([digest(CALL)], [])
    before = there.line.asked["get"]
    there.shelf.card(CALL, digest(CALL))
    assert there.line.asked["get"] == before


def test_many_cards_are_drawn_once_by_two_machines(here, there, bucket):
    cards = [card("call", headline=f"Go {number}") for number in range(8)]
    bad = card("call", headline="far too many words " * 90)
    filled = here.shelf.fill([*cards, bad], processes=2)
    assert (filled.drawn, filled.reused, len(filled.problems)) == (8, 0, 1)
    filled = there.shelf.fill([*cards, bad], processes=2)
    assert (filled.drawn, filled.reused, len(filled.problems)) == (0, 8, 1)
    names = [name for name in bucket.names() if "/" not in name]
    assert sorted(names) == sorted(f"{digest(each)}.jpg" for each in cards)
    for each in cards:
        assert there.shelf.card(each).file.read_bytes() == draw(each)


def test_only_whole_cards_come_of_a_race(machine, bucket):
    cards = [card("call", headline=f"Go {number}") for number in range(3)]
    machines = [machine(f"machine-{number}") for number in range(4)]
    together = threading.Barrier(len(machines))

    def fill(each):
        together.wait(20)
        each.shelf.fill(cards, processes=1)
        return [each.shelf.card(one).digest for one in cards]

    with ThreadPoolExecutor(len(machines)) as pool:
        found = list(pool.map(fill, machines))
    assert found.count(found[0]) == len(machines)
    for each in cards:
        assert bucket.read(f"{digest(each)}.jpg") == draw(each)


# ── what lies there first, and what is damaged ────────────────────────────────────────────────────


def test_what_another_machine_put_there_meanwhile_takes_the_place_of_ones_own(bucket, tmp_path):
    theirs = draw(ANEW)

    def once(name, lies, make):
        bucket.put(f"{name}.jpg", theirs)
        make()

    shelf = Shelf(tmp_path / "late", store=bucket.objects(), once=once)
    assert shelf.card(CALL).file.read_bytes() == theirs
    assert bucket.read(f"{digest(CALL)}.jpg") == theirs


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: {"data": whole[:5000]},
        lambda whole: {"data": b""},
        lambda whole: {"data": b"<html>Sign in</html>"},
        lambda whole: {"data": whole, "Metadata": {"sha256": "0" * 64}},
    ],
    ids=["half of it", "nothing", "a page", "other bytes than were put"],
)
def test_what_is_damaged_in_the_bucket_is_drawn_anew_and_mended(damage, here, there, bucket):
    bucket.put(f"{digest(CALL)}.jpg", **damage(draw(CALL)))
    assert here.shelf.card(CALL).file.read_bytes() == draw(CALL)
    assert bucket.read(f"{digest(CALL)}.jpg") == draw(CALL)
    assert there.shelf.card(CALL).bytes > 0
    assert (len(here.drew), len(there.drew)) == (1, 0)


def test_what_is_damaged_in_the_folder_is_fetched_anew(here):
    drawn = here.shelf.card(CALL)
    drawn.file.write_bytes(b"half")
    assert here.shelf.card(CALL) == drawn
    assert len(here.drew) == 1


# ── what is kept ──────────────────────────────────────────────────────────────────────────────────


def test_a_card_that_was_approved_is_the_same_bytes_on_all_machines_whoever_draws_anew(here, there):
    here.shelf.keep(CALL)
    kept = here.shelf.card(CALL)
    assert draw(ANEW) != kept.file.read_bytes()
    assert there.shelf.card(ANEW).digest == kept.digest
    assert there.shelf.card(ANEW).card == here.shelf.card(ANEW).card == digest(CALL)
    assert there.drew == []


def test_it_stays_when_the_renderer_changes(here, there, monkeypatch):
    here.shelf.keep(CALL)
    kept, name = here.shelf.card(CALL), digest(CALL)
    monkeypatch.setattr("scheduler.cards.shelf.RENDERER", 10_000)
    assert digest(CALL) != name
    for each in (here, there):
        found = each.shelf.card(CALL)
        assert (found.card, found.digest) == (name, kept.digest)
    assert there.shelf.fill([CALL]).reused == 1


def test_a_machine_that_hears_of_it_after_it_drew_another_takes_what_was_approved(here, there):
    there.line.away = True
    assert there.shelf.card(ANEW).file.read_bytes() == draw(ANEW)
    here.shelf.keep(CALL)
    there.line.away = False
    assert there.shelf.card(ANEW).digest == here.shelf.card(CALL).digest


def test_a_machine_that_drew_the_same_card_otherwise_takes_the_very_bytes(here, there, bucket):
    name = digest(CALL)
    there.shelf.folder.mkdir()
    (there.shelf.folder / f"{name}.jpg").write_bytes(draw(ANEW))
    here.shelf.keep(CALL)
    assert there.shelf.card(CALL).file.read_bytes() == draw(CALL)


def test_nobody_approves_what_another_machine_has_otherwise(here, bucket):
    name = digest(CALL)
    here.line.away = True
    here.shelf.card(CALL)
    here.line.away = False
    bucket.put(f"{name}.jpg", draw(ANEW))
    with pytest.raises(NotSent, match="another machine has drawn a card otherwise"):
        here.shelf.keep(CALL)
    assert not [each for each in bucket.names() if each.startswith("kept/")]
    here.shelf.keep(CALL)
    assert here.shelf.card(CALL).file.read_bytes() == draw(ANEW)


def test_what_is_let_go_on_one_machine_is_drawn_anew_on_the_other(here, there):
    here.shelf.keep(CALL)
    assert there.shelf.card(ANEW).card == digest(CALL)
    here.shelf.let_go(CALL)
    assert there.shelf.card(ANEW).card == digest(ANEW)
    assert here.shelf.card(ANEW).file.read_bytes() == draw(ANEW)


def test_of_many_cards_it_is_asked_once_which_are_kept(here, there):
    cards = [card("call", headline=f"Go {number}") for number in range(FEW + 1)]
    kept = cards[:2]
    for each in kept:
        here.shelf.keep(each)
    assert there.shelf.names(cards) == [digest(each) for each in cards]
    assert (there.line.asked["listed"], there.line.asked["get"]) == (1, 2 * len(kept))
    there.line.asked.clear()
    assert there.shelf.names(cards) == [digest(each) for each in cards]
    assert dict(there.line.asked) == {"listed": 1}
    here.shelf.let_go(kept[0])
    assert there.shelf.names([replace(each, brand=ANEW.brand) for each in cards[:2]] * FEW) == (
        [digest(replace(kept[0], brand=ANEW.brand)), digest(kept[1])] * FEW
    )


def test_what_was_kept_in_a_folder_that_somebody_copied_there_counts(tmp_path, there, bucket):
    alone = Shelf(tmp_path / "alone")
    alone.keep(CALL)
    for file in alone.folder.rglob("*"):
        if file.is_file():
            bucket.put(file.relative_to(alone.folder).as_posix(), file.read_bytes())
    assert there.shelf.card(ANEW).file.read_bytes() == draw(CALL)
    assert there.drew == []


@pytest.mark.parametrize("mark", [b"../../elsewhere", b"", b"\xff\xfe", b"0" * 63])
def test_a_mark_that_is_none_is_not_believed(mark, here, bucket):
    here.shelf.keep(CALL)
    (kept,) = (name for name in bucket.names() if name.startswith("kept/"))
    bucket.put(kept, mark)
    assert here.shelf.card(ANEW).card == digest(ANEW)
    assert sorted(each.name for each in here.shelf.folder.parent.iterdir()) == ["here"]


# ── by their bytes ────────────────────────────────────────────────────────────────────────────────


def test_a_picture_is_found_by_its_bytes_on_a_machine_that_has_never_seen_it(here, there):
    drawn = here.shelf.card(CALL)
    found = there.shelf.lying({drawn.digest, "0" * 64})
    assert {digest: file.read_bytes() for digest, file in found.items()} == {
        drawn.digest: draw(CALL)
    }
    assert there.line.asked["listed"] == 0
    asked = there.line.asked["get"]
    assert there.shelf.lying({drawn.digest, "0" * 64}) == found
    assert there.line.asked["get"] == asked


def test_a_picture_that_became_another_is_not_found_by_its_bytes(here, there, bucket):
    drawn = here.shelf.card(CALL)
    bucket.put(f"{digest(CALL)}.jpg", draw(ANEW))
    assert there.shelf.lying({drawn.digest}) == {}


# ── while the bucket is away ──────────────────────────────────────────────────────────────────────


def test_while_it_is_away_cards_are_drawn_where_they_are_needed(here):
    here.line.away = True
    assert here.shelf.card(CALL).file.read_bytes() == draw(CALL)
    other = card("call", headline="Come")
    assert here.shelf.fill([CALL, other]).drawn == 1
    assert here.shelf.lying({"0" * 64}) == {}


def test_while_it_is_away_what_was_known_to_be_kept_stays(here, there):
    here.shelf.keep(CALL)
    there.shelf.card(CALL)
    there.line.away = True
    assert there.shelf.card(ANEW).file.read_bytes() == draw(CALL)
    assert there.shelf.names([ANEW] * (FEW + 1)) == [digest(CALL)] * (FEW + 1)


def test_while_it_is_away_nothing_is_kept_or_let_go_on_one_machine_alone(here, there):
    here.shelf.keep(CALL)
    there.shelf.card(CALL)
    there.line.away = True
    with pytest.raises(NotSent, match=AWAY):
        there.shelf.keep(CALL)
    with pytest.raises(NotSent, match=AWAY):
        there.shelf.let_go(CALL)
    assert there.shelf.card(ANEW).card == digest(CALL)


def test_a_store_that_is_away_is_told_of_once_and_left_alone_for_a_while(machine, caplog):
    caplog.set_level(logging.INFO)
    now = [0.0]
    here = machine("here", lambda line: Resting(line, monotonic=lambda: now[0]))
    here.line.away = True
    for number in range(3):
        here.shelf.card(card("call", headline=f"Go {number}"))
    assert here.line.asked.total() == 1
    with pytest.raises(NotSent, match=AWAY):
        here.shelf.keep(CALL)
    assert [each.message for each in caplog.records] == [
        f"{AWAY}. Cards that do not lie here are drawn here until it answers."
    ]
    now[0] += REST
    here.shelf.card(CALL)
    assert (here.line.asked.total(), len(caplog.records)) == (2, 1)
    now[0] += REST
    here.line.away = False
    here.shelf.keep(CALL)
    assert caplog.records[-1].message == "the store of the cards answers again"
    assert len(caplog.records) == 2
