"""From one save to the next: what is made anew, what stays, and what is never seen."""

from __future__ import annotations

from scheduler.preview import site
from scheduler.serving import watching


def made(shown):
    """How many of the pages were made, each once."""
    return sum(leaf.cache_info().misses for leaf in shown.leaves.pages.values())


def page_of(member, day=1):
    return f"members/{member}/day-{day:02}.html"


def test_what_is_shown_is_what_would_be_written_and_nothing_is_made_before_it_is_asked_for(
    followed, tmp_path
):
    shown = followed.begin()
    assert made(shown) == 0
    (checked,) = followed.made
    out = tmp_path / "out"
    site.write(checked, out=out)
    written = {
        file.relative_to(out).as_posix(): file.read_text("utf-8") for file in out.rglob("*.html")
    }
    assert {name: leaf() for name, leaf in shown.leaves.pages.items()} == written
    pictures = {file.relative_to(out).as_posix() for file in out.glob("*/*.[jp]*g")}
    assert shown.leaves.pictures.keys() == pictures
    assert all(
        (out / name).read_bytes() == file.read_bytes()
        for name, file in shown.leaves.pictures.items()
    )


def test_another_word_in_a_caption_makes_no_card_and_only_the_page_that_somebody_looks_at(followed):
    first = followed.begin()
    before = first.leaves.pages[page_of("germany")]()
    followed.edit("Heute beginnen wir.", "Morgen beginnen wir.", name="languages/de.yaml")
    then = followed.after(first)
    assert followed.made[-1].cards_drawn == 0
    assert "Morgen beginnen wir." in then.leaves.pages[page_of("germany")]()
    assert "Morgen beginnen wir." not in before
    assert made(then) == 1


def test_another_word_on_a_card_draws_that_card_and_no_other(followed):
    first = followed.begin()
    cards = set(first.leaves.pictures)
    followed.edit(
        "headline: Wir beginnen heute", "headline: Wir beginnen", name="languages/de.yaml"
    )
    then = followed.after(first)
    assert followed.made[-1].cards_drawn == 1
    assert len(then.leaves.pictures.keys() - cards) == 1


def test_the_cards_of_a_page_that_is_open_are_drawn_and_told_of_before_all_others(followed):
    first = followed.begin()
    cards = first.leaves.pictures.keys()
    with followed.following.listening(page_of("germany")):
        followed.edit('hashtag: "#Small"', 'hashtag: "#Smaller"')
        then = followed.after(first)
        at_last = followed.after(then)
    early, late = followed.made[-2:]
    assert not early.drawn
    assert late.drawn
    assert 0 < early.cards_drawn < early.cards_drawn + late.cards_drawn
    page = then.leaves.pages[page_of("germany")]()
    assert page == at_last.leaves.pages[page_of("germany")]()
    assert (then.completed, at_last.completed) == (False, True)
    new = then.leaves.pictures.keys() - cards
    assert any(name in page for name in new)
    assert new < at_last.leaves.pictures.keys()


def test_who_looks_at_all_of_them_waits_for_all_cards(followed):
    first = followed.begin()
    with followed.following.listening("index.html"):
        followed.edit('hashtag: "#Small"', 'hashtag: "#Smaller"')
        followed.after(first)
    assert followed.made[-1].drawn
    assert len(followed.made) == 2


def test_what_nobody_changed_is_the_very_same_page_after_an_edit_elsewhere(followed):
    first = followed.begin()
    followed.edit("Heute beginnen wir.", "Morgen beginnen wir.", name="languages/de.yaml")
    then = followed.after(first)
    same = [
        name for name, leaf in first.leaves.pages.items() if leaf() == then.leaves.pages[name]()
    ]
    assert page_of("cyprus") in same
    assert page_of("germany") not in same


def test_a_calendar_that_is_broken_leaves_the_last_good_pages_and_says_why(followed):
    first = followed.begin()
    followed.edit("posts:", "posts: [")
    broken = followed.after(first)
    assert broken.broken
    assert broken.stale == first.leaves.pages.keys()
    assert {name: leaf() for name, leaf in broken.leaves.pages.items()} == {
        name: leaf() for name, leaf in first.leaves.pages.items()
    }
    assert broken.leaves.pictures == first.leaves.pictures
    assert [problem.code for problem in broken.problems] == ["yaml-syntax"]
    followed.edit("posts: [", "posts:")
    mended = followed.after(broken)
    assert not mended.broken
    assert not mended.stale


def test_a_member_with_an_error_keeps_its_last_good_pages_and_the_others_follow(followed):
    first = followed.begin()
    followed.edit("member:", "nonsense: 1\nmember:", name="members/germany.yaml")
    broken = followed.after(first)
    assert broken.broken
    assert broken.stale
    assert all(name.startswith("members/germany/") for name in broken.stale)
    assert broken.leaves.pages[page_of("germany")]() == first.leaves.pages[page_of("germany")]()


def test_a_calendar_that_was_never_good_shows_its_problems_as_its_page(followed):
    followed.edit("posts:", "posts: [")
    shown = followed.begin()
    assert list(shown.leaves.pages) == ["index.html"]
    assert "bracket" in shown.leaves.pages["index.html"]()


def test_a_file_that_another_takes_the_place_of_is_never_seen_as_gone(followed):
    """Some editors take the file away first, and put the new one there then."""
    first = followed.begin()
    text = followed.file.read_text("utf-8")
    followed.file.unlink()
    assert followed.seen_in_pieces.wait(60)
    beside = followed.file.with_suffix(".new")
    beside.write_text(text.replace("Today we begin.", "Tomorrow we begin.", 1), "utf-8")
    beside.replace(followed.file)
    then = followed.after(first)
    assert not then.broken
    assert then.number == first.number + 1


def test_a_file_of_which_half_is_written_is_never_seen_so(followed):
    first = followed.begin()
    text = followed.file.read_text("utf-8")
    followed.file.write_text(text[: text.index("accounts:") + 4], "utf-8")
    assert followed.seen_in_pieces.wait(60)
    followed.file.write_text(text.replace("Today we begin.", "Tomorrow we begin.", 1), "utf-8")
    then = followed.after(first)
    assert not then.broken
    assert then.number == first.number + 1


def test_a_member_whose_file_was_deleted_has_no_pages_any_more_and_all_others_have(followed):
    first = followed.begin()
    (followed.file.parent / "members" / "germany.yaml").unlink()
    then = followed.after(first)
    gone = first.leaves.pages.keys() - then.leaves.pages.keys()
    assert gone
    assert all(name.startswith("members/germany/") for name in gone)
    assert not then.broken


def test_a_new_member_has_pages_at_once(followed):
    there = followed.file.parent / "members" / "germany.yaml"
    text = there.read_text("utf-8")
    there.unlink()
    first = followed.begin()
    there.write_text(text, "utf-8")
    assert page_of("germany") in followed.after(first).leaves.pages


def test_what_lies_below_assets_is_watched_as_what_is_written_is(followed):
    before = watching.things(followed.file, None)
    assert not before
    logo = followed.file.parent / "assets" / "logos" / "ours.png"
    logo.parent.mkdir(parents=True)
    logo.write_bytes(b"one")
    seen = watching.things(followed.file, None)
    logo.write_bytes(b"other")
    assert before != seen != watching.things(followed.file, None)


def test_the_file_of_holds_is_watched_before_there_is_one(followed):
    before = watching.words(followed.file)
    (followed.file.parent / "holds.yaml").write_text("", "utf-8")
    assert watching.words(followed.file) != before
