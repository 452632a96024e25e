"""Everything that the program says comes from a catalogue, and is marked as the reader's language.

A made-up language is spoken in Cyrillic letters, and the campaign says everything in Greek ones. So
a Latin letter that somebody sees was written by the program and by no catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from gettext import NullTranslations
from types import MappingProxyType

import pytest
from babel import Locale
from paper_read_back import tags
from preview_samples import (
    Element,
    campaign,
    coalition,
    cyprus,
    file_places,
    germany,
    pages,
    parsed,
    post,
    voiceless,
)
from test_feeds import FAULTS, SUMMARY, feeds, of_two_members
from test_feeds import post as feed_post

from scheduler.errors import Problem, Severity
from scheduler.interface import Interface
from scheduler.model import (
    OWN,
    Account,
    Agreement,
    Comments,
    Draft,
    Earlier,
    Measure,
    Public,
    Translation,
    Wording,
    Yes,
)
from scheduler.planning import plan_of
from scheduler.preview import feeds as feeds_page
from scheduler.preview.choosing import Choice, chosen
from scheduler.preview.feeds import FaultKind, Unpublished
from scheduler.preview.listing import listed
from scheduler.preview.looks import LOOKS
from scheduler.preview.printing import printed
from scheduler.preview.rendering import page
from scheduler.preview.site import broken, leaves

LATIN = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC = "абцдефгхијклмнопярстувжщйз"
GREEK = "αβψδεφγηιξκλμνοπχρστυωςθζϊ"
#: What must stay as it is for the program to know it, or is nobody's words.
KEPT = {
    "language",
    "platform",
    "places",
    "root",
    "colours",
    "options",
    "zone",
    "country",
    "address",
}
#: What a calendar calls a thing, and what a file is called, in whatever language.
NAMES = {
    "ALT",
    "CY",
    "DE",
    "Asia/Nicosia",
    "Europe/Berlin",
    "mastodon.example",
    "post.json",
    "published",
    "somewhere",
    "text.txt",
}
CODES = {"el", "de", "en"}
SAID_TO_READERS = (
    "aria-label",
    "alt",
    "title",
    "placeholder",
    "data-more",
    "data-less",
    "data-hide",
)


def respelled(text: str, letters: str) -> str:
    """In other letters, but for tags and for what is filled in."""
    table = str.maketrans(LATIN + LATIN.upper(), letters + letters.upper())
    parts = re.split(r"(<[^>]*>|\{[a-z_]*\})", text)
    return "".join(
        each if number % 2 else each.translate(table) for number, each in enumerate(parts)
    )


class Cyrillic(NullTranslations):
    def gettext(self, message):
        return respelled(message, CYRILLIC)

    def ngettext(self, msgid1, msgid2, n):
        return respelled(msgid1 if n == 1 else msgid2, CYRILLIC)

    def pgettext(self, context, message):
        return respelled(message, CYRILLIC)


class Pseudo(Interface):
    """What comes from CLDR is respelled as well."""


def _also(name: str):
    def made(self, *given):
        return respelled(getattr(Interface, name)(self, *given), CYRILLIC)

    return made


for _name in (
    "brief_day",
    "day",
    "day_of_year",
    "dollars",
    "duration",
    "full_day",
    "language_name",
):
    setattr(Pseudo, _name, _also(_name))
for _name in ("listed", "short_day", "size", "town"):
    setattr(Pseudo, _name, _also(_name))

PSEUDO = Pseudo("en-XA", Locale("en", "GB"), Cyrillic())
SCRIPT = re.compile(f"[{CYRILLIC}{CYRILLIC.upper()}]")
CONTENT = re.compile(f"[{GREEK}{GREEK.upper()}]")


def in_greek(value):
    """Whatever a person wrote, with all that it is made of, in Greek letters."""
    if isinstance(value, str) and not isinstance(value, Enum) and value != OWN:
        return respelled(value, GREEK)
    if isinstance(value, Mapping):
        return MappingProxyType({in_greek(key): in_greek(each) for key, each in value.items()})
    if isinstance(value, tuple):
        return tuple(map(in_greek, value))
    if is_dataclass(value) and not isinstance(value, type):
        said = {field.name for field in fields(value) if field.init} - KEPT
        return replace(value, **{name: in_greek(getattr(value, name)) for name in said})
    return value


def problems(*messages: str) -> tuple[Problem, ...]:
    found = Problem(file="campaign.yaml", line=9, column=3, code="x", message="", hint="hint")
    return tuple(
        in_greek(replace(found, message=message, severity=severity))
        for message in messages
        for severity in Severity
    )


def everything(folder):
    """One organisation, with all that a page can say of a post."""
    accounts = {
        name: Account(name=name, platform=name, options={"directory": "published"})
        for name in (*LOOKS, "somewhere")
    }
    spoken = {"accounts": tuple(accounts)}
    long_ = "\n".join(["A long text, line by line, as nobody should write one."] * 60)
    translations = [
        Translation(wording=Wording.REVIEWED, by="Ana", on=date(2026, 11, 1)),
        Translation(wording=Wording.REVIEWED, by="Ana"),
        Translation(wording=Wording.STALE, by="Ana", on=date(2026, 11, 1)),
        Translation(wording=Wording.STALE),
        Translation(wording=Wording.MISSING),
    ]
    names = ("photo", "quote", "statistic", "graphic", "call")
    made = [
        replace(post(name), **spoken, text=long_ + name, translation=translation)
        for name, translation in zip(names, translations, strict=True)
    ]
    made[0] = replace(made[0], note="A note")
    made[4] = replace(made[4], thread=("Second.", "Third."))
    made[1] = replace(made[1], accounts=())
    own = in_greek(campaign(*made, accounts=MappingProxyType(accounts)))
    shown = pages(own, folder, *problems("something", 'day 3, post "the-call": something'))
    keys = list(plan_of(own))
    agreements = list(Agreement)
    at = keys[0].due
    draft = {each.key: shown.drafts[each.post, each.account][each.part - 1] for each in keys}
    yes = {
        each.key: Yes(
            agreement=agreements[number % 4],
            who=("Ανα", "Βεν"),
            at=at,
            earlier=_earlier(draft[each.key], at, known=number % 8 < 4),
        )
        for number, each in enumerate(keys)
    }
    public = {
        key: Public(
            at=at,
            address="https://mastodon.example/1",
            draft=_before(draft[key]) if number % 2 else draft[key],
        )
        for number, key in enumerate(list(draft)[::5])
    }
    pairs = list(shown.drafts)
    undrafted = dict(shown.drafts)
    del undrafted[pairs[-1]]
    measures = (
        Measure(name="text", used=900, limit=500, unit="weighted characters"),
        Measure(name="pictures", used=0, limit=4, least=1, unit="pictures"),
        Measure(name="alt text of picture 1", used=3, limit=4, unit="characters"),
        *(
            Measure(name=f"{name} {number}", used=number, limit=90, unit=unit)
            for name, unit in (("alt text of picture", "UTF-16 units"), ("picture", "bytes"))
            for number in (2, 3, 4)
        ),
        Measure(name="picture 1", used=999, limit=4_000_000, unit="bytes"),
    )
    return replace(
        shown,
        drafts=undrafted,
        measures=dict.fromkeys(shown.measures, (measures,) * 3),
        held={pairs[0]: "γιατι", pairs[1]: ""},
        approvals=yes,
        public=public,
    )


def _before(draft: Draft) -> Draft:
    """Everything of it was another one."""
    pictures = tuple(
        replace(each, alt="Μια αλλη.", digest=f"0{number}")
        for number, each in enumerate(draft.pictures)
    )
    return replace(
        draft,
        text="Κατι αλλο.",
        note="Κατι.",
        language="de",
        comments=Comments.OFF,
        pictures=(*pictures, *pictures[:1]),
    )


def _earlier(draft: Draft, at: datetime, *, known: bool) -> Earlier:
    return Earlier(who=("Ανα", "Βεν"), at=at, draft=_before(draft) if known else None)


def of_many(folder):
    own = voiceless(campaign(places=file_places("campaign.yaml", ("posts",))))
    whole = coalition(
        in_greek(cyprus(own, folder / "assets")),
        in_greek(germany(own, folder / "assets")),
        own=in_greek(own),
        complete=False,
    )
    told = problems("something", 'day 3, post "the-call": something')
    elsewhere = replace(told[0], file="members/other.yaml")
    return pages(whole, folder / "shelf", *told, elsewhere)


@dataclass(frozen=True)
class Said:
    """A text that somebody sees or hears, and the elements around it, the outermost first."""

    text: str
    around: tuple[Element, ...]

    @property
    def spoken(self) -> str:
        """The language that it is marked as."""
        marked = [each.attributes["lang"] for each in self.around if "lang" in each.attributes]
        return marked[-1] if marked else ""

    @property
    def is_quoted(self) -> bool:
        """Whether it is set apart as somebody's words or name; what nobody reads out needs not."""
        return any(
            each.tag in {"bdi", "code", "title"}
            or each.attributes.get("aria-hidden") == "true"
            or "lang" in each.attributes
            or each.attributes.get("dir") == "auto"
            for each in self.around[1:]
        )


def texts(element: Element, around: tuple[Element, ...] = ()) -> Iterator[Said]:
    for inside in element.inside:
        if isinstance(inside, str):
            yield Said(inside, around)
        elif inside.tag not in {"style", "script", "code", "svg"}:
            yield from texts(inside, (*around, inside))


def attributes(root: Element) -> Iterator[str]:
    for element in root.all():
        for name, value in element.attributes.items():
            if name in SAID_TO_READERS or (name.startswith("data-") and element.tag == "p"):
                yield value or ""


def strange(text: str) -> str:
    """The Latin letters in it, but for those of names."""
    if text.strip() in CODES:
        return ""
    bare = re.sub(r"(https?://\S+|picture-\d+\.jpg|\{\w+\})", "", text)
    for name in sorted(NAMES, key=len, reverse=True):
        bare = bare.replace(name, "")
    return "".join(re.findall(r"[A-Za-z]+", bare))


@pytest.fixture(
    scope="module",
    params=["one organisation", "many", "feeds", "feeds of many", "broken", "gone", "live"],
)
def shown(request, tmp_path_factory) -> dict[str, Element]:
    """Every page of a kind."""
    folder = tmp_path_factory.mktemp("pages")
    told = problems("something")
    match request.param:
        case "one organisation" | "many" as kind:
            made = everything(folder) if kind != "many" else of_many(folder)
            found = {name: leaf() for name, leaf in leaves(made, PSEUDO).pages.items()}
        case "feeds" | "feeds of many" as kind:
            made = feeds if kind == "feeds" else of_two_members
            faults = replace(
                FAULTS,
                kinds=(FaultKind(fault="slow answer", injected=1, met=(("missed", 1),)),),
                unpublished=(
                    Unpublished(
                        key="α", state="missed", reason="γιατι", faults=("slow answer", "full disk")
                    ),
                ),
                differences=("κατι",),
            )
            summary = replace(in_greek(SUMMARY), handed=2, missed=1, faults=faults)
            index = feeds_page.write(
                in_greek(made(feed_post("One", note="Note"))),
                summary,
                out=folder,
                interface=PSEUDO,
            )
            found = {"index.html": index.read_text("utf-8")}
        case "broken":
            found = {"index.html": broken(told, PSEUDO)}
        case "gone":
            found = {"gone.html": page("gone", PSEUDO, up="/")}
        case _:
            from scheduler.preview.viewing import tally  # noqa: PLC0415 (for this one page)

            text = page("live", PSEUDO, problems=told, tally=tally(told), broken=True)
            found = {"live.html": text}
    trees = {}
    for name, text in found.items():
        file = folder / "one.html"
        file.write_text(text, "utf-8")
        trees[name] = parsed(file)
    return trees


def test_nothing_is_said_to_a_reader_that_no_catalogue_has(shown):
    found = {
        (name, said.text.strip())
        for name, root in shown.items()
        for said in texts(root)
        if strange(said.text)
    }
    assert not found


def test_nothing_is_said_to_a_screen_reader_that_no_catalogue_has(shown):
    found = {
        (name, value)
        for name, root in shown.items()
        for value in attributes(root)
        if strange(value)
    }
    assert not found


def test_what_the_program_says_is_marked_as_the_readers_language(shown):
    assert all(any(SCRIPT.search(said.text) for said in texts(root)) for root in shown.values())
    found = {
        (name, said.text.strip(), said.spoken)
        for name, root in shown.items()
        for said in texts(root)
        if SCRIPT.search(said.text) and said.spoken != "en-XA"
    }
    assert not found


def test_what_the_campaign_says_is_set_apart(shown):
    found = {
        (name, said.text.strip())
        for name, root in shown.items()
        for said in texts(root)
        if CONTENT.search(said.text) and not said.is_quoted
    }
    assert not found


@pytest.mark.parametrize("made", [everything, of_many])
def test_the_paper_says_nothing_that_no_catalogue_has(made, tmp_path):
    paper = printed(made(tmp_path), Choice(), on=date(2026, 11, 20), interface=PSEUDO)
    found = {
        each.text
        for each in tags(paper)
        if strange(re.sub(r"campaign(\.yaml:\d+:\d+| approve)", "", each.text))
    }
    assert not found


@pytest.mark.parametrize("made", [everything, of_many])
def test_the_list_of_days_says_nothing_that_no_catalogue_has(made, tmp_path):
    lines = [
        line.text
        for each in chosen(made(tmp_path), Choice())
        for line in listed(each, alone=True, interface=PSEUDO)
    ]
    found = {line for line in lines if strange(re.sub(r"campaign\.yaml:\d+:\d+", "", line))}
    assert lines
    assert not found
