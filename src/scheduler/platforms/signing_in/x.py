"""X: OAuth 1.0a, with a PIN that X shows, or for the app's own account with its own tokens.

https://docs.x.com/fundamentals/authentication/oauth-1-0a/pin-based-oauth
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl

from scheduler.errors import AccountRefused, ContentRejected
from scheduler.model import Account
from scheduler.platforms.addresses import refuse_bad_server
from scheduler.platforms.calling import Answer, Server, Signature, accepted, readable
from scheduler.platforms.signing_in.desk import Desk, Entered, Way
from scheduler.platforms.signing_in.oauth import given, page
from scheduler.platforms.x import SERVER

#: X shows a PIN instead of sending the browser back.
SHOWN = "oob"


def _sign_in(account: Account, desk: Desk) -> Entered:
    refuse_bad_server(account, SERVER)
    app = (
        readable(desk.secret("consumer_key", "API key of the app")),
        readable(desk.secret("consumer_secret", "API key secret of the app")),
    )
    address = account.options.get("server") or SERVER
    with desk.back(SHOWN, shown=SHOWN) as back:
        asked = _form(
            _server(address, *app, callback_uri=SHOWN).ask("POST", "/oauth/request_token")
        )
        token = given(asked, "oauth_token", "X")
        pin = back.code(page(f"{address.rstrip('/')}/oauth/authorize", oauth_token=token))
    signed = _server(address, *app, token, given(asked, "oauth_token_secret", "X"), verifier=pin)
    said = _form(signed.ask("POST", "/oauth/access_token"))
    return Entered(
        secrets=MappingProxyType(
            {
                "consumer_key": app[0],
                "consumer_secret": app[1],
                "access_token": given(said, "oauth_token", "X"),
                "access_token_secret": given(said, "oauth_token_secret", "X"),
            }
        )
    )


def _server(address: str, *secrets: str, **more: str) -> Server:
    """Its requests are signed with the app's secrets and, once there is one, with the token."""
    from scheduler.platforms.x_wire import signed_with  # noqa: PLC0415 (slow to load)

    return Server(
        address, sign=lambda: Signature(auth=signed_with(*secrets, **more), hidden=secrets)
    )


def _form(answer: Answer) -> Mapping[str, str]:
    """X answers here as forms are sent, and not in JSON."""
    try:
        return dict(parse_qsl(accepted(answer).body.decode("ascii", "replace")))
    except ContentRejected as ending:
        raise AccountRefused(str(ending)) from None


X = Way(
    guide=(
        (
            "At https://developer.x.com: Projects and Apps, your app, Keys and tokens; the API key "
            "and its secret are shown once."
        ),
        (
            'Before that, under "User authentication settings", give the app Read and write. '
            "Tokens that were made earlier may only read, and are refused here."
        ),
        "X then shows a PIN for the account that shall post. The tokens do not expire.",
    ),
    review="X asks for credits before an app may post: under Billing, buy some or name a card",
    sign_in=_sign_in,
)
