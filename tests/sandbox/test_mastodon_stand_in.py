"""The stand-in speaks Mastodon's wire protocol and keeps the rules of the vendor's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests

from clocks import START, Clock
from scheduler.sandbox import Call, Garble, Instead, LoseAnswer, Refuse, Sandbox, Script, Slow

PNG = b"\x89PNG\r\n\x1a\n and pixels"


@dataclass(slots=True)
class Caller:
    """A client that knows nothing but HTTP."""

    server: str
    token: str

    def __call__(self, method, path, *, key="", **request):
        headers = {"Authorization": f"Bearer {self.token}"} | (
            {"Idempotency-Key": key} if key else {}
        )
        request = {"timeout": 5, **request}
        return requests.request(method, self.server + path, headers=headers, **request)

    def post(self, status="Words.", *, key="", **more):
        return self("POST", "/api/v1/statuses", key=key, json={"status": status, **more})

    def upload(self, data=PNG, media_type="image/png", description="A card"):
        return self(
            "POST",
            "/api/v2/media",
            files={"file": ("a.png", data, media_type)},
            data={"description": description},
        )


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def script():
    return Script()


@pytest.fixture
def sandbox(clock, script):
    with Sandbox(now=clock.now, faults=script) as sandbox:
        yield sandbox


def caller(sandbox, account):
    address = sandbox.start("mastodon", account=account)
    return Caller(address.server, address.secrets["token"])


@pytest.fixture
def eu(sandbox):
    return caller(sandbox, "eu")


def refused(response, status, words):
    assert response.status_code == status
    assert words in response.json()["error"]


def test_a_token_that_is_unknown_is_refused(eu):
    refused(Caller(eu.server, "wrong").post(), 401, "The access token is invalid")


def test_no_token_reads_the_instance_only(eu):
    assert requests.get(f"{eu.server}/api/v2/instance", timeout=5).json()["version"] == "4.5.3"
    anonymous = requests.get(f"{eu.server}/api/v1/accounts/verify_credentials", timeout=5)
    refused(anonymous, 401, "The access token is invalid")


def test_a_post_is_shown_as_html_and_kept_as_text(sandbox, eu):
    posted = eu.post("Read <this>:\nhttps://example.org/a.\n\nNow").json()
    assert posted["content"] == (
        '<p>Read &lt;this&gt;:<br /><a href="https://example.org/a" target="_blank" '
        'rel="nofollow noopener" translate="no"><span class="invisible">https://</span>'
        '<span class="">example.org/a</span></a>.</p><p>Now</p>'
    )
    source = eu("GET", f"/api/v1/statuses/{posted['id']}/source").json()
    assert source["text"] == "Read <this>:\nhttps://example.org/a.\n\nNow"
    assert sandbox.public("eu")[0].text == source["text"]
    assert posted["created_at"] == "2026-11-25T09:00:00.000Z"


def test_a_form_is_taken_as_json_is(sandbox, eu):
    media = eu.upload().json()["id"]
    form = {"status": "Words.", "media_ids[]": media, "sensitive": "true", "language": "es"}
    shown = eu("POST", "/api/v1/statuses", data=form).json()
    assert shown["sensitive"] is True
    assert shown["language"] == "es"
    assert sandbox.public("eu")[0].pictures == (PNG,)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"status": ""}, "Text can't be blank"),
        ({"status": "a" * 501}, "character limit of 500 exceeded"),
        ({"status": "a" * 490, "spoiler_text": "a" * 11}, "character limit of 500 exceeded"),
        ({"status": "Words.", "visibility": "everyone"}, "Visibility"),
        ({"status": "Words.", "language": "english"}, "Language"),
        ({"status": "Words.", "sensitive": "perhaps"}, "Sensitive"),
        ({"status": "Words.", "media_ids": ["7"]}, "not found or already attached"),
        ({"status": "Words.", "media_ids": "7"}, "must be a list"),
        ({"status": "Words.", "media_ids": ["1", "2", "3", "4", "5"]}, "more than 4 files"),
        ({"status": "Words.", "colour": "red"}, "Unknown parameters: colour"),
        ({"status": 7}, "must be a string"),
    ],
)
def test_a_post_that_breaks_a_rule_is_refused_and_not_made(sandbox, eu, request_, words):
    refused(eu("POST", "/api/v1/statuses", json=request_), 422, words)
    assert sandbox.public("eu") == []


def test_five_hundred_characters_are_taken_however_long_the_address_is(eu):
    address = "https://example.org/" + "a" * 200
    assert eu.post("a" * 476 + " " + address).status_code == 200
    refused(eu.post("a" * 477 + " " + address), 422, "character limit")


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        ({"media_type": "text/plain"}, "content type is invalid"),
        ({"data": b"not a picture"}, "content type is invalid"),
        ({"data": PNG + b"\0" * 16_777_216}, "less than 16 MB"),
        ({"description": "a" * 1501}, "Description is too long"),
    ],
)
def test_a_picture_that_breaks_a_rule_is_refused(eu, upload, words):
    refused(eu.upload(**upload), 422, words)


def test_an_upload_without_a_file_is_refused(eu):
    refused(eu("POST", "/api/v2/media", data={"description": "x"}), 422, "File can't be blank")


def test_a_picture_belongs_to_one_post_of_its_own_account(sandbox, eu):
    media = eu.upload().json()["id"]
    refused(caller(sandbox, "es").post(media_ids=[media]), 422, "not found or already attached")
    assert eu.post(media_ids=[media]).status_code == 200
    refused(eu.post(media_ids=[media]), 422, "not found or already attached")
    assert eu("GET", f"/api/v1/media/{media}").status_code == 404


def test_an_alt_text_may_be_mended_until_the_picture_is_posted(sandbox, eu):
    media = eu.upload().json()["id"]
    eu("PUT", f"/api/v1/media/{media}", json={"description": "Better"})
    eu.post(media_ids=[media])
    assert sandbox.public("eu")[0].alts == ("Better",)


def test_a_picture_that_is_worked_on_cannot_be_posted_yet(clock):
    with Sandbox(now=clock.now, processing=timedelta(seconds=5)) as sandbox:
        eu = caller(sandbox, "eu")
        upload = eu.upload()
        media = upload.json()["id"]
        assert (upload.status_code, upload.json()["url"]) == (202, None)
        assert eu("GET", f"/api/v1/media/{media}").status_code == 206
        refused(eu.post(media_ids=[media]), 422, "not finished processing")
        clock.instant += timedelta(seconds=5)
        assert eu("GET", f"/api/v1/media/{media}").status_code == 200
        assert eu.post(media_ids=[media]).status_code == 200


def test_a_key_gives_the_first_post_back_for_an_hour(sandbox, eu, clock):
    first = eu.post("One", key="k").json()["id"]
    clock.instant += timedelta(minutes=59)
    assert eu.post("Two", key="k").json()["id"] == first
    clock.instant += timedelta(minutes=1)
    assert eu.post("Three", key="k").json()["id"] != first
    assert [post.text for post in sandbox.public("eu")] == ["One", "Three"]


def test_a_key_is_an_accounts_own_and_forgotten_after_a_refusal(sandbox, eu):
    refused(eu.post("", key="k"), 422, "blank")
    one = eu.post("One", key="k").json()["id"]
    assert caller(sandbox, "es").post("Uno", key="k").json()["id"] != one
    assert [post.key for post in sandbox.public("eu")] == ["k"]


def test_a_reply_needs_its_post(sandbox, eu):
    refused(eu.post(in_reply_to_id="7"), 404, "does not appear to exist")
    first = eu.post().json()["id"]
    assert eu.post(in_reply_to_id=first).json()["in_reply_to_id"] == first


def test_posts_are_listed_newest_first_in_pages_of_forty(eu):
    ids = [eu.post(f"Number {number}").json()["id"] for number in range(42)]
    me = eu("GET", "/api/v1/accounts/verify_credentials").json()["id"]
    listed = eu("GET", f"/api/v1/accounts/{me}/statuses?limit=80").json()
    assert [each["id"] for each in listed] == ids[:1:-1]
    rest = eu("GET", f"/api/v1/accounts/{me}/statuses?limit=40&max_id={ids[2]}").json()
    assert [each["id"] for each in rest] == [ids[1], ids[0]]
    newer = eu("GET", f"/api/v1/accounts/{me}/statuses?since_id={ids[40]}").json()
    assert [each["id"] for each in newer] == [ids[41]]


def test_others_do_not_see_private_posts(sandbox, eu):
    private = eu.post(visibility="private").json()["id"]
    es = caller(sandbox, "es")
    refused(es("GET", f"/api/v1/statuses/{private}"), 404, "Record not found")
    assert eu("GET", f"/api/v1/statuses/{private}").json()["visibility"] == "private"


def test_a_deleted_post_is_gone_and_only_its_author_may_delete(sandbox, eu):
    id_ = eu.post().json()["id"]
    refused(caller(sandbox, "es")("DELETE", f"/api/v1/statuses/{id_}"), 404, "Record not found")
    assert eu("DELETE", f"/api/v1/statuses/{id_}").json()["text"] == "Words."
    assert sandbox.public("eu") == []
    refused(eu("DELETE", f"/api/v1/statuses/{id_}"), 404, "Record not found")


def test_ids_grow_even_when_the_clock_stands_still(eu):
    ids = [int(eu.post(f"{number}").json()["id"]) for number in range(3)]
    assert ids == sorted(set(ids))


def test_the_thirty_first_picture_waits_for_the_next_half_hour(eu, clock):
    for _ in range(30):
        answer = eu.upload()
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    limited = eu.upload()
    refused(limited, 429, "Too many requests")
    assert limited.headers["X-RateLimit-Reset"] == "2026-11-25T09:30:00.000000Z"
    assert limited.headers["Date"] == "Wed, 25 Nov 2026 09:00:00 GMT"
    clock.instant = START + timedelta(minutes=30)
    assert eu.upload().status_code == 200


def test_the_301st_post_waits_for_the_next_three_hours(sandbox, eu, clock):
    for number in range(300):
        clock.instant += timedelta(seconds=10)
        assert eu.post(f"{number}").status_code == 200
    limited = eu.post("One more")
    refused(limited, 429, "Too many requests")
    assert limited.headers["X-RateLimit-Reset"] == "2026-11-25T12:00:00.000000Z"
    assert len(sandbox.public("eu")) == 300
    clock.instant = START + timedelta(hours=3)
    assert eu.post("One more").status_code == 200


def test_accounts_share_a_server_but_not_their_posts(sandbox, eu):
    es = caller(sandbox, "es")
    assert es.server == eu.server
    eu.post("One")
    es.post("Uno")
    assert [post.text for post in sandbox.public("eu")] == ["One"]
    assert [post.text for post in sandbox.public("es")] == ["Uno"]


def test_starting_an_account_twice_gives_the_same_place(sandbox):
    assert sandbox.start("mastodon", account="eu") == sandbox.start("mastodon", account="eu")


def test_a_fault_happens_once_and_only_where_it_was_written(sandbox, eu, script):
    script.add(
        "POST /api/v1/statuses", Instead(status=503), LoseAnswer(), Garble(status=500), Refuse()
    )
    assert eu.upload().status_code == 200
    assert eu.post("One").status_code == 503
    with pytest.raises(requests.ConnectionError):
        eu.post("Two")
    assert eu.post("Three").status_code == 500
    with pytest.raises(requests.ConnectionError):
        eu.post("Four")
    assert eu.post("Five").status_code == 200
    assert [post.text for post in sandbox.public("eu")] == ["Two", "Three", "Five"]


def test_whoever_decides_on_faults_is_told_which_call_it_is(clock):
    calls = []
    with Sandbox(now=clock.now, faults=calls.append) as sandbox:
        eu = caller(sandbox, "eu")
        eu("GET", f"/api/v1/statuses/{eu.post().json()['id']}")
        eu.post("Again")
    assert calls == [
        Call(platform="mastodon", account="eu", endpoint=endpoint, number=number)
        for endpoint, number in [
            ("POST /api/v1/statuses", 1),
            ("GET /api/v1/statuses/<id>", 1),
            ("POST /api/v1/statuses", 2),
        ]
    ]


def test_whoever_sees_the_requests_arrive_leaves_them_whole(clock):
    seen = []

    def look(platform, request):
        seen.append((platform, request.path, b"A card" in request.get_data()))

    with Sandbox(now=clock.now, arrivals=look) as sandbox:
        eu = caller(sandbox, "eu")
        media_id = eu.upload(description="A card").json()["id"]
        eu.post(media_ids=[media_id])
        assert sandbox.public("eu")[0].alts == ("A card",)
    assert seen == [("mastodon", "/api/v2/media", True), ("mastodon", "/api/v1/statuses", False)]


def test_nobody_answers_once_the_sandbox_is_closed(clock):
    with Sandbox(now=clock.now) as sandbox:
        eu = caller(sandbox, "eu")
    with pytest.raises(requests.ConnectionError):
        eu.post()


def test_a_post_is_public_while_its_slow_answer_is_held_back(sandbox, eu, script):
    script.add("POST /api/v1/statuses", Slow(seconds=0, after=60))
    with pytest.raises(requests.ReadTimeout):
        eu("POST", "/api/v1/statuses", json={"status": "One"}, timeout=0.3)
    assert [post.text for post in sandbox.public("eu")] == ["One"]
