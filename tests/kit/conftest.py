"""Kits of the small coalition, and a browser as small as a telephone."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from kit_samples import BY_HAND, EVE

from scheduler.calendar import read_calendar
from scheduler.interface import Interface
from scheduler.kit.contents import Kit
from scheduler.kit.gathering import gather
from scheduler.kit.judging import Situation, held

#: Milliseconds.
PATIENCE = 30_000


@pytest.fixture
def kit_of(shelf) -> Callable[..., Kit]:
    """The kit of one organisation of a calendar."""

    def made(
        file: Path,
        member: str = "cyprus",
        *,
        interface: Interface | None = None,
        **situation: object,
    ) -> Kit:
        whole = read_calendar(file).unwrap()
        campaign = whole.campaigns[member]
        said = {
            "now": EVE,
            "drafts": True,
            "held": held(campaign, whole.holds, whole.silenced, on=EVE.date()),
        } | situation
        return gather(campaign, shelf, Situation(**said), interface=interface)

    return made


@pytest.fixture
def by_hand(coalition) -> Path:
    """The small coalition, in which Cyprus posts by hand."""
    return coalition(cyprus=BY_HAND)


@pytest.fixture
def phone(chromium, tmp_path) -> Iterator[Callable[..., object]]:
    """Opens a kit from its unpacked ZIP, 360 pixels wide.

    Whatever the browser complains of fails the test, as does every request that leaves the disk.
    """
    contexts, complaints, requests = [], [], []

    def opened(archive: Path, *, now: str = "2026-11-25T09:30:00+02:00", **more: object):
        folder = tmp_path / "unpacked"
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)
        context = chromium.new_context(
            viewport={"width": 360, "height": 740},
            timezone_id="Asia/Nicosia",
            reduced_motion="reduce",
            accept_downloads=True,
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.clock.set_fixed_time(datetime.fromisoformat(now))
        page.goto((folder / archive.stem / "index.html").as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    home = (tmp_path / "unpacked").as_uri()
    strangers = [url for url in requests if not url.startswith((home, "blob:null/", "data:,"))]
    assert strangers == []
    assert complaints == []
