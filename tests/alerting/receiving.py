"""Whoever is told: a real server for mail, and one for everything that speaks HTTP, on loopback."""

from __future__ import annotations

import json
import logging
import socket
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@dataclass
class PostOffice:
    """A mail server, and everything that it took. `refuses` makes it say no."""

    refuses: bool = False
    mails: list = field(default_factory=list)
    #: Nobody may ever see it.
    password: str = "hunter2"
    port: int = field(default_factory=free_port)

    def __enter__(self):
        # What the server itself says of each line would hide what the program says.
        logging.getLogger("mail.log").disabled = True
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            authenticator=self._knows,
            auth_require_tls=False,
        )
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()

    def _knows(self, _server, _session, _envelope, _mechanism, said):
        return AuthResult(success=(said.login, said.password) == (b"me", self.password.encode()))

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (aiosmtpd's own name)
        if self.refuses:
            return f"554 5.7.1 refused: {self.password} is no password"
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    @property
    def address(self):
        """As the calendar's secret holds it, with the password."""
        return (
            f"mailto://me:{quote(self.password, safe='')}@127.0.0.1:{self.port}"
            "?from=campaign@example.org&to=team@example.org"
        )

    @property
    def letters(self):
        """Subject and text of each, in the order of their arrival."""
        return [(mail["Subject"], mail.get_content().replace("\r\n", "\n")) for mail in self.mails]


@dataclass
class Hook:
    """Answers every request that services of Apprise's make, and remembers it."""

    status: int = 200
    asked: list = field(default_factory=list)
    #: While it is not set, nobody is answered.
    open: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        self.open.set()

    def __enter__(self):
        hook = self

        class Answers(BaseHTTPRequestHandler):
            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                hook.asked.append((self.command, unquote(self.path), self.rfile.read(length)))
                hook.open.wait(60)
                body = json.dumps(_ANSWER).encode()
                self.send_response(hook.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = answer  # noqa: N815 (http.server's own names)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.open.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    @property
    def host(self):
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def address(self):
        return f"json://{self.host}/hunter2-hook"

    @property
    def said(self):
        """Title and message of everything that came as JSON."""
        asked = [json.loads(body) for method, _, body in self.asked if method == "POST" and body]
        return [(each["title"], each["message"]) for each in asked if "title" in each]

    @property
    def pings(self):
        return [path for method, path, _ in self.asked if method == "GET"]


#: Enough for a server of Matrix, too: who signs in, and into which room.
_ANSWER = {
    "access_token": "given",
    "home_server": "127.0.0.1",
    "user_id": "@campaign:127.0.0.1",
    "room_id": "!room:127.0.0.1",
    "event_id": "$event",
    "joined_rooms": [],
}
