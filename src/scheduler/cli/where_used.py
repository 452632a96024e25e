"""campaign where-used: the posts that use a fact, a quote, a picture, a consent …"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from scheduler.cli.absent import sound_part, where_sought
from scheduler.cli.explain import spot, unknown
from scheduler.cli.options import (
    CALENDAR,
    CampaignFile,
    Json,
    LedgerAt,
    is_begun,
    ledger_at,
)
from scheduler.cli.telling import data, say, write_json
from scheduler.errors import UserError
from scheduler.explaining import Kind, Use, by_urgency, known, uses
from scheduler.ledger import Entry, Ledger, questions
from scheduler.model import OWN, Campaign, State
from scheduler.naming import nearest


def where_used(
    id_: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="Of a fact, quote, picture, helpline, consent, account or series.",
            show_default=False,
        ),
    ],
    campaign: CampaignFile = CALENDAR,
    ledger: LedgerAt = None,
    kind: Annotated[
        Kind | None, typer.Option("--kind", help="Which one, where two have the same id.")
    ] = None,
    json: Json = False,
) -> None:
    """Show the posts that use it, with what became of them: public ones first, with links."""
    coalition, written = sound_part(campaign)
    campaigns = coalition.campaigns
    ids = {member: known(said, written[member]) for member, said in campaigns.items()}
    found = _kind(campaign, ids.values(), id_, kind, where_sought(coalition))
    entries = _entries(ledger_at(campaign, ledger), coalition.own)
    posts = by_urgency(
        use
        for member, said in campaigns.items()
        if id_ in ids[member][found]
        for use in uses(said, written[member], found, id_, entries)
    )
    if json:
        write_json({"id": id_, "kind": str(found), "posts": [_post(use) for use in posts]})
        return
    for use in posts:
        who = "" if use.member == OWN else f" · {use.member}"
        data.print(f"{escape(spot(use.place))}  day {use.day}, post [bold]{use.post}[/bold]{who}")
        for entry in use.deliveries:
            data.print(f"    {_line(entry)}")
    say(_ending(found, id_, posts))


def _kind(
    file: Path,
    known_to: Iterable[Mapping[Kind, tuple[str, ...]]],
    id_: str,
    wanted: Kind | None,
    where: str,
) -> Kind:
    told = tuple(known_to)
    ids = {kind: {name for names in told for name in names[kind]} for kind in Kind}
    kinds = [kind for kind, names in ids.items() if id_ in names and wanted in {None, kind}]
    if len(kinds) > 1:
        message = f'"{id_}" is the id of a {" and of a ".join(kinds)}'
        raise UserError([unknown(file, message, f"say which: --kind {kinds[0]}")])
    if not kinds:
        names = {name for kind, names in ids.items() if wanted in {None, kind} for name in names}
        what = wanted or "fact, quote, picture, helpline, consent, account or series"
        message = f'there is no {what} "{id_}"{where}'
        raise UserError([unknown(file, message, nearest(id_, names))])
    return kinds[0]


def _entries(file: Path | str, campaign: Campaign) -> Iterable[Entry]:
    if not is_begun(file):
        return ()
    with Ledger(file) as opened_ledger:
        return opened_ledger.read(lambda connection: questions.entries(connection, campaign.id))


def _line(entry: Entry) -> str:
    known_of_it = entry.receipt.url if entry.receipt else entry.reason
    return escape(f"{entry.state}: {entry.account}, part {entry.part}  {known_of_it}".rstrip())


def _ending(kind: Kind, id_: str, posts: tuple[Use, ...]) -> str:
    if not posts:
        return f'No post uses the {kind} "{id_}".'
    public = sum(len(use.public) for use in posts)
    unsure = sum(
        entry.state in {State.ARMED, State.UNCONFIRMED} for use in posts for entry in use.deliveries
    )
    told = f"Used by {len(posts)} post{'s' if len(posts) > 1 else ''}. Public deliveries: {public}."
    return f"{told} Perhaps public: {unsure}." if unsure else told


def _post(use: Use) -> dict[str, Any]:
    return {
        "member": use.member,
        "post": use.post,
        "day": use.day,
        "line": use.place.line,
        "deliveries": [
            {
                "key": entry.key,
                "state": str(entry.state),
                "url": entry.receipt.url if entry.receipt else None,
            }
            for entry in use.deliveries
        ],
    }
