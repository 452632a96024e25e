"""Each platform's own way of signing in, at its stand-in; and every way in which it can end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
from arrivals import watched
from over_a_stand_in import Tokens

from browser import decided
from clocks import Clock
from person import Desk, values_of
from scheduler.errors import AccountRefused, Ending, NotSent
from scheduler.model import Account
from scheduler.platforms import PLATFORMS, Remembered
from scheduler.platforms.signing_in import WAYS, code_in, pasted
from scheduler.sandbox import Drop, Instead, Script

#: The platform, and what stands in for it where that is not the ordinary.
WITH_A_CODE = (
    ("mastodon", ""),
    ("mastodon", "hollo"),
    ("linkedin", ""),
    ("linkedin", "linkedin of a person"),
    ("facebook", ""),
    ("instagram", ""),
    ("instagram", "instagram with facebook"),
    ("threads", ""),
)
#: Those whose app is known before, and whose account has a number in the calendar.
WITH_AN_APP = tuple(each for each in WITH_A_CODE if each[0] != "mastodon")
BY_HAND = ("bluesky", "telegram", "discord", "slack")


class WrongState(Desk):
    def changed(self, ended):
        return ended.replace("the+state", "another")


class WrongCode(Desk):
    def changed(self, ended):
        return ended.replace("code=", "code=0")


class CodeTwice(Desk):
    """Somebody else has used the code before."""

    def __init__(self, *args, using, **more):
        Desk.__init__(self, *args, **more)
        self.using = using

    def changed(self, ended):
        self.using(parse_qs(urlsplit(ended).query)["code"][0])
        return ended


def _query(page: str, **changed: str) -> str:
    parts = urlsplit(page)
    query = {name: said[0] for name, said in parse_qs(parts.query).items()} | changed
    return urlunsplit(parts._replace(query=urlencode({n: v for n, v in query.items() if v})))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def script():
    return Script()


@pytest.fixture
def sandbox(clock, script):
    with watched(now=clock.now, faults=script) as sandbox:
        yield sandbox


def named(each) -> str:
    return " ".join(filter(None, each))


@pytest.fixture(params=WITH_A_CODE, ids=named)
def address(request, sandbox):
    platform, software = request.param
    sandbox.start(platform, account="other", software=software)
    found = sandbox.start(platform, account="eu", software=software)
    extra = {"login": "facebook"} if software == "instagram with facebook" else {}
    return platform, replace(found, options={**found.options, **extra})


def account_at(platform, address) -> Account:
    return Account(name="eu", platform=platform, options=address.options)


def whoami(account, entered):
    secrets = dict(entered.secrets)
    if entered.grant is not None:
        secrets.setdefault("token", entered.grant.access)
    tokens = Tokens(secrets, Remembered(entered.grant))
    return PLATFORMS[account.platform](account, tokens=tokens, host=None).whoami()


def sign_in(address, desk):
    platform, found = address
    return WAYS[platform].sign_in(account_at(platform, found), desk)


def proved(platform, found, desk):
    return whoami(account_at(platform, found), sign_in((platform, found), desk))


# ── it goes well ──────────────────────────────────────────────────────────────────────────────────


def test_a_code_becomes_a_token_of_the_very_account(address, clock):
    entered = sign_in(address, Desk(values_of(address[1]), clock))
    account = account_at(*address)
    assert whoami(account, entered)
    known = set(address[1].secrets.values())
    made = entered.grant.access if entered.grant else entered.secrets["token"]
    # Facebook's page has one token; the others make another each time.
    assert made not in known or account.platform in {"facebook", "instagram"}


@pytest.mark.parametrize("platform", ["threads", "instagram", "linkedin"])
def test_what_is_renewed_comes_with_its_end(platform, sandbox, clock):
    found = sandbox.start(platform, account="eu")
    grant = sign_in((platform, found), Desk(values_of(found), clock)).grant
    assert grant.expires == clock.now() + timedelta(days=60)
    assert grant.scopes
    assert bool(grant.refresh) == (platform == "linkedin")


def test_a_person_at_linkedin_gets_nothing_to_renew_with_and_is_told(sandbox, clock):
    found = sandbox.start("linkedin", account="eu", software="linkedin of a person")
    desk = Desk(values_of(found), clock)
    assert sign_in(("linkedin", found), desk).grant.refresh == ""
    assert any("every 60 days" in sentence for sentence in desk.said)


@pytest.mark.parametrize("software", ["", "gotosocial", "takahe"])
def test_a_server_that_sends_the_browser_back_is_understood_as_one_that_shows_the_code(
    software, sandbox, clock
):
    found = sandbox.start("mastodon", account="eu", software=software)
    for shown in (True, False):
        assert sign_in(("mastodon", found), Desk({}, clock, shown)).secrets["token"]


def test_a_challenge_is_sent_to_a_server_that_knows_them_and_to_no_other(sandbox, clock):
    for software, sent in (("", True), ("takahe", False)):
        found = sandbox.start("mastodon", account="eu", software=software)
        desk = Desk({}, clock)
        sign_in(("mastodon", found), desk)
        assert ("code_challenge=" in desk.pages[0]) is sent


def test_x_gives_tokens_for_a_pin(sandbox, clock):
    found = sandbox.start("x", account="eu")
    entered = sign_in(("x", found), Desk(values_of(found), clock))
    assert whoami(account_at("x", found), entered).name == "@eu"
    assert entered.secrets["access_token"] != found.secrets["access_token"]


@pytest.mark.parametrize("platform", BY_HAND)
def test_what_a_page_shows_once_is_proved_and_posts_nothing(platform, sandbox, clock):
    found = sandbox.start(platform, account="eu")
    entered = sign_in((platform, found), Desk(dict(found.secrets), clock))
    assert whoami(account_at(platform, found), entered)
    assert sandbox.public("eu") == []


def test_a_token_that_a_dashboard_made_is_taken_as_it_is(sandbox, clock):
    found = sandbox.start("threads", account="eu")
    entered = sign_in(("threads", found), Desk({"": found.secrets["token"]}, clock))
    assert whoami(account_at("threads", found), entered).name == "@eu"


def test_a_users_token_from_the_explorer_becomes_a_pages_token_without_end(sandbox, clock):
    found = sandbox.start("facebook", account="eu")
    desk = Desk(values_of(found), clock)
    sign_in(("facebook", found), desk)
    user = _user_token(desk, found)
    entered = sign_in(("facebook", found), Desk({**values_of(found), "": user}, clock))
    assert entered.secrets["token"] == found.secrets["token"]


def _user_token(desk: Desk, found) -> str:
    import requests  # noqa: PLC0415

    ended = decided(desk.pages[0])
    code = parse_qs(urlsplit(ended).query)["code"][0]
    asked = {
        "client_id": found.options["app_id"],
        "client_secret": found.secrets["app_secret"],
        "grant_type": "authorization_code",
        "redirect_uri": "https://localhost/",
        "code": code,
    }
    answer = requests.post(f"{found.server}/v26.0/oauth/access_token", data=asked, timeout=10)
    return answer.json()["access_token"]


# ── it does not ───────────────────────────────────────────────────────────────────────────────────


def refused(address, desk) -> str:
    with pytest.raises(AccountRefused) as caught:
        sign_in(address, desk)
    return str(caught.value)


def test_whoever_says_no_is_not_signed_in(address, clock):
    desk = Desk(values_of(address[1]), clock, shown=False, answers={"decision": "deny"})
    assert "said no" in refused(address, desk)


def test_an_answer_to_another_question_is_not_taken(address, clock):
    assert "wrong state" in refused(address, WrongState(values_of(address[1]), clock, shown=False))


def test_a_code_that_was_never_given_is_refused(address, clock):
    assert refused(address, WrongCode(values_of(address[1]), clock, shown=False))


def test_a_code_that_is_too_old_is_refused(address, clock):
    class Slow(Desk):
        def changed(self, ended):
            clock.instant += timedelta(minutes=11)
            return ended

    assert refused(address, Slow(values_of(address[1]), clock, shown=False))


def test_an_address_that_is_none_of_the_apps_is_refused_before_anybody_is_asked(address, clock):
    class Elsewhere(Desk):
        def changed_page(self, page):
            return _query(page, redirect_uri="https://elsewhere.example/")

    with pytest.raises(AssertionError, match="elsewhere"):  # the page is an error, and asks nothing
        sign_in(address, Elsewhere(values_of(address[1]), clock, shown=False))


def test_a_right_that_is_not_known_is_refused(address, clock):
    class Greedy(Desk):
        def changed_page(self, page):
            return _query(page, scope="everything")

    desk = Greedy(values_of(address[1]), clock, shown=False)
    assert "scope is invalid" in refused(address, desk)


@pytest.mark.parametrize("address", WITH_AN_APP, indirect=True, ids=named)
def test_the_token_of_another_account_is_refused_with_both_names(address, clock):
    """Before anything of it is kept: where the token is made, or when it says whose it is."""
    platform, found = address
    desk = Desk(values_of(found), clock, shown=False, answers={"account": "other"})
    with pytest.raises(AccountRefused) as caught:
        whoami(account_at(platform, found), sign_in(address, desk))
    wanted = next(
        found.options[name] for name in ("page", "user_id", "author") if name in found.options
    )
    assert wanted in str(caught.value)


@pytest.mark.parametrize("platform", ["mastodon", "threads", "instagram", "linkedin"])
def test_a_right_that_somebody_unticks_is_named(platform, sandbox, clock):
    missing = {
        "mastodon": "write:media",
        "threads": "threads_content_publish",
        "instagram": "instagram_business_content_publish",
        "linkedin": "w_organization_social",
    }[platform]
    found = sandbox.start(platform, account="eu")
    desk = Desk(values_of(found), clock, shown=False, answers={"without": missing})
    with pytest.raises(AccountRefused, match=missing):
        sign_in((platform, found), desk)


@pytest.mark.parametrize("address", WITH_AN_APP, indirect=True, ids=named)
def test_a_wrong_secret_of_the_app_is_refused(address, clock):
    values = {name: f"{value}0" for name, value in values_of(address[1]).items()}
    values |= {name: address[1].options[name] for name in values if name.endswith("_id")}
    assert refused(address, Desk(values, clock, shown=False))


def test_a_code_is_good_once(sandbox, clock):
    found = sandbox.start("threads", account="eu")
    values = values_of(found)
    address = ("threads", found)

    def use(code):
        import requests  # noqa: PLC0415

        asked = {
            "client_id": values["app_id"],
            "client_secret": values["app_secret"],
            "grant_type": "authorization_code",
            "redirect_uri": "https://localhost/",
            "code": code,
        }
        answer = requests.post(f"{found.server}/oauth/access_token", data=asked, timeout=10)
        assert answer.status_code == 200

    assert "used" in refused(address, CodeTwice(values, clock, shown=False, using=use))


@pytest.mark.parametrize("answers", [{"decision": "deny"}, {"account": "nobody"}])
def test_without_a_yes_x_gives_no_pin(answers, sandbox, clock):
    found = sandbox.start("x", account="eu")
    with pytest.raises(AccountRefused):
        sign_in(("x", found), Desk(values_of(found), clock, answers=answers))


def test_a_wrong_pin_is_refused_and_ends_it(sandbox, clock):
    class Mistyped(Desk):
        def changed(self, ended):
            return str((int(ended) + 1) % 10_000_000).zfill(7)

    found = sandbox.start("x", account="eu")
    assert "PIN" in refused(("x", found), Mistyped(values_of(found), clock))


def test_the_own_password_of_a_bluesky_account_is_not_taken(sandbox, clock):
    from scheduler.sandbox.bluesky.server import own_password  # noqa: PLC0415

    found = sandbox.start("bluesky", account="eu")
    desk = Desk({"password": own_password("eu")}, clock)
    assert "app password" in refused(("bluesky", found), desk)


@pytest.mark.parametrize("platform", BY_HAND)
def test_what_was_mistyped_is_refused_and_not_shown(platform, sandbox, clock):
    found = sandbox.start(platform, account="eu")
    wrong = {name: value[:-2] + "zz" for name, value in found.secrets.items()}
    desk = Desk(wrong, clock)
    with pytest.raises(Ending) as caught:
        proved(platform, found, desk)
    assert not any(value in str(caught.value) for value in wrong.values())


TOKENS = {
    "mastodon": "POST /oauth/token",
    "linkedin": "POST /oauth/v2/accessToken",
    "facebook": "GET /<version>/oauth/access_token",
    "instagram": "POST /oauth/access_token",
    "threads": "GET /access_token",
}


def test_a_lost_connection_keeps_nobody_signed_in_and_shows_no_secret(address, clock, script):
    platform, found = address
    script.add(TOKENS[platform], Drop())
    if found.options.get("login"):
        script.add("POST /v26.0/oauth/access_token", Drop())
    with pytest.raises(Ending) as caught:
        sign_in(address, Desk(values_of(found), clock, shown=False))
    assert not any(value in str(caught.value) for value in values_of(found).values())


# ── what comes back ───────────────────────────────────────────────────────────────────────────────


def test_an_address_is_pasted_as_a_whole_or_refused():
    whole = "https://localhost/?code=abc&state=s#_"
    assert pasted(whole, state="s", alone=False) == "abc"
    with pytest.raises(AccountRefused, match="whole address"):
        pasted("abc", state="s", alone=False)
    assert pasted(" abc \n", state="s", alone=True) == "abc"


def test_what_instagram_hangs_on_a_code_is_taken_off():
    assert code_in({"code": "abc#_"}) == "abc"


def test_a_no_says_why_in_the_platforms_words_and_not_without_end():
    with pytest.raises(AccountRefused, match="The user denied") as caught:
        code_in({"error": "access_denied", "error_description": "The user denied " + "x" * 900})
    assert len(str(caught.value)) < 300


def test_a_server_that_breaks_meanwhile_is_not_taken_for_a_yes(sandbox, clock, script):
    found = sandbox.start("threads", account="eu")
    script.add("GET /access_token", Instead(status=502, body="no"))
    with pytest.raises((AccountRefused, NotSent, Ending)):
        sign_in(("threads", found), Desk(values_of(found), clock))
