"""A small campaign with one post of every kind, a coalition, and pages read back as a tree."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from PIL import Image

from scheduler.checking import Checked as Pages
from scheduler.drafting import alt, caption
from scheduler.model import (
    OWN,
    Account,
    Audience,
    Brand,
    CallContent,
    Campaign,
    Checked,
    Coalition,
    Colours,
    Content,
    Day,
    Draft,
    DraftPicture,
    Fact,
    GraphicContent,
    Helpline,
    Measure,
    Member,
    PhotoContent,
    Phrases,
    Picture,
    Place,
    Places,
    Post,
    Quote,
    QuoteContent,
    Rules,
    Size,
    Slide,
    Source,
    StatisticContent,
    Translation,
    Wording,
)

ADDRESS = "https://example.org/a?b=1&c=2"
SOURCE = Source(publisher="Publisher", title="Title", year="2024", address=ADDRESS)
QUOTE = Quote(
    id="said",
    words="Zuerst die Sicherheit. Dann alles andere. Immer.",
    language="de",
    speaker="Speaker",
    role="Role",
    source=SOURCE,
    checked=Checked.PUBLISHER,
    checked_on=date(2026, 11, 22),
)
FACT = Fact(
    id="counted",
    figure="1 in 3",
    statement="of those asked",
    population="Women aged 18 and older",
    year="2021",
    source=SOURCE,
    checked=Checked.THIRD_PARTY,
    checked_on=date(2026, 11, 20),
    caveat="Not everyone can tell.",
)
PICTURE = Picture(id="door", file=Path("door.jpg"), credit="Credit", licence="CC0")

CONTENTS: dict[str, Content] = {
    "photo": PhotoContent(picture=PICTURE),
    "quote": QuoteContent(quote=QUOTE, excerpt="Dann alles andere."),
    "statistic": StatisticContent(fact=FACT),
    "graphic": GraphicContent(headline="Headline", points=("One", "Two")),
    "call": CallContent(headline="Do this", body="And so."),
}
ACCOUNTS = {
    "archive": Account(
        name="archive", platform="folder", options=MappingProxyType({"directory": "published"})
    ),
    "network": Account(
        name="network",
        platform="mastodon",
        options=MappingProxyType({"server": "https://mastodon.example"}),
    ),
    "other": Account(name="other", platform="somewhere"),
}
PHRASES = Phrases(
    day="Day {day} of {days}",
    helpline="Helpline",
    violence_helpline="Helpline for people who use violence",
    foot="At the foot: {foot}",
    translated_by="Translated by {translator}",
)
BRAND = Brand(
    name="Brand",
    hashtag="#Tag",
    colours=Colours(
        paper="#ffffff", ink="#000000", accent="#c2410c", ground="#3b1a5a", on_dark="#ffffff"
    ),
)


def post(name: str, *, content: Content | None = None, alt: str | None = None, **changes) -> Post:
    slide = Slide(
        content=content or CONTENTS[name],
        alt=f"What the {name} shows." if alt is None else alt,
    )
    made = Post(
        id=f"the-{name}",
        day=list(CONTENTS).index(name) + 1,
        at=time(9),
        slides=(slide,),
        text=f"The caption of the {name}.\n\nIn two parts.",
        tags=("16Days",),
        accounts=tuple(ACCOUNTS),
        language="en",
    )
    return replace(made, **changes)


def campaign(*posts: Post, **changes) -> Campaign:
    made = Campaign(
        id="edition",
        title="A campaign",
        first_day=date(2026, 11, 25),
        zone=ZoneInfo("Europe/Berlin"),
        language="en",
        brand=BRAND,
        days=MappingProxyType(
            {
                number: Day(number=number, theme=f"Theme {number}", observance=f"Day of {number}")
                for number in range(1, 17)
            }
        ),
        accounts=MappingProxyType(ACCOUNTS),
        posts=MappingProxyType({each.id: each for each in posts or map(post, CONTENTS)}),
        phrases=PHRASES,
        root=Path("/nowhere"),
        places=Places(file="campaign.yaml", keys={}, values={}),
    )
    return replace(made, **changes)


def file_places(name: str, *paths: tuple[str, ...]) -> Places:
    """Places in a file of its own: each path on the next line."""
    keys = {path: Place(file=name, line=line) for line, path in enumerate(paths, 1)}
    return Places(file=name, keys=keys, values={})


DRAFT = Translation(wording=Wording.DRAFT)


def member(id_: str, of: Campaign, **changes) -> Campaign:
    """An organisation that says a campaign's posts on accounts of its own; only they change."""
    who = Member(id=id_, name=f"The organisation {id_}")
    accounts = {
        name: replace(account, name=name)
        for name, account in (
            (who.account("page"), ACCOUNTS["network"]),
            (who.account("archive"), ACCOUNTS["archive"]),
        )
    }
    posts = {
        each.id: replace(each, accounts=tuple(accounts), translation=DRAFT)
        for each in of.posts.values()
    }
    made = replace(
        of,
        member=who,
        accounts=accounts,
        posts=posts,
        places=file_places(f"members/{id_}.yaml").over(of.places),
    )
    return replace(made, **changes)


def coalition(*members: Campaign, own: Campaign | None = None, complete: bool = True) -> Coalition:
    """The members' campaigns behind one that has no accounts of its own."""
    silent = own or voiceless(campaign())
    everybody = {OWN: silent, **{each.member.id: each for each in members}}
    return Coalition(campaigns=MappingProxyType(everybody), complete=complete)


def voiceless(of: Campaign) -> Campaign:
    """A calendar whose posts only its members say."""
    posts = {each.id: replace(each, accounts=()) for each in of.posts.values()}
    return replace(of, accounts={}, posts=posts, member=Member(id=OWN, name=of.brand.name))


def helpline(country: str, number: str, hours: str) -> Helpline:
    return Helpline(
        id=f"{country}-{number}",
        number=number,
        country=country,
        audience=Audience.SURVIVORS,
        hours=hours,
        verified_by="Role",
        verified=Checked.PUBLISHER,
        verified_on=date(2026, 11, 20),
        address=ADDRESS,
    )


def cyprus(own: Campaign, folder: Path) -> Campaign:
    """In Greek, by the clocks of Nicosia, with a reviewed, a stale and a draft translation."""
    made = member("cyprus", own)
    call, quote_, statistic = (own.posts[f"the-{name}"] for name in ("call", "quote", "statistic"))
    spoken = {"language": "el", "at": time(8, 30), "accounts": tuple(made.accounts)}
    alts = (Slide(content=call.content, alt="Τι δείχνει η κάρτα."),)
    posts = (
        replace(
            call,
            **spoken,
            text="Ακούστε. Πιστέψτε. Ρωτήστε τι χρειάζεται.",
            slides=alts,
            helpline=helpline("CY", "1440", "όλο το εικοσιτετράωρο"),
            translation=Translation(
                wording=Wording.REVIEWED, by="Μαρία Γεωργίου", on=date(2026, 11, 20)
            ),
        ),
        replace(
            quote_,
            **spoken,
            text="Πρώτα η ασφάλεια.",
            translation=Translation(wording=Wording.STALE),
        ),
        replace(statistic, **spoken, text="1 στις 3 γυναίκες.", translation=DRAFT),
    )
    return replace(
        made,
        member=Member(id="cyprus", name="Μέλος της Κύπρου"),
        language="el",
        zone=ZoneInfo("Asia/Nicosia"),
        title="16 ημέρες",
        brand=replace(made.brand, name="Μέλος", logo=logo(folder, "teal")),
        days={number: Day(number=number, theme=f"Θέμα {number}") for number in range(1, 17)},
        posts={each.id: each for each in posts},
        phrases=replace(PHRASES, helpline="Γραμμή βοήθειας", foot="Στο κάτω μέρος: {foot}"),
        rules=Rules(country="CY"),
        left_out={"the-photo": 1, "the-graphic": 4},
        places=file_places("members/cyprus.yaml").over(
            file_places("languages/el.yaml", ("posts", "the-quote")).over(own.places)
        ),
    )


def germany(own: Campaign, folder: Path) -> Campaign:
    """In German, by the clocks of Berlin; a kit, for a person posts it."""
    made = member("germany", own)
    spoken = {"language": "de", "at": time(18), "helpline": helpline("DE", "116 016", "immer")}
    posts = {
        each.id: replace(each, **spoken, text=f"Die Worte von {each.id}.")
        for each in made.posts.values()
    }
    return replace(
        made,
        member=Member(id="germany", name="Mitglied in Deutschland", kit=True),
        language="de",
        title="16 Tage",
        brand=replace(made.brand, name="Mitglied", logo=logo(folder, "gold")),
        days={number: Day(number=number, theme=f"Thema {number}") for number in range(1, 17)},
        posts=posts,
        phrases=replace(PHRASES, helpline="Hilfetelefon", foot="Unten: {foot}"),
        rules=Rules(country="DE"),
        places=file_places("members/germany.yaml").over(
            file_places("languages/de.yaml").over(own.places)
        ),
    )


def logo(folder: Path, colour: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"logo-{colour}.png"
    Image.new("RGB", (64, 64), colour).save(file, "PNG")
    return file


def jpeg(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (1080, 1350), colour).save(stream, "JPEG")
    return stream.getvalue()


def picture(folder: Path, colour: str, alt: str) -> DraftPicture:
    data = jpeg(colour)
    file = folder / f"{colour}.jpg"
    file.write_bytes(data)
    return DraftPicture(
        file=file,
        media_type="image/jpeg",
        size=Size(width=1080, height=1350),
        bytes=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        alt=alt,
    )


def drafts(of: Campaign, folder: Path) -> dict[tuple[str, str], tuple[Draft, ...]]:
    folder.mkdir(exist_ok=True)
    colours = ("red", "green", "blue", "orange", "purple")
    made = {}
    for number, each in enumerate(of.posts.values()):
        colour = colours[number % len(colours)]
        shown = tuple(picture(folder, colour, alt(of, each, slide)) for slide in each.slides)
        for account in each.accounts:
            first = Draft(
                text=caption(of, each), pictures=shown, language=each.language, note=each.note
            )
            more = (replace(first, text=part, pictures=()) for part in each.thread)
            made[each.id, account] = (first, *more)
    return made


def pages(of: Campaign | Coalition, folder: Path, *problems, **changes) -> Pages:
    """A campaign alone, or a coalition, with a draft of every post."""
    whole = of if isinstance(of, Coalition) else Coalition(campaigns={OWN: of})
    made = {
        pair: parts
        for campaign in whole.campaigns.values()
        for pair, parts in drafts(campaign, folder).items()
    }
    measures = {
        pair: tuple(
            (Measure(name="text", used=len(draft.text), limit=500, unit="characters"),)
            for draft in parts
        )
        for pair, parts in made.items()
    }
    shown = Pages(
        coalition=whole,
        problems=problems,
        drafts=made,
        measures=measures,
        held={},
        refused=frozenset(),
        cards_drawn=0,
        cards_reused=0,
    )
    return replace(shown, **changes)


VOID = {"meta", "link", "img", "input", "path", "rect", "use"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    inside: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.inside)

    def all(self, tag: str = "", **attributes: str) -> Iterator[Element]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        for each in self.inside:
            if isinstance(each, str):
                continue
            if tag in {"", each.tag} and wanted.items() <= each.attributes.items():
                yield each
            yield from each.all(tag, **attributes)

    def one(self, tag: str = "", **attributes: str) -> Element:
        (found,) = self.all(tag, **attributes)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("")]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs))
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].inside.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        self.open[-1].inside.append(data)


def parsed(file: Path) -> Element:
    reader = _Reader()
    reader.feed(file.read_text("utf-8"))
    reader.close()
    (root,) = reader.open
    return root
