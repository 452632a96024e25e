"""The browser of a person who signs in comes back to this machine, with a code in its address.

https://www.rfc-editor.org/rfc/rfc8252#section-7.3
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from scheduler.errors import AccountRefused

#: Seconds that a person may take to sign in and to say yes.
PATIENCE = 600.0
#: Seconds for one connection: a browser opens some that it never uses.
_CONNECTION = 2.0
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<h1>{title}</h1>
<p>{words}</p>
</html>
"""
_GOOD = _PAGE.format(title="You may close this page", words="The rest stands in your terminal.")
_BAD = _PAGE.format(
    title="This was not expected",
    words="Nothing was signed in. Begin again in your terminal: campaign login.",
)
_POLICY = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Connection": "close",
}


class _Quiet(TCPServer):
    """A browser that hangs up is no news, and an address holds a code."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing."""


class Returning:
    """Listens on this machine alone, for one answer, and is closed after it.

    with Returning("http://127.0.0.1:0/", state=state) as waiting:
        …open the platform's page, with `waiting.address` as where to come back…
        said = waiting.answer()
    """

    def __init__(self, address: str, *, state: str, patience: float = PATIENCE) -> None:
        """`address` names a port of this machine, or 0 for a free one.

        Raises `AccountRefused` where it is taken.
        """
        parts = urlsplit(address)
        self._patience = patience
        self._state = state
        self._said: Mapping[str, str] | None = None
        self._strange = False
        try:
            self._server = _Quiet(("127.0.0.1", parts.port or 0), self._handler())
        except OSError as error:
            raise AccountRefused(
                f"port {parts.port} of this machine cannot be used ({error.strerror}): "
                "--no-browser needs none"
            ) from None
        self._server.timeout = _CONNECTION
        self._path = parts.path or "/"
        self.address = f"http://{parts.hostname}:{self._server.server_address[1]}{self._path}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.server_close()

    def answer(self) -> Mapping[str, str]:
        """What the browser brings. Raises `AccountRefused` for a wrong state, and for nothing."""
        ends = time.monotonic() + self._patience
        while self._said is None and not self._strange:
            if time.monotonic() > ends:
                raise AccountRefused("nobody came back from the platform's page: begin again")
            self._server.handle_request()
        self._server.server_close()
        if self._said is None:
            raise AccountRefused(
                "somebody came back who was not sent there from here (wrong state): begin again"
            )
        return self._said

    def _take(self, said: Mapping[str, str]) -> bool:
        """Whether this is the answer to what was asked from here."""
        if hmac.compare_digest(said.get("state", "").encode(), self._state.encode()):
            self._said = said
        else:
            self._strange = True
        return self._said is not None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        returning = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _CONNECTION

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path != returning._path:
                    self._tell(404, _BAD)
                    return
                good = returning._take(MappingProxyType(dict(parse_qsl(parts.query))))
                self._tell(200 if good else 400, _GOOD if good else _BAD)

            def _tell(self, status: int, page: str) -> None:
                self.send_response(status)
                for name, value in _POLICY.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Nothing: an address holds a code."""

        return Handler
