"""What is generated says what the program does."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]


def _tool():
    spec = spec_from_file_location("write_docs", CHECKOUT / "tools" / "write_docs.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATED = _tool().generated()


@pytest.mark.parametrize("file", GENERATED, ids=lambda file: file.name)
def test_a_generated_file_is_up_to_date(file):
    assert file.exists(), "run tools/write_docs.py"
    same = file.read_text("utf-8") == GENERATED[file]
    assert same, "run tools/write_docs.py"


def test_the_calendars_page_and_the_editors_schema_are_among_them():
    assert {"calendar.md", "campaign.schema.json"} <= {file.name for file in GENERATED}
