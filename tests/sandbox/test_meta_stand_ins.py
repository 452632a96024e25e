"""The stand-ins of Instagram and Threads fetch what they show, and keep the vendors' rules."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests
from PIL import Image

from clocks import START, Clock
from scheduler.model import DraftPicture, Size
from scheduler.sandbox import HOSTING, Call, Drop, Sandbox
from scheduler.sandbox.graph.fetching import measured
from scheduler.sandbox.instagram import InstagramStandIn
from scheduler.sandbox.instagram.rules import MAX_CONTAINERS, READ
from scheduler.sandbox.threads import ThreadsStandIn
from scheduler.sandbox.threads.rules import MAX_REPLIES, PUBLISH
from scheduler.sandbox.threads.rules import READ as READ_THREADS

HOUR = timedelta(hours=1)


def encoded(size=(8, 10), kind="JPEG", **options) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind, **options)
    return stream.getvalue()


@dataclass(slots=True)
class Caller:
    """A client that knows nothing but HTTP."""

    server: str
    token: str
    user: str
    root: str

    def __call__(self, method, path, **said):
        place = "data" if method == "POST" else "params"
        said = {"access_token": self.token, **said}
        return requests.request(
            method, f"{self.server}{self.root}{path}", timeout=5, **{place: said}
        )

    def error(self, method, path, **said):
        error = self(method, path, **said).json()["error"]
        return error["code"], error.get("error_subcode", 0)

    def state(self, id_):
        name = "status_code" if "26" in self.root else "status"
        return self("GET", f"/{id_}", fields=name).json()[name]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(clock):
    with Sandbox(now=clock.now) as sandbox:
        yield sandbox


def caller(sandbox, platform, account="eu", software=""):
    address = sandbox.start(platform, account=account, software=software)
    root = "/v26.0" if platform == "instagram" else "/v1.0"
    return Caller(address.server, address.secrets["token"], address.options["user_id"], root)


@pytest.fixture
def gram(sandbox):
    return caller(sandbox, "instagram")


@pytest.fixture
def talk(sandbox):
    return caller(sandbox, "threads")


@pytest.fixture
def shown(sandbox, tmp_path):
    """Puts a picture at an address of its own."""

    def put(data=None, media_type="image/jpeg"):
        data = data or encoded()
        file = tmp_path / hashlib.sha256(data).hexdigest()
        file.write_bytes(data)
        drafted = DraftPicture(
            file=file,
            media_type=media_type,
            size=Size(width=8, height=10),
            bytes=len(data),
            digest=file.name,
            alt="",
        )
        return sandbox.host("eu").address(drafted)

    return put


# ── the place of the pictures ───────────────────────────────────────────────────────────────────


def test_a_picture_lies_at_its_address_for_anybody_and_no_other_does(shown):
    address = shown()
    answer = requests.get(address, timeout=5)
    assert answer.content == encoded()
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert requests.get(address + "x", timeout=5).status_code == 404
    assert requests.post(address, timeout=5).status_code == 404


@pytest.mark.parametrize("size", [(8, 10), (1080, 1350), (1, 3000)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_pictures_size_is_read_from_its_header(size, kind, progressive):
    options = {"progressive": progressive, "comment": b"\xff\xc0"} if kind == "JPEG" else {}
    read = measured(encoded(size, kind, **options))
    assert (read.kind, read.width, read.height) == (kind, *size)


@pytest.mark.parametrize("cut", [3, 20, 100])
def test_a_picture_that_was_cut_off_has_no_size_and_no_other_error(cut):
    assert measured(encoded()[:cut]).ratio == 0
    assert measured(b"<html>").kind == ""


def test_faults_strike_where_the_pictures_lie_as_they_do_elsewhere(clock, tmp_path):
    calls: list[Call] = []
    with (
        Sandbox(now=clock.now, faults=lambda call: calls.append(call) or Drop()) as sandbox,
        pytest.raises(requests.ConnectionError),
    ):
        requests.get(sandbox.host("eu").root + "/eu/card.jpg", timeout=5)
    (call,) = calls
    assert (call.platform, call.account, call.endpoint) == (HOSTING, "eu", "GET /<account>/<name>")


# ── Instagram ───────────────────────────────────────────────────────────────────────────────────


def made(gram, shown, **more):
    return gram("POST", f"/{gram.user}/media", image_url=shown(), **more)


def test_a_container_becomes_one_post_and_never_two(gram, shown, sandbox):
    container = made(gram, shown, caption="Words.", alt_text="A card").json()["id"]
    assert (gram.state(container), sandbox.public("eu")) == ("FINISHED", [])
    post = gram("POST", f"/{gram.user}/media_publish", creation_id=container).json()["id"]
    assert gram.state(container) == "PUBLISHED"
    assert gram.error("POST", f"/{gram.user}/media_publish", creation_id=container) == (
        9007,
        2207027,
    )
    (public,) = sandbox.public("eu")
    assert (public.id, public.text, public.alts) == (post, "Words.", ("A card",))
    assert public.pictures == (encoded(),)


def test_a_container_lives_for_a_day(gram, shown, clock):
    container = made(gram, shown).json()["id"]
    clock.instant += 24 * HOUR - timedelta(seconds=1)
    assert gram.state(container) == "FINISHED"
    clock.instant += timedelta(seconds=1)
    assert gram.state(container) == "EXPIRED"
    assert gram.error("POST", f"/{gram.user}/media_publish", creation_id=container) == (
        -2,
        2207020,
    )


@pytest.mark.parametrize(
    ("data", "media_type", "code"),
    [
        (encoded(kind="PNG"), "image/png", (36001, 2207005)),
        (b"<html>", "image/jpeg", (36001, 2207005)),
        (encoded(), "text/html", (9004, 2207052)),
        (encoded((8, 11)), "image/jpeg", (36003, 2207009)),
        (encoded((192, 100)), "image/jpeg", (36003, 2207009)),
        (encoded() + b"x" * 8 * 1024 * 1024, "image/jpeg", (36000, 2207004)),
    ],
    ids=["png", "html", "text", "narrow", "wide", "large"],
)
def test_what_is_fetched_must_be_a_picture_that_instagram_takes(
    gram, shown, data, media_type, code
):
    address = shown(data, media_type)
    assert gram.error("POST", f"/{gram.user}/media", image_url=address) == code


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/card.jpg", "https://example.org/a.jpg", "a"]
)
def test_an_address_that_nobody_answers_at_is_an_error_of_its_own(gram, address):
    assert gram.error("POST", f"/{gram.user}/media", image_url=address) == (9004, 2207052)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"caption": "a" * 2201}, (36004, 2207010)),
        ({"caption": "#a " * 31}, (36004, 2207010)),
        ({"caption": "@a " * 21}, (100, 2207040)),
        ({"alt_text": "a" * 1001}, (100, 0)),
        ({"is_carousel_item": "true", "caption": "Words."}, (100, 0)),
        ({"is_carousel_item": "yes"}, (100, 0)),
        ({"published": "true"}, (100, 0)),
        ({"media_type": "CAROUSEL"}, (100, 0)),
    ],
    ids=str,
)
def test_what_is_said_is_held_to_the_numbers(gram, shown, said, code):
    assert gram.error("POST", f"/{gram.user}/media", image_url=shown(), **said) == code


def test_a_carousel_has_two_to_ten_finished_pictures_of_its_own(gram, shown):
    items = [made(gram, shown, is_carousel_item="true").json()["id"] for _ in range(11)]
    whole = {"media_type": "CAROUSEL", "caption": "Words."}
    path = f"/{gram.user}/media"
    for children in (items[:1], items):
        said = ",".join(children)
        assert gram.error("POST", path, children=said, **whole) == (100, 2207028)
    single = made(gram, shown).json()["id"]
    mixed = f"{items[0]},{single}"
    assert gram.error("POST", path, children=mixed, **whole) == (9007, 2207008)
    assert gram("POST", path, children=",".join(items[:2]), **whole).ok
    publish = f"/{gram.user}/media_publish"
    assert gram.error("POST", publish, creation_id=items[0]) == (9007, 2207027)


def test_an_account_makes_400_containers_and_50_posts_a_day(gram, shown, sandbox, clock):
    address = shown()
    path = f"/{gram.user}/media"
    ids = [gram("POST", path, image_url=address).json()["id"] for _ in range(MAX_CONTAINERS)]
    assert gram.error("POST", path, image_url=address) == (4, 0)
    publish = f"/{gram.user}/media_publish"
    for id_ in ids[:50]:
        assert gram("POST", publish, creation_id=id_).ok
    assert gram.error("POST", publish, creation_id=ids[50]) == (9, 2207042)
    limit = gram("GET", f"/{gram.user}/content_publishing_limit", fields="quota_usage,config")
    assert limit.json()["data"][0]["quota_usage"] == 50
    clock.instant += 24 * HOUR
    assert gram("POST", path, image_url=address).ok


def test_a_token_at_instagram_reads_no_captions_and_deletes_nothing(sandbox, gram, shown):
    container = made(gram, shown, caption="Words.").json()["id"]
    post = gram("POST", f"/{gram.user}/media_publish", creation_id=container).json()["id"]
    assert "caption" not in gram("GET", f"/{post}", fields="caption,permalink").json()
    assert gram.error("DELETE", f"/{post}") == (10, 0)
    page = caller(sandbox, "instagram", account="page", software="instagram with facebook")
    assert page.error("GET", "/me", fields="username") == (100, 0)
    assert page("GET", f"/{page.user}", fields="username").json() == {"username": "page"}
    assert page.error("DELETE", f"/{post}") == (100, 33)


def test_tokens_are_held_to_what_they_may_and_to_sixty_days(gram, clock):
    stand_in = InstagramStandIn(now=clock.now, processing=timedelta(0))
    assert stand_in.grant("eu", scopes=frozenset({READ})) != gram.token
    path = f"/{gram.user}/media"
    assert gram.error("POST", path, access_token="no token") == (190, 0)
    assert gram.error("GET", "/17", fields="status_code") == (100, 33)
    assert gram.error("GET", "/17/media", fields="id") == (100, 33)
    clock.instant += timedelta(days=60)
    assert gram.error("GET", "/me", fields="username") == (190, 463)


def test_a_token_without_the_right_to_publish_makes_nothing(sandbox, gram):
    stand_in = sandbox._stand_ins["instagram", ""]
    gram.token = stand_in.grant("eu", scopes=frozenset({READ}))
    assert gram.error("POST", f"/{gram.user}/media", image_url="a") == (10, 0)
    assert gram.error("POST", f"/{gram.user}/media_publish", creation_id="1") == (10, 0)
    assert gram("GET", "/me", fields="user_id").json()["user_id"] == gram.user


def test_a_field_or_a_path_that_there_is_not_is_an_error(gram, shown):
    container = made(gram, shown).json()["id"]
    assert gram.error("GET", f"/{container}", fields="status_code,permalink") == (100, 0)
    assert gram.error("GET", "/a/b/c") == (2500, 0)


# ── Threads ─────────────────────────────────────────────────────────────────────────────────────


def said(talk, **more):
    return talk("POST", "/me/threads", **{"media_type": "TEXT", "text": "Words.", **more})


def published(talk, **more):
    container = said(talk, **more).json()["id"]
    return talk("POST", "/me/threads_publish", creation_id=container).json()["id"]


@pytest.mark.parametrize(
    "more",
    [
        {"text": "a" * 501},
        {"text": "👍🏽" * 63},
        {"text": " ".join(f"https://a.example/{n}" for n in range(6))},
        {"media_type": "POEM"},
        {"auto_publish_text": "true"},
        {"alt_text": "a"},
        {"reply_control": "nobody"},
        {"reply_to_id": "17"},
        {"media_type": "CAROUSEL", "children": "1"},
        {"media_type": "IMAGE"},
    ],
    ids=str,
)
def test_a_container_of_threads_is_held_to_its_rules(talk, more):
    assert (
        talk.error("POST", "/me/threads", **{"media_type": "TEXT", "text": "Words.", **more})[0]
        == 100
    )


def test_threads_is_written_to_as_me(talk):
    answer = talk.error("POST", f"/{talk.user}/threads", media_type="TEXT", text="Words.")
    assert answer == (24, 4279009)


def test_a_picture_that_cannot_be_fetched_ends_in_error_with_the_vendors_word(talk):
    picture = {"media_type": "IMAGE", "image_url": "http://127.0.0.1:1/a.jpg"}
    container = talk("POST", "/me/threads", **picture).json()["id"]
    read = talk("GET", f"/{container}", fields="status,error_message").json()
    assert (read["status"], read["error_message"]) == ("ERROR", "FAILED_DOWNLOADING_IMAGE")
    assert talk.error("POST", "/me/threads_publish", creation_id=container)[0] == -1


def test_posts_and_answers_have_lists_and_quotas_of_their_own(talk, sandbox, clock):
    first = published(talk)
    second = published(talk, text="More.", reply_to_id=first)
    listed = talk("GET", "/me/threads", fields="id,text,timestamp").json()["data"]
    assert [each["id"] for each in listed] == [first]
    assert listed[0]["timestamp"] == "2026-11-25T09:00:00+0000"
    (answer,) = talk("GET", "/me/replies", fields="id,replied_to").json()["data"]
    assert answer == {"id": second, "replied_to": {"id": first}}
    sandbox._stand_ins["threads", ""].exhaust("eu")
    limit = talk("GET", "/me/threads_publishing_limit", fields="quota_usage,reply_quota_usage")
    assert limit.json()["data"] == [{"quota_usage": 250, "reply_quota_usage": MAX_REPLIES}]
    container = said(talk).json()["id"]
    assert talk.error("POST", "/me/threads_publish", creation_id=container) == (4, 0)
    clock.instant += 24 * HOUR
    published(talk)


def test_a_list_is_read_page_by_page_newest_first(talk):
    ids = [published(talk, text=str(number)) for number in range(5)]
    page = talk("GET", "/me/threads", fields="id", limit="2").json()
    assert [each["id"] for each in page["data"]] == [ids[4], ids[3]]
    after = page["paging"]["cursors"]["after"]
    assert "next" in page["paging"]
    page = talk("GET", "/me/threads", fields="id", limit="3", after=after).json()
    assert [each["id"] for each in page["data"]] == [ids[2], ids[1], ids[0]]
    assert "next" not in page["paging"]


def test_what_is_deleted_is_gone_and_a_hundred_a_day_are_enough(talk, sandbox):
    posts = [published(talk, text=str(number)) for number in range(101)]
    for post in posts[:100]:
        assert talk("DELETE", f"/{post}").json() == {"success": True, "deleted_id": post}
    assert talk.error("DELETE", f"/{posts[0]}") == (100, 33)
    assert talk.error("DELETE", f"/{posts[100]}") == (4, 0)
    assert [post.id for post in sandbox.public("eu")] == posts[100:]


def test_a_token_of_threads_says_what_it_may_and_until_when(talk, sandbox):
    data = talk("GET", "/debug_token", input_token=talk.token).json()["data"]
    assert data["expires_at"] == int((START + timedelta(days=60)).timestamp())
    assert PUBLISH in data["scopes"]
    talk.token = sandbox._stand_ins["threads", ""].grant("eu", scopes=frozenset({READ_THREADS}))
    assert talk.error("POST", "/me/threads", media_type="TEXT", text="Words.") == (10, 0)
    assert talk.error("DELETE", "/17") == (10, 0)


def test_an_account_is_known_by_its_token_wherever_that_stands(clock):
    stand_in = ThreadsStandIn(now=clock.now, processing=timedelta(0))
    assert stand_in.admit("eu") == stand_in.admit("eu")
