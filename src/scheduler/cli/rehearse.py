"""campaign rehearse: the sixteen days on a fast clock, and what would be live after them."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from scheduler.cli.check import examine
from scheduler.cli.options import CALENDAR, CampaignFile, Folders, InInterface, Json, OnDate
from scheduler.cli.shelving import own_shelf
from scheduler.cli.telling import progress, say, say_problems, write_json
from scheduler.hazards import Injected, Tally
from scheduler.interface import interface_for
from scheduler.ledger import Entry
from scheduler.model import Coalition, State
from scheduler.preview import feeds
from scheduler.rehearsing import Rehearsal
from scheduler.rehearsing import rehearse as rehearse_campaign
from scheduler.sandbox import Faultload

Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The folder for the page.")]
Seed = Annotated[
    int | None,
    typer.Option(
        "--faults",
        metavar="SEED",
        help="Let things go wrong meanwhile; the same number, the same faults.",
    ),
]


def rehearse(
    campaign: CampaignFile = CALENDAR,
    on: OnDate = None,
    out: Out = None,
    faults: Seed = None,
    *,
    interface: InInterface = "",
    json: Json = False,
) -> None:
    """Publish all sixteen days to stand-in platforms on this machine. Exit 1 unless all went out.

    With --on the clock starts on that date: what was due before it is missed, as it would be.
    With --faults, answers are lost, servers go away, clocks jump, workers die, the disk is full:
    exit 1 when anything was published twice, or did not go out and nothing says why.
    """
    checked = examine(campaign, on, shelf=own_shelf(campaign))
    if checked.coalition is None or not checked.sound:
        say_problems(checked.problems, ending="Nothing was rehearsed, nothing was sent.")
        raise typer.Exit(1)
    load = None if faults is None else Faultload(seed=faults)
    played, page = play(campaign, checked.coalition, on, out, load, asked=interface)
    if json:
        write_json(numbers(played) | faults_json(played))
    else:
        say_rehearsal(played)
        say(f"Open {page}")
    if not played.passed:
        raise typer.Exit(1)


def play(
    file: Path,
    coalition: Coalition,
    on: OnDate,
    out: Path | None,
    faults: Faultload | None = None,
    *,
    asked: str = "",
) -> tuple[Rehearsal, Path]:
    """The rehearsal, and its page."""
    if faults:  # what was injected is told at the end, and not a hundred times before
        logging.getLogger("scheduler").addHandler(logging.NullHandler())
    with progress("Rehearsing") as begin:
        played = rehearse_campaign(
            coalition,
            shelf=own_shelf(file),
            start=on.date() if on else None,
            progress=begin,
            faults=faults,
        )
    own = coalition.own
    summary = feeds.Summary(
        title=own.title, zone=own.zone, faults=_on_the_page(played), **numbers(played)
    )
    page = feeds.write(
        played.feeds,
        summary,
        out=out or Folders(file).out("rehearsal"),
        interface=interface_for(asked, own.language),
    )
    return played, page


def numbers(played: Rehearsal) -> dict[str, Any]:
    counted = (
        State.PUBLISHED,
        State.UNCONFIRMED,
        State.MISSED,
        State.REJECTED,
        State.HANDED,
    )
    return {
        "deliveries": len(played.entries),
        **{str(state): played.count(state) for state in counted},
        "duplicates": played.duplicates,
        "simulated_days": played.simulated_days,
        "seconds": played.seconds,
    }


def faults_json(played: Rehearsal) -> dict[str, Any]:
    """What went wrong and what came of it; nothing where no faults were asked for."""
    if played.injected is None:
        return {}
    tallies = played.injected.tallies(played.entries)
    return {
        "passed": played.passed,
        "faults": {
            "seed": played.injected.seed,
            "injected": len(played.injected.struck),
            "released": played.injected.released,
            "kinds": [
                {
                    "fault": str(tally.kind),
                    "injected": tally.injected,
                    "met": {str(state): number for state, number in tally.became.items()},
                }
                for tally in tallies
            ],
            "unpublished": [
                {
                    "key": entry.key,
                    "state": str(entry.state),
                    "reason": entry.reason,
                    "faults": [str(kind) for kind in played.injected.felt(entry)],
                }
                for entry in _unpublished(played)
            ],
            "lost": [entry.key for entry in played.lost],
            "differences": list(played.differences),
        },
    }


def say_rehearsal(played: Rehearsal) -> None:
    """The outcome in two lines, and every delivery that did not go out."""
    for entry in _unpublished(played):
        say(Text.assemble((str(entry.state), "red"), f"  {entry.key}: {entry.reason}"))
        if played.injected and (felt := played.injected.felt(entry)):
            say(Text(f"{'':{len(entry.state)}}  around it: {', '.join(felt)}", style="dim"))
    if played.injected:
        _say_faults(played, played.injected)
    say(
        f"{played.count(State.PUBLISHED)} of {len(played.entries)} deliveries published, "
        f"{_others(played)}{played.duplicates} duplicates: "
        f"{played.simulated_days} days in {played.seconds} s."
    )
    say("Only stand-ins on this machine were contacted.")


def _say_faults(played: Rehearsal, injected: Injected) -> None:
    """How often each kind struck, and what became of what it struck."""
    tallies = injected.tallies(played.entries)
    say(f"Faults of seed {injected.seed}: {len(injected.struck)} were injected.")
    width = max((len(tally.kind) for tally in tallies), default=0)
    for tally in tallies:
        met = _became(tally)
        say(f"{tally.injected:5}  {tally.kind:{width if met else 0}}{met and f'  {met}'}")
    if injected.released:
        say(_released(injected))
    for difference in played.differences:
        say(Text(difference, style="red"))
    for entry in played.lost:
        say(Text(f"lost, and nothing says why: {entry.key}", style="red"))
    say(
        "Nothing was published twice, and nothing is missing without a reason."
        if played.passed
        else "Something was published twice, or is missing without a reason."
    )


def _on_the_page(played: Rehearsal) -> feeds.Faults | None:
    injected = played.injected
    if injected is None:
        return None
    return feeds.Faults(
        seed=injected.seed,
        passed=played.passed,
        injected=len(injected.struck),
        released=injected.released,
        kinds=tuple(
            feeds.FaultKind(fault=tally.kind, injected=tally.injected, met=_states(tally))
            for tally in injected.tallies(played.entries)
        ),
        unpublished=tuple(
            feeds.Unpublished(
                key=entry.key,
                state=entry.state,
                reason=entry.reason,
                faults=tuple(map(str, injected.felt(entry))),
            )
            for entry in _unpublished(played)
        ),
        differences=played.differences,
    )


def _unpublished(played: Rehearsal) -> tuple[Entry, ...]:
    return tuple(
        entry for entry in played.entries if entry.state not in (State.PUBLISHED, State.HANDED)
    )


def _became(tally: Tally) -> str:
    """ "5 published, 1 missed": the deliveries that it struck."""
    return ", ".join(f"{number} {state}" for state, number in _states(tally))


def _states(tally: Tally) -> tuple[tuple[str, int], ...]:
    """How many deliveries that it struck are in which state."""
    return tuple((str(state), tally.became[state]) for state in State if tally.became[state])


def _released(injected: Injected) -> str:
    times = "once" if injected.released == 1 else f"{injected.released} times"
    return (
        f"A coordinator was played: {times} an account was held because its platform refused it, "
        "and was released an hour later."
    )


def _others(played: Rehearsal) -> str:
    handed = played.count(State.HANDED)
    kits = f"{handed} handed over in kits, " if handed else ""
    if played.injected is None:
        return kits
    counted = [(played.count(state), state) for state in (State.MISSED, State.UNCONFIRMED)]
    return kits + "".join(f"{number} {state}, " for number, state in counted if number)
