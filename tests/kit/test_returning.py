"""What comes back: read in whatever form people send it, each mistake at its line and column."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from scheduler.errors import Severity
from scheduler.kit.returning import Dates, date_of, link_of, read

DATES = Dates(first_day=date(2026, 11, 25), today=date(2026, 12, 1))
ROW = {
    "post": "launch",
    "account": "cyprus.insta",
    "platform": "instagram",
    "part": 1,
    "link": "https://www.instagram.com/p/abc/",
    "date": "2026-11-25",
}


@pytest.fixture
def returned(tmp_path):
    """What is read of a file with this text, or with these bytes."""

    def made(said, name="back.json"):
        file = tmp_path / name
        file.write_bytes(said if isinstance(said, bytes) else said.encode())
        return read([file], campaign="small-2026", dates=DATES)

    return made


def kit_file(*rows, **head):
    said = {"campaign-kit": 1, "campaign": "small-2026", "member": "cyprus", "kit": "12345678"}
    lines = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows)
    top = json.dumps(said | head)[1:-1]
    return f'{{{top},\n "posted": [\n  {lines}\n ]}}\n'


def said(returned):
    return [(each.post, each.account, each.link, each.on) for each in returned.confirmations]


def told(returned):
    """Line, column and words of each error."""
    return [
        (each.line, each.column, each.message)
        for each in returned.problems
        if each.severity is Severity.ERROR
    ]


GOOD = [("launch", "cyprus.insta", "https://www.instagram.com/p/abc/", date(2026, 11, 25))]


def test_the_file_of_a_kit_is_read_as_it_was_made(returned):
    found = returned(kit_file(ROW))
    assert said(found) == GOOD
    assert found.problems == ()
    assert found.confirmations[0].member == "cyprus"


def test_a_message_may_stand_around_it(returned):
    found = returned(f"Hi Ana,\n{kit_file(ROW)}\nBest wishes", "message.txt")
    assert said(found) == GOOD
    assert (found.confirmations[0].place.line, found.confirmations[0].place.column) == (4, 3)


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (ROW | {"link": ""}, "link", "it has no link"),
        (ROW | {"link": "my post"}, "link", "no single address"),
        (ROW | {"link": "javascript:alert(1)//a.b"}, "link", "no address of a post"),
        (ROW | {"link": "https://me:secret@example.org/"}, "link", "a password"),
        (ROW | {"date": "25 Smarch"}, "date", "is no date"),
        (ROW | {"date": "2026-12-03"}, "date", "still to come"),
        (ROW | {"date": "2025-11-25"}, "date", "long before"),
        (ROW | {"part": 0}, "part", "no number of a part"),
        (ROW | {"part": True}, "part", "is no text"),
        (ROW | {"post": " "}, "", "post is empty"),
        (ROW | {"likes": 3}, "likes", 'no key "likes"'),
    ],
)
def test_a_mistake_is_told_at_its_line_and_column(returned, row, field, words):
    text = kit_file(ROW | {"post": "listen"}, row)
    (found,) = told(returned(text))
    sign = f'"{field}": ' if field else ""
    line = text.splitlines()[3]
    assert found[:2] == (4, (line.index(sign) if sign else 2) + len(sign) + 1)
    assert words in found[2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no file of a kit"),
        ("[1, 2]", "no file of a kit"),
        ('{"campaign-kit": 1,\n "posted": [}', "no file of a kit"),
        (kit_file(ROW, campaign="other-2026"), 'is "small-2026"'),
        (kit_file(ROW, **{"campaign-kit": 2}), "is not 1"),
        (kit_file(ROW, extra=1), 'no key "extra"'),
        ('{"campaign-kit": 1, "campaign": "small-2026", "member": "c"}', 'no list "posted"'),
        ('{"campaign-kit": 1, "campaign": "a", "campaign": "b"}', "twice"),
        ("[" * 100_000, "no file of a kit"),
        (kit_file(7), "this is no post"),
    ],
)
def test_what_is_no_file_of_this_campaigns_kit_is_refused(returned, text, words):
    assert any(words in message for _, _, message in told(returned(text)))


def test_what_was_posted_where_there_is_no_account_is_said_and_does_no_harm(returned):
    found = returned(kit_file(ROW, ROW | {"account": "", "platform": "x"}))
    assert said(found) == GOOD
    (problem,) = found.problems
    assert (problem.severity, problem.line) == (Severity.WARNING, 4)
    assert "posted on x, where the calendar has no account" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "post,account,link,date\nlaunch,cyprus.insta,{link},2026-11-25\n",
        "Post;Where;URL;Posted on\nlaunch;cyprus.insta;{link};25.11.2026\n",
        "\ufeffPost id\tAccount\tAddress\tDay posted\nlaunch\tcyprus.insta\t{link}\t25 Nov\n",
        "What we posted\n\nDate,Post,Account,Link,Part\n25.11.,launch,cyprus.insta,{link},1\n",
        "post,member,account,link,date\nlaunch,cyprus,cyprus.insta,{link},25/11/2026\n",
        "post,account,link,date\nlaunch,cyprus.insta,www.instagram.com/p/abc/,11/25/2026\n",
    ],
)
def test_a_row_that_somebody_typed_is_understood(returned, text):
    found = returned(text.format(link="https://www.instagram.com/p/abc/"), "back.csv")
    assert told(found) == []
    assert said(found) in (GOOD, [(*GOOD[0][:2], "https://www.instagram.com/p/abc/", GOOD[0][3])])


def test_a_workbook_is_read_with_its_dates(tmp_path):
    book = Workbook()
    book.active.append(["post", "account", "link", "date"])
    book.active.append(["launch", "cyprus.insta", GOOD[0][2], date(2026, 11, 25)])
    book.active.append(["listen", "cyprus.insta", "", ""])
    book.active.append(["listen", "cyprus.seite", "nowhere", date(2026, 11, 26)])
    file = tmp_path / "back.xlsx"
    book.save(file)
    found = read([file], campaign="small-2026", dates=DATES)
    assert said(found) == GOOD
    assert [each[:2] for each in told(found)] == [(4, 3)]
    assert ["neither link nor date" in each.message for each in found.problems] == [True, False]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("post,account,link,date\n,cyprus.insta,https://a.b/c,2026-11-25\n", (2, 1), "post is"),
        ("post,account,link,date\nlaunch,,https://a.b/c,2026-11-25\n", (2, 2), "account is"),
        ("post,account,link,date\nlaunch,a,https://a.b/c,\n", (2, 4), "on which day"),
        ("post,account,link,date\nlaunch,a,,2026-11-25\n", (2, 3), "no link"),
        ("post,account,link,date\nlaunch,a,https://a.b/c,1/12/2026\n", (2, 4), "nothing"),
        ("post,link,date\nlaunch,https://a.b/c,2026-11-25\n", (1, 1), 'no column "account"'),
        ("post,account,link\nlaunch,a,https://a.b/c\n", (1, 1), 'no column "date"'),
        ("post,account,link,url,date\n", (1, 4), "says the same"),
        ("one,two\n1,2\n", (1, 1), "no table with the columns"),
    ],
)
def test_a_mistake_in_a_row_is_told_at_its_cell(returned, text, place, words):
    found = told(returned(text, "back.csv"))
    if words == "nothing":  # only one of the two orders lies within the campaign
        assert found == []
        return
    assert [(line, column) for line, column, message in found if words in message] == [place]


def test_all_files_are_read_though_one_is_none(tmp_path):
    good, bad, gone = tmp_path / "a.json", tmp_path / "b.pdf", tmp_path / "c.csv"
    good.write_text(kit_file(ROW), "utf-8")
    bad.write_bytes(b"%PDF")
    found = read([bad, gone, good], campaign="small-2026", dates=DATES)
    assert said(found) == GOOD
    assert [each.file for each in found.problems] == [str(bad), str(gone)]


@settings(deadline=None)
@given(st.text(), st.text())
def test_whatever_is_typed_is_a_value_or_a_sentence(link, day):
    for convert in (lambda: link_of(link), lambda: date_of(day, DATES)):
        try:
            found = convert()
        except ValueError as error:
            assert str(error)  # noqa: PT017 (both ends are good ones)
        else:
            assert isinstance(found, str | date)
            if isinstance(found, str):
                assert found.startswith(("https://", "http://"))
                assert found.split() == [found]


@settings(deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_file_at_all_is_a_bug(data):
    import tempfile  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        for ending in ("json", "txt", "csv"):
            file = Path(folder) / f"back.{ending}"
            file.write_bytes(data)
            assert read([file], campaign="small-2026", dates=DATES).confirmations == ()
