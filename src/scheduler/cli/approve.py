"""campaign approve: say yes to exactly these words and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from scheduler.cards import Shelf
from scheduler.checking import Checked
from scheduler.cli.check import examine
from scheduler.cli.deciding import As, Yes, agreed, counted, now, refused, who
from scheduler.cli.options import (
    CALENDAR,
    CampaignFile,
    Json,
    LedgerAt,
    OnDate,
    ledger_at,
)
from scheduler.cli.shelving import shelf_of
from scheduler.cli.telling import data, say, say_problems, write_json
from scheduler.drafting import cards_for, frozen, measuring
from scheduler.errors import Ending
from scheduler.ledger import Connection, Entry, Ledger, deciding, digest, moves, questions
from scheduler.model import ENDED, Campaign, Card, Coalition, Draft, Key, Post, State
from scheduler.naming import nearest
from scheduler.planning import key as key_of

_SHOWN_WORDS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A delivery that may be approved, and who has said yes to it as it stands now."""

    key: Key
    campaign: Campaign
    post: Post
    account: str
    draft: Draft
    said_yes: tuple[str, ...]
    #: Somebody said yes to other words.
    edited: bool
    #: An error keeps it back: nobody can say yes to it.
    error: str


def approve(
    posts: Annotated[
        list[str] | None, typer.Argument(metavar="POST", help="Posts, by their ids.")
    ] = None,
    campaign: CampaignFile = CALENDAR,
    *,
    day: Annotated[list[int] | None, typer.Option(help="All posts of a day.")] = None,
    member: Annotated[str | None, typer.Option(metavar="ID", help="Of one organisation.")] = None,
    account: Annotated[str | None, typer.Option(metavar="NAME", help="Of one account.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Everything that waits for a yes.")] = False,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="Take a yes back, and draw the cards anew.")
    ] = False,
    name: As = "",
    yes: Yes = False,
    on: OnDate = None,
    ledger: LedgerAt = None,
    json: Json = False,
) -> None:
    """Approve posts as they stand: words, alt texts, note, language and pictures. An edit ends it.

    Without a choice it shows what waits for a yes. Look at it first: campaign preview.
    """
    shelf = shelf_of(campaign)
    checked = examine(campaign, on, ledger=ledger, shelf=shelf)
    if checked.coalition is None:
        say_problems(checked.problems, ending="Nothing was approved.")
        raise typer.Exit(1)
    chosen = bool(posts or day or member or account or all_)
    with Ledger(ledger_at(campaign, ledger)) as opened:
        waiting = [
            each
            for each in _asked(opened, checked)
            if _is_chosen(each, posts, day, member, account)
        ]
        _known(posts, checked.coalition)
        needed = checked.coalition.own.rules.approvals
        if json:
            write_json({"needed": needed, "deliveries": [_row(each) for each in waiting]})
        elif not chosen:
            _show(waiting, needed)
        elif take_back:
            _take_back(opened, waiting, shelf, who(name))
        else:
            _approve(opened, waiting, needed, shelf, who(name), yes=yes)


def _asked(opened: Ledger, checked: Checked) -> Iterator[_Asked]:
    """Everything that may still go out, in the order of time."""
    coalition = checked.coalition
    if coalition is None:
        return
    entries = opened.read(lambda connection: questions.entries(connection, coalition.own.id))
    ended = {entry.key for entry in entries if _is_over(entry)}
    for campaign in coalition.campaigns.values():
        for post in sorted(campaign.posts.values(), key=lambda post: (post.day, post.at)):
            for account in post.accounts:
                for each in _parts(opened, checked, (campaign, post, account)):
                    if each.key not in ended:
                        yield each


def _is_over(entry: Entry) -> bool:
    return entry.state in ENDED and entry.state not in (State.REJECTED, State.CANCELLED)


def _parts(opened: Ledger, checked: Checked, said: tuple[Campaign, Post, str]) -> Iterator[_Asked]:
    campaign, post, account = said
    for part, draft in enumerate(checked.drafts.get((post.id, account), ()), 1):
        key = key_of(campaign.id, post.id, account, part)
        said_yes, earlier = opened.read(_decided(key, draft))
        yield _Asked(
            key=key,
            campaign=campaign,
            post=post,
            account=account,
            draft=draft,
            said_yes=said_yes,
            edited=bool(earlier) and not said_yes,
            error=checked.held.get((post.id, account), ""),
        )


#: Who said yes to it as it stands, and every draft that anybody said yes to.
_Decided = tuple[tuple[str, ...], frozenset[str]]


def _decided(key: Key, draft: Draft) -> Callable[[Connection], _Decided]:
    """A question for the ledger."""

    def question(connection: Connection) -> _Decided:
        return (
            deciding.approvers(connection, key, digest(frozen(draft))),
            deciding.approved_digests(connection, key),
        )

    return question


def _is_chosen(
    each: _Asked,
    posts: list[str] | None,
    days: list[int] | None,
    member: str | None,
    account: str | None,
) -> bool:
    return (
        (not posts or each.post.id in posts)
        and (not days or each.post.day in days)
        and member in {None, each.campaign.member.id}
        and account in {None, each.account}
    )


def _known(posts: list[str] | None, coalition: Coalition) -> None:
    ids = {id_ for campaign in coalition.campaigns.values() for id_ in campaign.posts}
    for post in posts or ():
        if post not in ids:
            raise refused(f'there is no post "{post}"', nearest(post, ids))


def _approve(
    opened: Ledger, chosen: list[_Asked], needed: int, shelf: Shelf, by: str, *, yes: bool
) -> None:
    broken = [each for each in chosen if each.error]
    sound = [each for each in chosen if not each.error]
    _show(chosen, needed)
    if not sound:
        raise refused("nothing of it can be approved", "mend the errors first: campaign check")
    agreed(f"Approve {counted(len(sound), 'delivery')} as {by}?", yes=yes)
    _for_all(shelf.keep, sound, "approve it again then: what was approved must lie there")
    new = opened.write(lambda connection: _write(connection, sound, by))
    say(f"{counted(new, 'delivery')} approved as {by}.")
    if len(sound) > new:
        say(f"{counted(len(sound) - new, 'delivery')} had your yes already.")
    _say_what_is_missing(opened, sound, needed)
    if broken:
        say(f"{counted(len(broken), 'delivery')} with an error: not approved.")
        raise typer.Exit(1)


def _write(connection: Connection, sound: list[_Asked], by: str) -> int:
    moves.look_at_all(connection, [each.key for each in sound], now())
    return sum(
        deciding.approve(
            connection, each.campaign.id, each.key, frozen(each.draft), now=now(), who=by
        )
        for each in sound
    )


def _say_what_is_missing(opened: Ledger, sound: list[_Asked], needed: int) -> None:
    open_ = [each for each in sound if len(opened.read(_decided(each.key, each.draft))[0]) < needed]
    if open_:
        say(
            f"Not enough yet for {counted(len(open_), 'delivery')}: "
            f"this campaign asks for {needed} people."
        )
    elif not needed:
        say("This campaign asks for no approval (approvals: 0): everything goes out as planned.")


def _take_back(opened: Ledger, chosen: list[_Asked], shelf: Shelf, by: str) -> None:
    def change(connection: Connection) -> int:
        return sum(
            deciding.revoke(
                connection, each.campaign.id, [each.key], because="taken back", now=now(), who=by
            )
            for each in chosen
        )

    revoked = opened.write(change)
    _for_all(shelf.let_go, chosen, "the yes is taken back; take it back again to draw its cards")
    say(f"{counted(revoked, 'delivery')} no longer approved.")


def _for_all(change: Callable[[Card], None], chosen: Iterable[_Asked], again: str) -> None:
    """Change what is kept on the shelf, for all machines."""
    for card in _cards(chosen):
        try:
            change(card)
        except Ending as away:
            raise refused(f"the shelf: {away}", again) from None


def _cards(chosen: Iterable[_Asked]) -> Iterator[Card]:
    for each in chosen:
        size = measuring(each.campaign.accounts[each.account]).limits.card
        yield from cards_for(each.campaign, each.post, size)


def _row(each: _Asked) -> dict[str, object]:
    return {
        "key": each.key,
        "day": each.post.day,
        "digest": digest(frozen(each.draft)),
        "approved_by": list(each.said_yes),
        "edited": each.edited,
        "error": each.error or None,
    }


def _show(waiting: list[_Asked], needed: int) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("Day", "Post", "Account", "Language", "Pictures", "Words", "Approved"):
        table.add_column(name, overflow="fold")
    for each in waiting:
        words = " ".join(each.draft.text.split())
        short = words if len(words) <= _SHOWN_WORDS else f"{words[: _SHOWN_WORDS - 1]}…"
        cells = (str(each.post.day), each.post.id, each.account, each.draft.language)
        pictures = str(len(each.draft.pictures))
        table.add_row(*map(Text, (*cells, pictures, short)), _approval(each, needed))
    data.print(table)


def _approval(each: _Asked, needed: int) -> Text:
    if each.error:
        return Text("error", style="red")
    if len(each.said_yes) >= needed > 0:
        return Text(f"✓ {', '.join(each.said_yes)}", style="green")
    if each.said_yes:
        return Text(f"{len(each.said_yes)} of {needed}: {', '.join(each.said_yes)}", style="yellow")
    return Text("edited since" if each.edited else "–", style="yellow" if each.edited else "dim")
