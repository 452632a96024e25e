"""The connections: on this machine's own address, a thread for each, reading only."""

from __future__ import annotations

import json
import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scheduler.errors import Problem, UserError
from scheduler.serving.answering import ALWAYS, EVENTS, Answer, Question, answer, refused
from scheduler.serving.following import Following, Shown

HOST = "127.0.0.1"
_HTTP = 80
#: Seconds after which a connection that says nothing is closed.
_IDLE = 60
#: Seconds between two signs of life, without which nobody notices that a browser has gone.
_SIGN = 10


class Server:
    """Answers on loopback from `begin` to `end`; the port is taken from the very beginning.

    Raises `UserError` when the port is somebody else's.
    """

    def __init__(self, following: Following, *, port: int) -> None:
        self._http = _bound(following, port)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.1,), daemon=True)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self._http.server_port}/"

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        if self._thread.is_alive():
            self._http.shutdown()
        self._http.server_close()


def _bound(following: Following, port: int) -> _Listener:
    try:
        return _Listener(following, port)
    except OSError as error:
        problem = Problem(
            file="",
            code="port-in-use",
            message=f"port {port} cannot be used: {error.strerror or error}",
            hint="another preview may be open already; name another port with --port, "
            "or --port 0 for any that is free",
        )
        raise UserError([problem]) from None


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, following: Following, port: int) -> None:
        self.following = following
        super().__init__((HOST, port), _Connection)
        self.hosts = frozenset(_called(self.server_port))

    def server_bind(self) -> None:
        # On Windows two programs may listen on one port, unless one of them says no.
        exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
        if exclusive is not None:
            self.allow_reuse_address = False
            self.socket.setsockopt(socket.SOL_SOCKET, exclusive, 1)
        super().server_bind()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is nothing to speak of."""


def _called(port: int) -> list[str]:
    names = (HOST, "localhost")
    return [f"{name}:{port}" for name in names] + ([*names] if port == _HTTP else [])


class _Connection(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "campaign-preview", ""
    timeout = _IDLE

    def do_GET(self) -> None:
        question = self._question()
        if self.path == EVENTS and not refused(question, self.server.hosts):
            self._events()
        else:
            self._send(answer(question, self.server.following.shown, self.server.hosts))

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name there)
        """Nothing: the terminal is for what people want to know."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is no request, or not one to read something; the connection ends with it."""
        del message, explain
        self.close_connection = True
        self._send(Answer(status=HTTPStatus(code), body=b"Only GET and HEAD are answered.\n"))

    def _question(self) -> Question:
        hosts = self.headers.get_all("Host") or []
        return Question(
            target=self.path,
            host=hosts[0] if len(hosts) == 1 else "",
            origin=self.headers.get("Origin", ""),
            etag=self.headers.get("If-None-Match", ""),
        )

    def _send(self, answered: Answer) -> None:
        self._begin(answered)
        if answered.status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(answered.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answered.body)

    def _begin(self, answered: Answer) -> None:
        self.send_response(answered.status)
        own = {
            "Content-Type": answered.kind if answered.body else "",
            "Cache-Control": answered.caching,
            "ETag": answered.etag,
            "Location": answered.location,
            "Preview-Page": "stale" if answered.stale else "",
        }
        for name, value in (*ALWAYS.items(), *own.items()):
            if value:
                self.send_header(name, value)

    def _events(self) -> None:
        """Server-sent events: what is shown now, then each time that it is something else."""
        self.close_connection = True
        self._begin(Answer(kind="text/event-stream", body=b"-"))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        following = self.server.following
        with following.listening():
            self._tell(b"retry: 500\n\n")
            number = 0
            while not following.stopped:
                shown = following.later(number, seconds=_SIGN)
                self._tell(_event(shown) if shown else b": still here\n\n")
                number = shown.number if shown else number

    def _tell(self, words: bytes) -> None:
        self.wfile.write(words)
        self.wfile.flush()


def _event(shown: Shown) -> bytes:
    said = json.dumps({"number": shown.number, "broken": shown.broken})
    return f"event: shown\ndata: {said}\n\n".encode()
