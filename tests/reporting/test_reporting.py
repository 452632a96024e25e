"""The report says what the ledger says, in every form of it, and names nobody."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import axe
from scheduler.calendar import read_calendar
from scheduler.ledger import Entry, Ledger, confirming, deciding, questions
from scheduler.model import DAYS, Confirmation, Hold, Key, Place, Receipt, Scope, State
from scheduler.publishing.confirming import confirm, weigh
from scheduler.publishing.resolving import is_not_published
from scheduler.rehearsing import rehearse
from scheduler.reporting.gathering import Fate, gather, public_name
from scheduler.reporting.sentences import IN_A_FOLDER, SOMEBODY, UNDER_EMBARGO
from scheduler.reporting.writing import PAGE, TABLE, WORKBOOK, files_of, write
from scheduler.sandbox import RATES, Faultload
from small_coalition import CYPRUS

NOW = datetime(2026, 12, 11, 12, tzinfo=UTC)
HOSTILE = (
    "</td></style><script>alert(1)</script><img src=x onerror='alert(2)'> \" ' {{ 7 * 7 }} "
    '\u202eesrever\u202c =HYPERLINK("http://evil") \u05d0 <!-- ]]> _x0041_'
)
KIT = CYPRUS.replace("id: cyprus,", "id: cyprus, kit: yes,").replace(
    "platform: folder, directory: cyprus", 'platform: facebook, page: "17"'
)
AT_A_STAND_IN = (
    "platform: folder, directory: germany",
    "platform: mastodon, server: https://mastodon.example, token: {env: NOBODY_SETS_THIS}",
)


@pytest.fixture
def whole(coalition):
    return read_calendar(coalition(cyprus=KIT, germany=(AT_A_STAND_IN,))).unwrap()


def report_of(whole, ledger, **more):
    entries, by_hand, people = ledger.read(
        lambda c: (
            questions.entries(c, whole.own.id),
            confirming.by_hand(c, whole.own.id),
            confirming.people(c, whole.own.id),
        )
    )
    given_ = {"as_of": NOW, "ledger": ledger.name, "by_hand": by_hand, "people": people}
    return gather(whole, entries, last_day=whole.own.date_of(DAYS), **(given_ | more)), entries


class Rows(HTMLParser):
    """Every row of the page that is of a delivery: its key, state, links and reason."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.row, self.kind = [], None, ""
        self.tags = Counter()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        self.tags[tag] += 1
        if tag == "tr":
            self.row = {"link": "", "reason": ""} | said if "data-key" in said else None
            if self.row:
                self.rows.append(self.row)
        if tag == "td":
            self.kind = ""
        if tag == "span" and said.get("class") in ("link", "reason"):
            self.kind = said["class"]

    def handle_endtag(self, tag):
        if tag in ("span", "td", "tr") and self.kind:
            self.kind = ""

    def handle_data(self, data):
        if self.row and self.kind:
            self.row[self.kind] += data


def page_rows(files):
    return {
        (row["data-key"], row["data-state"], row["link"], row["reason"])
        for row in Rows(files[PAGE].decode()).rows
    }


def table_rows(files):
    return list(csv.DictReader(io.StringIO(files[TABLE].decode("utf-8-sig"), newline="")))


def sheet_rows(files, title="Deliveries"):
    book = load_workbook(io.BytesIO(files[WORKBOOK]))
    head, *rows = book[title].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


# ── the ledger's own word ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def after_faults(whole, shelf, tmp_path):
    """The ledger of a rehearsal in which much went wrong, and what people said of it afterwards."""
    often = {kind: min(1.0, rate * 12) for kind, rate in RATES.items()}
    kept = tmp_path / "kept.sqlite3"
    went = rehearse(whole, shelf=shelf, faults=Faultload(seed=3, rates=often), keep=kept)
    assert len(went.injected.struck) > 3
    with Ledger(kept) as ledger:
        place = Place(file="back.csv")
        said = Confirmation(
            post="launch",
            account="cyprus.page",
            link="https://example.org/1",
            on=date(2026, 11, 25),
            place=place,
            account_place=place,
            link_place=place,
        )
        weighed, problems = weigh(ledger, whole, [said], now=NOW)
        assert problems == ()
        confirm(ledger, weighed, now=NOW, who="Ana Muster")
        yield ledger


def test_report_and_ledger_agree_to_the_last_link_after_everything_has_gone_wrong(
    whole, after_faults
):
    report, entries = report_of(whole, after_faults)
    files = files_of(report)
    assert {entry.state for entry in entries} > {State.PUBLISHED}
    wanted = {
        entry.key: (
            str(entry.state),
            _link(entry),
            entry.reason,
        )
        for entry in entries
    }
    in_table = {
        Key(row["key"]): (row["state"], row["link"], row["reason"]) for row in table_rows(files)
    }
    in_sheet = {
        Key(row["key"]): (row["state"], row["link"] or "", row["reason"] or "")
        for row in sheet_rows(files)
    }
    assert in_table == in_sheet == wanted
    on_page = {(key, state, link) for key, state, link, _ in page_rows(files)}
    assert on_page == {(key, state, link) for key, (state, link, _) in wanted.items()}
    reasons = {key: reason for key, _, _, reason in page_rows(files)}
    public = {entry.key for entry in entries if entry.state is State.PUBLISHED}
    assert reasons == {
        key: "" if key in public else reason for key, (_, _, reason) in wanted.items()
    }


def test_the_counts_of_every_table_add_up_to_the_ledgers(whole, after_faults):
    report, entries = report_of(whole, after_faults)
    files = files_of(report)
    states = Counter(entry.state for entry in entries)
    public = report.count(Fate.PROGRAM, Fate.BY_HAND)
    archived = sum(e.platform == "folder" and e.state is State.PUBLISHED for e in entries)
    assert 0 < archived == report.count(Fate.KEPT)
    assert public == states[State.PUBLISHED] - archived
    for state, fate in (
        (State.HANDED, Fate.HANDED),
        (State.MISSED, Fate.MISSED),
        (State.UNCONFIRMED, Fate.UNCONFIRMED),
        (State.REJECTED, Fate.REJECTED),
    ):
        assert report.count(fate) == states[state]
    for title in ("Members", "Countries", "Platforms"):
        rows = sheet_rows(files, title)
        assert sum(row["planned"] for row in rows) == len(entries)
        for fate in Fate:
            assert sum(row[str(fate)] for row in rows) == report.count(fate), (title, fate)


def test_what_was_posted_by_hand_is_told_apart_with_its_day_and_without_an_hour(
    whole, after_faults
):
    report, _ = report_of(whole, after_faults)
    (row,) = [row for row in table_rows(files_of(report)) if row["became"] == "posted by hand"]
    assert (row["member"], row["country"], row["published on"], row["at"]) == (
        "Member, Cyprus",
        "CY",
        "2026-11-25",
        "",
    )
    others = [row for row in table_rows(files_of(report)) if row["became"] == "published"]
    assert all(re.fullmatch(r"\d\d:\d\d", row["at"]) for row in others)


# ── what must not be in it ────────────────────────────────────────────────────────────────────────


def test_nobody_who_has_decided_anything_is_named_in_it(whole, after_faults, tmp_path):
    def decide(connection):
        hold = Hold(scope=Scope.POST, value="listen", reason="ASK ana  muster; by Bea", by="Bea")
        deciding.hold(connection, whole.own.id, hold, now=NOW, who="Bea")
        deciding.approve(connection, whole.own.id, _some(connection), "0" * 64, now=NOW, who="Cem")

    def _some(connection):
        return questions.entries(connection, whole.own.id)[0].key

    after_faults.write(decide)
    people = after_faults.read(lambda c: confirming.people(c, whole.own.id))
    assert {"Ana Muster", "Bea", "Cem"} <= people
    unconfirmed = dataclasses.replace(
        after_faults.read(lambda c: questions.entries(c, whole.own.id))[0],
        state=State.MISSED,
        reason="not public, as Bea saw; approved by 1 of 2: Cem; ASK ana  muster",
        receipt=None,
    )
    report, _ = report_of(whole, after_faults)
    one = gather(
        whole,
        [unconfirmed],
        by_hand=(),
        people=people,
        as_of=NOW,
        ledger="/home/ana/x.sqlite3",
        last_day=date(2026, 12, 10),
    )
    assert one.items[0].reason == (
        f"not public, as {SOMEBODY} saw; approved by 1 of 2: {SOMEBODY}; ASK {SOMEBODY}"
    )
    for made in (report, one):
        for data in files_of(made).values():
            text = _unpacked(data)
            for name in ("ana", "muster", "bea", "cem"):
                assert not re.search(rf"(?i)(?<!\w){name}(?!\w)", text), name


def _unpacked(data):
    """All texts of a file, whether it is a workbook or a text."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(data))
    cells = (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    return "\n".join(str(cell) for cell in cells if cell is not None)


def test_who_says_that_it_is_not_there_is_not_named_either(whole, after_faults):
    entries = after_faults.read(lambda c: questions.entries(c, whole.own.id))
    unconfirmed = [entry for entry in entries if entry.state is State.UNCONFIRMED]
    for entry in unconfirmed[:1]:
        is_not_published(after_faults, entry, now=NOW, who="Dora")
    report, _ = report_of(whole, after_faults)
    assert not any("Dora" in _unpacked(data) for data in files_of(report).values())


def test_a_post_under_embargo_is_counted_and_neither_named_nor_explained(whole, after_faults):
    report, entries = report_of(whole, after_faults)
    hour = NOW + timedelta(hours=1)
    for campaign in whole.campaigns.values():
        assert "listen" in campaign.posts
    secret = dataclasses.replace(
        whole,
        campaigns={
            id_: dataclasses.replace(
                campaign,
                posts={
                    name: dataclasses.replace(post, embargo=hour if name == "listen" else None)
                    for name, post in campaign.posts.items()
                },
            )
            for id_, campaign in whole.campaigns.items()
        },
    )
    planned = [
        dataclasses.replace(entry, state=State.HELD, receipt=None, published_at=None, reason="why")
        if entry.post == "listen"
        else entry
        for entry in entries
    ]
    given_ = {"by_hand": (), "people": (), "ledger": "x", "last_day": date(2026, 12, 10)}
    silent = gather(secret, planned, as_of=NOW, **given_)
    assert silent.embargoed == sum(entry.post == "listen" for entry in entries)
    assert len(silent.items) == len(report.items)
    for data in files_of(silent).values():
        assert "listen" not in _unpacked(data).lower()
        assert UNDER_EMBARGO in _unpacked(data)
    later = gather(secret, planned, as_of=hour, **given_)
    assert later.embargoed == 0
    assert "listen" in _unpacked(files_of(later)[TABLE])


@pytest.mark.parametrize(
    ("ledger", "said"),
    [
        ("/home/ana/campaign/.campaign/ledger.sqlite3", "ledger.sqlite3"),
        ("C:\\Users\\Ana\\ledger.sqlite3", "ledger.sqlite3"),
        ("postgresql://ana:***@db.example/campaign?sslmode=require", "db.example/campaign"),
    ],
)
def test_the_ledger_is_named_without_whose_it_is(ledger, said):
    assert public_name(ledger) == said


# ── whatever stands in the ledger ─────────────────────────────────────────────────────────────────

ANYTHING = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=30
) | st.sampled_from([HOSTILE, "=1+1", "@SUM(A1)", "-2", "+3", "\tx", "'=1", "a\nb"])


@st.composite
def entries_of(draw):
    state = draw(st.sampled_from(State))
    post, account = draw(ANYTHING), draw(ANYTHING)
    public = state in (State.PUBLISHED, State.WITHDRAWN)
    return Entry(
        key=Key(f"small-2026/{post}/{account}/{draw(st.integers(1, 10**9))}"),
        campaign="small-2026",
        post=post,
        account=account,
        platform=draw(st.sampled_from(["x", "mastodon"]) | ANYTHING),
        part=draw(st.integers(1, 9)),
        day=draw(st.integers(1, 16)),
        due=NOW,
        latest=NOW,
        state=state,
        fence=0,
        tries=0,
        look_at=None,
        reason=draw(ANYTHING),
        receipt=Receipt(id="1", url=draw(ANYTHING)) if public else None,
        published_at=NOW if public else None,
    )


_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(entries_of(), max_size=6, unique_by=lambda entry: entry.key))
def test_whatever_the_ledger_holds_every_form_of_the_report_says_the_same(entries):
    report = gather(
        WHOLE,
        entries,
        by_hand=(),
        people=(),
        as_of=NOW,
        ledger="x",
        last_day=date(2026, 12, 10),
    )
    files = files_of(report)
    wanted = Counter(
        (entry.key, entry.post, entry.account, str(entry.state), _link(entry), entry.reason)
        for entry in entries
    )
    fields = ("key", "post", "account", "state", "link", "reason")
    in_table = Counter(tuple(_plain(row[name]) for name in fields) for row in table_rows(files))
    assert in_table == wanted
    in_sheet = Counter(
        tuple(_sheet_text(row[name] or "") for name in fields) for row in sheet_rows(files)
    )
    assert in_sheet == Counter(
        tuple(_UNWRITABLE.sub("\ufffd", cell) for cell in row) for row in wanted.elements()
    )
    page = Rows(files[PAGE].decode())
    assert Counter(row["data-state"] for row in page.rows) == Counter(
        str(entry.state) for entry in entries
    )
    assert not page.tags["script"]
    assert not page.tags["img"]
    assert (page.tags["style"], page.tags["html"]) == (1, 1)


def _link(entry):
    """A folder's path may be named after whoever has the computer."""
    url = entry.receipt.url if entry.receipt else ""
    return IN_A_FOLDER if url.startswith("file:") else url


def _plain(cell):
    """Without the sign that keeps a spreadsheet from running it."""
    guarded = cell.startswith("'") and cell[1:].startswith(("=", "+", "-", "@", "\t", "'"))
    assert not cell.startswith(("=", "+", "-", "@", "\t"))
    return cell[1:] if guarded else cell


def _sheet_text(cell):
    return str(cell).replace("_x005F_", "_")


WHOLE = read_calendar(Path(__file__).parents[2] / "campaign.yaml").unwrap()


def test_nothing_in_the_workbook_is_a_formula(whole, after_faults):
    report, _ = report_of(whole, after_faults)
    item = dataclasses.replace(report.items[0], reason='=HYPERLINK("http://evil")')
    files = files_of(dataclasses.replace(report, items=(item, *report.items[1:])))
    book = load_workbook(io.BytesIO(files[WORKBOOK]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    (found,) = [cell for cell in cells if str(cell.value).startswith("=")]
    assert found.quotePrefix
    assert "'=HYPERLINK" in files[TABLE].decode("utf-8-sig")
    numbers = [cell for cell in cells if cell.data_type == "n" and cell.value is not None]
    assert len(numbers) > len(report.items)


def test_it_says_as_of_when_from_which_ledger_and_what_it_cannot_know(
    whole, after_faults, tmp_path
):
    report, _ = report_of(whole, after_faults)
    page = write(report, tmp_path / "report").read_text("utf-8")
    assert "the ledger kept.sqlite3 knew on 11 December 2026 at 13:00 (Europe/Berlin)" in page
    assert "How many people saw a post" in page
    assert {file.name for file in (tmp_path / "report").iterdir()} == {PAGE, TABLE, WORKBOOK}
    assert str(tmp_path) not in page


def test_the_same_ledger_at_the_same_instant_gives_the_same_page_and_table(whole, after_faults):
    one, two = (files_of(report_of(whole, after_faults)[0]) for _ in range(2))
    assert (one[PAGE], one[TABLE]) == (two[PAGE], two[TABLE])


@pytest.mark.system
def test_axe_finds_nothing_in_a_report(whole, after_faults, chromium, tmp_path):
    axe.needed()
    write(report_of(whole, after_faults)[0], tmp_path)
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto((tmp_path / PAGE).as_uri())
    found = []
    for scheme in ("light", "dark"):
        for width in (360, 1280):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{scheme}, {width}: {each}" for each in axe.complaints(page)]
            assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()
    assert found == []
