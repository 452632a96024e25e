"""The stand-in speaks Telegram's Bot API and keeps the rules of the vendor's pages."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests

from clocks import Clock
from scheduler.sandbox import STAND_INS, Call, Sandbox
from scheduler.sandbox.faults import Purpose

PNG = b"\x89PNG\r\n\x1a\n and pixels"
JPEG = b"\xff\xd8\xff and pixels"


def png(width, height):
    """As much of one as says how large it is."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"rest"


@dataclass(frozen=True, slots=True)
class Caller:
    """A client that knows nothing but HTTP and its token."""

    server: str
    token: str
    channel: str

    def __call__(self, method, **request):
        return requests.post(f"{self.server}/bot{self.token}/{method}", timeout=5, **request)

    def say(self, text="Words.", **more):
        return self("sendMessage", json={"chat_id": self.channel, "text": text, **more})

    def show(self, data=PNG, **more):
        return self(
            "sendPhoto", data={"chat_id": self.channel, **more}, files={"photo": ("a.png", data)}
        )

    def album(self, *parts, files=None, **more):
        media = [
            {"type": "photo", "media": f"attach://p{n}", **part} for n, part in enumerate(parts)
        ]
        attached = {f"p{n}": (f"{n}.jpg", JPEG) for n in range(len(parts))}
        said = {"chat_id": self.channel, "media": json.dumps(media), **more}
        return self("sendMediaGroup", data=said, files=attached if files is None else files)

    def delete(self, *ids):
        return self("deleteMessages", json={"chat_id": self.channel, "message_ids": list(ids)})


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(clock):
    with Sandbox(now=clock.now) as sandbox:
        yield sandbox


def caller(sandbox, account):
    address = sandbox.start("telegram", account=account)
    return Caller(address.server, address.secrets["token"], address.options["channel"])


@pytest.fixture
def eu(sandbox):
    return caller(sandbox, "eu")


def refused(response, status, words):
    assert response.status_code == status
    said = response.json()
    assert (said["ok"], said["error_code"]) == (False, status)
    assert words in said["description"]
    return said


def result(response):
    assert response.status_code == 200, response.text
    said = response.json()
    assert said["ok"] is True
    return said["result"]


# ── who asks ──────────────────────────────────────────────────────────────────────────────────────


def test_a_token_that_nobody_has_is_unauthorised(eu):
    stranger = Caller(eu.server, "1:nobody", eu.channel)
    refused(stranger.say(), 401, "Unauthorized")


def test_a_method_that_there_is_not_is_not_found(eu):
    refused(eu("forwardMessage", json={}), 404, "Not Found")


def test_a_bot_is_an_administrator_of_its_own_channel_alone(sandbox, eu):
    other = caller(sandbox, "other")
    me = result(eu("getMe"))
    chat = result(eu("getChat", json={"chat_id": eu.channel}))
    assert (chat["type"], f"@{chat['username']}") == ("channel", eu.channel)
    asked = {"chat_id": eu.channel, "user_id": me["id"]}
    assert result(eu("getChatMember", json=asked))["can_post_messages"] is True
    assert result(eu("getChat", json={"chat_id": chat["id"]})) == chat
    refused(eu("getChat", json={"chat_id": other.channel}), 403, "not a member")
    refused(eu("getChat", json={"chat_id": "@nobody"}), 400, "chat not found")


def test_the_same_account_gets_the_same_bot(sandbox, eu):
    assert caller(sandbox, "eu") == eu
    names = {caller(sandbox, each).channel for each in ("italy.page", "italy-page", "italypage")}
    assert len(names) == 3


def test_a_bot_without_rights_posts_nothing(sandbox, eu):
    stand_in = sandbox._stand_ins["telegram", ""]
    stand_in.disempower("eu")
    refused(eu.say(), 400, "need administrator rights")
    me = result(eu("getMe"))
    asked = {"chat_id": eu.channel, "user_id": me["id"]}
    assert result(eu("getChatMember", json=asked))["status"] == "left"


# ── what it takes ─────────────────────────────────────────────────────────────────────────────────


def test_a_message_is_numbered_and_stands_in_its_channel(sandbox, eu):
    first, second = result(eu.say("One.")), result(eu.say("Two."))
    assert (first["message_id"], second["message_id"]) == (1, 2)
    assert first["chat"]["username"] == eu.channel[1:]
    assert [post.text for post in sandbox.public("eu")] == ["One.", "Two."]
    assert sandbox.public("eu")[0].url == f"{eu.server}/{eu.channel[1:]}/1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "text is empty"),
        (" \n", "text is empty"),
        ("a" * 4097, "too long"),
        ("🌻" * 2049, "long"),
    ],
)
def test_a_text_has_one_to_4096_units(eu, text, words):
    refused(eu.say(text), 400, words)
    result(eu.say("🌻" * 2048))


@pytest.mark.parametrize(
    "more",
    [
        {"parse_mode": "HTML"},
        {"alt": "A card"},
        {"reply_parameters": {"message_id": "1"}},
        {"reply_parameters": 1},
    ],
    ids=str,
)
def test_what_it_does_not_know_is_refused(eu, more):
    refused(eu.say(**more), 400, "parameter")


def test_what_is_needed_is_asked_for(eu):
    refused(eu("sendMessage", json={"chat_id": eu.channel}), 400, '"text" is required')
    refused(eu("sendMessage", json=[1]), 400, "can't parse")
    refused(
        eu("sendMediaGroup", data={"chat_id": eu.channel, "media": "["}), 400, "can't parse media"
    )


def test_an_answer_names_a_message_that_stands(sandbox, eu):
    first = result(eu.say())
    result(eu.say("More.", reply_parameters={"message_id": first["message_id"]}))
    assert [post.reply_to for post in sandbox.public("eu")] == [None, "1"]
    refused(eu.say(reply_parameters={"message_id": 99}), 400, "to be replied not found")


def test_a_photo_may_be_covered_and_has_a_caption_of_1024_units(sandbox, eu):
    shown = result(eu.show(caption="c" * 1024, has_spoiler="true"))
    assert shown["has_media_spoiler"] is True
    refused(eu.show(caption="c" * 1025), 400, "caption is too long")
    (post,) = sandbox.public("eu")
    assert (post.pictures, post.covered, post.alts) == ((PNG,), True, ("",))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "non-empty"),
        (b"<html>", "IMAGE_PROCESS_FAILED"),
        (png(8, 10) + b"x" * 10 * 1024 * 1024, "too big"),
        (png(9_000, 1_001), "PHOTO_INVALID_DIMENSIONS"),
        (png(2_100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (png(100, 2_100), "PHOTO_INVALID_DIMENSIONS"),
    ],
    ids=["empty", "html", "heavy", "large", "wide", "high"],
)
def test_what_is_no_photo_is_refused(sandbox, eu, data, words):
    refused(eu.show(data), 400, words)
    assert sandbox.public("eu") == []


def test_a_photo_needs_its_file(eu):
    refused(eu("sendPhoto", data={"chat_id": eu.channel}), 400, "no photo")


def test_an_album_is_one_post_of_several_messages(sandbox, eu):
    shown = result(eu.album({"caption": "Three."}, {}, {"has_spoiler": True}))
    assert [each["message_id"] for each in shown] == [1, 2, 3]
    assert len({each["media_group_id"] for each in shown}) == 1
    (post,) = sandbox.public("eu")
    assert (post.id, post.text, len(post.pictures)) == ("1,2,3", "Three.", 3)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([{}], "2-10 items"),
        ([{}] * 11, "2-10 items"),
        ([{"caption": "c" * 1025}, {}], "caption is too long"),
        ([{"alt": "A card"}, {}], 'field "alt"'),
        ([{"type": "video"}, {}], 'field "type"'),
        ([{"media": "https://example.org/a.jpg"}, {}], 'field "media"'),
        ([{"has_spoiler": "yes"}, {}], 'field "has_spoiler"'),
    ],
    ids=lambda each: str(each)[:40],
)
def test_an_album_that_is_wrong_is_refused_whole(sandbox, eu, parts, words):
    refused(eu.album(*parts), 400, words)
    assert sandbox.public("eu") == []


def test_every_file_of_an_album_is_named_and_every_name_has_its_file(eu):
    refused(eu.album({}, {}, files={"p0": ("a", JPEG)}), 400, "no media names")
    three = {f"p{number}": ("a", JPEG) for number in range(3)}
    refused(eu.album({}, {}, files=three), 400, "no media names")


def test_what_is_deleted_is_gone_and_what_is_not_there_is_skipped(sandbox, eu):
    result(eu.album({}, {}))
    result(eu.say())
    assert result(eu.delete(1, 2, 99)) is True
    assert [post.id for post in sandbox.public("eu")] == ["3"]
    assert result(eu.delete(1, 2)) is True
    refused(eu.delete(), 400, "message_ids")
    refused(eu.delete(*range(101)), 400, "message_ids")


def test_an_album_counts_each_of_its_messages_towards_the_twenty_of_a_minute(eu, clock):
    for _ in range(2):
        result(eu.album(*[{}] * 10))
    said = refused(eu.say(), 429, "Too Many Requests")
    assert 0 < said["parameters"]["retry_after"] <= 60
    clock.instant += timedelta(seconds=said["parameters"]["retry_after"])
    result(eu.say())


def test_what_something_else_has_used_up_is_gone(sandbox, eu):
    sandbox._stand_ins["telegram", ""].exhaust("eu")
    refused(eu.say(), 429, "Too Many Requests")


# ── faults ────────────────────────────────────────────────────────────────────────────────────────


def test_each_way_of_publishing_is_known_as_such_and_each_call_is_its_accounts(clock):
    calls: list[Call] = []

    def note(call):
        calls.append(call)

    with Sandbox(now=clock.now, faults=note) as sandbox:
        eu = caller(sandbox, "eu")
        eu.say()
        eu.show()
        eu.album({}, {})
        eu("getMe")
    assert [call.purpose for call in calls] == [*[Purpose.PUBLISH] * 3, Purpose.OTHER]
    assert {call.account for call in calls} == {"eu"}
    assert calls[1].endpoint == "POST /bot<token>/sendPhoto"
    assert set(STAND_INS["telegram"].purposes) == {call.endpoint for call in calls[:3]}
