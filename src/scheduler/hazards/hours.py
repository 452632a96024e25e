"""What strikes at an hour at which something is due, whoever is at work."""

from __future__ import annotations

from datetime import datetime, timedelta

from scheduler.hazards.scene import Scene
from scheduler.planning import plan
from scheduler.sandbox import STAND_INS, Kind, Struck

#: How long a server is away; the last outlives the grace of most posts.
AWAY = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 60, 300))
#: How far the clock jumps, and for how long. Ahead, it is put right before the next look.
AHEAD, AHEAD_FOR = timedelta(days=2), timedelta(seconds=4)
BACK, BACK_FOR = timedelta(minutes=20), timedelta(hours=2)

_AT_HOUR = (Kind.AWAY, Kind.AHEAD, Kind.BACK)


def draw_hours(scene: Scene) -> None:
    """Let happen, at each hour of the plan, what the seed has drawn for it."""
    hours = sorted({delivery.due for delivery in plan(scene.coalition)})
    for number, hour in enumerate(hours, 1):
        for kind in _AT_HOUR:
            if scene.load.drawn([kind], "hour", kind, hour.isoformat(), number=number):
                _at_hour(scene, kind, hour)


def _at_hour(scene: Scene, kind: Kind, hour: datetime) -> None:
    at = scene.course.at
    match kind:
        case Kind.AWAY:
            stretch = AWAY[int(scene.load.share("away", hour.isoformat()) * len(AWAY))]
            at(hour - timedelta(minutes=1), lambda: _go_away(scene, stretch))
        case Kind.AHEAD:
            at(hour - timedelta(minutes=3), lambda: _jump(scene, kind, AHEAD, AHEAD_FOR))
        case Kind.BACK:
            at(hour - timedelta(minutes=2), lambda: _jump(scene, kind, -BACK, BACK_FOR))


def _go_away(scene: Scene, stretch: timedelta) -> None:
    """The servers of one platform refuse connections; which platform, the seed says."""
    used = _used(scene)
    if used:
        now = scene.course.now()
        share = scene.load.share("platform", now.isoformat())
        platform = sorted(used)[int(share * len(used))]
        scene.sandbox.leave(platform)
        scene.course.at(now + stretch, lambda: scene.sandbox.come_back(platform))
        scene.note(Struck(kind=Kind.AWAY, at=now, until=now + stretch))


def _used(scene: Scene) -> set[str]:
    """The platforms that have a stand-in here."""
    return {
        account.platform
        for campaign in scene.coalition.campaigns.values()
        for account in campaign.accounts.values()
        if account.platform in STAND_INS and not account.kit
    }


def _jump(scene: Scene, kind: Kind, by: timedelta, stretch: timedelta) -> None:
    if not scene.clock.wrong_by:
        now = scene.course.now()
        scene.clock.wrong_by = by
        scene.course.at(now + stretch, lambda: _put_right(scene))
        scene.note(Struck(kind=kind, at=now, until=now + stretch))


def _put_right(scene: Scene) -> None:
    scene.clock.wrong_by = timedelta(0)
