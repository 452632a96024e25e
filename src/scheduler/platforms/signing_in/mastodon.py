"""Mastodon and its kin: the program registers itself at the server, and a person says yes there.

https://docs.joinmastodon.org/client/authorized/
"""

from __future__ import annotations

from contextlib import suppress
from types import MappingProxyType

from scheduler.errors import Ending
from scheduler.model import Account
from scheduler.platforms.addresses import refuse_bad_server
from scheduler.platforms.answers import object_of
from scheduler.platforms.calling import Server, accepted
from scheduler.platforms.signing_in.desk import Desk, Entered, Way
from scheduler.platforms.signing_in.oauth import (
    Proof,
    given,
    granted,
    page,
    refuse_missing,
    scopes_in,
)

SCOPES = ("read:accounts", "read:statuses", "write:media", "write:statuses")
#: The server shows the code on a page of its own: https://docs.joinmastodon.org/methods/oauth/
SHOWN = "urn:ietf:wg:oauth:2.0:oob"
_HERE = "http://127.0.0.1:0/"


def _sign_in(account: Account, desk: Desk) -> Entered:
    refuse_bad_server(account)
    server = Server(account.options.get("server", ""))
    scopes = " ".join(SCOPES)
    with desk.back(_HERE, shown=SHOWN) as back:
        app = granted(
            server.ask(
                "POST",
                "/api/v1/apps",
                signed=False,
                data={
                    "client_name": "campaign-scheduler",
                    "redirect_uris": back.address,
                    "scopes": scopes,
                },
            )
        )
        id_, secret = (given(app, name, server.host) for name in ("client_id", "client_secret"))
        proof = Proof() if _knows_proofs(server) else None
        code = back.code(
            page(
                f"{server.address}/oauth/authorize",
                response_type="code",
                client_id=id_,
                redirect_uri=back.address,
                scope=scopes,
                state=back.state,
                code_challenge=proof.challenge if proof else "",
                code_challenge_method="S256" if proof else "",
            )
        )
        answer = server.ask(
            "POST",
            "/oauth/token",
            signed=False,
            hidden=(secret, code),
            data={
                "grant_type": "authorization_code",
                "client_id": id_,
                "client_secret": secret,
                "redirect_uri": back.address,
                "code": code,
                **({"code_verifier": proof.verifier} if proof else {}),
            },
        )
    said = granted(answer)
    refuse_missing(scopes_in(said, "scope"), SCOPES)
    token = given(said, "access_token", server.host)
    return Entered(secrets=MappingProxyType({"token": token}))


def _knows_proofs(server: Server) -> bool:
    """Since Mastodon 4.3: https://docs.joinmastodon.org/methods/oauth/#authorization-server-metadata

    Others ignore what they do not know, or refuse it.
    """
    with suppress(Ending):
        answer = server.ask("GET", "/.well-known/oauth-authorization-server", signed=False)
        said = object_of(accepted(answer)).get("code_challenge_methods_supported")
        return isinstance(said, list) and "S256" in said
    return False


MASTODON = Way(
    guide=(
        "Sign in at the server with the account that shall post, in the browser that opens.",
        (
            "The server's page says what the program may do: read its own account and posts, write "
            "posts, upload pictures. Say yes there."
        ),
        (
            "The token does not expire. It is taken back at the server: Preferences, Account, "
            "Authorised apps."
        ),
    ),
    review="",
    sign_in=_sign_in,
)
