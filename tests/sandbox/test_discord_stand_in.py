"""The stand-in answers as a webhook of Discord does, and keeps the rules of the vendor's pages."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
import requests

from clocks import Clock
from scheduler.sandbox import Call, Sandbox
from scheduler.sandbox.faults import Purpose

PNG = b"\x89PNG\r\n\x1a\n and pixels"
QUIET = {"parse": []}


@dataclass(frozen=True, slots=True)
class Caller:
    """A client that knows nothing but HTTP and the webhook's address."""

    address: str

    def post(self, content="Words.", *, wait="true", **more):
        said = {"content": content, "allowed_mentions": QUIET, **more}
        return requests.post(self.address, params={"wait": wait}, json=said, timeout=5)

    def show(self, *attachments, files=None, content="Words."):
        said = {"content": content, "allowed_mentions": QUIET, "attachments": list(attachments)}
        named = {f"files[{number}]": ("a.png", PNG) for number in range(len(attachments))}
        return requests.post(
            self.address,
            params={"wait": "true"},
            data={"payload_json": json.dumps(said)},
            files=named if files is None else files,
            timeout=5,
        )

    def delete(self, id_):
        return requests.delete(f"{self.address}/messages/{id_}", timeout=5)


def attachment(number=0, **more):
    return {"id": number, "filename": "a.png", "description": "A card", **more}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(clock):
    with Sandbox(now=clock.now) as sandbox:
        yield sandbox


def caller(sandbox, account):
    address = sandbox.start("discord", account=account)
    _, _, path = address.secrets["webhook"].partition("/api/")
    return Caller(f"{address.server}/api/v10/{path}")


@pytest.fixture
def eu(sandbox):
    return caller(sandbox, "eu")


def refused(response, status, code):
    assert response.status_code == status
    assert response.json()["code"] == code
    return response.json()


def test_a_webhook_says_where_it_posts(eu):
    said = requests.get(eu.address, timeout=5).json()
    assert said["type"] == 1
    assert said["channel_id"] != said["guild_id"]


def test_nobodys_webhook_and_a_wrong_token_are_told_apart(eu):
    refused(requests.get(f"{eu.address}x", timeout=5), 401, 50027)
    hook = eu.address.split("/")[-2]
    refused(requests.get(eu.address.replace(hook, "17"), timeout=5), 404, 10015)


def test_a_message_is_answered_only_to_who_waits(sandbox, eu):
    assert eu.post("One.").json()["content"] == "One."
    silent = eu.post("Two.", wait="false")
    assert (silent.status_code, silent.content) == (204, b"")
    assert [post.text for post in sandbox.public("eu")] == ["One.", "Two."]


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_message_is_refused(eu, content):
    refused(eu.post(content), 400, 50006)


def test_a_message_has_at_most_2000_units(eu):
    assert eu.post("🌻" * 1000).status_code == 200
    refused(eu.post("🌻" * 1001), 400, 50035)


@pytest.mark.parametrize(
    "more",
    [
        {"tts": True},
        {"alt": "A card"},
        {"allowed_mentions": {"parse": ["everyone"]}},
        {"attachments": {}},
    ],
    ids=str,
)
def test_what_it_does_not_know_is_refused(eu, more):
    refused(eu.post(**more), 400, 50035)


def test_what_is_no_json_is_refused(eu):
    refused(requests.post(eu.address, data={"content": "Words."}, timeout=5), 400, 50109)
    refused(requests.post(eu.address, data={"payload_json": "["}, timeout=5), 400, 50109)
    refused(requests.post(eu.address, params={"thread": "1"}, json={}, timeout=5), 400, 50035)


def test_attachments_keep_what_they_show_and_may_be_covered(sandbox, eu):
    assert eu.show(attachment(), attachment(1, is_spoiler=True)).status_code == 200
    (post,) = sandbox.public("eu")
    assert (post.alts, post.pictures, post.covered) == (("A card",) * 2, (PNG,) * 2, True)


@pytest.mark.parametrize(
    ("attachments", "files"),
    [
        ([attachment()], {}),
        ([], {"files[0]": ("a.png", PNG)}),
        ([attachment(1)], {"files[0]": ("a.png", PNG)}),
        ([attachment(description="a" * 1025)], None),
        ([attachment(description="")], None),
        ([attachment(alt="A card")], None),
        ([attachment(is_spoiler="yes")], None),
        ([{"id": 0}], None),
        ([attachment(number) for number in range(11)], None),
    ],
    ids=lambda each: str(each)[:40],
)
def test_attachments_that_are_wrong_are_refused_whole(sandbox, eu, attachments, files):
    refused(eu.show(*attachments, files=files), 400, 50035)
    assert sandbox.public("eu") == []


def test_a_file_that_is_too_heavy_is_refused(sandbox, eu):
    heavy = {"files[0]": ("a.png", PNG + b"x" * 10 * 1024 * 1024)}
    refused(eu.show(attachment(), files=heavy), 413, 40005)
    assert sandbox.public("eu") == []


def test_what_is_deleted_is_gone_and_cannot_be_deleted_again(sandbox, eu):
    id_ = eu.post().json()["id"]
    assert eu.delete(id_).status_code == 204
    assert sandbox.public("eu") == []
    refused(eu.delete(id_), 404, 10008)


def test_what_something_else_has_used_up_is_gone_for_a_minute(sandbox, eu):
    sandbox._stand_ins["discord", ""].exhaust("eu")
    assert 0 < refused(eu.post(), 429, 0)["retry_after"] <= 60


def test_each_call_is_its_accounts_and_only_posting_publishes(clock):
    calls: list[Call] = []

    def note(call):
        calls.append(call)

    with Sandbox(now=clock.now, faults=note) as sandbox:
        eu = caller(sandbox, "eu")
        eu.post()
        requests.get(eu.address, timeout=5)
        requests.get(f"{eu.address}x", timeout=5)
    assert [call.purpose for call in calls] == [Purpose.PUBLISH, Purpose.OTHER, Purpose.OTHER]
    assert [call.account for call in calls] == ["eu", "eu", ""]
