"""campaign preview: the whole campaign as pages, on paper, or in the terminal."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from scheduler.checking import Checked
from scheduler.cli.check import NOTHING_SENT, examine, posts
from scheduler.cli.day_list import write_lines
from scheduler.cli.options import CALENDAR, CampaignFile, Folders, Json, OnDate, today
from scheduler.cli.telling import counted, data, problems_json, say, say_problems, write_json
from scheduler.errors import UserError
from scheduler.model import DAYS
from scheduler.preview import site
from scheduler.preview.choosing import Choice, Looked, chosen
from scheduler.preview.listing import listed
from scheduler.preview.printing import printed

Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR|FILE", help="The folder for the pages, or the file for --pdf."
    ),
]
Days = Annotated[
    list[int] | None, typer.Option("--day", metavar="N", min=1, max=DAYS, help="Only this day.")
]
OfMember = Annotated[str, typer.Option("--member", metavar="ID", help="As this member says it.")]
OnPlatform = Annotated[str, typer.Option("--platform", metavar="NAME", help="Only what is there.")]
InLanguage = Annotated[str, typer.Option("--language", metavar="CODE", help="Only what is in it.")]


def preview(
    campaign: CampaignFile = CALENDAR,
    on: OnDate = None,
    out: Out = None,
    *,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="A page a day to print and sign; --out names the file.")
    ] = False,
    terminal: Annotated[
        bool, typer.Option("--terminal", help="A short list of the days, here; no card is drawn.")
    ] = False,
    day: Days = None,
    member: OfMember = "",
    platform: OnPlatform = "",
    language: InLanguage = "",
    json: Json = False,
) -> None:
    """Show every day and every post as each account will show it. Exit 1 on an error.

    --day, --member, --platform and --language choose what is printed or listed.
    """
    choice = Choice(days=frozenset(day or ()), member=member, platform=platform, language=language)
    _agree(choice, pdf=pdf, terminal=terminal, out=out, json=json)
    checked = examine(campaign, on, draw=not terminal)
    if any(problem.code == "no-file" for problem in checked.problems):
        # Without a calendar there is nothing to show, and the folder may be a wrong one.
        raise UserError(checked.problems)
    if terminal:
        _list(checked, choice)
    elif pdf:
        _print(checked, choice, out or _sheet(campaign, choice), today(on))
    else:
        _show(checked, out or Folders(campaign).out("preview"), json=json)
    if not checked.sound:
        raise typer.Exit(1)


def _agree(choice: Choice, *, pdf: bool, terminal: bool, out: Path | None, json: bool) -> None:
    """Nothing that is asked for is left undone without a word."""
    if pdf and terminal:
        raise typer.BadParameter("--pdf and --terminal are two things: ask for one")
    if (pdf or terminal) and json:
        raise typer.BadParameter("--json tells of the pages, not of --pdf or --terminal")
    if terminal and out:
        raise typer.BadParameter("--terminal writes to the screen: leave --out away")
    if choice != Choice() and not (pdf or terminal):
        raise typer.BadParameter(
            "--day, --member, --platform and --language need --pdf or --terminal: "
            "the pages show everything"
        )


def _list(checked: Checked, choice: Choice) -> None:
    looked = _looked(checked)
    shown = chosen(looked, choice)
    for number, each in enumerate(shown):
        if number:
            data.print()
        write_lines(data, listed(each, alone=len(shown) == 1))
    if not shown:
        say("Nothing answers this choice.")
    say(f"{counted(checked.problems).capitalize()}. {NOTHING_SENT}")


def _print(checked: Checked, choice: Choice, file: Path, made_on: date) -> None:
    paper = printed(_looked(checked), choice, on=made_on)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(paper)
    if checked.problems:
        say_problems(checked.problems, ending=NOTHING_SENT)
    say(f"Print {file}")


def _sheet(campaign: Path, choice: Choice) -> Path:
    """Named for what was chosen, so that one choice does not take another one's place."""
    days = [f"day-{number:02}" for number in sorted(choice.days)]
    named = ("contact-sheet", choice.member, choice.language, choice.platform, *days)
    return Folders(campaign).out("preview") / f"{'-'.join(filter(None, named))}.pdf"


def _looked(checked: Checked) -> Looked:
    """Raises `UserError` where there is no calendar to look at."""
    if checked.coalition is None:
        raise UserError(checked.problems)
    return Looked(
        coalition=checked.coalition,
        problems=checked.problems,
        drafts=checked.drafts,
        measures=checked.measures,
        held=checked.held,
    )


def _show(checked: Checked, out: Path, *, json: bool) -> None:
    index = write_pages(checked, out)
    if json:
        write_json(
            {
                "index": str(index),
                "posts": posts(checked),
                "deliveries": checked.deliveries,
                "cards_drawn": checked.cards_drawn,
                "cards_reused": checked.cards_reused,
                "problems": problems_json(checked.problems),
            }
        )
    else:
        if checked.problems:
            say_problems(checked.problems, ending=NOTHING_SENT)
        say(f"{checked.cards_drawn} cards drawn, {checked.cards_reused} reused.")
        say(f"Open {index}")


def write_pages(checked: Checked, out: Path) -> Path:
    """The index of the pages, written."""
    pages = site.Pages(
        coalition=checked.coalition,
        problems=checked.problems,
        drafts=checked.drafts,
        measures=checked.measures,
        held=checked.held,
    )
    return site.write(pages, out=out).index
