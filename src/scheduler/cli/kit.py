"""campaign kit: pictures and words for those who post by hand, a folder and a ZIP for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cards import Shelf
from scheduler.checking import Checked
from scheduler.cli.absent import absent, left_out
from scheduler.cli.check import NOTHING_SENT, examine
from scheduler.cli.deciding import counted, refused
from scheduler.cli.options import (
    CALENDAR,
    CampaignFile,
    Folders,
    Json,
    LedgerAt,
    OnDate,
    is_begun,
    ledger_at,
    today,
)
from scheduler.cli.recalling import with_ledger
from scheduler.cli.shelving import shelf_of
from scheduler.cli.telling import progress, say, say_problems, write_json
from scheduler.interface import ENGLISH
from scheduler.kit.contents import Kit, Why
from scheduler.kit.gathering import gather
from scheduler.kit.judging import Situation, held
from scheduler.kit.packing import Packed, pack
from scheduler.kit.sentences import trouble_said
from scheduler.model import Agreement, Campaign, Coalition, Hold
from scheduler.naming import nearest
from scheduler.planning import key as key_of
from scheduler.publishing import harmless

_WHY = {
    Why.EMBARGO: "under embargo; with --embargoed they are in it, marked",
    Why.UNREVIEWED: "in words that nobody has reviewed; with --drafts they are in it, marked",
    Why.UNAPPROVED: "not approved; with --drafts they are in it, marked",
    Why.HELD: "held back",
}


def kit(
    campaign: CampaignFile = CALENDAR,
    *,
    member: Annotated[
        list[str] | None,
        typer.Option(
            "--member",
            metavar="ID",
            help="Of this organisation, whether it has tokens or not; else of all that have none.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder for the kits.")
    ] = None,
    embargoed: Annotated[
        bool,
        typer.Option("--embargoed", help="Have in it what is under embargo still, marked as such."),
    ] = False,
    drafts: Annotated[
        bool,
        typer.Option(
            "--drafts", help="Have in it what nobody has reviewed or approved yet, marked as such."
        ),
    ] = False,
    on: OnDate = None,
    ledger: LedgerAt = None,
    json: Json = False,
) -> None:
    """Write a folder and a ZIP for whoever posts by hand: cards, captions, alt texts, a page.

    What is held back, under embargo or not reviewed is not in it; what, is said.
    """
    shelf = shelf_of(campaign)
    where = ledger_at(campaign, ledger)
    checked = with_ledger(
        examine(campaign, on, draw=False, ledger=ledger, shelf=shelf), where, shelf
    )
    coalition = checked.taken_up
    if coalition is None:
        say_problems(checked.problems, ending="No kit was written.")
        raise typer.Exit(1)
    wanted = _wanted(coalition, member)
    wishes = _Wishes(on=on, out=out, embargoed=embargoed, drafts=drafts, ledger=where, shelf=shelf)
    made = [_made(checked, coalition, each, campaign, wishes) for each in wanted]
    if json:
        write_json({"kits": [_row(kit, packed) for kit, packed in made]})
    else:
        for kit_, packed in made:
            _say(kit_, packed)
        say(NOTHING_SENT)
    _say_who_is_absent(checked, coalition, campaign)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wishes:
    """What was asked for besides whose."""

    on: datetime | None
    out: Path | None
    embargoed: bool
    drafts: bool
    ledger: Path | str
    shelf: Shelf


def _say_who_is_absent(checked: Checked, coalition: Coalition, campaign: Path) -> None:
    if not coalition.complete and checked.coalition is not None:
        names = absent(campaign, checked.coalition, checked.refused)
        say_problems(checked.problems, ending=left_out("Without a kit", names))
        raise typer.Exit(1)


def _wanted(coalition: Coalition, names: Sequence[str] | None) -> list[Campaign]:
    for name in names or ():
        if name not in coalition.campaigns:
            raise refused(f'there is no member "{name}"', nearest(name, coalition.campaigns))
    found = [
        each
        for id_, each in coalition.campaigns.items()
        if (id_ in names if names else each.member.kit)
    ]
    if not found:
        raise refused(
            "no member takes part with a kit",
            'write "kit: yes" below "member" in its file, or say whose: --member ID',
        )
    return found


def _made(
    checked: Checked,
    coalition: Coalition,
    own: Campaign,
    file: Path,
    wishes: _Wishes,
) -> tuple[Kit, Packed]:
    folders = Folders(file)
    situation = Situation(
        now=_now(own, wishes.on),
        held=held(own, _holds(coalition, wishes.ledger), coalition.silenced, on=today(wishes.on)),
        held_on=checked.held,
        unapproved=_unapproved(checked, own),
        embargoed=wishes.embargoed,
        drafts=wishes.drafts or _is_sample(own),
    )
    with progress(f"Drawing cards for {own.member.id}") as begin:
        kit_ = gather(own, wishes.shelf, situation, progress=begin)
    return kit_, pack(kit_, wishes.out or folders.out("kit"))


def _now(own: Campaign, on: datetime | None) -> datetime:
    """With another date for today, its first minute: what is under embargo on it stays so."""
    if on is None:
        return datetime.now(UTC)
    return datetime.combine(on.date(), time(), tzinfo=own.zone).astimezone(UTC)


def _is_sample(own: Campaign) -> bool:
    """Whether the public looks at none of its accounts: drafts are published there as well."""
    return bool(own.accounts) and all(map(harmless, own.accounts.values()))


def _holds(coalition: Coalition, ledger: Path | str) -> tuple[Hold, ...]:
    """What people hold back: in holds.yaml, and in the ledger where there is one."""
    if not is_begun(ledger):
        return coalition.holds
    from scheduler.ledger import Ledger, deciding  # noqa: PLC0415 (most kits are made before a run)

    with Ledger(ledger) as opened:
        known = opened.read(lambda connection: deciding.holding(connection, coalition.own.id))
    return (*coalition.holds, *(each.hold for each in known))


def _unapproved(checked: Checked, own: Campaign) -> frozenset[str]:
    """Posts of which one delivery or more lacks the yes of as many as the calendar asks for."""
    if not own.rules.approvals:
        return frozenset()
    said = checked.approvals or {}
    agreed = {key for key, yes in said.items() if yes.agreement is Agreement.APPROVED}
    return frozenset(
        post.id
        for post in own.posts.values()
        if not post.accounts
        or any(
            key_of(own.id, post.id, account, part) not in agreed
            for account in post.accounts
            for part in range(1, 2 + len(post.thread))
        )
    )


# ── what is said of it ────────────────────────────────────────────────────────────────────────────


def _say(kit_: Kit, packed: Packed) -> None:
    posts = counted(sum(1 for _ in kit_.posts), "post")
    say(f"{packed.archive}  {posts}, {packed.bytes / 1_000_000:.1f} MB")
    reasons = Counter(each.kept.why for each in kit_.absent)
    for why, number in reasons.items():
        say(f"   {number} not in it: {_WHY[why]}")
    for each in kit_.absent:
        if each.kept.why is Why.HELD:
            say(f"   {each.post}: {each.kept.detail}")
    for line in _unready(kit_):
        say(f"   {line}")


def _unready(kit_: Kit) -> Iterator[str]:
    """How many posts each platform does not take, and which sizes lack how many pictures."""
    places = Counter(
        text.destination.name
        for post in kit_.posts
        for text in post.texts
        if text.problems and text.part == 1
    )
    if places:
        said = ", ".join(f"{name} {number}" for name, number in places.items())
        yield f"does not fit, by where it is posted: {said}"
    sizes = Counter(
        unfit.shape for post in kit_.posts for slide in post.slides for unfit in slide.unfit
    )
    if sizes:
        said = ", ".join(f"{number} {shape}" for shape, number in sizes.items())
        yield f"words too long for a picture of that size, so it is not there: {said}"


def _row(kit_: Kit, packed: Packed) -> Mapping[str, object]:
    return {
        "member": kit_.campaign.member.id,
        "folder": str(packed.folder),
        "zip": str(packed.archive),
        "bytes": packed.bytes,
        "posts": [post.post.id for post in kit_.posts],
        "absent": [
            {"post": each.post, "why": str(each.kept.why), "detail": each.kept.detail or None}
            for each in kit_.absent
        ],
        "does_not_fit": [
            {
                "post": post.post.id,
                "where": text.destination.name,
                "part": text.part,
                "problems": [trouble_said(ENGLISH, each) for each in text.problems],
            }
            for post in kit_.posts
            for text in post.texts
            if text.problems
        ],
        "not_drawn": [
            {"post": post.post.id, "size": str(unfit.shape), "reason": unfit.reason}
            for post in kit_.posts
            for slide in post.slides
            for unfit in slide.unfit
        ],
    }
