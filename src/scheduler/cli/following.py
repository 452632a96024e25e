"""campaign preview --serve: the pages at an address of this machine, which follow each save."""

from __future__ import annotations

import threading
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from scheduler.cards import WORTH_A_POOL_ONCE_WARM, CardError, draw
from scheduler.checking import Checked
from scheduler.cli.check import NOTHING_SENT, examine, refuse_nothing
from scheduler.cli.options import ledger_at, today
from scheduler.cli.recalling import with_ledger
from scheduler.cli.shelving import shelf_of
from scheduler.cli.telling import say, say_problems
from scheduler.drafting import cards


def serve(
    campaign: Path,
    on: datetime | None,
    port: int,
    *,
    ledger: str | None = None,
    interface: str = "",
) -> None:
    from scheduler.serving import Following, Server  # noqa: PLC0415 (most previews are written)

    shelf = shelf_of(campaign, worth_a_pool=WORTH_A_POOL_ONCE_WARM)
    where = ledger_at(campaign, ledger)

    def check(whose: bool | Collection[str]) -> Checked:
        checked = examine(campaign, on, shelf=shelf, draw=whose, ledger=ledger)
        return with_ledger(checked, where, shelf)

    following = Following(campaign, check, beyond=lambda: _beyond(where, on), interface=interface)
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


def _beyond(ledger: Path | str, on: datetime | None) -> object:
    """What the pages depend on beside the calendar's files: the day, and the ledger.

    A database on a server is asked after each save, and not in between.
    """
    return today(on), _stamp(ledger) if isinstance(ledger, Path) else None


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
