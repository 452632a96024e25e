"""Everything that needs a person reaches them, by mail and over HTTP, from real servers."""

from __future__ import annotations

import json

import pytest
from scene import ALERTS, FIRST, HOUR, SECOND

from scheduler.alerting import Message, Room
from scheduler.alerting.sending import send
from scheduler.ledger import Origin
from scheduler.model import AlertKind, Scope, SignedIn, State

DAY = 24 * HOUR


def unconfirmed(scene):
    scene.write()
    scene.clock.instant = FIRST + HOUR
    scene.unconfirmed()
    scene.publish(account="archive")


def missed(scene):
    scene.write()
    scene.clock.instant = FIRST + 4 * HOUR
    scene.move(State.MISSED)
    scene.publish(account="archive")


def rejected(scene):
    scene.write()
    scene.clock.instant = FIRST + HOUR
    scene.move(State.CLAIMED, State.REJECTED)
    scene.publish(account="archive")


def account_held(scene):
    scene.write()
    scene.hold()


def token(scene):
    scene.write()
    scene.sign_in(signed_in(scene.clock.instant + 40 * HOUR))


def signed_in(expires):
    return SignedIn(
        account="network",
        platform="mastodon",
        name="@network@mastodon.example",
        url="https://mastodon.example/@network",
        looked_at=FIRST - 10 * DAY,
        expires=expires,
    )


APPROVALS = ('  time: "09:00"\n', '  time: "09:00"\n  approvals: 1\n')


def unapproved(scene):
    scene.write(APPROVALS)
    scene.clock.instant = FIRST - 30 * HOUR


LINE = """\
helplines:
  line:
    number: "116 016"
    country: DE
    audience: survivors
    hours: day and night
    verified: third-party
    address: https://example.org/
posts:
  launch:
    helpline: line
"""


def helpline(scene):
    scene.write(("posts:\n  launch:\n", LINE))
    scene.clock.instant = FIRST - 30 * HOUR


CONSENT = ("    checked: publisher\n", "    consent: hers\n    checked: publisher\n")
CONSENTS = ("posts:\n", 'consents:\n  hers: {scope: This, until: "2026-11-28"}\nposts:\n')


def consent(scene):
    scene.write(CONSENT, CONSENTS)
    scene.clock.instant = SECOND - 30 * HOUR
    scene.publish(post="launch")
    scene.publish(post="launch", account="archive")


def calendar(scene):
    scene.write(("    text: Today we begin.", f"    text: {'Today we begin. ' * 60}"))


def disk(scene):
    scene.write()
    scene.room = Room(folder="/srv/campaign", free=300 * 2**20)


def nothing_published(scene):
    scene.write()
    scene.clock.instant = FIRST + HOUR


#: What is in the subject, and in the text.
WORLDS = {
    AlertKind.UNCONFIRMED: (
        unconfirmed,
        "Public or not? launch on network",
        ("campaign resolve small-2026/launch/network/1", "it can still go out until 12:00"),
    ),
    AlertKind.MISSED: (
        missed,
        "Missed: launch on network",
        ("campaign history small-2026/launch/network/1", "due Wed 25 Nov, 09:00"),
    ),
    AlertKind.REJECTED: (
        rejected,
        "Refused: launch on network",
        ("campaign history small-2026/launch/network/1",),
    ),
    AlertKind.ACCOUNT_HELD: (
        account_held,
        "Locked out: network",
        ("campaign login network", "campaign release network", "network: 2 posts planned"),
    ),
    AlertKind.TOKEN: (
        token,
        "Sign in again: network, within two days",
        ("network: dies on Sun 22 Nov, 01:00; 2 posts planned for later", "campaign login network"),
    ),
    AlertKind.UNAPPROVED: (
        unapproved,
        "Not approved, due Wed 25 Nov, 09:00: launch on 2 accounts",
        ("campaign approve launch", "campaign.yaml:", "small-2026/launch/network/1"),
    ),
    AlertKind.HELPLINE: (
        helpline,
        "1 with an unverified helpline",
        ("DUE SOON WITH A HELPLINE THAT NOBODY VERIFIED", "campaign.yaml:", "helpline line"),
    ),
    AlertKind.CONSENT: (
        consent,
        "Consent runs out, due Thu 26 Nov, 09:00: listen on 2 accounts",
        ("campaign.yaml:", "consent hers ends on 2026-11-28"),
    ),
    AlertKind.CALENDAR: (
        calendar,
        "The calendar has an error: campaign.yaml:",
        ("too-long", "campaign check"),
    ),
    AlertKind.DISK: (disk, "Disk nearly full: 300 MB left", ("300 MB", "/srv/campaign")),
    AlertKind.NOTHING_PUBLISHED: (
        nothing_published,
        "Nothing published today",
        ("2 deliveries were due on Wed 25 Nov by now", "campaign status"),
    ),
}

#: Of the calendar, of a platform's answer, and of an address: nothing of it may ever be told.
NEVER = ("Today we begin", "We begin today", "Listening comes first", "secret words", "hunter2")


@pytest.mark.parametrize("kind", WORLDS)
def test_each_matter_is_told_by_mail_and_over_http_once(scene, kind):
    world, subject, parts = WORLDS[kind]
    world(scene)
    ((told, text),) = scene.look()
    assert subject in told
    assert [part for part in parts if part not in text] == []
    assert scene.hook.said == [(told, text.strip())]
    assert [words for words in NEVER if words in told + text] == []
    assert scene.look(scene.clock.instant + HOUR / 2) == [], "it is told once"
    assert len(scene.hook.said) == 1


@pytest.mark.parametrize("kind", WORLDS)
def test_a_calendar_that_wants_to_hear_of_other_kinds_only_is_not_told_of_it(scene, kind):
    others = [str(each) for each in AlertKind if each not in (kind, AlertKind.CALENDAR)]
    world, *_ = WORLDS[kind]
    write = scene.write
    scene.write = lambda *more: write(*more, text=f"{ALERTS}  kinds: [{', '.join(others)}]\n")
    world(scene)
    assert kind in {matter.kind for matter in scene.matters()}
    assert scene.look() == []


def test_the_worlds_of_these_tests_are_all_kinds_but_the_two_of_languages():
    assert set(AlertKind) - set(WORLDS) == {AlertKind.UNTRANSLATED, AlertKind.STALE}


# ── languages ─────────────────────────────────────────────────────────────────────────────────────


def public(name, token):
    """A member's page that the public looks at: there nothing goes out that nobody reviewed."""
    there = f"platform: mastodon, server: https://mastodon.example, token: {{env: {token}}}"
    return (f"platform: folder, directory: {name}", there)


PUBLIC = {name: (public(name, name[0].upper()),) for name in ("germany", "cyprus")}


def look_before(scene, coalition, *changes, **files):
    """30 hours before the first post, for whom it is due first."""
    scene.write(*changes, coalition=coalition, **PUBLIC | files)
    return scene.look(FIRST - 30 * HOUR)


def test_words_that_nobody_reviewed_are_told_with_the_file_that_they_stand_in(scene, coalition):
    ((subject, text),) = look_before(scene, coalition)
    assert "not translated" in subject.lower()
    assert "languages/el.yaml:" in text
    assert "el: nobody has reviewed it" in text
    assert "Σήμερα" not in subject + text


def test_a_translation_whose_source_has_changed_is_told(scene, coalition):
    changed = ("    text: Today we begin.", "    text: Today we all begin.")
    ((subject, text),) = look_before(scene, coalition, changed)
    assert subject == "Translation outdated, due Wed 25 Nov, 09:00: launch on 2 accounts"
    assert "languages/de.yaml:6  de" in text
    assert "languages/el.yaml:6  el" in text


def test_words_that_are_not_there_are_told(scene, coalition):
    gone = ("    text: Heute beginnen wir.\n", "")
    ((_, text),) = look_before(scene, coalition, de=(gone,))
    assert "de: words are missing" in text


# ── once, again, and together ─────────────────────────────────────────────────────────────────────


def test_what_comes_back_is_told_again(scene):
    scene.write()
    scene.room = Room(folder="/srv", free=300 * 2**20)
    assert len(scene.look()) == 1
    scene.room = Room(folder="/srv", free=2**40)
    assert scene.look() == []
    scene.room = Room(folder="/srv", free=300 * 2**20)
    assert len(scene.look()) == 1
    ended = [each.ended_at is not None for each in scene.told() if each.recipient == "team"]
    assert ended == [True, False]


def test_a_disk_that_goes_up_and_down_a_little_is_told_once(scene):
    scene.write()
    told = []
    for free in (499, 501, 498, 600, 490, 749):
        scene.room = Room(folder="/srv", free=free * 2**20)
        told += scene.look()
    assert len(told) == 1


def test_a_disk_that_goes_on_filling_is_told_at_its_next_threshold(scene):
    scene.write()
    told = []
    for free in (400, 300, 99, 50, 400):
        scene.room = Room(folder="/srv", free=free * 2**20)
        told += [subject for subject, _ in scene.look()]
    assert told == ["Disk nearly full: 400 MB left", "Disk nearly full: 99 MB left"]


def test_what_is_not_approved_is_told_48_and_24_hours_before_and_no_more(scene):
    scene.write(APPROVALS)
    before = [72, 49, 47, 36, 25, 23, 2, 0, -2]
    told = {hours: scene.look(FIRST - hours * HOUR) for hours in before}
    launch = [hours for hours, mails in told.items() if any("launch" in m[1] for m in mails)]
    # At noon of the day before, the second post comes in, and the first has nothing new.
    assert launch == [47, 23]


def test_a_yes_in_time_ends_it(scene):
    scene.write(APPROVALS)
    assert scene.look(FIRST - 47 * HOUR)
    for key in scene.facts.digests:
        scene.approve(key)
    assert scene.matters() == ()
    assert scene.look(FIRST - 23 * HOUR) == []


def test_a_yes_to_other_words_is_none(scene):
    scene.write(APPROVALS)
    for key in scene.facts.digests:
        scene.approve(key, draft={"text": "other words"})
    assert scene.look(FIRST - 47 * HOUR)


def test_a_token_is_told_in_14_7_2_and_1_days_and_when_it_is_dead(scene):
    scene.write()
    expires = FIRST
    scene.sign_in(signed_in(expires))
    left = [20, 15, 13.9, 8, 6.9, 3, 1.9, 1.1, 0.9, 0.5, 0, -0.1]
    told = [(days, m[0]) for days in left for m in scene.look(expires - days * DAY)]
    tokens = [(days, subject) for days, subject in told if "Sign in again" in subject]
    assert tokens == [
        (13.9, "Sign in again: network, in two weeks"),
        (6.9, "Sign in again: network, within a week"),
        (1.9, "Sign in again: network, within two days"),
        (0.9, "Sign in again: network, within a day"),
        (0, "Sign in again: network, its token is dead"),
    ]


def test_a_token_that_was_renewed_is_no_matter_any_more(scene):
    scene.write()
    scene.sign_in(signed_in(scene.clock.instant + DAY))
    assert scene.look()
    scene.sign_in(signed_in(scene.clock.instant + 60 * DAY))
    assert scene.matters() == ()


def test_a_token_that_its_platform_renews_no_more_asks_for_a_person_at_once(scene):
    scene.write()
    scene.sign_in(signed_in(scene.clock.instant + 60 * DAY))
    assert not scene.matters()
    scene.sign_out("network")
    ((subject, body),) = scene.look()
    assert subject == "Sign in again: network, its token is dead"
    assert "renews the token no more" in body
    assert "campaign login network" in body


def test_the_token_of_an_account_that_says_nothing_more_concerns_nobody(scene):
    scene.write()
    scene.sign_in(signed_in(SECOND + DAY))
    scene.clock.instant = SECOND + 2 * HOUR
    assert AlertKind.TOKEN in {matter.kind for matter in scene.matters()}
    scene.clock.instant = SECOND + 4 * HOUR
    assert AlertKind.TOKEN not in {matter.kind for matter in scene.matters()}


def test_thirty_matters_of_one_look_are_one_message(scene):
    post = """\
  post-{number}:
    day: 1
    graphic: {{headline: Number {number}}}
    text: This is number {number}.
    alt: "On the card: Number {number}."
"""
    many = "".join(post.format(number=number) for number in range(15))
    scene.write(("posts:\n", f"posts:\n{many}"))
    scene.clock.instant = FIRST + 4 * HOUR
    for number in range(15):
        for account in ("network", "archive"):
            scene.move(State.MISSED, post=f"post-{number}", account=account)
    scene.hold()
    ((subject, text),) = scene.look()
    assert subject == "17 things need you: nothing published today, 1 locked out, 15 missed"
    assert text.count("campaign history small-2026/") == 30


def test_what_a_person_holds_is_no_news_to_people(scene):
    scene.write()
    scene.hold(origin=Origin.PERSON)
    assert scene.look() == []


def test_a_day_that_somebody_silenced_is_silent_on_purpose(scene):
    scene.write()
    scene.hold("", origin=Origin.FILE, scope=Scope.EVERYTHING)
    assert scene.look(FIRST + HOUR) == []


def test_a_day_whose_first_post_is_on_its_way_is_not_silent(scene):
    scene.write()
    scene.clock.instant = FIRST + HOUR
    scene.move(State.CLAIMED)
    assert scene.look() == []


def test_a_day_of_which_something_is_public_is_not_silent(scene):
    scene.write()
    scene.clock.instant = FIRST
    scene.publish(account="archive")
    assert scene.look(FIRST + 2 * HOUR) == []


def test_what_is_public_longer_than_was_agreed_to_is_told_with_its_address(scene):
    scene.write(CONSENT, CONSENTS)
    scene.clock.instant = SECOND
    scene.publish(post="listen", url="https://mastodon.example/2")
    scene.move(State.CANCELLED, post="listen", account="archive")
    told = []
    # The consent holds until the end of the 28th; the post went out on the 26th.
    for hours in (0, 16, 37, 40, 62, 64, 100):
        told += [mail for mail in scene.look(SECOND + hours * HOUR) if "onsent" in mail[0]]
    assert [subject for subject, _ in told] == [
        "Consent runs out: listen is public on network",
        "Consent runs out: listen is public on network",
        "Consent runs out: listen is public on network",
    ]
    for _, text in told:
        assert "small-2026/listen/network/1  https://mastodon.example/2" in text
        assert "campaign withdraw hers" in text
    assert ["ended on" in text for _, text in told] == [False, False, True]


def test_what_is_longer_than_a_service_takes_comes_in_parts_and_nothing_is_cut(scene):
    lines = [f"small-2026/post-{number}/network/1" for number in range(600)]
    address = f"mmost://{scene.hook.host}/a-token-of-mattermost"
    send(address, Message(subject="Missed", body="\n".join(lines)))
    parts = [json.loads(body)["text"] for _, _, body in scene.hook.asked]
    assert len(parts) > 1
    said = "".join("".join(parts).split())
    assert [line for line in lines if line not in said] == []


# ── a calendar that is broken ─────────────────────────────────────────────────────────────────────


def test_a_calendar_that_is_not_taken_up_is_told_by_its_line_and_ends_nothing_else(scene):
    scene.write(APPROVALS)
    ((first, _),) = scene.look(FIRST - 30 * HOUR)
    assert "Not approved" in first
    scene.write(APPROVALS, ("  zone: Europe/Berlin", "  zone: Europe/Atlantis"))
    ((subject, text),) = scene.look()
    assert subject == "The calendar is not taken up: campaign.yaml:5"
    assert "the one before goes on" in text
    scene.write(APPROVALS)
    assert scene.look() == [], "what was not approved before is told no second time"


def test_a_member_whose_file_is_broken_for_an_hour_is_not_told_anew(scene, coalition):
    assert look_before(scene, coalition)
    broken = (*PUBLIC["cyprus"], ("zone: Asia/Nicosia", "zone: Atlantis"))
    scene.write(coalition=coalition, **PUBLIC | {"cyprus": broken})
    ((subject, _),) = scene.look()
    assert subject == "The calendar has an error: members/cyprus.yaml:2"
    scene.write(coalition=coalition, **PUBLIC)
    assert scene.look() == []


# ── other services ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    ["ntfy://{host}/hunter2-topic", "matrix://me:hunter2@{host}/!room:127.0.0.1"],
)
def test_services_of_other_kinds_get_it_too(scene, address):
    scene.write()
    scene.environment["HOOK"] = address.format(host=scene.hook.host)
    scene.room = Room(folder="/srv", free=300 * 2**20)
    scene.look()
    bodies = [body.decode() for method, _, body in scene.hook.asked if method in ("POST", "PUT")]
    assert any("300 MB are left where /srv lies" in json.dumps(body) for body in bodies)
    assert scene.reached()["on-call"].failing_since is None
