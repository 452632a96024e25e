"""The calendar as a process that publishes takes it up, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from scheduler.alerting import CalendarFacts
from scheduler.calendar import edition
from scheduler.checking import Checked
from scheduler.cli.absent import absent, left_out
from scheduler.cli.alerts import facts_of
from scheduler.cli.check import examine
from scheduler.cli.telling import say_problems
from scheduler.errors import Problem
from scheduler.model import Coalition, Places


class Reader:
    """Reads the calendar, and says what is wrong with it."""

    def __init__(self, file: Path, ledger: str | None) -> None:
        self._file = file
        self._ledger = ledger
        self._facts: CalendarFacts | None = None

    def facts(self) -> CalendarFacts | None:
        """What of the calendar decides whom to tell of what, as it was taken up last."""
        if self._facts is None or self._file.exists():
            return self._facts
        gone = Problem(file=self._file.name, code="no-file", message="it is not there")
        return self._facts.with_mistakes([gone])

    def read(self) -> tuple[Coalition, Mapping[tuple[str, str], str], str] | None:
        """As `daemon.Reader`; says what is wrong."""
        files = edition(self._file)  # an edit meanwhile is seen at the next look
        checked = examine(self._file, None, ledger=self._ledger)
        coalition = checked.taken_up
        self._remember(checked, coalition)
        if coalition is None:
            say_problems(checked.problems, ending="This calendar is not taken up.")
            return None
        if not checked.sound:
            say_problems(checked.problems, ending=self._ending(checked))
        return _without_places(coalition), checked.held, files

    def _remember(self, checked: Checked, coalition: Coalition | None) -> None:
        if coalition is not None:
            self._facts = facts_of(checked, coalition, before=self._facts)
        elif self._facts is not None:
            self._facts = self._facts.with_mistakes(checked.problems)

    def _ending(self, checked: Checked) -> str:
        posts = ", ".join(sorted({post for post, _ in checked.held}))
        held = f"Held back: {posts}." if posts else ""
        return " ".join(filter(None, (held, self._silent(checked))))

    def _silent(self, checked: Checked) -> str:
        names = absent(self._file, checked.coalition, checked.refused) if checked.coalition else ()
        return left_out("These stay silent", names) if names else ""


def _without_places(coalition: Coalition) -> Coalition:
    """As a daemon keeps it for weeks: where each value was written takes more than what it says."""
    campaigns = {
        id_: replace(campaign, places=Places(file=campaign.places.file, keys={}, values={}))
        for id_, campaign in coalition.campaigns.items()
    }
    return replace(coalition, campaigns=MappingProxyType(campaigns))
