"""A stand-in behind a real socket on this machine, with its faults."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.http import http_date
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from scheduler.sandbox.faults import (
    SLOWEST,
    Call,
    Drop,
    Exhaust,
    Fault,
    Faults,
    Garble,
    Instead,
    LoseAnswer,
    Purpose,
    Refuse,
    Slow,
    Stall,
)
from scheduler.sandbox.standing import Answering, Arrivals, Now

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Seconds until a stopping server notices.
_LOOK = 0.01
_HOST = "127.0.0.1"
_BACKLOG = 128


class _Quiet(WSGIRequestHandler):
    """Says nothing about requests; errors of the stand-in itself are still logged.

    A line ends with its answer: a server that has left does not answer on an old one.
    """

    protocol_version = "HTTP/1.0"

    def send_response(self, code: int, message: str | None = None) -> None:
        """Without the wall's date: the answer brings that of the stand-in's own clock."""
        self.send_response_only(code, message)
        self.send_header("Server", self.version_string())


class Served:
    """A stand-in that answers on 127.0.0.1 until it is stopped.

    It may leave for a while: then connections are refused, and its port is nobody else's.
    """

    def __init__(
        self, platform: str, stand_in: Answering, *, now: Now, faults: Faults, arrivals: Arrivals
    ) -> None:
        self._platform = platform
        self._stand_in = stand_in
        self._now = now
        self._faults = faults
        self._arrivals = arrivals
        self._lock = threading.Lock()
        self._calls: Counter[tuple[str, str]] = Counter()
        self._stopping = threading.Event()
        self._port = _reserved(0)
        self._listening: _Listening | None = None
        self.address = f"http://{_HOST}:{self._port.getsockname()[1]}"
        self.come_back()

    def leave(self) -> None:
        """Stop listening; what was begun is answered. Does nothing while it is away."""
        if self._listening is not None:
            number = self._port.getsockname()[1]
            self._listening.stop()
            self._listening = None
            self._port.close()
            self._port = _reserved(number)

    def come_back(self) -> None:
        """Listen again at the same address."""
        if self._listening is None:
            self._port.listen(_BACKLOG)
            name = f"sandbox {self._platform}"
            self._listening = _Listening(self._port, self._respond, name)

    def stop(self) -> None:
        self._stopping.set()
        if self._listening is not None:
            self._listening.stop()
        self._port.close()

    def _respond(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        with Request(environ) as request:  # closes what was uploaded
            self._arrivals(self._platform, request)
            response = self._answer(request, self._faults(self._call(request)))
            response.headers["Date"] = http_date(self._now())
            return response(environ, start)

    def _call(self, request: Request) -> Call:
        endpoint, account = self._stand_in.endpoint(request), self._stand_in.account(request)
        with self._lock:
            self._calls[account, endpoint] += 1
            number = self._calls[account, endpoint]
        return Call(
            platform=self._platform,
            account=account,
            endpoint=endpoint,
            number=number,
            purpose=self._stand_in.purposes.get(endpoint, Purpose.OTHER),
        )

    def _answer(self, request: Request, fault: Fault | None) -> Response:
        match fault:
            case Refuse():
                _hang_up(request)
            case Drop():
                request.get_data()
                _hang_up(request)
            case Stall():
                return self._stand_in.stall(request)
            case Exhaust():
                self._stand_in.exhaust(self._stand_in.account(request))
            case Instead(status=status, body=body, headers=headers):
                request.get_data()  # or the rest of it would be taken for the next request
                return Response(body, status, headers, mimetype="application/json")
            case Slow(seconds=seconds):
                self._stopping.wait(min(seconds, SLOWEST))
        response = self._stand_in.answer(request)
        match fault:
            case LoseAnswer():
                _hang_up(request)
            case Slow(after=seconds):
                self._stopping.wait(min(seconds, SLOWEST))
            case Garble(status=status, body=body):
                return Response(body, status, mimetype="application/json")
        return response


class _Listening:
    """A server on a port that listens already, in a thread of its own."""

    def __init__(self, port: socket.socket, respond: WSGIApplication, name: str) -> None:
        self._server = make_server(
            _HOST, 0, respond, threaded=True, request_handler=_Quiet, fd=port.fileno()
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_LOOK,), name=name)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _reserved(port: int) -> socket.socket:
    """A port of this machine that nobody else gets; connections are refused until it listens."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind((_HOST, port))
    return reserved


def _hang_up(request: Request) -> None:
    """Close the line; the error is how Werkzeug is told that nobody listens any more."""
    line: Any = request.environ["werkzeug.socket"]
    line.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("injected")
