"""What no organisation of a coalition may do beside the others."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.errors import Problem
from scheduler.linting import LINTS
from scheduler.model import OWN, Account, Campaign, Coalition

_STRICTNESS = ("off", "warning", "error")


def laxer_lints(coalition: Coalition) -> Iterator[tuple[Campaign, Problem]]:
    """A member may hold itself to more than the calendar does, and never to less."""
    own = coalition.own.rules.lints
    for campaign in coalition.campaigns.values():
        for code, chosen in campaign.rules.lints.items():
            least = own.get(code, LINTS[code].severity) if code in LINTS else chosen
            if campaign.member.id != OWN and _STRICTNESS.index(chosen) < _STRICTNESS.index(least):
                place = campaign.places.value("campaign", "lints", code)
                message = f'"{code}" is {least} for everybody: a member cannot make it {chosen}'
                hint = "take the line out, or agree on it in the calendar itself"
                yield campaign, place.problem("lint-laxer", message, hint)


def shared_accounts(coalition: Coalition) -> Iterator[tuple[Campaign, Problem]]:
    """Two organisations that would publish through one and the same token say everything twice."""
    first: dict[tuple[object, ...], Account] = {}
    for campaign in coalition.campaigns.values():
        for account in campaign.accounts.values():
            if not account.secrets or account.kit:
                continue
            # On LinkedIn a person's token may speak for several authors.
            where = [account.options.get(name, "") for name in ("server", "author")]
            token = (account.platform, *where, *sorted(map(str, account.secrets.values())))
            if first.setdefault(token, account) is not account:
                place = campaign.places.key("accounts", account.name.rpartition(".")[-1])
                message = f'account "{account.name}" has the token of "{first[token].name}"'
                hint = "an account belongs to one organisation: give each its own"
                yield campaign, place.problem("shared-account", message, hint)
