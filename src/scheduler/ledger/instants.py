"""Instants as the ledger keeps them: UTC microseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def stamp(instant: datetime) -> int:
    """UTC microseconds."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(stamp: int) -> datetime:
    return _EPOCH + stamp * _MICROSECOND


def later(stamp: int | None) -> datetime | None:
    """The instant, where there is one."""
    return None if stamp is None else instant(stamp)
