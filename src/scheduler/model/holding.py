"""What must not go out for now, and whom that concerns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What a hold keeps back."""

    #: The whole campaign, of every organisation.
    EVERYTHING = "everything"
    #: One organisation, by its id.
    MEMBER = "member"
    #: The organisations of one country: "AT".
    COUNTRY = "country"
    #: What is said in one language: "de" is also "de-AT".
    LANGUAGE = "language"
    #: One account, by its name in the whole coalition.
    ACCOUNT = "account"
    #: The posts with one hashtag, without #.
    TAG = "tag"
    #: One post, on every account.
    POST = "post"


#: A scope and which one of it is meant; "" for everything.
Target = tuple[Scope, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A decision that nothing of its target goes out until it is released."""

    scope: Scope
    value: str
    reason: str
    #: Who said so, where that is known.
    by: str = ""

    @property
    def target(self) -> Target:
        return target(self.scope, self.value)

    def __str__(self) -> str:
        return f"{self.scope} {self.value}".rstrip()


def target(scope: Scope, value: str) -> Target:
    """However it was typed: "#Tag" and "tag", "at" and "AT" are one each."""
    return scope, "" if scope is Scope.EVERYTHING else value.removeprefix("#").casefold()
