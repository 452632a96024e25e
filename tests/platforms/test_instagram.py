"""Instagram keeps the contract over its stand-in, with a token of either kind."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from contract import KEY, NOW, OTHER_KEY, Venue, measured, picture
from over_a_stand_in import OverAStandIn, Tokens, seen

from scheduler.errors import (
    AccountRefused,
    Ambiguous,
    ContentRejected,
    NotSent,
    RateLimited,
)
from scheduler.model import Account, Allowance, Secret, Size
from scheduler.platforms import NOWHERE, Absent, Found, Instagram, Unknown
from scheduler.sandbox import HOSTING, Garble, Instead, LoseAnswer, Refuse, Stall

MAKE = "POST /v26.0/<id>/media"
PUBLISH = "POST /v26.0/<id>/media_publish"
LIST = "GET /v26.0/<id>/media"
SHOW = "GET /v26.0/<id>"
FETCH = "GET /<account>/<name>"
LIMIT = "GET /v26.0/<id>/content_publishing_limit"


def connected(sandbox, address, **options: str):
    account = Account(name="eu", platform="instagram", options={**address.options, **options})
    tokens = Tokens(address.secrets)
    return account, Instagram(account, tokens=tokens, host=sandbox.host("eu"))


def error(code: int, subcode: int = 0, *, status: int = 400, **more) -> Instead:
    said = {"message": "injected", "type": "OAuthException", "code": code, **more}
    return Instead(status=status, body=json.dumps({"error": {**said, "error_subcode": subcode}}))


def container_is(state: str, status: str = "") -> Instead:
    return Instead(status=200, body=json.dumps({"status_code": state, "status": status, "id": "1"}))


class TestInstagram(OverAStandIn):
    """With a token that was made at Instagram: it reads no words, and takes nothing down."""

    name = "instagram"
    png = False

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
            words=False,
            threads=False,
            withdraws=False,
            readable=False,
            counts=frozenset({"hashtags", "mentions"}),
        )

    @pytest.fixture
    def one(self, draft):
        return replace(draft, pictures=draft.pictures[:1])

    def test_a_receipt_brings_what_is_left_of_the_accounts_own_quota(self, venue, one):
        receipt = venue.platform.publish(venue.platform.stage(one, due=NOW), key=KEY)
        assert receipt.allowance == Allowance(left=49, renews_in=timedelta(hours=1))

    def test_a_post_is_public_although_nobody_says_where(self, venue, one, script):
        staged = venue.platform.stage(one, due=NOW)
        script.add(SHOW, Instead(status=500))
        receipt = venue.platform.publish(staged, key=KEY)
        assert receipt.url.endswith("/eu/")
        assert len(venue.public()) == 1

    def test_a_quota_that_is_used_up_is_seen_before_anything_is_sent(self, venue, one, script):
        full = {"data": [{"quota_usage": 100, "config": {"quota_total": 100}}]}
        script.add(LIMIT, Instead(status=200, body=json.dumps(full)))
        with pytest.raises(RateLimited, match="all 100 posts of 24 hours") as caught:
            venue.platform.stage(one, due=NOW)
        assert caught.value.retry_after == 3600

    def test_the_51st_post_of_a_day_must_wait(self, venue, one, clock):
        for number in range(50):
            staged = venue.platform.stage(replace(one, text=str(number)), due=NOW)
            venue.platform.publish(staged, key=f"{KEY}/{number}")
        with pytest.raises(RateLimited):
            venue.platform.stage(one, due=NOW)
        clock.instant += timedelta(hours=24)
        venue.platform.publish(venue.platform.stage(one, due=NOW), key=KEY)

    # ── containers ──────────────────────────────────────────────────────────────────────────────

    def test_the_same_draft_goes_on_with_its_own_container(self, venue, draft):
        first = venue.platform.stage(draft, due=NOW)
        assert venue.platform.stage(draft, due=NOW) == first

    def test_the_same_words_of_another_delivery_get_another_one(self, venue, draft):
        first = venue.platform.stage(draft, due=NOW).request["creation_id"]
        later = venue.platform.stage(draft, due=NOW + timedelta(days=1))
        assert later.request["creation_id"] != first

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

    def test_what_is_never_finished_is_given_up_and_made_anew(self, venue, one, script):
        script.add(MAKE, Stall())
        for _ in range(6):
            with pytest.raises(NotSent, match="still working"):
                venue.platform.stage(one, due=NOW)
        venue.platform.publish(venue.platform.stage(one, due=NOW), key=KEY)
        assert len(venue.public()) == 1

    def test_a_container_that_expired_before_it_was_sent_is_made_anew(self, venue, one, clock):
        first = venue.platform.stage(one, due=NOW).request["creation_id"]
        clock.instant += timedelta(hours=24)
        again = venue.platform.stage(one, due=NOW)
        assert again.request["creation_id"] != first
        venue.platform.publish(again, key=KEY)

    def test_one_that_expires_between_staging_and_sending_was_certainly_not_sent(
        self, venue, one, clock
    ):
        staged = venue.platform.stage(one, due=NOW)
        clock.instant += timedelta(hours=24)
        assert type(self.ending(venue, staged)) is NotSent

    def test_what_was_looked_for_goes_out_in_the_same_container_or_not_at_all(
        self, venue, one, script
    ):
        staged = venue.platform.stage(one, due=NOW)
        script.add(PUBLISH, Refuse())
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Absent)
        again = venue.platform.stage(one, due=NOW)
        assert again.request["creation_id"] == staged.request["creation_id"]
        venue.platform.publish(staged, key=KEY)  # the lost request arrives after all
        assert type(self.ending(venue, again)) is Ambiguous
        assert len(venue.public()) == 1

    def test_a_container_that_turns_out_to_be_public_is_not_sent_again(self, venue, one, script):
        staged = venue.platform.stage(one, due=NOW)
        script.add(PUBLISH, Garble(status=500))
        assert type(self.ending(venue, staged)) is Ambiguous
        again = venue.platform.stage(one, due=NOW)
        with pytest.raises(Ambiguous, match="public already"):
            venue.platform.publish(again, key=KEY)
        assert isinstance(venue.platform.find(again, key=KEY, since=NOW), Found)

    @pytest.mark.parametrize(
        ("status", "ending"),
        [
            ("Error: Media upload has failed with error code 2207052", NotSent),
            ("Error: Media upload has failed with error code 2207009", ContentRejected),
            ("Error: Media upload has failed with error code 2207050", AccountRefused),
            ("", NotSent),
        ],
    )
    def test_a_container_that_failed_says_why(self, venue, one, script, status, ending):
        script.add(SHOW, container_is("ERROR", status))
        with pytest.raises(ending):
            venue.platform.stage(one, due=NOW)

    # ── pictures and their addresses ────────────────────────────────────────────────────────────

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
    def test_a_picture_that_cannot_be_fetched_is_tried_again(self, venue, one, script, fault):
        script.add(FETCH, fault)
        with pytest.raises(NotSent, match="could not be fetched"):
            venue.platform.stage(one, due=NOW)
        venue.platform.publish(venue.platform.stage(one, due=NOW), key=KEY)
        assert venue.public() == [venue.seen(one)]

    def test_where_the_pictures_place_is_away_nothing_is_sent(self, venue, sandbox, one):
        sandbox.leave(HOSTING)
        with pytest.raises(NotSent, match="could not be fetched"):
            venue.platform.stage(one, due=NOW)

    def test_a_png_is_refused_before_anything_is_asked(self, venue, one, tmp_path):
        png = picture(tmp_path, "white", "A card")
        with pytest.raises(ContentRejected, match="picture 1 is image/png; Instagram takes JPEG"):
            venue.platform.stage(replace(one, pictures=(png,)), due=NOW)

    @pytest.mark.parametrize("size", [Size(width=8, height=11), Size(width=192, height=100)])
    def test_a_picture_too_narrow_or_too_wide_is_refused(self, venue, one, size):
        odd = replace(one.pictures[0], size=size)
        with pytest.raises(ContentRejected, match=r"takes pictures from 4:5 to 1\.91:1"):
            venue.platform.stage(replace(one, pictures=(odd,)), due=NOW)

    # ── what is counted ─────────────────────────────────────────────────────────────────────────

    def test_hashtags_and_mentions_have_limits_of_their_own(self, venue, one):
        many = replace(one, text=" ".join(f"#a{n} @b{n}" for n in range(31)))
        assert measured(venue.platform, many, "hashtags").excess == 1
        assert measured(venue.platform, many, "mentions").excess == 11

    @pytest.mark.parametrize("words", ["#a " * 31, "@a " * 21, "a" * 2201])
    def test_what_is_over_a_limit_is_refused_there_too(self, venue, one, words):
        with pytest.raises(ContentRejected):
            venue.platform.stage(replace(one, text=words, note=""), due=NOW)

    # ── how calls end ───────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize(
        ("fault", "ending"),
        [
            (error(-1, 2207001), Ambiguous),
            (error(1), Ambiguous),
            (error(2, is_transient=True), Ambiguous),
            (error(9007, 2207027), Ambiguous),
            (error(24, 2207006), Ambiguous),
            (error(100), Ambiguous),
            (error(77777), Ambiguous),
            (error(190, status=500), Ambiguous),
            (error(190, status=200), Ambiguous),
            (error(-2, 2207020), NotSent),
            (error(9, 2207042), RateLimited),
            (error(4), RateLimited),
            (error(80002), RateLimited),
            (error(4, 2207051), AccountRefused),
            (error(25, 2207050), AccountRefused),
            (error(190, 463), AccountRefused),
            (error(10), AccountRefused),
            (error(200), AccountRefused),
            (error(36003, 2207009), ContentRejected),
            (error(100, 2207028), ContentRejected),
        ],
        ids=lambda each: each.body if isinstance(each, Instead) else each.__name__,
    )
    def test_an_error_of_the_publishing_call_is_sorted_by_its_code(
        self, venue, one, script, fault, ending
    ):
        staged = venue.platform.stage(one, due=NOW)
        script.add(PUBLISH, fault)
        assert type(self.ending(venue, staged)) is ending

    @pytest.mark.parametrize(
        ("fault", "ending"),
        [
            (error(-1, 2207032), NotSent),
            (error(-2, 2207003), NotSent),
            (error(9004, 2207052), NotSent),
            (error(77777, is_transient=True), NotSent),
            (error(9007, 2207027), NotSent),
            (error(100), ContentRejected),
            (error(36000, 2207004), ContentRejected),
            (error(190), AccountRefused),
            (error(17), RateLimited),
            (Instead(status=500), Ambiguous),
            (error(190, status=500), Ambiguous),
            (error(2, status=500), NotSent),
        ],
        ids=lambda each: each.body if isinstance(each, Instead) else each.__name__,
    )
    def test_an_error_before_that_is_sorted_by_its_code_too(
        self, venue, one, script, fault, ending
    ):
        script.add(MAKE, fault)
        with pytest.raises(ending):
            venue.platform.stage(one, due=NOW)

    def test_a_limit_says_in_minutes_when_it_ends(self, venue, one, script):
        usage = {"17841": [{"type": "instagram", "estimated_time_to_regain_access": 7}]}
        limited = replace(error(80002), headers={"X-Business-Use-Case-Usage": json.dumps(usage)})
        staged = venue.platform.stage(one, due=NOW)
        script.add(PUBLISH, limited)
        assert self.ending(venue, staged).retry_after == 7 * 60

    def test_an_error_shows_what_graph_said_and_never_the_token(self, venue, one, script, address):
        token = address.secrets["token"]
        staged = venue.platform.stage(one, due=NOW)
        script.add(PUBLISH, error(190, message=f"Malformed access token {token}"))
        ending = self.ending(venue, staged)
        assert "(error 190/0): Malformed access token ***" in str(ending)
        assert token not in repr(ending)

    # ── reading back ────────────────────────────────────────────────────────────────────────────

    def test_where_no_words_can_be_read_one_post_of_the_time_is_the_one(self, venue, one, script):
        staged = venue.platform.stage(one, due=NOW)
        script.add(PUBLISH, LoseAnswer())
        assert type(self.ending(venue, staged)) is Ambiguous
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Found)

    def test_where_no_words_can_be_read_two_posts_need_a_person(self, venue, one, script):
        other = replace(one, text="Otra cosa.")
        venue.platform.publish(venue.platform.stage(other, due=NOW), key=OTHER_KEY)
        staged = venue.platform.stage(one, due=NOW)
        script.add(PUBLISH, LoseAnswer())
        assert type(self.ending(venue, staged)) is Ambiguous
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert "2 posts could be it" in finding.reason

    @pytest.mark.parametrize("state", ["EXPIRED", "ERROR", "FINISHED"])
    def test_a_container_that_is_not_public_and_no_post_of_the_time_prove_absence(
        self, venue, one, script, state
    ):
        staged = venue.platform.stage(one, due=NOW)
        script.add(SHOW, container_is(state))
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Absent)

    @pytest.mark.parametrize("state", ["IN_PROGRESS", "PUBLISHED", "SOMETHING_NEW"])
    def test_any_other_state_proves_nothing(self, venue, one, script, state):
        staged = venue.platform.stage(one, due=NOW)
        script.add(SHOW, container_is(state))
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    @pytest.mark.parametrize("endpoint", [SHOW, LIST])
    @pytest.mark.parametrize(
        "fault",
        [Refuse(), Instead(status=500), error(190), error(4), Instead(status=200, body="[]")],
        ids=str,
    )
    def test_what_cannot_be_read_back_is_unknown(self, venue, one, script, endpoint, fault):
        staged = venue.platform.stage(one, due=NOW)
        script.add(endpoint, fault)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    # ── the account ─────────────────────────────────────────────────────────────────────────────

    def test_a_token_of_another_account_is_refused(self, sandbox, address):
        _, stranger = connected(sandbox, address, user_id="17")
        with pytest.raises(AccountRefused, match=r"belongs to account \d+ \(@eu\), not to 17"):
            stranger.whoami()
        _, other = connected(sandbox, address, handle="@somebody")
        with pytest.raises(AccountRefused, match="belongs to @eu, and the handle is @somebody"):
            other.whoami()

    def test_who_it_is_may_be_the_only_entry_of_a_list(self, venue, script, address):
        said = {"data": [{"user_id": address.options["user_id"], "username": "eu"}]}
        script.add("GET /v26.0/me", Instead(status=200, body=json.dumps(said)))
        assert venue.platform.whoami().name == "@eu"

    def test_a_token_lives_sixty_days(self, venue, clock):
        clock.instant += timedelta(days=60)
        with pytest.raises(AccountRefused, match="Session has expired"):
            venue.platform.whoami()


class TestInstagramWithFacebook(OverAStandIn):
    """With a token that was made with Facebook: it reads words, and takes posts down."""

    name = "instagram"
    software = "instagram with facebook"
    png = False

    @pytest.fixture
    def venue(self, sandbox, address):
        account, platform = connected(sandbox, address, login="facebook")
        return Venue(
            account=account,
            platform=platform,
            public=lambda: seen(sandbox),
            notes=False,
            languages=False,
            keys=False,
            words=False,
            threads=False,
            forgets=False,
            counts=frozenset({"hashtags", "mentions"}),
        )

    def test_the_same_words_by_somebody_else_need_a_person(self, venue, draft):
        venue.platform.publish(venue.platform.stage(draft, due=NOW), key=OTHER_KEY)
        staged = venue.platform.stage(draft, due=NOW)
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert "may be it, and its container is FINISHED" in finding.reason

    def test_a_post_is_found_among_many_others(self, venue, draft, clock):
        one = replace(draft, pictures=draft.pictures[:1])
        staged = venue.platform.stage(one, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        for number in range(60):
            if number == 40:
                clock.instant += timedelta(hours=24)
            other = replace(one, text=f"Number {number}.")
            venue.platform.publish(
                venue.platform.stage(other, due=NOW), key=f"{OTHER_KEY}/{number}"
            )
        assert venue.platform.find(staged, key=KEY, since=NOW) == Found(receipt=receipt)


def test_an_account_without_a_place_for_pictures_is_refused_in_words_for_a_person(tmp_path):
    with pytest.raises(AccountRefused, match=r"no place for public pictures: purple\.jpg must lie"):
        NOWHERE.address(picture(tmp_path, "purple", "A card"))


def test_an_account_must_say_its_number_and_its_token():
    bare = Account(name="eu", platform="instagram", options={"login": "somewhere"})
    assert [name for name, _ in Instagram.problems(bare)] == ["user_id", "login"]
    page = Account(name="eu", platform="instagram", options={"user_id": "1", "login": "facebook"})
    assert [name for name, _ in Instagram.problems(page)] == ["token"], "nothing renews it"
    whole = Account(
        name="eu",
        platform="instagram",
        options={"user_id": "17"},
        secrets={"token": Secret(kind="env", name="T")},
    )
    assert Instagram.problems(whole) == ()
