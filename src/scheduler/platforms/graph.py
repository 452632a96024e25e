"""Meta's Graph servers, as Instagram and Threads speak to them: requests, lists and quotas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from scheduler.errors import AccountRefused, Ambiguous, Ending, RateLimited
from scheduler.model import Account, Allowance
from scheduler.platforms.addresses import refuse_bad_server
from scheduler.platforms.calling import Answer, Server, readable
from scheduler.platforms.graph_errors import number, prepared
from scheduler.platforms.protocol import Tokens

#: Posts of the last 24 hours count. When the oldest of them falls out, nobody says: ask again then.
ASK_AGAIN = timedelta(hours=1)

Fields = Mapping[str, str]
_NO_FIELDS: Fields = MappingProxyType({})


# ── the server ────────────────────────────────────────────────────────────────────────────────────


class Graph:
    """One of Meta's Graph servers, spoken to by one account.

    The token goes with each request as the parameter `access_token`, as on the vendor's pages.
    """

    def __init__(self, account: Account, *, tokens: Tokens, server: str, version: str) -> None:
        self._account = account
        self._tokens = tokens
        self._default = server
        self._version = version
        self._server = Server(account.options.get("server") or server)

    @property
    def host(self) -> str:
        return self._server.host

    @property
    def address(self) -> str:
        return self._server.address

    @property
    def token(self) -> str:
        return readable(self._tokens.read("token"))

    def ask(
        self, method: str, path: str, fields: Fields = _NO_FIELDS, *, fresh: bool = False
    ) -> Answer:
        """One request, whatever its status; `fields` are its parameters."""
        refuse_bad_server(self._account, self._default)
        token = self.token
        said = {**fields, "access_token": token}
        place = "data" if method == "POST" else "params"
        return self._server.ask(
            method,
            f"/{self._version}{path}",
            fresh=fresh,
            signed=False,
            hidden=(token,),
            **{place: said},
        )

    def read(self, path: str, **fields: str) -> Mapping[str, Any]:
        return prepared(self.ask("GET", path, fields))

    def pages(
        self, path: str, *, most: int, **fields: str
    ) -> Iterable[Sequence[Mapping[str, Any]]]:
        """A list, page by page; `Ambiguous` when there are more than `most`."""
        after: dict[str, str] = {}
        for _ in range(most):
            said = self.read(path, **fields, **after)
            page = _entries(said, self.host)
            yield page
            cursor = _cursor(said)
            if not page or cursor is None:
                return
            after = {"after": cursor}
        raise Ambiguous(f"more than {most} pages of posts on {self.host} since then")


def _entries(said: Mapping[str, Any], host: str) -> Sequence[Mapping[str, Any]]:
    entries = said.get("data")
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise Ambiguous(f"{host} answered with something else than a list")
    return entries


def _cursor(said: Mapping[str, Any]) -> str | None:
    """Where the next page begins; None on the last one, which has no address of a next one."""
    paging = said.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if not isinstance(after, str):
        raise Ambiguous("the answer names a next page, and not where it begins")
    return after


# ── how much may be published ─────────────────────────────────────────────────────────────────────


def left_of(
    said: Mapping[str, Any], host: str, *, of: str = "quota_usage", by: str = "config"
) -> int:
    """How many posts are left of the last 24 hours, -1 where nobody says; `RateLimited` at none."""
    entries = _entries(said, host)
    first = entries[0] if entries else {}
    config = first.get(by)
    total = number(config.get("quota_total")) if isinstance(config, dict) else 0
    left = total - number(first.get(of))
    if total and left <= 0:
        raise RateLimited(
            f"{host}: all {total} posts of 24 hours are used up",
            retry_after=ASK_AGAIN.total_seconds(),
        )
    return left if total else -1


def quota_left(asked: Callable[[], int]) -> int | None:
    """How many posts are left, for people; None where nobody says. Nothing fails for want of it."""
    try:
        left = asked()
    except RateLimited:
        return 0
    except Ending:
        return None
    return left if left >= 0 else None


def allowance_of(left: object) -> Allowance | None:
    """What is left after a post, of what was left before it; None where nobody said."""
    if not isinstance(left, int) or left < 0:
        return None
    return Allowance(left=max(0, left - 1), renews_in=ASK_AGAIN)


# ── what an account of either must say ────────────────────────────────────────────────────────────


def refuse_other(account: Account, *, id_: str, name: str) -> None:
    """Raise `AccountRefused` for a token that belongs to another account than the calendar says."""
    wanted = account.options.get("user_id", "")
    if id_ != wanted:
        raise AccountRefused(
            f"the token belongs to account {id_} (@{name}), not to {wanted or 'any that is named'}"
        )
    handle = account.options.get("handle", name).removeprefix("@")
    if name.casefold() != handle.casefold():
        raise AccountRefused(f"the token belongs to @{name}, and the handle is @{handle}")
