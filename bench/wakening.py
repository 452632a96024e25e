"""What three engines are like as messengers, under one rule: 10,000 due at one instant.

    make bench-wakes                 Procrastinate, PgQueuer, Dramatiq with Redis
    python bench/wakening.py --due 1000

Each engine has two workers, which are there before the hour. Then 10,000 rows of one table are due
at once, and are brought twice: by a job for each, and by 32 jobs that say no more than that there
is due work, upon which a worker claims batches of 64 until there is none. How late a row is, is
when it was taken, from the instant that the first job was put in. At last a worker is killed in
the middle of a job, and it is looked whether, and when, another one has it again.

Redis is looked for on the PATH; without it Dramatiq is left out, and this is said.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from fire.database import Cluster, database_server
from wakes.due import TABLE

HERE = Path(__file__).parent / "wakes"
ENGINES = ("procrastinate", "pgqueuer", "dramatiq")
DUE = 10_000
WAKES = 32
#: Seconds that two workers get to be there, that a burst may take, and that a job may be lost for.
SETTLED, PATIENCE, LOST = 4.0, 120.0, 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """10,000 that were due at once: milliseconds of CPU to put a job in, seconds late."""

    cpu_ms_a_job: float
    p50: float
    p99: float
    a_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    engine: str
    each: Brought
    wakes: Brought
    #: Connections to the database (or Redis) of one idle worker, beside those of its own work.
    connections: float
    #: Seconds until another worker had the job of one that was killed; None: it never came back.
    again_after: float | None
    #: Seconds from a restart of the database until the workers that were there had a new job.
    after_restart: float | None


class Engine:
    """One engine in processes of its own interpreter."""

    def __init__(self, name: str, python: str, environment: Mapping[str, str]) -> None:
        self.name = name
        self._command = [python, str(HERE / f"with_{name}.py")]
        self._environment = {**os.environ, **environment}

    def said(self, verb: str, number: int = 0) -> str:
        done = subprocess.run(
            [*self._command, verb, str(number)],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(done.stderr[-2000:])
        return done.stdout.strip()

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[str]]:
        process = subprocess.Popen(
            [*self._command, "work", "0"],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def measured(engine: Engine, server: Cluster, ledger: psycopg.Connection, due: int) -> Measured:
    engine.said("install")
    with engine.worker(), engine.worker():
        time.sleep(SETTLED)
        connections = _connections(ledger) / 2
        each = _brought(engine, ledger, due, "each", due)
        wakes = _brought(engine, ledger, due, "wakes", WAKES)
    return Measured(
        engine=engine.name,
        each=each,
        wakes=wakes,
        connections=connections,
        again_after=_again_after_kill(engine),
        after_restart=_after_restart(engine, server),
    )


def _after_restart(engine: Engine, server: Cluster) -> float | None:
    with engine.worker() as worker:
        time.sleep(SETTLED)
        server.restart()
        restarted = time.monotonic()
        engine.said("slow")
        return _begun(worker, restarted)


def _brought(engine: Engine, ledger: psycopg.Connection, due: int, verb: str, jobs: int) -> Brought:
    ledger.execute(TABLE)
    ledger.execute("INSERT INTO due (id) SELECT generate_series(0, %s)", [due - 1])
    begun, cpu = map(float, engine.said(verb, jobs).split())
    ends = time.monotonic() + PATIENCE
    while _one(ledger, "SELECT count(*) FROM due WHERE taken IS NULL"):
        if time.monotonic() > ends:
            raise AssertionError(f"{engine.name} brought not all of it")
        time.sleep(0.05)
    late = sorted(row[0] - begun for row in ledger.execute("SELECT taken FROM due").fetchall())
    if _one(ledger, "SELECT max(times) FROM due") != 1:
        raise AssertionError("something was taken twice")
    return Brought(
        cpu_ms_a_job=round(cpu, 3),
        p50=round(statistics.median(late), 2),
        p99=round(late[int(len(late) * 0.99)], 2),
        a_second=round(due / late[-1]),
    )


def _again_after_kill(engine: Engine) -> float | None:
    with engine.worker() as first:
        time.sleep(SETTLED)
        engine.said("slow")
        if first.stdout is None or not first.stdout.readline().startswith("begun"):
            raise AssertionError("the job was not begun")
        os.killpg(first.pid, signal.SIGKILL)
        killed = time.monotonic()
    with engine.worker() as second:
        return _begun(second, killed)


def _begun(worker: subprocess.Popen[str], since: float) -> float | None:
    if worker.stdout is None:
        raise AssertionError("it is a pipe")
    os.set_blocking(worker.stdout.fileno(), False)
    while time.monotonic() < since + LOST:
        if (worker.stdout.readline() or "").startswith("begun"):
            return round(time.monotonic() - since, 1)
        time.sleep(0.1)
    return None


def _connections(ledger: psycopg.Connection) -> int:
    return int(_one(ledger, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'campaign'")) - 1


def _one(ledger: psycopg.Connection, question: str) -> float:
    row = ledger.execute(question).fetchone()
    return float(row[0]) if row else 0.0


@contextmanager
def redis() -> Iterator[str | None]:
    program = os.environ.get("REDIS_SERVER") or shutil.which("redis-server")
    if program is None:
        yield None
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder],
            stdout=subprocess.DEVNULL,
        )
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--due", type=int, default=DUE)
    parser.add_argument("--python", default=os.environ.get("WAKES_PYTHON", sys.executable))
    parser.add_argument("--engine", action="append", choices=ENGINES)
    options = parser.parse_args()
    found = []
    with database_server() as server, redis() as at:
        for name in options.engine or ENGINES:
            if name == "dramatiq" and at is None:
                print("Left out: Dramatiq, since there is no redis-server")
                continue
            address = server.database()
            engine = Engine(name, options.python, {"LEDGER": address, "REDIS": at or ""})
            with psycopg.connect(address, autocommit=True) as ledger:
                found.append(asdict(measured(engine, server, ledger, options.due)))
            print(json.dumps(found[-1]), flush=True)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
