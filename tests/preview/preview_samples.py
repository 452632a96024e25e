"""A small campaign with one post of every kind, and pages read back as a tree of elements."""

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

from scheduler.model import (
    Account,
    Brand,
    CallContent,
    Campaign,
    Checked,
    Colours,
    Content,
    Day,
    Draft,
    DraftPicture,
    Fact,
    GraphicContent,
    Measure,
    PhotoContent,
    Picture,
    Places,
    Post,
    Quote,
    QuoteContent,
    Size,
    Slide,
    Source,
    StatisticContent,
)
from scheduler.preview.site import Pages

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
        root=Path("/nowhere"),
        places=Places(file="campaign.yaml", keys={}, values={}),
    )
    return replace(made, **changes)


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
        shown = picture(folder, colours[number % len(colours)], each.slides[0].alt)
        for account in each.accounts:
            text = f"{each.text}\n\n#{' #'.join(each.tags)}"
            first = Draft(text=text, pictures=(shown,), language=each.language, note=each.note)
            more = (replace(first, text=part, pictures=()) for part in each.thread)
            made[each.id, account] = (first, *more)
    return made


def pages(of: Campaign, folder: Path, *problems, **changes) -> Pages:
    made = drafts(of, folder)
    measures = {
        pair: tuple(
            (Measure(name="text", used=len(draft.text), limit=500, unit="characters"),)
            for draft in parts
        )
        for pair, parts in made.items()
    }
    return replace(Pages(campaign=of, problems=problems, drafts=made, measures=measures), **changes)


VOID = {"meta", "link", "img", "path", "rect", "use"}


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
