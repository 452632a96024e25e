"""Slack keeps the contract over its stand-in, and says all that a webhook cannot."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from arrivals import watched
from contract import KEY, NOW, OTHER_KEY, Venue, measured, through_the_ledger
from hypothesis import given, settings
from hypothesis import strategies as st
from over_a_stand_in import OverAStandIn, Tokens, seen

from clocks import Clock
from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, NotSent, RateLimited
from scheduler.model import Account, Bucket, Draft, Receipt, Secret, ServedDirectory
from scheduler.platforms import NOWHERE, Slack, Unknown
from scheduler.sandbox import Garble, Instead, LoseAnswer

PUBLISH = "POST /services/<team>/<hook>/<token>"
ASK = f"{PUBLISH} without words"
PICTURE = "GET /<account>/<name>"
PLAIN = Draft(text="Words.", pictures=(), language="en")


def account_at(options, **more: str) -> Account:
    return Account(name="eu", platform="slack", options={**options, **more})


def connected(sandbox, address, **more: str) -> Slack:
    tokens = Tokens(address.secrets)
    return Slack(account_at(address.options, **more), tokens=tokens, host=sandbox.host("eu"))


def word(status: int, code: str, **headers: str) -> Instead:
    return Instead(status=status, body=code, headers=headers)


class TestSlack(OverAStandIn):
    name = "slack"

    @pytest.fixture
    def venue(self, sandbox, address):
        return Venue(
            account=account_at(address.options),
            platform=connected(sandbox, address),
            public=lambda: seen(sandbox),
            notes=False,
            languages=False,
            keys=False,
            doubles=True,
            finds=False,
            answers=False,
            withdraws=False,
        )

    def published(self, venue, draft, **more) -> Receipt:
        return venue.platform.publish(venue.platform.stage(draft, due=NOW, **more), key=KEY)

    def test_what_looks_like_markup_is_shown_as_it_is_written(self, sandbox, venue):
        text = "<b>1 & 2</b> *not* _bold_ ~x~ `y` <!channel> <@U1> :wave: https://e.org/a_b_c."
        self.published(venue, replace(PLAIN, text=text))
        assert sandbox.public("eu")[0].text == text

    def test_an_address_is_a_link_without_the_full_stop_behind_it(self, venue):
        staged = venue.platform.stage(replace(PLAIN, text="See https://e.org/a. Now."), due=NOW)
        (section,) = staged.request["blocks"][0]["elements"]
        assert section["elements"] == [
            {"type": "text", "text": "See "},
            {"type": "link", "url": "https://e.org/a"},
            {"type": "text", "text": ". Now."},
        ]

    def test_a_receipt_is_the_name_of_a_block_that_follows_from_the_key(self, sandbox, venue):
        staged = venue.platform.stage(PLAIN, due=NOW)
        one = venue.platform.publish(staged, key=KEY)
        other = venue.platform.publish(staged, key=OTHER_KEY)
        assert [post.id for post in sandbox.public("eu")] == [one.id, other.id]
        assert one.id != other.id
        assert venue.platform.publish(staged, key=KEY).id == one.id

    def test_where_pictures_lie_nowhere_nothing_is_sent(self, venue, address, draft):
        slack = Slack(venue.account, tokens=Tokens(address.secrets), host=NOWHERE)
        with pytest.raises(AccountRefused, match="no place for public pictures"):
            slack.stage(draft, due=NOW)
        assert venue.public() == []

    @pytest.mark.parametrize(
        "fault", [Instead(status=404), Instead(status=302), Instead(status=200, body="<html>")]
    )
    def test_a_picture_that_cannot_be_fetched_just_then_is_tried_again(
        self, venue, draft, script, fault
    ):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(PICTURE, fault)
        assert type(self.ending(venue, staged)) is NotSent
        assert venue.public() == []
        venue.platform.publish(staged, key=KEY)
        assert venue.public() == [venue.seen(draft)]

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
        assert "look there" in found.reason
        assert venue.platform.standing(since=NOW - timedelta(days=1)) is None

    @pytest.mark.parametrize("body", ["<html>", "{}", "", "okay", "OK"])
    def test_a_200_that_is_not_ok_is_ambiguous(self, venue, script, body):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUBLISH, Garble(status=200, body=body))
        assert type(self.ending(venue, staged)) is Ambiguous

    @pytest.mark.parametrize(
        ("status", "code"),
        [
            (403, "invalid_token"),
            (403, "action_prohibited"),
            (404, "no_service"),
            (404, "channel_not_found"),
            (410, "channel_is_archived"),
            (400, "user_not_found"),
            (403, "posting_to_general_channel_denied"),
            (500, "no_active_hooks"),
        ],
    )
    def test_a_webhook_that_may_not_post_is_refused(self, venue, script, status, code):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUBLISH, word(status, code))
        ending = self.ending(venue, staged)
        assert type(ending) is AccountRefused
        assert code in str(ending)

    @pytest.mark.parametrize("code", ["invalid_payload", "invalid_blocks", "too_many_attachments"])
    def test_what_slack_will_not_take_is_rejected(self, venue, script, code):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUBLISH, word(400, code))
        ending = self.ending(venue, staged)
        assert type(ending) is ContentRejected
        assert code in str(ending)

    @pytest.mark.parametrize("status", [500, 503])
    def test_an_error_of_the_server_proves_nothing(self, venue, script, status):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUBLISH, word(status, "rollup_error"))
        assert type(self.ending(venue, staged)) is Ambiguous

    def test_the_61st_message_in_a_minute_must_wait(self, venue, clock):
        for number in range(60):
            self.published(venue, replace(PLAIN, text=f"Number {number}."))
        staged = venue.platform.stage(PLAIN, due=NOW)
        ending = self.ending(venue, staged)
        assert type(ending) is RateLimited
        clock.instant += timedelta(seconds=ending.retry_after)
        venue.platform.publish(staged, key=KEY)

    def test_a_redirect_is_not_followed_and_not_repeated(self, venue, address, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUBLISH, word(302, "", Location=address.secrets["webhook"]))
        ending = self.ending(venue, staged)
        assert type(ending) is AccountRefused
        assert address.secrets["webhook"].rpartition("/")[2] not in str(ending)

    def test_one_unit_too_many_is_refused_by_slack_too(self, venue):
        fits = replace(PLAIN, text="🌻" * 1500)
        assert measured(venue.platform, fits, "text").excess == 0
        self.published(venue, fits)
        long = replace(PLAIN, text="🌻" * 1500 + "a")
        assert measured(venue.platform, long, "text").excess == 1
        assert type(self.ending(venue, venue.platform.stage(long, due=NOW))) is ContentRejected

    # ── who it is, and its secret ───────────────────────────────────────────────────────────────

    def test_asking_who_it_is_posts_nothing_and_finds_an_archived_channel(self, sandbox, venue):
        assert venue.platform.whoami().id.startswith("T")
        sandbox._stand_ins["slack", ""].archive("eu")
        with pytest.raises(AccountRefused, match="channel_is_archived"):
            venue.platform.whoami()
        assert venue.public() == []

    @pytest.mark.parametrize("body", ["ok", "invalid_payload", ""])
    def test_a_message_of_no_words_that_is_not_refused_as_such_proves_nothing(
        self, venue, script, body
    ):
        script.add(ASK, Instead(status=200, body=body))
        with pytest.raises(Ambiguous):
            venue.platform.whoami()

    def test_a_live_post_stands_in_its_workspace(self):
        slack = Slack(account_at({}), tokens=Tokens({}))
        assert slack._site("T0123") == "https://app.slack.com/client/T0123"

    def test_a_log_of_everything_holds_no_secret(self, venue, address, draft, script, caplog):
        script.add(PUBLISH, Garble(status=500))
        with caplog.at_level(logging.DEBUG):
            venue.platform.whoami()
            ending = self.ending(venue, venue.platform.stage(draft, due=NOW))
            self.published(venue, PLAIN)
        token = address.secrets["webhook"].rpartition("/")[2]
        assert "/services/***" in caplog.text
        assert token not in caplog.text
        assert token not in str(ending)

    @pytest.mark.parametrize(
        "webhook",
        [
            "",
            "https://hooks.slack.example/services/T01/B01/abcdefghijkl",
            "http://hooks.slack.com/services/T01/B01/abcdefghijkl",
            "https://hooks.slack.com/services/T01/B01/abcdefghijkl/../x",
            "https://hooks.slack.com/workflows/T01/B01/abcdefghijkl",
        ],
    )
    def test_what_is_no_webhook_of_slack_is_never_asked(self, venue, webhook):
        wrong = Slack(venue.account, tokens=Tokens({"webhook": webhook}))
        with pytest.raises(AccountRefused, match="none of Slack's") as refused:
            wrong.whoami()
        assert not webhook or webhook not in str(refused.value)

    def test_a_picture_that_is_not_in_its_place_yet_is_tried_again_later(
        self, venue, address, draft
    ):
        class Away:
            def address(self, _picture):
                raise NotSent("the web server does not answer")

        slack = Slack(venue.account, tokens=Tokens(address.secrets), host=Away())
        with pytest.raises(NotSent, match="does not answer"):
            slack.stage(draft, due=NOW)


@pytest.mark.parametrize(
    ("hosting", "names"),
    [
        (None, []),  # said of every platform that fetches pictures
        (ServedDirectory(directory="d", address="https://example.org"), []),
        (Bucket(name="b", address="https://example.org"), []),
        (Bucket(name="b"), ["hosting"]),
    ],
)
def test_addresses_that_are_good_for_a_day_are_too_short_for_readers(hosting, names):
    secrets = {"webhook": Secret(kind="env", name="X")}
    account = Account(name="eu", platform="slack", secrets=secrets, hosting=hosting)
    assert [name for name, _ in Slack.problems(account)] == names


WORDS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=60
) | st.text(alphabet="*_~`<>&@:/.()htps#a1 \n", min_size=1, max_size=40)


@pytest.fixture(scope="module")
def always_open():
    clock = Clock()
    with watched(now=clock.now) as sandbox:
        yield clock, sandbox, connected(sandbox, sandbox.start("slack", account="eu"))


@given(text=WORDS.filter(lambda text: text.strip()))
@settings(max_examples=80, deadline=None)
def test_whatever_is_written_is_shown_letter_by_letter(always_open, text):
    clock, sandbox, platform = always_open
    clock.instant += timedelta(minutes=1)
    platform.publish(platform.stage(replace(PLAIN, text=text), due=NOW), key=KEY)
    assert sandbox.public("eu")[-1].text == text
