"""Bluesky: the handle and an app password."""

from __future__ import annotations

from types import MappingProxyType

from scheduler.errors import AccountRefused
from scheduler.model import Account
from scheduler.platforms.remembered import Remembered
from scheduler.platforms.sessions import Sessions
from scheduler.platforms.signing_in.desk import Desk, Entered, Way

#: What a session says of itself that was made with the account's own password.
_WHOLE = "com.atproto.access"


def _sign_in(account: Account, desk: Desk) -> Entered:
    handle = account.options.get("handle", "")
    password = desk.secret("password", f"App password of {handle}")
    grants = Remembered()
    session = Sessions(account, password=lambda: password, grants=lambda: grants).current()
    grant = grants.kept()
    if grant is not None and _WHOLE in grant.scopes:
        raise AccountRefused(
            "this is the account's own password, which may delete the account: make an app "
            "password, and type that"
        )
    if session.handle.casefold() != handle.casefold():
        raise AccountRefused(f"this signs in as {session.handle}, and the calendar says {handle}")
    return Entered(secrets=MappingProxyType({"password": password}), grant=grant)


BLUESKY = Way(
    guide=(
        "In the app: Settings, Privacy and security, App passwords, Add app password.",
        "Give it a name such as campaign, and leave the box about direct messages empty.",
        (
            "It is shown once, as four groups of four letters. It never expires, and can be taken "
            "back there at any time."
        ),
    ),
    review="",
    sign_in=_sign_in,
)
