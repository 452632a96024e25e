"""Mastodon keeps the contract over its stand-in, and every way a call can end is sorted."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from arrivals import watched
from contract import KEY, NOW, OTHER_KEY, Venue, measured, picture
from over_a_stand_in import OverAStandIn, Tokens, seen

from clocks import Clock
from scheduler.errors import (
    AccountRefused,
    Ambiguous,
    ContentRejected,
    NotSent,
    RateLimited,
)
from scheduler.model import Account, Allowance, Draft, Receipt, Secret
from scheduler.platforms import Absent, Found, Mastodon, Staged, Unknown
from scheduler.platforms.calling import Server
from scheduler.platforms.kin import KIN
from scheduler.platforms.mastodon import idempotency_key
from scheduler.sandbox import (
    Garble,
    Instead,
    LoseAnswer,
    Refuse,
    Slow,
    rate_limited,
    unauthorised,
)

CREATE = "POST /api/v1/statuses"
UPLOAD = "POST /api/v2/media"
LIST = "GET /api/v1/accounts/<id>/statuses"
WHOAMI = "GET /api/v1/accounts/verify_credentials"
PLAIN = Draft(text="Words.", pictures=(), language="en")


def account_at(server: str, name: str = "eu", **options: str) -> Account:
    return Account(
        name=name, platform="mastodon", options={"server": server, "sandbox": "true", **options}
    )


class TestMastodon(OverAStandIn):
    name = "mastodon"

    @pytest.fixture
    def venue(self, sandbox, address):
        account = account_at(address.server)
        platform = Mastodon(account, tokens=Tokens(address.secrets))
        return Venue(account=account, platform=platform, public=lambda: seen(sandbox))

    def test_a_receipt_brings_what_is_left_of_the_rate_limit(self, venue):
        receipt = venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        # Windows of three hours begin with the epoch, and one begins at nine.
        assert receipt.allowance == Allowance(left=299, renews_in=timedelta(hours=3))

    # ── how publishing ends ─────────────────────────────────────────────────────────────────────

    def test_an_answer_that_is_lost_is_ambiguous_and_the_post_is_found(self, venue, draft, script):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, LoseAnswer())
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Found)

    def test_a_500_for_a_post_that_was_made_is_ambiguous_and_the_post_is_found(
        self, venue, draft, script
    ):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, Garble(status=500))
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Found)

    @pytest.mark.parametrize(
        "body", ["<html>", "[]", "{}", '{"id": 7}', '{"id": ""}', "", "\udcff"]
    )
    def test_a_200_that_cannot_be_read_is_ambiguous_and_the_post_is_found(
        self, venue, draft, script, body
    ):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, Garble(status=200, body=body.encode("utf-8", "surrogateescape")))
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Found)

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
    def test_a_redirect_is_not_followed(self, venue, draft, script, status):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, Instead(status=status, headers={"Location": "/api/v1/statuses"}))
        ending = self.ending(venue, staged)
        assert type(ending) is AccountRefused
        assert "it has moved to /api/v1/statuses" in str(ending)
        assert venue.public() == []

    @pytest.mark.parametrize("status", [401, 403, 404, 410])
    def test_an_account_that_may_not_publish_is_refused(self, venue, draft, script, status):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, Instead(status=status))
        assert type(self.ending(venue, staged)) is AccountRefused

    def test_a_revoked_token_is_an_account_error_in_the_servers_words(self, venue, draft, script):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, unauthorised())
        ending = self.ending(venue, staged)
        assert type(ending) is AccountRefused
        assert str(ending).endswith("answered 401: The access token was revoked")

    def test_what_exceeds_the_servers_own_limits_is_not_even_staged(self, venue, draft):
        with pytest.raises(ContentRejected, match=r"text: 1 characters over the limit of 500"):
            venue.platform.stage(replace(draft, text="a" * 501, note=""), due=NOW)
        assert venue.public() == []

    def test_words_that_the_server_will_not_take_are_rejected(self, venue, draft):
        staged = venue.platform.stage(replace(draft, text="a" * 500, note=""), due=NOW)
        longer = Staged(request={**staged.request, "status": "a" * 501})
        ending = self.ending(venue, longer)
        assert type(ending) is ContentRejected
        assert "character limit of 500 exceeded" in str(ending)
        assert venue.public() == []

    def test_the_server_is_asked_once_what_it_takes(self, venue, script):
        larger = {"version": "4.5.0", "configuration": {"statuses": {"max_characters": 600}}}
        script.add("GET /api/v2/instance", Instead(status=200, body=json.dumps(larger)))
        for _ in range(2):  # the second answer would say 500
            venue.platform.stage(replace(PLAIN, text="a" * 600), due=NOW)
        assert measured(venue.platform, PLAIN, "text").limit == 600

    @pytest.mark.parametrize(
        "fault", [Refuse(), Instead(status=500), Instead(status=200, body="<")]
    )
    def test_a_server_that_does_not_say_what_it_takes_is_posted_to(self, venue, script, fault):
        script.add("GET /api/v2/instance", fault)
        venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=KEY)
        assert len(venue.public()) == 1

    def test_a_reply_to_a_post_that_is_gone_is_rejected(self, venue):
        staged = venue.platform.stage(PLAIN, reply_to=Receipt(id="17", url=""), due=NOW)
        assert type(self.ending(venue, staged)) is ContentRejected

    def test_too_many_says_when_to_come_again(self, venue, draft, script):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, rate_limited(retry_after=90))
        ending = self.ending(venue, staged)
        assert type(ending) is RateLimited
        assert ending.retry_after == 90

    def test_too_many_without_a_time_leaves_it_open(self, venue, draft, script):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, rate_limited())
        ending = self.ending(venue, staged)
        assert type(ending) is RateLimited
        assert ending.retry_after is None

    def test_the_wait_is_measured_on_the_servers_clock(self, venue, clock, script):
        clock.instant = NOW.replace(year=2031)
        reset = (clock.instant + timedelta(minutes=20)).isoformat().replace("+00:00", "Z")
        script.add(CREATE, Instead(status=429, headers={"X-RateLimit-Reset": reset}))
        assert self.ending(venue, venue.platform.stage(PLAIN, due=NOW)).retry_after == 20 * 60

    def test_the_31st_picture_in_half_an_hour_must_wait(self, venue, draft, clock):
        for _ in range(15):
            venue.platform.stage(draft, due=NOW)
        with pytest.raises(RateLimited) as caught:
            venue.platform.stage(draft, due=NOW)
        clock.instant += timedelta(seconds=caught.value.retry_after)
        venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)

    def test_a_port_that_nobody_listens_on_means_not_sent(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound, so nobody else gets it, but not listening
            nobody = account_at(f"http://127.0.0.1:{taken.getsockname()[1]}")
            with pytest.raises(NotSent, match="no connection"):
                Mastodon(nobody, tokens=Tokens({"token": "t"})).publish(staged, key=KEY)

    def test_an_answer_that_takes_too_long_is_ambiguous(self, address, script):
        script.add("GET /api/v2/instance", Slow(seconds=5))
        server = Server(address.server, token=lambda: address.secrets["token"], timeouts=(1, 0.05))
        with pytest.raises(Ambiguous, match="ReadTimeout"):
            server.ask("GET", "/api/v2/instance")

    # ── what is sent ────────────────────────────────────────────────────────────────────────────

    def test_the_request_says_everything_that_an_account_could_default(self, venue):
        assert venue.platform.stage(PLAIN, due=NOW).request == {
            "status": "Words.",
            "visibility": "public",
            "language": "en",
            "sensitive": False,
            "spoiler_text": "",
        }

    def test_a_note_marks_the_pictures_as_sensitive(self, venue):
        assert venue.platform.stage(replace(PLAIN, note="mentions killing"), due=NOW).request[
            "sensitive"
        ]

    def test_a_regional_language_is_sent_as_its_iso_639_code(self, venue):
        staged = venue.platform.stage(replace(PLAIN, language="pt-BR"), due=NOW)
        venue.platform.publish(staged, key=KEY)
        assert venue.public()[0].language == "pt"

    def test_the_account_decides_who_sees_its_posts(self, sandbox, address):
        quiet = account_at(address.server, visibility="unlisted")
        platform = Mastodon(quiet, tokens=Tokens(address.secrets))
        platform.publish(platform.stage(PLAIN, due=NOW), key=KEY)
        assert sandbox.public("eu")[0].visibility == "unlisted"

    def test_the_idempotency_key_is_a_digest_of_the_delivery_and_its_words(self, sandbox, venue):
        staged = venue.platform.stage(PLAIN, due=NOW)
        venue.platform.publish(staged, key=KEY)
        assert sandbox.public("eu")[0].key == idempotency_key(KEY, staged.request)
        assert idempotency_key(KEY, staged.request) == (
            "7fbc6cce004c54d3022bb1004397d2ddf28ac44d8a50d70f3d38cbf49d3ec119"
        )

    def test_pictures_uploaded_again_do_not_become_a_second_post(self, venue, draft):
        first = venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        assert venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY) == first
        assert venue.public()[1:] == []

    # ── reading back ────────────────────────────────────────────────────────────────────────────

    def test_a_post_is_found_behind_many_newer_ones(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        for number in range(45):
            other = replace(PLAIN, text=f"Number {number}.")
            venue.platform.publish(
                venue.platform.stage(other, due=NOW), key=f"{OTHER_KEY}/{number}"
            )
        assert venue.platform.find(staged, key=KEY, since=NOW) == Found(receipt=receipt)

    def test_it_is_absent_once_everything_since_then_was_read(self, venue, draft, clock):
        venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=OTHER_KEY)
        clock.instant += timedelta(hours=5)
        staged = venue.platform.stage(draft, due=NOW)
        finding = venue.platform.find(staged, key=KEY, since=clock.instant)
        assert isinstance(finding, Absent)

    def test_more_posts_than_it_reads_leave_it_unknown(self, venue, draft, script):
        staged = venue.platform.stage(draft, due=NOW)
        page = json.dumps([{"id": "9", "url": "u", "created_at": "2026-11-25T09:00:00.000Z"}] * 40)
        script.add(LIST, *[Instead(status=200, body=page)] * 11)
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert "more than 400 posts" in finding.reason

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
            Instead(status=200, body='[{"id": "1", "created_at": "yesterday"}]'),
        ],
        ids=str,
    )
    def test_what_cannot_be_read_back_is_unknown(self, venue, draft, script, endpoint, fault):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(endpoint, fault)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    def test_an_older_post_with_the_same_words_is_not_taken_for_it(self, venue, clock):
        venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=OTHER_KEY)
        clock.instant += timedelta(hours=1)
        staged = venue.platform.stage(PLAIN, due=NOW)
        finding = venue.platform.find(staged, key=KEY, since=clock.instant)
        assert isinstance(finding, Absent)

    def test_pictures_prove_a_post_whatever_our_clock_says(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        ahead = NOW + timedelta(days=1)
        assert venue.platform.find(staged, key=KEY, since=ahead) == Found(receipt=receipt)

    def test_words_are_found_although_our_clock_is_minutes_ahead(self, venue):
        staged = venue.platform.stage(PLAIN, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        ahead = NOW + timedelta(minutes=9)
        assert venue.platform.find(staged, key=KEY, since=ahead) == Found(receipt=receipt)

    def test_the_same_words_with_other_pictures_need_a_person(self, venue, draft):
        venue.platform.publish(venue.platform.stage(draft, due=NOW), key=OTHER_KEY)
        finding = venue.platform.find(venue.platform.stage(draft, due=NOW), key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert "says the same with other pictures" in finding.reason

    def test_the_same_words_as_a_reply_are_another_post(self, venue):
        first = venue.platform.publish(venue.platform.stage(PLAIN, due=NOW), key=OTHER_KEY)
        staged = venue.platform.stage(PLAIN, reply_to=first, due=NOW)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Absent)

    # ── the server and the token ────────────────────────────────────────────────────────────────

    def test_a_servers_own_limits_are_read_without_the_token(self, venue):
        instance = Mastodon(venue.account, tokens=Tokens({"token": "no token"})).instance()
        assert instance.version == "4.5.3"
        assert instance.kin.limits == venue.platform.limits

    @pytest.mark.parametrize(
        ("said", "name"),
        [
            (
                {"version": "4.5.0", "source_url": "https://github.com/mastodon/mastodon"},
                "mastodon",
            ),
            ({"version": "4.5.0+glitch"}, "mastodon"),
            (
                {
                    "version": "3.5.3+0.20.0",
                    "source_url": "https://codeberg.org/superseriousbusiness/gotosocial",
                },
                "gotosocial",
            ),
            ({"version": "0.6.0", "source_url": "https://github.com/fedify-dev/hollo"}, "hollo"),
            ({"version": "takahe/0.11.0"}, "takahe"),
            (
                {
                    "version": "4.0.4 (compatible; NeoDB 0.11)",
                    "source_url": "https://github.com/jointakahe/takahe",
                },
                "takahe",
            ),
        ],
    )
    def test_a_server_is_known_by_what_it_calls_itself(self, venue, script, said, name):
        script.add("GET /api/v2/instance", Instead(status=200, body=json.dumps(said)))
        assert venue.platform.instance().kin == KIN[name]

    def test_limits_that_differ_are_taken_and_nonsense_is_not(self, venue, script):
        said = {
            "version": "4.5.0",
            "configuration": {
                "statuses": {"max_characters": 5000, "max_media_attachments": "many"},
                "media_attachments": {"image_size_limit": 0, "supported_mime_types": ["image/png"]},
            },
        }
        script.add("GET /api/v2/instance", Instead(status=200, body=json.dumps(said)))
        limits = venue.platform.instance().kin.limits
        assert limits == replace(venue.platform.limits, text=5000, media_types=("image/png",))

    def test_a_server_that_repeats_the_token_does_not_get_it_into_an_error(
        self, venue, address, draft, script
    ):
        staged = venue.platform.stage(draft, due=NOW)
        token = address.secrets["token"]
        script.add(CREATE, Instead(status=422, body=f'{{"error": "Bearer {token}"}}'))
        ending = self.ending(venue, staged)
        assert "Bearer ***" in str(ending)
        assert token not in repr(ending)

    @pytest.mark.parametrize(
        "fault", [Refuse(), LoseAnswer(), Instead(status=500), unauthorised()], ids=str
    )
    def test_neither_errors_nor_adapter_show_the_token(self, venue, address, script, fault):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(CREATE, fault)
        ending = self.ending(venue, staged)
        assert (
            address.secrets["token"] not in f"{ending!r} {ending} {vars(ending)} {venue.platform!r}"
        )
        # Errors of requests hold the request with its headers.
        assert ending.__cause__ is None
        assert ending.__context__ is None

    @pytest.mark.parametrize("token", ["", "secret word", "secret\n", "sécret"])
    def test_a_token_that_no_header_can_hold_is_refused_unseen(self, venue, token):
        with pytest.raises(AccountRefused) as caught:
            Mastodon(venue.account, tokens=Tokens({"token": token})).whoami()
        assert "cret" not in repr(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"server": "http://mastodon.example"}, "must start with https://"),
        ({"server": "http://127.0.0.1:3000"}, "must start with https://"),
        ({"server": "https://mastodon.example", "sandbox": "true"}, "is not on this machine"),
        ({"server": "https://127.0.0.1.example", "sandbox": "true"}, "is not on this machine"),
        ({"server": "mastodon.example"}, "does not start with https://"),
        ({"server": "ftp://mastodon.example"}, "does not start with https://"),
        ({"server": "https://mastodon.example/@eu"}, "must stand alone"),
        ({"server": "https://me:secret@mastodon.example"}, "must stand alone"),
        ({"server": "https://mastodon.example:http"}, "is not an address"),
    ],
)
def test_a_server_that_must_not_see_the_token_is_a_problem_and_never_called(options, message):
    account = Account(
        name="eu",
        platform="mastodon",
        options=options,
        secrets={"token": Secret(kind="env", name="EU_TOKEN")},
    )
    ((name, said),) = Mastodon.problems(account)
    assert name == "server"
    assert message in said
    assert "secret" not in said
    with pytest.raises(AccountRefused, match=r"account eu: server "):
        Mastodon(account, tokens=Tokens({"token": "t"})).whoami()


@pytest.mark.parametrize(
    ("options", "secrets", "problem"),
    [
        (
            {"visibility": "everyone"},
            ("token",),
            ("visibility", '"everyone" is not one of public, unlisted, private'),
        ),
        ({}, ("tokn", "token"), ("tokn", 'no secret "tokn"; did you mean "token"?')),
    ],
)
def test_what_is_wrong_with_an_account_is_said(options, secrets, problem):
    account = Account(
        name="eu",
        platform="mastodon",
        options={"server": "https://mastodon.example", **options},
        secrets={name: Secret(kind="env", name="EU") for name in secrets},
    )
    assert Mastodon.problems(account) == (problem,)


def test_a_live_account_needs_a_token_and_a_sandbox_does_not():
    live = Account(name="eu", platform="mastodon", options={"server": "https://mastodon.example"})
    assert [name for name, _ in Mastodon.problems(live)] == ["token"]
    assert Mastodon.problems(account_at("http://localhost:3000")) == ()


class TestPicturesThatTakeTime:
    @pytest.fixture
    def draft(self, tmp_path):
        return replace(PLAIN, pictures=(picture(tmp_path, "white", "A card"),))

    def test_staging_goes_on_with_the_same_upload(self, draft):
        clock = Clock()
        with watched(now=clock.now, processing=timedelta(seconds=10)) as sandbox:
            address = sandbox.start("mastodon", account="eu")
            platform = Mastodon(account_at(address.server), tokens=Tokens(address.secrets))
            for _ in range(2):
                with pytest.raises(NotSent, match="still working"):
                    platform.stage(draft, due=NOW)
            clock.instant += timedelta(seconds=10)
            platform.publish(platform.stage(draft, due=NOW), key=KEY)
            assert len(sandbox.public("eu")) == 1
