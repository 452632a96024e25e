"""What people say to have posted by hand, and what the ledger makes of it: all, or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.calendar import read_calendar
from scheduler.ledger import Ledger, Outrun, confirming, moves, questions
from scheduler.ledger.syncing import sync
from scheduler.model import Confirmation, Place, Receipt, State
from scheduler.planning import plan
from scheduler.publishing.confirming import Weight, confirm, weigh
from small_coalition import CYPRUS

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
LINK = "https://www.instagram.com/p/abc/"
BY_HAND = CYPRUS.replace("id: cyprus,", "id: cyprus, kit: yes,").replace(
    "  page: {platform: folder, directory: cyprus}",
    '  insta: {platform: instagram, user_id: "18"}\n  seite: {platform: facebook, page: "17"}',
)
KEY = "small-2026/launch/cyprus.insta/1"


@pytest.fixture
def whole(coalition):
    return read_calendar(coalition(cyprus=BY_HAND)).unwrap()


@pytest.fixture
def ledger(where, whole):
    with Ledger(where) as opened:
        first = whole.own.first_day
        opened.write(
            lambda c: sync(c, "small-2026", first, plan(whole), now=NOW - timedelta(9), who="w")
        )
        yield opened


def says(post="launch", account="cyprus.insta", link=LINK, **more):
    place = Place(file="back.csv", line=2)
    given = {"part": 1, "on": date(2026, 11, 25), "member": "", "place": place}
    return Confirmation(
        post=post,
        account=account,
        link=link,
        account_place=place,
        link_place=Place(file="back.csv", line=2, column=3),
        **(given | more),
    )


def entry(ledger, key=KEY):
    return ledger.read(lambda c: questions.known(c, key))


def moved(ledger, *states, key=KEY):
    for state in states:
        old = entry(ledger, key)
        ledger.write(lambda c, old=old, state=state: moves.move(c, old, state, now=NOW, who="w"))


def confirmed(ledger, whole, *said):
    weighed, problems = weigh(ledger, whole, said, now=NOW)
    assert problems == ()
    return confirm(ledger, weighed, now=NOW, who="Ana")


def told(ledger, whole, *said):
    _, problems = weigh(ledger, whole, said, now=NOW)
    return [(each.code, each.message) for each in problems]


@pytest.mark.parametrize(
    "steps",
    [(), (State.HANDED,), (State.HELD,), (State.MISSED,), (State.CLAIMED, State.REJECTED)],
    ids=lambda steps: "-".join(steps) or "planned",
)
def test_what_was_posted_by_hand_is_published_with_its_link_and_its_day(ledger, whole, steps):
    moved(ledger, *steps)
    confirmed(ledger, whole, says())
    known = entry(ledger)
    assert (known.state, known.receipt) == (State.PUBLISHED, Receipt(id="abc", url=LINK))
    assert known.published_at == datetime(2026, 11, 25, 10, tzinfo=UTC)  # noon in Nicosia
    assert known.look_at is None
    assert known.reason == "posted by hand"
    assert ledger.read(lambda c: confirming.by_hand(c, "small-2026")) == {KEY}


def test_who_said_so_stands_in_the_audit_trail(ledger, whole):
    confirmed(ledger, whole, says())
    (line,) = ledger.read(lambda c: questions.decisions(c, "small-2026"))
    assert (line.who, line.act, line.subject, line.detail) == ("Ana", "confirm", KEY, LINK)


def test_saying_it_again_changes_nothing(ledger, whole):
    confirmed(ledger, whole, says(), says())
    before = entry(ledger)
    assert confirmed(ledger, whole, says()) == ()
    assert entry(ledger) == before
    assert len(ledger.read(lambda c: questions.decisions(c, "small-2026"))) == 1


def test_another_link_is_for_a_person_to_decide_and_then_takes_the_place_of_the_first(
    ledger, whole
):
    confirmed(ledger, whole, says())
    other = says(link=f"{LINK}2", on=date(2026, 11, 26))
    ((weighed,), problems) = weigh(ledger, whole, [other], now=NOW)
    assert (weighed.weight, problems) == (Weight.OTHER, ())
    assert entry(ledger).receipt.url == LINK
    confirm(ledger, [weighed], now=NOW, who="Ben")
    assert entry(ledger).receipt.url == f"{LINK}2"
    assert entry(ledger).published_at == datetime(2026, 11, 26, 10, tzinfo=UTC)
    *_, line = ledger.read(lambda c: questions.decisions(c, "small-2026"))
    assert (line.who, line.detail) == ("Ben", f"{LINK}2 instead of {LINK}")
    steps = ledger.read(lambda c: questions.steps(c, KEY))
    assert [step.act for step in steps] == ["published"]


def test_two_who_correct_the_same_link_at_once_do_not_overwrite_each_other(ledger, whole):
    confirmed(ledger, whole, says())
    ((one,), _), ((two,), _) = (
        weigh(ledger, whole, [says(link=f"{LINK}{n}")], now=NOW) for n in (1, 2)
    )
    confirm(ledger, [one], now=NOW, who="Ana")
    with pytest.raises(Outrun):
        confirm(ledger, [two], now=NOW, who="Ben")
    assert entry(ledger).receipt.url == f"{LINK}1"


@pytest.mark.parametrize(
    "account", ["cyprus.insta", "insta", "Insta", "instagram", "Instagram", "CYPRUS.insta"]
)
def test_an_account_may_be_called_as_people_call_it(ledger, whole, account):
    confirmed(ledger, whole, says(account=account))
    assert entry(ledger).state is State.PUBLISHED


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ({"post": "lanch"}, "unknown-post", 'no post "lanch"'),
        ({"account": "cyprus.x"}, "unknown-account", 'not planned for "cyprus.x"'),
        ({"account": "folder"}, "unknown-account", "is several accounts"),
        ({"member": "germany"}, "unknown-account", "not planned for"),
        ({"part": 2}, "unknown-account", "part 2"),
    ],
)
def test_what_means_no_delivery_or_several_is_refused(ledger, whole, said, code, words):
    ((found, message),) = told(ledger, whole, says(**said))
    assert found == code
    assert words in message


def test_what_the_program_has_published_is_never_overwritten(ledger, whole):
    moved(ledger, State.CLAIMED, State.STAGED, State.ARMED)
    armed = entry(ledger)
    ledger.write(lambda c: moves.publish(c, armed, Receipt(id="1", url="u"), now=NOW, who="w"))
    ((code, message),) = told(ledger, whole, says())
    assert (code, "published by the program" in message) == ("published-already", True)
    assert weigh(ledger, whole, [says(link="u")], now=NOW)[0][0].weight is Weight.SAME


@pytest.mark.parametrize(
    "steps",
    [
        (State.CLAIMED,),
        (State.CLAIMED, State.STAGED, State.ARMED),
        (State.CLAIMED, State.STAGED, State.ARMED, State.UNCONFIRMED),
        (State.CANCELLED,),
    ],
    ids=lambda steps: steps[-1],
)
def test_what_is_under_way_in_doubt_or_gone_is_not_confirmed(ledger, whole, steps):
    moved(ledger, *steps)
    ((code, message),) = told(ledger, whole, says())
    assert code == "not-by-hand"
    assert str(steps[-1]) in message


def test_one_link_for_two_posts_and_two_links_for_one_are_mistakes(ledger, whole):
    same = told(ledger, whole, says(), says(post="listen"))
    assert [code for code, _ in same] == ["same-link"]
    other = told(ledger, whole, says(), says(link=f"{LINK}2"))
    assert [code for code, _ in other] == ["two-links"]
    confirmed(ledger, whole, says())
    later = told(ledger, whole, says(account="cyprus.seite"))
    assert [code for code, _ in later] == ["same-link"]


def test_when_one_has_moved_meanwhile_nothing_of_all_is_written(ledger, whole):
    second = "small-2026/launch/cyprus.seite/1"
    said = [says(), says(account="cyprus.seite", link="https://facebook.com/1")]
    weighed, _ = weigh(ledger, whole, said, now=NOW)
    moved(ledger, State.HELD, key=second)
    with pytest.raises(Outrun):
        confirm(ledger, weighed, now=NOW, who="Ana")
    assert [entry(ledger, key).state for key in (KEY, second)] == [State.PLANNED, State.HELD]
    assert ledger.read(lambda c: questions.decisions(c, "small-2026")) == ()


def test_a_confirmed_post_is_left_alone_by_an_edit_of_the_calendar(ledger, whole):
    confirmed(ledger, whole, says())
    before = entry(ledger)
    first = whole.own.first_day
    ledger.write(lambda c: sync(c, "small-2026", first, plan(whole), now=NOW, who="w"))
    assert entry(ledger) == before
