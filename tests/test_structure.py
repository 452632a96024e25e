"""Each library has one door: a room that opens it, so that it can be replaced there."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path

import pytest

import scheduler

SOURCE = Path(scheduler.__file__).parent

#: The rooms that may import a library. What the whole program may use stands in the last lines.
DOORS = {
    "yaml": {"calendar"},
    "openpyxl": {"sheets"},
    "icalendar": {"sheets"},
    "pydantic": {"calendar"},
    "pydantic_core": {"calendar"},
    "PIL": {"cards"},
    "freetype": {"cards"},
    "uharfbuzz": {"cards"},
    "isal": {"cards"},
    "bidi": {"cards"},
    # Whoever gives out an address looks first whether it can be read.
    "requests": {"platforms", "hosting.py", "alerting"},
    "boto3": {"buckets.py"},
    "botocore": {"buckets.py"},
    "requests_oauthlib": {"platforms"},
    "tweepy": {"platforms"},
    "urllib3": {"platforms"},
    "regex": {"platforms", "sandbox"},
    "sqlalchemy": {"ledger"},
    "alembic": {"ledger"},
    "werkzeug": {"sandbox"},
    "apprise": {"alerting"},
    "keyring": {"accounts"},
    "cryptography": {"accounts"},
    "jinja2": {"templating.py"},
    "markupsafe": {"templating.py"},
    "babel": {"interface"},
    "apscheduler": {"daemon.py"},
    "procrastinate": {"cluster.py"},
    "psycopg": {"cluster.py"},
    "prometheus_client": {"metering.py"},
    "typer": {"cli"},
    "rich": {"cli"},
}


def _imports(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.add(node.module)
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("file", sorted(SOURCE.rglob("*.py")), ids=lambda file: file.name)
def test_a_library_is_imported_only_in_its_room(file):
    room = file.relative_to(SOURCE).parts[0]
    others = _imports(file) - {"scheduler"} - sys.stdlib_module_names - {"_typeshed"}
    strangers = {name for name in others if room not in DOORS.get(name, set())}
    assert not strangers


def test_every_door_is_used():
    opened = {name for file in SOURCE.rglob("*.py") for name in _imports(file)}
    assert set(DOORS) <= opened


def test_the_modules_beside_the_package_have_names_of_their_own():
    """Tests, benches and tools share one path: of two modules of a name, one hides the other."""
    root = Path(__file__).parents[1]
    files = [*(root / "tests").rglob("*.py"), *(root / "bench").glob("*.py")]
    counted = Counter(file.stem for file in [*files, *(root / "tools").glob("*.py")])
    assert {name for name, times in counted.items() if times > 1} <= {"conftest"}
