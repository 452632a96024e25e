"""The stand-in speaks LinkedIn's APIs and keeps the rules of the vendor's pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

import pytest
import requests

from clocks import Clock
from scheduler.sandbox import Sandbox, software_of
from scheduler.sandbox.linkedin.rules import DISTRIBUTION

PNG = b"\x89PNG\r\n\x1a\n and pixels"
PERSON = "linkedin of a person"


@dataclass(frozen=True, slots=True)
class Caller:
    """A client that knows nothing but HTTP."""

    server: str
    author: str
    secrets: dict[str, str]
    app: str
    headers: dict[str, str] = field(
        default_factory=lambda: {
            "LinkedIn-Version": "202609",
            "X-Restli-Protocol-Version": "2.0.0",
        }
    )

    def __call__(self, method, path, *, headers=None, token=None, **request):
        sent = {
            **self.headers,
            "Authorization": f"Bearer {token or self.secrets['token']}",
            **(headers or {}),
        }
        kept = {name: value for name, value in sent.items() if value is not None}
        return requests.request(method, self.server + path, headers=kept, timeout=5, **request)

    def said(self, commentary="Words.", **more):
        return {
            "author": self.author,
            "commentary": commentary,
            "visibility": "PUBLIC",
            "distribution": DISTRIBUTION,
            "lifecycleState": "PUBLISHED",
            **more,
        }

    def post(self, commentary="Words.", **more):
        return self("POST", "/rest/posts", json=self.said(commentary, **more))

    def initialise(self, owner=None):
        said = {"initializeUploadRequest": {"owner": owner or self.author}}
        query = {"action": "initializeUpload"}
        return self("POST", "/rest/images", params=query, json=said)

    def upload(self, data=PNG):
        value = self.initialise().json()["value"]
        path = value["uploadUrl"].removeprefix(self.server)
        assert self("PUT", path, data=data).status_code == 201
        return value["image"]

    def image(self, urn):
        return self("GET", f"/rest/images/{quote(urn, safe='')}")

    def delete(self, urn, **headers):
        method = {"X-RestLi-Method": "DELETE", **headers}
        return self("DELETE", f"/rest/posts/{quote(urn, safe='')}", headers=method)

    def posts(self, *, method="FINDER", **query):
        asked = {"q": "author", "author": self.author, "sortBy": "LAST_MODIFIED", **query}
        return self("GET", "/rest/posts", params=asked, headers={"X-RestLi-Method": method})

    def comment(self, urn, text="More.", *, api="rest", **more):
        said = {"actor": self.author, "object": urn, "message": {"text": text}, **more}
        return self("POST", f"/{api}/socialActions/{quote(urn, safe='')}/comments", json=said)

    def introspect(self, **more):
        form = {
            "client_id": self.app,
            "client_secret": self.secrets["client_secret"],
            "token": self.secrets["token"],
            **more,
        }
        kept = {name: value for name, value in form.items() if value is not None}
        return requests.post(f"{self.server}/oauth/v2/introspectToken", data=kept, timeout=5)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def processing():
    return timedelta(0)


@pytest.fixture
def sandbox(clock, processing):
    with Sandbox(now=clock.now, processing=processing) as sandbox:
        yield sandbox


def caller(sandbox, account, software=""):
    address = sandbox.start("linkedin", account=account, software=software)
    return Caller(
        address.server,
        address.options["author"],
        dict(address.secrets),
        address.options["client_id"],
    )


@pytest.fixture
def eu(sandbox):
    return caller(sandbox, "eu")


@pytest.fixture
def ana(sandbox):
    return caller(sandbox, "ana", PERSON)


def urn_of(response):
    assert (response.status_code, response.content) == (201, b""), response.text
    return response.headers["x-restli-id"]


def refused(response, status, words="", *, code="", inputs=()):
    said = response.json()
    assert (response.status_code, said["status"]) == (status, status)
    assert words in said["message"]
    assert said.get("code", "") == code
    wrong = said.get("errorDetails", {}).get("inputErrors", [])
    assert tuple(each["code"] for each in wrong) == inputs


# ── who asks, and how ─────────────────────────────────────────────────────────────────────────────


def test_a_token_is_known_and_lives_for_sixty_days(eu, clock):
    refused(eu("GET", "/rest/posts", token="x"), 401,
            "Invalid access token", code="INVALID_ACCESS_TOKEN")  # fmt: skip
    clock.instant += timedelta(days=60) - timedelta(seconds=1)
    assert eu("GET", "/rest/posts").status_code == 400, "it is known, and no finder was named"
    clock.instant += timedelta(seconds=1)
    refused(eu.posts(), 401, "has expired", code="EXPIRED_ACCESS_TOKEN")


def test_every_versioned_call_brings_its_headers(eu):
    refused(eu("POST", "/rest/posts", headers={"LinkedIn-Version": None}), 400,
            "version must be present", code="VERSION_MISSING")  # fmt: skip
    no_protocol = eu("POST", "/rest/posts", headers={"X-Restli-Protocol-Version": None})
    refused(no_protocol, 400, "must be 2.0.0", code="ILLEGAL_ARGUMENT")


@pytest.mark.parametrize("version", ["202501", "202612", "2026-09", "latest"])
def test_a_month_that_is_not_alive_is_refused(eu, version):
    answer = eu("POST", "/rest/posts", headers={"LinkedIn-Version": version}, json=eu.said())
    refused(answer, 426, version, code="NONEXISTENT_VERSION")


@pytest.mark.parametrize("version", ["202511", "202609", "202611"])
def test_a_month_lives_about_a_year(eu, version):
    urn_of(eu("POST", "/rest/posts", headers={"LinkedIn-Version": version}, json=eu.said()))


def test_only_the_app_is_told_of_a_token(eu, clock):
    said = eu.introspect().json()
    assert (said["active"], said["status"]) == (True, "active")
    assert said["expires_at"] == int((clock.instant + timedelta(days=60)).timestamp())
    assert "w_organization_social" in said["scope"]
    for wrong in ({"client_secret": "x"}, {"client_id": "x"}, {"token": "x"}):
        assert eu.introspect(**wrong).json() == {"active": False}
    refused(eu.introspect(token=None), 400, "are needed", code="invalid_request")
    clock.instant += timedelta(days=61)
    assert eu.introspect().json()["status"] == "expired"


def test_a_page_is_administered_by_whoever_made_the_token(eu):
    finder = {"X-RestLi-Method": "FINDER"}
    query = {"q": "roleAssignee", "state": "APPROVED"}
    said = eu("GET", "/rest/organizationAcls", params=query, headers=finder).json()
    (role,) = said["elements"]
    assert (role["role"], role["organization"]) == ("ADMINISTRATOR", eu.author)
    refused(eu("GET", "/rest/organizationAcls", headers=finder), 422, "q must be roleAssignee")
    refused(eu("GET", "/v2/userinfo"), 403, code="ACCESS_DENIED")


def test_a_persons_token_says_who_it_is_and_reads_nothing_back(ana):
    sub = ana("GET", "/v2/userinfo").json()["sub"]
    assert ana.author == f"urn:li:person:{sub}"
    urn = urn_of(ana.post())
    finder = {"X-RestLi-Method": "FINDER"}
    roles = ana("GET", "/rest/organizationAcls", headers=finder)
    for answer in (ana.posts(), roles, ana.image(ana.upload()), ana.comment(urn)):
        refused(answer, 403, "Not enough permissions", code="ACCESS_DENIED")
    comments = f"/v2/socialActions/{quote(urn, safe='')}/comments"
    refused(ana("GET", comments), 403, "Not enough permissions", code="ACCESS_DENIED")


def test_an_account_is_stood_in_for_by_whose_author_it_has(sandbox):
    assert software_of("linkedin", {"author": "urn:li:person:1"}) == PERSON
    assert software_of("linkedin", {"author": "urn:li:organization:1"}) == ""
    assert software_of("mastodon", {"software": "hollo"}) == "hollo"
    assert sandbox.start("linkedin", account="eu") == sandbox.start("linkedin", account="eu")


# ── posts ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "words", "inputs"),
    [
        ({"colour": "red"}, "/colour :: unrecognized field found but not allowed", ()),
        ({"visibility": "CONNECTIONS"}, "/visibility", ()),
        ({"lifecycleState": "DRAFT"}, "/lifecycleState", ()),
        ({"distribution": {"feedDistribution": "NONE"}}, "/distribution", ()),
        ({"isReshareDisabledByAuthor": "no"}, "/isReshareDisabledByAuthor", ()),
        ({"commentary": 7}, "/commentary", ()),
        ({"commentary": " "}, "a post of nothing", ("MISSING_FIELD",)),
        ({"commentary": "a" * 3001}, "3001 characters", ("FIELD_LENGTH_TOO_LONG",)),
        ({"commentary": "👍" * 1501}, "3002 characters", ("FIELD_LENGTH_TOO_LONG",)),
        ({"content": {}}, "/content/multiImage :: field is required", ("MISSING_FIELD",)),
        ({"content": {"article": {}}}, "/content/article", ()),
        ({"content": {"media": {"id": "7"}}}, "/content/media/id", ()),
        ({"content": {"media": {"id": "urn:li:image:7", "title": "x"}}}, "/title", ()),
        ({"content": {"media": {"id": "urn:li:image:7"}}}, "not a picture of", ("INVALID_URN",)),
        (
            {"content": {"media": {"id": "urn:li:image:7", "altText": "a" * 4087}}},
            "4087 characters",
            ("FIELD_LENGTH_TOO_LONG",),
        ),
        ({"content": {"multiImage": {"images": [{"id": "urn:li:image:7"}]}}}, "/images", ()),
        ({"content": {"multiImage": {"images": [{"id": "urn:li:image:7"}] * 21}}}, "/images", ()),
        ({"content": {"multiImage": {"images": [7, 8]}}}, "is not an object", ()),
    ],
    ids=str,
)
def test_a_post_that_breaks_a_rule_is_refused_and_not_made(sandbox, eu, change, words, inputs):
    refused(eu.post(**change), 422, words, inputs=inputs)
    assert sandbox.public("eu") == []


@pytest.mark.parametrize("name", ["author", "commentary", "visibility", "distribution"])
def test_what_a_post_needs_is_named(eu, name):
    said = {key: value for key, value in eu.said().items() if key != name}
    answer = eu("POST", "/rest/posts", json=said)
    refused(answer, 422, f"/{name} :: field is required", inputs=("MISSING_FIELD",))


def test_a_body_that_is_no_object_is_refused(eu):
    for sent in ({"json": []}, {"data": "x"}):
        refused(eu("POST", "/rest/posts", **sent), 400, "data map", code="ILLEGAL_ARGUMENT")


def test_only_the_author_that_the_token_speaks_for_may_post(sandbox, eu):
    es = caller(sandbox, "es")
    refused(eu.post(author=es.author), 403, "does not speak for", code="ACCESS_DENIED")
    refused(eu.initialise(owner=es.author), 403, "does not speak for", code="ACCESS_DENIED")


def test_a_post_ends_at_the_first_reserved_character_that_is_not_escaped(sandbox, eu):
    urn_of(eu.post("One (two) three"))
    urn_of(eu.post(r"One \(two\) #three"))
    assert [post.text for post in sandbox.public("eu")] == ["One ", "One (two) #three"]


def test_the_same_post_is_a_duplicate_that_is_named_until_it_is_gone(sandbox, eu):
    first = urn_of(eu.post("One"))
    refused(eu.post(" One\n"), 422, f"duplicate of {first}", inputs=("DUPLICATE_POST",))
    image = eu.upload()
    second = urn_of(eu.post("One", content={"media": {"id": image}}))
    again = eu.post("One", content={"media": {"id": image, "altText": "x"}})
    refused(again, 422, f"duplicate of {second}", inputs=("DUPLICATE_POST",))
    urn_of(eu.post("One", content={"media": {"id": eu.upload()}}))
    urn_of(caller(sandbox, "es").post("One"))
    assert eu.delete(first).status_code == 204
    urn_of(eu.post("One"))


def test_posts_are_found_newest_first_as_linkedin_keeps_them(eu, clock):
    for number in range(5):
        urn_of(eu.post(f"Number{number} #Orange \\*"))
        clock.instant += timedelta(minutes=1)
    first = eu.posts(count=2).json()
    assert [each["commentary"] for each in first["elements"]] == [
        rf"Number{number} {{hashtag|\#|Orange}} \*" for number in (4, 3)
    ]
    assert first["paging"]["total"] == 5
    assert len(eu.posts(start=4).json()["elements"]) == 1
    refused(eu.posts(method="GET_ALL"), 400, "must be FINDER", code="ILLEGAL_ARGUMENT")
    refused(eu.posts(colour="red"), 400, "colour", code="QUERY_PARAM_NOT_ALLOWED")
    refused(eu.posts(count=101), 400, "up to 100", code="ILLEGAL_ARGUMENT")
    refused(eu.posts(sortBy="CREATED"), 422, "sortBy")
    refused(eu.posts(author="urn:li:organization:1"), 403, code="ACCESS_DENIED")


def test_a_deleted_post_is_gone_and_only_its_author_may_delete(sandbox, eu):
    urn = urn_of(eu.post())
    eu.comment(urn)
    refused(eu.delete(urn, **{"X-RestLi-Method": "GET"}), 400, "DELETE", code="ILLEGAL_ARGUMENT")
    refused(caller(sandbox, "es").delete(urn), 403, code="ACCESS_DENIED")
    assert eu.delete(urn).status_code == 204
    assert sandbox.public("eu") == []
    refused(eu.delete(urn), 404, urn, code="NOT_FOUND")


# ── pictures ──────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_must_have_arrived_before_a_post_holds_it(eu):
    value = eu.initialise().json()["value"]
    assert eu.image(value["image"]).json()["status"] == "WAITING_UPLOAD"
    waiting = eu.post(content={"media": {"id": value["image"]}})
    refused(waiting, 400, "WAITING_UPLOAD", code="MEDIA_ASSET_WAITING_UPLOAD")
    path = value["uploadUrl"].removeprefix(eu.server)
    assert eu("PUT", path, data=PNG).status_code == 201
    refused(eu("PUT", path, data=PNG), 400, "no use any more")
    urn_of(eu.post(content={"media": {"id": value["image"]}}))


def test_an_address_for_an_upload_is_its_owners_and_lives_a_day(sandbox, eu, clock):
    path = eu.initialise().json()["value"]["uploadUrl"].removeprefix(eu.server)
    refused(caller(sandbox, "es")("PUT", path, data=PNG), 404, code="NOT_FOUND")
    clock.instant += timedelta(days=1)
    refused(eu("PUT", path, data=PNG), 400, "no use any more")


@pytest.mark.parametrize("data", [b"<html>", PNG + b"\0" * 8 * 1024 * 1024], ids=["page", "large"])
def test_what_is_no_picture_fails_once_it_is_worked_on(eu, data):
    urn = eu.upload(data)
    assert eu.image(urn).json()["status"] == "PROCESSING_FAILED"
    answer = eu.post(content={"media": {"id": urn}})
    refused(answer, 400, "PROCESSING_FAILED", code="MEDIA_ASSET_PROCESSING_FAILED")


def test_another_action_than_an_upload_is_refused(eu):
    answer = eu("POST", "/rest/images", params={"action": "register"}, json={})
    refused(answer, 400, "initializeUpload", code="ILLEGAL_ARGUMENT")


class TestPicturesThatTakeTime:
    @pytest.fixture
    def processing(self):
        return timedelta(seconds=10)

    def test_a_picture_is_available_after_a_while(self, eu, clock):
        urn = eu.upload()
        assert eu.image(urn).json()["status"] == "PROCESSING"
        clock.instant += timedelta(seconds=10)
        assert eu.image(urn).json()["status"] == "AVAILABLE"


# ── comments ──────────────────────────────────────────────────────────────────────────────────────


def test_a_comment_is_named_by_the_activity_of_its_post(sandbox, eu):
    urn = urn_of(eu.post())
    made = eu.comment(urn, "More (of it)")
    assert made.status_code == 201
    said = made.json()
    activity = said["object"]
    assert said["commentUrn"] == f"urn:li:comment:({activity},{said['id']})"
    assert activity.startswith("urn:li:activity:")
    assert eu.comment(activity, "By its activity").status_code == 201
    shown = [(post.text, post.reply_to) for post in sandbox.public("eu")]
    assert shown == [("Words.", None), ("More (of it)", urn), ("By its activity", urn)]
    path = f"/rest/socialActions/{quote(urn, safe='')}/comments"
    listed = eu("GET", path).json()["elements"]
    assert [each["message"]["text"] for each in listed] == ["More (of it)", "By its activity"]
    assert len(eu.posts().json()["elements"]) == 1, "a comment is no post"
    gone = eu("DELETE", f"{path}/{said['id']}", params={"actor": eu.author})
    assert gone.status_code == 204
    again = eu("DELETE", f"{path}/{said['id']}", params={"actor": eu.author})
    refused(again, 404, code="NOT_FOUND")


@pytest.mark.parametrize(
    ("change", "words", "inputs"),
    [
        ({"colour": "red"}, "/colour", ()),
        ({"message": {"text": "x", "attributes": []}}, "/message/attributes", ()),
        ({"message": {"text": "a" * 1251}}, "1251 characters", ("FIELD_LENGTH_TOO_LONG",)),
        ({"message": {"text": " "}}, "an empty comment", ("MISSING_FIELD",)),
        ({"object": "urn:li:share:7"}, "not what the address names", ("INVALID_URN",)),
    ],
    ids=str,
)
def test_a_comment_that_breaks_a_rule_is_refused_and_not_made(sandbox, eu, change, words, inputs):
    urn = urn_of(eu.post())
    refused(eu.comment(urn, **change), 422, words, inputs=inputs)
    assert len(sandbox.public("eu")) == 1


def test_a_comment_on_what_is_gone_is_refused(eu):
    refused(eu.comment("urn:li:share:7"), 404, "urn:li:share:7", code="NOT_FOUND")


def test_a_person_comments_where_there_are_no_versions(sandbox, ana):
    urn = urn_of(ana.post())
    assert ana.comment(urn, api="v2").status_code == 201
    assert len(sandbox.public("ana")) == 2


# ── how often ─────────────────────────────────────────────────────────────────────────────────────


def test_the_51st_post_of_an_hour_is_refused(eu, clock):
    for number in range(50):
        urn_of(eu.post(f"Number {number}"))
    refused(eu.post("One more"), 429, "throttle limit")
    clock.instant += timedelta(hours=1)
    urn_of(eu.post("One more"))


def test_the_151st_post_of_a_day_is_refused_until_midnight(eu, clock):
    for number in range(150):
        urn_of(eu.post(f"Number {number}"))
        clock.instant += timedelta(minutes=2)
    refused(eu.post("One more"), 429, "throttle limit")
    clock.instant = clock.instant.replace(hour=0, minute=0) + timedelta(days=1)
    urn_of(eu.post("One more"))
