"""campaign preview --serve: the pages at an address of this machine, which follow each save."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from scheduler.cards import WORTH_A_POOL_ONCE_WARM, CardError, Shelf, draw
from scheduler.checking import Checked
from scheduler.cli.approved import with_approvals
from scheduler.cli.check import NOTHING_SENT, examine, refuse_nothing
from scheduler.cli.options import Folders, today
from scheduler.cli.telling import say, say_problems
from scheduler.drafting import cards


def serve(campaign: Path, on: datetime | None, port: int, interface: str) -> None:
    from scheduler.serving import Following, Server  # noqa: PLC0415 (most previews are written)

    shelf = Shelf(Folders(campaign).shelf, worth_a_pool=WORTH_A_POOL_ONCE_WARM)
    following = Following(
        campaign,
        lambda whose: with_approvals(examine(campaign, on, shelf=shelf, draw=whose), campaign),
        beyond=lambda: _beyond(campaign, on),
        interface=interface,
    )
    server = Server(following, port=port)  # before any card is drawn: the port may be taken
    try:
        checked = following.begin()
        refuse_nothing(checked)
        server.begin()
        if checked.problems:
            say_problems(checked.problems, ending=NOTHING_SENT)
        threading.Thread(target=_warm, args=(checked,), daemon=True).start()
        say(f"Open {server.address} and edit the calendar: the page follows. Ctrl-C ends it.")
        following.follow()
    except KeyboardInterrupt:
        say(f"The preview has ended. {NOTHING_SENT}")
    finally:
        following.stop()
        server.end()


def _warm(checked: Checked) -> None:
    """The first card of a process takes ten times as long as others: while nobody waits for it."""
    shown = checked.coalition.campaigns.values() if checked.coalition else ()
    first = next((each for campaign in shown for each in cards(campaign).values()), ())
    with suppress(CardError):
        for card in first[:1]:
            draw(card)


def _beyond(campaign: Path, on: datetime | None) -> object:
    """What the pages depend on beside the calendar's files: the day, and what is public already."""
    return today(on), _stamp(Folders(campaign).ledger)


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
