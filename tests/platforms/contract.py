"""What every adapter promises. Its own test file brings a venue and what is peculiar to it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from scheduler.errors import Ambiguous, ContentRejected, Ending, NotSent
from scheduler.model import Account, Draft, DraftPicture, Measure, Receipt, Size
from scheduler.platforms import Absent, Alts, Finding, Found, Platform, Staged, Unknown
from scheduler.platforms.signing_in import renewal_of

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
KEY = "responsible-together-2026/day-01-launch/archive/1"
OTHER_KEY = "responsible-together-2026/day-02-quote/archive/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A post as the public sees it."""

    text: str
    note: str
    language: str
    alts: tuple[str, ...]
    digests: tuple[str, ...]
    reply_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """An adapter, a look at what it made public, and what its platform can.

    What a platform cannot is not left out: then the opposite must be seen.
    """

    account: Account
    platform: Platform
    public: Callable[[], list[Seen]]
    #: Keeps a content note apart; otherwise the public must read it first, in the text itself.
    notes: bool = True
    #: Keeps the language; otherwise nobody must be told one.
    languages: bool = True
    #: Gives the first post back for the same key; otherwise it must refuse the second.
    keys: bool = True
    #: Makes the very same request public twice: only where nothing can be read back.
    doubles: bool = False
    #: Takes the same words for another post; otherwise it must refuse them.
    repeats: bool = True
    #: Keeps what a picture shows; otherwise nobody must be told, or everybody in the text itself.
    alts: Alts = Alts.KEPT
    #: Can be read back; otherwise nothing must be called found, and only a person can say.
    finds: bool = True
    #: Shows all that stands there; otherwise nothing must be called absent.
    absence: bool = True
    #: Takes words without a picture; otherwise it must refuse them, and count that one is missing.
    words: bool = True
    #: Takes an answer to a post; otherwise it must refuse it.
    threads: bool = True
    #: A further part answers the one before it; otherwise all must answer the first.
    nested: bool = True
    #: An answer holds pictures as a post does; otherwise one with any must be refused.
    answers_show: bool = True
    #: Shows which post an answer is to; otherwise it only stands below it, as in a chat.
    answers: bool = True
    #: Takes a post down; otherwise it must say that a person has to.
    withdraws: bool = True
    #: Takes a post that is gone for one that never was; otherwise it must not call it absent.
    forgets: bool = True
    #: Lets the words of what stands there be read; otherwise any post may be the one looked for.
    readable: bool = True
    #: What it counts besides text and pictures.
    counts: frozenset[str] = frozenset()

    def is_absent(self, found: Finding, *, told: bool = True) -> bool:
        """Whether it says that the post is not public, as far as the platform can be `told` so."""
        proved = self.finds and self.absence and told
        return isinstance(found, Absent if proved else Unknown)

    def is_found(self, found: Finding, receipt: Receipt) -> bool:
        return found == Found(receipt=receipt) if self.finds else isinstance(found, Unknown)

    def seen(self, draft: Draft, reply_to: str | None = None) -> Seen:
        """What the public must see of the draft."""
        note, text = draft.note, draft.text
        if note and not self.notes:
            note, text = "", f"{note}\n\n{text}"
        alts = tuple(each.alt for each in draft.pictures)
        if self.alts is Alts.TEXT:
            text = "\n\n".join((text, *(f"🖼 {alt}" for alt in alts)))
        return Seen(
            text=text,
            note=note,
            language=draft.language if self.languages else "",
            alts=alts if self.alts is Alts.KEPT else ("",) * len(alts),
            digests=tuple(each.digest for each in draft.pictures),
            reply_to=reply_to if self.answers else None,
        )


def picture(folder: Path, colour: str, alt: str, *, png: bool = True) -> DraftPicture:
    """A picture of one colour; a white one is a PNG where these are taken."""
    white = png and colour == "white"
    suffix, media_type = ("png", "image/png") if white else ("jpg", "image/jpeg")
    file = folder / f"{colour}.{suffix}"
    Image.new("RGB", (8, 10), colour).save(file)
    data = file.read_bytes()
    return DraftPicture(
        file=file,
        media_type=media_type,
        size=Size(width=8, height=10),
        bytes=len(data),
        digest=sha256(data).hexdigest(),
        alt=alt,
    )


def letters(text: str) -> str:
    """What of a text survives a platform's markup and shortened addresses."""
    return "".join(each for each in text.casefold() if each.isalnum())


def measured(platform: Platform, draft: Draft, name: str) -> Measure:
    return next(each for each in platform.measure(draft) if each.name == name)


def through_the_ledger(staged: Staged) -> Staged:
    """As it comes back after a crash: in whatever order the ledger keeps its keys."""
    return Staged(request=json.loads(json.dumps(dict(staged.request), sort_keys=True)))


class PlatformContract:
    #: Whether the platform takes PNG.
    png = True

    def picture(self, folder: Path, colour: str, alt: str) -> DraftPicture:
        return picture(folder, colour, alt, png=self.png)

    @pytest.fixture
    def draft(self, tmp_path: Path) -> Draft:
        return Draft(
            text="Uno de cada tres.\n\nPide ayuda: https://example.org/ayuda 👩‍👩‍👧 <ahora>",
            pictures=(
                self.picture(tmp_path, "white", "Una tarjeta blanca: «1 de 3»"),
                self.picture(tmp_path, "purple", "Una tarjeta violeta"),
            ),
            language="es",
            note="menciona violencia",
        )

    def test_what_is_staged_is_invisible(self, venue, draft):
        venue.platform.stage(draft, due=NOW)
        assert venue.public() == []

    def test_staging_twice_is_harmless(self, venue, draft):
        venue.platform.stage(draft, due=NOW)
        venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        assert venue.public() == [venue.seen(draft)]

    def test_the_public_sees_exactly_the_draft(self, venue, draft):
        receipt = venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        assert venue.public() == [venue.seen(draft)]
        assert receipt.id
        assert receipt.url

    def test_a_post_without_note_or_pictures_is_public_too(self, venue):
        plain = Draft(text="Solo palabras.", pictures=(), language="es")
        assert bool(measured(venue.platform, plain, "pictures").lack) is not venue.words
        if not venue.words:
            with pytest.raises(ContentRejected):
                venue.platform.stage(plain, due=NOW)
            return
        venue.platform.publish(venue.platform.stage(plain, due=NOW), key=KEY)
        assert venue.public() == [venue.seen(plain)]

    def test_the_same_request_under_the_same_key_becomes_one_post(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        first = venue.platform.publish(staged, key=KEY)
        if venue.keys:
            assert venue.platform.publish(through_the_ledger(staged), key=KEY) == first
        elif venue.doubles:
            # Nothing but the ledger keeps it from being public twice.
            venue.platform.publish(through_the_ledger(staged), key=KEY)
            assert venue.public() == [venue.seen(draft), venue.seen(draft)]
            return
        else:
            with pytest.raises(Ambiguous):
                venue.platform.publish(through_the_ledger(staged), key=KEY)
            assert venue.is_found(venue.platform.find(staged, key=KEY, since=NOW), first)
        assert venue.public() == [venue.seen(draft)]

    def test_the_same_words_under_another_key_become_another_post(self, venue, draft):
        first = venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        again = venue.platform.stage(draft, due=NOW)
        if not venue.repeats:
            with pytest.raises(Ambiguous):
                venue.platform.publish(again, key=OTHER_KEY)
            assert isinstance(venue.platform.find(again, key=OTHER_KEY, since=NOW), Unknown)
            assert venue.public() == [venue.seen(draft)]
            return
        assert first != venue.platform.publish(again, key=OTHER_KEY)
        assert venue.public() == [venue.seen(draft), venue.seen(draft)]

    def test_a_reply_names_the_post_that_it_answers(self, venue, draft):
        first = venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        answer = replace(draft, text="Y otra cosa.", pictures=draft.pictures[1:])
        if not venue.threads:
            with pytest.raises(ContentRejected):
                venue.platform.stage(answer, reply_to=first, due=NOW)
            return
        if not venue.answers_show:
            with pytest.raises(ContentRejected, match="no pictures"):
                venue.platform.stage(answer, reply_to=first, due=NOW)
            answer = replace(answer, pictures=())
        staged = venue.platform.stage(answer, reply_to=first, due=NOW)
        venue.platform.publish(staged, key=OTHER_KEY)
        assert venue.public() == [venue.seen(draft), venue.seen(answer, reply_to=first.id)]

    @pytest.mark.parametrize("number", [1, 4])
    def test_one_picture_and_four_are_public_in_their_order(self, venue, draft, tmp_path, number):
        colours = ("white", "purple", "orange", "teal")[:number]
        pictures = tuple(self.picture(tmp_path, each, f"Una tarjeta {each}") for each in colours)
        shown = replace(draft, pictures=pictures)
        venue.platform.publish(venue.platform.stage(shown, due=NOW), key=KEY)
        assert venue.public() == [venue.seen(shown)]

    def test_each_part_of_a_thread_answers_the_one_before_it(self, venue, draft):
        tail = [replace(draft, text=f"Parte {number}.", pictures=()) for number in (2, 3)]
        if not venue.threads:
            pytest.skip("it has none, and refuses an answer")
        said, before, answered = [], None, None
        for number, part in enumerate([draft, *tail], 1):
            staged = venue.platform.stage(part, reply_to=before, due=NOW)
            said.append(venue.seen(part, reply_to=answered.id if answered else None))
            before = venue.platform.publish(staged, key=KEY.replace("/1", f"/{number}"))
            answered = before if venue.nested else answered or before
        assert venue.public() == said

    def test_before_it_is_published_it_is_absent(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        assert venue.is_absent(venue.platform.find(staged, key=KEY, since=NOW))

    def test_once_published_it_is_found_with_its_receipt(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        again = through_the_ledger(staged)
        assert venue.is_found(venue.platform.find(again, key=KEY, since=NOW), receipt)

    def test_without_pictures_it_is_found_as_well(self, venue):
        if not venue.words:
            pytest.skip("it takes none, and refuses them")
        staged = venue.platform.stage(
            Draft(text="Solo palabras.", pictures=(), language="es"), due=NOW
        )
        receipt = venue.platform.publish(staged, key=KEY)
        assert venue.is_found(venue.platform.find(staged, key=KEY, since=NOW), receipt)

    def test_another_post_is_not_taken_for_it(self, venue, draft):
        other = replace(draft, text="Otra cosa.")
        venue.platform.publish(venue.platform.stage(other, due=NOW), key=OTHER_KEY)
        staged = venue.platform.stage(draft, due=NOW)
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert venue.is_absent(finding, told=venue.readable)

    def test_what_is_withdrawn_is_gone(self, venue, draft):
        staged = venue.platform.stage(draft, due=NOW)
        receipt = venue.platform.publish(staged, key=KEY)
        if not venue.withdraws:
            with pytest.raises(Ending, match=re.escape(receipt.url)):
                venue.platform.withdraw(receipt)
            assert venue.public() == [venue.seen(draft)]
            return
        venue.platform.withdraw(receipt)
        assert venue.public() == []
        finding = venue.platform.find(staged, key=KEY, since=NOW)
        assert venue.is_absent(finding, told=venue.forgets)

    def test_withdrawing_leaves_other_posts_alone(self, venue, draft):
        if not venue.withdraws:
            pytest.skip("it takes none down, and says so")
        other = replace(draft, text="Otra cosa.")
        venue.platform.publish(venue.platform.stage(other, due=NOW), key=OTHER_KEY)
        receipt = venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        venue.platform.withdraw(receipt)
        assert venue.public() == [venue.seen(other)]

    def test_withdrawing_twice_succeeds(self, venue, draft):
        if not venue.withdraws:
            pytest.skip("it takes none down, and says so")
        receipt = venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        venue.platform.withdraw(receipt)
        venue.platform.withdraw(receipt)
        assert venue.public() == []

    def test_a_picture_that_changed_after_the_draft_is_not_sent(self, venue, draft):
        Image.new("RGB", (8, 10), "red").save(draft.pictures[0].file)
        with pytest.raises(NotSent, match="picture 1 has changed"):
            venue.platform.stage(draft, due=NOW)

    def test_a_picture_that_is_missing_is_named(self, venue, draft):
        draft.pictures[1].file.unlink()
        with pytest.raises(NotSent, match=r"picture 2 cannot be read: .*purple\.jpg"):
            venue.platform.stage(draft, due=NOW)

    def test_a_picture_of_another_kind_is_not_sent(self, venue, draft):
        odd = replace(draft.pictures[0], media_type="image/gif")
        with pytest.raises(ContentRejected, match="picture 1 is image/gif"):
            venue.platform.stage(replace(draft, pictures=(odd,)), due=NOW)

    def test_an_ordinary_draft_is_within_every_limit(self, venue, draft):
        measures = venue.platform.measure(draft)
        assert [each.name for each in measures if each.excess] == []
        assert {each.name for each in measures} == {
            "text",
            "pictures",
            "alt text of picture 1",
            "alt text of picture 2",
            "picture 1",
            "picture 2",
            *venue.counts,
        }

    def test_the_excess_of_a_text_is_exact(self, venue, draft):
        # Above the text the note has an empty line below it, which counts as well.
        limit = venue.platform.limits.text - len(draft.note) - (0 if venue.notes else 2)
        if venue.alts is Alts.TEXT:  # a frame before each, which is two units, and an empty line
            limit -= sum(len(each.alt) + 5 for each in draft.pictures)
        assert measured(venue.platform, replace(draft, text="a" * limit), "text").excess == 0
        long = replace(draft, text="a" * (limit + 17))
        assert measured(venue.platform, long, "text").excess == 17

    def test_the_excess_of_an_alt_text_is_exact(self, venue, draft):
        long = replace(draft.pictures[1], alt="a" * (venue.platform.limits.alt + 3))
        long_alt = replace(draft, pictures=(draft.pictures[0], long))
        assert measured(venue.platform, long_alt, "alt text of picture 2").excess == 3
        assert measured(venue.platform, long_alt, "alt text of picture 1").excess == 0

    def test_one_picture_too_many_is_an_excess_of_one(self, venue, draft):
        many = (draft.pictures[0],) * (venue.platform.limits.pictures + 1)
        assert measured(venue.platform, replace(draft, pictures=many), "pictures").excess == 1

    def test_one_byte_too_many_is_an_excess_of_one(self, venue, draft):
        heavy = replace(draft.pictures[0], bytes=venue.platform.limits.picture_bytes + 1)
        heavy_draft = replace(draft, pictures=(heavy,))
        assert measured(venue.platform, heavy_draft, "picture 1").excess == 1

    def test_its_limits_say_what_the_platform_cannot(self, venue):
        limits = venue.platform.limits
        assert (limits.notes, limits.languages) == (venue.notes, venue.languages)
        assert limits.alts is venue.alts

    def test_it_says_who_it_is(self, venue):
        identity = venue.platform.whoami()
        assert identity.id
        assert identity.name
        assert venue.public() == []

    def test_what_stands_there_can_be_read_back_or_it_says_that_nobody_can(self, venue, draft):
        receipt = venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        standing = venue.platform.standing(since=NOW - timedelta(days=1))
        if standing is not None:
            assert [(each.receipt, letters(each.text)) for each in standing] == [
                (receipt, letters(venue.seen(draft).text) if venue.readable else "")
            ]
            assert all(each.published_at.tzinfo for each in standing)

    def test_what_stood_there_earlier_is_not_asked_for(self, venue, draft):
        venue.platform.publish(venue.platform.stage(draft, due=NOW), key=KEY)
        assert not venue.platform.standing(since=NOW + timedelta(days=365))

    def test_its_caps_name_the_page_that_says_so(self, venue):
        for cap in venue.platform.caps:
            assert cap.posts > 0
            assert cap.window > timedelta(0)
            assert cap.page.startswith("https://")

    def test_what_a_post_costs_is_known_before_it_is_sent(self, venue, draft):
        assert venue.platform.cost(draft) >= 0
        assert venue.public() == []

    def test_a_complete_account_has_no_problems(self, venue):
        assert type(venue.platform).problems(venue.account) == ()

    def test_a_misspelled_option_is_answered_with_the_right_one(self, venue):
        name = next(iter(venue.platform.options))
        misspelled = replace(venue.account, options={**venue.account.options, f"{name}s": "x"})
        assert type(venue.platform).problems(misspelled) == (
            (f"{name}s", f'no option "{name}s"; did you mean "{name}"?'),
        )

    def test_a_required_option_or_secret_that_is_missing_is_said(self, venue):
        required = {name for name, option in venue.platform.options.items() if option.required}
        bare = replace(venue.account, options={}, secrets={})
        # What is renewed is kept in the ledger, once somebody has signed in.
        required |= set(venue.platform.secrets) - ({"token"} if renewal_of(bare) else set())
        missing = {name for name, message in type(venue.platform).problems(bare)}
        assert required
        assert required <= missing
