"""What each address is answered: a page, a picture or the script, and nothing else on the disk.

A name is looked up among those that are shown; no path is ever made of what somebody asks for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from scheduler.preview.rendering import beside, followed, page, served
from scheduler.preview.viewing import gravest, tally
from scheduler.preview.writing import named
from scheduler.serving.following import Shown

EVENTS = "/live/events"

#: Nothing runs but our own script; a page is nobody's frame, and asks nobody but this server.
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: With each answer, whatever it is.
ALWAYS = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
)
#: A picture's name is the digest of its bytes; anything else may be another one after a save.
_FOR_GOOD = "private, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_NEVER = "no-store"
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a browser asks: the target as it was sent, and what it says of itself."""

    target: str
    host: str = ""
    origin: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: HTTPStatus = HTTPStatus.OK
    kind: str = "text/plain; charset=utf-8"
    body: bytes = b""
    caching: str = _NEVER
    etag: str = ""
    #: Where it is instead.
    location: str = ""
    #: Whether the page is older than the calendar.
    stale: bool = False


def answer(question: Question, shown: Shown, hosts: Collection[str]) -> Answer:
    """The answer to a GET; `hosts` are the names under which this server may be called."""
    if refusal := refused(question, hosts):
        return refusal
    path = unquote(urlsplit(question.target).path)
    found = _live(path, shown) or _beside(path) or _page(path, shown) or _picture(path, shown)
    if found is None:
        return _gone(shown)
    if found.etag and found.etag == question.etag:
        return Answer(
            status=HTTPStatus.NOT_MODIFIED,
            caching=found.caching,
            etag=found.etag,
            stale=found.stale,
        )
    return found


def refused(question: Question, hosts: Collection[str]) -> Answer | None:
    """A name that somebody made point to this machine, or a page of another site that asks."""
    if question.host.lower() not in hosts:
        return Answer(
            status=HTTPStatus.MISDIRECTED_REQUEST,
            body=b"The preview is only shown at its own address.\n",
        )
    if question.origin and question.origin.lower().removeprefix("http://") not in hosts:
        return Answer(status=HTTPStatus.FORBIDDEN, body=b"Other sites may not read the preview.\n")
    return None


def _live(path: str, shown: Shown) -> Answer | None:
    if path == "/live/panel.html":
        return _text(_panel(shown))
    name = path.removeprefix("/live/")
    return _file(name, followed()[name]) if path != name and name in followed() else None


def _panel(shown: Shown) -> str:
    problems = gravest(shown.problems) if shown.broken else []
    return page(
        "live",
        shown.interface,
        problems=problems,
        tally=tally(tuple(problems)),
        broken=shown.broken,
    )


def _beside(path: str) -> Answer | None:
    name = path.removeprefix("/")
    return _file(name, beside()[name]) if name in beside() else None


def _page(path: str, shown: Shown) -> Answer | None:
    name, pages = path.removeprefix("/"), shown.leaves.pages
    if f"{name}/index.html" in pages:
        return Answer(
            status=HTTPStatus.PERMANENT_REDIRECT, location=f"/{name}/", caching=_ASK_AGAIN
        )
    name = page_name(path)
    leaf = pages.get(name)
    return _text(served(leaf()), stale=name in shown.stale) if leaf else None


def page_name(path: str) -> str:
    """The name of the page that an address means, whether there is one or not."""
    name = path.removeprefix("/")
    return f"{name}index.html" if not name or name.endswith("/") else name


def _picture(path: str, shown: Shown) -> Answer | None:
    file = shown.leaves.pictures.get(path.removeprefix("/"))
    data = _bytes(file) if file else b""
    # Another picture than the one that is sent is never shown.
    if not data or named(data) != path.rpartition("/")[-1]:
        return None
    return Answer(kind=_kind(path), body=data, caching=_FOR_GOOD)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _gone(shown: Shown) -> Answer:
    body = served(page("gone", shown.interface, up="/")).encode()
    return Answer(status=HTTPStatus.NOT_FOUND, kind=_HTML, body=body)


def _text(text: str, *, stale: bool = False) -> Answer:
    return _tagged(Answer(kind=_HTML, body=text.encode(), caching=_ASK_AGAIN, stale=stale))


def _file(name: str, text: str) -> Answer:
    return _tagged(Answer(kind=_kind(name), body=text.encode(), caching=_ASK_AGAIN))


def _tagged(found: Answer) -> Answer:
    return Answer(
        kind=found.kind,
        body=found.body,
        caching=found.caching,
        etag=f'"{sha256(found.body).hexdigest()[:32]}"',
        stale=found.stale,
    )


#: Windows keeps what a suffix means in its registry, where other programs change it.
_KINDS = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".jpg": "image/jpeg",
        ".png": "image/png",
        ".svg": "image/svg+xml",
    }
)


def _kind(name: str) -> str:
    return _KINDS.get(Path(name).suffix, "application/octet-stream")
