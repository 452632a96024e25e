"""LinkedIn keeps the contract over its stand-in, for a page and for a person."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from contract import KEY, NOW, OTHER_KEY, Venue, measured, picture
from over_a_stand_in import OverAStandIn, Tokens, seen

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, NotSent, RateLimited
from scheduler.model import Account, Draft, Receipt, Secret
from scheduler.platforms import Absent, Found, LinkedIn, Unknown
from scheduler.sandbox import Garble, Instead, LoseAnswer, Refuse, unauthorised

CREATE = "POST /rest/posts"
COMMENT = "POST /rest/socialActions/<urn>/comments"
COMMENTS = "GET /rest/socialActions/<urn>/comments"
COMMENT_OF_A_PERSON = "POST /v2/socialActions/<urn>/comments"
INITIALISE = "POST /rest/images"
UPLOAD = "PUT /dms-uploads/<urn>/uploaded-image/0"
IMAGE = "GET /rest/images/<urn>"
LIST = "GET /rest/posts"
ROLES = "GET /rest/organizationAcls"
USERINFO = "GET /v2/userinfo"
INTROSPECT = "POST /oauth/v2/introspectToken"
DELETE = "DELETE /rest/posts/<urn>"
PLAIN = Draft(text="Words.", pictures=(), language="en")
APP = {name: Secret(kind="env", name="X") for name in ("token", "client_secret")}


def account_at(options, **more: str) -> Account:
    return Account(name="eu", platform="linkedin", options={**options, **more})


def connected(address, **more: str) -> LinkedIn:
    return LinkedIn(account_at(address.options, **more), tokens=Tokens(address.secrets))


def refusal(status: int, *, code: str = "", inputs: tuple[str, ...] = ()) -> Instead:
    said = {"message": "Why not.", "status": status, **({"code": code} if code else {})}
    if inputs:
        wrong = [{"description": "Why not.", "input": {}, "code": each} for each in inputs]
        said["errorDetails"] = {"inputErrors": wrong}
    return Instead(status=status, body=json.dumps(said))


class OverLinkedIn(OverAStandIn):
    """What a page and a person have in common."""

    name = "linkedin"

    def published(self, venue, draft, **more) -> Receipt:
        return venue.platform.publish(venue.platform.stage(draft, due=NOW, **more), key=KEY)

    @pytest.fixture
    def head(self, venue):
        return self.published(venue, PLAIN)

    # ── how publishing ends ─────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize(
        ("refused", "ending"),
        [
            (refusal(401, code="REVOKED_ACCESS_TOKEN"), AccountRefused),
            (refusal(401, code="EXPIRED_ACCESS_TOKEN"), AccountRefused),
            (refusal(403, code="ACCESS_DENIED"), AccountRefused),
            (refusal(403), AccountRefused),
            (refusal(422, inputs=("ACCESS_DENIED",)), AccountRefused),
            (refusal(400), ContentRejected),
            (refusal(422, inputs=("MISSING_FIELD",)), ContentRejected),
            (refusal(422, inputs=("FIELD_LENGTH_TOO_LONG",)), ContentRejected),
            (refusal(422, inputs=("INVALID_URN",)), ContentRejected),
            (refusal(422, code="SOMETHING_NEW"), ContentRejected),
            (refusal(400, code="MEDIA_ASSET_PROCESSING_FAILED"), ContentRejected),
            (refusal(400, code="MEDIA_ASSET_WAITING_UPLOAD"), NotSent),
            (refusal(409, code="CONFLICT"), Ambiguous),
            (refusal(422, inputs=("DUPLICATE_POST",)), Ambiguous),
            (refusal(500, code="MISSING_FIELD"), Ambiguous),
            (refusal(503), Ambiguous),
            (refusal(504), Ambiguous),
            (refusal(429), RateLimited),
        ],
        ids=lambda each: each.__name__ if isinstance(each, type) else each.body[20:],
    )
    def test_each_code_has_one_ending_and_nothing_is_public(
        self, venue, script, staged, refused, ending
    ):
        script.add(CREATE, refused)
        ended = self.ending(venue, staged)
        assert type(ended) is ending
        assert "Why not." in str(ended)
        assert venue.public() == []

    def test_two_codes_that_mean_two_things_are_sorted_by_the_status(self, venue, script, staged):
        script.add(CREATE, refusal(422, inputs=("MISSING_FIELD", "DUPLICATE_POST")))
        assert type(self.ending(venue, staged)) is ContentRejected

    def test_a_month_that_is_over_is_said_with_what_to_do(self, venue, address, script, staged):
        script.add(CREATE, refusal(426, code="NONEXISTENT_VERSION"))
        ended = self.ending(venue, staged)
        assert type(ended) is AccountRefused
        assert 'write a newer one behind "version"' in str(ended)
        old = connected(address, version="202501")
        with pytest.raises(AccountRefused, match="given up the API's month 202501"):
            old.publish(staged, key=KEY)

    @pytest.mark.parametrize("urn", ["", "urn:li:activity:7", "7"])
    def test_a_201_that_names_no_post_is_ambiguous(self, venue, script, staged, urn):
        script.add(CREATE, Instead(status=201, body="", headers={"x-restli-id": urn}))
        assert type(self.ending(venue, staged)) is Ambiguous

    def test_a_receipt_says_where_the_post_stands(self, sandbox, venue):
        receipt = self.published(venue, PLAIN)
        assert receipt.url == sandbox.public("eu")[0].url

    def test_the_51st_post_of_an_hour_must_wait(self, venue, clock):
        for number in range(50):
            self.published(venue, replace(PLAIN, text=f"Number {number}."))
        staged = venue.platform.stage(PLAIN, due=NOW)
        assert type(self.ending(venue, staged)) is RateLimited
        clock.instant += timedelta(hours=1)
        venue.platform.publish(staged, key=KEY)

    # ── what is sent ────────────────────────────────────────────────────────────────────────────

    def test_one_picture_is_a_media_and_several_are_a_multi_image(self, venue, draft):
        one = venue.platform.stage(replace(draft, pictures=draft.pictures[:1]), due=NOW).request
        assert one["content"]["media"]["altText"] == "Una tarjeta blanca: «1 de 3»"
        two = venue.platform.stage(draft, due=NOW).request
        assert len(two["content"]["multiImage"]["images"]) == 2
        assert "content" not in venue.platform.stage(PLAIN, due=NOW).request

    def test_an_empty_alt_text_is_not_sent(self, venue, tmp_path):
        bare = replace(PLAIN, pictures=(picture(tmp_path, "white", ""),))
        self.published(venue, bare)
        assert venue.public() == [venue.seen(bare)]

    @pytest.mark.parametrize(
        "text",
        [
            "Say *this* (all of it) to [everybody] <now> @home ~ {always} | a_b \\o/ #16Days #a_b",
            "https://example.org/a_(b)?c=d_e#f_g and #Orange, #café. C# #1 ##x &#33;",
            "(#InBrackets) a#b #é_ #Ünïcode\n\n#One #Two",
        ],
    )
    def test_no_sign_ends_a_post(self, venue, text):
        said = replace(PLAIN, text=text)
        self.published(venue, said)
        assert venue.public() == [venue.seen(said)]

    def test_a_mention_is_read_as_the_name(self, venue):
        self.published(venue, replace(PLAIN, text="With @[UN Women (EU)](urn:li:organization:77)."))
        assert venue.public()[0].text == "With UN Women (EU)."

    def test_the_text_is_counted_as_it_is_sent(self, venue):
        for text, used in (("a_b", 4), ("#Orange (now)", 15), ("👍", 2)):
            assert measured(venue.platform, replace(PLAIN, text=text), "text").used == used
        warned = replace(PLAIN, note="(mentions killing)")
        assert (
            measured(venue.platform, warned, "text").used == len("(mentions killing)\n\nWords.") + 2
        )

    def test_one_character_too_many_is_rejected_by_linkedin_too(self, venue):
        self.published(venue, replace(PLAIN, text="a" * 2998 + "_"))
        staged = venue.platform.stage(replace(PLAIN, text="b" * 2999 + "_"), due=NOW)
        ended = self.ending(venue, staged)
        assert type(ended) is ContentRejected
        assert "3001 characters, and 3000 are allowed" in str(ended)

    def test_twenty_pictures_are_public_in_their_order(self, venue, draft, tmp_path):
        twenty = tuple(replace(draft.pictures[0], alt=f"Number {n}") for n in range(20))
        said = replace(draft, pictures=twenty)
        self.published(venue, said)
        assert venue.public() == [venue.seen(said)]

    # ── pictures ────────────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize("endpoint", [INITIALISE, UPLOAD])
    def test_an_upload_that_fails_is_repeated_by_the_next_try(self, venue, draft, script, endpoint):
        script.add(endpoint, LoseAnswer())
        with pytest.raises(Ambiguous):
            venue.platform.stage(draft, due=NOW)
        self.published(venue, draft)
        assert venue.public() == [venue.seen(draft)]

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://evil.example/upload", "https://linkedin.com.evil.example/a", "http://10.0.0.1/a"],
    )
    def test_no_picture_and_no_token_goes_anywhere_else(self, venue, draft, script, elsewhere):
        value = {"uploadUrl": elsewhere, "image": "urn:li:image:1"}
        script.add(INITIALISE, Instead(status=200, body=json.dumps({"value": value})))
        with pytest.raises(AccountRefused, match="would have pictures sent to"):
            venue.platform.stage(draft, due=NOW)

    # ── answers, which are comments ─────────────────────────────────────────────────────────────

    def test_an_answer_that_no_comment_can_hold_is_refused_before_anything_is_sent(
        self, venue, draft, head, script
    ):
        script.add(INITIALISE, Instead(status=500))
        with pytest.raises(ContentRejected, match="no pictures"):
            venue.platform.stage(draft, reply_to=head, due=NOW)
        long = replace(PLAIN, text="a" * 1257, part=2)
        with pytest.raises(ContentRejected, match="7 characters over its limit of 1250"):
            venue.platform.stage(long, reply_to=head, due=NOW)
        assert measured(venue.platform, long, "text").excess == 7
        assert measured(venue.platform, replace(draft, part=2), "pictures").excess == 2
        assert measured(venue.platform, replace(long, part=1), "text").excess == 0

    def test_an_account_that_may_not_comment_may_still_post(self, venue, head, script):
        staged = venue.platform.stage(replace(PLAIN, text="More."), reply_to=head, due=NOW)
        for endpoint in (COMMENT, COMMENT_OF_A_PERSON):
            script.add(endpoint, refusal(403, code="ACCESS_DENIED"), unauthorised())
        ended = self.ending(venue, staged)
        assert type(ended) is ContentRejected
        assert "make no comment: Why not." in str(ended)
        assert type(self.ending(venue, staged)) is AccountRefused

    def test_a_comment_is_sent_as_it_is_written(self, venue, head):
        self.published(venue, replace(PLAIN, text="More (of it) *here* \\ #Tag"), reply_to=head)
        assert venue.public()[1].text == "More (of it) *here* \\ #Tag"

    def test_an_answer_to_a_post_that_is_gone_is_rejected(self, venue, head):
        venue.platform.withdraw(head)
        staged = venue.platform.stage(PLAIN, reply_to=head, due=NOW)
        assert type(self.ending(venue, staged)) is ContentRejected

    def test_a_comment_is_withdrawn_alone_and_twice(self, venue, head):
        receipt = self.published(venue, replace(PLAIN, text="More."), reply_to=head)
        for _ in range(2):
            venue.platform.withdraw(receipt)
            assert [post.text for post in venue.public()] == ["Words."]

    # ── the token ───────────────────────────────────────────────────────────────────────────────

    @pytest.fixture
    def with_app(self, venue, address):
        account = replace(venue.account, secrets=APP)
        return LinkedIn(account, tokens=Tokens(address.secrets))

    def test_without_its_app_nobody_knows_when_the_token_ends(self, venue):
        assert venue.platform.whoami().expires is None

    def test_the_app_knows_when_the_token_ends(self, with_app, venue, clock):
        assert with_app.whoami().expires == NOW + timedelta(days=60)
        staged = with_app.stage(PLAIN, due=NOW)
        clock.instant += timedelta(days=60)
        with pytest.raises(AccountRefused, match="has expired"):
            with_app.whoami()
        with pytest.raises(AccountRefused, match="has expired"):
            venue.platform.publish(staged, key=KEY)

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"active": False}, "not active: make a new one"),
            ({"active": False, "status": "revoked"}, "revoked: make a new one"),
            ({}, "not active"),
            ({"active": True, "scope": "openid,r_basicprofile"}, r"lacks w_(member|organization)_"),
        ],
    )
    def test_a_token_that_is_no_good_is_found_by_its_app(self, with_app, script, said, words):
        script.add(INTROSPECT, Instead(status=200, body=json.dumps(said)))
        with pytest.raises(AccountRefused, match=words):
            with_app.whoami()

    def test_scopes_may_stand_apart_by_spaces_too(self, with_app, script):
        said = {"active": True, "scope": "w_member_social w_organization_social"}
        script.add(INTROSPECT, Instead(status=200, body=json.dumps(said)))
        assert with_app.whoami().expires is None

    @pytest.mark.parametrize("value", ["", "secret word", "secret\n", "sécret"])
    def test_a_token_that_cannot_be_sent_is_refused_unseen(self, venue, value):
        with pytest.raises(AccountRefused) as caught:
            LinkedIn(venue.account, tokens=Tokens({"token": value})).whoami()
        assert "cret" not in repr(caught.value)

    def test_a_log_of_everything_holds_no_secret(self, with_app, address, draft, caplog):
        with caplog.at_level(logging.DEBUG):
            with_app.whoami()
            with_app.publish(with_app.stage(draft, due=NOW), key=KEY)
        for secret in address.secrets.values():
            assert secret not in caplog.text

    def test_an_error_that_repeats_the_token_does_not_show_it(self, venue, address, script, staged):
        said = json.dumps({"message": f"bad {address.secrets['token']}"})
        script.add(CREATE, Instead(status=400, body=said))
        assert "bad ***" in str(self.ending(venue, staged))

    def test_an_author_that_the_token_does_not_speak_for_is_refused(self, sandbox, address):
        other = sandbox.start("linkedin", account="es", software=self.software)
        mistaken = connected(address, author=other.options["author"])
        with pytest.raises(AccountRefused):
            mistaken.whoami()
        with pytest.raises(AccountRefused, match="does not speak for"):
            mistaken.publish(mistaken.stage(PLAIN, due=NOW), key=KEY)

    software = ""


class TestThePageOfAnOrganisation(OverLinkedIn):
    @pytest.fixture
    def venue(self, sandbox, address):
        return Venue(
            account=account_at(address.options),
            platform=connected(address),
            public=lambda: seen(sandbox),
            notes=False,
            languages=False,
            keys=False,
            nested=False,
            answers_show=False,
        )

    # ── what stands there already ───────────────────────────────────────────────────────────────

    def test_a_retry_of_a_post_that_was_there_after_all_is_read_back(self, venue, draft, script):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(CREATE, LoseAnswer())
        self.ending(venue, staged)
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Found)
        assert venue.public() == [venue.seen(draft)]

    def test_words_that_somebody_said_before_are_never_called_absent(self, venue, clock):
        first = self.published(venue, PLAIN)
        clock.instant += timedelta(days=3)
        staged = venue.platform.stage(PLAIN, due=clock.instant)
        before = venue.platform.find(staged, key=OTHER_KEY, since=clock.instant)
        assert isinstance(before, Absent)
        assert f"duplicate of {first.id}" in str(self.ending(venue, staged))
        finding = venue.platform.find(staged, key=OTHER_KEY, since=clock.instant)
        assert isinstance(finding, Unknown)
        assert f"stand there already, as {first.url}" in finding.reason

    def test_a_duplicate_that_names_no_post_is_as_little_absent(self, venue, script, staged):
        script.add(CREATE, refusal(422, inputs=("DUPLICATE_POST",)))
        self.ending(venue, staged)
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert "stand there already, as a post" in finding.reason

    # ── reading back ────────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize(
        "text",
        [
            "Tom & <Jerry> (both) *here* \\ | ~ {x} [y] @z a_b",
            "#Orange and #16Days, as @[UN Women](urn:li:organization:77) says",
            "https://example.org/a_(b)?c=d_e#f_g",
            "e\u0301 ñ\r\nتلفن #خشونت 👩‍👩‍👧",
        ],
    )
    @pytest.mark.parametrize("with_pictures", [False, True])
    def test_words_are_known_again_however_linkedin_writes_them(
        self, venue, draft, text, with_pictures
    ):
        said = replace(draft, text=text, note="", pictures=draft.pictures if with_pictures else ())
        staged = venue.platform.stage(said, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        assert venue.platform.find(staged, key=KEY, since=NOW) == Found(receipt=receipt)
        # By its words alone, they would be the same as well.
        other = replace(staged, request={**staged.request, "content": {"media": {"id": "x"}}})
        assert isinstance(venue.platform.find(other, key=KEY, since=NOW), Unknown)

    def test_a_post_is_found_behind_many_pages_of_newer_ones(self, venue, draft, clock):
        staged = venue.platform.stage(draft, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        for number in range(45):
            clock.instant += timedelta(minutes=2)
            self.published(venue, replace(PLAIN, text=f"Number {number}."))
        assert venue.platform.find(staged, key=KEY, since=NOW) == Found(receipt=receipt)

    def test_more_posts_than_it_reads_leave_it_unknown(self, venue, staged, script):
        at = int(NOW.timestamp() * 1000)
        post = {"id": "urn:li:share:1", "publishedAt": at, "lastModifiedAt": at}
        page = json.dumps({"elements": [post] * 10})
        script.add(LIST, *[Instead(status=200, body=page)] * 51)
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert "more than 500" in finding.reason

    @pytest.mark.parametrize(
        "fault",
        [
            Refuse(),
            Instead(status=500),
            unauthorised(),
            refusal(403, code="ACCESS_DENIED"),
            Instead(status=200, body="<"),
            Instead(status=200, body='{"elements": {}}'),
            Instead(status=200, body='{"elements": [{"id": "urn:li:share:1"}]}'),
        ],
        ids=str,
    )
    def test_what_cannot_be_read_back_is_unknown(self, venue, draft, script, fault):
        staged = venue.platform.stage(draft, due=NOW)
        script.add(LIST, fault)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    def test_a_post_that_linkedin_has_not_published_yet_is_left_open(self, venue, staged, script):
        at = int(NOW.timestamp() * 1000)
        post = {
            "id": "urn:li:share:1",
            "commentary": "Words.",
            "publishedAt": at,
            "lastModifiedAt": at,
            "lifecycleState": "PUBLISH_FAILED",
        }
        script.add(LIST, Instead(status=200, body=json.dumps({"elements": [post]})))
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert "has not published it yet" in finding.reason

    def test_words_are_found_although_our_clock_is_minutes_ahead(self, venue):
        staged = venue.platform.stage(PLAIN, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        ahead = NOW + timedelta(minutes=9)
        assert venue.platform.find(staged, key=KEY, since=ahead) == Found(receipt=receipt)

    def test_pictures_prove_a_post_although_our_clock_is_hours_ahead(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        ahead = NOW + timedelta(hours=20)
        assert venue.platform.find(staged, key=KEY, since=ahead) == Found(receipt=receipt)

    def test_a_comment_is_found_whatever_our_clock_says(self, venue, head):
        staged = venue.platform.stage(replace(PLAIN, text="More."), reply_to=head, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        ahead = NOW + timedelta(days=3)
        assert venue.platform.find(staged, key=KEY, since=ahead) == Found(receipt=receipt)

    def test_what_stands_there_is_read_as_a_reader_sees_it(self, venue):
        self.published(venue, replace(PLAIN, text="a_b (c) #Orange"))
        (post,) = venue.platform.standing(since=NOW)
        assert post.text == "a_b (c) #Orange"

    def test_a_lost_answer_of_a_comment_is_found_and_its_absence_is_proved(
        self, venue, head, script
    ):
        staged = venue.platform.stage(replace(PLAIN, text="More."), reply_to=head, due=NOW)
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Absent)
        script.add(COMMENT, LoseAnswer())
        assert type(self.ending(venue, staged)) is Ambiguous
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Found)
        assert finding.receipt.id.startswith("urn:li:comment:(urn:li:activity:")
        venue.platform.withdraw(finding.receipt)
        assert [post.text for post in venue.public()] == ["Words."]

    def test_what_somebody_else_says_below_it_is_not_ours(self, venue, head, script):
        staged = venue.platform.stage(replace(PLAIN, text="More."), reply_to=head, due=NOW)
        said = {
            "actor": "urn:li:person:somebody",
            "commentUrn": "urn:li:comment:(urn:li:activity:1,2)",
            "created": {"time": int(NOW.timestamp() * 1000)},
            "message": {"text": "More."},
        }
        script.add(COMMENTS, Instead(status=200, body=json.dumps({"elements": [said]})))
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Absent)

    @pytest.mark.parametrize("body", ["", "<", "{}", '{"commentUrn": ""}'])
    def test_a_comment_that_is_not_named_is_ambiguous_and_found(self, venue, head, script, body):
        staged = venue.platform.stage(replace(PLAIN, text="More."), reply_to=head, due=NOW)
        script.add(COMMENT, Garble(status=201, body=body))
        assert type(self.ending(venue, staged)) is Ambiguous
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Found)

    # ── pictures that take time ─────────────────────────────────────────────────────────────────

    def test_a_picture_that_linkedin_cannot_read_is_rejected(self, venue, draft, script):
        script.add(IMAGE, Instead(status=200, body='{"status": "PROCESSING_FAILED"}'))
        with pytest.raises(ContentRejected, match="cannot read the picture"):
            venue.platform.stage(draft, due=NOW)

    def test_staging_goes_on_with_the_same_upload(self, venue, draft, script):
        script.add(IMAGE, *[Instead(status=200, body='{"status": "PROCESSING"}')] * 4)
        for _ in range(2):
            with pytest.raises(NotSent, match="still working"):
                venue.platform.stage(draft, due=NOW)
        script.add(INITIALISE, Instead(status=500))
        self.published(venue, draft)
        assert venue.public() == [venue.seen(draft)]

    # ── who it is ───────────────────────────────────────────────────────────────────────────────

    def test_it_says_which_page_it_is(self, venue, address):
        identity = venue.platform.whoami()
        assert identity.id == address.options["author"]
        number = identity.id.rpartition(":")[2]
        assert identity.url.endswith(f"/company/{number}/")

    @pytest.mark.parametrize(
        ("roles", "words"),
        [
            ([], "has no role at"),
            (["ANALYST"], "is only ANALYST of"),
            (["CURATOR", "ANALYST"], "is only ANALYST, CURATOR of"),
        ],
    )
    def test_whoever_may_not_post_for_the_page_is_refused(
        self, venue, address, script, roles, words
    ):
        author = address.options["author"]
        elements = [{"role": each, "organization": author, "state": "APPROVED"} for each in roles]
        script.add(ROLES, Instead(status=200, body=json.dumps({"elements": elements})))
        with pytest.raises(AccountRefused, match=f"{words} {author}"):
            venue.platform.whoami()

    @pytest.mark.parametrize("name", ["organization", "organizationalTarget"])
    def test_a_role_behind_many_others_is_found(self, venue, address, script, name):
        others = [{"role": "ADMINISTRATOR", name: f"urn:li:organization:{n}"} for n in range(10)]
        own = [{"role": "CONTENT_ADMINISTRATOR", name: address.options["author"]}]
        for page in (others, own):
            script.add(ROLES, Instead(status=200, body=json.dumps({"elements": page})))
        assert venue.platform.whoami().id == address.options["author"]

    def test_a_post_of_somebody_else_cannot_be_withdrawn(self, sandbox, venue):
        other = connected(sandbox.start("linkedin", account="es"))
        receipt = other.publish(other.stage(PLAIN, due=NOW), key=KEY)
        with pytest.raises(AccountRefused):
            venue.platform.withdraw(receipt)

    def test_a_post_is_withdrawn_only_when_linkedin_says_so(self, venue, script, head):
        script.add(DELETE, Instead(status=500))
        with pytest.raises(Ambiguous):
            venue.platform.withdraw(head)


class TestAPerson(OverLinkedIn):
    """Nobody may read back what a person has posted: what is doubtful is left to a person."""

    software = "linkedin of a person"

    @pytest.fixture
    def address(self, sandbox):
        return sandbox.start("linkedin", account="eu", software=self.software)

    @pytest.fixture
    def venue(self, sandbox, address):
        return Venue(
            account=account_at(address.options),
            platform=connected(address),
            public=lambda: seen(sandbox),
            notes=False,
            languages=False,
            keys=False,
            finds=False,
            absence=False,
            nested=False,
            answers_show=False,
        )

    def test_a_lost_answer_is_left_to_a_person(self, venue, staged, script):
        script.add(CREATE, LoseAnswer())
        assert type(self.ending(venue, staged)) is Ambiguous
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert "lets nobody read a person's posts" in finding.reason

    def test_where_linkedin_names_the_post_the_person_is_told_where_to_look(self, venue, staged):
        receipt = venue.platform.publish(staged, key=KEY)
        self.ending(venue, staged)
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(finding, Unknown)
        assert f"stand there already, as {receipt.url}" in finding.reason

    def test_nobody_can_look_at_what_stands_there(self, venue):
        assert venue.platform.standing(since=NOW) is None

    def test_comments_go_where_persons_may_make_them(self, venue, head, script):
        script.add(COMMENT_OF_A_PERSON, LoseAnswer())
        staged = venue.platform.stage(replace(PLAIN, text="More."), reply_to=head, due=NOW)
        assert type(self.ending(venue, staged)) is Ambiguous
        assert [post.text for post in venue.public()] == ["Words.", "More."]
        assert isinstance(venue.platform.find(staged, key=KEY, since=NOW), Unknown)

    def test_it_says_who_it_is(self, venue, address):
        assert venue.platform.whoami().id == address.options["author"]
        assert venue.platform.whoami().name == "eu"

    @pytest.mark.parametrize("body", ["{}", '{"sub": 7}', "<"])
    def test_an_answer_that_names_nobody_proves_nothing(self, venue, script, body):
        script.add(USERINFO, Instead(status=200, body=body))
        with pytest.raises(Ambiguous):
            venue.platform.whoami()


def live(**options: str) -> Account:
    secrets = {"token": Secret(kind="env", name="X")}
    return Account(name="eu", platform="linkedin", options=options, secrets=secrets)


PAGE = "urn:li:organization:77"


@pytest.mark.parametrize(
    ("options", "name", "message"),
    [
        ({}, "author", "is missing"),
        ({"author": "77"}, "author", '"77" is not urn:li:organization'),
        ({"author": "urn:li:organization:x"}, "author", "is not urn:li:organization"),
        ({"author": PAGE, "version": "2026-09"}, "version", "not a month such as 202609"),
        ({"author": PAGE, "version": "202613"}, "version", "not a month"),
        ({"author": PAGE, "client_id": "7"}, "client_secret", 'without which "client_id" is of no'),
        ({"author": PAGE, "server": "http://li.example"}, "server", "must start with https://"),
        ({"author": PAGE, "server": "https://l.example", "sandbox": "true"}, "server", "not on"),
    ],
)
def test_what_is_wrong_with_an_account_is_said(options, name, message):
    assert message in dict(LinkedIn.problems(live(**options)))[name]


@pytest.mark.parametrize("author", [PAGE, "urn:li:person:a-B_9"])
def test_a_page_and_a_person_are_authors(author):
    assert LinkedIn.problems(live(author=author, version="202610")) == ()
    with_app = replace(live(author=author, client_id="7"), secrets=APP)
    assert LinkedIn.problems(with_app) == ()
    without_id = replace(live(author=author), secrets=APP)
    assert [name for name, _ in LinkedIn.problems(without_id)] == ["client_id"]


def test_a_server_that_must_not_see_the_token_is_never_called():
    account = replace(live(author=PAGE, server="http://li.example", client_id="7"), secrets=APP)
    page = LinkedIn(account, tokens=Tokens({"token": "t", "client_secret": "s"}))
    for ask in (page.whoami, page._said_of_token, lambda: page.withdraw(Receipt(id="1", url=""))):
        with pytest.raises(AccountRefused, match="account eu: server"):
            ask()


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("https://www.linkedin.com", True),
        ("https://linkedin.com", True),
        ("https://api.linkedin.com", True),
        ("http://www.linkedin.com", False),
        ("https://evillinkedin.com", False),
        ("https://www.linkedin.com.evil.example", False),
        ("https://127.0.0.1", False),
    ],
)
def test_a_live_account_sends_pictures_to_linkedin_alone(origin, ours):
    page = LinkedIn(live(author=PAGE), tokens=Tokens({"token": "t"}))
    assert page._is_ours(origin) is ours
