"""LinkedIn: a code, an access token for 60 days, and for approved apps one to renew it with.

https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from scheduler.model import Account, Grant
from scheduler.platforms.addresses import refuse_bad_server
from scheduler.platforms.calling import Server
from scheduler.platforms.linkedin import SERVER, SITE
from scheduler.platforms.signing_in.desk import Desk, Entered, Way
from scheduler.platforms.signing_in.oauth import (
    end_of,
    given,
    granted,
    page,
    refuse_missing,
    scopes_in,
)

SCOPES_OF_A_PAGE = ("w_organization_social", "r_organization_social", "rw_organization_admin")
SCOPES_OF_A_PERSON = ("w_member_social", "openid", "profile")
TOKENS = "/oauth/v2/accessToken"
#: Must stand in the app's settings, under Auth, to the letter.
_HERE = "http://localhost:8420/"


def authority(account: Account) -> Server:
    """Whoever gives an address of their own for the API gives it for this as well."""
    refuse_bad_server(account, SERVER)
    return Server(account.options.get("server") or SITE)


def _sign_in(account: Account, desk: Desk) -> Entered:
    server = authority(account)
    person = account.options.get("author", "").startswith("urn:li:person:")
    scopes = SCOPES_OF_A_PERSON if person else SCOPES_OF_A_PAGE
    id_ = desk.word("client_id", "Client ID of the app")
    secret = desk.secret("client_secret", "Primary client secret of the app")
    with desk.back(_HERE) as back:
        code = back.code(
            page(
                f"{server.address}/oauth/v2/authorization",
                response_type="code",
                client_id=id_,
                redirect_uri=back.address,
                state=back.state,
                scope=" ".join(scopes),
            )
        )
        answer = server.ask(
            "POST",
            TOKENS,
            signed=False,
            hidden=(secret, code),
            data={
                "grant_type": "authorization_code",
                "code": code,
                "client_id": id_,
                "client_secret": secret,
                "redirect_uri": back.address,
            },
        )
    said = granted(answer)
    refuse_missing(scopes_in(said, "scope"), scopes)
    app = {"client_id": id_, "client_secret": secret}
    grant = grant_of(said, server.host, now=desk.now(), app=app)
    if not grant.refresh:
        desk.say(
            "LinkedIn gave no token to renew with, as for most apps: sign in again before this one "
            "dies, every 60 days."
        )
    return Entered(secrets=MappingProxyType({"client_secret": secret}), grant=grant)


def grant_of(
    said: Mapping[str, Any], host: str, *, now: datetime, app: Mapping[str, str], origin: str = ""
) -> Grant:
    """What LinkedIn gives, with the app's id and secret, without which nothing is renewed."""
    return Grant(
        access=given(said, "access_token", host),
        refresh=str(said.get("refresh_token") or ""),
        made_at=now,
        expires=end_of(said, "expires_in", now),
        refresh_expires=end_of(said, "refresh_token_expires_in", now),
        scopes=scopes_in(said, "scope"),
        origin=origin,
        more=MappingProxyType(dict(app)),
    )


LINKEDIN = Way(
    guide=(
        (
            "At https://www.linkedin.com/developers/apps: your app, Auth. There are the Client ID "
            "and the Primary Client Secret."
        ),
        f"On the same page, under Authorized redirect URLs, add {_HERE}",
        (
            "Sign in as somebody who is a super admin or content admin of the page; for your own "
            "profile, as yourself."
        ),
    ),
    review=(
        "for a page, LinkedIn must grant the app its Community Management API (the app's page, "
        "Products); that takes weeks. For a person, the products Share on LinkedIn and Sign In "
        "with LinkedIn are there at once"
    ),
    sign_in=_sign_in,
)
