"""What somebody who posts by hand says of it: it stands there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scheduler.model.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A post that a person has made, as they said so; nothing of it was looked up yet."""

    post: str
    #: As it was written: "cyprus.page", "page", or only the platform.
    account: str
    #: Its place in a thread.
    part: int = 1
    #: A whole address.
    link: str
    on: date
    #: Whose kit it comes from, or "".
    member: str = ""
    #: Where it was said.
    place: Place
    account_place: Place
    link_place: Place
