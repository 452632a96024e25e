"""campaign cards: every card as a file, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from scheduler.cards import draw
from scheduler.cli.check import NOTHING_SENT, examine
from scheduler.cli.options import CALENDAR, CampaignFile, OnDate
from scheduler.cli.telling import progress, say, say_problems
from scheduler.drafting import cards as cards_of
from scheduler.model import OWN, Campaign, Card, Coalition


def cards(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder for the cards.")],
    campaign: CampaignFile = CALENDAR,
    on: OnDate = None,
    format: Annotated[  # noqa: A002 (the option's own name)
        Literal["jpeg", "png"], typer.Option("--format", help="How the pictures are written.")
    ] = "jpeg",
) -> None:
    """Draw every card into a folder, named by day and post."""
    checked = examine(campaign, on)
    if checked.coalition is None or not checked.sound:
        say_problems(checked.problems, ending="No card was written.")
        raise typer.Exit(1)
    wanted = _named(checked.coalition)
    out.mkdir(parents=True, exist_ok=True)
    with progress("Writing cards") as begin:
        advance = begin(len(wanted))
        for name, card in wanted.items():
            file = out / f"{name}.{'jpg' if format == 'jpeg' else 'png'}"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(draw(card, format=format))
            advance()
    say(f"{len(wanted)} cards in {out}. {NOTHING_SENT}")


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
