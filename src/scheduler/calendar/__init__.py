"""The calendar: from the YAML that people write to a `Coalition`, each problem at its line."""

from scheduler.calendar.assembling import Reading, edition, files, read_calendar
from scheduler.calendar.branding import read_brand
from scheduler.calendar.holding import Holding, holds_file, read_holds, stranger
from scheduler.calendar.looks import FONTS, template_files

__all__ = [
    "FONTS",
    "Holding",
    "Reading",
    "edition",
    "files",
    "holds_file",
    "read_brand",
    "read_calendar",
    "read_holds",
    "stranger",
    "template_files",
]
