"""X keeps the contract over its stand-in, and every way a call can end is sorted."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from arrivals import watched
from contract import (
    KEY,
    NOW,
    OTHER_KEY,
    Venue,
    measured,
    picture,
    through_the_ledger,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from over_a_stand_in import OverAStandIn, Tokens, seen

from clocks import Clock
from scheduler.errors import (
    AccountRefused,
    Ambiguous,
    ContentRejected,
    NotSent,
    RateLimited,
)
from scheduler.model import Account, Allowance, Comments, Draft, Receipt, Secret
from scheduler.platforms import Absent, Found, Unknown, X
from scheduler.sandbox import (
    Garble,
    Instead,
    LoseAnswer,
    Refuse,
    Script,
    rate_limited,
    unauthorised,
)

CREATE = "POST /2/tweets"
UPLOAD = "POST /2/media/upload"
DESCRIBE = "POST /2/media/metadata"
STATUS = "GET /2/media/upload"
LIST = "GET /2/users/<id>/tweets"
WHOAMI = "GET /2/users/me"
DELETE = "DELETE /2/tweets/<id>"
PLAIN = Draft(text="Words.", pictures=(), language="en")
SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


def account_at(options, **more: str) -> Account:
    return Account(name="eu", platform="x", options={**options, **more})


def connected(address, **more: str) -> X:
    return X(account_at(address.options, **more), tokens=Tokens(address.secrets))


def problem(status: int, detail: str, type_: str = "about:blank", **headers: str) -> Instead:
    said = {"title": "A title", "detail": detail, "type": type_, "status": status}
    return Instead(status=status, body=json.dumps(said), headers=headers)


class TestX(OverAStandIn):
    name = "x"

    @pytest.fixture
    def venue(self, sandbox, address):
        return Venue(
            account=account_at(address.options),
            platform=connected(address),
            public=lambda: seen(sandbox),
            notes=False,
            languages=False,
            keys=False,
            repeats=False,
        )

    def published(self, venue, draft, **more) -> Receipt:
        return venue.platform.publish(venue.platform.stage(draft, due=NOW, **more), key=KEY)

    def test_a_receipt_brings_what_is_left_of_the_rate_limit(self, venue):
        # Windows of a quarter of an hour begin with the epoch, and one begins at nine.
        allowance = Allowance(left=99, renews_in=timedelta(minutes=15))
        assert self.published(venue, PLAIN).allowance == allowance

    def test_a_receipt_says_where_the_post_stands(self, sandbox, venue):
        receipt = self.published(venue, PLAIN)
        assert receipt.url == sandbox.public("eu")[0].url

    # ── how publishing ends ─────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize(
        "fault", [LoseAnswer(), Garble(status=500), Garble(status=503)], ids=str
    )
    def test_an_answer_that_is_lost_is_ambiguous_and_the_post_is_found(
        self, venue, draft, script, fault
    ):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, fault)
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Found)

    @pytest.mark.parametrize(
        "body",
        ["<html>", "[]", "{}", '{"data": []}', '{"data": {"id": 7}}', '{"data": {"id": ""}}', ""],
    )
    def test_a_201_that_cannot_be_read_is_ambiguous_and_the_post_is_found(
        self, venue, draft, script, body
    ):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, Garble(status=201, body=body))
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Found)

    def test_a_200_with_errors_and_nothing_else_is_no_success(self, venue, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        said = {"errors": [{"detail": "Something went wrong.", "title": "Oh"}]}
        script.add(CREATE, Instead(status=200, body=json.dumps(said)))
        ending = self.ending(venue, staged)
        assert type(ending) is Ambiguous
        assert "Something went wrong." in str(ending)

    def test_a_line_cut_before_acceptance_is_ambiguous_and_the_post_is_absent(
        self, venue, draft, script
    ):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, Refuse())
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Absent)

    @pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504])
    def test_a_status_that_proves_nothing_is_ambiguous(self, venue, draft, script, status):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, Instead(status=status))
        assert type(self.ending(venue, staged)) is Ambiguous

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_a_redirect_is_not_followed(self, venue, script, status):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(CREATE, Instead(status=status, headers={"Location": "/2/tweets"}))
        ending = self.ending(venue, staged)
        assert type(ending) is AccountRefused
        assert "it has moved to /2/tweets" in str(ending)
        assert venue.public() == []

    @pytest.mark.parametrize(
        "refusal",
        [
            problem(401, "Unauthorized"),
            problem(402, "Your credits are depleted.", ".../problems/credits"),
            problem(429, "Usage cap exceeded", "https://api.x.com/2/problems/usage-capped"),
            problem(403, "Your app must be in a project", ".../problems/client-forbidden"),
            problem(403, "Your app has no right to write", ".../problems/oauth1-permissions"),
            problem(403, "Your account is suspended."),
            problem(403, "This url is not for you", ".../problems/unsupported-authentication"),
            problem(404, "Not Found"),
        ],
        ids=lambda each: f"{each.status} {json.loads(each.body)['detail']}",
    )
    def test_an_account_that_may_not_publish_is_refused(self, venue, script, refusal):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(CREATE, refusal)
        ending = self.ending(venue, staged)
        assert type(ending) is AccountRefused
        assert json.loads(refusal.body)["detail"] in str(ending)

    @pytest.mark.parametrize(
        "refusal",
        [
            problem(
                400, "$.colour: is not defined", "https://api.x.com/2/problems/invalid-request"
            ),
            problem(403, "You are not permitted to perform this action."),
            problem(403, "Posts are limited to a maximum of 1 cashtag."),
            problem(403, "The Tweet contains an invalid URL."),
            problem(403, "Reply to this conversation is not allowed because …"),
        ],
        ids=lambda each: f"{each.status} {json.loads(each.body)['detail']}",
    )
    def test_words_that_x_will_not_take_are_rejected(self, venue, script, refusal):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(CREATE, refusal)
        ending = self.ending(venue, staged)
        assert type(ending) is ContentRejected
        assert json.loads(refusal.body)["detail"] in str(ending)

    def test_one_character_too_many_is_rejected_by_x_too(self, venue):
        self.published(venue, replace(PLAIN, text="a" * 280))
        staged = venue.platform.stage(replace(PLAIN, text="b" * 281), due=NOW)
        assert type(self.ending(venue, staged)) is ContentRejected

    def test_a_reply_to_a_post_that_is_gone_is_rejected(self, venue):
        staged = venue.platform.stage(PLAIN, reply_to=Receipt(id="17", url=""), due=NOW)
        assert type(self.ending(venue, staged)) is ContentRejected

    def test_a_tail_that_x_refuses_leaves_its_head_standing(self, venue, script):
        head = self.published(venue, PLAIN)
        tail = venue.platform.stage(replace(PLAIN, text="More."), reply_to=head, due=NOW)
        script.add(CREATE, problem(403, "Reply to this conversation is not allowed."))
        assert type(self.ending(venue, tail)) is ContentRejected
        assert [seen.text for seen in venue.public()] == ["Words."]

    def test_too_many_says_when_to_come_again_on_the_servers_clock(self, venue, clock, script):
        clock.instant = NOW.replace(year=2031)
        reset = int((clock.instant + timedelta(minutes=20)).timestamp())
        script.add(CREATE, problem(429, "Too Many Requests", **{"x-rate-limit-reset": str(reset)}))
        ending = self.ending(venue, venue.platform.stage(PLAIN, due=NOW))
        assert type(ending) is RateLimited
        assert ending.retry_after == 20 * 60

    def test_too_many_without_a_time_leaves_it_open(self, venue, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(CREATE, rate_limited())
        ending = self.ending(venue, staged)
        assert type(ending) is RateLimited
        assert ending.retry_after is None

    def test_the_101st_post_in_a_quarter_of_an_hour_must_wait(self, venue, clock):
        for number in range(100):
            receipt = self.published(venue, replace(PLAIN, text=f"Number {number}."))
        assert receipt.allowance.left == 0
        staged = venue.platform.stage(PLAIN, due=NOW)
        ending = self.ending(venue, staged)
        assert type(ending) is RateLimited
        clock.instant += timedelta(seconds=ending.retry_after)
        venue.platform.publish(staged, key=KEY)

    def test_a_port_that_nobody_listens_on_means_not_sent(self, venue, address):
        staged = venue.platform.stage(PLAIN, due=NOW)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound, so nobody else gets it, but not listening
            nobody = connected(address, server=f"http://127.0.0.1:{taken.getsockname()[1]}")
            with pytest.raises(NotSent, match="no connection"):
                nobody.publish(staged, key=KEY)

    # ── words that stand there already ──────────────────────────────────────────────────────────

    def test_a_retry_of_a_post_that_was_there_after_all_is_read_back(self, venue, draft, script):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, LoseAnswer())
        self.ending(venue, staged)
        assert type(self.ending(venue, staged)) is Ambiguous  # sent again all the same: a duplicate
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Found)
        assert venue.public() == [venue.seen(draft)]

    def test_words_that_somebody_said_before_are_never_called_absent(self, venue, clock):
        self.published(venue, PLAIN)
        clock.instant += timedelta(days=3)
        staged = venue.platform.stage(PLAIN, due=clock.instant)
        before = venue.platform.find(staged, key=OTHER_KEY, since=clock.instant)
        assert isinstance(before, Absent)
        ending = self.ending(venue, staged)
        assert type(ending) is Ambiguous
        assert "stand there already" in str(ending)
        finding = venue.platform.find(staged, key=OTHER_KEY, since=clock.instant)
        assert isinstance(finding, Unknown)
        assert "stand on the account already" in finding.reason

    # ── what is sent ────────────────────────────────────────────────────────────────────────────

    def test_the_frozen_request_holds_text_media_and_their_keys(self, venue, draft):
        request = venue.platform.stage(draft, due=NOW).request
        assert request["text"] == f"{draft.note}\n\n{draft.text}"
        assert len(request["media_ids"]) == 2
        assert request["media_keys"] == [f"3_{each}" for each in request["media_ids"]]
        assert request["handle"] == "eu"

    def test_a_post_of_words_alone_says_nothing_of_media_or_replies(self, venue):
        open_to_all = replace(PLAIN, comments=Comments.ON)
        request = venue.platform.stage(open_to_all, due=NOW).request
        assert request == {"text": "Words.", "handle": "eu"}

    @pytest.mark.parametrize(
        ("comments", "setting"),
        [(Comments.OFF, "mentionedUsers"), (Comments.LIMITED, "following"), (Comments.ON, None)],
    )
    def test_who_may_answer_is_said_once_for_the_whole_conversation(self, venue, comments, setting):
        draft = replace(PLAIN, comments=comments)
        assert venue.platform.stage(draft, due=NOW).request.get("reply_settings") == setting
        head = self.published(venue, draft)
        tail = venue.platform.stage(replace(draft, text="More."), reply_to=head, due=NOW)
        assert "reply_settings" not in tail.request

    def test_the_note_is_read_first_and_counted(self, venue):
        warned = replace(PLAIN, note="mentions killing")
        self.published(venue, warned)
        assert venue.public()[0].text == "mentions killing\n\nWords."
        assert measured(venue.platform, warned, "text").used == len("mentions killing\n\nWords.")

    def test_an_empty_alt_text_is_not_sent(self, venue, tmp_path, script):
        bare = replace(PLAIN, pictures=(picture(tmp_path, "white", ""),))
        script.add(DESCRIBE, Instead(status=500))
        self.published(venue, bare)
        assert venue.public() == [venue.seen(bare)]

    @pytest.mark.parametrize("endpoint", [UPLOAD, DESCRIBE])
    def test_a_picture_that_x_will_not_take_is_rejected(self, venue, draft, script, endpoint):
        script.add(endpoint, problem(400, "The media is of a type that is not supported."))
        with pytest.raises(ContentRejected, match="is of a type"):
            venue.platform.stage(draft, due=NOW)

    # ── what it costs ───────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize(
        ("text", "thousandths"),
        [
            ("Words alone.", 15),
            ("Read https://example.org/a", 200),
            ("Read example.org", 200),
            ("v2.0 of a@example.org", 15),
        ],
    )
    def test_a_post_with_an_address_is_dearer(self, venue, text, thousandths):
        assert venue.platform.cost(replace(PLAIN, text=text)) == thousandths

    def test_each_alt_text_costs_and_a_note_with_an_address_too(self, venue, draft):
        assert venue.platform.cost(draft) == 200 + 2 * 5
        assert venue.platform.cost(replace(PLAIN, note="see example.org")) == 200

    # ── reading back ────────────────────────────────────────────────────────────────────────────

    def test_a_post_is_found_behind_more_than_a_page_of_newer_ones(self, venue, draft, clock):
        staged = venue.platform.stage(draft, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        for number in range(101):
            clock.instant += timedelta(seconds=20)
            self.published(venue, replace(PLAIN, text=f"Number {number}."))
        assert venue.platform.find(staged, key=KEY, since=NOW) == Found(receipt=receipt)

    def test_more_posts_than_it_reads_leave_it_unknown(self, venue, draft, script):
        staged = venue.platform.stage(draft, due=NOW)
        post = {"id": "9", "text": "", "created_at": "2026-11-25T09:00:00.000Z"}
        page = {"data": [post] * 100, "meta": {"result_count": 100, "next_token": "more"}}
        script.add(LIST, *[Instead(status=200, body=json.dumps(page))] * 11)
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert "more than 1000 posts" in finding.reason

    @pytest.mark.parametrize("endpoint", [WHOAMI, LIST])
    @pytest.mark.parametrize(
        "fault",
        [
            Refuse(),
            Instead(status=500),
            unauthorised(),
            rate_limited(5),
            Instead(status=200, body="<"),
            Instead(status=200, body='"a word"'),
            Instead(status=200, body='{"errors": [{"detail": "no"}]}'),
            Instead(status=200, body='{"meta": {"result_count": 3}}'),
            Instead(status=200, body='{"data": [{"id": "1"}], "meta": {"result_count": 1}}'),
        ],
        ids=str,
    )
    def test_what_cannot_be_read_back_is_unknown(self, venue, draft, script, endpoint, fault):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(endpoint, fault)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    def test_pictures_prove_a_post_although_our_clock_is_hours_ahead(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        ahead = NOW + timedelta(hours=20)
        assert venue.platform.find(staged, key=KEY, since=ahead) == Found(receipt=receipt)

    def test_words_are_found_although_our_clock_is_minutes_ahead(self, venue):
        staged = venue.platform.stage(PLAIN, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        ahead = NOW + timedelta(minutes=9)
        assert venue.platform.find(staged, key=KEY, since=ahead) == Found(receipt=receipt)

    @pytest.mark.parametrize(
        "text",
        [
            "Tom & <Jerry> &amp; ’“x”  two  spaces",
            "Read https://example.org/?a=1&copy=2&lt=3, or example.com.",
            "https://example.org/ and https://example.org/a_(b) (https://example.org/c)",
            "HTTPS://Example.ORG/Path — https://example.org/%C3%A9",
            "e\u0301 ñ\r\nتلفن 👩‍👩‍👧",
        ],
    )
    @pytest.mark.parametrize("with_pictures", [False, True])
    def test_words_are_known_again_however_x_shows_them(self, venue, draft, text, with_pictures):
        said = replace(draft, text=text, note="", pictures=draft.pictures if with_pictures else ())
        staged = venue.platform.stage(said, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        assert venue.platform.find(staged, key=KEY, since=NOW) == Found(receipt=receipt)
        # By its words alone, they would be the same as well.
        other_pictures = replace(staged, request={**staged.request, "media_keys": ["3_1"]})
        finding = venue.platform.find(other_pictures, key=KEY, since=NOW)
        assert isinstance(finding, Unknown if with_pictures else Found)

    def test_the_same_words_as_a_reply_are_another_post(self, venue):
        first = self.published(venue, PLAIN)
        staged = venue.platform.stage(PLAIN, reply_to=first, due=NOW)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Absent)

    def test_what_stands_there_is_read_with_the_addresses_that_were_written(self, venue, draft):
        linked = replace(draft, text="Read https://example.org/a & <b>.", note="")
        self.published(venue, linked)
        (post,) = venue.platform.standing(since=NOW)
        assert post.text == "Read https://example.org/a & <b>."

    # ── withdrawing ─────────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize("body", ['{"data": {"deleted": false}}', '{"data": {}}', "{}", "<"])
    def test_a_post_is_withdrawn_only_when_x_says_so(self, venue, script, body):
        receipt = self.published(venue, PLAIN)
        script.add(DELETE, Instead(status=200, body=body))
        with pytest.raises(Ambiguous):
            venue.platform.withdraw(receipt)

    def test_a_post_of_somebody_else_cannot_be_withdrawn(self, sandbox, venue):
        other = connected(sandbox.start("x", account="es"))
        receipt = other.publish(other.stage(PLAIN, due=NOW), key=KEY)
        with pytest.raises(AccountRefused):
            venue.platform.withdraw(receipt)

    # ── the account and its secrets ─────────────────────────────────────────────────────────────

    def test_a_token_of_another_account_than_the_handle_says_is_refused(self, address):
        assert connected(address, handle="@EU").whoami().name == "@eu"
        with pytest.raises(AccountRefused, match="belongs to @eu, and the handle is @other"):
            connected(address, handle="@other").whoami()

    @pytest.mark.parametrize("secret", SECRETS)
    def test_a_wrong_secret_is_refused_and_nothing_is_public(self, venue, address, secret):
        staged = venue.platform.stage(PLAIN, due=NOW)
        secrets = {**address.secrets, secret: "wrong"}
        with pytest.raises(AccountRefused, match="401"):
            X(venue.account, tokens=Tokens(secrets)).publish(staged, key=KEY)
        assert venue.public() == []

    @pytest.mark.parametrize("value", ["", "secret word", "secret\n", "sécret"])
    def test_a_secret_that_cannot_be_sent_is_refused_unseen(self, venue, address, value):
        secrets = {**address.secrets, "access_token": value}
        with pytest.raises(AccountRefused) as caught:
            X(venue.account, tokens=Tokens(secrets)).whoami()
        assert "cret" not in repr(caught.value)

    @pytest.mark.parametrize(
        "fault", [Refuse(), LoseAnswer(), Instead(status=500), unauthorised()], ids=str
    )
    def test_neither_errors_nor_adapter_show_a_secret(self, venue, address, script, fault):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(CREATE, fault)
        ending = self.ending(venue, staged)
        said = f"{ending!r} {ending} {vars(ending)} {venue.platform!r}"
        assert not [each for each in address.secrets.values() if each in said]
        # Errors of requests hold the request with its headers.
        assert ending.__cause__ is None
        assert ending.__context__ is None

    @pytest.mark.parametrize("secret", SECRETS)
    def test_a_server_that_repeats_a_secret_does_not_get_it_into_an_error(
        self, venue, address, script, secret
    ):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(CREATE, problem(400, f"OAuth {address.secrets[secret]}"))
        ending = self.ending(venue, staged)
        assert "OAuth ***" in str(ending)
        assert address.secrets[secret] not in repr(ending)

    def test_a_log_of_everything_holds_no_secret_half(self, venue, address, draft, caplog):
        with caplog.at_level(logging.DEBUG):
            self.published(venue, draft)
        for secret in ("consumer_secret", "access_token_secret"):
            assert address.secrets[secret] not in caplog.text


WORDS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40
)


@pytest.fixture(scope="module")
def always_open():
    """One stand-in for all examples of a property, on a clock that renews the rate limits."""
    clock = Clock()
    with watched(now=clock.now) as sandbox:
        yield clock, connected(sandbox.start("x", account="eu"))


@settings(deadline=None)
@given(text=WORDS)
def test_the_signed_request_verifies_for_any_text(always_open, text):
    clock, platform = always_open
    clock.instant += timedelta(hours=1)
    staged = platform.stage(replace(PLAIN, text=f"{clock.instant} {text}"), due=NOW)
    try:
        platform.publish(staged, key=KEY)
    except ContentRejected:
        return  # too many cashtags, say: somebody has read it, so it was signed rightly
    assert isinstance(platform.find(staged, key=KEY, since=clock.instant), Found)


class TestPicturesThatTakeTime:
    @pytest.fixture
    def draft(self, tmp_path):
        return replace(PLAIN, pictures=(picture(tmp_path, "white", "A card"),))

    def test_staging_goes_on_with_the_same_upload(self, draft):
        clock, calls = Clock(), []
        with watched(
            now=clock.now, faults=calls.append, processing=timedelta(seconds=10)
        ) as sandbox:
            platform = connected(sandbox.start("x", account="eu"))
            for _ in range(2):
                with pytest.raises(NotSent, match="still working"):
                    platform.stage(draft, due=NOW)
            clock.instant += timedelta(seconds=10)
            platform.publish(through_the_ledger(platform.stage(draft, due=NOW)), key=KEY)
            (post,) = sandbox.public("eu")
            assert post.alts == ("A card",)
        endpoints = [call.endpoint for call in calls]
        assert endpoints.count(UPLOAD) == 1
        assert endpoints.count(DESCRIBE) == 1

    def test_a_picture_that_x_has_forgotten_is_uploaded_again(self, draft):
        clock = Clock()
        with watched(now=clock.now, processing=timedelta(seconds=10)) as sandbox:
            platform = connected(sandbox.start("x", account="eu"))
            with pytest.raises(NotSent):
                platform.stage(draft, due=NOW)
            clock.instant += timedelta(days=1)
            with pytest.raises(NotSent):
                platform.stage(draft, due=NOW)
            clock.instant += timedelta(seconds=10)
            platform.publish(platform.stage(draft, due=NOW), key=KEY)

    def test_a_picture_that_cannot_be_processed_is_rejected(self, draft):
        script = Script()
        said = {"data": {"id": "7", "processing_info": {"state": "failed"}}}
        script.add(UPLOAD, Instead(status=200, body=json.dumps(said)))
        with watched(now=Clock().now, faults=script) as sandbox:
            platform = connected(sandbox.start("x", account="eu"))
            with pytest.raises(ContentRejected, match="cannot read the picture"):
                platform.stage(draft, due=NOW)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"server": "http://api.x.example"}, "must start with https://"),
        ({"server": "https://api.x.example", "sandbox": "true"}, "is not on this machine"),
        ({"sandbox": "true"}, '"https://api.x.com" is not on this machine'),
        ({"server": "https://me:secret@api.x.example"}, "must stand alone"),
    ],
)
def test_a_server_that_must_not_see_the_secrets_is_a_problem_and_never_called(options, message):
    secrets = {name: Secret(kind="env", name="X") for name in SECRETS}
    account = Account(name="eu", platform="x", options=options, secrets=secrets)
    ((name, said),) = X.problems(account)
    assert name == "server"
    assert message in said
    for ask in (X.whoami, lambda x: x.withdraw(Receipt(id="1", url=""))):
        with pytest.raises(AccountRefused, match=r"account eu: server "):
            ask(X(account, tokens=Tokens(dict.fromkeys(SECRETS, "t"))))


@pytest.mark.parametrize("budget", ["25", "12.50", "0"])
def test_a_budget_is_an_amount(budget):
    account = account_at({"server": "http://localhost:1", "sandbox": "true", "budget": budget})
    assert X.problems(account) == ()


@pytest.mark.parametrize("budget", ["much", "-1", "1.2.3", "$5", "1e3"])
def test_a_budget_that_is_no_amount_is_said(budget):
    account = account_at({"server": "http://localhost:1", "sandbox": "true", "budget": budget})
    ((name, said),) = X.problems(account)
    assert (name, budget in said) == ("budget", True)


def test_without_a_server_it_is_x_itself_and_all_four_secrets_are_needed():
    live = Account(name="eu", platform="x")
    assert [name for name, _ in X.problems(live)] == list(SECRETS)


def test_measuring_loads_neither_tweepy_nor_anything_that_signs():
    code = (
        "import sys; from scheduler.platforms import X, PLATFORMS; from scheduler.model import *;"
        "x = X(Account(name='a', platform='x'), tokens=None);"
        "x.measure(Draft(text='a', pictures=(), language='en'));"
        "sys.exit('tweepy' in sys.modules or 'requests_oauthlib' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
