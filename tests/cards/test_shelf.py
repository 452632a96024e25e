"""The shelf: each card once, whole or not at all, under the digest of what decides its pixels."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType

import pytest
from PIL import Image
from samples import BRAND, CARDS, COLOURS, ONE_IN_THREE, card

from scheduler.cards import DoesNotFit, Shelf, digest, draw
from scheduler.model import Brand, Card, Fonts, Size, TemplateFile, Typeface

CALL = card("call", headline="Go")


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "shelf")


def test_a_card_is_drawn_once_and_then_reused(shelf):
    assert shelf.file(CALL) is None
    drawn = shelf.card(CALL)
    assert shelf.file(CALL) == drawn.file
    drawn.file.touch()
    before = drawn.file.stat().st_mtime_ns
    assert shelf.card(CALL) == drawn
    assert drawn.file.stat().st_mtime_ns == before


def test_what_lies_on_the_shelf_is_what_draw_gives(shelf):
    drawn = shelf.card(CALL)
    data = drawn.file.read_bytes()
    assert data == draw(CALL)
    assert drawn.digest == hashlib.sha256(data).hexdigest()
    assert (drawn.bytes, drawn.media_type) == (len(data), "image/jpeg")
    assert (drawn.size, drawn.card) == (CALL.size, digest(CALL))


@pytest.mark.parametrize("kept", [0, 1, 5000])
def test_a_file_that_was_cut_off_is_not_trusted(kept, shelf):
    drawn = shelf.card(CALL)
    drawn.file.write_bytes(drawn.file.read_bytes()[:kept])
    assert shelf.file(CALL) is None
    assert shelf.card(CALL) == drawn


def test_a_card_that_cannot_be_drawn_leaves_nothing_behind(shelf):
    with pytest.raises(DoesNotFit):
        shelf.card(card("call", headline="far too many words " * 90))
    assert not shelf.folder.exists() or not list(shelf.folder.iterdir())


def test_no_half_written_file_stays_when_the_disk_fails(shelf, monkeypatch):
    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        shelf.card(CALL)
    assert list(shelf.folder.iterdir()) == []


def test_a_card_that_another_thread_laid_down_and_reads_is_taken_as_it_is(shelf, monkeypatch):
    drawn = shelf.card(CALL)

    def held_open(self, target):
        target.write_bytes(draw(CALL))
        raise PermissionError(13, "Access is denied")  # as Windows says it

    monkeypatch.setattr(Path, "replace", held_open)
    drawn.file.unlink()
    assert shelf.card(CALL) == drawn
    assert list(shelf.folder.iterdir()) == [drawn.file]


def test_filling_draws_equal_cards_once_and_reports_what_cannot_be_drawn(shelf):
    bad = card("call", headline="far too many words " * 90)
    shelf.card(CALL)
    seen = []
    filled = shelf.fill(
        [CALL, CARDS["quote"], replace(CARDS["quote"]), bad], on_drawn=lambda: seen.append(1)
    )
    assert (filled.drawn, filled.reused) == (1, 1)
    assert list(filled.problems) == [digest(bad)]
    assert filled.problems[digest(bad)].slot == "headline"
    assert len(seen) == 2
    assert len(list(shelf.folder.iterdir())) == 2


def test_a_pool_of_processes_draws_the_same_bytes(shelf):
    cards = [card("call", headline=f"Go {n}") for n in range(8)]
    cards.append(card("call", headline="far too many words " * 90))
    cards = [replace(one, texts=MappingProxyType(dict(one.texts))) for one in cards]
    filled = shelf.fill(cards, processes=2)
    assert filled.drawn == 8
    assert [error.slot for error in filled.problems.values()] == ["headline"]
    assert all(shelf.card(one).file.read_bytes() == draw(one) for one in cards[:8])
    again = shelf.fill(cards[:8], processes=2)
    assert (again.drawn, again.reused) == (0, 8)


def test_many_cards_are_drawn_in_processes_that_were_spawned(shelf, monkeypatch):
    def drawn_here(card):
        raise AssertionError("drawn in this process")

    # A spawned process imports the room anew and knows nothing of this; a forked one would.
    monkeypatch.setattr("scheduler.cards.shelf.draw", drawn_here)
    cards = [card("call", headline=f"Come {n}") for n in range(7)]
    assert shelf.fill(cards, processes=2).drawn == 7
    with pytest.raises(AssertionError, match="this process"):
        shelf.fill([card("call", headline="One")], processes=2)


def test_a_killed_program_leaves_no_process_of_its_pool_behind(tmp_path):
    program = tmp_path / "fill.py"
    program.write_text(
        "from pathlib import Path\n"
        "from samples import card\n"
        "from scheduler.cards import Shelf\n"
        "if __name__ == '__main__':\n"
        "    cards = [card('call', headline=f'Go {n}') for n in range(5000)]\n"
        "    Shelf(Path('shelf')).fill(\n"
        "        cards, processes=2, on_drawn=lambda: print('drawn', flush=True)\n"
        "    )\n"
    )
    here = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    with subprocess.Popen(
        [sys.executable, program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": here},
        stdout=subprocess.PIPE,
    ) as running:
        assert running.stdout.readline() == b"drawn\n"
        running.kill()
        # Its pool inherited the pipe, which ends only when the last of them has gone.
        running.communicate(timeout=20)


def changed_cards() -> dict[str, tuple[Card, Card]]:
    """For each field of a card a pair that differs in nothing else."""
    photo, quote, statistic = CARDS["photo"], CARDS["quote"], CARDS["statistic"]
    return {
        "template": (CALL, replace(CALL, template="graphic")),
        "texts": (CALL, replace(CALL, texts={"headline": "Come"})),
        "brand": (CALL, replace(CALL, brand=replace(BRAND, name="Another"))),
        "size": (CALL, replace(CALL, size=Size(width=1080, height=1080))),
        "language": (quote, replace(quote, language="de")),
        "chart": (statistic, replace(statistic, chart=replace(ONE_IN_THREE, of=4))),
        "points": (CARDS["graphic"], replace(CARDS["graphic"], points=("One",))),
        "picture": (photo, replace(photo, picture=photo.picture.with_name("open-door.jpg"))),
        "slide": (replace(CALL, slide=1, slides=2), replace(CALL, slide=2, slides=2)),
        "slides": (replace(CALL, slide=1, slides=2), replace(CALL, slide=1, slides=3)),
        "largest": (CALL, replace(CALL, largest=(("headline", 60),))),
    }


@pytest.mark.parametrize("field", [field.name for field in fields(Card)])
def test_a_change_of_any_field_changes_the_digest(field):
    one, other = changed_cards()[field]
    assert digest(one) != digest(other)


@pytest.mark.parametrize("field", [field.name for field in fields(Brand)])
def test_a_change_of_any_field_of_the_brand_changes_the_digest(field, tmp_path):
    logo = tmp_path / "logo.png"
    Image.new("RGB", (9, 9)).save(logo)
    others = {
        "colours": replace(COLOURS, ink="#000000"),
        "logo": logo,
        "fonts": Fonts(serif=Typeface.INTER),
        "second_logo": logo,
        "logo_clear": 0.5,
        "templates": (TemplateFile(name="call", file="call.toml", text="margin = 60"),),
    }
    brand = replace(BRAND, **{field: others.get(field, "Another")})
    assert digest(replace(CALL, brand=brand)) != digest(CALL)


def test_the_digest_counts_bytes_of_pictures_and_not_where_they_lie(tmp_path):
    photo = CARDS["photo"]
    moved = tmp_path / "elsewhere.jpg"
    shutil.copyfile(photo.picture, moved)
    assert digest(replace(photo, picture=moved)) == digest(photo)
    moved.write_bytes(moved.read_bytes() + b"\0")
    assert digest(replace(photo, picture=moved)) != digest(photo)


def test_the_digest_counts_the_bytes_of_fonts_and_templates(monkeypatch):
    before = digest(CALL)
    monkeypatch.setattr("scheduler.cards.shelf.fonts_digest", lambda: "other fonts")
    fonts = digest(CALL)
    monkeypatch.setattr("scheduler.cards.shelf.template_bytes", lambda name, own: b"other template")
    assert len({before, fonts, digest(CALL)}) == 3


def test_a_card_that_cannot_be_drawn_has_a_digest_too(tmp_path):
    absent = card("photo", picture=tmp_path / "gone.jpg")
    assert digest(absent) != digest(CARDS["photo"])
    assert digest(card("poster")) != digest(card("photo"))


def test_an_empty_text_is_the_same_as_none():
    assert digest(card("call", headline="Go", kicker="")) == digest(CALL)


def test_a_card_that_was_approved_before_cards_had_more_fields_is_still_found(tmp_path):
    # Under this name the card below was kept before slides, second logos and own templates.
    before = "f7b15129721387009418f0afb1bbe5631b7ea133791f24177454a78de11f36e9"
    shelf = Shelf(tmp_path)
    shelf.keep(card("call", headline="Go"))
    assert [file.name for file in (tmp_path / "kept").iterdir()] == [before]


def test_a_picture_is_found_by_its_bytes_as_long_as_it_lies_there(shelf):
    drawn, other = (shelf.card(card("call", headline=words)) for words in ("One", "Another"))
    assert shelf.lying({drawn.digest, "of nothing"}) == {drawn.digest: drawn.file}
    assert shelf.lying(()) == {}
    drawn.file.unlink()
    assert shelf.lying({drawn.digest, other.digest}) == {other.digest: other.file}
