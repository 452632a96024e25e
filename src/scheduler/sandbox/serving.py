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
    Fault,
    Faults,
    Garble,
    Instead,
    LoseAnswer,
    Refuse,
    Slow,
)
from scheduler.sandbox.standing import Now, StandIn

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: Seconds until a stopping server notices.
_LOOK = 0.01


class _Quiet(WSGIRequestHandler):
    """Says nothing about requests; errors of the stand-in itself are still logged."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Without the wall's date: the answer brings that of the stand-in's own clock."""
        self.send_response_only(code, message)
        self.send_header("Server", self.version_string())


class Served:
    """A stand-in that answers on 127.0.0.1 until it is stopped."""

    def __init__(self, platform: str, stand_in: StandIn, *, now: Now, faults: Faults) -> None:
        self._platform = platform
        self._stand_in = stand_in
        self._now = now
        self._faults = faults
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._stopping = threading.Event()
        self._server = make_server(
            "127.0.0.1", 0, self._respond, threaded=True, request_handler=_Quiet
        )
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_LOOK,), name=f"sandbox {platform}"
        )
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _respond(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        with Request(environ) as request:  # closes what was uploaded
            response = self._answer(request, self._faults(self._call(request)))
            response.headers["Date"] = http_date(self._now())
            return response(environ, start)

    def _call(self, request: Request) -> Call:
        endpoint = self._stand_in.endpoint(request)
        with self._lock:
            self._calls[endpoint] += 1
            number = self._calls[endpoint]
        return Call(
            platform=self._platform,
            account=self._stand_in.account(request),
            endpoint=endpoint,
            number=number,
        )

    def _answer(self, request: Request, fault: Fault | None) -> Response:
        match fault:
            case Refuse():
                _hang_up(request)
            case Instead(status=status, body=body, headers=headers):
                return Response(body, status, headers, mimetype="application/json")
            case Slow(seconds=seconds):
                self._stopping.wait(min(seconds, SLOWEST))
        response = self._stand_in.answer(request)
        match fault:
            case LoseAnswer():
                _hang_up(request)
            case Garble(status=status, body=body):
                return Response(body, status, mimetype="application/json")
        return response


def _hang_up(request: Request) -> None:
    """Close the line; the error is how Werkzeug is told that nobody listens any more."""
    line: Any = request.environ["werkzeug.socket"]
    line.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("injected")
