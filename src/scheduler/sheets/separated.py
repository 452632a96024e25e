"""Tables as comma-separated text that Excel opens right, and whatever somebody saved as .csv."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

from scheduler.errors import UserError
from scheduler.model import Place
from scheduler.sheets.tables import Grid, Table

LARGEST = 20_000_000
_DELIMITERS = ",;\t"
#: A spreadsheet would take what begins so for a formula, and some of them would run it.
_FORMULA = ("=", "+", "-", "@", "\t", "'")
_BOM = "\ufeff"


def separated(table: Table) -> bytes:
    """A .csv file: UTF-8 with the mark by which Excel knows it, guarded against formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_guarded(row.cells.get(name, "")) for name in table.columns])
    return (_BOM + out.getvalue()).encode()


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def grid_of(file: Path) -> tuple[Grid, str]:
    """The rows of a .csv file, and what a person should know of how it was read, or "".

    Raises `UserError` where it is no text.
    """
    if file.stat().st_size > LARGEST:
        raise _refused(file, 1, f"larger than {LARGEST // 1_000_000} megabytes")
    text, note = _decoded(file)
    delimiter, text = _delimiter(text)
    rows: list[tuple[int, tuple[str, ...]]] = []
    csv.field_size_limit(LARGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            clean = [_unguarded(cell.replace("\r\n", "\n").replace("\r", "\n")) for cell in cells]
            if any(clean):
                rows.append((number, tuple(clean)))
    except csv.Error as error:
        raise _refused(file, reader.line_num, f"no table from here on: {error}") from None
    return Grid(name=file.name, title=file.stem, rows=tuple(rows)), note


def _refused(file: Path, line: int, message: str) -> UserError:
    hint = "open it in a spreadsheet, and save it as .xlsx"
    return UserError([Place(file=file.name, line=line).problem("not-a-sheet", message, hint)])


def _decoded(file: Path) -> tuple[str, str]:
    data = file.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, _NOT_SURE if encoding == "cp1252" else ""
    raise _refused(file, 1, "this is no text that can be read")


_NOT_SURE = (
    "It is not in UTF-8, and was read as Windows text (cp1252). If letters look wrong, save it "
    "again as “CSV UTF-8”, or as .xlsx."
)


def _delimiter(text: str) -> tuple[str, str]:
    """What stands between the cells: the sign that gives rows of the same length."""
    if said := re.match(r'sep=([^"\r\n])\r?\n', text):
        return said[1], text[said.end() :]
    return max(_DELIMITERS, key=lambda sign: _evenness(text, sign)), text


def _evenness(text: str, sign: str) -> tuple[int, int]:
    """How many of the first rows have the most usual number of cells, if that is more than one."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    lengths: Counter[int] = Counter()
    try:
        for _, cells in zip(range(50), reader, strict=False):
            lengths[len(cells)] += bool(cells)
    except csv.Error:
        return 0, 0
    length, times = max(lengths.items(), key=lambda each: (each[0] > 1, each[1]), default=(0, 0))
    return (times, length) if length > 1 else (0, 0)
