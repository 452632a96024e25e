"""GoToSocial, Hollo and Takahē keep the contract too, each with its own limits and manners."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from arrivals import watched
from contract import KEY, NOW, Venue, measured, picture, through_the_ledger
from over_a_stand_in import OverAStandIn, Tokens, seen

from clocks import Clock
from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, RateLimited
from scheduler.model import Account, Draft
from scheduler.platforms import Absent, Found, Mastodon, Staged, Unknown
from scheduler.platforms.kin import KIN
from scheduler.sandbox import Drop, Exhaust, Garble, Instead, LoseAnswer

CREATE = "POST /api/v1/statuses"
INSTANCE = "GET /api/v2/instance"
PLAIN = Draft(text="Words.", pictures=(), language="en")
LINK = "https://example.org/" + "a" * 80
FAMILY = "👩‍👩‍👧"


class OverKin(OverAStandIn):
    #: As the account's option says it, and as the sandbox calls it.
    software: str

    @pytest.fixture
    def address(self, sandbox):
        return sandbox.start("mastodon", account="eu", software=self.software)

    @pytest.fixture
    def account(self, address):
        options = {**address.options, "software": self.software}
        return Account(name="eu", platform="mastodon", options=options)

    @pytest.fixture
    def venue(self, sandbox, address, account):
        return Venue(
            account=account,
            platform=Mastodon(account, tokens=Tokens(address.secrets)),
            public=lambda: seen(sandbox),
            languages=KIN[self.software].limits.languages,
        )

    def test_what_the_account_says_of_its_server_is_what_the_server_says(self, venue):
        assert venue.platform.instance().kin == KIN[self.software]

    def test_a_server_is_judged_by_its_own_rules_whatever_the_account_says(self, venue, address):
        account = replace(venue.account, options=address.options)
        mistaken = Mastodon(account, tokens=Tokens(address.secrets))
        linked = replace(PLAIN, text=f"{LINK} {FAMILY}", note="note")
        assert mistaken.measure(linked) != venue.platform.measure(linked)
        mistaken.stage(linked, due=NOW)
        assert mistaken.measure(linked) == venue.platform.measure(linked)

    def test_a_text_at_the_limit_is_published_and_one_beyond_it_is_not_staged(self, venue):
        room = venue.platform.limits.text - measured(venue.platform, PLAIN, "text").used
        full = replace(PLAIN, text=PLAIN.text + "a" * room)
        venue.platform.publish(venue.platform.stage(full, due=NOW), key=KEY)
        with pytest.raises(ContentRejected, match="text: 1 characters over the limit of"):
            venue.platform.stage(replace(full, text=f"{full.text}a"), due=NOW)
        assert venue.public() == [venue.seen(full)]

    def test_a_picture_too_many_is_not_staged(self, venue, tmp_path):
        most = venue.platform.limits.pictures
        cards = (picture(tmp_path, "white", "A card"),) * (most + 1)
        with pytest.raises(ContentRejected, match=f"1 pictures over the limit of {most}"):
            venue.platform.stage(replace(PLAIN, pictures=cards), due=NOW)
        venue.platform.publish(
            venue.platform.stage(replace(PLAIN, pictures=cards[1:]), due=NOW), key=KEY
        )
        assert len(venue.public()[0].alts) == most

    @pytest.mark.parametrize("fault", [LoseAnswer(), Garble(status=500)], ids=str)
    @pytest.mark.parametrize("pictured", [True, False])
    def test_after_a_lost_answer_the_post_is_found_and_public_once(
        self, venue, draft, script, fault, pictured
    ):
        said = draft if pictured else replace(draft, pictures=())
        staged = venue.platform.stage(said, due=NOW)
        script.add(CREATE, fault)
        assert type(self.ending(venue, staged)) is Ambiguous
        again = through_the_ledger(staged)
        assert isinstance(venue.platform.find(again, key=KEY, since=NOW), Found)
        assert venue.public() == [venue.seen(said)]

    def test_a_request_that_never_arrived_is_proved_absent_and_public_once(
        self, venue, draft, script
    ):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, Drop())
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Absent)
        venue.platform.publish(staged, key=KEY)
        assert venue.public() == [venue.seen(draft)]

    def test_a_token_that_the_server_does_not_know_is_an_account_error(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        revoked = Mastodon(venue.account, tokens=Tokens({"token": "revoked"}))
        for call in (
            revoked.whoami,
            lambda: revoked.stage(draft, due=NOW),
            lambda: revoked.publish(staged, key=KEY),
        ):
            with pytest.raises(AccountRefused):
                call()
        assert isinstance(revoked.find(staged, key=KEY, since=NOW), Unknown)
        assert venue.public() == []

    @pytest.mark.against_the_specification(
        "a visibility that there is not, for the server to refuse"
    )
    def test_words_that_the_server_will_not_take_are_rejected(self, venue):
        staged = venue.platform.stage(PLAIN, due=NOW)
        ending = self.ending(venue, Staged(request={**staged.request, "visibility": "nobody"}))
        assert type(ending) is ContentRejected
        assert venue.public() == []

    def test_too_many_without_a_time_leaves_it_open(self, venue, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(CREATE, Instead(status=429))
        ending = self.ending(venue, staged)
        assert type(ending) is RateLimited
        assert ending.retry_after is None

    def test_the_program_counts_offline_as_the_account_says(self, account):
        offline = Mastodon(account, tokens=Tokens({}))
        assert offline.limits == KIN[self.software].limits


class KeyIgnored(OverKin):
    """Nothing but reading back stands between these servers and a second post."""

    def test_the_same_request_under_the_same_key_becomes_one_post(self, venue, draft):
        """It does not: so nothing is sent again that was found."""
        staged = venue.platform.stage(replace(draft, pictures=()), due=NOW)
        first = venue.platform.publish(staged, key=KEY)
        assert venue.platform.find(staged, key=KEY, since=NOW) == Found(receipt=first)
        assert venue.platform.publish(through_the_ledger(staged), key=KEY) != first
        assert len(venue.public()) == 2
        assert not KIN[self.software].keys


class TestGoToSocial(KeyIgnored):
    name = "mastodon"
    software = "gotosocial"

    def test_addresses_count_in_full_and_so_does_every_code_point(self, venue):
        said = replace(PLAIN, text=f"{LINK} @eu@far.example {FAMILY}", note="note")
        assert measured(venue.platform, said, "text").used == 100 + 1 + 15 + 1 + 5 + 4

    def test_what_it_states_of_addresses_is_not_believed(self, venue):
        links = replace(PLAIN, text=" ".join([LINK] * 50))  # 5049; at 25 each, 1299
        with pytest.raises(ContentRejected, match="49 characters over the limit of 5000"):
            venue.platform.stage(links, due=NOW)

    def test_a_400_about_the_words_is_about_the_words(self, venue):
        staged = venue.platform.stage(PLAIN, due=NOW)
        longer = Staged(request={**staged.request, "status": "a" * 5001})
        ending = self.ending(venue, longer)
        assert type(ending) is ContentRejected
        assert "answered 400" in str(ending)

    def test_too_many_says_in_unix_time_when_to_come_again(self, venue, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(CREATE, Exhaust())
        ending = self.ending(venue, staged)
        assert type(ending) is RateLimited
        assert ending.retry_after == 5 * 60

    def test_a_smaller_server_is_believed(self, venue, script):
        smaller = {
            "version": "3.5.3+0.20.0",
            "configuration": {"media_attachments": {"description_limit": 20}},
        }
        script.add(INSTANCE, Instead(status=200, body=json.dumps(smaller)))
        venue.platform.stage(PLAIN, due=NOW)
        assert venue.platform.limits == replace(KIN["gotosocial"].limits, alt=20)


class TestHollo(OverKin):
    name = "mastodon"
    software = "hollo"

    def test_an_address_counts_256_and_a_family_one(self, venue):
        said = replace(PLAIN, text=f"{LINK} {FAMILY}", note="note")
        assert measured(venue.platform, said, "text").used == 256 + 1 + 1 + 4

    def test_the_key_gives_the_first_post_back_for_an_hour_only(self, venue, clock):
        staged = venue.platform.stage(PLAIN, due=NOW)
        first = venue.platform.publish(staged, key=KEY)
        assert venue.platform.publish(staged, key=KEY) == first
        clock.instant = clock.instant.replace(hour=clock.instant.hour + 1)
        assert venue.platform.publish(staged, key=KEY) != first
        assert len(venue.public()) == 2


class TestTakahe(KeyIgnored):
    name = "mastodon"
    software = "takahe"

    def test_the_excess_of_a_text_is_exact(self, venue, draft):
        """Whatever its note says, which does not count here."""
        long = replace(draft, text="a" * (venue.platform.limits.text + 17))
        assert measured(venue.platform, long, "text").excess == 17

    def test_the_note_does_not_count_and_addresses_do_in_full(self, venue):
        said = replace(PLAIN, text=f"{LINK} {FAMILY}", note="a" * 600)
        assert measured(venue.platform, said, "text").used == 100 + 1 + 5
        venue.platform.publish(venue.platform.stage(said, due=NOW), key=KEY)
        assert venue.public() == [venue.seen(said)]

    def test_a_bare_400_is_about_the_token_even_where_nobody_named_the_software(self, address):
        account = Account(name="eu", platform="mastodon", options=address.options)
        revoked = Mastodon(account, tokens=Tokens({"token": "revoked"}))
        with pytest.raises(AccountRefused, match="answered 400: Invalid Bearer token"):
            revoked.publish(Staged(request={"status": "Words."}), key=KEY)

    def test_a_400_about_the_words_is_about_the_words(self, venue):
        staged = venue.platform.stage(PLAIN, due=NOW)
        longer = Staged(request={**staged.request, "status": "a" * 501})
        assert type(self.ending(venue, longer)) is ContentRejected

    def test_words_that_quote_the_refusal_are_no_refusal_of_the_token(self, venue, script):
        staged = venue.platform.stage(PLAIN, due=NOW)
        script.add(CREATE, Instead(status=400, body='{"error": "Invalid Bearer token"}'))
        assert type(self.ending(venue, staged)) is ContentRejected


def test_accounts_of_one_platform_stand_on_their_own_servers():
    with watched(now=Clock().now) as sandbox:
        places = [
            sandbox.start("mastodon", account=name, software=name).server
            for name in ("mastodon", "gotosocial", "hollo", "takahe")
        ]
        assert len(set(places)) == 4
        assert sandbox.start("mastodon", account="eu").server == places[0]


def test_software_that_nobody_knows_is_answered_with_what_there_is():
    options = {"server": "https://social.example", "software": "gotosozial"}
    account = Account(name="eu", platform="mastodon", options=options)
    assert Mastodon.problems(account)[0] == (
        "software",
        '"gotosozial" is not one of mastodon, gotosocial, hollo, takahe',
    )
