"""The stand-in is GoToSocial, Hollo or Takahē with their own rules, to whoever speaks HTTP."""

from __future__ import annotations

import pytest
import requests

from clocks import Clock
from scheduler.sandbox import Sandbox

PNG = b"\x89PNG\r\n\x1a\n and pixels"
LINK = "https://example.org/" + "a" * 480


@pytest.fixture
def sandbox():
    with Sandbox(now=Clock().now) as sandbox:
        yield sandbox


@pytest.fixture
def ask(sandbox):
    def ask(software, method, path, *, token="", key="", **request):
        address = sandbox.start("mastodon", account="eu", software=software)
        headers = {"Authorization": f"Bearer {token or address.secrets['token']}"}
        if key:
            headers["Idempotency-Key"] = key
        return requests.request(
            method, address.server + path, headers=headers, timeout=5, **request
        )

    return ask


@pytest.fixture
def post(ask):
    def post(software, status="Words.", **more):
        said = {"status": status, "spoiler_text": more.pop("note", "")}
        return ask(software, "POST", "/api/v1/statuses", json=said, **more)

    return post


@pytest.mark.parametrize(
    ("software", "text", "note", "status"),
    [
        ("gotosocial", "a" * 4990, "a" * 10, 200),
        ("gotosocial", "a" * 4990, "a" * 11, 400),
        ("gotosocial", " ".join([LINK] * 10), "", 400),  # 5009; at its stated 25 each, 259
        ("gotosocial", "e\u0301" * 2501, "", 400),
        ("hollo", "a" * 10_001, "", 200),
        ("takahe", "a" * 500, "a" * 500, 200),
        ("takahe", LINK + "a", "", 400),  # 501; at its stated 23, 23
    ],
)
def test_each_counts_in_its_own_way(post, software, text, note, status):
    assert post(software, text, note=note).status_code == status


@pytest.mark.parametrize(
    ("software", "posts"), [("mastodon", 1), ("gotosocial", 2), ("hollo", 1), ("takahe", 2)]
)
def test_a_repeated_key_is_ignored_by_two_of_them(post, sandbox, software, posts):
    for _ in range(2):
        assert post(software, key="one key").status_code == 200
    assert len(sandbox.public("eu")) == posts


@pytest.mark.parametrize(
    ("software", "status", "body"),
    [
        ("gotosocial", 401, '{"error": "The access token is invalid"}'),
        ("hollo", 401, '{"error": "The access token is invalid"}'),
        ("takahe", 400, "Invalid Bearer token"),
    ],
)
def test_an_unknown_token_is_refused_in_its_own_way(post, software, status, body):
    answer = post(software, token="unknown")
    assert (answer.status_code, answer.text) == (status, body)


@pytest.mark.parametrize(
    ("software", "limits"),
    [
        ("gotosocial", (5000, 6, 25, 5000)),
        ("hollo", (10_000, 8, 256, None)),
        ("takahe", (500, 4, 23, None)),
    ],
)
def test_each_states_its_limits(ask, software, limits):
    stated = ask(software, "GET", "/api/v2/instance").json()["configuration"]
    statuses = stated["statuses"]
    assert limits == (
        statuses["max_characters"],
        statuses["max_media_attachments"],
        statuses["characters_reserved_per_url"],
        stated["media_attachments"].get("description_limit"),
    )


def test_gotosocial_says_in_unix_time_when_it_takes_more(post, sandbox):
    headers = post("gotosocial").headers
    assert int(headers["X-RateLimit-Reset"]) - Clock().now().timestamp() == 300
    assert headers["X-RateLimit-Remaining"] == "299"
    for _ in range(299):
        post("gotosocial")
    refused = post("gotosocial")
    assert refused.status_code == 429
    assert "Retry-After" not in refused.headers


@pytest.mark.parametrize("software", ["hollo", "takahe"])
def test_two_of_them_limit_nothing(post, software):
    assert all(post(software).status_code == 200 for _ in range(301))
    assert "X-RateLimit-Limit" not in post(software).headers


@pytest.mark.parametrize(
    ("software", "status"), [("gotosocial", 400), ("hollo", 200), ("takahe", 200)]
)
def test_a_long_description_is_refused_by_one_of_them(ask, software, status):
    answer = ask(
        software,
        "POST",
        "/api/v2/media",
        files={"file": ("a.png", PNG, "image/png")},
        data={"description": "a" * 5001},
    )
    assert answer.status_code == status


def test_takahe_keeps_no_language(ask, sandbox):
    said = {"status": "Words.", "language": "en"}
    assert ask("takahe", "POST", "/api/v1/statuses", json=said).json()["language"] is None
    assert sandbox.public("eu")[0].language == ""
