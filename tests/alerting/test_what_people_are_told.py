"""Everything that needs a person reaches them, by mail and over HTTP, from real servers."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from scene import FIRST, HOUR, SECOND

from scheduler.alerting import Room
from scheduler.model import AlertKind, SignedIn, State

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
    expires = scene.clock.instant + 40 * HOUR
    scene.signed_in = (signed_in(expires),)
    scene.clock.instant = expires - 40 * HOUR


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
        ("campaign resolve small-2026/launch/network/1", "it can still go out until Wed 25 Nov"),
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
        ("campaign login network", "campaign release network", "network: 2 posts wait for it"),
    ),
    AlertKind.TOKEN: (
        token,
        "Sign in again: network, within two days",
        ("network: dies on Sat 21 Nov, 19:00… 2 posts come later".split("…")),
    ),
    AlertKind.UNAPPROVED: (
        unapproved,
        "Not approved, due Wed 25 Nov, 09:00: launch on 2 accounts",
        ("campaign approve launch", "campaign.yaml:", "small-2026/launch/network/1"),
    ),
    AlertKind.HELPLINE: (
        helpline,
        "Helpline not verified, due Wed 25 Nov, 09:00: launch on 2 accounts",
        ("campaign.yaml:", "helpline line"),
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
        ("2 deliveries were due on 2026-11-25", "campaign status"),
    ),
}
