"""Publishing under fire: workers are killed at random moments while the network fails at random.

    make chaos                        100 kills, others each time
    make chaos SEED=7 KILLS=100       the same moments, faults and cold starts again
    make chaos LEDGER=postgresql      three workers on a server, which is restarted once
    make chaos-full                   the same with 10,000 deliveries

`--keep FOLDER` leaves there what a report is made from, with what the platforms show: the ledger
(a file's), `setting.json`, which is the calendar, and `public.json`.

Over 2,500 deliveries: on five classes of platform (`classes`), and on three accounts of each
platform that we publish to, with its real adapter and the sandbox's stand-in for it (`stand_ins`).
Both stand in other processes. Two workers at a time (`fire`) run the real daemon, publisher and
ledger, and are ended with SIGKILL from outside; what they had sent arrives nevertheless. Most of
them are forked from a parent that has imported everything; ten are new interpreters. At last one
worker settles what is left.

The clock of all of them runs `HASTE` times as fast as time passes, so that the leases and waits of
the product itself (two minutes, forty seconds) end within seconds. That is no trick as long as the
platforms themselves are never so late that something sent could arrive after it was looked for:
they measure it, and a run that broke this premise ends with 2 and proves nothing.

Exit 1 when something is public twice, was sent once more while it was public, or is not what the
ledger says; when something is unconfirmed where the platform could have told; when more is
unconfirmed where it can tell nothing than was in flight at the kills or got no true answer from it
on purpose; or when less than 60 % was published there.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from classes.campaigns import midnight
from classes.standing import Standing, platforms
from fire.database import database_server
from fire.outcomes import Outcome, Seen, Witnessed, complaints, table
from fire.setting import ACCOUNTS, EACH, HASTE, KINDS, OF_EACH, ON, PICTURES, POSTS, Setting
from fire.settling import LeapingClock, settle
from fire.workers import LIFE, LIFE_ON_SERVER, Fire, keep_log, time_under_fire, work
from stand_ins.kinds import kind_of
from stand_ins.standing import Shown, StandIns, stand_ins

from scheduler.ledger import Entry
from scheduler.model import State
from scheduler.planning import plan
from scheduler.platforms import OVER_THE_NETWORK
from scheduler.publishing import LEASE

#: How the platforms behave: seconds, and shares of the requests that publish.
MANNERS: Mapping[str, float] = {
    "before": 0.03,
    "after": 0.03,
    "lost": 0.02,
    "garbled": 0.02,
    "refused": 0.02,
    "limited": 0.03,
    "away_every": 2.0,
}
#: How the stand-ins do, besides.
MORE_MANNERS: Mapping[str, float] = {"dropped": 0.02, "stalled": 0.1}
#: Faults after which nobody can know whether it is public.
AMBIGUOUS = ("lost", "garbled", "refused")

#: Workers at a time.
ON_FILE, ON_SERVER = 2, 3
#: Unless somebody says otherwise; on a server workers live longer.
KILLS, KILLS_ON_SERVER = 100, 40

ARMED = "SELECT key, armed_at FROM attempts WHERE armed_at IS NOT NULL"
PUBLISHED = f"SELECT key FROM deliveries WHERE state = '{State.PUBLISHED}'"
#: What the journal says of a delivery whose worker was killed while it was sent.
ORPHANED = "SELECT key FROM journal WHERE reason = 'its worker was lost while sending'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: by kind of platform, and how late the platforms were at most, in seconds."""

    outcomes: tuple[Outcome, ...]
    classes_late: float
    #: Holds the wait before a post is public already.
    stand_ins_late: float
    #: From the instant that a request was armed until it was public, on the clock, at most.
    slowest: timedelta
    kills: int

    @property
    def in_time(self) -> bool:
        """Whether what was sent had arrived before it was looked for."""
        late = max(self.classes_late + MANNERS["before"], self.stand_ins_late)
        in_flight = late < OVER_THE_NETWORK.total_seconds() / HASTE
        return in_flight and self.slowest < LEASE + OVER_THE_NETWORK

    def summary(self) -> dict[str, int]:
        def total(name: str) -> int:
            return sum(getattr(one, name) for one in self.outcomes)

        names = ("deliveries", "published", "unconfirmed", "duplicates", "again", "silent_losses")
        return {"kills": self.kills, **{name: total(name) for name in names}}


def run(
    seed: int,
    kills: int,
    *,
    accounts: int = ACCOUNTS,
    posts: int = POSTS,
    each: int = EACH,
    lying: bool = False,
    on_server: bool = False,
    keep: Path | None = None,
) -> Run:
    begun = time.monotonic()
    with (
        database_server() if on_server else nullcontext() as server,
        tempfile.TemporaryDirectory() as folder,
        platforms(seed=seed, **MANNERS) as standing,
        stand_ins(
            seed=seed,
            start=midnight(ON).isoformat(),
            begun=begun,
            haste=HASTE,
            pictures=str(Path(folder, PICTURES)),
            accounts=OF_EACH,
            **MANNERS,
            **MORE_MANNERS,
        ) as real,
    ):
        workers = ON_SERVER if server else ON_FILE
        setting = Setting(
            folder=folder,
            server=standing.address,
            pictures=real.pictures,
            addresses=real.addresses,
            begun=begun,
            span=time_under_fire(kills, workers, LIFE_ON_SERVER if server else LIFE) * HASTE,
            database=server.database() if server else "",
            workers=workers,
            accounts=accounts,
            posts=posts,
            each=each,
            lying=lying,
        )
        setting.calendar.touch()
        Path(folder, PICTURES).mkdir()

        def killed(number: int) -> None:
            _tell_kills(setting, number, kills)
            if server and number == kills // 2:
                server.restart()
                _tell("the server was restarted")

        Fire(setting, seed, kills).rage(killed)
        standing.quiet()
        real.quiet()
        late = standing.told()["late"], real.told()["late"]
        under_fire = _keys(setting, PUBLISHED)
        keep_log(setting)
        # Who settles has all the time: only what the killed have sent must have arrived.
        entries = settle(setting, LeapingClock(setting.clock, real.go_on))
        _tell(f"settled: {_states(setting)}")
        witnessed = _witnessed(setting, entries, under_fire, standing, real)
        if keep:
            _keep(setting, witnessed.seen, keep)
        slowest = _slowest(setting, real.public())
        _tell_errors(Path(folder, "log"))
    return Run(
        outcomes=witnessed.outcomes(),
        classes_late=late[0],
        stand_ins_late=late[1],
        slowest=slowest,
        kills=kills,
    )


def _keep(setting: Setting, seen: Sequence[Seen], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (
        closing(sqlite3.connect(setting.ledger)) as ledger,
        closing(sqlite3.connect(folder / setting.ledger.name)) as kept,
    ):
        ledger.backup(kept)
    public = [{"kind": each.kind, "key": each.key, "names": sorted(each.names)} for each in seen]
    for name, value in (("setting", asdict(setting)), ("public", public)):
        (folder / f"{name}.json").write_text(json.dumps(value), "utf-8")


def _slowest(setting: Setting, public: Sequence[Shown]) -> timedelta:
    """How long it took at most from arming to the public, workers that had to wait included."""
    armed: dict[str, list[datetime]] = {}
    for key, at in _asked(setting, ARMED):
        armed.setdefault(key, []).append(datetime.fromtimestamp(int(at) / 1e6, UTC))
    took = (
        post.at - max((at for at in armed[post.key] if at <= post.at), default=post.at)
        for post in public
    )
    return max(took, default=timedelta(0))


def _witnessed(
    setting: Setting,
    entries: Sequence[Entry],
    under_fire: frozenset[str],
    standing: Standing,
    real: StandIns,
) -> Witnessed:
    of_classes = [
        Seen(kind=post.kind, key=post.key, names=frozenset({post.id})) for post in standing.public()
    ]
    of_real = [
        Seen(kind=post.kind, key=post.key, names=post.names, again=post.again)
        for post in real.public()
    ]
    return Witnessed(
        planned=[delivery.key for delivery in plan(setting.coalition())],
        entries=entries,
        seen=[*of_classes, *of_real],
        under_fire=under_fire,
        orphaned=_keys(setting, ORPHANED),
        ambiguous=_ambiguous(standing, real),
    )


def _ambiguous(standing: Standing, real: StandIns) -> Mapping[str, int]:
    """By kind; who waited at the door of a platform that went away is told nothing either."""
    found: Counter[str] = Counter()
    for kind, fault, count in standing.told()["faults"]:
        found[kind] += count if fault in AMBIGUOUS else 0
    told = real.told()
    for account, count in told["ambiguous"].items():
        found[kind_of(account)] += count
    for name, kind in KINDS.items():
        found[name] += told["away"].get(kind.platform, 0)
    return found


def _states(setting: Setting) -> str:
    """How many are in which state, without taking part."""
    rows = _asked(setting, "SELECT state, count(*) FROM deliveries GROUP BY state")
    return ", ".join(f"{count} {state}" for state, count in rows) or "no ledger yet"


def _keys(setting: Setting, question: str) -> frozenset[str]:
    return frozenset(key for (key,) in _asked(setting, question))


def _asked(setting: Setting, question: str) -> list[tuple[str, ...]]:
    try:
        if setting.database:
            with psycopg.connect(setting.database) as server:
                return server.execute(question).fetchall()
        with closing(sqlite3.connect(f"file:{setting.ledger}?mode=ro", uri=True)) as connection:
            return connection.execute(question).fetchall()
    except (sqlite3.Error, psycopg.Error):
        return []


def _tell_kills(setting: Setting, number: int, kills: int) -> None:
    if number % 10 == 0 or number == kills:
        _tell(f"{number} kills: {_states(setting)}")


def _tell(what: str) -> None:
    sys.stderr.write(f"{what}\n")


def _tell_errors(log: Path) -> None:
    if log.exists() and (said := log.read_text("utf-8")):
        _tell(f"{said.count('ERROR:')} errors were logged, the last of them:\n{said[-2000:]}")


def main() -> int:
    options = _options()
    if options.worker:
        setting = Setting(**json.loads(options.worker))
        work(setting, setting.coalition(), options.name)
        return 0
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    begun = time.monotonic()
    on_server = options.ledger == "postgresql"
    done = run(
        seed,
        options.kills or (KILLS_ON_SERVER if on_server else KILLS),
        accounts=options.accounts,
        posts=options.posts,
        each=options.each,
        lying=options.lying,
        on_server=on_server,
        keep=options.keep,
    )
    # A restart cuts every line that a worker has, as its end would.
    cuts = done.kills + (ON_SERVER if on_server else 0)
    found = list(complaints(done.outcomes, kills=cuts))
    print(table(done.outcomes))
    print(
        f"SEED={seed}, {time.monotonic() - begun:.0f} s, the classes late by "
        f"{done.classes_late:.2f} s, the stand-ins by {done.stand_ins_late:.2f} s, public "
        f"{done.slowest / timedelta(seconds=HASTE):.2f} s after they were armed at most"
    )
    print("\n".join(found) or "Nothing twice, nothing lost.")
    print(json.dumps(done.summary()))
    if not done.in_time:
        _tell("The platforms were too late: what was sent may have arrived after it was looked for")
        return 2
    return 1 if found else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=_number("SEED"))
    parser.add_argument("--kills", type=int, default=_number("KILLS"))
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="of each class")
    parser.add_argument("--posts", type=int, default=POSTS, help="of each of these")
    parser.add_argument(
        "--each", type=int, default=EACH, help="posts of each account on a real platform"
    )
    parser.add_argument("--lying", action="store_true", help="adapters that swear to absence")
    parser.add_argument(
        "--ledger",
        choices=("sqlite", "postgresql"),
        default=os.environ.get("LEDGER") or "sqlite",
        help="postgresql: three workers, and the server is restarted once",
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="leave the ledger there, and what is public"
    )
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--name", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.keep and options.ledger == "postgresql":
        parser.error("--keep keeps a file: it goes with --ledger sqlite")
    return options


def _number(name: str) -> int | None:
    return int(os.environ[name]) if os.environ.get(name) else None


if __name__ == "__main__":
    sys.exit(main())
