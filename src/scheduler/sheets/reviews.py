"""The state of a translation as a sheet says it: draft, or reviewed, by whom and on which day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from scheduler.sheets.cells import understood
from scheduler.sheets.layout import BY, ON, REVIEW, STATE
from scheduler.sheets.tables import Row

DRAFT, REVIEWED = "draft", "reviewed"

#: State, by and on, as far as they are said.
Review = dict[str, str]


class Refused(Exception):
    """What a row says about the state of its entry makes no sense, and is not taken over."""

    def __init__(self, row: Row, complaint: str) -> None:
        self.row = row
        super().__init__(complaint)


def review_in(rows: Iterable[Row], standing: Mapping[str, str] | None) -> Review:
    """What the rows of an entry say together. Raises `Refused` where that makes no sense.

    It may make no sense where the calendar itself says so: `standing`, or None for any calendar.
    """
    review: Review = {}
    first: Row | None = None
    for row in rows:
        said = {column: row.cells[column].strip() for column in REVIEW if row.cells.get(column)}
        if any(review.get(column, cell) != cell for column, cell in said.items()):
            raise Refused(row, "the rows of this entry say different things about it")
        first = first or (row if said else None)
        review |= said
    known = standing is None or standing == review
    if first and not known and (complaint := _complaint(review)):
        raise Refused(first, complaint)
    return {column: understood(cell) for column, cell in review.items()}


def _complaint(review: Review) -> str:
    state = review.get(STATE, "")
    if state not in (DRAFT, REVIEWED, ""):
        return f'"{state}" is no state of a translation'
    if state == REVIEWED and not (review.get(BY) and review.get(ON)):
        return "it says reviewed, but not by whom and on which day"
    if state != REVIEWED and (review.get(BY) or review.get(ON)):
        return "it says who reviewed it, but not that it is reviewed"
    if review.get(ON) and not re.fullmatch(r"\d{4}-\d\d-\d\d", review[ON]):
        return f'"{review[ON]}" is no date'
    return ""
