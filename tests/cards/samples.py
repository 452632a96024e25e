"""Cards as a campaign would make them, for the tests of the room."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scheduler.model import Brand, Card, Chart, ChartKind, Colours, Size, Value

PICTURES = Path(__file__).parents[2] / "assets" / "pictures"

COLOURS = Colours(
    paper="#FFF6EC", ink="#24163A", accent="#C2410C", ground="#3B1A5A", on_dark="#FFF6EC"
)
BRAND = Brand(
    name="European Network for the Work with Perpetrators",
    hashtag="#ResponsibleTogether",
    colours=COLOURS,
    help="Find help in your country",
)
TALL = Size(width=1080, height=1350)


def card(template: str, **parts: object) -> Card:
    """A card of `template`; every part that is no field of `Card` is a text."""
    fields = ("size", "brand", "language", "chart", "points", "picture")
    own = {name: parts.pop(name) for name in fields if name in parts}
    made = Card(template=template, texts=parts, brand=BRAND, size=TALL, language="en")
    return replace(made, **own)


ONE_IN_THREE = Chart(
    kind=ChartKind.PICTOGRAM, values=(Value(label="women", amount=1, shown="1 in 3"),), of=3
)

CARDS = {
    "quote": card(
        "quote",
        day="3",
        kicker="Day 3 · The words we need",
        words="Violence will not stop if we don’t address the source of violence: perpetrators.",
        speaker="BAG Täterarbeit Häusliche Gewalt",
        role="German federal association for perpetrator work",
        source="Statement on the EU directive, bag-taeterarbeit.de",
    ),
    "statistic": card(
        "statistic",
        day="5",
        kicker="Day 5 · What we know",
        figure="1 in 3",
        statement="women in the EU have experienced physical violence, threats or sexual violence.",
        population="Women aged 18–74; more than 114,000 were interviewed, 2020–2024.",
        source="FRA, EIGE and Eurostat, EU gender-based violence survey – Key results, 2024",
        caveat="Differences between countries partly reflect how willing women are to tell.",
        chart=ONE_IN_THREE,
    ),
    "graphic": card(
        "graphic",
        day="7",
        kicker="Day 7 · What good work looks like",
        headline="Safety first. Always.",
        points=(
            "Survivors are asked and heard throughout",
            "Men are held accountable, not excused",
            "Programmes work with support services, never instead of them",
        ),
    ),
    "photo": card(
        "photo",
        day="16",
        kicker="Day 16 · Human Rights Day",
        headline="Sixteen days end tonight. Responsibility does not.",
        credit="Picture: the campaign, CC0",
        picture=PICTURES / "lights-at-dusk.jpg",
    ),
    "call": card(
        "call",
        day="12",
        kicker="Day 12 · Your turn",
        headline="Ask what your town does with men who use violence.",
        body="Write to your council: is there a perpetrator programme near you, and does it work "
        "with the women’s services?",
    ),
    "opener": card(
        "opener",
        day="12",
        kicker="Day 12 of 16",
        headline="Remember, and take danger seriously",
        body="Anniversary of the École Polytechnique killings, Montreal, 1989",
    ),
    "bars": card(
        "statistic",
        figure="137 a day",
        statement="women and girls were killed by partners or family members in 2024.",
        source="UNODC and UN Women, Femicides in 2024, 2025",
        chart=Chart(
            kind=ChartKind.BARS,
            values=(
                Value(label="Africa", amount=3.0, shown="3.0"),
                Value(label="Americas", amount=1.5, shown="1.5"),
                Value(label="Europe", amount=0.5, shown="0.5"),
            ),
        ),
    ),
    "ring": card(
        "statistic",
        figure="30.7%",
        statement="of women in the EU have experienced violence in adulthood.",
        source="FRA, EIGE and Eurostat, 2024",
        chart=Chart(
            kind=ChartKind.RING,
            values=(Value(label="have experienced violence", amount=30.7, shown="30.7%"),),
        ),
    ),
    "before-after": card(
        "statistic",
        figure="51%",
        statement="of women felt very safe a year after the programme began, up from 8%.",
        population="Women in Project Mirabal, United Kingdom",
        source="Kelly and Westmarland, Project Mirabal, 2015",
        caveat="Only women who could be interviewed; controlling behaviour fell less.",
        chart=Chart(
            kind=ChartKind.BEFORE_AFTER,
            values=(
                Value(label="Before the programme", amount=8, shown="8%"),
                Value(label="12 months after it began", amount=51, shown="51%"),
            ),
        ),
    ),
    "comparison": card(
        "statistic",
        figure="0.5",
        statement="in 100,000 women were killed by partners or relatives in Europe in 2024.",
        source="UNODC and UN Women, Femicides in 2024, 2025",
        chart=Chart(
            kind=ChartKind.COMPARISON,
            values=(
                Value(label="Women in Africa", amount=3.0, shown="3.0"),
                Value(label="Women in the Americas", amount=1.5, shown="1.5"),
                Value(label="Women in Europe", amount=0.5, shown="0.5"),
            ),
        ),
    ),
}
