"""A PostgreSQL of a bench's own: the one that the tests start."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "tests"))

from databases import Cluster, programs


@contextmanager
def database_server() -> Iterator[Cluster]:
    """On loopback, in a folder that is thrown away. Ends the program where there is none."""
    found = programs()
    if found is None:
        sys.exit("no PostgreSQL here: make test-deps brings it")
    with Cluster(found) as cluster:
        yield cluster
