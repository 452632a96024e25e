"""A request that does not agree with a specification is found, whichever it is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from arrivals import Arrival
from bot_api import BotApi
from lexicons import Lexicons
from openapi import OpenApi
from specifications import NAMES, REMARKS, judged, published

from scheduler.sandbox import STAND_INS

POST = Arrival(
    platform="x",
    method="POST",
    path="/2/tweets",
    content_type="application/json",
    data=b'{"text": "Words.", "media": {"media_ids": ["17"]}}',
    test="a test",
)
UPLOAD = Arrival(
    platform="x",
    method="POST",
    path="/2/media/upload",
    content_type="multipart/form-data; boundary=b",
    data=b"--b\r\nContent-Disposition: form-data; name=media_category\r\n\r\ntweet_image\r\n"
    b'--b\r\nContent-Disposition: form-data; name=media; filename="1.png"\r\n'
    b"Content-Type: image/png\r\n\r\n\x89PNG\r\n--b--\r\n",
)
STATUS = replace(
    POST,
    platform="mastodon",
    path="/api/v1/statuses",
    data=b'{"status": "Words.", "language": "en", "visibility": "public", "media_ids": ["17"]}',
)
REPO = {"repo": "did:plc:abc", "collection": "app.bsky.feed.post", "rkey": "3lwqpx7wc222b"}
RECORD = {
    "$type": "app.bsky.feed.post",
    "text": "Words.",
    "createdAt": "2026-11-25T09:00:00.000Z",
    "langs": ["es"],
    "facets": [
        {
            "index": {"byteStart": 0, "byteEnd": 5},
            "features": [
                {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.org/ayuda"}
            ],
        }
    ],
    "embed": {
        "$type": "app.bsky.embed.images",
        "images": [
            {
                "alt": "A card",
                "aspectRatio": {"width": 8, "height": 10},
                "image": {
                    "$type": "blob",
                    "ref": {"$link": "bafkreibabalobzn6cd366ukcsjycp4yymjymgfxcv6xczmlgpemzkz3cfa"},
                    "mimeType": "image/png",
                    "size": 760898,
                },
            }
        ],
    },
}


def put(record, **changes) -> Arrival:
    body = {**REPO, "record": record, "validate": True, "swapRecord": None, **changes}
    path = "/xrpc/com.atproto.repo.putRecord"
    return replace(POST, platform="bluesky", path=path, data=json.dumps(body).encode())


PUT = put(RECORD)
IMAGE = RECORD["embed"]["images"][0]
IN_IMAGE = "$.record.embed.images[0]"


def uploaded(old: bytes, new: bytes) -> Arrival:
    return replace(UPLOAD, data=UPLOAD.data.replace(old, new))


def changed(**changes) -> Arrival:
    return put({**RECORD, **changes})


def embedded(**changes) -> Arrival:
    return changed(embed={**RECORD["embed"], "images": [{**IMAGE, **changes}]})


def found(arrival: Arrival, folder: Path) -> list[tuple[str, str]]:
    specification = published(folder)[arrival.platform].specification
    return [(each.where, each.says) for each in specification.differences(arrival)]


@pytest.mark.parametrize("arrival", [POST, UPLOAD, STATUS, PUT], ids=lambda each: each.path)
def test_what_we_send_agrees(specs, arrival):
    assert found(arrival, specs) == []


@pytest.mark.parametrize(
    ("arrival", "where"),
    [
        (replace(POST, data=b'{"txt": "Words."}'), "$"),
        (replace(POST, data=b'{"text": 7}'), "$.text"),
        (replace(POST, data=b'{"media": {"media_ids": [17]}}'), "$.media.media_ids[0]"),
        (replace(POST, data=b'{"media": {"media_ids": ["1"], "alt": "x"}}'), "$.media"),
        (replace(POST, data=b'{"reply_settings": "nobody"}'), "$.reply_settings"),
        (replace(POST, data=b""), "$"),
        (replace(POST, data=b"{"), "$"),
        (replace(POST, content_type="text/plain"), "$"),
        (replace(POST, method="PATCH"), ""),
        (replace(POST, query=(("colour", "red"),)), "?colour"),
        (replace(POST, method="DELETE", path="/2/tweets/seven", data=b""), "{id}"),
        (replace(POST, method="GET", path="/2/media/upload", data=b""), "?media_id"),
        (uploaded(b"tweet_image", b"a_picture"), "$.media_category"),
        (uploaded(b"name=media;", b"name=file;"), "$"),
        (replace(STATUS, data=b'{"status": "Words.", "spoiler": "x"}'), "$"),
        (replace(STATUS, data=b'{"status": "Words.", "scheduled_at": "noon"}'), "$.scheduled_at"),
        (replace(STATUS, data=b'{"media_ids": [17]}'), "$.media_ids[0]"),
        (replace(STATUS, data=b'{"status": "Words.", "visibility": "all"}'), "$.visibility"),
        (replace(STATUS, data=b'{"status": "Words.", "sensitive": "false"}'), "$.sensitive"),
        (
            replace(
                STATUS,
                method="GET",
                path="/api/v1/accounts/1/statuses",
                query=(("limit", "all"),),
                data=b"",
            ),
            "?limit",
        ),
        (changed(text="a" * 301), "$.record.text"),
        (changed(txt="a"), "$.record.txt"),
        (changed(createdAt="2026-11-25 09:00"), "$.record.createdAt"),
        (changed(langs=["en", "es", "fr", "de"]), "$.record.langs"),
        (changed(langs=["español"]), "$.record.langs[0]"),
        (changed(embed={"images": []}), "$.record.embed.$type"),
        (changed(reply={"root": {"uri": "at://did:plc:abc"}}), "$.record.reply.parent"),
        (embedded(aspectRatio={"width": 0, "height": 10}), f"{IN_IMAGE}.aspectRatio.width"),
        (embedded(aspectRatio={"width": True, "height": 1}), f"{IN_IMAGE}.aspectRatio.width"),
        (
            embedded(image={**IMAGE["image"], "mimeType": "text/plain"}),
            f"{IN_IMAGE}.image.mimeType",
        ),
        (
            embedded(image={**IMAGE["image"], "size": 2_000_001}),
            f"{IN_IMAGE}.image.size",
        ),
        (put({**RECORD, "$type": "app.bsky.feed.like"}), "$.record.$type"),
        (put(RECORD, rkey="0"), "$.rkey"),
        (put(RECORD, repo="somebody"), "$.repo"),
        (put(RECORD, swapCommit=None), "$.swapCommit"),
        (replace(PUT, content_type=""), "$"),
        (
            replace(
                PUT,
                method="GET",
                path="/xrpc/com.atproto.repo.listRecords",
                query=(("repo", "did:plc:abc"), ("collection", REPO["collection"]), ("limit", "0")),
                data=b"",
            ),
            "?limit",
        ),
        (replace(PUT, path="/xrpc/com.atproto.server.refreshSession"), "$"),
    ],
)
def test_what_is_wrong_is_found_where_it_is(specs, arrival, where):
    assert where in [place for place, _ in found(arrival, specs)]


MAKE = replace(
    POST,
    platform="threads",
    path="/v1.0/me/threads",
    content_type="application/x-www-form-urlencoded",
    data=b"media_type=TEXT&text=Words.&reply_control=everyone&access_token=t",
)
SHOW = replace(
    MAKE,
    method="GET",
    path="/v1.0/17",
    query=(("fields", "id,status"), ("access_token", "t")),
    data=b"",
)


@pytest.mark.parametrize("arrival", [MAKE, SHOW], ids=lambda each: each.path)
def test_what_we_send_to_threads_agrees(specs, arrival):
    assert found(arrival, specs) == []


@pytest.mark.parametrize(
    ("arrival", "where"),
    [
        (replace(MAKE, data=b"media_type=TEXT&text=a&alt=b"), "?alt"),
        (replace(MAKE, data=b"media_type=TEXT&text=a&is_spoiler_media=true"), "?is_spoiler_media"),
        (replace(MAKE, data=b"media_type=TEXT&text=a&reply_control=nobody"), "?reply_control"),
        (replace(MAKE, data=b"media_type=POEM&text=a"), "?media_type"),
        (
            replace(MAKE, data=b"media_type=IMAGE&is_carousel_item=true&image_url=a&text=b"),
            "?text",
        ),
        (replace(SHOW, query=(("fields", "id,state"),)), "?fields"),
        (replace(SHOW, path="/v1.0/17/status"), ""),
        (replace(SHOW, method="PATCH"), ""),
    ],
)
def test_what_is_wrong_of_it_is_found_where_it_is(specs, arrival, where):
    assert where in [place for place, _ in found(arrival, specs)]


# ── without the vendors' documents ──────────────────────────────────────────────────────────────

DOCUMENT = {
    "openapi": "3.0.0",
    "paths": {
        "/2/tweets": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/parts/post"}}},
                }
            }
        }
    },
    "parts": {
        "post": {
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string", "maxLength": 10, "nullable": True}},
        }
    },
}
LEXICON = {
    "id": "org.example.say",
    "defs": {
        "main": {
            "type": "procedure",
            "input": {
                "encoding": "application/json",
                "schema": {
                    "type": "object",
                    "required": ["text"],
                    "properties": {"text": {"type": "string", "maxLength": 10}},
                },
            },
        }
    },
}
METHODS = {
    "methods": {
        "getMe": {},
        "sendMessage": {
            "fields": [
                {"name": "text", "types": ["String"], "required": True},
                {"name": "media", "types": ["Array of Photo and Video"], "required": False},
                {"name": "silent", "types": ["Boolean"], "required": False},
                {"name": "file", "types": ["InputFile", "String"], "required": False},
            ]
        },
    },
    "types": {
        "Media": {"subtypes": ["Photo", "Video"]},
        "Photo": {"fields": [{"name": "photo", "types": ["String"], "required": True}]},
        "Video": {"fields": [{"name": "length", "types": ["Integer"], "required": True}]},
    },
}
SEND = replace(POST, platform="telegram", path="/bot1:a/sendMessage", data=b'{"text": "Words."}')
COLLECTION = {
    "variable": [{"key": "media_type", "value": "TEXT, IMAGE"}],
    "item": [
        {
            "request": {
                "method": "POST",
                "url": {
                    "path": ["me", "threads"],
                    "query": [{"key": "media_type", "value": "TEXT"}, {"key": "text"}],
                },
            }
        }
    ],
}
SAY = replace(POST, platform="bluesky", path="/xrpc/org.example.say", data=b'{"text": "Words."}')
SHORT = replace(POST, data=b'{"text": "Words."}')


@pytest.fixture
def folder(tmp_path):
    """Documents of our own under the vendors' names."""
    (tmp_path / "x-openapi-0.json").write_text(json.dumps(DOCUMENT), "utf-8")
    (tmp_path / "mastodon-openapi-0.json").write_text(json.dumps(DOCUMENT), "utf-8")
    (tmp_path / "telegram-bot-api-0.json").write_text(json.dumps(METHODS), "utf-8")
    (tmp_path / "threads-postman.json").write_text(json.dumps(COLLECTION), "utf-8")
    (tmp_path / "lexicons").mkdir()
    (tmp_path / "lexicons" / "org.example.say.json").write_text(json.dumps(LEXICON), "utf-8")
    return tmp_path


def verdicts(folder, *arrivals):
    return {each.platform: each for each in judged(arrivals, folder)}


SENT = replace(MAKE, data=b"media_type=TEXT&text=Words.&access_token=t")
WITH_JSON = (SHORT, replace(SHORT, platform="mastodon"), SAY, SEND)
ALL = (*WITH_JSON, SENT)


def test_a_run_that_agrees_is_told_in_a_line_for_each_platform(folder):
    assert [line for each in verdicts(folder, *ALL).values() for line in each.lines()] == [
        "X: 1 requests of 1 operations agree with x-openapi-0.json",
        "Mastodon: 1 requests of 1 operations agree with mastodon-openapi-0.json",
        "Bluesky: 1 requests of 1 operations agree with lexicons",
        "Threads: 1 requests of 1 operations agree with threads-postman.json",
        "Telegram: 1 requests of 1 operations agree with telegram-bot-api-0.json",
    ]


@pytest.mark.parametrize("arrival", WITH_JSON, ids=lambda each: each.platform)
@pytest.mark.parametrize("body", [b'{"text": 7}', b"{}", b'{"text": "", "x": 1}'])
def test_a_wrong_body_makes_the_verdict_of_its_platform_bad(folder, arrival, body):
    found = verdicts(folder, *ALL, replace(arrival, data=body))
    assert [name for name, each in found.items() if each.different] == [arrival.platform]
    assert next(iter(found[arrival.platform].different.values())) == ["a test"]


def test_a_wrong_name_in_a_form_makes_the_verdict_bad_as_well(folder):
    found = verdicts(folder, *ALL, replace(SENT, data=b"media_type=TEXT&words=a"))
    assert [name for name, each in found.items() if each.different] == ["threads"]


def test_a_platform_without_requests_or_without_a_specification_is_not_called_good(tmp_path):
    assert all(each.different for each in verdicts(tmp_path, *ALL).values())


def test_what_is_wrong_on_purpose_is_only_named(folder):
    wrong = replace(SHORT, data=b"{}", test="another", on_purpose="it must be refused")
    verdict = verdicts(folder, *ALL, wrong)["x"]
    assert not verdict.different
    assert "  on purpose: another: it must be refused" in list(verdict.lines())


def test_a_mark_that_nothing_needs_is_a_difference(folder):
    marked = replace(SHORT, on_purpose="it must be refused")
    assert verdicts(folder, *ALL, marked)["x"].different


def test_null_is_taken_where_the_older_openapi_says_nullable():
    assert list(OpenApi(DOCUMENT).differences(replace(POST, data=b'{"text": null}'))) == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'{"text": "Words.", "media": [{"photo": "a"}, {"length": 7}]}', None),
        (b'{"text": "Words.", "silent": true}', None),
        (b'{"text": "Words.", "silent": "true"}', "$.silent"),
        (b'{"text": "Words.", "silent": 1}', "$.silent"),
        (b'{"text": "Words.", "media": {"photo": "a"}}', "$.media"),
        (b'{"text": "Words.", "media": [{"length": "7"}]}', "$.media[0].length"),
        (b'{"text": "Words.", "media": [{"photo": "a", "x": 1}]}', "$.media[0].x"),
        (b'{"txt": "Words."}', "$.txt"),
        (b"{", "$"),
    ],
)
def test_a_method_of_a_bot_is_held_to_its_fields(body, where):
    found = [each.where for each in BotApi(METHODS).differences(replace(SEND, data=body))]
    assert found[:1] == ([where] if where else [])


def form(**fields: str) -> Arrival:
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return replace(
        SEND,
        content_type="multipart/form-data; boundary=b",
        data="".join((*parts, "--b--\r\n")).encode(),
    )


@pytest.mark.parametrize(
    ("arrival", "where"),
    [
        (form(text="123", silent="true", file="\x89PNG"), None),
        (form(text="a", media='[{"photo": "attach://p1"}]', p1="\x89PNG"), None),
        (form(text="a", p1="\x89PNG"), "$.p1"),
        (form(text="a", silent="yes"), "$.silent"),
    ],
)
def test_in_a_form_all_but_text_is_read_as_json(arrival, where):
    found = [each.where for each in BotApi(METHODS).differences(arrival)]
    assert found == ([where] if where else [])


def test_what_is_no_method_of_a_bot_is_named():
    (difference,) = BotApi(METHODS).differences(replace(SEND, path="/bot1:a/shout"))
    assert difference.lacks == "/bot1:a/shout"


def test_what_a_lexicon_lacks_is_named():
    (difference,) = Lexicons({}).differences(SAY)
    assert difference.lacks == "POST org.example.say"


# ── the run itself ──────────────────────────────────────────────────────────────────────────────

ROOM = Path(__file__).parent


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """Who the accounts are is asked of all of them, in requests that take next to nothing."""
    command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--specs", str(folder))
    files = [str(ROOM / f"test_{name}.py") for name in NAMES]
    asked = ("-k", "test_it_says_who_it_is")
    return subprocess.run(
        (*command, *asked, *files), cwd=ROOM.parents[1], capture_output=True, text=True, check=False
    )


def test_tests_that_pass_are_not_enough(folder):
    done = run(folder)
    assert "6 passed" in done.stdout
    assert "GET /2/users/me: request: there is no such operation" in done.stdout
    assert done.returncode == 1


def test_a_run_that_agrees_succeeds(specs):
    done = run(specs)
    assert "X: 1 requests of 1 operations agree with x-openapi-" in done.stdout
    assert done.returncode == 0


def test_every_sandbox_of_this_room_is_watched():
    opened = re.compile(r"\bSandbox\(")
    assert [file.name for file in ROOM.glob("*.py") if opened.search(file.read_text("utf-8"))] == []


def test_every_platform_is_held_against_a_specification_or_it_is_said_that_none_is_published():
    unpublished = {each["platform"]: each["reason"] for each in REMARKS["unpublished"]}
    assert all(unpublished.values())
    assert {*NAMES, *unpublished} == {*STAND_INS}
    assert not {*NAMES} & {*unpublished}
