"""What editors are told about the calendar is what the reader does: no more, and no less."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from scheduler.calendar import read_calendar
from scheduler.calendar.editors import FIRST_LINE, AccountKey, AccountKeys, json_schema

CHECKOUT = Path(__file__).parents[2]


class Yaml12(yaml.SafeLoader):
    """As editors read: numbers, true, false and nothing; dates and `no` are text."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 (PyYAML wants a plain one)


for tag, form, first in (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("null", r"~|null|", ["~", "n", ""]),
):
    pattern = re.compile(rf"^(?:{form})$")
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", pattern, list(first))


def shipped():
    return json.loads((files("scheduler.calendar") / "campaign.schema.json").read_text("utf-8"))


def underlined(text: str, loader=Yaml12) -> list[str]:
    """What an editor would underline."""
    read = _keyed(yaml.load(text, loader))
    return [error.message for error in Draft7Validator(shipped()).iter_errors(read)]


def _keyed(value):
    """Keys are text to an editor, whatever they look like."""
    if isinstance(value, dict):
        return {str(key): _keyed(inner) for key, inner in value.items()}
    return [_keyed(inner) for inner in value] if isinstance(value, list) else value


def refused(file: Path) -> list[str]:
    return [str(problem) for problem in read_calendar(file).problems]


def test_it_is_a_schema():
    Draft7Validator.check_schema(shipped())


@pytest.mark.parametrize("loader", [yaml.BaseLoader, Yaml12], ids=["as text", "as editors read"])
@pytest.mark.parametrize("name", ["campaign.yaml", "src/scheduler/cli/starter.yaml"])
def test_nothing_is_underlined_in_a_calendar_that_is_right(name, loader):
    assert underlined((CHECKOUT / name).read_text("utf-8"), loader) == []


def test_the_starter_names_the_schema_beside_it():
    starter = (CHECKOUT / "src/scheduler/cli/starter.yaml").read_text("utf-8")
    assert starter.startswith(f"{FIRST_LINE}\n")


#: Changes of the small calendar that reader and editor both take.
RIGHT = {
    "a title that is a number": ("title: A small campaign", "title: 2026"),
    "a title that is a boolean elsewhere": ("title: A small campaign", "title: true"),
    "a year without quotation marks": ('year: "2023"', "year: 2023"),
    "a day in quotation marks": ("    day: 1\n", '    day: "1"\n'),
    "a day with a nought": ("    day: 1\n", "    day: 01\n"),
    "a post that floats": ("    day: 1\n", "    day: 3-8\n"),
    "a post on any day": ("    day: 1\n", "    day: any\n"),
    "an hour without quotation marks": ('time: "09:00"', "time: 9:30"),
    "a number in a headline": ("headline: We begin today", "headline: 16"),
    "no weekends": ("  language: en", "  language: en\n  weekends: no"),
    "no weekends, for programmers": ("  language: en", "  language: en\n  weekends: false"),
    "a length of time": ("  language: en", "  language: en\n  grace: 1h 30m"),
    "a hashtag with an accent": ('["#Small"]', '["#Égalité"]'),
    "a hashtag without its sign": ('["#Small"]', "[Small]"),
    "quiet hours": ("  language: en", "  language: en\n  quiet_hours: 21:00 – 07:00"),
    "a lint that is off": ("  language: en", "  language: en\n  lints: {weekend: off}"),
    "an embargo": ("    day: 1\n", "    day: 1\n    embargo: 2026-11-25 08:00\n"),
    "a survivor, said as no": (
        "    language: en\n    speaker",
        "    survivor: no\n    language: en\n    speaker",
    ),
}

#: Changes that both refuse.
WRONG = {
    "a key that does not exist": ("    text: Today", "    txet: Today"),
    "no text": ("    text: Today we begin.\n", ""),
    "no alt": ('    alt: "On the card: We begin today. One thing. Another thing."\n', ""),
    "an empty value": ("    text: Today we begin.", "    text:"),
    "a day 17": ("    day: 1\n", "    day: 17\n"),
    "days that do not exist": ("    day: 1\n", "    day: 12-19\n"),
    "a theme for day 17": ("  2: {theme", "  17: {theme"),
    "no day": ("    day: 1\n", ""),
    "a series without a number": ("    day: 1\n", "    series: weekly\n"),
    "an hour that does not exist": ('time: "09:00"', 'time: "25:00"'),
    "an hour in words": ('time: "09:00"', "time: nine"),
    "a date turned round": ("2026-11-25", "25.11.2026"),
    "a colour by name": ('"#FFF6EC", ink', '"orange", ink'),
    "an id with a space": ("  id: small-2026", "  id: Small 2026"),
    "a post's id with capitals": ("  launch:\n", "  Launch:\n"),
    "two kinds of content": (
        "    quote: guterres",
        "    quote: guterres\n    call: {headline: a, body: b}",
    ),
    "no kind of content": ("    quote: guterres\n", ""),
    "an excerpt of nothing": ("    day: 1\n", "    day: 1\n    excerpt: One thing\n"),
    "six points": ("[One thing, Another thing]", "[a, b, c, d, e, f]"),
    "a hashtag of figures": ('["#Small"]', '["#16"]'),
    "a hashtag that ends early": ('["#Small"]', '["#Small-2026"]'),
    "a file elsewhere": ("  name: Small\n", "  name: Small\n  logo: ../logo.png\n"),
    "a weekend rule that is neither": ("  language: en", "  language: en\n  weekends: maybe"),
    "a length without a unit": ("  language: en", "  language: en\n  grace: 3"),
    "who may answer, in other words": ("  language: en", "  language: en\n  comments: friends"),
    "an address without https": ("https://unis.unvienna.org/", "unis.unvienna.org"),
    "no platform": ("platform: folder, ", ""),
}


@pytest.mark.parametrize("what", RIGHT)
def test_an_editor_does_not_warn_of_what_the_reader_takes(calendar, what):
    file = calendar(RIGHT[what])
    assert refused(file) == []
    assert underlined(file.read_text("utf-8")) == []


@pytest.mark.parametrize("what", WRONG)
def test_an_editor_underlines_what_the_reader_refuses(calendar, what):
    file = calendar(WRONG[what])
    assert refused(file)
    assert underlined(file.read_text("utf-8"))


@pytest.mark.parametrize(
    "change",
    [
        ("platform: folder", "platform: fodler"),
        ("directory: published", "directory: published, colour: red"),
        (", directory: published", ""),
        ("{platform: folder, directory: published}", "{platform: mastodon, server: x, token: abc}"),
    ],
)
def test_an_editor_underlines_what_the_platform_refuses(calendar, change):
    assert underlined(calendar(change).read_text("utf-8"))


def forms():
    schema = json_schema()
    yield "the calendar", schema
    yield from schema["$defs"].items()


@pytest.mark.parametrize(("name", "form"), list(forms()), ids=lambda value: str(value)[:20])
def test_every_key_is_explained(name, form):
    assert [
        key for key, value in form.get("properties", {}).items() if not value.get("description")
    ] == []


def test_no_key_is_without_its_default_and_none_may_be_empty():
    campaign = json_schema()["$defs"]["CampaignForm"]["properties"]
    assert campaign["grace"]["default"] == "3h"
    assert campaign["weekends"]["default"] == "yes"
    assert campaign["comments"]["default"] == "limited"
    assert '"null"' not in json.dumps(json_schema())


def test_without_platforms_any_account_may_stand():
    account = json_schema()["$defs"]["AccountForm"]
    named = json_schema([AccountKeys(platform="pigeon", keys={"loft": AccountKey(meaning="m")})])
    assert "enum" not in account["properties"]["platform"]
    assert named["$defs"]["AccountForm"]["properties"]["platform"]["enum"] == ["pigeon"]


def beside(kind):
    text = (files("scheduler.calendar") / f"{kind}.schema.json").read_text("utf-8")
    return Draft7Validator(json.loads(text))


@pytest.mark.parametrize("kind", ["language", "member"])
def test_the_shipped_files_beside_the_calendar_are_taken(kind):
    found = sorted((CHECKOUT / f"{kind}s").glob("*.yaml"))
    assert found
    for file in found:
        assert beside(kind).is_valid(_keyed(yaml.load(file.read_text("utf-8"), Yaml12)))


@pytest.mark.parametrize(
    "written",
    [
        {"language": "de", "accounts": {}},
        {"language": "de", "helplines": {"eu": {"number": "999"}}},
        {"language": "de", "posts": {"launch": {"txt": "Heute"}}},
        {"posts": {}},
    ],
)
def test_what_a_language_may_not_say_is_underlined(written):
    assert not beside("language").is_valid(written)
