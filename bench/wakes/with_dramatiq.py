"""Dramatiq over Redis: threads, prefetching, a heartbeat after which messages come back."""

from __future__ import annotations

import os
import sys
import time

import dramatiq
import due
from dramatiq.brokers.redis import RedisBroker

THREADS = 8
#: Milliseconds without a heartbeat after which a worker's messages are another's; as PgQueuer's.
HEARTBEAT = 10_000

broker = RedisBroker(url=os.environ["REDIS"], heartbeat_timeout=HEARTBEAT)
dramatiq.set_broker(broker)


@dramatiq.actor(actor_name="wake")
def wake() -> None:
    due.wake()


@dramatiq.actor(actor_name="one")
def one(id_: int) -> None:
    due.one(id_)


def main(verb: str, number: int) -> None:
    if verb == "install":
        broker.client.flushall()
    elif verb == "work":
        dramatiq.Worker(broker, worker_threads=THREADS).start()
        time.sleep(3600)
    elif verb == "slow":
        one.send(due.SLOW)
    else:
        begun, before = time.time(), time.process_time()
        for id_ in range(number):
            if verb == "wakes":
                wake.send()
            else:
                one.send(id_)
        print(begun, (time.process_time() - before) * 1000 / number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
