"""When a post is due: its day and hour, and until when nobody may say it."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.calendar.looking_up import Lookup
from scheduler.calendar.schema import PostForm
from scheduler.model import DAYS, KeyPath


def day_and_hour(lookup: Lookup, id_: str, form: PostForm) -> tuple[int, time]:
    """The day and the hour, for a post that has its own, floats, or belongs to a series."""
    series = None
    if form.series is not None:
        path: KeyPath = ("posts", id_, "series")
        series = lookup.named(path, "series", form.series, lookup.form.series)
    at = form.time or (series and series.time) or lookup.form.campaign.time
    if series is None or form.number is None:
        return _floated(id_, form.day or (1, 1)), at
    day = series.first + series.every * (form.number - 1)
    if day > DAYS:
        lookup.problem(
            ("posts", id_, "number"),
            "no-such-day",
            f'number {form.number} of the series "{form.series}" would stand on day {day}',
            f"the last day is {DAYS}",
        )
        return 1, at
    return day, at


def _floated(id_: str, days: tuple[int, int]) -> int:
    """The day of a post that floats: by its id alone, so that no edit of another post moves it."""
    first, last = days
    return first + zlib.crc32(id_.encode()) % (last - first + 1)


def check_hour(lookup: Lookup, id_: str, day: int, at: time) -> None:
    """Where clocks change, one hour of the day does not exist, and another one twice."""
    campaign = lookup.form.campaign
    date = campaign.first_day + timedelta(days=day - 1)
    local = datetime.combine(date, at)
    written = lookup.form.posts[id_].model_fields_set
    path: KeyPath = ("posts", id_, "time") if "time" in written else ("posts", id_, "day")
    zone = ZoneInfo(campaign.zone)
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return
    exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
    what = "exists twice" if exists else "does not exist"
    lookup.problem(
        path,
        "impossible-time",
        f"{local:%Y-%m-%d %H:%M} {what} in {campaign.zone}, since the clocks change",
        "choose another hour",
    )


def embargo(lookup: Lookup, id_: str, form: PostForm) -> datetime | None:
    """One instant for everybody, however far east they are."""
    if form.embargo is None:
        return None
    own = ("posts", id_, "embargo") in lookup.tree.places.values
    zone = ZoneInfo(lookup.form.campaign.zone if own else lookup.speaker.zone)
    return form.embargo.replace(tzinfo=zone).astimezone(UTC)
