"""Facebook, Instagram and Threads: a code, a token for an hour, and one for long.

https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login
https://developers.facebook.com/docs/threads/get-started/get-access-tokens-and-permissions
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from scheduler.errors import AccountRefused, ContentRejected
from scheduler.model import Account, Grant
from scheduler.platforms import facebook, instagram, threads
from scheduler.platforms.addresses import refuse_bad_server
from scheduler.platforms.answers import inside, objects
from scheduler.platforms.calling import Answer, Server
from scheduler.platforms.graph_errors import prepared
from scheduler.platforms.signing_in.desk import Desk, Entered, Way
from scheduler.platforms.signing_in.oauth import (
    end_of,
    given,
    page,
    refuse_missing,
    scopes_in,
)

#: Meta sends nobody back over an open line. The browser finds nothing at this address, and shows it
#: with the code in it.
_ELSEWHERE = "https://localhost/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one of Meta's platforms lets people sign in, gives tokens, and makes them long."""

    #: The page for people, where codes are changed into tokens, and the API.
    dialog: str
    codes: str
    api: str
    scopes: tuple[str, ...]
    #: What making a token long, and renewing it, is called; "" where nothing is renewed.
    exchange: str
    refresh: str = ""
    #: Between scopes.
    between: str = ","


FACEBOOK_AT = Place(
    dialog=f"https://www.facebook.com/{facebook.VERSION}/dialog/oauth",
    codes=f"{facebook.SERVER}/{facebook.VERSION}/oauth/access_token",
    api=facebook.SERVER,
    scopes=(
        "pages_show_list",
        "pages_read_engagement",
        "pages_manage_posts",
        "pages_manage_engagement",
    ),
    exchange="fb_exchange_token",
)
INSTAGRAM_AT = Place(
    dialog="https://www.instagram.com/oauth/authorize",
    codes="https://api.instagram.com/oauth/access_token",
    api=instagram.SERVERS["instagram"],
    scopes=("instagram_business_basic", "instagram_business_content_publish"),
    exchange="ig_exchange_token",
    refresh="ig_refresh_token",
)
INSTAGRAM_WITH_FACEBOOK_AT = Place(
    dialog=FACEBOOK_AT.dialog,
    codes=FACEBOOK_AT.codes,
    api=instagram.SERVERS["facebook"],
    scopes=(
        "instagram_basic",
        "instagram_content_publish",
        "pages_read_engagement",
        "pages_show_list",
    ),
    exchange="fb_exchange_token",
)
THREADS_AT = Place(
    dialog="https://threads.net/oauth/authorize",
    codes=f"{threads.SERVER}/oauth/access_token",
    api=threads.SERVER,
    scopes=(
        "threads_basic",
        "threads_content_publish",
        "threads_manage_replies",
        "threads_delete",
    ),
    exchange="th_exchange_token",
    refresh="th_refresh_token",
)


def place_of(account: Account) -> Place:
    """Where the account signs in."""
    if account.platform == "instagram":
        with_facebook = account.options.get("login") == "facebook"
        return INSTAGRAM_WITH_FACEBOOK_AT if with_facebook else INSTAGRAM_AT
    return {"facebook": FACEBOOK_AT, "threads": THREADS_AT}[account.platform]


# ── a user's token ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _App:
    id: str
    secret: str


def _app(desk: Desk) -> _App:
    return _App(
        id=desk.word("app_id", "Number of the app (App ID)"),
        secret=desk.secret("app_secret", "App secret"),
    )


def _code(place: Place, account: Account, desk: Desk, app: _App) -> tuple[str, str]:
    """The code, and where the browser came back to with it."""
    with desk.back(_ELSEWHERE) as back:
        code = back.code(
            page(
                _own(account, place.dialog),
                response_type="code",
                client_id=app.id,
                redirect_uri=back.address,
                scope=place.between.join(place.scopes),
                state=back.state,
            )
        )
        return code, back.address


def _short(place: Place, account: Account, desk: Desk, app: _App) -> Mapping[str, Any]:
    """A token for an hour or two, for a code."""
    code, redirect = _code(place, account, desk, app)
    address = _own(account, place.codes)
    asked = {
        "client_id": app.id,
        "client_secret": app.secret,
        "grant_type": "authorization_code",
        "redirect_uri": redirect,
        "code": code,
    }
    server, path = _server(account, address, place)
    answer = server.ask("POST", path, signed=False, hidden=(app.secret, code), data=asked)
    said = granted(answer)
    # Instagram's page shows it as the only entry of a list.
    listed = said.get("data")
    first = listed[0] if isinstance(listed, list) and listed else said
    return first if isinstance(first, dict) else said


def _own(account: Account, address: str) -> str:
    """Whoever gives an address of their own for the API gives it for all of this."""
    server = account.options.get("server")
    if not server:
        return address
    return server.rstrip("/") + "/" + address.split("/", 3)[3]


def _server(account: Account, address: str, place: Place) -> tuple[Server, str]:
    refuse_bad_server(account, place.api)
    scheme, _, host, path = address.split("/", 3)
    return Server(f"{scheme}//{host}"), f"/{path}"


def granted(answer: Answer) -> Mapping[str, Any]:
    """A refusal is about who signs in, never about words."""
    try:
        return prepared(answer.as_given())
    except ContentRejected as ending:
        raise AccountRefused(str(ending)) from None


# ── Threads, and Instagram by itself ──────────────────────────────────────────────────────────────


def _account_token(account: Account, desk: Desk) -> Entered:
    """A long token of the account itself, which is renewed from now on."""
    place = place_of(account)
    token = desk.secret(
        "",
        "A long-lived token that the app's dashboard has made, or nothing to sign in in the "
        "browser",
        optional=True,
    )
    if token:
        return Entered(grant=Grant(access=token, made_at=desk.now()))
    app = _app(desk)
    short = _short(place, account, desk, app)
    scopes = scopes_in(short, "permissions")
    refuse_missing(scopes, place.scopes)
    server = Server(account.options.get("server") or place.api)
    token = given(short, "access_token", server.host)
    said = granted(
        server.ask(
            "GET",
            "/access_token",
            signed=False,
            hidden=(app.secret, token),
            params={
                "grant_type": place.exchange,
                "client_secret": app.secret,
                "access_token": token,
            },
        )
    )
    now = desk.now()
    grant = Grant(
        access=given(said, "access_token", server.host),
        made_at=now,
        expires=end_of(said, "expires_in", now),
        scopes=scopes or place.scopes,
    )
    return Entered(secrets=MappingProxyType({"app_secret": app.secret}), grant=grant)


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────


def _pages_token(account: Account, desk: Desk) -> Entered:
    """A person's token, made long, gives tokens of their pages, which do not expire."""
    place = place_of(account)
    app = _app(desk)
    token = desk.secret(
        "",
        "A user token from the Graph API Explorer, or nothing to sign in in the browser",
        optional=True,
    )
    server = Server(account.options.get("server") or place.api)
    short = token or given(_short(place, account, desk, app), "access_token", server.host)
    long = given(
        granted(
            server.ask(
                "GET",
                f"/{facebook.VERSION}/oauth/access_token",
                signed=False,
                hidden=(app.secret, short),
                params={
                    "grant_type": place.exchange,
                    "client_id": app.id,
                    "client_secret": app.secret,
                    place.exchange: short,
                },
            )
        ),
        "access_token",
        server.host,
    )
    pages = _pages(Server(server.address, token=lambda: long))
    found = _wanted(account, pages)
    return Entered(
        secrets=MappingProxyType(
            {"token": given(found, "access_token", server.host), "app_secret": app.secret}
        )
    )


_PAGE, _MOST = "100", 20


def _pages(server: Server) -> Sequence[Mapping[str, Any]]:
    """The pages that the person works for.

    https://developers.facebook.com/docs/graph-api/reference/user/accounts/
    """
    asked = {"fields": "id,name,access_token,tasks,instagram_business_account", "limit": _PAGE}
    pages: list[Mapping[str, Any]] = []
    for _ in range(_MOST):
        said = granted(server.ask("GET", f"/{facebook.VERSION}/me/accounts", params=asked))
        pages += objects(said.get("data"), f"{server.host} answered")
        paging = inside(said, "paging")
        if not paging.get("next"):
            break
        asked["after"] = given(inside(paging, "cursors"), "after", server.host)
    return pages


def _wanted(account: Account, pages: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The page that the calendar names, or that its Instagram account belongs to."""
    of_instagram = account.platform == "instagram"
    wanted = account.options.get("user_id" if of_instagram else "page", "")
    for each in pages:
        id_ = inside(each, "instagram_business_account").get("id") if of_instagram else each["id"]
        if str(id_) == wanted:
            _refuse_powerless(each)
            return each
    shown = ", ".join(f"{each.get('name')} ({each.get('id')})" for each in pages) or "none"
    what = f"Instagram account {wanted}" if of_instagram else f"page {wanted}"
    raise AccountRefused(
        f"whoever signed in may not speak for {what}; their pages are: {shown}. Sign in as "
        "somebody else, tick the page on Facebook's own page, or mend the number in the calendar"
    )


def _refuse_powerless(said: Mapping[str, Any]) -> None:
    tasks = said.get("tasks")
    if isinstance(tasks, list) and "CREATE_CONTENT" not in tasks:
        raise AccountRefused(
            f"whoever signed in may not post as {said.get('name')}: an administrator of the page "
            "must give them that right"
        )


def _instagram(account: Account, desk: Desk) -> Entered:
    with_facebook = account.options.get("login") == "facebook"
    return _pages_token(account, desk) if with_facebook else _account_token(account, desk)


FACEBOOK = Way(
    guide=(
        (
            "At https://developers.facebook.com/apps: your app, App settings, Basic. There are the "
            "App ID and the App secret."
        ),
        (
            "Either take a user token from https://developers.facebook.com/tools/explorer with "
            f"{', '.join(FACEBOOK_AT.scopes)}; or sign in in the browser, for which "
            f"{_ELSEWHERE} must stand under Facebook Login, Settings, Valid OAuth Redirect URIs."
        ),
        (
            "Sign in as somebody who may post as the page. The page's token does not expire; it "
            "dies when they change their password, or leave the page."
        ),
    ),
    review=(
        "an app that only its own people use needs none; for pages of others, Meta reviews the app "
        "(App Review: pages_manage_posts, pages_read_engagement) and the organisation (Business "
        "verification)"
    ),
    sign_in=_pages_token,
)
INSTAGRAM = Way(
    guide=(
        "The account must be a professional one: in the app, Settings, Account type.",
        (
            "At https://developers.facebook.com/apps: your app, Instagram, API setup with "
            "Instagram login. There are the Instagram app ID and its secret, and Generate token "
            "makes one for 60 days."
        ),
        f"To sign in in the browser instead, {_ELSEWHERE} must stand there as a redirect URL.",
        "The token is renewed by this program from then on.",
    ),
    review=(
        "an account that is a tester of the app (App roles, Instagram testers) needs none; for "
        "accounts of others, Meta reviews the app (instagram_business_content_publish)"
    ),
    sign_in=_instagram,
)
THREADS = Way(
    guide=(
        (
            "At https://developers.facebook.com/apps: your app, Use cases, Access the Threads API, "
            "Settings. There are the Threads app ID and its secret; they are not those of the app "
            "itself."
        ),
        "On the same page, User token generator makes a token for 60 days for a tester's account.",
        f"To sign in in the browser instead, {_ELSEWHERE} must stand there as a redirect URL.",
        "The token is renewed by this program from then on.",
    ),
    review=(
        "an account that is a tester of the app (App roles, Threads testers; the account says yes "
        "in its own settings, Website permissions) needs none; for accounts of others, Meta "
        "reviews the app (threads_content_publish)"
    ),
    sign_in=_account_token,
)
