"""Both that are measured say the same number of posts, and neither has anything wrong in it."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "bench" / "large_coalition.py"
MEMBERS = 20


@pytest.fixture(scope="module")
def bench():
    spec = spec_from_file_location("large_coalition", FILE)
    module = module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, spec.name, module)  # its dataclasses look there
        spec.loader.exec_module(module)
        yield module


@pytest.fixture(scope="module")
def writer(bench):
    return bench.Writer(7, MEMBERS)
