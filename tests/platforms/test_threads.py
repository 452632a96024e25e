"""Threads keeps the contract over its stand-in: containers, threads, and what each error means."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from contract import KEY, NOW, OTHER_KEY, Venue, measured
from over_a_stand_in import OverAStandIn, Tokens, seen
from PIL import Image

from scheduler.errors import (
    AccountRefused,
    Ambiguous,
    ContentRejected,
    NotSent,
    RateLimited,
)
from scheduler.model import Account, Allowance, Comments, Draft, Receipt
from scheduler.platforms import NOWHERE, Absent, Found, Threads, Unknown
from scheduler.sandbox import Drop, Exhaust, Garble, Instead, LoseAnswer, Refuse

MAKE = "POST /v1.0/me/threads"
PUBLISH = "POST /v1.0/me/threads_publish"
SHOW = "GET /v1.0/<id>"
DEBUG = "GET /v1.0/debug_token"
FETCH = "GET /<account>/<name>"
PLAIN = Draft(text="Words.", pictures=(), language="en")


def connected(sandbox, address, **options: str):
    account = Account(name="eu", platform="threads", options={**address.options, **options})
    return account, Threads(account, tokens=Tokens(address.secrets), host=sandbox.host("eu"))


def error(code: int, subcode: int = 0, *, status: int = 400, **more) -> Instead:
    said = {"message": "injected", "code": code, "error_subcode": subcode, **more}
    return Instead(status=status, body=json.dumps({"error": said}))


def container_is(state: str, message: str = "") -> Instead:
    return Instead(
        status=200, body=json.dumps({"status": state, "error_message": message, "id": "1"})
    )


class TestThreads(OverAStandIn):
    name = "threads"

    @pytest.fixture
    def venue(self, sandbox, address):
        account, platform = connected(sandbox, address)
        return Venue(
            account=account,
            platform=platform,
            public=lambda: seen(sandbox),
            notes=False,
            languages=False,
            keys=False,
            forgets=False,
            counts=frozenset({"links"}),
        )

    def test_a_receipt_brings_what_is_left_and_answers_have_a_quota_of_their_own(self, venue):
        first = venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        assert first.allowance == Allowance(left=249, renews_in=timedelta(hours=1))
        answer = venue.platform.stage(PLAIN, reply_to=first, due=NOW)
        assert venue.platform.publish(answer, key=OTHER_KEY).allowance.left == 999

    @pytest.mark.parametrize("end", [(LoseAnswer(), Found), (Drop(), Absent)])
    def test_another_process_learns_from_the_container_alone_what_became_of_it(
        self, venue, sandbox, address, script, end
    ):
        lost, finding = end
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUBLISH, lost)
        with pytest.raises(Ambiguous):
            venue.platform.publish(staged, key=KEY)
        _, another = connected(sandbox, address)
        assert type(another.find(staged, key=KEY, since=NOW)) is finding

    def test_the_251st_post_of_a_day_must_wait(self, venue, sandbox, clock, script):
        full = {"data": [{"quota_usage": 250, "config": {"quota_total": 250}}]}
        limit = "GET /v1.0/me/threads_publishing_limit"
        script.add(limit, Instead(status=200, body=json.dumps(full)))
        with pytest.raises(RateLimited, match="all 250 posts of 24 hours"):
            venue.platform.stage(PLAIN, due=NOW)

    # ── what is sent ────────────────────────────────────────────────────────────────────────────

    def test_the_pictures_of_a_post_with_a_note_are_covered(self, venue, sandbox, draft):
        for note in ("mentions violence", ""):
            noted = replace(draft, note=note)
            venue.platform.publish(venue.platform.stage(noted, due=NOW), key=f"{KEY}{note}")
        assert [post.covered for post in sandbox.public("eu")] == [True, False]

    def test_words_alone_are_a_container_as_well_and_never_published_by_making_it(self, venue):
        staged = venue.platform.stage(PLAIN, due=NOW)
        assert staged.request["creation_id"]
        assert venue.public() == []

    @pytest.mark.parametrize("comments", Comments)
    def test_who_may_answer_is_said_in_words_that_threads_knows(self, venue, comments):
        staged = venue.platform.stage(replace(PLAIN, comments=comments), due=NOW)
        venue.platform.publish(staged, key=KEY)
        assert len(venue.public()) == 1

    def test_an_answer_to_a_post_that_is_gone_is_rejected(self, venue):
        with pytest.raises(ContentRejected, match="reply_to_id"):
            venue.platform.stage(PLAIN, reply_to=Receipt(id="17", url=""), due=NOW)

    @pytest.mark.parametrize(
        ("text", "counted"),
        [
            ("a" * 500, 500),
            ("👍🏽", 8),
            ("👨‍👩‍👧‍👦", 25),
            ("🇪🇸", 8),
            ("1️⃣ 2", 9),
            ("e\u0301", 2),
            ("한국", 2),
        ],
    )
    def test_an_emoji_counts_with_its_bytes_in_utf_8(self, venue, text, counted):
        assert measured(venue.platform, replace(PLAIN, text=text), "text").used == counted

    @pytest.mark.parametrize("text", ["👍🏽" * 62 + "aaaa", "a" * 500])
    def test_what_fits_to_the_last_byte_is_taken_and_one_more_is_not(self, venue, text):
        venue.platform.publish(venue.platform.stage(replace(PLAIN, text=text), due=NOW), key=KEY)
        with pytest.raises(ContentRejected, match="at most 500 characters"):
            venue.platform.stage(replace(PLAIN, text=f"{text}a"), due=NOW)

    def test_a_sixth_address_is_one_too_many_and_the_same_again_is_none(self, venue):
        text = " ".join(f"https://example.org/{n}" for n in (1, 2, 3, 4, 5, 5))
        assert measured(venue.platform, replace(PLAIN, text=text), "links").excess == 0
        more = replace(PLAIN, text=f"{text} https://example.org/6.")
        assert measured(venue.platform, more, "links").excess == 1
        with pytest.raises(ContentRejected, match="LINK_LIMIT_EXCEEDED"):
            venue.platform.stage(more, due=NOW)

    # ── containers ──────────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize("processing", [timedelta(seconds=30)])
    def test_staging_waits_until_each_picture_and_the_whole_are_finished(
        self, venue, draft, clock, processing
    ):
        for _ in range(2):  # first the pictures, then the carousel of them
            with pytest.raises(NotSent, match="still working"):
                venue.platform.stage(draft, due=NOW)
            clock.instant += processing
        venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        assert venue.public() == [venue.seen(draft)]

    @pytest.mark.parametrize(
        "fault",
        [
            Instead(status=404),
            Instead(status=200, body="<html>Log in</html>"),
            Instead(status=302, headers={"Location": "/elsewhere.jpg"}),
            Refuse(),
        ],
        ids=str,
    )
    def test_a_picture_that_cannot_be_fetched_is_tried_again(self, venue, draft, script, fault):
        script.add(FETCH, fault)
        with pytest.raises(NotSent, match=r"FAILED_DOWNLOADING_IMAGE; look whether its address"):
            venue.platform.stage(draft, due=NOW)
        venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        assert venue.public() == [venue.seen(draft)]

    def test_a_shape_that_it_does_not_take_is_rejected(self, venue, draft, tmp_path):
        file = tmp_path / "long.jpg"
        Image.new("RGB", (8, 88), "teal").save(file)
        data = file.read_bytes()
        long = replace(draft.pictures[1], file=file, digest=sha256(data).hexdigest())
        with pytest.raises(ContentRejected, match="INVALID_ASPEC_RATIO"):
            venue.platform.stage(replace(draft, pictures=(long,)), due=NOW)

    @pytest.mark.parametrize(
        ("message", "ending"),
        [
            ("INVALID_ASPEC_RATIO", ContentRejected),
            ("The media could not be fetched", NotSent),
            ("UNKNOWN", NotSent),
        ],
    )
    def test_a_container_that_failed_says_why(self, venue, script, message, ending):
        script.add(SHOW, container_is("ERROR", message))
        with pytest.raises(ending, match=message):
            venue.platform.stage(PLAIN, due=NOW)

    def test_what_was_looked_for_goes_out_in_the_same_container_or_not_at_all(self, venue, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUBLISH, Refuse())
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Absent)
        again = venue.platform.stage(PLAIN, due=NOW)
        assert again.request["creation_id"] == staged.request["creation_id"]
        venue.platform.publish(staged, key=KEY)  # the lost request arrives after all
        assert type(self.ending(venue, again)) is Ambiguous
        assert len(venue.public()) == 1

    def test_one_that_was_sent_is_never_given_up_for_another_while_it_is_worked_on(
        self, venue, script
    ):
        staged = venue.platform.stage(PLAIN, due=NOW)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Absent)
        script.add(SHOW, *[container_is("IN_PROGRESS")] * 9)
        for _ in range(9):
            with pytest.raises(NotSent, match="still working"):
                venue.platform.stage(PLAIN, due=NOW)
        again = venue.platform.stage(PLAIN, due=NOW)
        assert again.request["creation_id"] == staged.request["creation_id"]

    def test_one_that_was_sent_and_is_not_known_any_more_is_left_to_a_person(self, venue, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUBLISH, LoseAnswer())
        assert type(self.ending(venue, staged)) is Ambiguous
        script.add(SHOW, *[error(24, 2207006)] * 2)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)
        with pytest.raises(NotSent, match="look at the account"):
            venue.platform.stage(PLAIN, due=NOW)

    def test_one_that_was_never_sent_and_is_not_known_any_more_is_made_anew(self, venue, script):
        first = venue.platform.stage(PLAIN, due=NOW)
        script.add(SHOW, error(24, 2207006))
        again = venue.platform.stage(PLAIN, due=NOW)
        assert again.request["creation_id"] != first.request["creation_id"]

    def test_without_a_place_for_pictures_words_go_out_and_pictures_do_not(
        self, venue, address, draft
    ):
        bare = Threads(venue.account, tokens=Tokens(address.secrets), host=NOWHERE)
        bare.publish(bare.stage(PLAIN, due=NOW), key=KEY)
        with pytest.raises(AccountRefused, match="no place for public pictures"):
            bare.stage(draft, due=NOW)
        assert venue.public() == [venue.seen(PLAIN)]

    # ── how calls end ───────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize(
        ("fault", "ending"),
        [
            (error(1), Ambiguous),
            (error(2, is_transient=True), Ambiguous),
            (error(24, 4279009), Ambiguous),
            (error(100), Ambiguous),
            (error(190, 463), AccountRefused),
            (error(0, 4279013), AccountRefused),
            (error(4, 2207051), AccountRefused),
            (error(4), RateLimited),
        ],
        ids=lambda each: each.body if isinstance(each, Instead) else each.__name__,
    )
    def test_an_error_of_the_publishing_call_is_sorted_by_its_code(
        self, venue, script, fault, ending
    ):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUBLISH, fault)
        assert type(self.ending(venue, staged)) is ending

    def test_a_quota_that_something_else_used_up_is_a_limit(self, venue, sandbox, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUBLISH, Exhaust())
        assert type(self.ending(venue, staged)) is RateLimited
        assert venue.public() == []

    # ── reading back ────────────────────────────────────────────────────────────────────────────

    def test_an_answer_is_looked_for_among_the_answers_to_that_very_post(self, venue, script):
        first = venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        other = venue.platform.stage(PLAIN, reply_to=first, due=NOW)
        second = venue.platform.publish(other, key=OTHER_KEY)
        staged = venue.platform.stage(PLAIN, reply_to=second, due=NOW)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Absent)
        script.add(PUBLISH, LoseAnswer())
        assert type(self.ending(venue, staged)) is Ambiguous
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Found)
        assert finding.receipt not in {first, second}

    def test_a_post_is_found_among_many_others(self, venue):
        staged = venue.platform.stage(PLAIN, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        for number in range(60):
            other = replace(PLAIN, text=f"Number {number}.")
            venue.platform.publish(
                venue.platform.stage(other, due=NOW), key=f"{OTHER_KEY}/{number}"
            )
        assert venue.platform.find(staged, key=KEY, since=NOW) == Found(receipt=receipt)

    def test_the_same_words_by_somebody_else_need_a_person(self, venue):
        venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=OTHER_KEY)
        staged = venue.platform.stage(PLAIN, due=NOW)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    @pytest.mark.parametrize("state", ["IN_PROGRESS", "PUBLISHED", "SOMETHING_NEW"])
    def test_a_state_that_proves_nothing_is_unknown(self, venue, script, state):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(SHOW, container_is(state))
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    @pytest.mark.parametrize(
        ("cursors", "reason"), [({"after": "9"}, "more than 10 pages"), ({}, "not where it begins")]
    )
    def test_more_posts_than_it_reads_leave_it_unknown(self, venue, script, cursors, reason):
        staged = venue.platform.stage(PLAIN, due=NOW)
        post = {"id": "9", "text": "a", "permalink": "u", "timestamp": "2026-11-25T09:00:00+0000"}
        page = {"data": [post], "paging": {"cursors": cursors, "next": "https://x.example"}}
        script.add("GET /v1.0/me/threads", *[Instead(status=200, body=json.dumps(page))] * 11)
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert reason in finding.reason

    def test_answers_stand_there_as_posts_do(self, venue):
        first = venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        answer = replace(PLAIN, text="And more.")
        second = venue.platform.publish(
            venue.platform.stage(answer, reply_to=first, due=NOW), key=OTHER_KEY
        )
        standing = venue.platform.standing(since=NOW)
        assert {each.receipt for each in standing} == {first, second}

    # ── the account ─────────────────────────────────────────────────────────────────────────────

    def test_it_says_when_its_token_expires(self, venue):
        assert venue.platform.whoami().expires == NOW + timedelta(days=60)

    def test_a_token_that_may_not_publish_is_refused_before_it_tries(self, venue, script):
        said = {"data": {"is_valid": True, "scopes": ["threads_basic"], "expires_at": 0}}
        script.add(DEBUG, Instead(status=200, body=json.dumps(said)))
        with pytest.raises(AccountRefused, match="it lacks threads_content_publish"):
            venue.platform.whoami()

    @pytest.mark.parametrize(
        "fault", [Instead(status=200, body="{}"), error(10), Refuse()], ids=str
    )
    def test_a_token_whose_end_is_not_said_is_no_error(self, venue, script, fault):
        script.add(DEBUG, fault)
        assert venue.platform.whoami().expires is None

    def test_a_token_of_another_account_is_refused(self, sandbox, address):
        _, stranger = connected(sandbox, address, user_id="17")
        with pytest.raises(AccountRefused, match=r"belongs to account \d+ \(@eu\), not to 17"):
            stranger.whoami()

    def test_a_post_that_only_seems_gone_to_a_dead_token_is_not_taken_for_gone(self, venue, script):
        receipt = venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        script.add("DELETE /v1.0/<id>", error(100, 33))
        script.add("GET /v1.0/me", error(190))
        with pytest.raises(AccountRefused):
            venue.platform.withdraw(receipt)
        assert len(venue.public()) == 1

    def test_neither_errors_nor_adapter_show_the_token(self, venue, address, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        for fault in (Refuse(), LoseAnswer(), Garble(status=500), error(190)):
            script.add(PUBLISH, fault)
            ending = self.ending(venue, staged)
            assert address.secrets["token"] not in f"{ending!r} {vars(ending)} {venue.platform!r}"
            assert ending.__cause__ is None
            assert ending.__context__ is None
