"""Campaign Scheduler: a calendar of the 16 Days, drawn, previewed and published, never twice."""

__version__ = "0.1.0"
