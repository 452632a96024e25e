"""The stand-in speaks the AT Protocol and keeps the rules of the vendor's pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import requests
from werkzeug.test import Client
from werkzeug.wrappers import Request

from clocks import START, Clock
from scheduler.sandbox import Call, LoseAnswer, Sandbox, Script
from scheduler.sandbox.bluesky import BlueskyStandIn
from scheduler.sandbox.bluesky.contents import record_cid

PNG = b"\x89PNG\r\n\x1a\n and pixels"
POST = "app.bsky.feed.post"
GATE = "app.bsky.feed.threadgate"
NAME = "3lwqpx7wc222b"
LATER = "3lwqpx7wc322b"
TEXT = "Mención: ✨ @es.test"


@dataclass(slots=True)
class Caller:
    """A client that knows nothing but HTTP."""

    server: str
    handle: str
    password: str
    signed: dict = field(default_factory=dict)

    def __call__(self, method, name, *, token=None, **request):
        token = self.signed.get("accessJwt", "") if token is None else token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= request.pop("headers", {})
        path = f"{self.server}/xrpc/{name}"
        return requests.request(method, path, headers=headers, timeout=5, **request)

    def sign_in(self, **more):
        body = {"identifier": self.handle, "password": self.password, **more}
        answer = self("POST", "com.atproto.server.createSession", json=body, token="")
        if answer.status_code == 200:
            self.signed = answer.json()
        return answer

    def renew(self, token=None):
        token = token or self.signed["refreshJwt"]
        return self("POST", "com.atproto.server.refreshSession", token=token)

    def write(self, verb="putRecord", *, name=NAME, collection=POST, record=None, **more):
        body = {"repo": self.signed["did"], "collection": collection, "rkey": name}
        if record is not None:
            body["record"] = record
        return self("POST", f"com.atproto.repo.{verb}", json={**body, **more})

    def put(self, name=NAME, *, collection=POST, swap=(), **record):
        return self.write(
            name=name,
            collection=collection,
            record=post(**record) if collection == POST else record,
            **dict(swap),
        )

    def read(self, name=NAME, collection=POST):
        query = {"repo": self.handle, "collection": collection, "rkey": name}
        return self("GET", "com.atproto.repo.getRecord", params=query, token="")

    def listed(self, **more):
        query = {"repo": self.handle, "collection": POST, **more}
        return self("GET", "com.atproto.repo.listRecords", params=query, token="")

    def upload(self, data=PNG, media_type="image/png"):
        headers = {"Content-Type": media_type} if media_type else {}
        return self("POST", "com.atproto.repo.uploadBlob", data=data, headers=headers)


def post(**more):
    record = {"$type": POST, "text": "Words.", "createdAt": "2026-11-25T09:00:00.000Z", **more}
    return {name: value for name, value in record.items() if value is not None}


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
    address = sandbox.start("bluesky", account=account)
    eu = Caller(address.server, address.options["handle"], address.secrets["password"])
    assert eu.sign_in().status_code == 200
    return eu


@pytest.fixture
def eu(sandbox):
    return caller(sandbox, "eu")


def refused(response, status, name, words=""):
    assert (response.status_code, response.json()["error"]) == (status, name), response.text
    assert words in response.json()["message"]


# ── signing in ────────────────────────────────────────────────────────────────────────────────────


def test_a_session_says_who_it_is_and_where_its_records_live(eu):
    said = eu("GET", "com.atproto.server.getSession").json()
    assert (said["handle"], said["active"]) == ("eu.test", True)
    assert said["didDoc"]["service"][0]["serviceEndpoint"] == eu.server


def test_a_wrong_password_is_refused(eu):
    refused(eu.sign_in(password="wrong"), 401, "AuthenticationRequired", "Invalid identifier")


def test_what_no_schema_knows_is_refused(eu):
    refused(eu.sign_in(colour="red"), 400, "InvalidRequest", "colour")


@pytest.mark.parametrize(
    ("token", "status", "name"), [("", 401, "AuthMissing"), ("wrong", 400, "InvalidToken")]
)
def test_without_a_good_token_nothing_is_written(sandbox, eu, token, status, name):
    body = {"repo": "eu.test", "collection": POST, "rkey": NAME, "record": post()}
    refused(eu("POST", "com.atproto.repo.putRecord", token=token, json=body), status, name)
    assert sandbox.public("eu") == []


def test_an_access_token_is_good_for_two_hours(eu, clock):
    clock.instant += timedelta(minutes=119)
    assert eu.put().status_code == 200
    clock.instant += timedelta(minutes=1)
    refused(eu.put(LATER), 400, "ExpiredToken")


def test_a_refresh_token_is_no_access_token_and_the_other_way_round(eu):
    refused(eu.renew(eu.signed["accessJwt"]), 400, "InvalidToken")
    token = eu.signed["refreshJwt"]
    refused(eu("GET", "com.atproto.server.getSession", token=token), 400, "InvalidToken")


def test_a_renewed_refresh_token_stays_good_for_two_hours(eu, clock):
    old = eu.signed["refreshJwt"]
    new = eu.renew(old).json()["refreshJwt"]
    clock.instant += timedelta(minutes=119)
    assert eu.renew(old).status_code == 200
    clock.instant += timedelta(minutes=1)
    refused(eu.renew(old), 400, "ExpiredToken")
    assert eu.renew(new).status_code == 200


def test_a_refresh_token_is_good_for_ninety_days(eu, clock):
    clock.instant += timedelta(days=90)
    refused(eu.renew(), 400, "ExpiredToken")


def test_the_31st_sign_in_within_five_minutes_waits(eu, clock):
    for _ in range(29):
        assert eu.sign_in().status_code == 200
    limited = eu.sign_in()
    refused(limited, 429, "RateLimitExceeded")
    assert limited.headers["Retry-After"] == "300"
    assert limited.headers["RateLimit-Reset"] == str(int(START.timestamp()) + 300)
    clock.instant += timedelta(minutes=5)
    assert eu.sign_in().status_code == 200


def test_the_301st_sign_in_of_a_day_waits_for_the_next(eu, clock):
    for _ in range(299):
        clock.instant += timedelta(seconds=11)
        assert eu.sign_in().status_code == 200
    limited = eu.sign_in()
    refused(limited, 429, "RateLimitExceeded")
    assert limited.headers["RateLimit-Policy"] == "300;w=86400"


# ── records ───────────────────────────────────────────────────────────────────────────────────────


def test_a_record_stands_under_its_name_and_says_what_was_put(sandbox, eu):
    made = eu.put(text="Palabras.", langs=["es"]).json()
    assert made["uri"] == f"at://{eu.signed['did']}/{POST}/{NAME}"
    read = eu.read().json()
    assert (read["uri"], read["cid"]) == (made["uri"], made["cid"])
    assert read["value"] == post(text="Palabras.", langs=["es"])
    (seen,) = sandbox.public("eu")
    assert (seen.id, seen.key, seen.language) == (made["uri"], NAME, "es")


def test_the_very_same_record_once_more_changes_nothing(sandbox, eu):
    first = eu.put(swap={"swapRecord": None}.items()).json()
    again = eu.put(swap={"swapRecord": None}.items())
    assert (again.status_code, again.json()["cid"]) == (200, first["cid"])
    assert "commit" in first
    assert "commit" not in again.json()
    assert len(sandbox.public("eu")) == 1


def test_another_record_is_refused_where_none_was_expected(sandbox, eu):
    eu.put()
    refused(eu.put(text="Other.", swap={"swapRecord": None}.items()), 400, "InvalidSwap")
    assert [seen.text for seen in sandbox.public("eu")] == ["Words."]


def test_another_record_takes_its_place_where_nothing_was_expected(sandbox, eu):
    cid = eu.put().json()["cid"]
    assert eu.put(text="Other.").status_code == 200
    refused(eu.put(text="Third.", swap={"swapRecord": cid}.items()), 400, "InvalidSwap")
    assert [seen.text for seen in sandbox.public("eu")] == ["Other."]


def test_a_record_is_made_where_one_was_expected_to_be_and_is_not(eu):
    refused(eu.put(swap={"swapRecord": record_cid({})}.items()), 400, "InvalidSwap")


def test_creating_under_a_name_that_is_taken_is_the_servers_own_error(sandbox, eu):
    assert eu.write("createRecord", record=post()).status_code == 200
    refused(eu.write("createRecord", record=post()), 500, "InternalServerError")
    assert len(sandbox.public("eu")) == 1


def test_a_record_that_is_not_there_is_told_by_name(eu):
    refused(eu.read(), 400, "RecordNotFound")


def test_deleting_is_done_once_and_succeeds_twice(sandbox, eu):
    eu.put()
    assert "commit" in eu.write("deleteRecord").json()
    assert eu.write("deleteRecord").json() == {}
    assert sandbox.public("eu") == []


def test_nobody_writes_into_the_repository_of_another(sandbox, eu):
    es = caller(sandbox, "es")
    body = {"repo": es.signed["did"], "collection": POST, "rkey": NAME, "record": post()}
    answer = eu("POST", "com.atproto.repo.putRecord", json=body)
    refused(answer, 401, "AuthenticationRequired")
    assert sandbox.public("es") == []


def test_records_are_listed_newest_name_first_page_by_page(eu):
    names = [f"3lwqpx7wc{digit}22b" for digit in "234567"]
    for name in reversed(names):
        eu.put(name)
    first = eu.listed(limit=4).json()
    assert [each["uri"].rsplit("/", 1)[-1] for each in first["records"]] == names[:1:-1]
    rest = eu.listed(limit=4, cursor=first["cursor"]).json()
    assert [each["uri"].rsplit("/", 1)[-1] for each in rest["records"]] == [names[1], names[0]]
    assert eu.listed(cursor=rest["cursor"]).json() == {"records": []}
    refused(eu.listed(limit=101), 400, "InvalidRequest", "limit")


def test_a_repository_of_nobody_is_not_found(eu):
    nobody = Caller(eu.server, "nobody.test", "")
    refused(nobody.read(), 400, "InvalidRequest", "Could not find repo: nobody.test")
    refused(nobody.listed(), 400, "InvalidRequest", "Could not find repo: nobody.test")


def test_a_request_without_a_body_is_refused(eu):
    answer = eu("POST", "com.atproto.repo.putRecord")
    refused(answer, 400, "InvalidRequest", "body is expected")


def test_handles_are_resolved_for_anyone(sandbox, eu):
    es = caller(sandbox, "es")
    query = {"handle": "es.test"}
    said = eu("GET", "com.atproto.identity.resolveHandle", params=query, token="").json()
    assert said == {"did": es.signed["did"]}
    unknown = eu("GET", "com.atproto.identity.resolveHandle", params={"handle": "x.test"})
    refused(unknown, 400, "InvalidRequest", "Unable to resolve handle")


def test_what_is_not_spoken_here_is_said_so(eu):
    assert eu("GET", "com.atproto.server.describeServer").status_code == 501
    assert eu("GET", "com.atproto.repo.putRecord").status_code == 405


# ── what a post may be ────────────────────────────────────────────────────────────────────────────


def facet(begin, end, **feature):
    return {"index": {"byteStart": begin, "byteEnd": end}, "features": [feature]}


def link(begin, end, uri="https://example.org"):
    return facet(begin, end, **{"$type": "app.bsky.richtext.facet#link", "uri": uri})


def tag(word, begin=0, end=3):
    return facet(begin, end, **{"$type": "app.bsky.richtext.facet#tag", "tag": word})


LABELS = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}


@pytest.mark.parametrize(
    "taken",
    [
        {"text": "a" * 300},
        {"text": "👨‍👩‍👧‍👦" * 120},
        {"langs": ["es", "pt-BR", "sr-Latn"]},
        {"tags": ["16Days"] * 8},
        {"labels": LABELS},
        {"createdAt": "2026-11-25T10:00:00+01:00"},
        {"text": TEXT, "facets": [link(0, 8), link(10, 13), link(14, 22)]},
        {"text": TEXT, "facets": [tag("a" * 64)]},
    ],
)
def test_a_post_within_every_rule_is_taken(eu, taken):
    assert eu.put(**taken).status_code == 200


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"text": "a" * 301}, "300 graphemes"),
        ({"text": "👨‍👩‍👧‍👦" * 121}, "3000 bytes"),
        ({"text": ""}, "must not be empty"),
        ({"text": 7}, "must be a string"),
        ({"text": None}, '"text"'),
        ({"createdAt": None}, '"createdAt"'),
        ({"createdAt": "2026-11-25"}, "createdAt"),
        ({"createdAt": "2026-11-25T09:00:00"}, "createdAt"),
        ({"createdAt": "2026-02-30T09:00:00Z"}, "instant that there is"),
        ({"$type": GATE}, "$type must be app.bsky.feed.post"),
        ({"colour": "red"}, "colour"),
        ({"langs": ["en", "de", "fr", "es"]}, "more than 3"),
        ({"langs": ["English!"]}, "malformed"),
        ({"langs": "en"}, "must be an array"),
        ({"tags": ["a"] * 9}, "more than 8"),
        ({"tags": ["#a"]}, "without #"),
        ({"labels": {**LABELS, "values": [{"val": "Graphic Media"}]}}, "lower-case"),
        ({"labels": {"values": []}}, '"$type"'),
        ({"reply": {"root": {"uri": "x", "cid": "y"}}}, '"parent"'),
        ({"embed": {"$type": "app.bsky.embed.gallery", "images": []}}, "$type"),
        ({"embed": {"$type": "app.bsky.embed.images", "images": []}}, "must not be empty"),
        ({"text": TEXT, "facets": {}}, "must be an array"),
        ({"text": TEXT, "facets": [link(0, 24)]}, "within the text"),
        ({"text": TEXT, "facets": [link(3, 3)]}, "within the text"),
        ({"text": TEXT, "facets": [link(-1, 3)]}, "within the text"),
        ({"text": TEXT, "facets": [link(0, 6)]}, "cut a character"),
        ({"text": TEXT, "facets": [link(12, 15)]}, "cut a character"),
        ({"text": TEXT, "facets": [link(0, 9), link(8, 10)]}, "overlap"),
        ({"text": TEXT, "facets": [link(10, 13), link(0, 3)]}, "overlap"),
        ({"text": TEXT, "facets": [link(0, 3, "example.org")]}, "malformed"),
        ({"text": TEXT, "facets": [link(0, 1.5)]}, "two integers"),
        ({"text": TEXT, "facets": [{**link(0, 3), "features": []}]}, "must not be empty"),
        ({"text": TEXT, "facets": [{**link(0, 3), "colour": "red"}]}, "colour"),
        ({"text": TEXT, "facets": [facet(0, 3, **{"$type": "x#link2"})]}, "feature of"),
        (
            {
                "text": TEXT,
                "facets": [
                    facet(0, 3, **{"$type": "app.bsky.richtext.facet#mention", "did": "eu"})
                ],
            },
            "malformed",
        ),
        ({"text": TEXT, "facets": [tag("a" * 65)]}, "64 graphemes"),
        ({"text": TEXT, "facets": [tag("👨‍👩‍👧‍👦" * 26)]}, "640 bytes"),
        ({"text": TEXT, "facets": [tag("two words")]}, "without spaces"),
    ],
)
def test_a_post_that_breaks_a_rule_is_refused_and_not_made(sandbox, eu, broken, words):
    refused(eu.put(**broken), 400, "InvalidRequest", words)
    assert sandbox.public("eu") == []


@pytest.mark.parametrize("name", ["self", "3lwqpx7wc222", "zlwqpx7wc222b", "3LWQPX7WC222B", ""])
def test_a_name_that_is_no_tid_is_refused(eu, name):
    refused(eu.put(name), 400, "InvalidRequest", "Invalid record key")


def test_a_collection_that_nobody_knows_is_refused(eu):
    answer = eu.write(collection="app.bsky.feed.unknown", record=post())
    refused(answer, 400, "InvalidRequest", "Unknown lexicon type")


def test_an_answer_needs_its_post_and_the_beginning_of_its_thread(eu):
    def reference(made):
        return {"uri": made["uri"], "cid": made["cid"]}

    first = reference(eu.put().json())
    second_name, third_name = "3lwqpx7wc322b", "3lwqpx7wc422b"
    second = reference(eu.put(second_name, reply={"root": first, "parent": first}).json())
    assert eu.put(third_name, reply={"root": first, "parent": second}).status_code == 200

    other = "3lwqpx7wc522b"
    wrong_root = {"root": second, "parent": second}
    refused(eu.put(other, reply=wrong_root), 400, "InvalidRequest", "where the thread begins")
    changed = {"root": first, "parent": {**second, "cid": first["cid"]}}
    refused(eu.put(other, reply=changed), 400, "InvalidRequest", "what is not there")


# ── pictures ──────────────────────────────────────────────────────────────────────────────────────


def embedded(*blobs, alt="A card", **more):
    images = [{"image": blob, "alt": alt, **more} for blob in blobs]
    return {"$type": "app.bsky.embed.images", "images": images}


def test_pictures_are_seen_with_their_alt_texts(sandbox, eu):
    blob = eu.upload().json()["blob"]
    ratio = {"width": 4, "height": 5}
    assert eu.put(embed=embedded(blob, aspectRatio=ratio)).status_code == 200
    (seen,) = sandbox.public("eu")
    assert (seen.alts, seen.pictures) == (("A card",), (PNG,))


def test_the_server_believes_the_bytes_and_not_the_header(eu):
    assert eu.upload(media_type="image/jpeg").json()["blob"]["mimeType"] == "image/png"
    assert eu.upload(b"text", "text/plain").json()["blob"]["mimeType"] == "text/plain"


def test_the_same_bytes_are_the_same_blob(eu):
    assert eu.upload().json() == eu.upload().json()


def test_an_upload_that_is_too_large_or_of_no_kind_is_refused(eu):
    refused(eu.upload(PNG + b"\0" * 5 * 1024 * 1024), 413, "PayloadTooLarge")
    refused(eu.upload(media_type=""), 400, "InvalidRequest", "Content-Type")


def test_how_large_a_picture_is_matters_when_a_post_names_it(sandbox, eu):
    blob = eu.upload(PNG.ljust(1_000_000, b"\0")).json()["blob"]
    assert eu.put(embed=embedded(blob)).status_code == 200
    heavy = eu.upload(PNG.ljust(1_000_001, b"\0"))
    assert heavy.status_code == 200
    answer = eu.put(LATER, embed=embedded(heavy.json()["blob"]))
    refused(answer, 400, "InvalidRequest", "at most 1000000 bytes")
    assert len(sandbox.public("eu")) == 1


def test_a_blob_is_what_it_says_or_refused(eu):
    blob = eu.upload().json()["blob"]
    unknown = {**blob, "ref": {"$link": "b" + "a" * 58}}
    for broken, name in [
        (unknown, "BlobNotFound"),
        ({**blob, "mimeType": "image/jpeg"}, "InvalidMimeType"),
        ({**blob, "size": 1}, "InvalidSize"),
        ({**blob, "mimeType": "text/plain"}, "InvalidRequest"),
        ({**blob, "size": "1"}, "InvalidRequest"),
        ({**blob, "$type": "image"}, "InvalidRequest"),
        ({**blob, "ref": "x"}, "InvalidRequest"),
    ]:
        refused(eu.put(embed=embedded(broken)), 400, name)


@pytest.mark.parametrize(
    "more",
    [
        {"alt": 7},
        {"colour": "red"},
        {"aspectRatio": {"width": 0, "height": 5}},
        {"aspectRatio": {"width": 1 << 64, "height": 5}},
    ],
)
def test_an_image_that_breaks_a_rule_is_refused(eu, more):
    blob = eu.upload().json()["blob"]
    refused(eu.put(embed=embedded(blob, **more)), 400, "InvalidRequest")


def test_a_fifth_picture_is_refused(eu):
    blob = eu.upload().json()["blob"]
    assert eu.put(embed=embedded(*[blob] * 4)).status_code == 200
    refused(eu.put(LATER, embed=embedded(*[blob] * 5)), 400, "InvalidRequest", "more than 4")


def test_a_picture_that_no_post_names_is_thrown_away(eu, clock):
    used, unused = eu.upload().json()["blob"], eu.upload(PNG + b"!").json()["blob"]
    eu.put(embed=embedded(used))
    clock.instant += timedelta(minutes=11)
    assert eu.put(LATER, embed=embedded(used)).status_code == 200
    refused(eu.put("3lwqpx7wc422b", embed=embedded(unused)), 400, "BlobNotFound")


def test_a_picture_belongs_to_the_account_that_uploaded_it(sandbox, eu):
    blob = eu.upload().json()["blob"]
    refused(caller(sandbox, "es").put(embed=embedded(blob)), 400, "BlobNotFound")


# ── who may answer ────────────────────────────────────────────────────────────────────────────────


def gate(eu, **more):
    record = {
        "$type": GATE,
        "post": f"at://{eu.signed['did']}/{POST}/{NAME}",
        "allow": [{"$type": f"{GATE}#mentionRule"}],
        "createdAt": "2026-11-25T09:00:00.000Z",
        **more,
    }
    return eu.put(collection=GATE, **record)


def test_a_gate_may_stand_before_its_post_and_nobody_sees_it(sandbox, eu):
    assert gate(eu).status_code == 200
    assert sandbox.public("eu") == []


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"post": f"at://did:plc:x/{POST}/{NAME}"}, "post of the same name"),
        ({"post": "https://bsky.app"}, "malformed"),
        ({"allow": [{"$type": "app.bsky.feed.threadgate#everybodyRule"}]}, "must be a rule"),
        ({"allow": [{"$type": "app.bsky.feed.threadgate#listRule"}]}, '"list"'),
        ({"allow": [{"$type": f"{GATE}#mentionRule"}] * 6}, "more than 5"),
        ({"allow": [{"$type": f"{GATE}#mentionRule", "colour": "red"}]}, "colour"),
        ({"hiddenReplies": ["x"]}, "malformed"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_gate_that_breaks_a_rule_is_refused(eu, broken, words):
    refused(gate(eu, **broken), 400, "InvalidRequest", words)


# ── how often ─────────────────────────────────────────────────────────────────────────────────────


def test_a_write_shows_the_limit_that_has_the_least_left(eu):
    """At first, that of all calls from one address: 3,000 in five minutes."""
    made = eu.put()
    assert made.headers["RateLimit-Policy"] == "3000;w=300"
    left = int(made.headers["RateLimit-Remaining"])
    assert int(eu.put(LATER).headers["RateLimit-Remaining"]) == left - 1


def test_an_hour_has_5000_points_for_writing(clock):
    """Three for a record that is made, two for one that is put again, one for one that goes."""
    stand_in = BlueskyStandIn(now=clock.now, processing=timedelta(0))
    address = stand_in.admit("eu")
    client = Client(lambda environ, start: stand_in.answer(Request(environ))(environ, start))
    body = {"identifier": "eu.test", **address.secrets}
    token = client.post("/xrpc/com.atproto.server.createSession", json=body).json["accessJwt"]

    def write(name, verb="putRecord", **more):
        body = {"repo": "eu.test", "collection": POST, "rkey": name, **more}
        signed = {"Authorization": f"Bearer {token}"}
        return client.post(f"/xrpc/com.atproto.repo.{verb}", json=body, headers=signed)

    for number in range(1665):
        if number % 500 == 0:  # so that the limit of calls is never the nearer one
            clock.instant += timedelta(minutes=5)
        answer = write(numbered(number), record=post())
    assert answer.headers["RateLimit-Limit"] == "5000"
    left = [
        write(numbered(0), record=post()),
        write(numbered(0), "deleteRecord"),
        write(numbered(0), "deleteRecord"),
    ]
    assert [answer.headers["RateLimit-Remaining"] for answer in left] == ["3", "2", "1"]
    limited = write(numbered(1), record=post())
    assert (limited.status_code, limited.json["error"]) == (429, "RateLimitExceeded")
    clock.instant += timedelta(hours=1)
    assert write(numbered(1), record=post()).status_code == 200


def numbered(number):
    """A name of its own for each number."""
    return f"3lwqpx7w{number:05}".translate(str.maketrans("0189", "wxyz"))


def test_a_fault_happens_at_the_call_that_it_was_written_for(sandbox, eu, script):
    script.add("POST /xrpc/com.atproto.repo.putRecord", LoseAnswer())
    with pytest.raises(requests.ConnectionError):
        eu.put()
    assert len(sandbox.public("eu")) == 1


def test_whoever_decides_on_faults_is_told_whose_call_it_is(clock):
    calls = []
    with Sandbox(now=clock.now, faults=calls.append) as sandbox:
        caller(sandbox, "eu").put()
    assert calls[-1] == Call(
        platform="bluesky",
        account="eu",
        endpoint="POST /xrpc/com.atproto.repo.putRecord",
        number=1,
    )


def test_starting_an_account_twice_gives_the_same_place(sandbox):
    first = sandbox.start("bluesky", account="italy.page")
    assert sandbox.start("bluesky", account="italy.page") == first
    assert first.options == {
        "server": first.server,
        "sandbox": "true",
        "handle": "italy.page.test",
    }


# ── names ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "cid"),
    [
        ({}, "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua"),
        ({"value": None}, "bafyreiecnqp5rzg37xkql3ug2mmznopmp57vu4x6474bolgu3at5u24r4q"),
        ({"value": True}, "bafyreihworavmjavtsuo2cxaripi4wehu7bgvzvr7a2cekm3zbfbap7hu4"),
        ({"value": False}, "bafyreicmqzcdoyglzqfhsch6mjx5lb3bo7dtxqkz2jzkdrqv6l6wr4jiva"),
        ({"value": -7}, "bafyreifhpb57amtxurfhl4xjh3p7jox7aimfbbh65dpxo7jgynmwqetyui"),
        (
            {"value": [1, 24, 256, 65536, 4294967296]},
            "bafyreibgda2ilgjlvmy3pcdj2fbmrbwixcw6up2amwgtdwrzioduizeoea",
        ),
        (
            {"bb": 1, "a": 2, "c": "é"},
            "bafyreidw2edjyinp6jasp3ct2pb5buqy7zsol6j5w25tbt4qgp2kypqcqq",
        ),
    ],
    ids=str,
)
def test_a_record_has_the_name_that_the_real_server_gives_it(value, cid):
    """As the libraries of @atproto/pds 0.4.217 computed them."""
    assert record_cid(value) == cid


@pytest.mark.parametrize("value", [1.5, b"bytes", {1}, 1 << 64])
def test_what_no_record_may_hold_has_no_name(value):
    with pytest.raises(ValueError, match="record"):
        record_cid({"value": value})
