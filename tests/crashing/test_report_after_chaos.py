"""After a fire the report says of each delivery what the ledger says, and what the public sees."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from classes.campaigns import midnight
from fire.setting import ID, KINDS, ON, Setting
from openpyxl import load_workbook
from stand_ins.kinds import kind_of

from scheduler.ledger import Ledger, confirming, questions
from scheduler.model import DAYS, Coalition, State
from scheduler.reporting.gathering import Fate, Report, gather
from scheduler.reporting.writing import PAGE, TABLE, WORKBOOK, files_of

BENCH = Path(__file__).parents[2] / "bench"
SMALL = ("--accounts", "2", "--posts", "4", "--each", "2", "--kills", "5", "--seed", "7")
#: Here a post has an address; in the bench's five classes it has only an id, and in Slack a
#: workspace.
LINKED = KINDS.keys() - {"slack"}
META = ("instagram", "threads")
#: A reason that only this test writes.
FORGED = "forged by the test"


@dataclass(frozen=True)
class Left:
    """What a fire has left."""

    file: Path
    coalition: Coalition
    #: What can be seen: a delivery's key, and what a receipt may call the post.
    public: list[tuple[str, frozenset[str]]]

    def ask(self, question: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self.file)) as ledger, ledger:
            return ledger.execute(question).fetchall()

    def report(self) -> Report:
        with Ledger(self.file) as ledger:
            entries, by_hand, people = ledger.read(
                lambda connection: (
                    questions.entries(connection, ID),
                    confirming.by_hand(connection, ID),
                    confirming.people(connection, ID),
                )
            )
            return gather(
                self.coalition,
                entries,
                by_hand=by_hand,
                people=people,
                as_of=midnight(ON) + timedelta(days=DAYS),
                ledger=ledger.name,
                last_day=self.coalition.own.date_of(DAYS),
            )


@pytest.fixture
def left(tmp_path):
    folder = tmp_path / "kept"
    done = subprocess.run(
        [sys.executable, str(BENCH / "chaos.py"), *SMALL, "--keep", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    setting = Setting(**json.loads((folder / "setting.json").read_text("utf-8")))
    public = json.loads((folder / "public.json").read_text("utf-8"))
    return Left(
        file=folder / "ledger.sqlite3",
        coalition=setting.coalition(),
        public=[(each["key"], frozenset(each["names"])) for each in public],
    )


def in_files(report):
    """State, link and reason by key, of the table and of the workbook; they must say the same."""
    files = files_of(report)
    table = csv.DictReader(io.StringIO(files[TABLE].decode("utf-8-sig"), newline=""))
    head, *rows = load_workbook(io.BytesIO(files[WORKBOOK]))["Deliveries"].iter_rows(
        values_only=True
    )
    sheet = (dict(zip(head, row, strict=True)) for row in rows)
    read = [
        {row["key"]: tuple(row[name] or "" for name in ("state", "link", "reason")) for row in each}
        for each in (table, sheet)
    ]
    assert read[0] == read[1]
    page = files[PAGE].decode()
    assert [key for key in read[0] if key not in page] == []
    return read[0]


def disagreements(left, report):
    """Where the report says something else than the ledger, or than what the public sees."""
    said = in_files(report)
    wanted = {
        key: (state, url or "", reason)
        for key, state, url, reason in left.ask(
            "SELECT key, state, receipt_url, reason FROM deliveries"
        )
    }
    for key in said.keys() | wanted.keys():
        if said.get(key) != wanted.get(key):
            yield f"{key}: the ledger says {wanted.get(key)}, the report {said.get(key)}"
    yield from _of_the_public(left, report, said)


def page_of(item):
    """The account's own page: Meta says the post's address only to whoever asks once more."""
    name = item.link.rstrip("/").rpartition("/")[2].removeprefix("@")
    mine = item.platform in META and name == item.account.replace("-", "_")
    return item.link if mine else None


def _of_the_public(left, report, said):
    seen = dict(left.public)
    for key, count in Counter(key for key, _ in left.public).items():
        if count > 1 or said.get(key, ("",))[0] not in (State.PUBLISHED, State.UNCONFIRMED):
            yield f"{key}: public {count} times, the report says {said.get(key)}"
    ids = dict(left.ask("SELECT key, receipt_id FROM deliveries"))
    for item in report.items:
        if item.state is State.PUBLISHED:
            names = seen.get(item.key, frozenset())
            if names.isdisjoint({item.link, ids[item.key]}):
                yield f"{item.key}: nobody sees {ids[item.key]}"
            if kind_of(item.account) in LINKED and item.link not in {*names, page_of(item)}:
                yield f"{item.key}: nobody sees it at {item.link}"
        elif not item.reason:
            yield f"{item.key}: {item.fate}, and nobody says why"


def test_after_a_fire_the_report_agrees_with_the_ledger_and_with_what_is_public(left):
    report = left.report()
    assert list(disagreements(left, report)) == []
    states = Counter(item.state for item in report.items)
    # To a report the bench's five classes are folders.
    published = report.count(Fate.PROGRAM, Fate.KEPT)
    assert states[State.PUBLISHED] == published > len(report.items) / 2
    assert states[State.UNCONFIRMED] == report.count(Fate.UNCONFIRMED)
    assert len({kind_of(item.account) for item in report.items if item.link}) > 5

    # It can fail. A report of another ledger, and ledgers that forget, lie and say too much:
    public = f"state = '{State.PUBLISHED}' AND platform = 'mastodon'"
    (one,), (two,), (three,) = left.ask(f"SELECT key FROM deliveries WHERE {public} LIMIT 3")
    left.ask(f"UPDATE deliveries SET state = '{State.MISSED}', reason = '' WHERE key = '{one}'")
    left.ask(f"UPDATE deliveries SET receipt_url = 'https://x.example/' WHERE key = '{two}'")
    left.ask(f"UPDATE deliveries SET reason = '{FORGED}' WHERE key = '{three}'")
    before = list(disagreements(left, report))
    assert {each.partition(": ")[0] for each in before} == {one, two, three}
    assert any(FORGED in each for each in before)
    after = list(disagreements(left, left.report()))
    assert {each.partition(": ")[0] for each in after} == {one, two}
