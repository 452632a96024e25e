"""Telegram keeps the contract over its stand-in, says what it cannot, and hides its token."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from arrivals import watched
from contract import KEY, NOW, Venue, measured, picture, through_the_ledger
from hypothesis import given, settings
from hypothesis import strategies as st
from over_a_stand_in import OverAStandIn, Tokens, seen

from clocks import Clock
from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, NotSent, RateLimited
from scheduler.model import Account, Draft, Receipt
from scheduler.platforms import Alts, Telegram, Unknown
from scheduler.platforms.counting import utf16_units
from scheduler.sandbox import Garble, Instead, LoseAnswer

MESSAGE = "POST /bot<token>/sendMessage"
PHOTO = "POST /bot<token>/sendPhoto"
ALBUM = "POST /bot<token>/sendMediaGroup"
DELETE = "POST /bot<token>/deleteMessages"
MEMBER = "POST /bot<token>/getChatMember"
CHAT = "POST /bot<token>/getChat"
ME = "POST /bot<token>/getMe"
PLAIN = Draft(text="Words.", pictures=(), language="en")
TOKEN = "123456:AAHnotatokenofanybodyatallbutlong"


def account_at(options, **more: str) -> Account:
    return Account(name="eu", platform="telegram", options={**options, **more})


def connected(address, **more: str) -> Telegram:
    return Telegram(account_at(address.options, **more), tokens=Tokens(address.secrets))


def problem(status: int, description: str, **parameters) -> Instead:
    said = {"ok": False, "error_code": status, "description": description}
    return Instead(status=status, body=json.dumps({**said, "parameters": parameters}))


def venue_at(sandbox, address, kept, **more) -> Venue:
    return Venue(
        account=account_at(address.options, **more),
        platform=connected(address, **more),
        public=lambda: seen(sandbox),
        notes=False,
        languages=False,
        keys=False,
        doubles=True,
        finds=False,
        alts=kept,
    )


class TestTelegramWithDescriptionsInTheCaption(OverAStandIn):
    name = "telegram"

    @pytest.fixture
    def venue(self, sandbox, address):
        return venue_at(sandbox, address, Alts.TEXT, alts="caption")


class TestTelegram(OverAStandIn):
    name = "telegram"

    @pytest.fixture
    def venue(self, sandbox, address):
        return venue_at(sandbox, address, Alts.LOST)

    def published(self, venue, draft, **more) -> Receipt:
        return venue.platform.publish(venue.platform.stage(draft, due=NOW, **more), key=KEY)

    # ── what is sent ────────────────────────────────────────────────────────────────────────────

    def test_a_content_note_stands_first_and_covers_the_pictures(self, sandbox, venue, draft):
        self.published(venue, draft)
        self.published(venue, replace(draft, note=""))
        covered, open_ = sandbox.public("eu")
        assert (covered.covered, open_.covered) == (True, False)
        assert covered.text.startswith("menciona violencia\n\nUno de cada tres.")

    def test_what_looks_like_markup_is_only_letters(self, venue, draft, tmp_path):
        text = "<b>1 & 2</b> *not* _bold_ [x](y) `z` ~ > # + - = | { } . ! \\ &lt;"
        self.published(venue, replace(PLAIN, text=text))
        one = picture(tmp_path, "teal", "A card")
        self.published(venue, replace(PLAIN, text=text, pictures=(one,)))
        assert [each.text for each in venue.public()] == [text, text]

    def test_a_receipt_keeps_all_messages_of_an_album_and_says_where_the_first_stands(
        self, sandbox, venue, draft
    ):
        receipt = self.published(venue, draft)
        assert receipt.id == "1,2"
        assert receipt.url == sandbox.public("eu")[0].url
        assert receipt.url.endswith("/1")

    def test_a_channel_stands_on_telegrams_own_site(self, address):
        live = {**address.options, "channel": "@network"}
        for options in (live, {**live, "sandbox": "false"}):
            telegram = Telegram(account_at(options), tokens=Tokens({}))
            said = {"message_id": 7, "chat": {"username": "network"}}
            at = "https://t.me" if options["sandbox"] == "false" else address.server
            assert telegram._receipt([said]).url == f"{at}/network/7"
        private = {"channel": "-1001234567890"}
        telegram = Telegram(account_at(private), tokens=Tokens({}))
        assert telegram._receipt([{"message_id": 7}]).url == "https://t.me/c/1234567890/7"

    def test_withdrawing_takes_down_every_message_of_the_post_and_no_other(self, venue, draft):
        first, second = self.published(venue, draft), self.published(venue, draft)
        venue.platform.withdraw(first)
        assert venue.public() == [venue.seen(draft)]
        venue.platform.withdraw(second)
        assert venue.public() == []

    def test_what_a_person_resolved_is_answered_and_taken_down_by_its_number(self, venue):
        self.published(venue, PLAIN)
        resolved = Receipt(id="1", url="https://t.me/network/1")
        self.published(venue, replace(PLAIN, text="More."), reply_to=resolved)
        assert venue.public()[1].reply_to == "1"
        venue.platform.withdraw(resolved)
        assert [each.text for each in venue.public()] == ["More."]

    def test_a_deletion_that_is_not_said_to_be_one_is_none(self, venue, script):
        receipt = self.published(venue, PLAIN)
        script.add(DELETE, Instead(status=200, body='{"ok": true, "result": false}'))
        with pytest.raises(Ambiguous, match="did not say"):
            venue.platform.withdraw(receipt)

    def test_what_nobody_knows_the_number_of_is_left_to_a_person(self, venue):
        resolved = Receipt(id="network", url="https://t.me/network")
        with pytest.raises(ContentRejected, match=r"look at https://t\.me/network"):
            venue.platform.withdraw(resolved)
        with pytest.raises(ContentRejected, match="which message"):
            venue.platform.stage(PLAIN, reply_to=resolved, due=NOW)

    def test_a_card_that_changes_between_the_stage_and_the_send_is_not_sent(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        draft.pictures[1].file.write_bytes(b"\xff\xd8\xff another")
        assert type(self.ending(venue, staged)) is NotSent
        assert venue.public() == []

    def test_what_is_staged_holds_no_secret(self, venue, address, draft):
        staged = json.dumps(dict(venue.platform.stage(draft, due=NOW).request))
        assert address.secrets["token"] not in staged

    # ── how it ends ─────────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize("number", [1, 2], ids=["photo", "album"])
    @pytest.mark.parametrize("fault", [LoseAnswer(), Garble(status=500)], ids=["lost", "500"])
    def test_what_became_of_a_lost_answer_only_a_person_can_see(
        self, venue, draft, goes_wrong, number, fault
    ):
        staged = venue.platform.stage(replace(draft, pictures=draft.pictures[:number]), due=NOW)
        goes_wrong(fault)
        assert type(self.ending(venue, staged)) is Ambiguous
        found = venue.platform.find(through_the_ledger(staged), key=KEY, since=NOW)
        assert isinstance(found, Unknown)
        assert "look there" in found.reason
        assert venue.platform.standing(since=NOW - timedelta(days=1)) is None

    @pytest.mark.parametrize(
        "body", ["<html>", "[]", "{}", '{"ok": true}', '{"ok": true, "result": {}}', ""]
    )
    def test_a_200_that_cannot_be_read_is_ambiguous(self, venue, script, body):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(MESSAGE, Garble(status=200, body=body))
        assert type(self.ending(venue, staged)) is Ambiguous

    def test_an_album_of_no_messages_is_ambiguous(self, venue, draft, script):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(ALBUM, Garble(status=200, body='{"ok": true, "result": []}'))
        assert type(self.ending(venue, staged)) is Ambiguous

    @pytest.mark.parametrize(
        "refusal",
        [
            problem(401, "Unauthorized"),
            problem(404, "Not Found"),
            problem(403, "Forbidden: bot was kicked from the channel chat"),
            problem(403, "Forbidden: bot is not a member of the channel chat"),
            problem(400, "Bad Request: chat not found"),
            problem(400, "Bad Request: need administrator rights in the channel chat"),
            problem(400, "Bad Request: not enough rights to send photos to the chat"),
            problem(400, "Bad Request: have no rights to send a message"),
            problem(400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
        ],
        ids=lambda each: json.loads(each.body)["description"],
    )
    def test_a_bot_that_may_not_post_is_refused(self, venue, script, refusal):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(MESSAGE, refusal)
        ending = self.ending(venue, staged)
        assert type(ending) is AccountRefused
        assert json.loads(refusal.body)["description"] in str(ending)

    @pytest.mark.parametrize(
        "description",
        [
            "Bad Request: message is too long",
            "Bad Request: message caption is too long",
            "Bad Request: message to be replied not found",
            "Bad Request: PHOTO_INVALID_DIMENSIONS",
            "Bad Request: message text is empty",
        ],
    )
    def test_words_and_pictures_that_it_will_not_take_are_rejected(
        self, venue, script, description
    ):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(MESSAGE, problem(400, description))
        ending = self.ending(venue, staged)
        assert type(ending) is ContentRejected
        assert description in str(ending)

    @pytest.mark.parametrize(("said", "wait"), [(35, 35), (10**9, 86_400), (-1, 0), ("x", None)])
    def test_too_many_says_when_to_come_again(self, venue, script, said, wait):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(MESSAGE, problem(429, "Too Many Requests", retry_after=said))
        ending = self.ending(venue, staged)
        assert type(ending) is RateLimited
        assert ending.retry_after == wait

    def test_the_21st_message_in_a_minute_must_wait(self, venue, clock):
        for number in range(20):
            self.published(venue, replace(PLAIN, text=f"Number {number}."))
        staged = venue.platform.stage(PLAIN, due=NOW)
        ending = self.ending(venue, staged)
        assert type(ending) is RateLimited
        clock.instant += timedelta(seconds=ending.retry_after)
        venue.platform.publish(staged, key=KEY)

    def test_a_reply_to_a_post_that_is_gone_is_rejected(self, venue):
        staged = venue.platform.stage(PLAIN, reply_to=Receipt(id="17", url=""), due=NOW)
        assert type(self.ending(venue, staged)) is ContentRejected

    @pytest.mark.parametrize("status", [301, 302, 307])
    def test_a_redirect_is_not_followed_and_not_repeated(self, venue, address, script, status):
        staged = venue.platform.stage(PLAIN, due=NOW)
        to = f"https://elsewhere.example/bot{address.secrets['token']}/sendMessage"
        script.add(MESSAGE, Instead(status=status, headers={"Location": to}))
        ending = self.ending(venue, staged)
        assert type(ending) is AccountRefused
        assert address.secrets["token"] not in str(ending)

    # ── the limits are Telegram's ───────────────────────────────────────────────────────────────

    @pytest.mark.parametrize("pictures", [0, 1, 2])
    def test_one_unit_too_many_is_refused_by_telegram_too(self, venue, draft, pictures):
        shown = replace(draft, note="", pictures=draft.pictures[:pictures])
        limit = 1024 if pictures else 4096
        fits = replace(shown, text="🌻" * (limit // 2))
        assert measured(venue.platform, fits, "text").excess == 0
        self.published(venue, fits)
        long = replace(shown, text="🌻" * (limit // 2) + "a")
        assert measured(venue.platform, long, "text").excess == 1
        assert type(self.ending(venue, venue.platform.stage(long, due=NOW))) is ContentRejected

    def test_ten_pictures_are_an_album_and_eleven_are_refused(self, venue, draft, tmp_path):
        many = replace(draft, pictures=(picture(tmp_path, "teal", "A card"),) * 10)
        assert measured(venue.platform, many, "pictures").excess == 0
        assert len(self.published(venue, many).id.split(",")) == 10
        more = venue.platform.stage(replace(many, pictures=many.pictures * 2), due=NOW)
        assert type(self.ending(venue, more)) is ContentRejected

    def test_descriptions_in_the_caption_count_there(self, address, draft):
        without, with_ = connected(address), connected(address, alts="caption")
        longer = utf16_units("".join(f"\n\n🖼 {each.alt}" for each in draft.pictures))
        difference = measured(with_, draft, "text").used - measured(without, draft, "text").used
        assert difference == longer

    def test_a_part_without_pictures_has_no_descriptions(self, sandbox, address):
        platform = connected(address, alts="caption")
        platform.publish(platform.stage(PLAIN, due=NOW), key=KEY)
        assert sandbox.public("eu")[0].text == "Words."

    # ── who it is ───────────────────────────────────────────────────────────────────────────────

    def test_it_is_the_channel_that_it_is(self, venue, address):
        identity = venue.platform.whoami()
        assert identity.name == address.options["channel"]
        assert identity.id.startswith("-100")
        assert identity.url == f"{address.server}/{address.options['channel'][1:]}"

    @pytest.mark.parametrize(
        ("member", "lacking"),
        [
            ({"status": "left"}, "can_post_messages"),
            ({"status": "member"}, "can_post_messages"),
            ({"status": "administrator", "can_delete_messages": True}, "can_post_messages"),
            ({"status": "administrator", "can_post_messages": True}, "can_delete_messages"),
        ],
    )
    def test_a_bot_without_its_rights_is_found_before_anything_is_due(
        self, venue, script, member, lacking
    ):
        script.add(MEMBER, Instead(status=200, body=json.dumps({"ok": True, "result": member})))
        with pytest.raises(AccountRefused, match=f"lacks {lacking}.*administrator"):
            venue.platform.whoami()

    def test_the_owner_of_a_channel_has_every_right(self, venue, script):
        member = {"status": "creator"}
        script.add(MEMBER, Instead(status=200, body=json.dumps({"ok": True, "result": member})))
        assert venue.platform.whoami()

    @pytest.mark.parametrize("kind", ["private", "group", "supergroup"])
    def test_what_is_no_channel_is_refused(self, venue, script, kind):
        chat = {"id": 7, "type": kind, "title": "A chat"}
        script.add(CHAT, Instead(status=200, body=json.dumps({"ok": True, "result": chat})))
        with pytest.raises(AccountRefused, match=f"no channel, but a {kind}"):
            venue.platform.whoami()

    def test_a_private_channel_is_called_by_its_title(self, venue, script):
        chat = {"id": -1001234567890, "type": "channel", "title": "Our channel"}
        script.add(CHAT, Instead(status=200, body=json.dumps({"ok": True, "result": chat})))
        assert venue.platform.whoami().name == "Our channel"

    # ── its token ───────────────────────────────────────────────────────────────────────────────

    def test_a_log_of_everything_holds_no_token(self, venue, address, draft, script, caplog):
        script.add(ALBUM, Garble(status=500))
        with caplog.at_level(logging.DEBUG):
            venue.platform.whoami()
            self.published(venue, PLAIN)
            self.ending(venue, venue.platform.stage(draft, due=NOW))
        assert "/bot***" in caplog.text
        assert address.secrets["token"] not in caplog.text

    def test_no_error_holds_the_token_whatever_the_server_repeats(self, venue, address, script):
        token = address.secrets["token"]
        for said in (
            problem(400, f"Bad Request: /bot{token}/sendMessage"),
            Instead(status=500, body=json.dumps({"error": token})),
            Instead(status=200, body=json.dumps({"ok": False, "description": token})),
        ):
            script.add(MESSAGE, said)
            ending = self.ending(venue, venue.platform.stage(PLAIN, due=NOW))
            assert token not in str(ending)
            assert "***" in str(ending)

    def test_where_nobody_listens_the_error_does_not_hold_it_either(self, venue, address, sandbox):
        staged = venue.platform.stage(PLAIN, due=NOW)
        sandbox.leave("telegram")
        ending = self.ending(venue, staged)
        sandbox.come_back("telegram")
        assert address.secrets["token"] not in repr(ending)
        assert ending.__cause__ is None

    @pytest.mark.parametrize("token", ["", "no token", "99887766", f"{TOKEN}/../x", f"{TOKEN}\n"])
    def test_what_is_no_token_is_never_sent(self, venue, token):
        wrong = Telegram(venue.account, tokens=Tokens({"token": token}))
        with pytest.raises(AccountRefused, match="the token is none of a bot") as refused:
            wrong.whoami()
        assert not token or token not in str(refused.value)

    def test_a_revoked_token_is_refused(self, venue):
        with pytest.raises(AccountRefused, match="401"):
            Telegram(venue.account, tokens=Tokens({"token": TOKEN})).whoami()

    def test_another_bots_channel_is_refused(self, sandbox, venue, address):
        other = sandbox.start("telegram", account="other")
        stranger = connected(address, channel=other.options["channel"])
        with pytest.raises(AccountRefused, match="not a member"):
            stranger.publish(stranger.stage(PLAIN, due=NOW), key=KEY)


@pytest.mark.parametrize("channel", ["@network", "@Net_work1", "-1001234567890"])
def test_a_channel_has_a_name_or_a_number(channel):
    account = account_at({"server": "http://localhost:1", "sandbox": "true"}, channel=channel)
    assert Telegram.problems(account) == ()


@pytest.mark.parametrize(
    "channel", ["network", "@net-work", "https://t.me/network", "12345", "@n", "@1abcde"]
)
def test_what_is_no_channel_is_said(channel):
    account = account_at({"server": "http://localhost:1", "sandbox": "true"}, channel=channel)
    ((name, said),) = Telegram.problems(account)
    assert (name, channel in said) == ("channel", True)


@pytest.mark.parametrize(
    ("text", "units"),
    [("", 0), ("abc", 3), ("é", 1), ("e\u0301", 2), ("🌻", 2), ("👩‍👩‍👧", 8), ("한", 1)],
)
def test_telegram_counts_utf16_units(text, units):
    assert utf16_units(text) == units


def test_it_counts_as_fast_as_a_person_types():
    begun = time.perf_counter()
    utf16_units("🌻a" * 100_000)
    assert time.perf_counter() - begun < 1


WORDS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40
)


@pytest.fixture(scope="module")
def always_open():
    clock = Clock()
    with watched(now=clock.now) as sandbox:
        yield clock, sandbox, connected(sandbox.start("telegram", account="eu"))


@given(text=WORDS.filter(lambda text: text.strip()))
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_arrives_letter_by_letter(always_open, text):
    clock, sandbox, platform = always_open
    clock.instant += timedelta(minutes=1)
    platform.publish(platform.stage(replace(PLAIN, text=text), due=NOW), key=KEY)
    assert sandbox.public("eu")[-1].text == text.strip()
