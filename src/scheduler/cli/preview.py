"""campaign preview: the whole campaign as pages that open from disk, or that follow each save."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from scheduler.checking import Checked
from scheduler.cli.approved import with_approvals
from scheduler.cli.check import NOTHING_SENT, examine, posts
from scheduler.cli.options import CALENDAR, CampaignFile, Folders, Json, OnDate, today
from scheduler.cli.telling import problems_json, say, say_problems, write_json
from scheduler.errors import UserError
from scheduler.preview import site

Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The folder for the pages.")]
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

#: Sixteen days.
_PORT = 8016


def preview(
    *,
    campaign: CampaignFile = CALENDAR,
    on: OnDate = None,
    out: Out = None,
    json: Json = False,
    serve: Serve = False,
    port: Port = None,
) -> None:
    """Show every day and every post as each account will show it. Exit 1 on an error."""
    _agree(serve=serve, out=out, json=json, port=port)
    if serve:
        _serve(campaign, on, _PORT if port is None else port)
        return
    checked = with_approvals(examine(campaign, on), campaign)
    _refuse_nothing(checked)
    index = write_pages(checked, out or Folders(campaign).out("preview"))
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
    if not checked.sound:
        raise typer.Exit(1)


def _agree(*, serve: bool, out: Path | None, json: bool, port: int | None) -> None:
    """Nothing is accepted and ignored."""
    if serve and (out is not None or json):
        raise typer.BadParameter("--serve writes nothing: leave --out and --json away")
    if port is not None and not serve:
        raise typer.BadParameter("--port is the port of --serve: name both, or neither")


def _refuse_nothing(checked: Checked) -> None:
    """Without a calendar there is nothing to show, and the folder may be a wrong one."""
    if any(problem.code == "no-file" for problem in checked.problems):
        raise UserError(checked.problems)


def write_pages(checked: Checked, out: Path) -> Path:
    """The index of the pages, written."""
    pages = site.Pages(
        coalition=checked.coalition,
        problems=checked.problems,
        drafts=checked.drafts,
        measures=checked.measures,
        held=checked.held,
        approvals=checked.approvals,
    )
    return site.write(pages, out=out).index


# ── following each save ───────────────────────────────────────────────────────────────────────────


def _serve(campaign: Path, on: datetime | None, port: int) -> None:
    from scheduler.serving import Following, Server  # noqa: PLC0415 (most previews are written)

    following = Following(
        campaign,
        lambda: with_approvals(examine(campaign, on), campaign),
        beyond=lambda: _beyond(campaign, on),
    )
    server = Server(following, port=port)  # before any card is drawn: the port may be taken
    try:
        checked = following.begin()
        _refuse_nothing(checked)
        server.begin()
        if checked.problems:
            say_problems(checked.problems, ending=NOTHING_SENT)
        say(f"Open {server.address} and edit the calendar: the page follows. Ctrl-C ends it.")
        following.follow()
    except KeyboardInterrupt:
        say(f"The preview has ended. {NOTHING_SENT}")
    finally:
        following.stop()
        server.end()


def _beyond(campaign: Path, on: datetime | None) -> object:
    """What the pages depend on beside the calendar's files: the day, and what is public already."""
    return today(on), _stamp(Folders(campaign).ledger)


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
