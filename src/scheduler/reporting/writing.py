"""The files of a report: the same numbers as a page, a table and a workbook."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from scheduler.reporting import tables
from scheduler.reporting.gathering import Report
from scheduler.reporting.page import page
from scheduler.sheets.separated import separated
from scheduler.sheets.writing_workbooks import plain_workbook

PAGE, TABLE, WORKBOOK = "report.html", "report.csv", "report.xlsx"


def files_of(report: Report) -> Mapping[str, bytes]:
    sheets = (
        tables.about(report),
        tables.members(report),
        tables.countries(report),
        tables.platforms(report),
        tables.deliveries(report),
    )
    return {
        PAGE: page(report).encode("utf-8", "replace"),
        TABLE: separated(sheets[-1]),
        WORKBOOK: plain_workbook(sheets),
    }


def write(report: Report, out: Path) -> Path:
    """Write all of them; the page's path. Each is there whole, or as it was before."""
    files = files_of(report)
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        part = out / f".{name}.{os.getpid()}.part"
        try:
            part.write_bytes(data)
            part.replace(out / name)
        finally:
            part.unlink(missing_ok=True)
    return out / PAGE
