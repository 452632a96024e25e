"""Every key of the calendar as a page, made from the same forms that check it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from scheduler.calendar.editors import (
    AccountKeys,
    Schema,
    holds_schema,
    json_schema,
    overlay_schema,
)
from scheduler.calendar.schema import CalendarForm, LanguageForm, MemberForm

_TOP = """\
# The calendar, key by key

This page is made from the program itself, by `tools/write_docs.py`. An editor that knows
`campaign.schema.json` says the same while you type. A key that does not stand here is an error, and
so is an empty value. Whatever you write is taken as the text that you typed: `no`, `016` and
`12:30` stay what they are. A text with a colon or a `#` in it stands between quotation marks.

`<id>` is a name that you choose: small letters, digits and hyphens.
"""

#: The page's examples, by form. Each is read by the form itself in a test.
EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "CampaignForm": """\
id: responsible-together-2026
title: "#ResponsibleTogether 2026"
first_day: 2026-11-25
zone: Europe/Berlin
language: en
time: "09:00"
tags: ["#ResponsibleTogether", "#16Days"]
quiet_hours: 21:00-07:00
lints: {weekend: "off"}
""",
        "ModerationForm": """\
by: The communications team
hours: 09:00-17:00
""",
        "BrandForm": """\
name: Responsible Together
hashtag: "#ResponsibleTogether"
help: Find help in your country
colours:
  {paper: "#FFF6EC", ink: "#24163A", accent: "#C2410C", ground: "#3B1A5A", on_dark: "#FFF6EC"}
""",
        "FontsForm": """\
text: Inter
display: [assets/brand/Bold.ttf, assets/brand/Black.ttf]
serif: Inter Display
""",
        "ColoursForm": """\
paper: "#FFF6EC"
ink: "#24163A"
accent: "#C2410C"
ground: "#3B1A5A"
on_dark: "#FFF6EC"
""",
        "AccountForm": """\
platform: mastodon
server: https://mastodon.example
token: {env: MASTODON_TOKEN}
""",
        "HostingForm": """\
bucket: campaign-pictures
endpoint: https://s3.example.org
region: eu-central-1
address: https://pictures.example.org
access_key: {env: PICTURES_ACCESS_KEY}
secret_key: {env: PICTURES_SECRET_KEY}
""",
        "AlertsForm": """\
to:
  coordination: {keyring: campaign-alerts}
  on-call: {env: ALERTS_ON_CALL}
quiet_hours: 22:00-07:00
digest: "17:00"
ping: {env: ALERTS_PING}
""",
        "SecretForm": """\
keyring: campaign-mastodon
""",
        "FactForm": """\
figure: 0.4%
statement: of the yearly cost of gender-based violence is made up by services such as shelters.
population: The EU, all forms of gender-based violence
year: estimate of 2021
source:
  publisher: European Institute for Gender Equality (EIGE)
  title: The costs of gender-based violence in the European Union
  year: "2021"
  address: https://eige.europa.eu/newsroom/news/gender-based-violence-costs-eu-eu366-billion-year
checked: publisher
checked_on: 2026-11-22
caveat: Extrapolated from UK data by population. A share of the cost, not of public budgets.
chart: {kind: ring, share: 0.4}
""",
        "SourceForm": """\
publisher: UNODC and UN Women
title: Femicides in 2024
year: "2025"
address: https://knowledge.unwomen.org/
""",
        "ChartForm": """\
kind: pictogram
marked: 1
of: 3
""",
        "ValueForm": """\
label: Psychological violence included
amount: 32
shown: 32%
""",
        "MomentForm": """\
label: 12 months later
amount: 51
shown: 51%
""",
        "QuoteForm": """\
words: Listen to survivors and end impunity for perpetrators everywhere.
language: en
speaker: António Guterres
role: Secretary-General of the United Nations
source:
  publisher: United Nations Information Service Vienna
  title: Message for the International Day for the Elimination of Violence against Women
  year: "2023"
  address: https://unis.unvienna.org/unis/en/pressrels/2023/unissgsm1365.html
checked: publisher
checked_on: 2026-11-22
""",
        "PhrasesForm": """\
day: Journée {day} sur {days}
helpline: Ligne d’écoute
""",
        "TranslationForm": """\
state: reviewed
by: Maria Rossi
on: 2026-11-20
of:
  text: Listening comes first.
  alt: A quotation. “Listen to survivors and end impunity for perpetrators everywhere.”
""",
        "InTranslationForm": """\
words: (the words in the language of the file)
translator: (who translated them, and stands for it)
""",
        "MemberHeadForm": """\
id: italy
name: Sample member, Italy
""",
        "LeavesOutForm": """\
days: [9]
posts: [far-too-slow]
""",
        "PictureForm": """\
file: assets/pictures/open-door.jpg
credit: "Drawn for #ResponsibleTogether"
licence: CC0-1.0
""",
        "ConsentForm": """\
scope: this story without a name, on all accounts, in the 16 Days 2026
until: 2026-12-31
""",
        "HelplineForm": """\
number: (the number, as it is dialled)
country: DE
audience: survivors
hours: day and night, free of charge
verified: publisher
verified_by: The communications team
verified_on: 2026-11-20
address: https://example.org/the-helplines-own-page
""",
        "SeriesForm": """\
first: 1
every: 3
time: "17:30"
""",
        "DayForm": """\
theme: Survivors first
observance: International Women Human Rights Defenders Day
""",
        "PostForm": """\
day: 5
quote: guterres-2023
text: Listening comes first.
alt: >-
  A quotation. “Listen to survivors and end impunity for perpetrators everywhere.” António Guterres.
""",
        "SlideForm": """\
statistic: share-for-shelters
alt: A statistic. 0.4% of the yearly cost …
""",
        "GraphicForm": """\
headline: Violence has no excuse
points: ["Not stress, not alcohol, not jealousy", Nothing that she said or did]
""",
        "PhotoForm": """\
picture: open-door
headline: A door that everyone can reach
""",
        "CallForm": """\
headline: Listen. Believe her.
body: If a friend tells you about violence, let her decide what happens next.
""",
        "OpenerForm": """\
headline: Why we speak
body: International Day for the Elimination of Violence against Women
""",
        "HoldForm": """\
country: AT
reason: A woman was killed in Graz today.
by: The coordination
""",
    }
)


def reference(platforms: Sequence[AccountKeys] = ()) -> str:
    """The page, in Markdown."""
    schema = json_schema(platforms)
    page = _Page(schema["$defs"])
    page.visit(schema, "")
    overview = ["## The sections of the file", page.table(schema, "")]
    beside = [*_overlay(_LANGUAGES, LanguageForm), *_overlay(_MEMBERS, MemberForm)]
    sections = [_TOP.rstrip(), *overview, *page.sections(), *beside, *_holds()]
    return "\n\n".join(sections) + "\n"


def _holds() -> Iterator[str]:
    """The file of what must not go out."""
    schema = holds_schema()
    page = _Page(schema["$defs"])
    page.visit(schema, "")
    yield _HOLDS.rstrip()
    yield page.table(schema, "")
    yield from page.sections()


def _overlay(introduction: str, form: type[CalendarForm]) -> Iterator[str]:
    """What a file over the calendar has beyond the calendar's own keys."""
    schema = overlay_schema(form)
    properties = {
        key: value
        for key, value in schema["properties"].items()
        if key not in CalendarForm.model_fields
    }
    if form is LanguageForm:
        post, quote = (schema["$defs"][name]["properties"] for name in ("PostForm", "QuoteForm"))
        properties |= {"translation": post["translation"]}
        properties |= {"in_translation": quote["in_translation"]}
    own: Schema = {"properties": properties, "required": schema["required"]}
    page = _Page(schema["$defs"])
    page.visit(own, "")
    yield introduction.rstrip()
    yield page.table(own, "")
    yield from page.sections()


_LANGUAGES = """\
## A file for each language

`languages/de.yaml` lies over the calendar. It has the same sections, and nothing but words in them:
texts, points, themes, what a figure counts, roles, tags. Numbers, sources, hours, accounts and
consents are the same in every language, and stand in the calendar. It keeps the source of each text
below `translation`, `of`: as soon as the calendar says something else, it is stale.
`translation` stands in each post, fact, quote, day and helpline, and directly below `campaign`,
`brand` and `phrases`. What is missing keeps a post from going out in that language; what nobody has
reviewed never goes out to a live account. A quotation stays as it was said, unless
`in_translation` has it.
"""
_MEMBERS = """\
## A file for each member

`members/italy.yaml` lies over the calendar and over its language's file, with the same sections:
`campaign` for its language, zone, country, hour and helpline, `brand` for its name and logo, and
`posts` for what it says differently, or in addition. A post that shows something else needs its own
`alt`. A figure, quotation, picture, helpline or consent of the calendar holds for every member: for
another one, a member writes its own, with an id of its own. Accounts are never taken over: they are
the member's own, and called `italy.page` in the ledger and wherever several organisations meet. A
post with `accounts: [page]` is for everybody's `page`. `campaign explain POST --member italy` names
the file that each value came from.
"""
_HOLDS = """\
## holds.yaml: what must not go out

Beside the calendar, for whoever has only a phone and the web page of a forge. The daemon follows it
within a minute, though the calendar may be broken. Taking an entry out releases it: what was
approved before must be approved once more. What cannot be understood in this file holds everything.
"""


@dataclass(slots=True)
class _Page:
    """The forms of the schema, and the paths at which each stands, in the reader's order."""

    forms: Mapping[str, Schema]
    paths: dict[str, list[str]] = field(default_factory=dict)

    def visit(self, form: Schema, prefix: str) -> None:
        for key, value in form["properties"].items():
            for name, step in self._inside(value):
                path = f"{prefix}{key}{step}"
                self.paths.setdefault(name, []).append(path)
                self.visit(self.forms[name], f"{path}.")
        for name, _ in self._inside(form):
            self.paths.setdefault(name, []).append(f"{prefix}<key>")

    def _inside(self, value: Schema) -> Iterator[tuple[str, str]]:
        """The forms that a value consists of, and the step from the value to each."""
        for inner, step in _steps(value):
            name = _named(inner)
            if "properties" in self.forms.get(name, {}):
                yield name, step

    def sections(self) -> Iterator[str]:
        for name, (path, *others) in self.paths.items():
            form = self.forms[name]
            also = f" Also at {', '.join(f'`{other}`' for other in others)}." if others else ""
            yield f"## `{path}`"
            yield f"{form.get('description', '')}{also}"
            yield self.table(form, f"{path}.")
            yield from _rules(form)
            yield from self._by_platform(form)
            yield f"```yaml\n{EXAMPLES[name]}```"

    def table(self, form: Schema, prefix: str) -> str:
        rows = [
            _cells(
                f"`{prefix}{key}`",
                self._form(value),
                _needed(key, value, form),
                value.get("description", ""),
            )
            for key, value in form["properties"].items()
        ]
        return "\n".join([_cells("key", "form", "needed", "meaning"), "|---|---|---|---|", *rows])

    def _form(self, value: Schema) -> str:
        """What may be written, in a few words."""
        for name, step in self._inside(value):
            path = self.paths[name][0]
            return f"{_MANY[step]}[`{path}`](#{_anchor(path)})"
        if name := _named(value):
            return self._form(self.forms[name])
        if "items" in value:
            return f"list, each: {self._form(value['items'])}"
        if isinstance(value.get("additionalProperties"), dict):
            return f"by name: {self._form(value['additionalProperties'])}"
        if "enum" in value and "title" not in value:
            return " · ".join(f"`{choice}`" for choice in value["enum"] if isinstance(choice, str))
        examples = ", ".join(f"`{example}`" for example in value.get("examples", ()))
        return f"{value['title']}: {examples}" if examples else str(value.get("title", "text"))

    def _by_platform(self, form: Schema) -> Iterator[str]:
        for choice in form.get("allOf", ()):
            if "if" in choice:
                platform = choice["if"]["properties"]["platform"]["const"]
                keys = {k: v for k, v in choice["then"]["properties"].items() if k != "platform"}
                yield f"With `platform: {platform}`:"
                yield self.table({**choice["then"], "properties": keys}, "accounts.<id>.")


#: What stands before the name of a form, by the step that leads to it.
_MANY = MappingProxyType({"": "", "[]": "list, each: ", ".<id>": "by id: ", ".<day>": "by day: "})


def _steps(value: Schema) -> Iterator[tuple[Schema, str]]:
    yield value, ""
    yield value.get("items", {}), "[]"
    for inner in value.get("patternProperties", {}).values():
        yield from ((each, ".<id>") for each in (inner, *inner.get("anyOf", ())))
    more = value.get("additionalProperties")
    if isinstance(more, dict):
        yield more, ".<day>"
        yield from ((inner, "") for inner in more.get("anyOf", ()))


def _named(value: Schema) -> str:
    return str(value.get("$ref", "")).rpartition("/")[2]


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _needed(key: str, value: Schema, form: Schema) -> str:
    if key in form.get("required", ()):
        return "yes"
    return f"else `{value['default']}`" if "default" in value else "no"


def _rules(form: Schema) -> Iterator[str]:
    """What a form asks beyond its single keys, in words."""
    for rule in (form, *form.get("allOf", ())):
        if "oneOf" in rule:
            yield f"Exactly one of {_keys(rule['oneOf'])}."
    for key, others in form.get("dependencies", {}).items():
        yield f"`{key}` needs {', '.join(f'`{other}`' for other in others)}."


def _keys(choices: Sequence[Schema]) -> str:
    return ", ".join(f"`{choice['required'][0]}`" for choice in choices)


def _anchor(path: str) -> str:
    """As GitHub names a heading."""
    return re.sub(r"[^\w-]", "", path.lower())
