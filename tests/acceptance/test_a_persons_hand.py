"""A person's hand: approve, hold, release, resolve, withdraw and live, as they are typed."""

from __future__ import annotations

import os
import re

from program import answer, calendar_of_today, public, run, states

from scheduler.ledger import Ledger, deciding

APPROVED = {"  grace: 48h": "  grace: 48h\n  approvals: 2"}
LATER = {"first_day: 202": "first_day: 209"}
MASTODON = "{platform: mastodon, server: https://127.0.0.1:9, token: {env: NOBODY}}"
LIVE = {"{platform: folder, directory: published}": MASTODON}


def decided(*arguments, cwd, code=0, **more):
    done = run(*arguments, cwd=cwd, **more)
    assert done.returncode == code, done.stderr
    return done.stderr


def once(folder):
    run("run", "--once", cwd=folder)
    return states(folder)


def test_nothing_goes_out_before_two_different_people_have_approved_it(tmp_path):
    calendar_of_today(tmp_path, 2, **APPROVED)
    assert set(once(tmp_path).values()) == {"held"}
    decided("approve", "post-0", "--as", "Ana", "--yes", cwd=tmp_path)
    said = decided("approve", "post-0", "--as", "ana", "--yes", cwd=tmp_path)
    assert "had your yes already" in said
    assert set(once(tmp_path).values()) == {"held"}
    decided("approve", "post-0", "--as", "Ben", "--yes", cwd=tmp_path)
    assert once(tmp_path) == {"post-0": "published", "post-1": "held"}
    assert public(tmp_path) == ["This is number 0."]


def test_an_edit_after_the_yes_needs_another_one(tmp_path):
    file = calendar_of_today(tmp_path, 1, **APPROVED)
    for name in ("Ana", "Ben"):
        decided("approve", "--all", "--as", name, "--yes", cwd=tmp_path)
    (row,) = answer("approve", cwd=tmp_path)["deliveries"]
    assert row["approved_by"] == ["Ana", "Ben"]
    file.write_text(file.read_text("utf-8").replace("This is", "That is"), "utf-8")
    (row,) = answer("approve", cwd=tmp_path)["deliveries"]
    assert (row["approved_by"], row["edited"]) == ([], True)
    assert once(tmp_path) == {"post-0": "held"}


def said_of(folder):
    """What the list of the preview says of approvals, by post."""
    decided("preview", "--out", "pages", cwd=folder)
    page = (folder / "pages" / "posts.html").read_text("utf-8")
    rows = re.findall(r'data-approval="(\w+)" data-text="(post-\d)', page)
    return {post: said for said, post in rows}


def test_the_preview_says_what_was_approved_and_what_was_changed_since(tmp_path):
    file = calendar_of_today(tmp_path, 3, **APPROVED)
    once(tmp_path)
    for post, names in (("post-0", ("Ana", "Ben")), ("post-1", ("Ana",)), ("post-2", ("Ben",))):
        for name in names:
            decided("approve", post, "--as", name, "--yes", cwd=tmp_path)
    assert said_of(tmp_path) == {"post-0": "approved", "post-1": "partly", "post-2": "partly"}
    text = file.read_text("utf-8")
    file.write_text(text.replace("This is number 2", "That is number 2"), "utf-8")
    assert said_of(tmp_path) == {"post-0": "approved", "post-1": "partly", "post-2": "changed"}
    decided("approve", "post-0", "--take-back", "--as", "Ana", "--yes", cwd=tmp_path)
    assert said_of(tmp_path)["post-0"] == "open"
    day = (tmp_path / "pages" / "day-01.html").read_text("utf-8")
    assert "Changed since <bdi>Ben</bdi> approved it on " in day


def test_a_preview_of_what_nobody_was_asked_to_approve_says_nothing_of_approvals(tmp_path):
    calendar_of_today(tmp_path, 1)
    once(tmp_path)
    assert said_of(tmp_path) == {}
    assert "pproved" not in (tmp_path / "pages" / "posts.html").read_text("utf-8")


def test_where_nobody_can_be_asked_a_decision_needs_its_yes(tmp_path):
    calendar_of_today(tmp_path, 1)
    said = decided("hold", "--everything", "--reason", "we must think", cwd=tmp_path, code=1)
    assert "--yes" in said
    assert "Nothing was changed" in said
    assert once(tmp_path) == {"post-0": "published"}


def test_what_is_held_stays_until_it_is_released_and_the_passed_are_decided(tmp_path):
    calendar_of_today(tmp_path, 1)
    decided(
        "hold", "--post", "post-0", "--reason", "the family", "--as", "Ana", "--yes", cwd=tmp_path
    )
    assert once(tmp_path) == {"post-0": "held"}
    (row,) = answer("holds", cwd=tmp_path)["holds"]
    assert (row["scope"], row["value"], row["by"]) == ("post", "post-0", "Ana")
    said = decided("release", str(row["number"]), "--yes", cwd=tmp_path, code=1)
    assert "--passed skip" in said
    decided("release", str(row["number"]), "--yes", "--passed", "skip", cwd=tmp_path)
    assert once(tmp_path) == {"post-0": "missed"}
    acts = [line["act"] for line in answer("history", cwd=tmp_path)["lines"]]
    assert acts == ["hold", "release"]


def test_a_hold_of_nothing_that_exists_is_answered_and_holds_nothing(tmp_path):
    calendar_of_today(tmp_path, 1)
    said = decided("hold", "--post", "pst-0", "--reason", "x", "--yes", cwd=tmp_path, code=1)
    assert 'did you mean "post-0"?' in said
    assert once(tmp_path) == {"post-0": "published"}


def test_everything_can_be_held_while_the_calendar_is_broken(tmp_path, daemon):
    file = calendar_of_today(tmp_path, 1, **LATER)
    running = daemon()
    running.until(lambda: "taken up" in running.said(), "started")
    good = file.read_text("utf-8")
    file.write_text(good.replace("posts:\n", "posts\n"), "utf-8")
    said = decided("hold", "--everything", "--reason", "wait", "--yes", cwd=tmp_path)
    assert "everything: held from now on" in said
    calendar_of_today(tmp_path, 1)
    running.until(lambda: states(tmp_path) == {"post-0": "held"}, "held")
    assert (running.stop(), public(tmp_path)) == (0, [])


def test_the_daemon_follows_holds_yaml_though_the_calendar_beside_it_is_broken(tmp_path, daemon):
    file = calendar_of_today(tmp_path, 1, **LATER)
    running = daemon()
    running.until(lambda: "taken up" in running.said(), "started")
    file.write_text(file.read_text("utf-8").replace("day: 1", "day: 99"), "utf-8")
    running.until(lambda: "last good calendar" in running.said(), "refused")
    (tmp_path / "holds.yaml").write_text("holds:\n  - {everything: yes, reason: wait}\n", "utf-8")
    running.until(lambda: _numbers(tmp_path) == 1, "held")
    (tmp_path / "holds.yaml").write_text("holds:\n", "utf-8")
    running.until(lambda: _numbers(tmp_path) == 0, "released")
    assert running.stop() == 0


def _numbers(folder):
    with Ledger(folder / ".campaign" / "ledger.sqlite3") as ledger:
        return len(ledger.read(lambda c: deciding.holding(c, "today")))


def test_what_somebody_posted_by_hand_is_written_down_and_never_sent(tmp_path):
    calendar_of_today(tmp_path, 1, **LIVE)
    assert once(tmp_path) == {"post-0": "held"}
    url = "https://mastodon.example/@network/17"
    key = "today/post-0/archive/1"
    decided("resolve", key, "--published", url, "--yes", "--as", "Ana", cwd=tmp_path)
    (row,) = answer("status", cwd=tmp_path)["deliveries"]
    assert (row["state"], row["url"]) == ("published", url)
    said = decided("resolve", key, "--not-published", "--yes", cwd=tmp_path, code=1)
    assert "only what is unconfirmed" in said


def test_what_is_withdrawn_leaves_the_public_and_the_ledger_says_who_did_it(tmp_path):
    calendar_of_today(tmp_path, 2)
    once(tmp_path)
    key = "today/post-1/archive/1"
    decided(
        "withdraw", key, "--reason", "the number is wrong", "--as", "Ana", "--yes", cwd=tmp_path
    )
    assert public(tmp_path) == ["This is number 0."]
    assert states(tmp_path) == {"post-0": "published", "post-1": "withdrawn"}
    last = answer("history", key, cwd=tmp_path)["lines"][-1]
    assert (last["who"], last["act"], last["detail"]) == ("Ana", "withdrawn", "the number is wrong")
    assert once(tmp_path) == {"post-0": "published", "post-1": "withdrawn"}


def test_an_account_that_the_public_never_sees_needs_no_going_live(tmp_path):
    calendar_of_today(tmp_path, 1)
    said = decided("live", "archive", cwd=tmp_path, code=1, env=_outside_ci(tmp_path))
    assert "no public account" in said


def test_an_account_whose_server_does_not_answer_does_not_go_live(tmp_path):
    calendar_of_today(tmp_path, 1, **LIVE)
    environment = _outside_ci(tmp_path) | {"NOBODY": "token"}
    said = decided("live", "archive", "--confirm", "archive", cwd=tmp_path, code=1, env=environment)
    assert "no connection" in said
    assert "Nothing was changed" in said


def test_a_ledger_in_a_file_does_not_go_live_on_a_machine_that_is_thrown_away(tmp_path):
    calendar_of_today(tmp_path, 1, **LIVE)
    environment = _outside_ci(tmp_path) | {"CI": "true"}
    said = decided("live", "archive", cwd=tmp_path, code=1, env=environment)
    assert "thrown away" in said


def _outside_ci(folder):
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    return environment | {"XDG_STATE_HOME": str(folder / "state")}


# ── several at once ───────────────────────────────────────────────────────────────────────────────


def test_a_daemon_and_a_run_from_cron_publish_each_post_once(tmp_path, daemon):
    calendar_of_today(tmp_path, 20)
    running = daemon()
    for _ in range(3):
        run("run", "--once", cwd=tmp_path)
    running.until(lambda: len(public(tmp_path)) == 20, "published")
    assert running.stop() == 0
    assert public(tmp_path) == sorted(f"This is number {number}." for number in range(20))
    assert set(states(tmp_path).values()) == {"published"}
