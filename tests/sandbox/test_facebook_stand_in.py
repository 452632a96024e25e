"""The stand-in speaks the Graph API of pages and keeps the rules of the vendor's pages."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests

from clocks import Clock
from scheduler.sandbox import Sandbox
from scheduler.sandbox.facebook.entities import app_token, number_of, user_token

PNG = b"\x89PNG\r\n\x1a\n and pixels"
FIELDS = "id,message,created_time,permalink_url,attachments{target,subattachments{target}}"


@dataclass(frozen=True, slots=True)
class Caller:
    """A client that knows nothing but HTTP."""

    server: str
    token: str
    page: str

    def __call__(self, method, path, *, token=None, **request):
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return requests.request(
            method, f"{self.server}/v26.0{path}", headers=headers, timeout=5, **request
        )

    def post(self, message="Words.", *photos, **more):
        held = {
            f"attached_media[{number}]": json.dumps({"media_fbid": photo})
            for number, photo in enumerate(photos)
        }
        return self("POST", f"/{self.page}/feed", data={"message": message, **held}, **more)

    def upload(self, data=PNG, **form):
        return self(
            "POST",
            f"/{self.page}/photos",
            files={"source": ("a.png", data, "image/png")},
            data={"published": "false", "alt_text_custom": "A card", **form},
        )

    def comment(self, id_, message="More.", **form):
        return self("POST", f"/{id_}/comments", data={"message": message, **form})

    def posts(self, **query):
        return self("GET", f"/{self.page}/published_posts", params={"fields": FIELDS, **query})


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(clock):
    with Sandbox(now=clock.now) as sandbox:
        yield sandbox


def caller(sandbox, account):
    address = sandbox.start("facebook", account=account)
    return Caller(address.server, address.secrets["token"], address.options["page"])


@pytest.fixture
def eu(sandbox):
    return caller(sandbox, "eu")


def id_of(response):
    assert response.status_code == 200, response.text
    return response.json()["id"]


def refused(response, code, words="", *, status=400, subcode=None):
    error = response.json()["error"]
    assert (response.status_code, error["code"], error.get("error_subcode")) == (
        status,
        code,
        subcode,
    )
    assert words in error["message"]
    assert error["fbtrace_id"]


# ── who asks ──────────────────────────────────────────────────────────────────────────────────────


def test_a_token_is_needed_and_must_be_known(eu):
    refused(requests.get(f"{eu.server}/v26.0/me", timeout=5), 104, status=401)
    refused(eu("GET", "/me", token="EAAPx"), 190, "Cannot parse", status=401)


def test_the_token_may_stand_in_a_parameter_as_the_vendors_pages_show_it(eu):
    at = f"{eu.server}/v26.0"
    asked = requests.get(f"{at}/me", params={"access_token": eu.token}, timeout=5)
    assert asked.json() == {"id": eu.page, "name": "eu"}
    said = {"message": "Words.", "access_token": eu.token}
    assert requests.post(f"{at}/{eu.page}/feed", data=said, timeout=5).status_code == 200


def test_a_persons_token_is_no_pages_token_and_ends_after_sixty_days(eu, clock):
    person = user_token("eu")
    assert eu("GET", "/me", token=person).json()["id"] == number_of("eu", "user")
    refused(eu.post(token=person), 200, "page access token", status=403)
    clock.instant += timedelta(days=60)
    refused(eu("GET", "/me", token=person), 190, "expired", status=401, subcode=463)
    assert eu.post().status_code == 200, "a page's token does not end"


def test_a_proof_by_another_app_is_refused(eu):
    sound = hmac.digest(app_token("eu").partition("|")[2].encode(), eu.token.encode(), "sha256")
    assert eu("GET", "/me", params={"appsecret_proof": sound.hex()}).status_code == 200
    refused(eu("GET", "/me", params={"appsecret_proof": "0" * 64}), 100, "appsecret_proof")


def test_only_the_app_is_told_of_a_token(eu, sandbox):
    query = {"input_token": eu.token}
    refused(eu("GET", "/debug_token", params=query), 100, "app access token")
    said = eu("GET", "/debug_token", params=query, token=app_token("eu")).json()["data"]
    assert (said["type"], said["is_valid"], said["expires_at"]) == ("PAGE", True, 0)
    assert said["profile_id"] == eu.page
    assert "pages_manage_posts" in said["scopes"]
    other = caller(sandbox, "es")
    of_another = eu("GET", "/debug_token", params=query, token=app_token("es"))
    assert of_another.json()["data"]["is_valid"] is False
    refused(eu("GET", "/me", token=app_token("es")), 2500)
    assert other.page != eu.page


def test_a_page_is_written_to_with_its_own_token_alone(eu, sandbox):
    es = caller(sandbox, "es")
    refused(eu("POST", f"/{es.page}/feed", data={"message": "x"}), 200, status=403)
    refused(eu("POST", "/17/feed", data={"message": "x"}), 100, "'17'", subcode=33)


@pytest.mark.parametrize("version", ["v1.0", "v99.0", "26.0"])
def test_a_version_that_there_is_not_is_refused(eu, version):
    answer = requests.get(
        f"{eu.server}/{version}/me", headers={"Authorization": f"Bearer {eu.token}"}, timeout=5
    )
    refused(answer, 2500, "Unknown path components")


def test_starting_an_account_twice_gives_the_same_place(sandbox):
    assert sandbox.start("facebook", account="eu") == sandbox.start("facebook", account="eu")


# ── photos and posts ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"published": "true"}, "not published"),
        ({"colour": "red"}, "Param colour"),
        ({"caption": "x"}, "Param caption"),
    ],
)
def test_a_photo_that_breaks_a_rule_is_refused(eu, form, words):
    refused(eu.upload(**form), 100, words)


@pytest.mark.parametrize("data", [b"GIF89a", PNG + b"\0" * 4_000_000], ids=["GIF", "large"])
def test_a_photo_is_a_jpeg_or_png_of_less_than_4_mb(eu, data):
    refused(eu.upload(data), 100, "4 MB", subcode=1366046)


def test_a_photo_needs_a_file(eu):
    refused(eu("POST", f"/{eu.page}/photos", data={"published": "false"}), 324)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "message or a photo"),
        ({"message": " "}, "message or a photo"),
        ({"message": "x", "link": "https://example.org"}, "Param link"),
        ({"message": "x", "attached_media[1]": '{"media_fbid": "1"}'}, "numbered from 0"),
        ({"message": "x", "attached_media[0]": "17"}, "object with media_fbid"),
        ({"message": "x", "attached_media[0]": "<"}, "object with media_fbid"),
        ({"message": "x", "attached_media[0]": '{"media_fbid": 17}'}, "must be a string"),
        ({"message": "a" * 63_207}, "63206"),
    ],
)
def test_a_post_that_breaks_a_rule_is_refused_and_not_made(sandbox, eu, form, words):
    refused(eu("POST", f"/{eu.page}/feed", data=form), 100, words)
    assert sandbox.public("eu") == []


def test_a_photo_is_unseen_until_one_post_holds_it(sandbox, eu):
    photo = id_of(eu.upload())
    assert sandbox.public("eu") == []
    eu.post("One", photo)
    (post,) = sandbox.public("eu")
    assert (post.alts, post.pictures) == (("A card",), (PNG,))
    refused(eu.post("Two", photo), 100, "already posted", subcode=1366051)
    refused(eu.post("Two", "17"), 100, "'17'", subcode=33)
    twice = id_of(eu.upload())
    refused(eu.post("Two", twice, twice), 100, "already posted", subcode=1366051)


def test_a_photo_is_its_pages_alone(sandbox, eu):
    refused(eu.post("One", id_of(caller(sandbox, "es").upload())), 100, subcode=33)


def test_only_the_words_of_the_post_before_are_a_duplicate(sandbox, eu):
    first = id_of(eu.post("One"))
    refused(eu.post(" One\n"), 506, "Duplicate status message")
    refused(eu.post("One", id_of(eu.upload())), 506)
    assert caller(sandbox, "es").post("One").status_code == 200
    eu("DELETE", f"/{first}")
    assert eu.post("One").status_code == 200
    assert eu.post("Two").status_code == 200
    assert eu.post("One").status_code == 200


def test_what_is_asked_for_is_answered_at_once(eu):
    made = eu.post(params={"fields": "id,permalink_url"}).json()
    assert made.keys() == {"id", "permalink_url"}
    assert made["permalink_url"].endswith(f"/{eu.page}/posts/{made['id'].partition('_')[2]}")
    assert eu.post("Two").json().keys() == {"id"}


def test_a_field_that_there_is_not_is_refused(eu):
    refused(eu.posts(fields="id,colour"), 100, "nonexisting field (colour)")
    refused(eu.posts(fields="attachments{colour}"), 100, "(colour) of attachments")
    refused(eu.posts(fields="id{"), 2500, "Syntax error")
    refused(eu("GET", "/me", params={"fields": "id,email"}), 100, "(email)")
    refused(eu("GET", "/me", params={"colour": "red"}), 100, "Param colour")


def test_one_photo_stands_itself_in_a_post_and_several_stand_in_an_album(eu):
    one, two, three = (id_of(eu.upload()) for _ in range(3))
    eu.post("One", one)
    eu.post("Several", two, three)
    several, single = eu.posts().json()["data"]
    assert single["attachments"]["data"][0]["target"]["id"] == one
    (album,) = several["attachments"]["data"]
    held = [each["target"]["id"] for each in album["subattachments"]["data"]]
    assert held == [two, three]
    assert album["target"]["id"] not in held


def test_posts_are_listed_newest_first_a_page_at_a_time(eu, clock):
    for number in range(5):
        eu.post(f"Number {number}")
        clock.instant += timedelta(minutes=1)
    first = eu.posts(limit=2).json()
    assert [post["message"] for post in first["data"]] == ["Number 4", "Number 3"]
    assert "next" in first["paging"]
    after = first["paging"]["cursors"]["after"]
    rest = eu.posts(limit=100, after=after).json()
    assert [post["message"] for post in rest["data"]] == ["Number 2", "Number 1", "Number 0"]
    assert "next" not in rest["paging"]
    since = int(clock.instant.timestamp()) - 100
    assert [post["message"] for post in eu.posts(since=since).json()["data"]] == ["Number 4"]
    refused(eu.posts(since="yesterday"), 100, "not a number")
    assert eu.posts(until=1).json() == {"data": []}


def test_a_deleted_post_is_gone_with_the_comments_below_it(sandbox, eu):
    post = id_of(eu.post())
    eu.comment(post)
    assert [each.reply_to for each in sandbox.public("eu")] == [None, post]
    refused(caller(sandbox, "es")("DELETE", f"/{post}"), 200, status=403)
    assert eu("DELETE", f"/{post}").json() == {"success": True}
    assert sandbox.public("eu") == []
    refused(eu("DELETE", f"/{post}"), 100, "does not exist", subcode=33)
    refused(eu.comment(post), 100, "does not exist", subcode=33)


def test_a_comment_holds_one_photo_and_is_no_post(sandbox, eu):
    post, photo = id_of(eu.post()), id_of(eu.upload())
    comment = id_of(eu.comment(post, attachment_id=photo))
    assert sandbox.public("eu")[1].pictures == (PNG,)
    refused(eu.comment(post, attachment_id=photo), 100, subcode=1366051)
    refused(eu.comment(comment), 100, "comments on comments")
    refused(eu.comment(post, "a" * 8001), 100, "8000")
    refused(eu.comment(post, ""), 100, "message or a photo")
    assert [each["id"] for each in eu.posts().json()["data"]] == [post]
    fields = "id,message,from,attachment{target}"
    (shown,) = eu("GET", f"/{post}/comments", params={"fields": fields}).json()["data"]
    assert shown["from"] == {"id": eu.page, "name": "eu"}
    assert shown["attachment"]["target"]["id"] == photo
    assert shown["id"] == comment


# ── how often ─────────────────────────────────────────────────────────────────────────────────────


def test_the_51st_post_of_an_hour_is_refused_with_the_minutes_to_wait(eu, clock):
    for number in range(50):
        id_of(eu.post(f"Number {number}"))
    clock.instant += timedelta(minutes=20)
    limited = eu.post("One more")
    refused(limited, 32, "Page request limit reached")
    usage = json.loads(limited.headers["X-Business-Use-Case-Usage"])[eu.page][0]
    assert usage["estimated_time_to_regain_access"] == 40
    assert eu.posts().status_code == 200
    clock.instant += timedelta(minutes=40)
    id_of(eu.post("One more"))


def test_every_call_counts_against_the_day(eu, sandbox, clock):
    usage = json.loads(eu("GET", "/me").headers["X-Business-Use-Case-Usage"])[eu.page][0]
    assert (usage["type"], usage["call_count"]) == ("pages", 0)
    stand_in = sandbox._stand_ins["facebook", ""]
    stand_in._calls.exhaust("eu", clock.now())
    refused(eu("GET", "/me"), 80001, "too many calls")
    clock.instant += timedelta(days=1)
    assert eu("GET", "/me").status_code == 200
