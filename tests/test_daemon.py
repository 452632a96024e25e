"""The daemon looks, takes up edits, and always comes to an end."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.daemon import Daemon, Stalled
from scheduler.ledger import FirstDayMoved

PATIENCE = 20


class Publishing:
    """Stands where the publisher stands, and can be made to take its time over a look."""

    #: Nothing was taken up that holds could be laid on.
    coalition = None

    def __init__(self):
        self.taken = []
        self.looked = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.go_on.set()
        self.closed = False

    def take(self, campaign, held):
        self.taken.append(campaign)
        return type("Synced", (), {"added": 0, "moved": 0, "cancelled": 0})

    def tick(self):
        self.looked.release()
        self.go_on.wait(PATIENCE)

    def close(self):
        self.closed = True


@pytest.fixture
def running(tmp_path):
    """Starts a daemon over a calendar file, in a thread of its own."""
    threads = []

    def start(publishing, read, every=0.05, **more):
        file = tmp_path / "campaign.yaml"
        file.write_text("first", "utf-8")
        daemon = Daemon(file, read=lambda: read(file), publisher=publishing, every=every, **more)
        thread = threading.Thread(target=daemon.run, daemon=True)
        thread.start()
        threads.append((daemon, thread))
        return file, daemon, thread

    yield start
    for daemon, thread in threads:
        daemon.stop()
        thread.join(PATIENCE)


def test_it_ends_even_when_it_is_told_so_in_the_middle_of_a_look(running):
    publishing = Publishing()
    publishing.go_on.clear()
    _, daemon, thread = running(publishing, lambda file: ("campaign", {}))
    assert publishing.looked.acquire(timeout=PATIENCE)
    daemon.stop()
    # The look goes on only when the shutdown has begun to wait for it.
    threading.Timer(0.3, publishing.go_on.set).start()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert publishing.closed


def test_it_looks_again_and_again_and_at_once_when_it_is_woken(running):
    publishing = Publishing()
    _, daemon, _ = running(publishing, lambda file: ("campaign", {}), every=3600)
    assert publishing.looked.acquire(timeout=PATIENCE)
    daemon.wake()
    assert publishing.looked.acquire(timeout=PATIENCE)


def test_an_edit_is_taken_up_once_and_an_error_leaves_the_last_good_calendar(running):
    publishing = Publishing()

    def read(file):
        text = file.read_text("utf-8")
        return None if text == "broken" else (text, {})

    file, _, _ = running(publishing, read)

    def look_twice():
        for _ in range(3):
            assert publishing.looked.acquire(timeout=PATIENCE)

    look_twice()
    assert publishing.taken == ["first"]
    put(file, "broken")
    look_twice()
    look_twice()
    put(file, "the second")
    look_twice()
    look_twice()
    assert publishing.taken == ["first", "the second"]


def look(publishing):
    """Until a look has begun and ended; the first to end may have begun before."""
    while publishing.looked.acquire(blocking=False):
        pass
    for _ in range(2):
        assert publishing.looked.acquire(timeout=PATIENCE)


def put(file, text):
    """All of it at once: no look sees half of it."""
    aside = file.with_suffix(".aside")
    aside.write_text(text, "utf-8")
    aside.replace(file)


def read_text(file):
    return file.read_text("utf-8"), {}


def test_a_member_s_link_to_nowhere_keeps_no_edit_from_being_taken_up(running, tmp_path, caplog):
    (tmp_path / "members").mkdir()
    (tmp_path / "members" / "gone.yaml").symlink_to(tmp_path / "away.yaml")
    publishing = Publishing()
    file, _, _ = running(publishing, read_text)
    look(publishing)
    assert publishing.taken == ["first"], "what cannot be seen is no edit each time"
    put(file, "the second")
    look(publishing)
    assert publishing.taken == ["first", "the second"]
    put(tmp_path / "away.yaml", "it is back")
    look(publishing)
    assert publishing.taken == ["first", "the second", "the second"]
    (tmp_path / "away.yaml").unlink()
    look(publishing)
    assert publishing.taken == ["first"] + ["the second"] * 3
    assert "cannot be seen" not in caplog.text


def test_a_file_that_may_be_read_again_is_taken_up(running, tmp_path):
    """Whoever mends that touches neither the time nor the size of what is written."""
    member = tmp_path / "members" / "closed.yaml"
    member.parent.mkdir()
    member.touch(mode=0)
    publishing = Publishing()
    running(publishing, read_text)
    look(publishing)
    assert publishing.taken == ["first"]
    member.chmod(0o644)
    look(publishing)
    assert publishing.taken == ["first", "first"]


def test_nothing_is_read_while_the_calendar_itself_cannot_be_seen(running, caplog):
    publishing = Publishing()
    file, _, _ = running(publishing, read_text)
    look(publishing)
    file.rename(file.with_suffix(".away"))
    look(publishing)
    assert publishing.taken == ["first"]
    assert "the calendar cannot be seen" in caplog.text
    assert "this look failed" not in caplog.text, "what is due goes out all the same"
    put(file, "the second")
    look(publishing)
    assert publishing.taken == ["first", "the second"]


def test_whoever_watches_is_told_after_each_look_whether_it_went_well(running):
    class Failing(Publishing):
        fails = False

        def tick(self):
            super().tick()
            if self.fails:
                raise OSError(28, "No space left on device")

    publishing, told = Failing(), []
    file, _, _ = running(publishing, read_text, on_look=told.append)
    look(publishing)
    assert set(told) == {True}
    publishing.fails = True
    look(publishing)
    look(publishing)
    assert told[-1] is False
    publishing.fails = False
    look(publishing)
    look(publishing)
    assert told[-1] is True
    file.unlink()
    look(publishing)
    look(publishing)
    assert told[-1] is False, "a calendar that is gone is not well"


def test_it_gives_up_when_a_look_never_ends(tmp_path):
    publishing = Publishing()
    publishing.go_on.clear()
    file = tmp_path / "campaign.yaml"
    file.touch()
    daemon = Daemon(
        file, read=lambda: ("campaign", {}), publisher=publishing, every=0.05, patience=0.5
    )
    with pytest.raises(Stalled):
        daemon.run()
    publishing.go_on.set()


def test_what_the_ledger_could_not_take_is_tried_again(running):
    class Full(Publishing):
        """A disk that is full for the first three looks."""

        def take(self, campaign, held):
            self.taken.append(campaign)
            if len(self.taken) < 4:
                raise OSError(28, "No space left on device")
            return super().take("at last", held)

    publishing = Full()
    running(publishing, lambda file: ("campaign", {}))
    for _ in range(3):
        assert publishing.looked.acquire(timeout=PATIENCE)
    assert publishing.taken == ["campaign"] * 4 + ["at last"]


def test_a_day_one_that_moved_under_public_posts_is_not_taken_up(running, caplog):
    class Moved(Publishing):
        def take(self, campaign, held):
            self.taken.append(campaign)
            raise FirstDayMoved(date(2026, 11, 25), date(2026, 11, 26))

    publishing = Moved()
    running(publishing, lambda file: ("campaign", {}))
    for _ in range(3):
        assert publishing.looked.acquire(timeout=PATIENCE)
    assert publishing.taken == ["campaign"]
    assert "the first day was 2026-11-25" in caplog.text


def test_it_looks_on_when_the_schedulers_own_alarm_never_rings(running):
    """As when the wall clock was set back: what APScheduler waits for lies an hour ahead."""
    publishing = Publishing()
    _, daemon, _ = running(publishing, lambda file: ("campaign", {}))
    assert publishing.looked.acquire(timeout=PATIENCE)
    daemon._scheduler.modify_job("look", next_run_time=datetime.now(UTC) + timedelta(hours=1))
    for _ in range(3):
        assert publishing.looked.acquire(timeout=PATIENCE)
