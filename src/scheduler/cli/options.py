"""The options that several verbs share, and the folders that follow from them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from scheduler.calendar.scalars import FIRST_DATE, LAST_DATE
from scheduler.naming import nearest

CampaignFile = Annotated[
    Path, typer.Option("--campaign", metavar="FILE", help="The calendar.", show_default=True)
]


def _near(on: datetime | None) -> datetime | None:
    """Far away, dates are a slip of the finger, and days before and after them do not exist."""
    if on is not None and not FIRST_DATE <= on.date() <= LAST_DATE:
        raise typer.BadParameter(f"{on.date()} is not between {FIRST_DATE} and {LAST_DATE}")
    return on


OnDate = Annotated[
    datetime | None,
    typer.Option(
        "--on",
        formats=["%Y-%m-%d"],
        metavar="DATE",
        help="Take this date for today.",
        callback=_near,
    ),
]
#: The languages of `scheduler.interface`; only what shows pages opens that room.
INTERFACES = ("en", "de", "it")


def _known(language: str) -> str:
    if language and language not in INTERFACES:
        raise typer.BadParameter(
            f'there is no interface in "{language}"; {nearest(language, INTERFACES)}'
        )
    return language


InInterface = Annotated[
    str,
    typer.Option(
        "--interface",
        metavar="CODE",
        help="In which language pages, paper and lists speak: en, de, it; else as the calendar.",
        callback=_known,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]
AsMember = Annotated[
    str,
    typer.Option(
        "--member", metavar="ID", help="As this member says it; else the campaign itself."
    ),
]
LedgerAt = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        envvar="CAMPAIGN_LEDGER",
        metavar="FILE|URL",
        help="Another ledger than the file beside the calendar; postgresql://… for many machines.",
    ),
]


def _place(written: str | None) -> str | None:
    """127.0.0.1 unless an address is written: numbers are nobody's business but ours."""
    if written is None:
        return None
    address, _, port = written.rpartition(":")
    if not port.isdigit() or not 0 <= int(port) < 2**16:
        raise typer.BadParameter(f"{written} is neither a port nor ADDRESS:PORT")
    return f"{address or '127.0.0.1'}:{port}"


Every = Annotated[
    float, typer.Option("--every", min=0.1, metavar="SECONDS", help="Look at least this often.")
]
Lease = Annotated[
    float,
    typer.Option(
        "--lease",
        min=1,
        metavar="SECONDS",
        help="After this time a silent worker is taken for lost.",
    ),
]
Connections = Annotated[
    int,
    typer.Option(
        "--connections", min=1, max=256, help="Accounts served at once, on each platform."
    ),
]
MetricsAt = Annotated[
    str | None,
    typer.Option(
        "--metrics",
        metavar="[ADDRESS:]PORT",
        help="Serve /healthz and /metrics there; on this machine alone, unless an address is said.",
        callback=_place,
    ),
]

CALENDAR = Path("campaign.yaml")
SHELF = "CAMPAIGN_SHELF"
#: s3://…, and what somebody meant by it; C:/cards is a folder.
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|s3:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Folders:
    """What the program keeps beside a calendar."""

    calendar: Path

    @property
    def shelf(self) -> Path:
        """Beside the calendar, or the folder that CAMPAIGN_SHELF names, for all machines."""
        shared = os.environ.get(SHELF)
        return Path(shared) if shared and not shared_store() else self._own / "cards"

    @property
    def ledger(self) -> Path:
        return self._own / "ledger.sqlite3"

    @property
    def _own(self) -> Path:
        return self.calendar.resolve().parent / ".campaign"

    def out(self, verb: str) -> Path:
        """Where a verb writes what people look at, unless they say otherwise."""
        return self.calendar.resolve().parent / "out" / verb


def ledger_at(campaign: Path, written: str | None) -> Path | str:
    """Where the ledger is: as it was named, or beside the calendar."""
    if written is None:
        return Folders(campaign).ledger
    return written if "://" in written else Path(written)


def shared_store() -> str:
    """The address that CAMPAIGN_SHELF holds; "" where it names a folder, or nothing."""
    written = os.environ.get(SHELF, "").strip()
    return written if _ADDRESS.match(written) else ""


def is_begun(ledger: Path | str) -> bool:
    """Whether there is a ledger to ask; a database on a server is asked in any case."""
    return not isinstance(ledger, Path) or ledger.exists()


def today(on: datetime | None) -> date:
    return on.date() if on else datetime.now().astimezone().date()
