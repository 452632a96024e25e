"""Whoever signs in brings the calendar's place for pictures, and reads its keys only at need."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from scheduler.calendar import read_calendar
from scheduler.errors import AccountRefused
from scheduler.model import Draft, DraftPicture, Size
from scheduler.publishing import signed_in

SLACK = ("platform: folder, directory: published", "platform: slack, webhook: {env: NOBODY}")
BUCKET = """\
hosting:
  bucket: cards
  endpoint: http://127.0.0.1:1
  path_style: yes
  address: http://127.0.0.1:1/cards
  access_key: {env: CARDS_ID}
  secret_key: {env: CARDS_KEY}
accounts:
"""


@pytest.fixture
def draft(tmp_path):
    file = tmp_path / "a.jpg"
    file.write_bytes(b"\xff\xd8\xff")
    picture = DraftPicture(
        file=file,
        media_type="image/jpeg",
        size=Size(width=1, height=1),
        bytes=3,
        digest=sha256(b"\xff\xd8\xff").hexdigest(),
        alt="A card",
    )
    return Draft(text="Words.", pictures=(picture,), language="en")


def staged(file, draft, **environment):
    account = read_calendar(file).unwrap().own.accounts["archive"]
    platform = signed_in(account, root=file.parent, environment=environment)
    return platform.stage(draft, due=None)


def test_without_a_place_pictures_lie_nowhere(calendar, draft):
    with pytest.raises(AccountRefused, match="no place for public pictures"):
        staged(calendar(SLACK), draft)


def test_a_key_that_is_not_there_is_the_buckets(calendar, draft):
    file = calendar(SLACK, ("accounts:\n", BUCKET))
    with pytest.raises(AccountRefused, match='bucket "cards": no secret_key in env CARDS_KEY'):
        staged(file, draft, CARDS_ID="a")


def test_a_relative_folder_lies_beside_the_calendar(calendar, draft, tmp_path):
    hosting = "hosting: {directory: cards, address: 'http://127.0.0.1:1'}\naccounts:\n"
    (tmp_path / "cards").mkdir()
    with pytest.raises(Exception, match="the web server does not answer"):
        staged(calendar(SLACK, ("accounts:\n", hosting)), draft)
    assert [file.name for file in (tmp_path / "cards").iterdir()] == [
        f"{draft.pictures[0].digest}.jpg"
    ]


def test_words_alone_need_no_place(calendar, draft):
    assert staged(calendar(SLACK), replace(draft, pictures=())).request["text"] == "Words."
