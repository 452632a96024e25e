"""A file that somebody sends, as grids of texts: a workbook, or comma-separated text."""

from __future__ import annotations

from pathlib import Path

from scheduler.errors import Problem, UserError
from scheduler.sheets.reading_workbooks import grids_of
from scheduler.sheets.separated import grid_of
from scheduler.sheets.tables import Grid

_WORKBOOKS, _SEPARATED = (".xlsx", ".xlsm"), (".csv", ".tsv", ".txt")


def opened(file: Path) -> tuple[tuple[Grid, ...], str]:
    """Its sheets, and what a person should know of how they were read, or "".

    Raises `UserError` where it is nothing that can be read.
    """
    suffix = file.suffix.lower()
    if not file.exists():
        raise UserError([about(file, "no-file", "there is no such file", "check its name")])
    if file.is_dir():
        raise UserError([about(file, "no-file", "this is a folder", "name the file inside it")])
    if suffix in _WORKBOOKS:
        return grids_of(file), ""
    if suffix in _SEPARATED:
        grid, note = grid_of(file)
        return (grid,), note
    message = f"a {suffix or 'file without an ending'} is not read here"
    hint = "open it in a spreadsheet, and save it as .xlsx or .csv"
    raise UserError([about(file, "not-a-sheet", message, hint)])


def about(file: Path, code: str, message: str, hint: str) -> Problem:
    """A problem with the file as a whole."""
    return Problem(file=str(file), code=code, message=message, hint=hint)
