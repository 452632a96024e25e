"""The page of keys says every key, and its examples are right."""

from __future__ import annotations

import re

import pytest
import yaml

from scheduler.calendar import schema
from scheduler.calendar.editors import AccountKey, AccountKeys
from scheduler.calendar.reference import EXAMPLES, reference
from scheduler.calendar.schema import CalendarForm, Form


def forms():
    everything = vars(schema).values()
    return [one for one in everything if isinstance(one, type) and issubclass(one, Form)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_is_taken_by_its_form(name):
    written = yaml.load(EXAMPLES[name], yaml.BaseLoader)
    assert getattr(schema, name).model_validate(written)


@pytest.mark.parametrize("section", CalendarForm.model_fields)
def test_each_section_has_its_keys_on_the_page(section):
    assert re.search(rf"^## `{section}(\.<\w+>)?`$", reference(), re.MULTILINE)


#: Taken apart by the reader before its form sees it: a person writes 21:00-07:00.
NEVER_WRITTEN = {"HoursForm", "ContentForm", "TranslatedForm", "Form", "CalendarForm"}


@pytest.mark.parametrize("form", [one for one in forms() if one.__name__ not in NEVER_WRITTEN])
def test_each_key_stands_in_a_table_with_its_meaning(form):
    page = reference()
    for key in form.model_fields:
        rows = re.findall(rf"^\| `[^`]*\b{key}` \| .+ \| .+ \| (.*) \|$", page, re.MULTILINE)
        assert any(rows), key


def test_links_lead_to_headings():
    page = reference()
    headings = {
        re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))
        for title in re.findall(r"^## (.*)$", page, re.MULTILINE)
    }
    links = re.findall(r"\]\(#([^)]*)\)", page)
    assert set(links) <= headings
    assert len(links) > 10


def test_what_is_needed_and_what_holds_otherwise_is_said():
    page = reference()
    assert re.search(r"`campaign\.zone` \| .* \| yes \|", page)
    assert re.search(r"`campaign\.grace` \| .* \| else `3h` \|", page)
    assert re.search(r"`posts\.<id>\.time` \| .* \| no \|", page)
    assert "Exactly one of `day`, `series`." in page


def test_the_keys_of_a_platform_are_its_own():
    pigeon = AccountKeys(
        platform="pigeon", keys={"loft": AccountKey(meaning="where it lives", required=True)}
    )
    assert "| `accounts.<id>.loft` | text | yes | where it lives |" in reference([pigeon])
    assert "loft" not in reference()
