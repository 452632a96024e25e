"""/healthz and /metrics, for whoever watches: numbers, and nothing that is said.

The only door to Prometheus' client. What is counted is asked of the ledger when somebody asks, so
every process of a campaign tells the same. Listens on loopback unless somebody says otherwise.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from scheduler.errors import UserError
from scheduler.ledger import Ledger, counting

#: Seconds between two askings of the ledger at least: whoever asks more often is told the same.
KEPT = 5.0


class Meter:
    """What one process tells of a campaign."""

    def __init__(
        self,
        ledger: Ledger,
        campaign: str,
        *,
        now: Callable[[], datetime],
        looked: Callable[[], float],
        patience: float,
    ) -> None:
        """`looked` is how many seconds ago the last look ended; after `patience` it is unwell."""
        self._ledger = ledger
        self._campaign = campaign
        self._now = now
        self._looked = looked
        self._patience = patience
        self._lock = threading.Lock()
        self._counted: counting.Counted | None = None
        self._asked = -KEPT
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def health(self) -> tuple[bool, dict[str, object]]:
        """Whether it looks, and can use its ledger."""
        silent = self._looked()
        counted = self._count()
        well = silent < self._patience and counted is not None
        return well, {
            "looked_seconds_ago": round(silent, 1),
            "ledger": "answers" if counted is not None else "does not answer",
        }

    def metrics(self) -> bytes:
        """In Prometheus' own words."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Asked by Prometheus' client."""
        counted = self._count()
        yield _gauge(
            "campaign_ledger_up", "Whether the ledger answers.", float(counted is not None)
        )
        yield _gauge("campaign_look_age_seconds", "Since the last look ended.", self._looked())
        if counted is None:
            return
        states = GaugeMetricFamily(
            "campaign_deliveries", "Deliveries by state.", labels=["state", "platform"]
        )
        for (state, platform), count in counted.states.items():
            states.add_metric([state, platform], count)
        yield states
        for name, help_, value in (
            ("campaign_overdue", OVERDUE, counted.overdue),
            ("campaign_due", "Wants to be looked at by now.", counted.due),
            ("campaign_in_hand", "Claimed, staged or armed.", counted.in_hand),
            ("campaign_for_a_person", "Only a person can move it.", counted.for_a_person),
            ("campaign_late_seconds", "Since the oldest of what is due.", counted.late),
        ):
            yield _gauge(name, help_, value)

    def _count(self) -> counting.Counted | None:
        with self._lock:
            if time.monotonic() < self._asked + KEPT:
                return self._counted
            self._asked = time.monotonic()
            try:
                self._counted = self._ledger.read(
                    lambda connection: counting.count(connection, self._campaign, self._now())
                )
            except UserError:
                self._counted = None
            return self._counted


OVERDUE = (
    "Due, and neither ended, nor in somebody's hands, nor within a minute of its time, nor listed "
    "for a person: must be 0."
)


def _gauge(name: str, help_: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_, value=value)


class Metering:
    """The server of it; it ends with the block."""

    def __init__(self, meter: Meter, address: str, port: int) -> None:
        class Answering(_Answering):
            told = meter

        self._server = ThreadingHTTPServer((address, port), Answering)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="meter", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Answering(BaseHTTPRequestHandler):
    told: Meter
    server_version = "campaign"
    sys_version = ""

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/healthz":
                well, said = self.told.health()
                status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
                self._say(status, json.dumps(said).encode(), "application/json")
            case "/metrics":
                self._say(HTTPStatus.OK, self.told.metrics(), CONTENT_TYPE_LATEST)
            case _:
                self._say(HTTPStatus.NOT_FOUND, b"/healthz, /metrics\n", "text/plain")

    def log_message(self, *_: object) -> None:
        """Nobody needs to read that it was asked."""

    def _say(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
