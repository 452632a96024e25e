"""What is wrong with an account, before anything is said on it."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.errors import Problem, Severity
from scheduler.hosting import is_here
from scheduler.model import Account, Campaign
from scheduler.naming import nearest
from scheduler.platforms import PLATFORMS, Platform


def account_problems(campaign: Campaign) -> Iterator[Problem]:
    for account in campaign.accounts.values():
        path = ("accounts", account.name.rpartition(".")[-1])
        platform = PLATFORMS.get(account.platform)
        if platform is None:
            message = f'account "{account.name}": there is no platform "{account.platform}"'
            place = campaign.places.value(*path, "platform")
            yield place.problem("unknown-platform", message, nearest(account.platform, PLATFORMS))
            continue
        for name, message in platform.problems(account):
            if account.kit and name in platform.secrets:
                continue  # whoever posts from a kit signs in by hand
            place = campaign.places.key(*path, name)
            yield place.problem("bad-account", f'account "{account.name}": "{name}" {message}')
        yield from _hosting_problems(campaign, account, platform)
        yield from _lost_alts(campaign, account, platform)


def _hosting_problems(
    campaign: Campaign, account: Account, platform: type[Platform]
) -> Iterator[Problem]:
    """A platform that fetches pictures needs a place to fetch them from."""
    if account.kit or not platform.fetches_pictures:
        return
    place = campaign.places.key("accounts", account.name.rpartition(".")[-1])
    if campaign.hosting is None:
        yield place.problem(
            "no-hosting",
            f'account "{account.name}": {account.platform} fetches pictures from a public address, '
            "and the calendar says nowhere where they could lie",
            "add hosting: with a bucket, or with a directory and its address; docs/hosting.md",
        )
    elif is_here(campaign.hosting) and account.options.get("sandbox") != "true":
        yield campaign.places.key("hosting").problem(
            "hosting-here",
            f'account "{account.name}": {account.platform} cannot reach this machine from outside',
            "write the address at which everybody can read the pictures",
        )


def _lost_alts(campaign: Campaign, account: Account, platform: type[Platform]) -> Iterator[Problem]:
    """Descriptions that nobody will be told, unless somebody has said that it shall be so."""
    if "alts" in platform.options and "alts" not in account.options and not account.kit:
        yield campaign.places.key("accounts", account.name.rpartition(".")[-1]).problem(
            "alts-lost",
            f'account "{account.name}": {account.platform} has no field for what a picture shows: '
            "those who do not see it are told nothing",
            "add alts: caption, so that it stands below the text; or alts: none",
            Severity.WARNING,
        )
