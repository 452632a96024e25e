"""The next token, before the last one dies.

Instagram and Threads give another for the token itself, once that is a day old; LinkedIn for a
refresh token, where it gave one. Sessions of Bluesky are renewed where they are used (`sessions`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from scheduler.errors import AccountRefused
from scheduler.model import Account, Grant
from scheduler.platforms.addresses import refuse_bad_server
from scheduler.platforms.calling import Server, readable
from scheduler.platforms.protocol import Tokens
from scheduler.platforms.signing_in import linkedin, meta, oauth

#: Asks the platform for the next grant. Raises `errors.Ambiguous` where it may have been given.
Renewal = Callable[[Account, Tokens, Grant, datetime], Grant]

#: https://developers.facebook.com/docs/threads/get-started/long-lived-tokens: not before.
YOUNGEST = timedelta(hours=24)
#: So long before its death, or for a third of its life where that is more.
EARLY = timedelta(days=7)


def is_due(grant: Grant, now: datetime) -> bool:
    """Whether it is time to ask for the next one: early, so that a person can still act.

    Of one whose end nobody knows, as soon as it may be renewed: then it is known.
    """
    old_enough = now >= grant.made_at + YOUNGEST
    if grant.expires is None:
        return old_enough
    early = max((grant.expires - grant.made_at) / 3, EARLY)
    return old_enough and now >= grant.expires - early


def renewal_of(account: Account) -> Renewal | None:
    """How the account's token is renewed; None where it lives for ever, or as long as it does."""
    if account.platform == "instagram" and account.options.get("login") == "facebook":
        return None
    return _RENEWALS.get(account.platform)


def can_be_renewed(account: Account, grant: Grant) -> bool:
    """Whether nobody must sign in again: LinkedIn gives most apps no refresh token."""
    if renewal_of(account) is None:
        return False
    return account.platform != "linkedin" or bool(grant.refresh)


def _of_meta(account: Account, tokens: Tokens, grant: Grant, now: datetime) -> Grant:
    del tokens  # the token itself is enough
    place = meta.place_of(account)
    refuse_bad_server(account, place.api)
    server = Server(account.options.get("server") or place.api)
    token = readable(grant.access)
    answer = server.ask(
        "GET",
        "/refresh_access_token",
        signed=False,
        hidden=(token,),
        params={"grant_type": place.refresh, "access_token": token},
    )
    said = meta.granted(answer)
    return replace(
        grant,
        access=oauth.given(said, "access_token", server.host),
        made_at=now,
        expires=oauth.end_of(said, "expires_in", now),
    )


def _of_linkedin(account: Account, tokens: Tokens, grant: Grant, now: datetime) -> Grant:
    """https://learn.microsoft.com/linkedin/shared/authentication/programmatic-refresh-tokens"""
    server = linkedin.authority(account)
    app = _app(account, tokens, grant)
    answer = server.ask(
        "POST",
        linkedin.TOKENS,
        signed=False,
        hidden=(grant.refresh, app["client_secret"]),
        data={"grant_type": "refresh_token", "refresh_token": grant.refresh, **app},
    )
    said = oauth.granted(answer)
    renewed = linkedin.grant_of(said, server.host, now=now, app=app, origin=grant.origin)
    # What it does not say again is as it was; the end of the refresh token does not move.
    return replace(
        renewed,
        refresh=renewed.refresh or grant.refresh,
        refresh_expires=renewed.refresh_expires or grant.refresh_expires,
        scopes=renewed.scopes or grant.scopes,
    )


def _app(account: Account, tokens: Tokens, grant: Grant) -> Mapping[str, str]:
    """As the calendar says it by now, or as it was when somebody signed in."""
    id_ = account.options.get("client_id") or grant.more.get("client_id", "")
    kept = grant.more.get("client_secret", "")
    try:
        secret = tokens.read("client_secret") if "client_secret" in account.secrets else kept
    except AccountRefused:
        secret = kept
    return {"client_id": id_, "client_secret": secret}


_RENEWALS: Mapping[str, Renewal] = MappingProxyType(
    {"threads": _of_meta, "instagram": _of_meta, "linkedin": _of_linkedin}
)
