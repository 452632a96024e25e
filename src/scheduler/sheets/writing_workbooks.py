"""Tables as a workbook that looks good when it is opened.

Every cell is a text, so that 016 and 09:00 stay what they are, and nothing that begins with = is
ever counted out. With `reading_workbooks` the only door to openpyxl.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from types import MappingProxyType
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.errors import Problem, UserError
from scheduler.sheets.digests import digest_table
from scheduler.sheets.layout import HIDDEN, READ_ME, STATE
from scheduler.sheets.tables import Mark, Table, letters, problem

#: Excel cuts off, or refuses to open, what is longer.
LONGEST_CELL = 32_767

#: What XML cannot hold, and what Excel reads as an escape of it.
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_",
)
_TEXT = "@"
_INK = "24163A"
_CELL = Alignment(wrap_text=True, vertical="top")
_PLAIN, _FIXED, _HEAD = "campaign", "campaign fixed", "campaign head"
_MARKED: Mapping[Mark, str] = MappingProxyType(
    {mark: f"campaign {mark}" for mark in Mark} | {Mark.FIXED: _FIXED}
)
_FILLS: Mapping[str, str] = MappingProxyType(
    {_MARKED[Mark.MISSING]: "FFF3BF", _MARKED[Mark.STALE]: "FFD8A8", _HEAD: _INK}
)
_FONTS: Mapping[str, Font] = MappingProxyType(
    {_HEAD: Font(bold=True, color="FFFFFF"), _FIXED: Font(color="6B6375")}
)
#: In characters.
_NARROWEST, _WIDEST = 9, 60
_MORE_ROWS = 500

_INTRODUCTION = """\
This is a campaign's calendar as sheets. Change what you like, save it as .xlsx and send it back: \
only what you changed is taken over, and everything else stays as it is.
Leave the first row and the first column of each sheet as they are: they say what belongs where. \
An empty cell means that there is nothing. You may sort rows and hide columns.
Translators: write into the column “translation”, from the text in the column “source”. Yellow \
wants a translation; orange was translated from words that have changed since, which stand behind \
it. Keep every figure, name and {word in braces}.
Reviewers: when you have compared an entry with its source, write “reviewed”, your name and the \
date (2026-11-20) into its first row. A text that is changed later is a draft again.
""".splitlines()


def workbook(tables: Sequence[Table]) -> bytes:
    """An .xlsx file of the tables. Raises `UserError` with every cell that it cannot hold."""
    if problems := [each for table in tables for each in _unholdable(table)]:
        raise UserError(problems)
    book = Workbook()
    for style in _styles():
        book.add_named_style(style)
    front: Any = book.active
    _introduce(front)
    for table in tables:
        _fill(book.create_sheet(table.title), table)
    _hide(book.create_sheet(HIDDEN), digest_table(tables))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def plain_workbook(tables: Sequence[Table]) -> bytes:
    """An .xlsx file to be read, and never to be sent back: it holds whatever the tables say.

    What no cell can hold is written as people can read it: `\ufffd` for what XML has no sign for.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for style in _styles():
        book.add_named_style(style)
    for table in tables:
        _fill(book.create_sheet(table.title), _holdable(table))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _holdable(table: Table) -> Table:
    rows = (
        replace(row, cells={name: _held(cell) for name, cell in row.cells.items()})
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _held(cell: str) -> str:
    """An underscore before what Excel would read as an escape is an escape itself: _x005F_."""
    held = _FORBIDDEN.sub(
        lambda found: f"_x005F{found[0]}" if len(found[0]) > 1 else "\ufffd", cell
    )
    return _TOO_LONG if len(held.encode("utf-16-le")) // 2 > LONGEST_CELL else held


_TOO_LONG = "(longer than a cell can hold: it stands in the .csv file)"


def _hide(sheet: Worksheet, table: Table) -> None:
    for number, cells in enumerate(_lines(table), 1):
        for column, text in enumerate(cells, 1):
            cell: Any = sheet.cell(number, column)
            cell.value, cell.data_type = text, "s"
    sheet.sheet_state = "veryHidden"


def _lines(table: Table) -> Iterator[tuple[str, ...]]:
    yield table.columns
    for row in table.rows:
        yield tuple(row.cells.get(name, "") for name in table.columns)


def _unholdable(table: Table) -> Iterator[Problem]:
    for number, cells in enumerate(_lines(table), 1):
        for column, cell in enumerate(cells):
            if complaint := _complaint(cell):
                place = f"sheet {table.title}"
                called = f"{cells[0]}, {table.columns[column]}: "
                yield problem(place, number, called + complaint, _SHORTER, column=column)


_SHORTER = "change it in the calendar, or export to .csv, which takes it"


def _complaint(cell: str) -> str:
    length = len(cell.encode("utf-16-le", "surrogatepass")) // 2
    if length > LONGEST_CELL:
        return f"{length - LONGEST_CELL} characters over the {LONGEST_CELL} that a cell can hold"
    if found := _FORBIDDEN.search(cell):
        return f"a cell cannot hold {found[0]!a}"
    return ""


def _styles() -> Iterator[NamedStyle]:
    for name in (_PLAIN, _HEAD, *_MARKED.values()):
        style = NamedStyle(name, number_format=_TEXT, alignment=_CELL)
        if name in _FILLS:
            style.fill = PatternFill("solid", fgColor=_FILLS[name])
        if name in _FONTS:
            style.font = _FONTS[name]
        yield style


def _introduce(sheet: Worksheet) -> None:
    sheet.title = READ_ME
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width = 100
    _write(sheet, 1, 1, "How to use these sheets").font = Font(bold=True, size=16, color=_INK)
    for row, text in enumerate(_INTRODUCTION, 3):
        _write(sheet, row, 1, text)
        # LibreOffice leaves a row at one line where no height is said.
        sheet.row_dimensions[row].height = 15 * (len(text) // 95 + 2)


def _write(sheet: Worksheet, row: int, column: int, text: str, style: str = _PLAIN) -> Any:
    """A cell that holds a text, whatever the text looks like."""
    cell: Any = sheet.cell(row, column)
    if text:
        cell.value = text
        cell.data_type = "s"
    cell.style = style
    if text.startswith(("=", "+", "-", "@", "'")):
        cell.quotePrefix = True
    return cell


def _fill(sheet: Worksheet, table: Table) -> None:
    for column, name in enumerate(table.columns, 1):
        _write(sheet, 1, column, name, _HEAD)
        dimension: Any = sheet.column_dimensions[letters(column - 1)]
        dimension.width = _width(table, name)
        # What is typed into an empty cell is text as well.
        dimension.number_format = _TEXT
        dimension.alignment = _CELL
    for number, row in enumerate(table.rows, 2):
        for column, name in enumerate(table.columns, 1):
            text, mark = row.cells.get(name, ""), row.marks.get(name)
            if text or mark:
                style = _MARKED[mark] if mark else _FIXED if name in table.fixed else _PLAIN
                cell = _write(sheet, number, column, text, style)
                if name in table.numbers and text.isdecimal():
                    cell.value, cell.number_format = int(text), "0"
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{letters(len(table.columns) - 1)}{len(table.rows) + 1}"
    sheet.sheet_properties.tabColor = _INK
    _offer_states(sheet, table)
    _set_page(sheet)


def _width(table: Table, name: str) -> float:
    longest = max(
        (len(line) for row in table.rows for line in row.cells.get(name, "").splitlines()),
        default=0,
    )
    return min(max(longest, len(name), _NARROWEST), _WIDEST) + 2


def _offer_states(sheet: Worksheet, table: Table) -> None:
    if STATE in table.columns:
        choice = DataValidation(type="list", formula1='"draft,reviewed"', allow_blank=True)
        column = letters(table.columns.index(STATE))
        choice.add(f"{column}2:{column}{len(table.rows) + _MORE_ROWS}")
        sheet.add_data_validation(choice)


def _set_page(sheet: Worksheet) -> None:
    """Somebody prints it: across, and as wide as one page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    page: Any = sheet.sheet_properties.pageSetUpPr
    page.fitToPage = True
    sheet.print_title_rows = "1:1"
