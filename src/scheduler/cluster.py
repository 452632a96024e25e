"""What wakes workers on other machines: Procrastinate, on the ledger's own database.

The only door to the engine. A job says no more than that there is due work in this shard, the
campaign: claim a batch from the ledger. Nothing is lost with one, and none is ever put in for a
later time, since the ledger knows what is due when and every worker looks there by itself.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # it is loaded only where a ledger is shared
    import procrastinate

log = logging.getLogger(__name__)

#: Seconds between two rings of one process; also before a line that was cut is made again.
PAUSE = 1.0
#: Seconds after which a job is taken for one whose worker was killed: it takes milliseconds.
LEFT_BEHIND = 60
#: Any number: whoever makes the engine's tables holds the lock of this name.
_MAKING = 16_002

_FORGET = """
    DELETE FROM procrastinate_jobs AS job WHERE status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_events WHERE job_id = job.id
        AND at > now() - make_interval(secs => %(seconds)s))
"""


class Cluster:
    """Rings other workers of a shard, and is rung by them."""

    def __init__(self, address: str, shard: str) -> None:
        """`address` is the ledger's."""
        self._address = address.replace("+psycopg", "", 1)
        self._shard = shard
        self._rung = -PAUSE
        self._ringing: procrastinate.App | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def ring(self) -> None:
        """Say that there is due work: one worker hears it. Never fails, since others look anyway.

        While nobody has heard the last one, or within a second of it, there is nothing to add.
        """
        now = time.monotonic()
        if now < self._rung + PAUSE or not self._lock.acquire(blocking=False):
            return
        self._rung = now
        try:
            self._ring()
        except Exception as error:  # noqa: BLE001 (the ledger's own rest would end with it)
            log.warning("nobody was rung: %s", error, extra={"action": "ring"})
            self._ringing = None
        finally:
            self._lock.release()

    def listen(self, on_ring: Callable[[], None]) -> None:
        """Be rung from now on, until `close`; `on_ring` is called from a thread of its own."""
        self._on_ring = on_ring
        self._loop = asyncio.new_event_loop()
        self._listening = self._loop.create_task(self._until_cancelled())
        self._thread = threading.Thread(target=self._listen, name="cluster", daemon=True)
        self._thread.start()

    def close(self) -> None:
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._listening.cancel)
            self._thread.join()
        if self._ringing is not None:
            self._ringing.close()

    def _ring(self) -> None:
        from procrastinate import App, SyncPsycopgConnector  # noqa: PLC0415
        from procrastinate.exceptions import AlreadyEnqueued  # noqa: PLC0415

        if self._ringing is None:
            _make_tables(self._address)
            connector = SyncPsycopgConnector(**_line(self._address), min_size=1, max_size=1)
            self._ringing = App(connector=connector).open()
        with suppress(AlreadyEnqueued):
            job = self._ringing.configure_task("due", queue=self._shard, queueing_lock=self._shard)
            job.defer()

    def _listen(self) -> None:
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._listening)
        self._loop.close()

    async def _until_cancelled(self) -> None:
        while True:
            try:
                await self._hear()
            except Exception as error:  # noqa: BLE001 (a server that restarts, above all)
                log.warning("nobody can ring here: %s", error, extra={"action": "listen"})
            await asyncio.sleep(PAUSE)

    async def _hear(self) -> None:
        from procrastinate import App, PsycopgConnector  # noqa: PLC0415

        await asyncio.to_thread(_make_tables, self._address)
        connector = PsycopgConnector(**_line(self._address), min_size=1, max_size=3)
        app = App(connector=connector)
        app.task(name="due", queue=self._shard)(self._heard)
        async with app.open_async():
            await app.connector.execute_query_async(_FORGET, seconds=LEFT_BEHIND)
            await app.run_worker_async(
                queues=[self._shard],
                delete_jobs="always",
                install_signal_handlers=False,
            )

    async def _heard(self) -> None:
        self._on_ring()


def _line(address: str) -> dict[str, Any]:
    """The engine's tables lie beside the ledger, under its version: nothing there outlives it."""
    return {"conninfo": address, "kwargs": {"options": f"-c search_path={_place()}"}}


def _place() -> str:
    from procrastinate import __version__  # noqa: PLC0415

    return f"procrastinate_{__version__.replace('.', '_')}"


def _make_tables(address: str) -> None:
    from procrastinate.schema import SchemaManager  # noqa: PLC0415
    from psycopg import connect  # noqa: PLC0415

    with connect(address) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_MAKING])
        place = _place()
        found = connection.execute("SELECT to_regnamespace(%s)", [place]).fetchone()
        if found and found[0] is None:
            connection.execute(f"CREATE SCHEMA {place}")
            connection.execute(f"SET LOCAL search_path TO {place}")
            connection.execute(SchemaManager.get_schema())
