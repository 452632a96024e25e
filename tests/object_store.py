"""A real server of buckets: OpenStack Swift with its S3 API, on loopback, in a folder thrown away.

It checks signatures, which what Amazon's tests are usually made with does not.
"""

from __future__ import annotations

import getpass
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import requests

PROGRAMS = (
    "swift-proxy-server",
    "swift-account-server",
    "swift-container-server",
    "swift-object-server",
    "swift-ring-builder",
    "memcached",
)
#: The account and user of the test, as tempauth and S3 call them.
ACCESS_KEY, SECRET_KEY = "test:tester", "testing"

_STORE = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
workers = 0
log_facility = LOG_LOCAL0
fallocate_reserve = 0
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
_PROXY = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {folder}
workers = 0
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{memcached}
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""
_HASHES = """\
[swift-hash]
swift_hash_path_prefix = test
swift_hash_path_suffix = test
"""
_RING = ("account", "container", "object")


def missing() -> tuple[str, ...]:
    """The programs that it needs and that are not here."""
    return tuple(program for program in PROGRAMS if shutil.which(program) is None)


class ObjectStore:
    """One server, with one account; `address` is where its S3 API answers."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="campaign-swift-"))
        self._running: list[subprocess.Popen[bytes]] = []
        self._ports = dict(
            zip((*_RING, "proxy", "memcached"), _free_ports(len(_RING) + 2), strict=True)
        )
        self.address = f"http://127.0.0.1:{self._ports['proxy']}"

    def __enter__(self) -> Self:
        (self._folder / "devices" / "d1").mkdir(parents=True)
        (self._folder / "swift.conf").write_text(_HASHES)
        for kind in _RING:
            self._ring(kind)
        port = str(self._ports["memcached"])
        self._start("memcached", "-l", "127.0.0.1", "-p", port, "-u", "nobody")
        for kind in (*_RING, "proxy"):
            self._serve(kind)
        try:
            self._until_it_answers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            process.kill()
        for process in self._running:
            process.wait(30)
        shutil.rmtree(self._folder, ignore_errors=True)

    def open(self, bucket: str) -> None:
        """Let everybody read what lies in the bucket, as its owner says to Swift itself."""
        key = {"X-Storage-User": ACCESS_KEY, "X-Storage-Pass": SECRET_KEY}
        signed_in = requests.get(f"{self.address}/auth/v1.0", headers=key, timeout=10)
        requests.post(
            f"{signed_in.headers['X-Storage-Url']}/{bucket}",
            headers={"X-Auth-Token": signed_in.headers["X-Auth-Token"], "X-Container-Read": ".r:*"},
            timeout=10,
        ).raise_for_status()

    def _ring(self, kind: str) -> None:
        builder = self._folder / f"{kind}.builder"
        device = f"r1z1-127.0.0.1:{self._ports[kind]}/d1"
        for step in (("create", "2", "1", "0"), ("add", device, "1"), ("rebalance",)):
            done = subprocess.run(
                ["swift-ring-builder", builder, *step], capture_output=True, check=False
            )
            # 1 is a warning: one device is no protection.
            assert done.returncode in (0, 1), done.stdout

    def _serve(self, kind: str) -> None:
        file = self._folder / f"{kind}.conf"
        template = _PROXY if kind == "proxy" else _STORE
        file.write_text(
            template.format(
                kind=kind,
                port=self._ports[kind],
                memcached=self._ports["memcached"],
                folder=self._folder,
                user=getpass.getuser(),
                secret=SECRET_KEY,
            )
        )
        self._start(f"swift-{kind}-server", str(file))

    def _start(self, *command: str) -> None:
        with (self._folder / f"{command[0]}.log").open("wb") as log:
            started = subprocess.Popen(
                command, cwd=self._folder, stdout=log, stderr=subprocess.STDOUT
            )
        self._running.append(started)

    def _until_it_answers(self) -> None:
        """Each of the four, since the proxy does not wait for the others."""
        ends = time.monotonic() + 60
        for kind in (*_RING, "proxy"):
            address = f"http://127.0.0.1:{self._ports[kind]}/"
            while True:
                try:
                    requests.get(address, timeout=5)
                except requests.ConnectionError:
                    assert time.monotonic() < ends, f"{kind} does not answer: {self._logs()}"
                    time.sleep(0.05)
                else:
                    break

    def _logs(self) -> str:
        logs = (file.read_text(errors="replace") for file in self._folder.glob("*.log"))
        return "\n".join(filter(None, logs))


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
