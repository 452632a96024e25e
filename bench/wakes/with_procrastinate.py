"""Procrastinate: PostgreSQL alone, LISTEN and polling, synchronous tasks in threads."""

from __future__ import annotations

import sys
import time

import due
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.connector import BaseConnector

THREADS = 8


def app(connector: BaseConnector) -> App:
    made = App(connector=connector)
    made.task(name="wake", queue="wake")(due.wake)
    made.task(name="one", queue="wake")(due.one)
    return made


def main(verb: str, number: int) -> None:
    if verb == "work":
        working = app(PsycopgConnector(conninfo=due.address()))
        working.run_worker(queues=["wake"], concurrency=THREADS, delete_jobs="always")
        return
    with app(SyncPsycopgConnector(conninfo=due.address())).open() as putting:
        if verb == "install":
            putting.schema_manager.apply_schema()
        elif verb == "slow":
            putting.configure_task("one", queue="wake").defer(id_=due.SLOW)
        else:
            begun, before = time.time(), time.process_time()
            for id_ in range(number):
                said = {} if verb == "wakes" else {"id_": id_}
                name = "wake" if verb == "wakes" else "one"
                putting.configure_task(name, queue="wake").defer(**said)
            print(begun, (time.process_time() - before) * 1000 / number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
