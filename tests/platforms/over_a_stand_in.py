"""The contract over a stand-in: what the test files of the adapters have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from arrivals import watched
from contract import KEY, NOW, PlatformContract, Seen

from clocks import Clock
from scheduler.errors import AccountRefused, Ambiguous, Ending, NotSent, RateLimited
from scheduler.model import Comments, Draft
from scheduler.platforms import Found, Remembered, Unknown
from scheduler.sandbox import (
    STAND_INS,
    Drop,
    Garble,
    Instead,
    LoseAnswer,
    Refuse,
    Sandbox,
    Script,
    rate_limited,
    unauthorised,
)
from scheduler.sandbox.faults import Purpose


@dataclass(slots=True)
class Tokens:
    """The secrets that a stand-in gave, and no other."""

    secrets: Mapping[str, str]
    grants: Remembered = field(default_factory=Remembered)

    def read(self, name: str) -> str:
        return self.secrets[name]


class OverAStandIn(PlatformContract):
    #: As the registry calls it.
    name: str
    #: What runs there, or how one signs in, where it is not the ordinary.
    software = ""

    @pytest.fixture
    def clock(self):
        return Clock()

    @pytest.fixture
    def script(self):
        return Script()

    @pytest.fixture
    def processing(self):
        return timedelta(0)

    @pytest.fixture
    def sandbox(self, clock, script, processing):
        with watched(now=clock.now, faults=script, processing=processing) as sandbox:
            yield sandbox

    @pytest.fixture
    def address(self, sandbox):
        return sandbox.start(self.name, account="eu", software=self.software)

    def ending(self, venue, staged) -> Ending:
        with pytest.raises(Ending) as caught:
            venue.platform.publish(staged, key=KEY)
        return caught.value

    # ── how publishing ends ─────────────────────────────────────────────────────────────────────

    @pytest.fixture
    def goes_wrong(self, script):
        """Has the next requests that make a post public go wrong in these ways."""
        purposes = STAND_INS[self.name].purposes
        publishing = [each for each, what in purposes.items() if what is Purpose.PUBLISH]

        def next_ones(*faults):
            for endpoint in publishing:
                script.add(endpoint, *faults)

        return next_ones

    @pytest.fixture
    def staged(self, venue, tmp_path):
        """One that is published by a single request: whoever likes may answer it."""
        shown = () if venue.words else (self.picture(tmp_path, "purple", "A card"),)
        plain = Draft(text="Words.", pictures=shown, language="en", comments=Comments.ON)
        return venue.platform.stage(plain, due=NOW)

    @pytest.mark.parametrize(
        "how",
        [
            (Refuse(), Ambiguous, 0),
            (Drop(), Ambiguous, 0),
            (LoseAnswer(), Ambiguous, 1),
            (Garble(status=500), Ambiguous, 1),
            (Garble(status=200, body="<html>"), Ambiguous, 1),
            (Instead(status=502), Ambiguous, 0),
            (rate_limited(retry_after=77), RateLimited, 0),
            (rate_limited(), RateLimited, 0),
            (unauthorised(), AccountRefused, 0),
        ],
        ids=lambda how: f"{type(how[0]).__name__} is {how[1].__name__}",
    )
    def test_each_way_in_which_a_call_can_end_is_sorted(self, venue, goes_wrong, staged, how):
        fault, ending, public = how
        goes_wrong(fault)
        ended = self.ending(venue, staged)
        assert type(ended) is ending
        assert len(venue.public()) == public
        if isinstance(ended, RateLimited):
            assert ended.retry_after == (77 if "Retry-After" in fault.headers else None)

    def test_where_nobody_listens_nothing_was_sent(self, venue, sandbox, staged):
        sandbox.leave(self.name)
        assert type(self.ending(venue, staged)) is NotSent
        sandbox.come_back(self.name)
        venue.platform.publish(staged, key=KEY)
        assert len(venue.public()) == 1

    def test_an_answer_that_was_lost_is_found_and_one_that_was_never_asked_for_is_absent(
        self, venue, goes_wrong, staged
    ):
        goes_wrong(Refuse(), LoseAnswer())
        assert isinstance(self.ending(venue, staged), Ambiguous)
        assert venue.is_absent(venue.platform.find(staged, key=KEY, since=NOW))
        assert isinstance(self.ending(venue, staged), Ambiguous)
        found = venue.platform.find(staged, key=KEY, since=NOW)
        assert isinstance(found, Found if venue.finds else Unknown)
        assert len(venue.public()) == 1


def seen(sandbox: Sandbox) -> list[Seen]:
    return [
        Seen(
            text=post.text,
            note=post.note,
            language=post.language,
            alts=post.alts,
            digests=post.digests,
            reply_to=post.reply_to,
        )
        for post in sandbox.public("eu")
    ]
