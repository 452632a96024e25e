"""campaign preview --serve, as a person sees it who edits the calendar beside an open browser."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from program import run

ON = ("--on", "2026-11-20")
#: Milliseconds.
PATIENCE = 30_000


class Preview:
    """A preview that is served, until its test has an end."""

    def __init__(self, file, *arguments: str) -> None:
        words = ("-m", "scheduler", "preview", "--serve", "--campaign", str(file), *ON, *arguments)
        # Whoever runs the suite behind a shell may be deaf to Ctrl-C, and children inherit that.
        heard = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            # On Windows Ctrl-C only reaches a group of its own.
            self.process = subprocess.Popen(
                [sys.executable, *words],
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        finally:
            signal.signal(signal.SIGINT, heard)
        self.said: list[str] = []

    def address(self) -> str:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if found := re.search(r"Open (http://127\.0\.0\.1:\d+/) ", line):
                return found[1]
        raise AssertionError("".join(self.said))

    def end(self) -> str:
        """Ctrl-C; what is said after it."""
        self.process.send_signal(getattr(signal, "CTRL_C_EVENT", signal.SIGINT))
        return self.process.communicate(timeout=60)[1]


@pytest.fixture
def preview(coalition) -> Iterator[Preview]:
    preview = Preview(coalition(), "--port", "0")
    yield preview
    if preview.process.poll() is None:
        preview.process.kill()
    preview.process.communicate()


@pytest.fixture
def edit(coalition, tmp_path):
    def replaced(old: str, new: str, name: str = "campaign.yaml") -> None:
        text = (tmp_path / name).read_text("utf-8")
        assert old in text
        (tmp_path / name).write_text(text.replace(old, new, 1), "utf-8")

    return replaced


def test_the_address_is_said_once_and_ctrl_c_ends_it_with_a_sentence(preview, tmp_path):
    address = preview.address()
    with urlopen(address) as answer:  # so it is past what it says, which Ctrl-C could cut in two
        assert answer.status == 200
    said = preview.end()
    assert said == "The preview has ended. Nothing was sent.\n"
    assert "".join(preview.said).count(address) == 1
    assert preview.process.returncode == 0
    assert not (tmp_path / "out").exists()


def test_a_port_that_is_taken_is_named_before_any_card_is_drawn(coalition, tmp_path):
    file = coalition()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("preview", "--serve", "--port", port, *ON, cwd=file.parent)
    assert done.returncode == 1
    assert port in done.stderr
    assert "--port 0" in done.stderr
    assert not (tmp_path / ".campaign").exists()


@pytest.mark.parametrize(
    "together", [("--serve", "--out", "here"), ("--serve", "--json"), ("--port", "8016")]
)
def test_what_would_be_ignored_is_refused(coalition, together):
    done = run("preview", *together, *ON, cwd=coalition().parent)
    assert done.returncode == 2
    assert "--serve" in done.stderr


def test_without_a_calendar_nothing_is_served(tmp_path):
    done = run("preview", "--serve", "--port", "0", *ON, cwd=tmp_path)
    assert done.returncode == 1
    assert "campaign.yaml" in done.stderr


#: The page without what is added to it while it is served.
_SHOWN = """() => {
    const copy = document.body.cloneNode(true);
    copy.querySelector("#live")?.remove();
    return copy.innerHTML.trim();
}"""


@pytest.fixture
def page(preview, chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    # Chromium says itself of each answer that is no 200; anything else is a mistake of ours.
    assert [each for each in said if "Failed to load resource" not in each] == []


def word(page, text):
    page.locator(".live-word", has_text=text).wait_for()


@pytest.mark.system
def test_a_word_is_edited_and_seen_live_where_the_reader_was(preview, page, edit):
    page.goto(f"{preview.address()}members/germany/day-01.html")
    word(page, "Follows what is saved.")
    page.evaluate("document.body.dataset.same = 'the very same document'")
    page.evaluate("scrollTo(0, 300)")
    page.locator("a.skip").focus()
    before = page.evaluate("[scrollY, document.activeElement.className]")
    edit("Heute beginnen wir.", "Morgen beginnen wir.", "languages/de.yaml")
    word(page, "This page was updated.")
    assert "Morgen beginnen wir." in page.locator("main").inner_text()
    assert page.evaluate("[scrollY, document.activeElement.className]") == before
    assert page.locator(".live-word").get_attribute("role") == "status"


@pytest.mark.system
def test_what_people_have_opened_stays_open(preview, page, edit):
    page.goto(f"{preview.address()}members/germany/day-01.html")
    word(page, "Follows what is saved.")
    opened = page.locator("details").first
    opened.locator("summary").click()
    edit("Heute beginnen wir.", "Morgen beginnen wir.", "languages/de.yaml")
    word(page, "This page was updated.")
    assert opened.get_attribute("open") is not None


@pytest.mark.system
def test_what_follows_is_the_page_that_a_reload_would_show(preview, page, edit):
    page.goto(f"{preview.address()}members/germany/day-01.html")
    word(page, "Follows what is saved.")
    edit("points: [Eines, Noch eines]", "points: [Eines]", "languages/de.yaml")
    word(page, "This page was updated.")
    followed = page.evaluate(_SHOWN)
    page.reload()
    word(page, "Follows what is saved.")
    assert followed == page.evaluate(_SHOWN)


@pytest.mark.system
def test_a_broken_calendar_says_why_over_the_last_good_page_until_it_is_mended(preview, page, edit):
    page.goto(f"{preview.address()}members/germany/day-01.html")
    word(page, "Follows what is saved.")
    edit("posts:", "posts: [")
    problems = page.locator(".live-problems")
    problems.wait_for()
    assert "campaign.yaml:" in problems.inner_text()
    assert "A bracket [ was opened and not closed" in problems.inner_text()
    assert "last good one" in problems.inner_text()
    assert "Heute beginnen wir." in page.locator("main").inner_text()
    page.keyboard.press("End")
    problems.get_by_role("button", name="Hide").press("Enter")
    assert not page.locator("#live-list").is_visible()
    edit("posts: [", "posts:")
    problems.wait_for(state="detached")
    word(page, "The errors are mended.")


@pytest.mark.system
def test_a_page_that_is_gone_says_so_and_comes_back(preview, page, tmp_path):
    page.goto(f"{preview.address()}members/germany/day-01.html")
    word(page, "Follows what is saved.")
    file = tmp_path / "members" / "germany.yaml"
    text = file.read_text("utf-8")
    file.unlink()
    word(page, "This page is no longer in the calendar.")
    assert page.get_by_role("link", name="To the sixteen days").is_visible()
    file.write_text(text, "utf-8")
    page.get_by_text("Heute beginnen wir.").first.wait_for()


@pytest.mark.system
def test_a_preview_that_was_stopped_is_said_to_be(preview, page):
    page.goto(preview.address())
    word(page, "Follows what is saved.")
    preview.end()
    word(page, "The preview has stopped.")
