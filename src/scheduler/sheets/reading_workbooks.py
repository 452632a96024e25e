"""Workbooks of all kinds as grids of texts: ours, and those of somebody's own."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

from openpyxl import load_workbook

from scheduler.errors import UserError
from scheduler.model import Place
from scheduler.sheets.cells import text_of
from scheduler.sheets.tables import Grid, problem

LARGEST = 20_000_000
#: A workbook is compressed; unpacked, a calendar of ten thousand posts has about 60 megabytes.
LARGEST_UNPACKED = 200_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 1_000


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
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
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
    return Grid(
        name=name,
        title=sheet.title,
        rows=tuple(_rows(sheet)),
        hidden=frozenset(_hidden(sheet)),
        unreadable=MappingProxyType(
            dict(_unreadable(sheet, typed[sheet.title] if typed is not None else None))
        ),
    )


_TOO_MANY = (
    f"more than {MOST_ROWS} rows, or {MOST_COLUMNS} columns",
    "copy those with something in them into a new sheet",
)


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows with something in them."""
    merged = dict(_merged(sheet))
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = [
            merged.get((number, column)) or _text(cell) for column, cell in enumerate(cells, 1)
        ]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield number, tuple(texts)


def _merged(sheet: Any) -> Iterator[tuple[tuple[int, int], str]]:
    """A cell over several rows says the same in each of them."""
    for area in sheet.merged_cells.ranges:
        text = _text(sheet.cell(area.min_row, area.min_col))
        for row in range(area.min_row, min(area.max_row, MOST_ROWS) + 1):
            yield (row, area.min_col), text


def _text(cell: Any) -> str:
    if cell.data_type == "e":
        return ""
    return text_of(cell.value, cell.number_format or "General").replace("_x000D_", "")


def _hidden(sheet: Any) -> Iterator[int]:
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min and dimension.max:
            yield from range(dimension.min - 1, min(dimension.max, MOST_COLUMNS))


def _unreadable(sheet: Any, formulas: Any) -> Iterator[tuple[tuple[int, int], str]]:
    """Cells without a text, and why. `formulas` is the sheet as it was typed, if it has any."""
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.data_type == "e":
                yield (cell.row, cell.column - 1), f"this formula failed: {cell.value}"
            elif formulas is not None and cell.value is None:
                typed = formulas.cell(cell.row, cell.column)
                if typed.data_type == "f":
                    yield (cell.row, cell.column - 1), _NO_RESULT


_NO_RESULT = "a formula stands here, without the text that it gives"
