"""`campaign run` tells people, and `campaign alerts` shows of what, over real servers."""

from __future__ import annotations

import json
import sys

import pytest
from program import CHECKOUT, answer, calendar_of_today, public, run

sys.path.append(str(CHECKOUT / "tests" / "alerting"))
from receiving import Hook, PostOffice

ALERTS = """\
alerts:
  to:
    team: {env: MAIL}
    on-call: {file: hook.txt}
  ping: {env: PING}
accounts:
"""
#: An account that nobody has made live: what is meant for it is held, and missed in the end.
LOST = """\
  lost: {platform: mastodon, server: https://mastodon.example, token: {env: T}}
posts:
"""


@pytest.fixture
def office():
    with PostOffice() as office:
        yield office


@pytest.fixture
def hook():
    with Hook() as hook:
        yield hook


@pytest.fixture
def environment(tmp_path, office, hook, monkeypatch):
    """Secrets as a person keeps them: two in the environment, one in a file."""
    monkeypatch.setenv("MAIL", office.address)
    monkeypatch.setenv("PING", f"http://{hook.host}/hunter2-ping")
    (tmp_path / "hook.txt").write_text(hook.address + "\n", "utf-8")


@pytest.fixture
def told(tmp_path, environment):
    """A calendar of which one post is due now; whoever is told is on this machine."""

    def write(posts=1, **more):
        return calendar_of_today(tmp_path, posts, **{"accounts:\n": ALERTS} | more)

    return write


def test_the_daemon_tells_of_an_error_and_goes_on_publishing(tmp_path, told, office, hook, daemon):
    file = told()
    running = daemon()
    running.until(lambda: len(public(tmp_path)) == 1, "published")
    running.until(lambda: hook.pings, "pinged")
    file.write_text(file.read_text("utf-8").replace("zone: UTC", "zone: Atlantis"), "utf-8")
    running.until(lambda: office.mails and hook.said, "told")
    ((subject, text),) = office.letters
    assert subject == "The calendar is not taken up: campaign.yaml:5"
    assert "This is number" not in text
    assert running.stop() == 0
    assert "hunter2" not in running.said()


def test_a_service_that_never_answers_delays_no_post(tmp_path, told, office, hook, daemon):
    hook.open.clear()
    told(posts=6)
    running = daemon()
    running.until(lambda: len(public(tmp_path)) == 6, "published")
    assert hook.asked == [] or hook.pings, "nobody has been answered"
    hook.open.set()
    assert running.stop() == 0


def test_once_tells_as_well(tmp_path, told, office, hook):
    told(**{"posts:\n": LOST})
    done = run("run", "--once", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert len(hook.pings) == 1
    assert "hunter2" not in done.stderr + done.stdout


def test_a_test_says_who_got_it(tmp_path, told, office, hook):
    told()
    done = run("alerts", "--test", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "team: sent" in done.stderr
    assert "on-call: sent" in done.stderr
    ((subject, text),) = office.letters
    assert subject == "Test: alerts of Everything is due today reach you"
    assert "as team" in text
    assert [title for title, _ in hook.said] == [subject]
    assert hook.pings == [], "only the daemon may say that the daemon looks"


def test_a_test_says_who_did_not_get_it_and_why(tmp_path, told, office, hook):
    told()
    (tmp_path / "hook.txt").unlink()
    office.refuses = True
    done = run("alerts", "--test", cwd=tmp_path)
    assert done.returncode == 1
    assert 'on-call: not reached: recipient "on-call": no address in file hook.txt' in done.stderr
    assert "team: not reached: the service could not be reached" in done.stderr
    assert "hunter2" not in done.stderr + done.stdout


def test_alerts_shows_what_is_open_and_who_was_told(tmp_path, told, office, hook):
    file = told(**{"posts:\n": LOST})
    run("run", "--once", cwd=tmp_path)
    text = file.read_text("utf-8").replace("text: This", f"text: {'This ' * 300}")
    file.write_text(text, "utf-8")
    assert run("alerts", cwd=tmp_path).stdout.count("not told") == 1
    run("run", "--once", cwd=tmp_path)
    shown = answer("alerts", cwd=tmp_path)
    assert [(each["kind"], each["told"]) for each in shown["open"]] == [
        ("calendar", ["on-call", "team"])
    ]
    assert {each["name"] for each in shown["recipients"]} == {"team", "on-call", "ping:"}
    assert "This is number" not in json.dumps(shown)


def test_status_says_who_cannot_be_reached(tmp_path, told, office, hook):
    file = told(**{"posts:\n": LOST})
    office.refuses = True
    text = file.read_text("utf-8").replace("text: This", f"text: {'This ' * 300}")
    file.write_text(text, "utf-8")
    run("run", "--once", cwd=tmp_path)
    shown = run("status", cwd=tmp_path).stderr
    assert "Alerts: team was not reached since" in shown
    assert "on-call" not in shown
    (team,) = [e for e in answer("status", cwd=tmp_path)["alerts"] if e["name"] == "team"]
    assert team["tries"] == 1
    assert "hunter2" not in json.dumps(team)


def test_without_alerts_the_verb_says_how_to_add_them(tmp_path):
    calendar_of_today(tmp_path, 1)
    done = run("alerts", cwd=tmp_path)
    assert done.returncode == 0
    assert "Nobody is told: the calendar has no alerts" in done.stderr
    assert run("alerts", "--test", cwd=tmp_path).returncode == 1
