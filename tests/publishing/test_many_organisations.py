"""Many organisations: kits, files that break, drafts that stay at home."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from scheduler.calendar import read_calendar
from scheduler.ledger import Ledger, questions
from scheduler.model import State
from scheduler.planning import plan
from scheduler.publishing import Means, Publisher, home, reason_not_live, signed_in
from scheduler.rehearsing import FastClock
from small_coalition import CYPRUS


class Stage:
    """One ledger, one clock, and the calendar's files as they stand at each look."""

    def __init__(self, file, ledger, shelf):
        self.file = file
        self.ledger = ledger
        self.clock = FastClock(plan(read_calendar(file).coalition)[0].due - timedelta(hours=1))
        self.publisher = Publisher(
            Means(
                ledger=ledger,
                clock=self.clock,
                shelf=shelf,
                connect=lambda account: signed_in(account, root=file.parent, environment={}),
                gate=partial(reason_not_live, home=home(ledger)),
                worker="w",
            )
        )

    def take(self, held=None):
        return self.publisher.take(read_calendar(self.file).coalition, held or {})

    def play(self, until=None):
        """To the end of everything that happens by itself, or to the first look after `until`."""
        for _ in range(2000):
            waiting = [each.look_at for each in self.entries() if each.look_at]
            if not waiting or (until and min(waiting) > until):
                return
            self.clock.advance(min(waiting))
            self.publisher.tick()
            self.publisher.wait()
        raise AssertionError("it never ends")

    def entries(self):
        return self.ledger.read(lambda c: questions.entries(c, "small-2026"))

    def states(self):
        return {(each.account, each.post): each.state for each in self.entries()}

    def rewrite(self, name, text):
        (self.file.parent / name).write_text(text, "utf-8")


@pytest.fixture
def stage(coalition, tmp_path, shelf):
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        made = Stage(coalition(), ledger, shelf)
        yield made
        made.publisher.close()


def test_each_member_s_post_goes_out_once_at_its_own_hour(stage):
    stage.take()
    stage.play()
    assert set(stage.states().values()) == {State.PUBLISHED}
    hours = {
        each.account: f"{each.published_at:%H:%M}"
        for each in stage.entries()
        if each.post == "launch"
    }
    assert hours == {"archive": "08:00", "germany.page": "08:00", "cyprus.page": "08:30"}


def test_the_posts_of_a_kit_are_handed_and_nothing_is_published(stage):
    stage.rewrite("members/cyprus.yaml", CYPRUS.replace("id: cyprus,", "id: cyprus, kit: yes,"))
    stage.take()
    stage.play()
    kit = {post: state for (account, post), state in stage.states().items() if "cyprus" in account}
    assert set(kit.values()) == {State.HANDED}
    assert not (stage.file.parent / "cyprus").exists()


def test_an_organisation_whose_file_breaks_is_held_and_never_cancelled(stage):
    stage.take()
    stage.rewrite("members/cyprus.yaml", "member")
    synced = stage.take()
    assert synced.cancelled == 0
    stage.play(until=stage.clock.now() + timedelta(hours=2))
    assert stage.states()["germany.page", "launch"] is State.PUBLISHED
    (launch,) = [
        each for each in stage.entries() if (each.account, each.post) == ("cyprus.page", "launch")
    ]
    assert launch.state is State.HELD
    assert "its file has an error" in launch.reason
    stage.rewrite("members/cyprus.yaml", CYPRUS)
    stage.take()
    stage.play()
    assert stage.states()["cyprus.page", "launch"] is State.PUBLISHED, "mended within its grace"


def test_an_organisation_whose_file_stays_broken_is_missed_and_said_so(stage):
    stage.take()
    stage.rewrite("members/cyprus.yaml", "member")
    stage.take()
    stage.play()
    missed = [each for each in stage.entries() if each.account == "cyprus.page"]
    assert {each.state for each in missed} == {State.MISSED}
    assert all("its file has an error" in each.reason for each in missed)


def test_an_organisation_that_leaves_the_coalition_is_cancelled(stage):
    stage.take()
    (stage.file.parent / "members/cyprus.yaml").unlink()
    assert stage.take().cancelled == 2
    assert stage.states()["cyprus.page", "launch"] is State.CANCELLED


def test_a_post_is_held_back_for_one_account_and_not_for_the_others(stage):
    stage.take({("launch", "cyprus.page"): "a word is wrong"})
    stage.play()
    states = stage.states()
    assert states["cyprus.page", "launch"] is State.MISSED
    assert states["germany.page", "launch"] is State.PUBLISHED


def test_a_draft_waits_at_the_gate_of_a_live_account(stage):
    live = "page: {platform: mastodon, server: 'https://mastodon.example', token: {env: T}}"
    stage.rewrite(
        "members/cyprus.yaml",
        CYPRUS.replace("page: {platform: folder, directory: cyprus}", live),
    )
    stage.take()
    stage.play()
    missed = [each for each in stage.entries() if each.account == "cyprus.page"]
    assert {each.state for each in missed} == {State.MISSED}
    assert all("a draft, which nobody has reviewed" in each.reason for each in missed)


def test_the_posts_of_a_kit_for_a_real_platform_are_handed_too(stage):
    live = "page: {platform: mastodon, server: 'https://mastodon.example'}"
    text = CYPRUS.replace("page: {platform: folder, directory: cyprus}", live)
    stage.rewrite("members/cyprus.yaml", text.replace("id: cyprus,", "id: cyprus, kit: yes,"))
    for language in ("de", "el"):
        file = stage.file.parent / f"languages/{language}.yaml"
        stage.rewrite(f"languages/{language}.yaml", reviewed(file.read_text("utf-8")))
    stage.take()
    stage.play()
    kit = {state for (account, _), state in stage.states().items() if "cyprus" in account}
    assert kit == {State.HANDED}


def reviewed(text):
    review = "{state: reviewed, by: Maria, on: 2026-11-20, of:"
    text = text.replace("translation: {of:", f"translation: {review}")
    return text.replace(
        "    translation:\n      of:",
        "    translation:\n      state: reviewed\n      by: Maria\n      on: 2026-11-20\n      of:",
    )
