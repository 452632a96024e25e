"""campaign cards: every card as a file, or every template on contact sheets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from scheduler.calendar import read_brand
from scheduler.cards import draw
from scheduler.cards.encoding import Format
from scheduler.cards.template_files import names
from scheduler.cli.check import NOTHING_SENT, examine
from scheduler.cli.options import CALENDAR, CampaignFile, OnDate
from scheduler.cli.telling import progress, say, say_problems
from scheduler.drafting import cards as cards_of
from scheduler.model import OWN, Brand, Campaign, Card, Coalition

Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The folder for the cards.")]
SheetFolder = Annotated[
    Path | None,
    typer.Option(
        "--sheet",
        metavar="DIR",
        help="Instead: a folder for contact sheets of every template, with sample texts.",
    ),
]
OneTemplate = Annotated[
    str, typer.Option("--template", metavar="NAME", help="With --sheet: this template only.")
]
Debug = Annotated[
    bool, typer.Option("--debug", help="Draw boxes, baselines and safe zones over the cards.")
]
Written = Annotated[
    Literal["jpeg", "png"], typer.Option("--format", help="How the pictures are written.")
]


def cards(  # noqa: PLR0917 (each is an option)
    out: Out = None,
    sheet: SheetFolder = None,
    campaign: CampaignFile = CALENDAR,
    on: OnDate = None,
    format: Written = "jpeg",  # noqa: A002 (the option's own name)
    debug: Debug = False,
    template: OneTemplate = "",
) -> None:
    """Draw every card into a folder, named by day and post; or every template, to look at."""
    if (out is None) == (sheet is None):
        raise typer.BadParameter("write --out DIR for the cards, or --sheet DIR for templates")
    known = [name for name in names() if name != "footer"]
    if template and (sheet is None or template not in known):
        raise typer.BadParameter(f"--template goes with --sheet, and is one of {', '.join(known)}")
    if sheet is not None:
        write_sheets(sheet, read_brand(campaign), format, template=template, debug=debug)
    elif out is not None:
        checked = examine(campaign, on)
        if checked.coalition is None or not checked.sound:
            say_problems(checked.problems, ending="No card was written.")
            raise typer.Exit(1)
        _write(_named(checked.coalition), out, format, debug=debug)


def _write(wanted: dict[str, Card], out: Path, kind: Format, *, debug: bool) -> None:
    drawing = _drawing(debug=debug)
    out.mkdir(parents=True, exist_ok=True)
    with progress("Writing cards") as begin:
        advance = begin(len(wanted))
        for name, card in wanted.items():
            file = out / f"{name}.{_ending(kind)}"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(drawing(card, kind))
            advance()
    say(f"{len(wanted)} cards in {out}. {NOTHING_SENT}")


def _drawing(*, debug: bool) -> Callable[[Card, Format], bytes]:
    from scheduler.cards.outlining import draw_outlined  # noqa: PLC0415 (most cards are plain)

    return draw_outlined if debug else draw


def _ending(kind: Format) -> str:
    return "jpg" if kind == "jpeg" else "png"


def write_sheets(folder: Path, own: Brand, kind: Format, *, template: str, debug: bool) -> None:
    """Contact sheets in the own brand and in another. Exit 1 where a card cannot be drawn."""
    from scheduler.cards.contact_sheets import reasons, sheet, shown  # noqa: PLC0415
    from scheduler.cards.outlining import show_outlined  # noqa: PLC0415
    from scheduler.cards.sampling import other_brand, subjects  # noqa: PLC0415
    from scheduler.cards.templates import PHONE  # noqa: PLC0415
    from scheduler.cli.shipped import shipped  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    brands = (("own", own), ("other", other_brand()))
    wanted = [
        (subject, brand)
        for subject in subjects()
        if template in ("", subject.template)
        for brand in brands
    ]
    missing: list[str] = []
    with shipped() as sample, progress("Drawing sheets") as begin:
        picture = sample / "assets" / "pictures" / "lights-at-dusk.jpg"
        advance = begin(len(wanted))
        for subject, brand in wanted:
            show = show_outlined if debug else shown
            drawn = sheet(subject, brand, picture, kind=kind, show=show)
            (folder / f"{drawn.name}.{_ending(kind)}").write_bytes(drawn.large)
            (folder / f"{drawn.name}-{PHONE}px.{_ending(kind)}").write_bytes(drawn.phone)
            missing += (f"{drawn.name}: {reason}" for reason in reasons(drawn.undrawn))
            advance()
    for line in missing:
        say(line)
    say(f"{2 * len(wanted)} contact sheets in {folder}. {NOTHING_SENT}")
    if missing:
        raise typer.Exit(1)


def _named(coalition: Coalition) -> dict[str, Card]:
    """Every organisation's cards; those of a member lie in a folder of its own."""
    return {
        name if id_ == OWN else f"{id_}/{name}": card
        for id_, campaign in coalition.campaigns.items()
        for name, card in _cards(campaign).items()
    }


def _cards(campaign: Campaign) -> dict[str, Card]:
    """Each different card under the name of its file; the size is in it where there are several."""
    drawn = cards_of(campaign)
    sizes = {card.size for shown in drawn.values() for card in shown}
    named = {}
    for (id_, _), shown in drawn.items():
        for number, card in enumerate(shown, 1):
            name = f"day-{campaign.posts[id_].day:02}-{id_}"
            slide = f"-{number}" if len(shown) > 1 else ""
            size = f"-{card.size.width}x{card.size.height}" if len(sizes) > 1 else ""
            named[f"{name}{slide}{size}"] = card
    return named
