"""The calendar: from the YAML that people write to a `Coalition`, each problem at its line."""

from scheduler.calendar.assembling import Reading, files, read_calendar

__all__ = ["Reading", "files", "read_calendar"]
