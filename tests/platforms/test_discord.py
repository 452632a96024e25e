"""Discord keeps the contract over its stand-in, and shows every letter that was written."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from arrivals import watched
from contract import KEY, NOW, Venue, measured, through_the_ledger
from hypothesis import given, settings
from hypothesis import strategies as st
from over_a_stand_in import OverAStandIn, Tokens, seen

from clocks import Clock
from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, NotSent, RateLimited
from scheduler.model import Account, Draft, Receipt
from scheduler.platforms import Discord, Unknown
from scheduler.platforms.markdown import literal
from scheduler.sandbox import Garble, Instead, LoseAnswer
from scheduler.sandbox.discord.text import shown

EXECUTE = "POST /api/v10/webhooks/<hook>/<token>"
SHOW = "GET /api/v10/webhooks/<hook>/<token>"
DELETE = "DELETE /api/v10/webhooks/<hook>/<token>/messages/<message>"
PLAIN = Draft(text="Words.", pictures=(), language="en")


def account_at(options, **more: str) -> Account:
    return Account(name="eu", platform="discord", options={**options, **more})


def connected(address, **more: str) -> Discord:
    return Discord(account_at(address.options, **more), tokens=Tokens(address.secrets))


def problem(status: int, code: int, message: str, **more) -> Instead:
    return Instead(status=status, body=json.dumps({"code": code, "message": message, **more}))


class TestDiscord(OverAStandIn):
    name = "discord"

    @pytest.fixture
    def venue(self, sandbox, address):
        return Venue(
            account=account_at(address.options),
            platform=connected(address),
            public=lambda: seen(sandbox),
            notes=False,
            languages=False,
            keys=False,
            doubles=True,
            finds=False,
            answers=False,
        )

    def published(self, venue, draft, **more) -> Receipt:
        return venue.platform.publish(venue.platform.stage(draft, due=NOW, **more), key=KEY)

    def test_a_content_note_stands_first_and_covers_the_pictures(self, sandbox, venue, draft):
        self.published(venue, draft)
        self.published(venue, replace(draft, note=""))
        covered, open_ = sandbox.public("eu")
        assert (covered.covered, open_.covered) == (True, False)

    def test_a_receipt_says_where_the_post_stands(self, sandbox, venue):
        assert self.published(venue, PLAIN).url == sandbox.public("eu")[0].url

    def test_a_live_post_stands_on_discords_own_site(self, venue, script):
        account = replace(venue.account, options={})
        discord = Discord(account, tokens=Tokens({}))
        said = {"channel_id": "2", "guild_id": "1", "name": "Campaign"}
        # Nothing is asked of Discord itself: what it would answer comes from the stand-in's side.
        script.add(SHOW, Instead(status=200, body=json.dumps(said)))
        discord._ask = lambda *_a, **_m: venue.platform._ask("GET", "")
        assert discord.whoami().url == "https://discord.com/channels/1/2"

    def test_a_card_that_changes_between_the_stage_and_the_send_is_not_sent(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        draft.pictures[0].file.write_bytes(b"another")
        assert type(self.ending(venue, staged)) is NotSent
        assert venue.public() == []

    def test_what_is_staged_holds_no_secret(self, venue, address, draft):
        staged = json.dumps(dict(venue.platform.stage(draft, due=NOW).request))
        assert address.secrets["webhook"].rpartition("/")[2] not in staged

    # ── how it ends ─────────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize("fault", [LoseAnswer(), Garble(status=500)], ids=["lost", "500"])
    def test_what_became_of_a_lost_answer_only_a_person_can_see(
        self, venue, draft, goes_wrong, fault
    ):
        staged = venue.platform.stage(draft, due=NOW)
        goes_wrong(fault)
        assert type(self.ending(venue, staged)) is Ambiguous
        found = venue.platform.find(through_the_ledger(staged), key=KEY, since=NOW)
        assert isinstance(found, Unknown)
        assert "/channels/" in found.reason
        assert venue.platform.standing(since=NOW - timedelta(days=1)) is None

    @pytest.mark.parametrize("body", ["<html>", "[]", "{}", '{"id": 7}', '{"id": ""}', ""])
    def test_a_200_that_cannot_be_read_is_ambiguous(self, venue, script, body):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(EXECUTE, Garble(status=200, body=body))
        assert type(self.ending(venue, staged)) is Ambiguous

    @pytest.mark.parametrize(
        "refusal",
        [
            problem(401, 50027, "Invalid Webhook Token"),
            problem(404, 10015, "Unknown Webhook"),
            problem(403, 50013, "Missing Permissions"),
        ],
        ids=lambda each: json.loads(each.body)["message"],
    )
    def test_a_webhook_that_may_not_post_is_refused(self, venue, script, refusal):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(EXECUTE, refusal)
        ending = self.ending(venue, staged)
        assert type(ending) is AccountRefused
        said = json.loads(refusal.body)
        assert said["message"] in str(ending)
        assert str(said["code"]) in str(ending)

    @pytest.mark.parametrize(
        "refusal",
        [
            problem(400, 50035, "Invalid Form Body"),
            problem(400, 20009, "Explicit content cannot be sent to the desired recipient"),
            problem(413, 40005, "Request entity too large"),
        ],
        ids=lambda each: json.loads(each.body)["message"],
    )
    def test_what_discord_will_not_take_is_rejected(self, venue, script, refusal):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(EXECUTE, refusal)
        assert type(self.ending(venue, staged)) is ContentRejected

    @pytest.mark.parametrize(("said", "wait"), [(1.5, 1.5), (10**9, 86_400), (-1, 0), ("x", None)])
    def test_too_many_says_when_to_come_again(self, venue, script, said, wait):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(EXECUTE, problem(429, 0, "You are being rate limited.", retry_after=said))
        ending = self.ending(venue, staged)
        assert type(ending) is RateLimited
        assert ending.retry_after == wait

    def test_the_31st_message_in_a_minute_must_wait(self, venue, clock):
        for number in range(30):
            self.published(venue, replace(PLAIN, text=f"Number {number}."))
        staged = venue.platform.stage(PLAIN, due=NOW)
        ending = self.ending(venue, staged)
        assert type(ending) is RateLimited
        clock.instant += timedelta(seconds=ending.retry_after)
        venue.platform.publish(staged, key=KEY)

    @pytest.mark.parametrize("status", [301, 302, 307])
    def test_a_redirect_is_not_followed_and_not_repeated(self, venue, address, script, status):
        staged = venue.platform.stage(PLAIN, due=NOW)
        to = address.secrets["webhook"]
        script.add(EXECUTE, Instead(status=status, headers={"Location": to}))
        ending = self.ending(venue, staged)
        assert type(ending) is AccountRefused
        assert to.rpartition("/")[2] not in str(ending)

    def test_what_somebody_else_took_down_is_gone_and_no_webhook_is_no_success(self, venue, script):
        receipt = self.published(venue, PLAIN)
        script.add(DELETE, problem(404, 10015, "Unknown Webhook"))
        with pytest.raises(AccountRefused, match="Unknown Webhook"):
            venue.platform.withdraw(receipt)
        assert len(venue.public()) == 1

    # ── its limits, and its markup ──────────────────────────────────────────────────────────────

    def test_one_unit_too_many_is_refused_by_discord_too(self, venue):
        fits = replace(PLAIN, text="🌻" * 1000)
        assert measured(venue.platform, fits, "text").excess == 0
        self.published(venue, fits)
        long = replace(PLAIN, text="🌻" * 1000 + "a")
        assert measured(venue.platform, long, "text").excess == 1
        assert type(self.ending(venue, venue.platform.stage(long, due=NOW))) is ContentRejected

    def test_what_keeps_a_sign_from_being_markup_counts(self, venue):
        assert measured(venue.platform, replace(PLAIN, text="*a* _b_"), "text").used == 11

    def test_everybody_is_only_a_word(self, venue, sandbox):
        self.published(venue, replace(PLAIN, text="@everyone and @here <@1>"))
        assert sandbox.public("eu")[0].text == "@everyone and @here <@1>"

    def test_one_character_too_many_of_an_alt_text_is_refused(self, venue, draft):
        def described(length):
            shown_ = replace(draft.pictures[0], alt="a" * length)
            return venue.platform.stage(replace(draft, pictures=(shown_,)), due=NOW)

        venue.platform.publish(described(1024), key=KEY)
        assert type(self.ending(venue, described(1025))) is ContentRejected

    # ── its secret ──────────────────────────────────────────────────────────────────────────────

    def test_it_is_the_channel_that_it_posts_in(self, venue, address):
        identity = venue.platform.whoami()
        assert (
            identity.url == f"{address.server}/channels/{identity.url.rpartition('channels/')[2]}"
        )
        assert identity.url.endswith(identity.id)

    def test_a_log_of_everything_holds_no_secret(self, venue, address, draft, script, caplog):
        script.add(EXECUTE, Garble(status=500))
        with caplog.at_level(logging.DEBUG):
            venue.platform.whoami()
            ending = self.ending(venue, venue.platform.stage(draft, due=NOW))
            venue.platform.withdraw(self.published(venue, PLAIN))
        token = address.secrets["webhook"].rpartition("/")[2]
        assert "/webhooks/" in caplog.text
        assert token not in caplog.text
        assert token not in str(ending)

    @pytest.mark.parametrize(
        "webhook",
        [
            "",
            "https://discord.com/api/webhooks/1/short",
            "https://discord.example/api/webhooks/12345/" + "t" * 60,
            "http://discord.com/api/webhooks/12345/" + "t" * 60,
            "https://discord.com/api/webhooks/12345/" + "t" * 60 + "?x=1",
        ],
    )
    def test_what_is_no_webhook_of_discord_is_never_asked(self, venue, webhook):
        wrong = Discord(venue.account, tokens=Tokens({"webhook": webhook}))
        with pytest.raises(AccountRefused, match="none of Discord's") as refused:
            wrong.whoami()
        assert not webhook or webhook not in str(refused.value)

    @pytest.mark.parametrize("host", ["discord.com", "discordapp.com", "ptb.discord.com"])
    @pytest.mark.parametrize("version", ["", "v10/"])
    def test_the_address_may_be_any_that_discord_shows(self, venue, address, host, version):
        shown_ = address.secrets["webhook"].replace("discord.com/api/", f"{host}/api/{version}")
        assert Discord(venue.account, tokens=Tokens({"webhook": shown_})).whoami()


@pytest.mark.parametrize(
    "text",
    [
        "# No heading\n> no quotation\n- no list\n+ none\n-# no small print\n>>> none",
        "#Hashtag and #Another\n#Third",
        "**bold** __under__ ~~gone~~ ||spoiler|| `code` ```block```",
        "[a label](https://example.org/a_b_c) <https://example.org>",
        "https://example.org/a_b*c~d__e__ and _so_ on",
        "<@123> <#1> <:name:1> <t:1> </command:1>",
        "back\\slash \\*star",
        "1. first\n2. second",
        "¯\\_(ツ)_/¯",
    ],
)
def test_what_looks_like_markup_is_shown_as_it_is_written(text):
    assert shown(literal(text)) == text


@pytest.mark.parametrize("text", ["*a*", "# a", "||a||", "[a](https://e.org)", "<@1>"])
def test_the_stand_in_would_notice_markup(text):
    assert shown(text) != text


WORDS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=60
) | st.text(alphabet="*_~`|#>-+\\[]()<@: \nahttps/.1", min_size=1, max_size=40)


@pytest.fixture(scope="module")
def always_open():
    clock = Clock()
    with watched(now=clock.now) as sandbox:
        yield clock, sandbox, connected(sandbox.start("discord", account="eu"))


@given(text=WORDS.filter(lambda text: text.strip()))
@settings(max_examples=80, deadline=None)
def test_whatever_is_written_is_shown_letter_by_letter(always_open, text):
    clock, sandbox, platform = always_open
    clock.instant += timedelta(minutes=1)
    platform.publish(platform.stage(replace(PLAIN, text=text), due=NOW), key=KEY)
    assert sandbox.public("eu")[-1].text == text.strip()
