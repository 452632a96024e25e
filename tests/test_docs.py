"""What is generated says what the program does."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from scheduler.calendar import read_calendar
from scheduler.platforms import PLATFORMS

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


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_platform_has_a_page_that_names_all_that_an_account_may_say(name):
    page = (CHECKOUT / f"docs/platforms/{name}.md").read_text("utf-8")
    named = {*PLATFORMS[name].options, *PLATFORMS[name].secrets}
    assert [each for each in sorted(named) if f"`{each}" not in page] == []


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_account_that_a_platforms_page_shows_is_a_good_one(name, calendar):
    page = (CHECKOUT / f"docs/platforms/{name}.md").read_text("utf-8")
    _, example, *_ = page.split("```")
    # The small calendar has an archive of its own, which others stand above.
    shown = example.removeprefix("yaml\n").replace("archive:", "another:")
    campaign = read_calendar(calendar(("accounts:\n", shown))).unwrap().own
    account = next(iter(campaign.accounts.values()))
    assert account.platform == name
    assert PLATFORMS[name].problems(account) == ()
