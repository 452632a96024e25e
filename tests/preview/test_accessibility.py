"""No page has anything that axe-core complains of: light and dark, narrow and wide, twice spoken.

It sees what a machine can see of WCAG 2.2; what only people can tell, it cannot.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from preview_samples import campaign, coalition, member, pages, post
from test_feeds import FAULTS, SUMMARY, of_two_members
from test_feeds import post as feed_post
from test_speaking_to_readers import everything, in_greek, of_many, problems

from scheduler.interface import Interface, interface_for
from scheduler.model import Day
from scheduler.preview import feeds
from scheduler.preview.rendering import followed, page
from scheduler.preview.site import write
from scheduler.preview.viewing import tally

pytestmark = pytest.mark.system

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
AXE = CACHE / "campaign-scheduler" / "axe-core-4.10.3" / "node_modules" / "axe-core" / "axe.min.js"
#: Colours and widths that a page is looked at in; both languages see both of each.
SIGHTS = {
    "en": (("light", 1280), ("dark", 360)),
    "de": (("dark", 1280), ("light", 360)),
}
_ASK = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map(({ id, impact, help, nodes }) =>
    `${impact}: ${help} (${id}): ${nodes.slice(0, 3).map((each) => each.html).join(" … ")}`);
}"""
_OPEN = "() => document.querySelectorAll('details').forEach((each) => { each.open = true; })"
_PANEL = """(text) => {
  const panel = new DOMParser().parseFromString(text, "text/html").getElementById("live");
  document.body.append(document.importNode(panel, true));
  const word = document.querySelector(".live-word");
  word.textContent = word.dataset.broken;
  const why = document.querySelector(".live-why");
  why.textContent = why.dataset.stale;
}"""


def from_right_to_left(folder: Path):
    """A member that says everything in Arabic."""
    said = {"text": "العنف ضد المرأة ليس شأنًا خاصًا. #16Days", "alt": "ما تظهره البطاقة"}
    own = campaign(post("call", language="ar", note="يتحدث عن القتل", **said))
    arabic = member(
        "jordan", own, language="ar", title="العنوان", days={5: Day(number=5, theme="الموضوع")}
    )
    return pages(coalition(arabic, own=own), folder, *problems("something"))


def rehearsed(interface: Interface, folder: Path) -> Path:
    summary = replace(SUMMARY, handed=2, missed=1, faults=replace(FAULTS, differences=("One.",)))
    made = of_two_members(feed_post("One", note="A note"), feed_post("Two", 26))
    return feeds.write(made, summary, out=folder, interface=interface)


def unreadable(folder: Path):
    return replace(pages(campaign(), folder, *problems("one")), coalition=None)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Where the pages of a kind lie in a language, made when they are asked for."""

    @cache
    def made(kind: str, language: str) -> Path:
        folder, interface = tmp_path_factory.mktemp("site"), interface_for(language)
        (folder / "made").mkdir()
        if kind == "feeds":
            rehearsed(interface, folder / "out")
        else:
            write(SITES[kind](folder / "made"), out=folder / "out", interface=interface)
            (folder / "out" / "gone.html").write_text(page("gone", interface), "utf-8")
        return folder / "out"

    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if CHROMIUM is None:
        pytest.skip("no chromium here: make test-deps brings it on Debian")
    if not AXE.is_file():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(f"no axe-core in {AXE.parent}: make test-deps brings it")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


SITES = {
    "everything": everything,
    "of_many": of_many,
    "from_right_to_left": from_right_to_left,
    "unreadable": unreadable,
}
CYPRUS, GERMANY = (f"members/{in_greek(each)}/" for each in ("cyprus", "germany"))
KINDS = {
    "the front page of a coalition": ("of_many", "index.html"),
    "the list of all posts": ("of_many", "posts.html"),
    "the sixteen days of a member": ("of_many", f"{CYPRUS}index.html"),
    "a day of a member, with what it leaves out": ("of_many", f"{CYPRUS}day-04.html"),
    "the sixteen days of one organisation": ("everything", "index.html"),
    "a day on every network": ("everything", "day-01.html"),
    "a day that goes nowhere": ("everything", "day-02.html"),
    "a day without a post": ("everything", "day-12.html"),
    "a day from right to left": ("from_right_to_left", "members/jordan/day-05.html"),
    "a calendar that cannot be read": ("unreadable", "index.html"),
    "a page that is gone": ("unreadable", "gone.html"),
    "the feeds of a rehearsal": ("feeds", "index.html"),
}


@pytest.mark.parametrize("language", SIGHTS)
@pytest.mark.parametrize("kind", [*KINDS, "a page behind the problems of a save"])
def test_axe_finds_nothing(browser, site, kind, language):
    of, name = KINDS.get(kind, ("of_many", f"{GERMANY}day-05.html"))
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    shown = context.new_page()
    shown.goto((site(of, language) / name).as_uri())
    shown.add_script_tag(path=AXE)
    if kind not in KINDS:
        told = problems("something")
        panel = page("live", interface_for(language), problems=told, tally=tally(told), broken=True)
        shown.add_style_tag(content=followed()["live.css"])
        shown.evaluate(_PANEL, panel)
    found = []
    for number, (scheme, width) in enumerate(SIGHTS[language]):
        shown.emulate_media(color_scheme=scheme)
        shown.set_viewport_size({"width": width, "height": 900})
        if number:
            shown.evaluate(_OPEN)
        found += [f"{scheme}, {width}: {each}" for each in shown.evaluate(_ASK)]
    context.close()
    assert found == []
