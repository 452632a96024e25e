"""What an account does not take: too much, too little, pictures in another form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from scheduler.checking.outcome import Pair
from scheduler.checking.places import measured_place, slide_path
from scheduler.errors import Problem
from scheduler.model import Campaign, Draft, Measure
from scheduler.platforms import Limits

#: What to do about too much, by what was counted, where it is no words.
_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "bytes": "show a picture with fewer details, or leave the account out of this post",
        "pictures": "take pictures out of it, or leave the account out of this post",
    }
)


def excesses(
    campaign: Campaign, pair: Pair, part: int, measures: tuple[Measure, ...]
) -> Iterator[Problem]:
    """What is more, or less, than the platform takes."""
    post, account = campaign.posts[pair[0]], campaign.accounts[pair[1]]
    for measure in measures:
        if measure.excess:
            yield measured_place(campaign, post, part, measure.name).problem(
                "too-long",
                f'day {post.day}, post "{post.id}": {measure.name}: {measure.excess} '
                f"{measure.unit} over the limit of {measure.limit} "
                f'({account.platform}, account "{account.name}")',
                _HINTS.get(measure.unit, "shorten it; nothing is ever cut off by the program"),
            )
        if measure.lack:
            yield measured_place(campaign, post, part, measure.name).problem(
                "too-few",
                f'day {post.day}, post "{post.id}": {measure.name}: {measure.used} of at least '
                f'{measure.least} ({account.platform}, account "{account.name}")',
                "the platform takes no words alone: say it in one part, or leave the account out "
                "of this post",
            )


def unfit(campaign: Campaign, pair: Pair, draft: Draft, limits: Limits) -> Iterator[Problem]:
    """Pictures in a form that the platform does not take."""
    post, account = campaign.posts[pair[0]], campaign.accounts[pair[1]]
    for number, picture in enumerate(draft.pictures):
        place = campaign.places.key(*slide_path(post, number))
        told = f'day {post.day}, post "{post.id}": picture {number + 1}'
        of = f'({account.platform}, account "{account.name}")'
        if picture.media_type not in limits.media_types:
            taken = " or ".join(limits.media_types)
            message = f"{told} is {picture.media_type}, and only {taken} is taken {of}"
            yield place.problem("picture-format", message)
        least, most = limits.ratios
        ratio = picture.size.width / picture.size.height
        if not least <= ratio <= most:
            shape = f"{picture.size.width} × {picture.size.height}"
            message = (
                f"{told} is {shape}, {ratio:.2f} times as wide as high: {least:.3g} to {most:.3g} "
                f"is taken {of}"
            )
            yield place.problem("picture-ratio", message)
