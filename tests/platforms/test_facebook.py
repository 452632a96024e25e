"""A Facebook page keeps the contract over its stand-in, and every code has one ending."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from contract import KEY, NOW, OTHER_KEY, Venue, measured, picture
from over_a_stand_in import OverAStandIn, Tokens, seen

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, NotSent, RateLimited
from scheduler.model import Account, Draft, Receipt, Secret
from scheduler.platforms import Facebook, Found, Unknown
from scheduler.platforms.graph_errors import CODES, SUBCODES, Meaning
from scheduler.sandbox import Garble, Instead, LoseAnswer, Refuse, unauthorised
from scheduler.sandbox.facebook.entities import user_token

FEED = "POST /<version>/<id>/feed"
COMMENT = "POST /<version>/<id>/comments"
UPLOAD = "POST /<version>/<id>/photos"
LIST = "GET /<version>/<id>/published_posts"
COMMENTS = "GET /<version>/<id>/comments"
WHOAMI = "GET /<version>/me"
DEBUG = "GET /<version>/debug_token"
DELETE = "DELETE /<version>/<id>"
PLAIN = Draft(text="Words.", pictures=(), language="en")
APP = {name: Secret(kind="env", name="X") for name in ("token", "app_secret")}


def account_at(options, **more: str) -> Account:
    return Account(name="eu", platform="facebook", options={**options, **more})


def connected(address, **more: str) -> Facebook:
    return Facebook(account_at(address.options, **more), tokens=Tokens(address.secrets))


def graph(code: int, message: str = "Why not.", *, subcode: int = 0, status: int = 400) -> Instead:
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code}
    more = {"error_subcode": subcode} if subcode else {}
    return Instead(status=status, body=json.dumps({"error": {**error, **more}}))


class TestFacebook(OverAStandIn):
    name = "facebook"

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
            absence=False,
            nested=False,
        )

    def published(self, venue, draft, **more) -> Receipt:
        return venue.platform.publish(venue.platform.stage(draft, due=NOW, **more), key=KEY)

    # ── how publishing ends ─────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize(
        ("refusal", "ending"),
        [
            (graph(1), Ambiguous),
            (graph(2, status=503), Ambiguous),
            (graph(12345), Ambiguous),
            (graph(190, status=503), Ambiguous),
            (graph(190, status=200), Ambiguous),
            (graph(4), RateLimited),
            (graph(17), RateLimited),
            (graph(32), RateLimited),
            (graph(341), RateLimited),
            (graph(613), RateLimited),
            (graph(80001), RateLimited),
            (graph(368), RateLimited),
            (graph(1, subcode=1390008), RateLimited),
            (graph(190, status=401), AccountRefused),
            (graph(190, subcode=460, status=401), AccountRefused),
            (graph(102), AccountRefused),
            (graph(10, status=403), AccountRefused),
            (graph(200, status=403), AccountRefused),
            (graph(299, status=403), AccountRefused),
            (graph(3), AccountRefused),
            (graph(2500), AccountRefused),
            (graph(368, subcode=1404078), AccountRefused),
            (graph(200, subcode=4854002), AccountRefused),
            (graph(100), ContentRejected),
            (graph(1, subcode=1609005), ContentRejected),
            (graph(100, subcode=1609008), ContentRejected),
            (graph(368, subcode=1346003), ContentRejected),
            (graph(1, subcode=1404102), ContentRejected),
            (graph(506), Ambiguous),
            (graph(100, subcode=1366051), Ambiguous),
        ],
        ids=lambda each: each.__name__ if isinstance(each, type) else each.body[40:110],
    )
    def test_each_code_has_one_ending_and_nothing_is_public(
        self, venue, script, staged, refusal, ending
    ):
        script.add(FEED, refusal)
        ended = self.ending(venue, staged)
        assert type(ended) is ending
        assert venue.public() == []
        if refusal.status < 500:
            assert "Why not." in str(ended)

    def test_no_code_means_two_things(self):
        assert {*CODES.values(), *SUBCODES.values()} == {*Meaning}
        assert CODES.keys() & SUBCODES.keys() == set()

    @pytest.mark.parametrize("body", ["<html>", "[]", "{}", '{"id": 7}', '{"id": ""}', ""])
    def test_a_200_that_cannot_be_read_is_ambiguous_and_the_post_is_found(
        self, venue, draft, script, body
    ):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(FEED, Garble(status=200, body=body))
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Found)

    def test_too_fast_says_how_many_minutes_to_wait(self, venue, clock):
        for number in range(50):
            self.published(venue, replace(PLAIN, text=f"Number {number}."))
        staged = venue.platform.stage(PLAIN, due=NOW)
        ending = self.ending(venue, staged)
        assert type(ending) is RateLimited
        assert ending.retry_after == 60 * 60
        clock.instant += timedelta(seconds=ending.retry_after)
        venue.platform.publish(staged, key=KEY)

    @pytest.mark.parametrize(
        "usage", ["", "<", "[]", '{"1": 7}', '{"1": [7]}', '{"1": [{"type": "pages"}]}']
    )
    def test_a_header_that_names_no_minutes_leaves_it_open(self, venue, script, staged, usage):
        limited = graph(32)
        script.add(FEED, replace(limited, headers={"X-Business-Use-Case-Usage": usage}))
        assert self.ending(venue, staged).retry_after is None

    def test_a_picture_that_facebook_will_not_take_is_rejected(self, venue, draft, script):
        script.add(UPLOAD, graph(324, "Photos should be less than 4 MB", subcode=1366046))
        with pytest.raises(ContentRejected, match="less than 4 MB"):
            venue.platform.stage(draft, due=NOW)

    def test_one_character_too_many_is_rejected_by_facebook_too(self, venue):
        self.published(venue, replace(PLAIN, text="a" * 63_206))
        staged = venue.platform.stage(replace(PLAIN, text="b" * 63_207), due=NOW)
        assert type(self.ending(venue, staged)) is ContentRejected

    # ── what stands there already ───────────────────────────────────────────────────────────────

    def test_the_words_of_the_post_before_are_refused_and_never_called_absent(self, venue, clock):
        self.published(venue, PLAIN)
        clock.instant += timedelta(days=1)
        staged = venue.platform.stage(PLAIN, due=clock.instant)
        ending = self.ending(venue, staged)
        assert "stands there already: (#506) Duplicate status message" in str(ending)
        finding = venue.platform.find(staged, key=OTHER_KEY, since=clock.instant)
        assert isinstance(finding, Unknown)
        assert "stand on the page already" in finding.reason

    def test_the_words_of_an_earlier_post_are_taken(self, venue):
        for text in ("One.", "Two.", "One."):
            self.published(venue, replace(PLAIN, text=text))
        assert [post.text for post in venue.public()] == ["One.", "Two.", "One."]

    def test_a_retry_of_a_post_that_was_there_after_all_is_read_back(self, venue, draft, script):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(FEED, LoseAnswer())
        self.ending(venue, staged)
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Found)
        assert venue.public() == [venue.seen(draft)]

    # ── what is sent ────────────────────────────────────────────────────────────────────────────

    def test_the_frozen_request_holds_message_and_photos(self, venue, draft):
        request = venue.platform.stage(draft, due=NOW).request
        assert request["message"] == f"{draft.note}\n\n{draft.text}"
        assert len(request["photos"]) == 2
        assert venue.platform.stage(PLAIN, due=NOW).request == {"message": "Words."}

    def test_an_empty_alt_text_is_not_sent(self, venue, tmp_path):
        bare = replace(PLAIN, pictures=(picture(tmp_path, "white", ""),))
        self.published(venue, bare)
        assert venue.public() == [venue.seen(bare)]

    def test_the_note_is_read_first_and_counted(self, venue):
        warned = replace(PLAIN, note="mentions killing")
        self.published(venue, warned)
        assert venue.public()[0].text == "mentions killing\n\nWords."
        assert measured(venue.platform, warned, "text").used == len("mentions killing\n\nWords.")

    def test_the_version_is_the_accounts(self, address):
        assert connected(address, version="v25.0").whoami().name == "eu"
        with pytest.raises(AccountRefused, match="Unknown path components"):
            connected(address, version="v2.0").whoami()

    def test_a_receipt_says_where_the_post_stands(self, sandbox, venue):
        assert self.published(venue, PLAIN).url == sandbox.public("eu")[0].url

    def test_without_a_link_the_receipt_makes_one_of_the_number(self, venue, script, staged):
        script.add(FEED, Instead(status=200, body='{"id": "1_2"}'))
        assert venue.platform.publish(staged, key=KEY).url.endswith("/1_2")

    # ── answers, which are comments ─────────────────────────────────────────────────────────────

    @pytest.fixture
    def head(self, venue):
        return self.published(venue, PLAIN)

    def test_a_lost_answer_of_a_comment_is_found_with_its_receipt(self, venue, draft, head, script):
        for said in (replace(PLAIN, text="More."), replace(draft, pictures=draft.pictures[1:])):
            staged = venue.platform.stage(said, reply_to=head, due=NOW)
            script.add(COMMENT, LoseAnswer())
            assert type(self.ending(venue, staged)) is Ambiguous
            finding = venue.platform.find(staged, key=KEY, since=NOW)
            assert isinstance(finding, Found)
            assert finding.receipt.id.startswith(f"{head.id}/")
            venue.platform.withdraw(finding.receipt)
            assert [post.text for post in venue.public()] == ["Words."]

    @pytest.mark.parametrize("code", [10, 200, 283])
    def test_a_page_that_may_not_comment_may_still_post(self, venue, head, script, code):
        staged = venue.platform.stage(replace(PLAIN, text="More."), reply_to=head, due=NOW)
        script.add(COMMENT, graph(code, "Not permitted", status=403), graph(190, status=401))
        ended = self.ending(venue, staged)
        assert type(ended) is ContentRejected
        assert "needs pages_manage_engagement" in str(ended)
        assert type(self.ending(venue, staged)) is AccountRefused

    def test_a_server_that_failed_forbids_no_comment(self, venue, head, script):
        staged = venue.platform.stage(replace(PLAIN, text="More."), reply_to=head, due=NOW)
        script.add(COMMENT, graph(200, "Not permitted", status=500))
        assert type(self.ending(venue, staged)) is Ambiguous

    def test_a_comment_is_found_whatever_our_clock_says(self, venue, head):
        staged = venue.platform.stage(replace(PLAIN, text="More."), reply_to=head, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        ahead = NOW + timedelta(days=3)
        assert venue.platform.find(staged, key=KEY, since=ahead) == Found(receipt=receipt)

    def test_the_same_words_as_a_post_are_no_comment(self, venue, head):
        staged = venue.platform.stage(PLAIN, reply_to=head, due=NOW)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    def test_what_somebody_else_says_below_it_is_not_ours(self, venue, head, script):
        staged = venue.platform.stage(replace(PLAIN, text="More."), reply_to=head, due=NOW)
        said = {
            "id": "1_2",
            "message": "More.",
            "created_time": "2026-11-25T09:00:00+0000",
            "from": {"id": "77", "name": "Somebody"},
        }
        script.add(COMMENTS, Instead(status=200, body=json.dumps({"data": [said]})))
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    def test_an_answer_that_no_comment_can_hold_is_refused_before_anything_is_sent(
        self, venue, draft, head, script
    ):
        script.add(UPLOAD, Instead(status=500))
        with pytest.raises(ContentRejected, match="which holds one picture"):
            venue.platform.stage(draft, reply_to=head, due=NOW)
        long = replace(PLAIN, text="a" * 8007, part=2)
        with pytest.raises(ContentRejected, match="7 characters over its limit of 8000"):
            venue.platform.stage(long, reply_to=head, due=NOW)
        assert measured(venue.platform, long, "text").excess == 7
        assert measured(venue.platform, replace(draft, part=2), "pictures").excess == 1

    def test_an_answer_to_a_post_that_is_gone_is_rejected(self, venue, head):
        venue.platform.withdraw(head)
        staged = venue.platform.stage(PLAIN, reply_to=head, due=NOW)
        assert type(self.ending(venue, staged)) is ContentRejected

    # ── reading back ────────────────────────────────────────────────────────────────────────────

    def test_a_post_is_found_behind_more_than_a_page_of_newer_ones(self, venue, draft, clock):
        staged = venue.platform.stage(draft, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        for number in range(101):
            clock.instant += timedelta(minutes=2)
            self.published(venue, replace(PLAIN, text=f"Number {number}."))
        assert venue.platform.find(staged, key=KEY, since=NOW) == Found(receipt=receipt)

    def test_a_list_that_leaves_the_post_out_proves_nothing(self, venue, draft, script):
        staged = venue.platform.stage(draft, due=NOW)
        venue.platform.publish(staged, key=KEY)
        script.add(LIST, Instead(status=200, body='{"data": []}'))
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert "proves nothing" in finding.reason

    @pytest.mark.parametrize(
        "fault",
        [
            Refuse(),
            Instead(status=500),
            unauthorised(),
            graph(190),
            Instead(status=200, body="<"),
            Instead(status=200, body='{"data": {}}'),
            Instead(status=200, body='{"data": [{"id": "1"}]}'),
            Instead(status=200, body='{"data": [], "paging": {"next": "x"}}'),
        ],
        ids=str,
    )
    def test_what_cannot_be_read_back_is_unknown(self, venue, draft, script, fault):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(LIST, fault)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    def test_words_are_found_although_our_clock_is_minutes_ahead(self, venue):
        staged = venue.platform.stage(PLAIN, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        ahead = NOW + timedelta(minutes=9)
        assert venue.platform.find(staged, key=KEY, since=ahead) == Found(receipt=receipt)
        later = venue.platform.find(staged, key=KEY, since=NOW + timedelta(minutes=11))
        assert isinstance(later, Unknown)

    def test_pictures_prove_a_post_although_our_clock_is_hours_ahead(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        ahead = NOW + timedelta(hours=20)
        assert venue.platform.find(staged, key=KEY, since=ahead) == Found(receipt=receipt)

    def test_the_same_words_with_other_pictures_are_left_to_a_person(self, venue, draft):
        self.published(venue, draft)
        staged = venue.platform.stage(draft, due=NOW)
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert "says the same with other pictures" in finding.reason

    # ── withdrawing ─────────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize("body", ['{"success": false}', "{}", "<"])
    def test_a_post_is_withdrawn_only_when_facebook_says_so(self, venue, script, body):
        receipt = self.published(venue, PLAIN)
        script.add(DELETE, Instead(status=200, body=body))
        with pytest.raises(Ambiguous):
            venue.platform.withdraw(receipt)

    def test_what_only_this_token_cannot_see_is_not_taken_for_gone(self, sandbox, venue, script):
        receipt = self.published(venue, PLAIN)
        script.add(DELETE, graph(100, "does not exist", subcode=33))
        script.add(WHOAMI, graph(190, "expired"))
        with pytest.raises(AccountRefused, match="expired"):
            venue.platform.withdraw(receipt)

    def test_a_server_that_failed_does_not_say_that_a_post_is_gone(self, venue, script):
        receipt = self.published(venue, PLAIN)
        script.add(DELETE, graph(100, "does not exist", subcode=33, status=500))
        with pytest.raises(Ambiguous):
            venue.platform.withdraw(receipt)

    def test_a_post_of_another_page_cannot_be_withdrawn(self, sandbox, venue):
        other = connected(sandbox.start("facebook", account="es"))
        receipt = other.publish(other.stage(PLAIN, due=NOW), key=KEY)
        with pytest.raises(AccountRefused):
            venue.platform.withdraw(receipt)

    # ── the page and its token ──────────────────────────────────────────────────────────────────

    def test_a_token_of_another_page_is_refused(self, sandbox, address):
        page = sandbox.start("facebook", account="es").options["page"]
        with pytest.raises(AccountRefused, match=rf"belongs to eu .*, and the page is {page}"):
            connected(address, page=page).whoami()
        with pytest.raises(AccountRefused):
            connected(address, page=page).publish(connected(address).stage(PLAIN, due=NOW), key=KEY)

    def test_the_token_of_a_person_is_refused(self, venue, address):
        secrets = {**address.secrets, "token": user_token("eu")}
        as_person = Facebook(venue.account, tokens=Tokens(secrets))
        with pytest.raises(AccountRefused, match="and the page is"):
            as_person.whoami()
        with pytest.raises(AccountRefused, match="page access token is required"):
            as_person.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)

    @pytest.fixture
    def with_app(self, venue, address):
        account = replace(venue.account, secrets=APP)
        return Facebook(account, tokens=Tokens(address.secrets))

    def test_without_its_app_nobody_knows_when_the_token_ends(self, venue):
        assert venue.platform.whoami().expires is None

    def test_the_app_knows_when_the_token_may_read_no_more(self, with_app):
        assert with_app.whoami().expires == NOW + timedelta(days=90)

    @pytest.mark.parametrize(
        ("ends", "expires"),
        [
            ({"expires_at": 0, "data_access_expires_at": 0}, None),
            ({"expires_at": 1_800_000_000}, datetime.fromtimestamp(1_800_000_000, UTC)),
            (
                {"expires_at": 1_800_000_000, "data_access_expires_at": 1_790_000_000},
                datetime.fromtimestamp(1_790_000_000, UTC),
            ),
        ],
    )
    def test_the_earlier_end_counts_and_nought_is_never(self, with_app, script, ends, expires):
        scopes = ["pages_manage_posts", "pages_read_engagement"]
        said = {"data": {"is_valid": True, "scopes": scopes, **ends}}
        script.add(DEBUG, Instead(status=200, body=json.dumps(said)))
        assert with_app.whoami().expires == expires

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"is_valid": False}, "not valid any more"),
            ({}, "not valid any more"),
            ({"is_valid": True, "scopes": ["pages_read_engagement"]}, "lacks pages_manage_posts:"),
        ],
    )
    def test_a_token_that_is_no_good_is_found_by_its_app(self, with_app, script, said, words):
        script.add(DEBUG, Instead(status=200, body=json.dumps({"data": said})))
        with pytest.raises(AccountRefused, match=words):
            with_app.whoami()

    def test_with_its_app_every_call_proves_that_it_is_the_apps(self, venue, address, with_app):
        with_app.publish(with_app.stage(PLAIN, due=NOW), key=KEY)
        secrets = {**address.secrets, "app_secret": "of another app"}
        by_another = Facebook(replace(venue.account, secrets=APP), tokens=Tokens(secrets))
        with pytest.raises(AccountRefused, match="Invalid appsecret_proof"):
            by_another.whoami()
        staged = by_another.stage(replace(PLAIN, text="Other."), due=NOW)
        with pytest.raises(ContentRejected, match="Invalid appsecret_proof"):
            by_another.publish(staged, key=KEY)

    @pytest.mark.parametrize("value", ["", "secret word", "secret\n", "sécret"])
    def test_a_token_that_cannot_be_sent_is_refused_unseen(self, venue, value):
        with pytest.raises(AccountRefused) as caught:
            Facebook(venue.account, tokens=Tokens({"token": value})).whoami()
        assert "cret" not in repr(caught.value)

    def test_a_log_of_everything_holds_no_token(self, venue, address, draft, caplog):
        with caplog.at_level(logging.DEBUG):
            self.published(venue, draft)
            venue.platform.whoami()
        assert address.secrets["token"] not in caplog.text

    def test_an_error_that_repeats_the_token_does_not_show_it(self, venue, address, script, staged):
        script.add(FEED, graph(100, f"bad {address.secrets['token']}"))
        ending = self.ending(venue, staged)
        assert "bad ***" in str(ending)


def live(**options: str) -> Account:
    secrets = {name: Secret(kind="env", name="X") for name in ("token",)}
    return Account(name="eu", platform="facebook", options=options, secrets=secrets)


@pytest.mark.parametrize(
    ("options", "name", "message"),
    [
        ({}, "page", "is missing"),
        ({"page": "our-page"}, "page", '"our-page" is not a number'),
        ({"page": "1", "version": "26"}, "version", "not a version such as v26.0"),
        ({"page": "1", "app_id": "7"}, "app_secret", 'without which "app_id" is of no use'),
        ({"page": "1", "app_secret": "x"}, "app_secret", "say where it is kept"),
        ({"page": "1", "server": "http://graph.example"}, "server", "must start with https://"),
        ({"page": "1", "server": "https://g.example", "sandbox": "true"}, "server", "not on this"),
    ],
)
def test_what_is_wrong_with_an_account_is_said(options, name, message):
    problems = dict(Facebook.problems(live(**options)))
    assert message in problems[name]


def test_an_app_without_its_number_is_said():
    account = replace(live(page="1"), secrets=APP)
    assert [name for name, _ in Facebook.problems(account)] == ["app_id"]
    assert Facebook.problems(replace(account, options={"page": "1", "app_id": "7"})) == ()


def test_a_server_that_must_not_see_the_token_is_never_called():
    account = live(page="1", server="http://graph.example")
    page = Facebook(account, tokens=Tokens({"token": "t"}))
    for ask in (page.whoami, lambda: page.withdraw(Receipt(id="1", url=""))):
        with pytest.raises(AccountRefused, match="account eu: server"):
            ask()


def test_nobody_listening_is_not_sent():
    account = Account(
        name="eu",
        platform="facebook",
        options={"page": "1", "server": "http://127.0.0.1:1", "sandbox": "true"},
    )
    with pytest.raises(NotSent):
        Facebook(account, tokens=Tokens({"token": "t"})).whoami()
