"""Tables as a workbook that looks good when it is opened, and workbooks of all kinds as grids.

The only door to openpyxl. Every cell is a text, so that 016 and 09:00 stay what they are, and
nothing that begins with = is ever counted out.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.errors import Problem, UserError
from scheduler.model import Place
from scheduler.sheets.cells import text_of
from scheduler.sheets.recognising import READ_ME
from scheduler.sheets.remembering import TITLE, remembered
from scheduler.sheets.spreading import STATE
from scheduler.sheets.tables import Grid, Mark, Table, letters, problem

#: Excel cuts off, or refuses to open, what is longer.
LONGEST_CELL = 32_767
LARGEST = 20_000_000
#: A workbook is compressed; unpacked, a calendar of ten thousand posts has about 60 megabytes.
LARGEST_UNPACKED = 200_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 1_000

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
    memory = book.create_sheet(TITLE)
    for number, cells in enumerate(_lines(remembered(tables)), 1):
        for column, cell in enumerate(cells, 1):
            kept: Any = memory.cell(number, column)
            kept.value, kept.data_type = cell, "s"
    memory.sheet_state = "veryHidden"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


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
                _write(sheet, number, column, text, style)
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


# ── reading ───────────────────────────────────────────────────────────────────────────────────────


def grids_of(file: Path) -> tuple[Grid, ...]:
    """Every sheet of a workbook. Raises `UserError` where it cannot or should not be opened."""
    _check(file)
    shown, typed = _loaded(file, results=True), None
    if _has_formulas(file):
        typed = _loaded(file, results=False)
    return tuple(_grid(file.name, sheet, typed) for sheet in shown.worksheets)


def _refused(file: Path, message: str, hint: str) -> UserError:
    return UserError([Place(file=file.name).problem("not-a-sheet", message, hint)])


def _check(file: Path) -> None:
    """Nothing is unpacked before it is known how large it will be."""
    if file.stat().st_size > LARGEST:
        raise _refused(
            file, f"larger than {LARGEST // 1_000_000} megabytes", "take pictures out of it"
        )
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > LARGEST_UNPACKED:
                raise _refused(
                    file,
                    f"{unpacked // 1_000_000} megabytes when unpacked, and "
                    f"{LARGEST_UNPACKED // 1_000_000} is the most",
                    "copy the rows that matter into a new workbook",
                )
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in _beginning(archive, name):
                    raise _refused(file, "it holds definitions that no workbook needs", _RESAVE)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise _refused(file, f"no workbook that can be opened: {error}", _RESAVE) from None


_RESAVE = "open it in Excel or LibreOffice, and save it as .xlsx, without a password"


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(2_000)


def _loaded(file: Path, *, results: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles that it does not know
        try:
            return load_workbook(file, data_only=results)
        except Exception as error:  # noqa: BLE001 (a broken workbook fails in a hundred ways)
            raise _refused(file, f"no workbook that can be read: {error}", _RESAVE) from None


def _has_formulas(file: Path) -> bool:
    with zipfile.ZipFile(file) as archive:
        return any(
            re.search(rb"<(?:\w+:)?f[ >/]", archive.read(name))
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )


def _grid(file: str, sheet: Any, typed: Any) -> Grid:
    name = f"{file}, sheet {sheet.title}"
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise UserError([problem(name, 1, *_TOO_MANY)])
    unreadable: dict[tuple[int, int], str] = {}
    filled = dict(_merged(sheet))
    rows: list[tuple[int, tuple[str, ...]]] = []
    formulas = typed[sheet.title] if typed else None
    for number, cells in enumerate(sheet.iter_rows(), 1):
        for cell in cells:
            if why := _unreadable(cell, formulas):
                unreadable[number, cell.column - 1] = why
        texts = [
            filled.get((number, column)) or _text(cell) for column, cell in enumerate(cells, 1)
        ]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            rows.append((number, tuple(texts)))
    hidden = {
        index - 1
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden and dimension.min and dimension.max
        for index in range(dimension.min, min(dimension.max, MOST_COLUMNS) + 1)
    }
    return Grid(
        name=name,
        title=sheet.title,
        rows=tuple(rows),
        hidden=frozenset(hidden),
        unreadable=MappingProxyType(unreadable),
    )


_TOO_MANY = (
    f"more than {MOST_ROWS} rows, or {MOST_COLUMNS} columns",
    "copy those with something in them into a new sheet",
)


def _text(cell: Any) -> str:
    if cell.data_type == "e":
        return ""
    return text_of(cell.value, cell.number_format or "General").replace("_x000D_", "")


def _unreadable(cell: Any, formulas: Any) -> str:
    if cell.data_type == "e":
        return f"this formula failed: {cell.value}"
    if cell.value is not None or formulas is None:
        return ""
    is_formula = formulas.cell(cell.row, cell.column).data_type == "f"
    return "a formula stands here, without the text that it gives" if is_formula else ""


def _merged(sheet: Any) -> Iterable[tuple[tuple[int, int], str]]:
    """A cell over several rows says the same in each of them."""
    for area in sheet.merged_cells.ranges:
        text = _text(sheet.cell(area.min_row, area.min_col))
        for row in range(area.min_row, min(area.max_row, MOST_ROWS) + 1):
            yield (row, area.min_col), text
