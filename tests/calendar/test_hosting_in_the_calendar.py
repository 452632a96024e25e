"""What a calendar may say about where pictures lie, for the campaign and for each member."""

from __future__ import annotations

import pytest

from scheduler.calendar import read_calendar
from scheduler.model import Bucket, Secret, ServedDirectory

BUCKET = """\
hosting:
  bucket: cards
  endpoint: https://s3.example.org/
  access_key: {env: CARDS_ID}
  secret_key: {keyring: cards}
"""
DIRECTORY = """\
hosting: {directory: /var/www/cards, address: "https://example.org/cards/"}
"""


def with_hosting(text):
    return ("accounts:\n", f"{text}accounts:\n")


def problems(calendar, text):
    return read_calendar(calendar(with_hosting(text))).problems


def test_a_bucket_is_read_with_its_keys_never_their_values(calendar):
    campaign = read_calendar(calendar(with_hosting(BUCKET))).unwrap().own
    assert campaign.hosting == Bucket(
        name="cards",
        endpoint="https://s3.example.org",
        secrets={
            "access_key": Secret(kind="env", name="CARDS_ID"),
            "secret_key": Secret(kind="keyring", name="cards"),
        },
    )
    assert campaign.accounts["archive"].hosting == campaign.hosting


def test_a_folder_is_read_with_the_address_that_serves_it(calendar):
    assert read_calendar(calendar(with_hosting(DIRECTORY))).unwrap().own.hosting == ServedDirectory(
        directory="/var/www/cards", address="https://example.org/cards"
    )


def test_without_it_there_is_none(calendar):
    assert read_calendar(calendar()).unwrap().own.hosting is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hosting: {address: 'https://example.org'}\n", "write one of the two"),
        (BUCKET + "  directory: cards\n", "write one of the two"),
        (BUCKET.replace("  secret_key: {keyring: cards}\n", ""), "access_key and secret_key"),
        ("hosting: {directory: cards}\n", "a directory needs address"),
        ("hosting: {directory: c, address: 'https://e.org', region: eu}\n", 'has no "region"'),
        (BUCKET + "  pubic: https://e.org\n", 'no key "pubic"'),
        (BUCKET + "  address: http://example.org\n", "must begin with https://"),
        (BUCKET + "  address: example.org\n", "must begin with https://"),
        (BUCKET + "  address: https://me:hush@example.org\n", "no user, query or fragment"),
        (BUCKET + '  address: "https://[::1"\n', "no address"),
        (BUCKET + "  path_style: perhaps\n", "neither yes nor no"),
    ],
)
def test_what_cannot_be_is_said(calendar, text, told):
    (problem,) = problems(calendar, text)
    assert told in f"{problem.message} {problem.hint}"
    assert problem.line in range(14, 24)
    assert "hush" not in str(problem)


@pytest.mark.parametrize("key", ["access_key", "secret_key"])
def test_a_literal_key_is_refused_at_its_place_and_never_echoed(calendar, key):
    text = BUCKET.replace("{env: CARDS_ID}", "hunter2").replace("{keyring: cards}", "hunter2")
    found = problems(calendar, text)
    assert [problem.code for problem in found] == ["literal-token", "literal-token"]
    assert any(f'"{key}"' in problem.message for problem in found)
    assert not any("hunter2" in str(problem) for problem in found)


def test_a_server_on_this_machine_needs_no_certificate(calendar):
    text = BUCKET.replace("https://s3.example.org/", "http://127.0.0.1:9000")
    assert read_calendar(calendar(with_hosting(text))).unwrap().own.hosting.endpoint == (
        "http://127.0.0.1:9000"
    )


def test_a_members_own_takes_the_place_of_the_whole(coalition):
    file = coalition(with_hosting(BUCKET), germany=(("accounts:\n", f"{DIRECTORY}accounts:\n"),))
    whole = read_calendar(file).unwrap()
    assert whole.campaigns["germany"].hosting == ServedDirectory(
        directory="/var/www/cards", address="https://example.org/cards"
    )
    others = [said for id_, said in whole.campaigns.items() if id_ != "germany"]
    assert len(others) > 1
    assert {said.hosting.name for said in others} == {"cards"}


def test_a_language_says_nothing_of_it(coalition):
    file = coalition(de=(("language: de\n", f"language: de\n{DIRECTORY}"),))
    assert "hosting" in " ".join(map(str, read_calendar(file).problems))
