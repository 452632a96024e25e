"""The stand-in speaks X's wire protocol and keeps the rules of the vendor's pages."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import requests
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256
from requests_oauthlib import OAuth1

from clocks import START, Clock
from scheduler.sandbox import Call, Sandbox
from scheduler.sandbox.x.text import weight

PNG = b"\x89PNG\r\n\x1a\n and pixels"


@dataclass(frozen=True, slots=True)
class Caller:
    """A client that knows nothing but HTTP and how to sign."""

    server: str
    secrets: dict[str, str]

    def __call__(self, method, path, *, auth=None, **request):
        return requests.request(
            method, self.server + path, auth=auth or self.signed(), timeout=5, **request
        )

    def signed(self, **changes):
        secrets = {
            **self.secrets,
            **{name: changes.pop(name) for name in self.secrets if name in changes},
        }
        return OAuth1(*secrets.values(), **changes)

    def post(self, text="Words.", **more):
        return self("POST", "/2/tweets", json={"text": text, **more})

    def reply(self, text, id_):
        return self.post(text, reply={"in_reply_to_tweet_id": id_})

    def upload(self, data=PNG, category="tweet_image"):
        return self(
            "POST",
            "/2/media/upload",
            files={"media": ("a.png", data, "image/png")},
            data={"media_category": category},
        )

    def describe(self, id_, text="A card"):
        said = {"id": id_, "metadata": {"alt_text": {"text": text}}}
        return self("POST", "/2/media/metadata", json=said)

    def delete(self, id_):
        return self("DELETE", f"/2/tweets/{id_}")

    def timeline(self, **query):
        me = self("GET", "/2/users/me").json()["data"]["id"]
        return self("GET", f"/2/users/{me}/tweets", params=query)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(clock):
    with Sandbox(now=clock.now) as sandbox:
        yield sandbox


def caller(sandbox, account):
    address = sandbox.start("x", account=account)
    return Caller(address.server, dict(address.secrets))


@pytest.fixture
def eu(sandbox):
    return caller(sandbox, "eu")


def id_of(response):
    return response.json()["data"]["id"]


def refused(response, status, words):
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    said = response.json()
    assert said["status"] == status
    assert words in said["detail"]


# ── who asks ──────────────────────────────────────────────────────────────────────────────────────


def test_without_a_signature_nothing_is_answered(eu):
    refused(requests.get(f"{eu.server}/2/users/me", timeout=5), 401, "Unauthorized")
    bearer = {"Authorization": f"Bearer {eu.secrets['access_token']}"}
    refused(requests.get(f"{eu.server}/2/users/me", headers=bearer, timeout=5), 401, "Unauthorized")


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("consumer_key", "another app"),
        ("consumer_secret", "does not fit"),
        ("access_token", "Unauthorized"),
        ("access_token_secret", "does not fit"),
    ],
)
def test_each_of_the_four_secrets_counts(sandbox, eu, secret, words):
    wrong = replace(eu, secrets={**eu.secrets, secret: "wrong"})
    refused(wrong.post(), 401, words)
    assert sandbox.public("eu") == []


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_of_another_time_is_refused(eu, seconds):
    then = eu.signed(timestamp=str(int(time.time()) + seconds))
    refused(eu("GET", "/2/users/me", auth=then), 401, "out of bounds")


def test_a_signature_is_taken_once(eu):
    same = {"nonce": "once", "timestamp": str(int(time.time()))}
    assert eu("GET", "/2/users/me", auth=eu.signed(**same)).status_code == 200
    refused(eu("GET", "/2/users/me", auth=eu.signed(**same)), 401, "nonce")


def test_another_way_of_signing_is_refused(eu):
    other = eu.signed(signature_method=SIGNATURE_HMAC_SHA256)
    refused(eu("GET", "/2/users/me", auth=other), 401, "HMAC-SHA1")


def test_what_was_signed_for_another_request_is_refused(eu):
    prepared = requests.Request("GET", f"{eu.server}/2/users/me", auth=eu.signed()).prepare()
    headers = {"Authorization": prepared.headers["Authorization"]}
    for method, path in (("DELETE", "/2/tweets/1"), ("GET", "/2/users/me?user.fields=id")):
        refused(
            requests.request(method, eu.server + path, headers=headers, timeout=5),
            401,
            "does not fit",
        )


def test_a_query_with_signs_of_every_kind_is_signed_rightly(eu):
    refused(eu.timeline(**{"tweet.fields": "a b+c&d=é~,%/:"}), 400, "is not known")


def test_it_says_who_the_token_belongs_to(sandbox):
    page = caller(sandbox, "italy.page-of-the-campaign")
    assert page("GET", "/2/users/me").json()["data"]["username"] == "italy_page_of_t"


def test_starting_an_account_twice_gives_the_same_place(sandbox):
    assert sandbox.start("x", account="eu") == sandbox.start("x", account="eu")


# ── posts ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("request_", "status", "words"),
    [
        ({"text": "Words.", "colour": "red"}, 400, "$.colour: is not defined"),
        ({"text": "Words.", "language": "en"}, 400, "$.language: is not defined"),
        ({"text": "Words.", "media": {"media_ids": []}}, 400, "media_ids"),
        ({"text": "Words.", "media": {"media_ids": [7]}}, 400, "media_ids"),
        ({"text": "Words.", "media": {"media_ids": ["1"] * 5}}, 400, "media_ids"),
        ({"text": "Words.", "media": {"media_ids": ["1"], "alt": "x"}}, 400, "$.alt"),
        ({"text": "Words.", "media": {}}, 400, "$.media_ids: is missing"),
        ({"text": "Words.", "media": {"media_ids": ["17"]}}, 400, "media IDs are invalid"),
        ({"text": "Words.", "reply": {}}, 400, "in_reply_to_tweet_id: is missing"),
        ({"text": "Words.", "reply": {"in_reply_to_tweet_id": 7}}, 400, "in_reply_to_tweet_id"),
        ({"text": "Words.", "reply": "7"}, 400, "$.reply"),
        ({"text": "Words.", "reply_settings": "everyone"}, 400, "reply_settings"),
        ({"text": 7}, 400, "$.text"),
        ({"text": " "}, 400, "text is empty"),
        ({}, 400, "text is empty"),
        ([], 400, "not a JSON object"),
        ({"text": "a" * 281}, 403, "not permitted to perform this action"),
        ({"text": "$AAPL and $MSFT"}, 403, "1 cashtag"),
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_a_post_that_breaks_a_rule_is_refused_and_not_made(sandbox, eu, request_, status, words):
    refused(eu("POST", "/2/tweets", json=request_), status, words)
    assert sandbox.public("eu") == []


def test_280_characters_are_taken_however_long_the_address_is(eu):
    address = "https://example.org/" + "a" * 400
    assert eu.post("a" * 256 + " " + address).status_code == 201
    refused(eu.post("a" * 257 + " " + address), 403, "not permitted")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("abc", 3), ("한", 2), ("👨‍👩‍👧‍👦", 2), ("👍🏽", 2), ("🇪🇸", 2), ("1️⃣", 2),
        ("e\u0301", 1), ("—", 1), ("…", 2), ("€", 2),
        ("“q”", 3), ("example.com", 23), ("v2.0", 4), ("a@example.com", 13),
        ("https://x.co/a https://y.co/b", 47), ("(https://example.org/a_(b)).", 26),
    ],
)  # fmt: skip
def test_a_text_weighs_what_the_vendors_page_says(text, count):
    assert weight(text) == count


def test_words_that_stand_there_are_a_duplicate_until_they_are_gone(sandbox, eu):
    first = id_of(eu.post("One"))
    again = eu.post("One")
    assert again.json() == {
        "title": "Forbidden",
        "detail": "You are not allowed to create a Tweet with duplicate content.",
        "type": "about:blank",
        "status": 403,
    }
    refused(eu.post(" One\n", media={"media_ids": [id_of(eu.upload())]}), 403, "duplicate content")
    assert caller(sandbox, "es").post("One").status_code == 201
    eu.delete(first)
    assert eu.post("One").status_code == 201


def test_a_reply_needs_a_post_of_ones_own_or_a_mention(sandbox, eu):
    refused(eu.reply("Two", "7"), 403, "deleted or not visible")
    first = id_of(eu.post("One"))
    second = id_of(eu.reply("Two", first))
    assert [post.reply_to for post in sandbox.public("eu")] == [None, first]
    es = caller(sandbox, "es")
    refused(es.reply("Tres", second), 403, "Reply to this conversation is not allowed")
    called = id_of(eu.post("Come, @es"))
    assert es.reply("Tres", called).status_code == 201


def test_a_deleted_post_is_gone_and_only_its_author_may_delete(sandbox, eu):
    id_ = id_of(eu.post())
    refused(caller(sandbox, "es").delete(id_), 403, "not authorized")
    assert eu.delete(id_).json() == {"data": {"deleted": True}}
    assert sandbox.public("eu") == []
    refused(eu.delete(id_), 404, "Could not find tweet")
    refused(eu.reply("Two", id_), 403, "deleted or not visible")


def test_ids_grow_even_when_the_clock_stands_still(eu):
    ids = [int(id_of(eu.post(f"{number}"))) for number in range(3)]
    assert ids == sorted(set(ids))


# ── media ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        ({"category": "tweet_video"}, "must be tweet_image"),
        ({"data": b"not a picture"}, "not supported"),
        ({"data": PNG + b"\0" * 5 * 1024 * 1024}, "exceeds 5 MB"),
    ],
)
def test_a_picture_that_breaks_a_rule_is_refused(eu, upload, words):
    refused(eu.upload(**upload), 400, words)


def test_an_upload_says_both_what_it_is_and_what_it_is_for(eu):
    file = {"media": ("a.png", PNG, "image/png")}
    refused(eu("POST", "/2/media/upload", files=file), 400, "media_category")
    more = {"media_category": "tweet_image", "alt_text": "x"}
    refused(eu("POST", "/2/media/upload", files=file, data=more), 400, "nothing else is taken")


def test_a_picture_is_posted_with_what_was_said_of_it(sandbox, eu):
    uploaded = eu.upload().json()["data"]
    assert uploaded["media_key"] == f"3_{uploaded['id']}"
    assert uploaded["expires_after_secs"] == 86_400
    eu.describe(uploaded["id"], "Á card")
    eu.post("", media={"media_ids": [uploaded["id"]]})
    (post,) = sandbox.public("eu")
    assert (post.alts, post.pictures, post.text) == (("Á card",), (PNG,), "")


@pytest.mark.parametrize("text", ["", "a" * 1001])
def test_an_alt_text_has_between_one_and_a_thousand_characters(eu, text):
    id_ = id_of(eu.upload())
    refused(eu.describe(id_, text), 400, "1 to 1000 characters")
    assert eu.describe(id_, "a" * 1000).status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        {"metadata": {}},
        {"id": "1"},
        {"id": "1", "metadata": {"alt": "x"}},
        {"id": 1, "metadata": {}},
    ],
    ids=json.dumps,
)
def test_a_metadata_request_of_another_shape_is_refused(eu, said):
    refused(eu("POST", "/2/media/metadata", json=said), 400, "$.")


def test_a_picture_is_its_uploaders_and_lives_for_a_day(sandbox, eu, clock):
    id_ = id_of(eu.upload())
    es = caller(sandbox, "es")
    refused(es.post(media={"media_ids": [id_]}), 400, "media IDs are invalid")
    refused(es.describe(id_), 404, "Could not find media")
    clock.instant += timedelta(seconds=86_399)
    assert eu.describe(id_).status_code == 200
    clock.instant += timedelta(seconds=1)
    refused(eu.post(media={"media_ids": [id_]}), 400, "media IDs are invalid")
    refused(eu.describe(id_), 404, "Could not find media")


def test_a_picture_that_is_worked_on_cannot_be_posted_yet(clock):
    with Sandbox(now=clock.now, processing=timedelta(seconds=5)) as sandbox:
        eu = caller(sandbox, "eu")
        uploaded = eu.upload().json()["data"]
        assert uploaded["processing_info"] == {"state": "pending", "check_after_secs": 1}
        refused(eu.post(media={"media_ids": [uploaded["id"]]}), 400, "still being processed")
        clock.instant += timedelta(seconds=5)
        query = {"command": "STATUS", "media_id": uploaded["id"]}
        status = eu("GET", "/2/media/upload", params=query).json()["data"]
        assert status["processing_info"] == {"state": "succeeded"}
        assert eu.post(media={"media_ids": [uploaded["id"]]}).status_code == 201


# ── the timeline ──────────────────────────────────────────────────────────────────────────────────


def test_addresses_hide_behind_tco_and_say_what_they_hide(eu):
    text = "Tom & <b> https://example.org/a?b=1&c=2, example.org"
    eu.post(text, media={"media_ids": [id_of(eu.upload())]})
    (post,) = eu.timeline(**{"tweet.fields": "entities,attachments"}).json()["data"]
    urls = post["entities"]["urls"]
    assert [url["expanded_url"] for url in urls[:2]] == [
        "https://example.org/a?b=1&c=2",
        "http://example.org",
    ]
    assert urls[2]["expanded_url"].endswith("/photo/1")
    assert urls[2]["media_key"] == post["attachments"]["media_keys"][0]
    first, second, third = (url["url"] for url in urls)
    assert post["text"] == f"Tom &amp; &lt;b&gt; {first}, {second} {third}"
    assert all(post["text"][url["start"] : url["end"]] == url["url"] for url in urls)
    assert all(len(url["url"]) == 23 for url in urls)


def test_a_timeline_says_only_what_it_is_asked_for(eu):
    first = id_of(eu.post("One"))
    eu.reply("Two", first)
    plain, _ = eu.timeline().json()["data"]
    assert set(plain) == {"id", "text", "edit_history_tweet_ids"}
    fields = {"tweet.fields": "created_at,conversation_id,referenced_tweets,attachments"}
    reply, _ = eu.timeline(**fields).json()["data"]
    assert reply["created_at"] == "2026-11-25T09:00:00.000Z"
    assert reply["conversation_id"] == first
    assert reply["referenced_tweets"] == [{"type": "replied_to", "id": first}]
    assert "attachments" not in reply


def test_an_empty_timeline_has_no_data(eu):
    assert eu.timeline().json() == {"meta": {"result_count": 0}}


def test_posts_are_listed_newest_first_page_by_page(eu):
    ids = [id_of(eu.post(f"Number {number}")) for number in range(12)]
    page = eu.timeline(max_results=5).json()
    assert [each["id"] for each in page["data"]] == ids[:-6:-1]
    more = eu.timeline(max_results=100, pagination_token=page["meta"]["next_token"]).json()
    assert [each["id"] for each in more["data"]] == ids[-6::-1]
    assert "next_token" not in more["meta"]
    assert [each["id"] for each in eu.timeline(since_id=ids[10]).json()["data"]] == [ids[11]]
    assert [each["id"] for each in eu.timeline(until_id=ids[1]).json()["data"]] == [ids[0]]


def test_a_timeline_begins_and_ends_when_it_is_told_to(eu, clock):
    ids = []
    for number in range(3):
        ids.append(id_of(eu.post(f"{number}")))
        clock.instant += timedelta(hours=1)
    query = {"start_time": "2026-11-25T10:00:00Z", "end_time": "2026-11-25T11:00:00Z"}
    assert [each["id"] for each in eu.timeline(**query).json()["data"]] == [ids[1]]


@pytest.mark.parametrize(
    "query",
    [
        {"max_results": 4},
        {"max_results": 101},
        {"max_results": "many"},
        {"start_time": "2026-11-25T10:00:00.5Z"},
        {"start_time": "2026-11-25 10:00"},
        {"tweet.fields": "colour"},
        {"count": 5},
    ],
    ids=str,
)
def test_a_timeline_that_is_asked_for_wrongly_is_refused(eu, query):
    refused(eu.timeline(**query), 400, "")


def test_others_see_the_posts_and_nobody_sees_those_of_an_unknown_user(sandbox, eu):
    id_ = id_of(eu.post())
    me = eu("GET", "/2/users/me").json()["data"]["id"]
    es = caller(sandbox, "es")
    assert es("GET", f"/2/users/{me}/tweets").json()["data"][0]["id"] == id_
    refused(es("GET", "/2/users/17/tweets"), 404, "Could not find user")


# ── how often ─────────────────────────────────────────────────────────────────────────────────────


def test_the_101st_post_waits_for_the_next_quarter_of_an_hour(sandbox, eu, clock):
    for number in range(100):
        answer = eu.post(f"{number}")
    assert answer.headers["x-rate-limit-limit"] == "100"
    assert answer.headers["x-rate-limit-remaining"] == "0"
    limited = eu.post("One more")
    refused(limited, 429, "Too Many Requests")
    assert limited.headers["x-rate-limit-reset"] == str(
        int((START + timedelta(minutes=15)).timestamp())
    )
    assert limited.headers["Date"] == "Wed, 25 Nov 2026 09:00:00 GMT"
    assert len(sandbox.public("eu")) == 100
    clock.instant = START + timedelta(minutes=15)
    assert eu.post("One more").status_code == 201


def test_the_301st_post_waits_for_the_next_three_hours(eu, clock):
    for number in range(300):
        clock.instant += timedelta(seconds=10)
        assert eu.post(f"{number}").status_code == 201
    limited = eu.post("One more")
    refused(limited, 429, "Too Many Requests")
    assert limited.headers["x-rate-limit-reset"] == str(
        int((START + timedelta(hours=3)).timestamp())
    )
    clock.instant = START + timedelta(hours=3)
    assert eu.post("One more").status_code == 201


def test_whoever_decides_on_faults_is_told_whose_call_it_is(clock):
    calls = []
    with Sandbox(now=clock.now, faults=calls.append) as sandbox:
        eu = caller(sandbox, "eu")
        eu.delete(id_of(eu.post()))
        eu("GET", "/2/elsewhere")
    assert calls == [
        Call(platform="x", account="eu", endpoint=endpoint, number=1)
        for endpoint in ("POST /2/tweets", "DELETE /2/tweets/<id>", "GET /2/elsewhere")
    ]
