"""Servers in processes of their own: started, asked, and ended with the block."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PATIENCE = 30.0


@contextmanager
def served(script: Path, *options: str, **manners: Any) -> Iterator[tuple[dict[str, Any], int]]:
    """What the script says first, and the process's number; it ends when its input does."""
    process = subprocess.Popen(
        [sys.executable, *options, str(script), json.dumps(manners)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdin is None or process.stdout is None:
        raise AssertionError("both are pipes")
    try:
        yield json.loads(process.stdout.readline()), process.pid
    finally:
        process.stdin.close()
        process.wait(_PATIENCE)
        process.stdout.close()


def asked(port: int, what: str, body: Mapping[str, Any] | None = None) -> Any:
    """The answer to a question of the harness."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        line.request("POST", f"/control/{what}", json.dumps(body or {}))
        return json.loads(line.getresponse().read())
    finally:
        line.close()
