"""A small calendar, and the parts around it, for every room's tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from databases import Cluster, programs
from object_store import ObjectStore
from object_store import missing as missing_of_store
from scheduler.cards import Shelf
from small_calendar import SMALL
from small_coalition import BESIDE, LANGUAGES

if TYPE_CHECKING:
    from a_bucket import ABucket

Writer = Callable[..., Path]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """A browser, for the tests of one module: while it is there, no other loop runs in here."""
    if CHROMIUM is None:
        pytest.skip("no chromium here: make test-deps brings it on Debian")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def calendar(tmp_path: Path) -> Writer:
    """Writes the small calendar, with (old, new) replacements, and gives its path."""

    def write(*changes: tuple[str, str], text: str = SMALL) -> Path:
        file = tmp_path / "campaign.yaml"
        file.write_text(edited(text, changes), "utf-8")
        return file

    return write


@pytest.fixture
def coalition(calendar: Writer) -> Writer:
    """Writes the small calendar with two languages and two members; gives the calendar's path.

    `changes` are for the calendar; `files` are (old, new) changes of another file, or its text.
    """

    def write(*changes: tuple[str, str], **files: tuple[tuple[str, str], ...] | str) -> Path:
        file = calendar(*changes)
        for name, text in BESIDE.items():
            wanted = files.get(name, text)
            kind = "languages" if name in LANGUAGES else "members"
            (file.parent / kind).mkdir(exist_ok=True)
            beside = file.parent / kind / f"{name}.yaml"
            beside.write_text(wanted if isinstance(wanted, str) else edited(text, wanted), "utf-8")
        return file

    return write


def edited(text: str, changes: Iterable[tuple[str, str]]) -> str:
    for old, new in changes:
        assert old in text, f"{old!r} does not stand there"
        text = text.replace(old, new, 1)
    return text


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """One shelf for all tests: equal cards are drawn once."""
    return Shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def needs() -> Callable[..., None]:
    """Skips where a system command is missing, and says how to get it; in CI that is a failure."""

    def check(*commands: str) -> None:
        missing = [command for command in commands if shutil.which(command) is None]
        if missing and os.environ.get("CI"):
            pytest.fail(f"{', '.join(missing)} should be there: make test-deps")
        if missing:
            pytest.skip(f"no {', '.join(missing)} here: make test-deps brings it")

    return check


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A server of the tests' own; skips where there is none to start, and fails in CI."""
    found = programs()
    if found is None:
        missing = "no PostgreSQL here: make test-deps brings it"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with Cluster(found) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    """A server of buckets of the tests' own; skips where there is none, and fails in CI."""
    if absent := missing_of_store():
        missing = f"no {', '.join(absent)} here: make test-deps brings it"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with ObjectStore() as store:
        yield store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where an empty ledger is: everything that asks for it is tested on both databases."""
    if request.param == "sqlite":
        return tmp_path / "ledger.sqlite3"
    return request.getfixturevalue("postgresql").database()


@pytest.fixture(params=["amazon", pytest.param("swift", marks=pytest.mark.system)])
def bucket(request: pytest.FixtureRequest) -> Iterator[ABucket]:
    """A bucket: one knows conditional writes and checks nothing, the other the other way round."""
    from a_bucket import amazon, swift  # noqa: PLC0415 (most tests need not load what it needs)

    if request.param == "swift":
        yield swift(request.getfixturevalue("object_store"))
        return
    with amazon() as made:
        yield made
