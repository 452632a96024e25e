"""A kit speaks to whoever posts in the organisation's language, and to everybody alike."""

from __future__ import annotations

import re

import pytest

import axe
from made_up_language import PSEUDO
from scheduler.interface import ENGLISH
from scheduler.kit.packing import files_of, pack

#: Names of files, of posts and accounts, of places, and what a file that comes back begins with.
_NAMES = re.compile(
    r"\S+\.(?:txt|html)|\bAsia/Nicosia|https?:\S*|\blaunch\b|\blisten\b|\bcyprus[.\w]*|\{.*\}",
    re.DOTALL,
)
#: Everything that is read or heard, but for what stands in the campaign's own language.
_TEXTS = """() => {
  const found = [];
  const ours = (node) => !node.parentElement.closest("[lang]:not(html), bdi, script, style");
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (ours(walk.currentNode)) found.push(walk.currentNode.data);
  for (const each of document.querySelectorAll("[aria-label], [alt], [placeholder]"))
    found.push(each.getAttribute("aria-label") ?? each.alt ?? each.placeholder);
  return found.concat(Object.values(document.getElementById("words").dataset));
}"""


def strange(text: str) -> str:
    """The Latin words in it, but for tags and names."""
    bare = _NAMES.sub("", re.sub(r"\{\w+\}|<[^>]*>", "", text))
    return " ".join(re.findall(r"[A-Za-z]{2,}", bare))


@pytest.mark.system
def test_a_kit_says_nothing_that_no_catalogue_has(by_hand, kit_of, tmp_path, phone):
    kit = kit_of(by_hand, interface=PSEUDO)
    page = phone(pack(kit, tmp_path / "kits").archive)
    page.locator("#where").select_option("")
    for each in page.locator("#today .where input[type=checkbox]").all():
        each.check()
    texts = page.evaluate(_TEXTS)
    assert len(texts) > 100
    # The names of the organisation and of the campaign are the calendar's, in its title too.
    titles = {page.title()}
    assert {each.strip() for each in texts if each not in titles and strange(each)} == set()


def test_the_files_beside_the_page_say_nothing_that_no_catalogue_has(by_hand, kit_of):
    kit = kit_of(by_hand, interface=PSEUDO)
    for name, data in files_of(kit).items():
        if name.endswith("READ-ME-FIRST.txt") or "/DRAFT-" in name:
            said = (
                data.decode().replace(kit.campaign.title, "").replace(kit.campaign.member.name, "")
            )
            assert strange(re.sub(r"kit \w+|[0-9a-f]{8}", "", said)) == "", name


def test_a_kit_speaks_german_to_germans_and_english_where_there_is_no_catalogue(by_hand, kit_of):
    assert kit_of(by_hand, "germany").interface.language == "de"
    assert kit_of(by_hand, "cyprus").interface is ENGLISH
    german = files_of(kit_of(by_hand, "germany"))
    assert '<html lang="de" dir="ltr">' in german["index.html"].decode()
    assert "Bitte keine Zahl" in german["READ-ME-FIRST.txt"].decode()


@pytest.mark.system
def test_the_script_says_in_german_what_the_page_gave_it(by_hand, kit_of, tmp_path, phone):
    page = phone(pack(kit_of(by_hand, "germany"), tmp_path / "kits").archive)
    assert page.locator("#today time").first.inner_text() == "Mittwoch, 25. November"
    assert "Noch ist nichts darin" in page.locator("#posted-said").inner_text()
    page.clock.set_fixed_time("2026-11-24T12:00:00+01:00")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    said = page.locator("#today-said").inner_text()
    assert said == (
        "Heute ist Dienstag, 24. November. Der erste Tag ist Mittwoch, 25. November; "
        "bis dahin ist Zeit zum Umsehen."
    )


@pytest.mark.system
@pytest.mark.parametrize("member", ["cyprus", "germany"])
def test_axe_finds_nothing_in_a_kit(by_hand, kit_of, tmp_path, phone, member):
    axe.needed()
    page = phone(pack(kit_of(by_hand, member), tmp_path / "kits").archive, bypass_csp=True)
    page.locator("#where").select_option("")
    for each in page.locator("#today .where input[type=checkbox]").all():
        each.check()
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for scheme, width in (("dark", 360), ("light", 1280)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert axe.complaints(page) == []
