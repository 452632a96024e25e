"""campaign preview: the whole campaign as pages, followed or written, on paper, in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from scheduler.checking import Checked
from scheduler.cli.check import NOTHING_SENT, examine, posts, refuse_nothing
from scheduler.cli.day_list import write_lines
from scheduler.cli.following import serve as serve_pages
from scheduler.cli.options import (
    CALENDAR,
    CampaignFile,
    Folders,
    InInterface,
    Json,
    LedgerAt,
    OnDate,
    ledger_at,
    today,
)
from scheduler.cli.recalling import with_ledger
from scheduler.cli.shelving import shelf_of
from scheduler.cli.telling import counted, data, problems_json, say, say_problems, write_json
from scheduler.interface import Interface, interface_for
from scheduler.model import DAYS
from scheduler.preview import site
from scheduler.preview.choosing import Choice, chosen
from scheduler.preview.listing import listed
from scheduler.preview.printing import printed

Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR|FILE", help="The folder for the pages, or the file for --pdf."
    ),
]
Serve = Annotated[
    bool,
    typer.Option("--serve", help="Show them at an address of this machine, and follow each save."),
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        metavar="N",
        min=0,
        max=65535,
        help="With --serve: the port of that address, 8016 by itself; 0 for any that is free.",
    ),
]
Pdf = Annotated[
    bool, typer.Option("--pdf", help="A page a day to print and sign; --out names the file.")
]
Terminal = Annotated[
    bool, typer.Option("--terminal", help="A short list of the days, here; no card is drawn.")
]
Days = Annotated[
    list[int] | None, typer.Option("--day", metavar="N", min=1, max=DAYS, help="Only this day.")
]
OfMember = Annotated[str, typer.Option("--member", metavar="ID", help="As this member says it.")]
OnPlatform = Annotated[str, typer.Option("--platform", metavar="NAME", help="Only what is there.")]
InLanguage = Annotated[str, typer.Option("--language", metavar="CODE", help="Only what is in it.")]

#: Sixteen days.
_PORT = 8016


def preview(
    campaign: CampaignFile = CALENDAR,
    on: OnDate = None,
    out: Out = None,
    *,
    serve: Serve = False,
    port: Port = None,
    pdf: Pdf = False,
    terminal: Terminal = False,
    day: Days = None,
    member: OfMember = "",
    platform: OnPlatform = "",
    language: InLanguage = "",
    interface: InInterface = "",
    ledger: LedgerAt = None,
    json: Json = False,
) -> None:
    """Show every day and every post as each account will show it. Exit 1 on an error.

    --day, --member, --platform and --language choose what is printed or listed.
    """
    choice = Choice(days=frozenset(day or ()), member=member, platform=platform, language=language)
    way = _way({"--serve": serve, "--pdf": pdf, "--terminal": terminal})
    _agree(way, choice, out=out, json=json, port=port)
    if serve:
        chosen_port = _PORT if port is None else port
        serve_pages(campaign, on, chosen_port, ledger=ledger, interface=interface)
        return
    shelf = shelf_of(campaign)
    checked = with_ledger(
        examine(campaign, on, draw=not terminal, ledger=ledger, shelf=shelf),
        ledger_at(campaign, ledger),
        shelf,
    )
    refuse_nothing(checked)
    if terminal:
        _list(checked, choice, interface)
    elif pdf:
        _print(checked, choice, out or _sheet(campaign, choice), today(on), interface)
    else:
        _show(checked, out or Folders(campaign).out("preview"), interface, json=json)
    if not checked.sound:
        raise typer.Exit(1)


def _way(asked: Mapping[str, bool]) -> str:
    """How it is to be shown; "" for pages that are written."""
    ways = [option for option, is_asked in asked.items() if is_asked]
    if len(ways) > 1:
        raise typer.BadParameter(f"{' and '.join(ways)} are two things: ask for one")
    return ways[0] if ways else ""


def _agree(way: str, choice: Choice, *, out: Path | None, json: bool, port: int | None) -> None:
    """Nothing that is asked for is left undone without a word."""
    if way and json:
        raise typer.BadParameter(f"--json tells of the pages, not of {way}")
    if way == "--terminal" and out:
        raise typer.BadParameter("--terminal writes to the screen: leave --out away")
    if way == "--serve" and out:
        raise typer.BadParameter("--serve writes nothing: leave --out away")
    if port is not None and way != "--serve":
        raise typer.BadParameter("--port is the port of --serve: name both, or neither")
    if choice != Choice() and way not in {"--pdf", "--terminal"}:
        raise typer.BadParameter(
            "--day, --member, --platform and --language need --pdf or --terminal: "
            "the pages show everything"
        )


def _list(checked: Checked, choice: Choice, asked: str) -> None:
    shown = chosen(checked, choice)
    interface = _reader(checked, choice, asked)
    for number, each in enumerate(shown):
        if number:
            data.print()
        write_lines(data, listed(each, alone=len(shown) == 1, interface=interface))
    if not shown:
        say("Nothing answers this choice.")
    say(f"{counted(checked.problems).capitalize()}. {NOTHING_SENT}")


def _print(checked: Checked, choice: Choice, file: Path, made_on: date, asked: str) -> None:
    interface = _reader(checked, choice, asked)
    paper = printed(checked, choice, on=made_on, interface=interface)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(paper)
    if checked.problems:
        say_problems(checked.problems, ending=NOTHING_SENT)
    say(f"Print {file}")


def _reader(checked: Checked, choice: Choice, asked: str) -> Interface:
    """One organisation's days are read by whoever signs for it; all others by the coordinator."""
    campaigns = checked.coalition.campaigns if checked.coalition else {}
    whose = [campaigns[choice.member].language] if choice.member in campaigns else []
    own = [checked.coalition.own.language] if checked.coalition else []
    return interface_for(asked, *whose, *own)


def _sheet(campaign: Path, choice: Choice) -> Path:
    """Named for what was chosen, so that one choice does not take another one's place."""
    days = [f"day-{number:02}" for number in sorted(choice.days)]
    named = ("contact-sheet", choice.member, choice.language, choice.platform, *days)
    return Folders(campaign).out("preview") / f"{'-'.join(filter(None, named))}.pdf"


def _show(checked: Checked, out: Path, asked: str, *, json: bool) -> None:
    index = write_pages(checked, out, asked)
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


def write_pages(checked: Checked, out: Path, asked: str = "") -> Path:
    """The index of the pages, written; in the language that was asked for, else the calendar's."""
    interface = interface_for(asked, checked.coalition.own.language if checked.coalition else "")
    return site.write(checked, out=out, interface=interface).index
