"""How many are where, for whoever watches; and what should have moved, and has not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from scheduler.ledger.instants import stamp
from scheduler.ledger.tables import deliveries
from scheduler.model import ENDED, OPEN, State

#: So long after it wants to be looked at, somebody must have.
THRESHOLD = timedelta(minutes=1)
#: Without a time at which it is looked at again, these wait for a person, who is told.
_FOR_A_PERSON = (State.UNCONFIRMED, State.REJECTED, State.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A campaign's deliveries, as they stand."""

    #: By state and platform.
    states: Mapping[tuple[str, str], int]
    #: Wants to be looked at by now.
    due: int
    #: In somebody's hands, whose lease has not ended.
    in_hand: int
    #: Only a person can move it.
    for_a_person: int
    #: Neither ended, nor in hand, nor within its threshold, nor for a person: the alarm.
    overdue: int
    #: Seconds since the oldest of what is due wanted to be looked at.
    late: float


def count(connection: Connection, campaign: str, now: datetime) -> Counted:
    """Every number at one instant."""
    table = deliveries.c
    ours = table.campaign == campaign
    counted = connection.execute(
        select(table.state, table.platform, func.count().label("times"))
        .where(ours)
        .group_by(table.state, table.platform)
    )
    states = {(row.state, row.platform): row.times for row in counted}
    due, oldest = connection.execute(
        select(func.count(), func.min(table.look_at)).where(ours, table.look_at <= stamp(now))
    ).one()

    def how_many(*which: object) -> int:
        asked = select(func.count()).select_from(deliveries).where(ours, *which)  # type: ignore[arg-type]
        return connection.execute(asked).scalar() or 0

    forgotten = how_many(
        table.look_at.is_(None), table.state.not_in([*ENDED, *_FOR_A_PERSON, State.HANDED])
    )
    return Counted(
        states=states,
        due=due,
        in_hand=how_many(table.state.in_(OPEN), table.look_at > stamp(now)),
        for_a_person=how_many(table.state.in_(_FOR_A_PERSON), table.look_at.is_(None)),
        overdue=how_many(table.look_at < stamp(now - THRESHOLD)) + forgotten,
        late=max(0.0, (stamp(now) - oldest) / 1e6) if oldest is not None else 0.0,
    )
