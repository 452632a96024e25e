"""A PostgreSQL of the tests' own: on loopback, in a folder that is thrown away."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psycopg

from scheduler.ledger import Ledger

USER = "campaign"


def programs() -> Path | None:
    """Where Debian, or the PATH, keeps the newest server's programs; None where there are none."""
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: file.parts[4])
    found = kept[-1] if kept else shutil.which("initdb")
    return Path(found).parent if found else None


class Cluster:
    """One server; `database()` gives the address of an empty database."""

    def __init__(self, bin_: Path) -> None:
        self._bin = bin_
        self._folder = Path(tempfile.mkdtemp(prefix="campaign-postgresql-"))
        self._made = 0
        self._migrated: str | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def __enter__(self) -> Self:
        # The server refuses to be run by root.
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as:
            shutil.chown(self._folder, "postgres")
        data = self._folder / "data"
        self._run("initdb", "-D", data, "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8")
        # No machine is lost here, only processes are: what they committed is in the server.
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "off",
            "max_connections": 300,
            "shared_buffers": "32MB",
        }
        told = [each for name, value in settings.items() for each in ("-c", f"{name}={value}")]
        self._server = subprocess.Popen(
            [*self._as, self._bin / "postgres", "-D", data, *told],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._until_it_answers()
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "stop")
        self._server.wait(30)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """Of the server's first process."""
        return int((self._folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    def restart(self) -> None:
        """As after a crash of the server: every line is cut, what was committed is there again."""
        log = self._folder / "log"
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "-l", log, "restart")

    def database(self, *, like: str = "template1") -> str:
        """The address of a new database, with everything that stands in another one."""
        self._made += 1
        name = f"ledger_{self._made}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like.rpartition('/')[2]}")
        return self._address(name)

    def migrated(self) -> str:
        """A database with the tables of today and nothing in them, made once."""
        if self._migrated is None:
            self._migrated = self.database()
            Ledger(self._migrated).close()
        return self._migrated

    def _address(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [*self._as, self._bin / program, *map(str, arguments)],
            check=True,
            capture_output=True,
            cwd=self._folder,
        )

    def _until_it_answers(self) -> None:
        ends = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self._address("postgres")).close()
            except psycopg.OperationalError:
                assert time.monotonic() < ends, "PostgreSQL does not answer"
                time.sleep(0.05)
            else:
                return
