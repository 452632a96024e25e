"""The stand-in answers as a webhook of Slack does, in a word, and fetches what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import pytest
import requests

from clocks import Clock
from scheduler.model import DraftPicture, Size
from scheduler.sandbox import Call, Sandbox
from scheduler.sandbox.faults import Purpose

JPEG = b"\xff\xd8\xff and pixels"


@dataclass(frozen=True, slots=True)
class Caller:
    """A client that knows nothing but HTTP and the webhook's address."""

    address: str

    def __call__(self, **said):
        return requests.post(self.address, json=said, timeout=5)

    def blocks(self, *blocks):
        return self(text="Words.", blocks=list(blocks))


def words(*elements, name="a"):
    section = {"type": "rich_text_section", "elements": list(elements)}
    return {"type": "rich_text", "block_id": name, "elements": [section]}


TEXT = {"type": "text", "text": "Words."}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(clock):
    with Sandbox(now=clock.now) as sandbox:
        yield sandbox


def caller(sandbox, account):
    address = sandbox.start("slack", account=account)
    path = address.secrets["webhook"].removeprefix("https://hooks.slack.com")
    return Caller(address.server + path)


@pytest.fixture
def eu(sandbox):
    return caller(sandbox, "eu")


@pytest.fixture
def image(sandbox, tmp_path):
    """A picture that lies at an address, as a block."""
    file = tmp_path / "a.jpg"
    file.write_bytes(JPEG)
    size = Size(width=8, height=10)
    digest = sha256(JPEG).hexdigest()
    picture = DraftPicture(
        file=file, media_type="image/jpeg", size=size, bytes=len(JPEG), digest=digest, alt=""
    )
    address = sandbox.host("eu").address(picture)
    return {"type": "image", "block_id": "b", "image_url": address, "alt_text": "A card"}


def refused(response, status, code):
    assert (response.status_code, response.text) == (status, code)


def test_a_message_is_answered_with_ok_and_nothing_else(sandbox, eu, image):
    said = words(TEXT, {"type": "link", "url": "https://e.org"})
    refused(eu.blocks(said, image), 200, "ok")
    (post,) = sandbox.public("eu")
    assert (post.text, post.alts, post.pictures) == ("Words.https://e.org", ("A card",), (JPEG,))
    assert post.id == "a"


def test_a_text_alone_is_a_message_too(sandbox, eu):
    refused(eu(text="Words."), 200, "ok")
    assert [post.text for post in sandbox.public("eu")] == ["Words."]


@pytest.mark.parametrize("said", [{}, {"text": ""}, {"text": " "}, {"text": 7}], ids=str)
def test_a_message_of_no_words_is_refused(eu, said):
    refused(eu(**said), 400, "no_text")


def test_what_it_does_not_know_is_refused(eu):
    refused(eu(text="Words.", channel="#general"), 400, "invalid_payload")
    refused(requests.post(eu.address, data="text", timeout=5), 400, "invalid_payload")


@pytest.mark.parametrize(
    "block",
    [
        {"type": "video"},
        {"type": "image", "block_id": "b", "image_url": "http://127.0.0.1:1/", "alt_text": "a"},
        {"type": "image", "block_id": "b", "image_url": "ftp://e.org", "alt_text": "a"},
        {"type": "image", "block_id": "b", "image_url": "http://127.0.0.1:1/"},
        {"type": "rich_text", "block_id": "", "elements": []},
        {"type": "rich_text", "elements": []},
        words({"type": "emoji", "name": "wave"}),
        words({**TEXT, "style": {"bold": True}}),
        words({"type": "text", "text": "a" * 3001}),
        words({"type": "rich_text_section", "elements": []}),
        "words",
    ],
    ids=lambda each: str(each)[:60],
)
def test_a_block_that_is_wrong_is_refused(sandbox, eu, block):
    refused(eu.blocks(block), 400, "invalid_blocks")
    assert sandbox.public("eu") == []


@pytest.mark.parametrize("alt", ["", "a" * 2001])
def test_an_alt_text_has_1_to_2000_characters(eu, image, alt):
    refused(eu.blocks({**image, "alt_text": alt}), 400, "invalid_blocks")


def test_two_blocks_of_one_name_and_too_many_blocks_are_refused(eu):
    refused(eu.blocks(words(TEXT), words(TEXT)), 400, "invalid_blocks")
    many = [words(TEXT, name=str(number)) for number in range(51)]
    refused(eu.blocks(*many), 400, "invalid_blocks")


def test_nobodys_webhook_a_wrong_token_and_an_archived_channel_are_told_apart(sandbox, eu):
    nobody = eu.address.replace("/B", "/BX")
    refused(requests.post(nobody, json={}, timeout=5), 404, "no_service")
    refused(requests.post(f"{eu.address}x", json={}, timeout=5), 403, "invalid_token")
    sandbox._stand_ins["slack", ""].archive("eu")
    refused(eu(text="Words."), 410, "channel_is_archived")


def test_what_something_else_has_used_up_is_gone_for_a_minute(sandbox, eu):
    sandbox._stand_ins["slack", ""].exhaust("eu")
    answer = eu(text="Words.")
    refused(answer, 429, "rate_limited")
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_only_a_message_of_words_publishes(clock):
    calls: list[Call] = []

    def note(call):
        calls.append(call)

    with Sandbox(now=clock.now, faults=note) as sandbox:
        eu = caller(sandbox, "eu")
        eu(text="Words.")
        eu(text="")
        requests.get(eu.address, timeout=5)
    assert [call.purpose for call in calls] == [Purpose.PUBLISH, Purpose.OTHER, Purpose.OTHER]
    assert [call.account for call in calls] == ["eu", "eu", "eu"]
