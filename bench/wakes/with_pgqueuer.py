"""PgQueuer: PostgreSQL alone, LISTEN and polling, blocking work in threads."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import timedelta

import due
import psycopg
from pgqueuer import PgQueuer
from pgqueuer.db import PsycopgDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries

HEARTBEAT = timedelta(seconds=10)


async def driver() -> PsycopgDriver:
    connection = await psycopg.AsyncConnection.connect(due.address(), autocommit=True)
    return PsycopgDriver(connection)


async def work() -> None:
    queue = PgQueuer(await driver())

    @queue.entrypoint("wake")
    async def wake(_: Job) -> None:
        await asyncio.to_thread(due.wake)

    @queue.entrypoint("one")
    async def one(job: Job) -> None:
        await asyncio.to_thread(due.one, int(job.payload or b"0"))

    await queue.run(dequeue_timeout=timedelta(seconds=5), heartbeat_timeout=HEARTBEAT)


async def put_in(verb: str, number: int) -> None:
    queries = Queries(await driver())
    if verb == "install":
        await queries.install()
    elif verb == "slow":
        await queries.enqueue("one", str(due.SLOW).encode())
    else:
        begun, before = time.time(), time.process_time()
        for id_ in range(number):
            if verb == "wakes":
                await queries.enqueue("wake", None)
            else:
                await queries.enqueue("one", str(id_).encode())
        print(begun, (time.process_time() - before) * 1000 / number, flush=True)


if __name__ == "__main__":
    asyncio.run(work() if sys.argv[1] == "work" else put_in(sys.argv[1], int(sys.argv[2])))
