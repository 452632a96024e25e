"""The brand alone: templates can be looked at while a calendar is being written."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from scheduler.calendar.assembling import read_calendar
from scheduler.calendar.reading import Tree, read
from scheduler.calendar.schema import BrandForm, Form
from scheduler.calendar.validating import validate
from scheduler.errors import UserError
from scheduler.model import Brand


class _Branded(Form):
    brand: BrandForm = Field(description="How every card looks.")


def read_brand(file: Path) -> Brand:
    """The campaign's own brand, whatever else is wrong.

    Raises `UserError` with what is wrong of the brand, or with why nothing can be read.
    """
    reading = read_calendar(file)
    if reading.coalition is not None:
        return reading.coalition.own.brand
    tree = read(file, name=file.name)
    alone = {"brand": tree.values["brand"]} if "brand" in tree.values else {}
    # What was salvaged has a stand-in for a brand that is missing or wrong, to look for more.
    _, problems = validate(Tree(values=alone, places=tree.places, problems=()), _Branded)
    if problems or reading.rest is None:
        raise UserError(problems or reading.problems)
    return reading.rest.own.brand
