"""What is generated says what the program does."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from scheduler.calendar import read_calendar
from scheduler.cards import digest
from scheduler.cards.design_rules import RULES
from scheduler.platforms import PLATFORMS

CHECKOUT = Path(__file__).parents[1]


def _tool(name):
    spec = spec_from_file_location(name, CHECKOUT / "tools" / f"{name}.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATED = _tool("write_docs").generated()


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


DESIGN = _tool("draw_design_pictures")
CAMPAIGN = read_calendar(CHECKOUT / "campaign.yaml").unwrap().own
#: Of 255: what few colours and other wheels may change in the mean of sixteen pixels.
LOST = 40


def test_the_page_on_design_shows_every_picture_that_there_is_and_no_other():
    page = (CHECKOUT / "docs/design-a-card.md").read_text("utf-8")
    shown = {CHECKOUT / "docs" / name for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", page)}
    assert len(shown) == len(RULES)
    assert shown == set((CHECKOUT / "docs/images/design").iterdir())


def test_the_pictures_of_the_page_on_design_are_small_together():
    files = (CHECKOUT / "docs/images/design").iterdir()
    assert sum(file.stat().st_size for file in files) < 600_000


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_picture_of_the_page_on_design_shows_the_cards_as_they_are_drawn_today(rule):
    card = DESIGN.good(rule, CAMPAIGN)
    now = DESIGN.side_by_side(DESIGN.bad(rule, card), card)
    with Image.open(CHECKOUT / "docs" / rule.picture) as kept:
        lost = ImageChops.difference(now.reduce(4), kept.convert("RGB").reduce(4))
    worst = max(high for _, high in lost.getextrema())
    assert worst <= LOST, "run tools/draw_design_pictures.py"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_card_that_breaks_a_rule_of_design_looks_different_and_says_nothing_new(rule):
    card = DESIGN.good(rule, CAMPAIGN)
    broken = DESIGN.bad(rule, card)
    assert broken.texts.items() <= card.texts.items()
    assert digest(broken) != digest(card)


def test_no_bad_template_is_left_over():
    assert {file.stem for file in DESIGN.BAD.iterdir()} <= {rule.name for rule in RULES}
