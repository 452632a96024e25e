"""Events for a calendar program: one for each post of each organisation, and no word too early."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from scheduler.model import Delivery, Key
from scheduler.sheets.events import events

DUE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def delivery(post="launch", account="page", part=1, due=DUE) -> Delivery:
    return Delivery(
        key=Key(f"small/{post}/{account}/{part}"),
        campaign="small",
        post=post,
        account=account,
        platform="folder",
        part=part,
        day=1,
        due=due,
        grace=timedelta(hours=3),
    )


def read(*deliveries, embargoes=None, now=DUE - timedelta(days=2)):
    data = events(
        "Small",
        deliveries,
        texts=lambda each: f"Text of {each.post}, part {each.part}",
        embargoes=embargoes or {},
        now=now,
    )
    return data, [part for part in Calendar.from_ical(data).subcomponents if part.name == "VEVENT"]


def test_accounts_of_an_organisation_share_an_event():
    _, (own, italian) = read(
        delivery(), delivery(account="other"), delivery(account="italy.page"), delivery(part=2)
    )
    assert own["SUMMARY"] == "Day 1 · launch · page, other"
    assert own["DESCRIPTION"] == "Text of launch, part 1\n\nText of launch, part 2"
    assert own["DTSTART"].dt == DUE
    assert italian["SUMMARY"] == "Day 1 · launch · italy.page"


def test_an_event_keeps_its_name_whenever_it_is_due():
    _, (first,) = read(delivery())
    _, (moved,) = read(delivery(due=DUE + timedelta(hours=1)), now=DUE)
    _, (other,) = read(delivery(account="italy.page"))
    assert first["UID"] == moved["UID"] != other["UID"]


@pytest.mark.parametrize(("late", "hidden"), [(-1, True), (0, False), (1, False)])
def test_not_a_word_of_an_embargoed_post_is_in_the_file(late, hidden):
    until = DUE - timedelta(hours=1)
    data, (event,) = read(
        delivery("secret-verdict"),
        embargoes={("", "secret-verdict"): until},
        now=until + timedelta(seconds=late),
    )
    assert (event["SUMMARY"] == "embargoed") is hidden
    assert (b"secret" not in data.replace(b"\r\n ", b"")) is hidden
    assert ("DESCRIPTION" not in event) is hidden


def test_the_embargo_of_one_organisation_is_not_that_of_another():
    _, found = read(
        delivery(account="italy.page"), delivery(), embargoes={("italy", "launch"): DUE}
    )
    assert sorted(str(event["SUMMARY"]) for event in found) == [
        "Day 1 · launch · page",
        "embargoed",
    ]


def test_the_same_deliveries_give_the_same_file():
    assert read(delivery(), delivery("b"))[0] == read(delivery("b"), delivery())[0]
