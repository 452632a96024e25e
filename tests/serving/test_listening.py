"""Whom the server answers, and what: this machine, reading, and only what is shown."""

from __future__ import annotations

import http.client
import json
import re
import socket
from urllib.parse import urlsplit

import pytest

from scheduler.errors import UserError
from scheduler.preview.rendering import served
from scheduler.serving import Server
from scheduler.serving.answering import POLICY


def authority(server):
    return urlsplit(server.address).netloc


def test_it_listens_on_this_machine_alone(server):
    assert urlsplit(server.address).hostname == "127.0.0.1"


def test_a_page_is_the_page_that_would_be_written_with_its_policy_in_the_answer(browser, followed):
    answer, body = browser.ask("/")
    text = followed.following.shown.leaves.pages["index.html"]()
    assert body.decode() == served(text)
    assert served(text).partition("<body")[2] == text.partition("<body")[2]
    assert "http-equiv" not in served(text)
    assert answer.headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/", 200, "text/html"),
        ("/index.html", 200, "text/html"),
        ("/members/germany/", 200, "text/html"),
        ("/members/germany/day-16.html?a#b", 200, "text/html"),
        ("/members/germany", 308, None),
        ("/style.css", 200, "text/css"),
        ("/live/live.js", 200, "text/javascript"),
        ("/live/live.css", 200, "text/css"),
        ("/live/live.svg", 200, "image/svg+xml"),
        ("/live/panel.html", 200, "text/html"),
        ("/live/", 404, "text/html"),
        ("/nothing.html", 404, "text/html"),
        ("/favicon.ico", 404, "text/html"),
        ("/%00", 404, "text/html"),
    ],
)
def test_each_address_has_its_answer_and_each_answer_the_policy(browser, path, status, kind):
    answer, body = browser.ask(path)
    assert answer.status == status
    assert (answer.headers["Content-Type"] or "").partition(";")[0] == (kind or "")
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert int(answer.headers["Content-Length"]) == len(body)


@pytest.mark.parametrize(
    "path",
    [
        "/../campaign.yaml",
        "/cards/../../campaign.yaml",
        "/%2e%2e/campaign.yaml",
        "/..%2fcampaign.yaml",
        "/..\\campaign.yaml",
        "/campaign.yaml",
        "//etc/passwd",
        "/live/../style.css",
        "/C:/Windows/win.ini",
    ],
)
def test_what_is_not_shown_has_no_address(browser, followed, path):
    answer, body = browser.ask(path)
    assert answer.status == 404
    assert followed.file.read_bytes()[:40] not in body
    assert b"root:" not in body


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "", "[::1]:{port}"]
)
def test_who_calls_it_by_another_name_is_refused(browser, server, host):
    """A name that somebody else owns can be made to lead here: DNS rebinding."""
    port = urlsplit(server.address).port
    for path in ("/", "/live/events", "/live/panel.html", "/style.css"):
        answer, body = browser.ask(path, Host=host.format(port=port))
        assert answer.status == 421
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert b"<" not in body


def test_localhost_is_its_name_too(browser, server):
    answer, _ = browser.ask("/", Host=f"LOCALHOST:{urlsplit(server.address).port}")
    assert answer.status == 200


def test_two_names_are_no_name(server):
    with socket.create_connection(authority(server).split(":"), timeout=60) as connection:
        own = authority(server)
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil\r\n\r\n".encode())
        assert b" 421 " in connection.recv(100)


@pytest.mark.parametrize("path", ["/", "/live/events", "/live/panel.html"])
def test_another_sites_page_is_refused_and_our_own_is_not(browser, server, path):
    answer, _ = browser.ask(path, Origin="https://evil.example")
    assert answer.status == 403
    assert browser.ask(path, "HEAD", Origin=server.address.rstrip("/"))[0].status == 200


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "NONSENSE"]
)
def test_nothing_but_reading_is_answered(browser, method):
    answer, _ = browser.ask("/", method)
    assert answer.status == 501
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_a_head_has_the_answer_without_its_body(browser):
    answer, body = browser.ask("/", "HEAD")
    assert (answer.status, body) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 1000


def test_a_page_that_is_known_is_not_sent_again_and_one_that_has_changed_is(browser, followed):
    first = followed.following.shown
    tags = {
        name: browser.ask(f"/members/{name}/day-01.html")[0].headers["ETag"]
        for name in ("germany", "cyprus")
    }
    followed.edit("Heute beginnen wir.", "Morgen beginnen wir.", name="languages/de.yaml")
    followed.after(first)
    again = {
        name: browser.ask(f"/members/{name}/day-01.html", If_None_Match=tag)
        for name, tag in tags.items()
    }
    assert {name: answer.status for name, (answer, _) in again.items()} == {
        "germany": 200,
        "cyprus": 304,
    }
    assert again["cyprus"][1] == b""


def test_a_picture_is_kept_for_good_since_its_name_is_its_digest(browser, followed):
    name, file = next(iter(followed.following.shown.leaves.pictures.items()))
    answer, body = browser.ask(f"/{name}")
    assert body == file.read_bytes()
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_picture_with_other_bytes_than_were_drafted_is_never_shown(browser, followed):
    name, file = next(iter(followed.following.shown.leaves.pictures.items()))
    file.write_bytes(b"\xff\xd8 something else")
    assert browser.ask(f"/{name}")[0].status == 404


def test_pages_name_only_addresses_that_are_answered(browser, followed):
    for name, leaf in followed.following.shown.leaves.pages.items():
        folder = "/" + name.rpartition("/")[0]
        for link in re.findall(r'(?:src|href)="([^"#:]+\.(?:css|js|svg|jpg|png))"', served(leaf())):
            path = link if link.startswith("/") else f"{folder}/{link}"
            parts = []
            for part in path.split("/"):
                parts = parts[:-1] if part == ".." else [*parts, *filter(None, [part])]
            assert browser.ask("/" + "/".join(parts))[0].status == 200, link


# ── events ────────────────────────────────────────────────────────────────────────────────────────


def events(server):
    """What a browser hears, one by one."""
    connection = http.client.HTTPConnection(authority(server), timeout=60)
    connection.request("GET", "/live/events")
    answer = connection.getresponse()
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Content-Security-Policy"] == POLICY
    for line in answer:
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


def test_whoever_has_a_page_open_hears_of_each_save(server, followed):
    heard = events(server)
    assert next(heard) == {"number": 1, "broken": False, "completed": False}
    followed.edit("Heute beginnen wir.", "Morgen beginnen wir.", name="languages/de.yaml")
    assert next(heard) == {"number": 2, "broken": False, "completed": False}
    followed.edit("posts:", "posts: [")
    assert next(heard) == {"number": 3, "broken": True, "completed": False}
    followed.edit("posts: [", "posts:")
    assert next(heard) == {"number": 4, "broken": False, "completed": False}


def test_the_panel_has_each_problem_with_its_place_while_the_calendar_is_broken(browser, followed):
    first = followed.following.shown
    assert b"problem " not in browser.ask("/live/panel.html")[1]
    followed.edit("posts:", "posts: [")
    broken = followed.after(first)
    _, body = browser.ask("/live/panel.html")
    (problem,) = broken.problems
    assert f"</bdi>:{problem.line}:{problem.column}</code>" in body.decode()
    assert browser.ask("/")[0].headers["Preview-Page"] == "stale"


def test_all_streams_end_when_the_preview_does(server, followed):
    heard = events(server)
    next(heard)
    followed.following.stop()
    assert list(heard) == []


def test_a_port_that_is_taken_is_said_with_what_to_do(server, followed):
    with pytest.raises(UserError, match="--port") as refused:
        Server(followed.following, port=urlsplit(server.address).port)
    assert [problem.code for problem in refused.value.problems] == ["port-in-use"]
