"""The deliveries as events for anybody's calendar program. The only door to icalendar."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby

from icalendar import TRANSP, Calendar, Event

from scheduler.model import OWN, Campaign, Coalition, Delivery, Post

#: So that it can be seen in a day's column; it blocks nobody's time.
_LENGTH = timedelta(minutes=15)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://campaign-scheduler.invalid/events")


def events_of(
    coalition: Coalition,
    deliveries: Iterable[Delivery],
    *,
    caption: Callable[[Campaign, Post], str],
    now: datetime,
) -> tuple[bytes, int]:
    """An .ics file of these deliveries, and how many events there are in it.

    `caption` is all that will be said below the pictures of a post.
    """
    shown = tuple(deliveries)

    def text(delivery: Delivery) -> str:
        said = coalition.campaigns[organisation(delivery.account) or OWN]
        post = said.posts[delivery.post]
        return caption(said, post) if delivery.part == 1 else post.thread[delivery.part - 2]

    embargoes = {
        ("" if id_ == OWN else id_, post.id): post.embargo
        for id_, said in coalition.campaigns.items()
        for post in said.posts.values()
        if post.embargo
    }
    data = events(coalition.own.title, shown, texts=text, embargoes=embargoes, now=now)
    return data, len({_key(each) for each in shown})


def events(
    title: str,
    deliveries: Iterable[Delivery],
    *,
    texts: Callable[[Delivery], str],
    embargoes: Mapping[tuple[str, str], datetime],
    now: datetime,
) -> bytes:
    """An .ics file: an event for each post of each organisation, at the instant it is due.

    `embargoes` is by organisation and post: not a word of these is in the file before it ends.
    """
    ordered = sorted(deliveries, key=_key)
    calendar = Calendar.new(
        name=title,
        prodid="-//campaign-scheduler//EN",
        method="PUBLISH",
        uid=uuid.uuid5(_NAMESPACE, ordered[0].campaign if ordered else title),
    )
    for key, group in groupby(ordered, key=_key):
        together = tuple(group)
        embargo = embargoes.get(key[2:])
        hidden = embargo is not None and now < embargo
        calendar.add_component(_event(together, texts, now=now, hidden=hidden))
    return bytes(calendar.to_ical())


def organisation(account: str) -> str:
    """The organisation of an account: "italy.page" is Italy's, and "page" the campaign's own."""
    return account.rpartition(".")[0]


def _key(delivery: Delivery) -> tuple[datetime, str, str, str]:
    return delivery.due, delivery.campaign, organisation(delivery.account), delivery.post


def _event(
    deliveries: tuple[Delivery, ...],
    texts: Callable[[Delivery], str],
    *,
    now: datetime,
    hidden: bool,
) -> Event:
    first = deliveries[0]
    accounts = ", ".join(dict.fromkeys(each.account for each in deliveries))
    parts = {each.part: texts(each) for each in reversed(deliveries)}
    return Event.new(
        # Made from the words, but without them: an id may give away what is embargoed.
        uid=uuid.uuid5(_NAMESPACE, f"{first.campaign}/{first.post}/{organisation(first.account)}"),
        stamp=now,
        start=first.due,
        end=first.due + _LENGTH,
        summary="embargoed" if hidden else f"Day {first.day} · {first.post} · {accounts}",
        description=None if hidden else "\n\n".join(parts[part] for part in sorted(parts)),
        transparency=TRANSP.TRANSPARENT,
    )
