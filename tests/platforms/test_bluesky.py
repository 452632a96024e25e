"""Bluesky keeps the contract over its stand-in, and every way a call can end is sorted."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
from arrivals import watched
from contract import KEY, NOW, OTHER_KEY, Venue, measured, picture
from over_a_stand_in import OverAStandIn, Tokens, seen

from clocks import Clock
from scheduler.errors import (
    AccountRefused,
    Ambiguous,
    ContentRejected,
    Ending,
    NotSent,
    RateLimited,
)
from scheduler.model import Account, Allowance, Comments, Draft, Receipt, Secret
from scheduler.platforms import Absent, Bluesky, Found, Unknown
from scheduler.sandbox import (
    Garble,
    Instead,
    LoseAnswer,
    Refuse,
    Script,
    rate_limited,
)

PUT = "POST /xrpc/com.atproto.repo.putRecord"
UPLOAD = "POST /xrpc/com.atproto.repo.uploadBlob"
READ = "GET /xrpc/com.atproto.repo.getRecord"
LIST = "GET /xrpc/com.atproto.repo.listRecords"
RESOLVE = "GET /xrpc/com.atproto.identity.resolveHandle"
SIGN_IN = "POST /xrpc/com.atproto.server.createSession"
RENEW = "POST /xrpc/com.atproto.server.refreshSession"
WHOAMI = "GET /xrpc/com.atproto.server.getSession"

#: Everybody may answer, so that publishing is one request.
PLAIN = Draft(text="Words.", pictures=(), language="en", comments=Comments.ON)
GATED = replace(PLAIN, comments=Comments.LIMITED)


def said(name: str, status: int = 400, **headers: str) -> Instead:
    """An answer that refuses by name."""
    body = json.dumps({"error": name, "message": "as the server puts it"})
    return Instead(status=status, body=body, headers=headers)


@dataclass(slots=True)
class Calls:
    """Faults as they are written down, and every call that was made."""

    script: Script
    made: list[str]

    def add(self, endpoint, *faults):
        self.script.add(endpoint, *faults)

    def __call__(self, call):
        self.made.append(call.endpoint)
        return self.script(call)


def account_at(server: str, **options: str) -> Account:
    return Account(
        name="eu",
        platform="bluesky",
        options={"server": server, "handle": "eu.test", "sandbox": "true", **options},
    )


class TestBluesky(OverAStandIn):
    name = "bluesky"

    @pytest.fixture
    def script(self):
        return Calls(Script(), [])

    @pytest.fixture
    def venue(self, sandbox, address):
        account = account_at(address.server)
        platform = Bluesky(account, tokens=Tokens(address.secrets))
        return Venue(account=account, platform=platform, public=lambda: seen(sandbox), notes=False)

    def records(self, address, collection="app.bsky.feed.post"):
        """What the server keeps, as anyone may read it; newest first."""
        query = {"repo": "eu.test", "collection": collection}
        path = f"{address.server}/xrpc/com.atproto.repo.listRecords"
        return requests.get(path, params=query, timeout=5).json()["records"]

    def gates(self, address):
        return self.records(address, "app.bsky.feed.threadgate")

    # ── what is sent ────────────────────────────────────────────────────────────────────────────

    def test_the_record_is_frozen_and_dated_when_it_is_due(self, venue, draft):
        staged = venue.platform.stage(replace(draft, note=""), due=NOW)
        assert staged.request["record"] == {
            "$type": "app.bsky.feed.post",
            "text": draft.text,
            "createdAt": "2026-11-25T09:00:00.000Z",
            "langs": ["es"],
            "facets": [
                {
                    "index": {"byteStart": 31, "byteEnd": 56},
                    "features": [
                        {
                            "$type": "app.bsky.richtext.facet#link",
                            "uri": "https://example.org/ayuda",
                        }
                    ],
                }
            ],
            "embed": {
                "$type": "app.bsky.embed.images",
                "images": [
                    {
                        "image": {
                            "$type": "blob",
                            "ref": {"$link": link},
                            "mimeType": each.media_type,
                            "size": each.bytes,
                        },
                        "alt": each.alt,
                        "aspectRatio": {"width": 8, "height": 10},
                    }
                    for each, link in zip(draft.pictures, links(staged), strict=True)
                ],
            },
        }
        assert staged.request["repo"].startswith("did:plc:")

    def test_staged_again_it_is_the_same_request_to_the_byte(self, venue, draft, clock):
        first = venue.platform.stage(draft, due=NOW)
        clock.instant += timedelta(hours=1)
        assert venue.platform.stage(draft, due=NOW) == first

    def test_a_note_is_the_first_paragraph_and_covers_the_pictures(self, venue, draft, sandbox):
        venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        (post,) = sandbox.public("eu")
        assert post.text == f"menciona violencia\n\n{draft.text}"
        assert post.covered

    def test_a_note_counts_as_text(self, venue):
        noted = replace(PLAIN, note="mentions killing")
        assert measured(venue.platform, noted, "text").used == len("mentions killing\n\nWords.")

    def test_a_text_alone_has_nothing_to_cover(self, venue):
        staged = venue.platform.stage(replace(PLAIN, note="mentions killing"), due=NOW)
        assert "labels" not in staged.request["record"]

    def test_four_pictures_are_taken_in_their_order(self, venue, tmp_path, sandbox):
        colours = ("white", "red", "green", "blue")
        pictures = tuple(picture(tmp_path, colour, f"Alt {colour}") for colour in colours)
        staged = venue.platform.stage(replace(PLAIN, pictures=pictures), due=NOW)
        venue.platform.publish(staged, key=KEY)
        (post,) = sandbox.public("eu")
        assert post.digests == tuple(each.digest for each in pictures)
        assert post.alts == ("Alt white", "Alt red", "Alt green", "Alt blue")

    def test_a_third_part_answers_the_second_and_names_the_first_as_the_root(self, venue, address):
        receipts = [venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)]
        for part in (2, 3):
            staged = venue.platform.stage(PLAIN, due=NOW, reply_to=receipts[-1])
            receipts.append(venue.platform.publish(staged, key=f"{KEY}/{part}"))
        standing = {each["uri"]: each for each in self.records(address)}
        first, second, third = (standing[receipt.id] for receipt in receipts)
        assert third["value"]["reply"] == {
            "root": {"uri": first["uri"], "cid": first["cid"]},
            "parent": {"uri": second["uri"], "cid": second["cid"]},
        }

    def test_the_parts_of_a_thread_sort_as_they_are_read(self, venue, address):
        receipt = venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        made = [receipt.id]
        for part in range(2, 9):
            staged = venue.platform.stage(PLAIN, due=NOW, reply_to=receipt)
            receipt = venue.platform.publish(staged, key=f"{KEY}/{part}")
            made.insert(0, receipt.id)
        standing = self.records(address)
        times = [each["value"]["createdAt"] for each in standing]
        assert [each["uri"] for each in standing] == made
        assert times == sorted(set(times), reverse=True)

    def test_an_answer_to_a_post_that_is_gone_is_rejected(self, venue):
        first = venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        venue.platform.withdraw(first)
        with pytest.raises(ContentRejected, match="is gone"):
            venue.platform.stage(PLAIN, due=NOW, reply_to=first)

    def test_a_receipt_of_another_platform_is_no_post_there(self, venue):
        with pytest.raises(ContentRejected, match='"17" is no post on Bluesky'):
            venue.platform.stage(PLAIN, due=NOW, reply_to=Receipt(id="17", url=""))

    def test_a_mention_is_resolved_and_one_of_nobody_stays_text(self, venue, sandbox):
        sandbox.start("bluesky", account="italy.page")
        text = "With @italy.page.test and @nobody.test #16Days"
        staged = venue.platform.stage(replace(PLAIN, text=text), due=NOW)
        venue.platform.publish(staged, key=KEY)
        features = [facet["features"][0] for facet in staged.request["record"]["facets"]]
        assert [set(feature) - {"$type"} for feature in features] == [{"did"}, {"tag"}]

    @pytest.mark.parametrize("fault", [Refuse(), Instead(status=502), rate_limited(5)], ids=str)
    def test_a_mention_that_cannot_be_asked_about_now_is_not_dropped(self, venue, script, fault):
        script.add(RESOLVE, fault)
        with pytest.raises(Ending):
            venue.platform.stage(replace(PLAIN, text="With @eu.test"), due=NOW)

    # ── who may answer ──────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize(
        ("comments", "allowed"),
        [
            (Comments.OFF, []),
            (
                Comments.LIMITED,
                ["app.bsky.feed.threadgate#mentionRule", "app.bsky.feed.threadgate#followingRule"],
            ),
        ],
    )
    def test_who_may_answer_stands_under_the_posts_own_name(
        self, venue, address, comments, allowed
    ):
        staged = venue.platform.stage(replace(PLAIN, comments=comments), due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        (gate,) = self.gates(address)
        assert gate["uri"].rsplit("/", 1)[-1] == receipt.id.rsplit("/", 1)[-1]
        assert gate["value"]["post"] == receipt.id
        assert [rule["$type"] for rule in gate["value"]["allow"]] == allowed

    def test_where_everybody_may_answer_there_is_no_gate(self, venue, address):
        venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        assert self.gates(address) == []

    def test_an_answer_of_ours_has_no_gate_of_its_own(self, venue, address):
        first = venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        staged = venue.platform.stage(GATED, due=NOW, reply_to=first)
        venue.platform.publish(staged, key=OTHER_KEY)
        assert self.gates(address) == []

    @pytest.mark.parametrize(
        ("fault", "ending"),
        [
            (Refuse(), NotSent),
            (LoseAnswer(), NotSent),
            (Instead(status=502), NotSent),
            (rate_limited(5), RateLimited),
            (said("InvalidRequest"), ContentRejected),
            (said("AccountTakedown", 401), AccountRefused),
        ],
        ids=str,
    )
    def test_no_post_is_public_without_its_gate(self, venue, script, fault, ending):
        staged = venue.platform.stage(GATED, due=NOW)
        script.add(PUT, fault)
        assert type(self.ending(venue, staged)) is ending
        assert venue.public() == []
        venue.platform.publish(staged, key=KEY)
        assert len(venue.public()) == 1

    def test_withdrawing_takes_the_gate_along(self, venue, address):
        venue.platform.withdraw(
            venue.platform.publish(venue.platform.stage(GATED, due=NOW), key=KEY)
        )
        assert self.gates(address) == []

    # ── how publishing ends ─────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize("fault", [LoseAnswer(), Garble(status=500)], ids=str)
    def test_a_lost_answer_is_ambiguous_and_a_replay_makes_no_second_post(
        self, venue, draft, script, fault
    ):
        staged = venue.platform.stage(replace(draft, comments=Comments.ON), due=NOW)
        script.add(PUT, fault)
        assert type(self.ending(venue, staged)) is Ambiguous
        found = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(found, Found)
        assert venue.platform.publish(staged, key=KEY) == found.receipt
        assert len(venue.public()) == 1

    @pytest.mark.parametrize(
        "body", ["<html>", "[]", "{}", '{"uri": 7}', '{"uri": "at://other"}', ""]
    )
    def test_a_200_that_cannot_be_read_is_ambiguous_and_the_post_is_found(
        self, venue, script, body
    ):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUT, Garble(status=200, body=body))
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Found)

    def test_a_line_cut_before_acceptance_is_ambiguous_and_the_post_is_absent(self, venue, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUT, Refuse())
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Absent)

    @pytest.mark.parametrize(
        ("fault", "ending"),
        [
            (said("InvalidRequest"), ContentRejected),
            (said("InvalidMimeType"), ContentRejected),
            (said("InvalidSize"), ContentRejected),
            (said("PayloadTooLarge", 413), ContentRejected),
            (said("BlobNotFound"), NotSent),
            (said("InvalidToken"), AccountRefused),
            (said("InvalidToken", 401), AccountRefused),
            (said("AuthenticationRequired", 401), AccountRefused),
            (said("AuthFactorTokenRequired", 401), AccountRefused),
            (said("AccountTakedown"), AccountRefused),
            (said("AccountDeactivated"), AccountRefused),
            (said("AccountNotFound", 403), AccountRefused),
            (said("InvalidSwap"), Ambiguous),
            (said("UpstreamFailure", 502), Ambiguous),
            (said("UpstreamTimeout", 504), Ambiguous),
            (said("InternalServerError", 500), Ambiguous),
            (said("InvalidRequest", 500), Ambiguous),
            (said("RateLimitExceeded", 429), RateLimited),
            (said("InvalidRequest", 429), RateLimited),
            (said("SomethingNew", 403), AccountRefused),
            (said("SomethingNew", 409), Ambiguous),
            (Instead(status=413, body="<html>"), ContentRejected),
            (Instead(status=400, body='["InvalidSwap"]'), ContentRejected),
            (Instead(status=404, body="not here"), AccountRefused),
        ],
        ids=lambda each: getattr(each, "body", None) and f"{each.status} {each.body[:40]}",
    )
    def test_an_answer_is_sorted_by_the_name_of_its_error(self, venue, script, fault, ending):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUT, fault)
        assert type(self.ending(venue, staged)) is ending
        assert venue.public() == []

    @pytest.mark.against_the_specification("a text of 301 graphemes, for the server to refuse")
    def test_a_refusal_is_told_in_the_servers_words(self, venue):
        staged = venue.platform.stage(replace(PLAIN, text="a" * 301), due=NOW)
        ending = self.ending(venue, staged)
        assert type(ending) is ContentRejected
        assert str(ending).endswith(
            "answered 400: InvalidRequest: Record/text must not be longer than 300 graphemes"
        )

    def test_other_words_under_its_name_need_a_person_and_are_never_overwritten(self, venue):
        venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        staged = venue.platform.stage(replace(PLAIN, text="Other words."), due=NOW)
        assert type(self.ending(venue, staged)) is Ambiguous
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert "says something else" in finding.reason
        assert [post.text for post in venue.public()] == ["Words."]

    @pytest.mark.parametrize(
        "fault",
        [Refuse(), Instead(status=500), rate_limited(5), Instead(status=200, body="<")],
        ids=str,
    )
    def test_what_cannot_be_read_back_is_unknown(self, venue, script, fault):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(READ, fault)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    # ── how often ───────────────────────────────────────────────────────────────────────────────

    def test_a_receipt_brings_what_is_left_of_the_rate_limit(self, venue):
        receipt = venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        # Of all calls from this address: signing in was the first, and this is the second.
        assert receipt.allowance == Allowance(left=2998, renews_in=timedelta(minutes=5))

    def test_too_many_says_when_to_come_again_on_the_servers_clock(self, venue, clock, script):
        clock.instant = NOW.replace(year=2031)
        reset = str(int((clock.instant + timedelta(minutes=20)).timestamp()))
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUT, said("RateLimitExceeded", 429, **{"RateLimit-Reset": reset}))
        assert self.ending(venue, staged).retry_after == 20 * 60

    def test_the_cap_is_reached_before_the_server_refuses(self, venue, script):
        venue.platform.publish(venue.platform.stage(GATED, due=NOW), key=KEY)
        points = 3 * script.made.count(PUT)
        hour, day = venue.platform.caps
        assert (hour.posts * points <= 5000, hour.window) == (True, timedelta(hours=1))
        assert (day.posts * points <= 35_000, day.window) == (True, timedelta(days=1))

    # ── signing in ──────────────────────────────────────────────────────────────────────────────

    def test_one_session_serves_every_call(self, venue, draft, script):
        for key in (KEY, OTHER_KEY):
            venue.platform.publish(venue.platform.stage(draft, due=NOW), key=key)
        assert (script.made.count(SIGN_IN), script.made.count(RENEW)) == (1, 0)

    def test_a_token_that_expired_is_renewed_once_and_the_post_goes_out(self, venue, clock, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        clock.instant += timedelta(minutes=120)
        venue.platform.publish(staged, key=KEY)
        assert len(venue.public()) == 1
        assert (script.made.count(SIGN_IN), script.made.count(RENEW)) == (1, 1)

    def test_tokens_rotate_for_as_long_as_it_takes(self, venue, clock, script):
        for day in range(16):
            clock.instant = NOW + timedelta(days=day)
            venue.platform.publish(venue.platform.stage(PLAIN, due=clock.instant), key=f"{day}")
        assert len(venue.public()) == 16
        assert script.made.count(SIGN_IN) == 1

    def test_a_renewal_whose_answer_was_lost_is_asked_for_again(self, venue, clock, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        clock.instant += timedelta(minutes=120)
        script.add(RENEW, LoseAnswer())
        ending = self.ending(venue, staged)
        assert type(ending) is NotSent
        venue.platform.publish(staged, key=KEY)
        assert (script.made.count(SIGN_IN), script.made.count(RENEW)) == (1, 2)

    def test_a_new_session_is_made_when_the_old_one_cannot_be_renewed(self, venue, clock, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        clock.instant += timedelta(days=91)
        venue.platform.publish(staged, key=KEY)
        assert (script.made.count(SIGN_IN), script.made.count(RENEW)) == (2, 1)

    def test_a_password_that_was_revoked_meanwhile_refuses_the_account(self, venue, clock, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        clock.instant += timedelta(days=91)
        script.add(SIGN_IN, said("AuthenticationRequired", 401))
        assert type(self.ending(venue, staged)) is AccountRefused
        assert venue.public() == []

    def test_a_token_that_stays_expired_has_sent_nothing(self, venue, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUT, said("ExpiredToken"), said("ExpiredToken"))
        assert type(self.ending(venue, staged)) is NotSent
        assert script.made.count(RENEW) == 1

    def test_after_a_refusal_it_signs_in_anew(self, venue, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(PUT, said("InvalidToken"))
        assert type(self.ending(venue, staged)) is AccountRefused
        venue.platform.publish(staged, key=KEY)
        assert script.made.count(SIGN_IN) == 2

    @pytest.mark.parametrize(
        ("fault", "ending"),
        [
            (Refuse(), NotSent),
            (Instead(status=500), NotSent),
            (Instead(status=200, body="{}"), NotSent),
            (rate_limited(30), RateLimited),
            (said("AuthFactorTokenRequired", 401), AccountRefused),
            (said("InvalidRequest"), AccountRefused),
            (said("AccountTakedown"), AccountRefused),
            (
                Instead(
                    status=200,
                    body='{"active": false, "status": "suspended"}',
                ),
                AccountRefused,
            ),
        ],
        ids=str,
    )
    def test_not_being_signed_in_is_never_a_doubt_nor_about_the_words(
        self, venue, script, fault, ending
    ):
        script.add(SIGN_IN, fault)
        with pytest.raises(ending):
            venue.platform.stage(PLAIN, due=NOW)

    def test_an_account_that_is_not_active_is_refused(self, venue, script):
        body = json.dumps({"did": "d", "handle": "h", "active": False, "status": "deactivated"})
        script.add(WHOAMI, Instead(status=200, body=body))
        with pytest.raises(AccountRefused, match="the account is deactivated"):
            venue.platform.whoami()

    def test_it_is_known_by_its_lasting_name(self, venue):
        identity = venue.platform.whoami()
        assert identity.name == "@eu.test"
        assert identity.url == f"https://bsky.app/profile/{identity.id}"

    def test_a_wrong_password_is_an_account_error_and_never_shown(self, venue):
        wrong = Bluesky(venue.account, tokens=Tokens({"password": "hush-hush"}))
        with pytest.raises(AccountRefused) as caught:
            wrong.whoami()
        assert "Invalid identifier or password" in str(caught.value)
        assert "hush" not in repr(caught.value)

    def test_a_server_that_repeats_the_password_does_not_get_it_into_an_error(
        self, venue, address, script
    ):
        password = address.secrets["password"]
        body = json.dumps({"error": "InvalidRequest", "message": f"no account with {password}"})
        script.add(SIGN_IN, Instead(status=400, body=body))
        with pytest.raises(AccountRefused) as caught:
            venue.platform.whoami()
        assert "no account with ***" in str(caught.value)
        assert password not in repr(caught.value)

    @pytest.mark.parametrize("endpoint", [SIGN_IN, PUT])
    @pytest.mark.parametrize("fault", [Refuse(), LoseAnswer(), Instead(status=500)], ids=str)
    def test_neither_errors_nor_adapter_show_a_secret(
        self, venue, address, script, endpoint, fault
    ):
        script.add(endpoint, fault)
        with pytest.raises(Ending) as caught:
            venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        shown = f"{caught.value!r} {vars(caught.value)} {venue.platform!r}"
        assert address.secrets["password"] not in shown
        assert "Bearer" not in shown

    # ── where its records live ──────────────────────────────────────────────────────────────────

    def moved(self, address, endpoint):
        """A session whose DID document names this place."""
        path = f"{address.server}/xrpc/com.atproto.server.createSession"
        body = {"identifier": "eu.test", "password": address.secrets["password"]}
        session = requests.post(path, json=body, timeout=5).json()
        service = {"id": f"{session['did']}#atproto_pds", "serviceEndpoint": endpoint}
        return Instead(status=200, body=json.dumps({**session, "didDoc": {"service": [service]}}))

    def test_records_go_to_the_accounts_own_server(self, venue, address):
        """Signing in at one server, which names another."""
        doors = Script()
        doors.add(SIGN_IN, self.moved(address, address.server))
        with watched(now=Clock().now, faults=doors) as entry:
            account = account_at(entry.start("bluesky", account="eu").server)
            platform = Bluesky(account, tokens=Tokens(address.secrets))
            platform.publish(platform.stage(PLAIN, due=NOW), key=KEY)
            assert entry.public("eu") == []
        assert [post.text for post in venue.public()] == ["Words."]

    @pytest.mark.parametrize(
        "endpoint", ["https://pds.example", "http://pds.example", "", "https://["]
    )
    def test_a_sandbox_never_leaves_this_machine(self, venue, address, script, endpoint):
        moved = self.moved(address, endpoint)
        script.add(SIGN_IN, moved)
        venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        assert len(venue.public()) == 1

    # ── what stands there ───────────────────────────────────────────────────────────────────────

    def test_posts_are_read_newest_first_over_several_pages(self, venue):
        for number in range(105):
            due = NOW + timedelta(minutes=number)
            staged = venue.platform.stage(replace(PLAIN, text=f"Number {number}."), due=due)
            venue.platform.publish(staged, key=f"{KEY}/{number}")
        standing = venue.platform.standing(since=NOW + timedelta(minutes=2))
        assert [each.text for each in standing] == [f"Number {n}." for n in range(104, 1, -1)]
        assert standing[0].published_at == NOW + timedelta(minutes=104)

    def test_a_record_without_a_time_stands_at_the_time_of_its_name(self, venue, script):
        record = {
            "uri": "at://did:plc:x/app.bsky.feed.post/3lwqpx7wc222b",
            "cid": "b",
            "value": {"text": "Old."},
        }
        body = json.dumps({"records": [record]})
        script.add(LIST, Instead(status=200, body=body))
        (only,) = venue.platform.standing(since=datetime(2025, 8, 1, tzinfo=UTC))
        assert only.published_at == datetime(2025, 8, 19, 10, 40, tzinfo=UTC)

    def test_more_posts_than_it_reads_are_no_list(self, venue, script):
        records = [
            {"uri": "at://did:plc:x/app.bsky.feed.post/3lwqpx7wc222b", "cid": "b", "value": {}}
        ] * 100
        body = json.dumps({"records": records, "cursor": "3lwqpx7wc222b"})
        script.add(LIST, *[Instead(status=200, body=body)] * 11)
        with pytest.raises(Ambiguous, match="more than 1000 posts"):
            venue.platform.standing(since=datetime(2024, 1, 1, tzinfo=UTC))

    # ── limits ──────────────────────────────────────────────────────────────────────────────────

    @pytest.mark.against_the_specification("a text of 3025 bytes, for the server to refuse")
    def test_a_text_is_counted_in_characters_and_in_bytes(self, venue):
        families = replace(PLAIN, text="👨‍👩‍👧‍👦" * 121)
        text, size = (each for each in venue.platform.measure(families) if each.name == "text")
        assert (text.used, text.limit, text.unit, text.excess) == (121, 300, "characters", 0)
        assert (size.used, size.limit, size.unit, size.excess) == (3025, 3000, "bytes", 25)
        assert type(self.ending(venue, venue.platform.stage(families, due=NOW))) is ContentRejected


def links(staged) -> list[str]:
    images = staged.request["record"]["embed"]["images"]
    return [image["image"]["ref"]["$link"] for image in images]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"server": "http://bsky.example"}, "must start with https://"),
        ({"server": "https://bsky.example", "sandbox": "true"}, "is not on this machine"),
        ({"server": "https://me:secret@bsky.example"}, "must stand alone"),
        ({"server": "bsky.example"}, "does not start with https://"),
    ],
)
def test_a_server_that_must_not_see_the_password_is_a_problem_and_never_called(options, message):
    account = Account(
        name="eu",
        platform="bluesky",
        options={"handle": "eu.example", **options},
        secrets={"password": Secret(kind="env", name="EU_PASSWORD")},
    )
    ((name, said),) = Bluesky.problems(account)
    assert name == "server"
    assert message in said
    assert "secret" not in said
    with pytest.raises(AccountRefused, match=r"account eu: server "):
        Bluesky(account, tokens=Tokens({"password": "t"})).whoami()


def test_a_live_account_needs_a_password_and_a_sandbox_does_not():
    options = {"server": "https://bsky.social", "handle": "eu.example"}
    live = Account(name="eu", platform="bluesky", options=options)
    assert [name for name, _ in Bluesky.problems(live)] == ["password"]
    assert Bluesky.problems(account_at("http://localhost:3000")) == ()


def test_a_handle_is_written_without_its_sign():
    (problem,) = Bluesky.problems(account_at("http://localhost:3000", handle="@eu.test"))
    assert problem == ("handle", '"@eu.test" is written without @')
