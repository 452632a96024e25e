"""campaign cards: every card as a file, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from scheduler.cards import draw
from scheduler.cli.check import NOTHING_SENT, examine
from scheduler.cli.options import CALENDAR, CampaignFile, OnDate
from scheduler.cli.telling import progress, say, say_problems
from scheduler.drafting import card, measuring


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
    if checked.campaign is None or not checked.sound:
        say_problems(checked.problems, ending="No card was written.")
        raise typer.Exit(1)
    read = checked.campaign
    wanted = {
        (f"day-{post.day:02}-{post.id}", measuring(read.accounts[name]).limits.card): post
        for post in read.posts.values()
        for name in post.accounts
    }
    sizes = {size for _, size in wanted}
    out.mkdir(parents=True, exist_ok=True)
    with progress("Writing cards") as begin:
        advance = begin(len(wanted))
        for (name, size), post in wanted.items():
            suffix = f"-{size.width}x{size.height}" if len(sizes) > 1 else ""
            file = out / f"{name}{suffix}.{'jpg' if format == 'jpeg' else 'png'}"
            file.write_bytes(draw(card(read, post, size), format=format))
            advance()
    say(f"{len(wanted)} cards in {out}. {NOTHING_SENT}")
