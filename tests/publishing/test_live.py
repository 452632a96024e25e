"""Two ledgers never publish to one account: only the bound one may, where it lay then."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler.cli.elsewhere import Elsewhere
from scheduler.ledger import Binding, Ledger, deciding
from scheduler.model import Account, Draft, Post, State, Translation, Wording
from scheduler.publishing import home, identity_of, reason_not_live
from scheduler.publishing.going_live import prospect

POST = Post(
    id="launch",
    day=1,
    at=time(9),
    slides=(),
    text="Wir beginnen.",
    tags=(),
    accounts=("network",),
    language="de",
)
BOUND = Binding(
    account="network",
    identity="@network",
    home="here",
    since=datetime(2026, 11, 20, tzinfo=UTC),
    who="Ana",
)


def account(platform="mastodon", **options):
    return Account(name="network", platform=platform, options=options)


def not_live(account, post, binding=None, home="here"):
    return reason_not_live(account, post, binding, home=home)


def test_a_new_ledger_publishes_to_folders_and_sandboxes_alone():
    assert not_live(account(platform="folder"), POST) is None
    assert not_live(account(sandbox="true"), POST) is None
    for live in (account(), account(sandbox="false"), account(sandbox="")):
        assert "not live on this ledger" in not_live(live, POST)


@pytest.mark.parametrize(
    ("wording", "said"),
    [(Wording.DRAFT, "draft"), (Wording.STALE, "stale"), (Wording.MISSING, "not")],
)
def test_words_that_nobody_has_reviewed_never_go_to_a_live_account(wording, said):
    translated = replace(POST, translation=Translation(wording=wording))
    assert said in not_live(account(), translated)
    assert not_live(account(sandbox="true"), translated) is None


def test_a_review_by_name_is_no_reason_to_hold_a_post_back():
    reviewed = Translation(wording=Wording.REVIEWED, by="Maria Rossi", on=date(2026, 11, 20))
    assert "not live on this ledger" in not_live(account(), replace(POST, translation=reviewed))


def test_an_account_that_was_bound_to_this_ledger_may_publish():
    assert not_live(account(), POST, BOUND) is None


def test_a_ledger_that_lies_elsewhere_by_now_may_not():
    assert "moved or copied" in not_live(account(), POST, BOUND, home="elsewhere")


def test_a_copy_of_a_ledger_has_another_home_even_at_the_same_place(tmp_path):
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file) as ledger:
        first = home(ledger)
    with Ledger(file) as ledger:
        assert home(ledger) == first
    shutil.copyfile(file, tmp_path / "backup")
    file.rename(tmp_path / "before")
    (tmp_path / "backup").rename(file)
    with Ledger(file) as restored:
        assert home(restored) != first


# ── before it goes live ───────────────────────────────────────────────────────────────────────────


def seen(theatre, ledger):
    platform = theatre.connect(theatre.campaign.accounts["archive"])
    identity = identity_of(platform.whoami())
    return prospect(ledger, theatre.coalition, "archive", platform, identity)


def test_a_person_sees_who_it_is_what_is_planned_and_what_stands_there(theatre):
    known = seen(theatre, theatre.ledger)
    assert known.identity.startswith("@archive@127.0.0.1")
    assert [entry.post for entry in known.planned] == ["launch", "listen"]
    assert (known.standing, known.another_at_work) == ((), "")


def test_a_second_ledger_is_stopped_by_what_the_first_has_published(theatre, tmp_path):
    theatre.look()
    assert seen(theatre, theatre.ledger).another_at_work == ""
    with Ledger(tmp_path / "second.sqlite3") as second:
        known = seen(theatre, second)
    assert [post.receipt.id for post in known.strange] == [theatre.launch.receipt.id]
    assert theatre.launch.receipt.url in known.another_at_work


def test_posts_that_are_none_of_the_campaigns_are_nobodys_business(theatre, tmp_path):
    platform = theatre.connect(theatre.campaign.accounts["archive"])
    chat = Draft(text="Good morning.", pictures=(), language="en")
    platform.publish(platform.stage(chat, due=theatre.clock.now()), key="chat")
    with Ledger(tmp_path / "second.sqlite3") as second:
        known = seen(theatre, second)
    assert ([post.text for post in known.standing], known.strange) == (["Good morning."], ())


def bound(theatre, identity):
    theatre.ledger.write(
        lambda c: deciding.bind(
            c, "small-2026", "archive", identity, home="here", now=theatre.clock.now(), who="Ana"
        )
    )


def test_what_is_bound_goes_out_as_whom_it_was_bound_and_as_nobody_else(theatre):
    bound(theatre, "@somebody@else.example (7) at https://else.example/@somebody")
    theatre.look()
    assert (theatre.launch.state, theatre.public()) == (State.HELD, [])
    assert "its account is live as @somebody@else.example" in theatre.launch.reason
    bound(theatre, seen(theatre, theatre.ledger).identity)
    theatre.look(timedelta(minutes=1))
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED


# ── two ledgers on one machine ────────────────────────────────────────────────────────────────────


def test_one_machine_remembers_which_ledger_publishes_as_whom(tmp_path):
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file) as ledger:
        place = home(ledger)
    elsewhere = Elsewhere({"XDG_STATE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)})
    assert elsewhere.ledger_of("@a") is None
    elsewhere.remember("@a", place)
    elsewhere.remember("@b", "postgresql://db.example/ledger")
    assert (elsewhere.ledger_of("@a"), elsewhere.ledger_of("@c")) == (place, None)
    assert elsewhere.ledger_of("@b") == "postgresql://db.example/ledger"
    elsewhere.forget("@a", "another")
    assert elsewhere.ledger_of("@a") == place
    elsewhere.forget("@a", place)
    assert elsewhere.ledger_of("@a") is None


def test_a_ledger_that_is_gone_publishes_as_nobody(tmp_path):
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file) as ledger:
        place = home(ledger)
    elsewhere = Elsewhere({"XDG_STATE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)})
    elsewhere.remember("@a", place)
    file.unlink()
    assert elsewhere.ledger_of("@a") is None
