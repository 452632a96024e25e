"""The days in the terminal: golden texts in three widths, and what must never be lost in them."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from preview_samples import campaign, coalition, cyprus, pages, post
from rich.console import Console
from test_site import HOSTILE, said_everywhere

from scheduler.cli.day_list import write_lines
from scheduler.errors import Problem, Severity
from scheduler.model import Measure
from scheduler.preview.choosing import Choice, chosen
from scheduler.preview.listing import listed

ERROR = Problem(
    file="campaign.yaml",
    line=33,
    column=9,
    code="too-long",
    message='day 3, post "the-statistic": text: 17 characters over the limit of 500 (mastodon)',
    hint="shorten it; nothing is ever cut off by the program",
)
WARNING = Problem(
    file="campaign.yaml", line=7, code="x", severity=Severity.WARNING, message="the funder is old"
)


def shown(of, choice: Choice | None = None, *, width: int = 80, **more) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False, **more)
    found = chosen(of, choice or Choice())
    for each in found:
        write_lines(console, listed(each, alone=len(found) == 1))
    return stream.getvalue()


def sample(folder):
    of = pages(campaign(), folder, ERROR, WARNING)
    pair = ("the-statistic", "network")
    measures = ((Measure(name="text", used=517, limit=500, unit="characters"),),)
    return replace(
        of,
        measures={**of.measures, pair: measures},
        held={pair: f"{ERROR.message} ({ERROR.code})"},
    )


GOLDEN = {
    60: """\
A campaign (English, Europe/Berlin)

Day 3  Fri 27 Nov  Theme 3
  Day of 3
  09:00 Statistic  the-statistic  HELD
        The caption of the statistic. In two parts.
        network 517/500 text 17 too many, other 53/500,
          archive 53/500
        held back on network: until the error is mended
        error  campaign.yaml:33:9  day 3, post
          "the-statistic": text: 17 characters over the
          limit of 500 (mastodon)
          shorten it; nothing is ever cut off by the program

Problems that no day shows
  warning  campaign.yaml:7:1  the funder is old
""",
    80: """\
A campaign (English, Europe/Berlin)

Day 3  Fri 27 Nov  Theme 3
  Day of 3
  09:00 Statistic  the-statistic  HELD
        The caption of the statistic. In two parts.
        network 517/500 text 17 too many, other 53/500, archive 53/500
        held back on network: until the error is mended
        error  campaign.yaml:33:9  day 3, post "the-statistic": text: 17
          characters over the limit of 500 (mastodon)
          shorten it; nothing is ever cut off by the program

Problems that no day shows
  warning  campaign.yaml:7:1  the funder is old
""",
    120: """\
A campaign (English, Europe/Berlin)

Day 3  Fri 27 Nov  Theme 3
  Day of 3
  09:00 Statistic  the-statistic  HELD
        The caption of the statistic. In two parts.
        network 517/500 text 17 too many, other 53/500, archive 53/500
        held back on network: until the error is mended
        error  campaign.yaml:33:9  day 3, post "the-statistic": text: 17 characters over the limit of 500 (mastodon)
          shorten it; nothing is ever cut off by the program

Problems that no day shows
  warning  campaign.yaml:7:1  the funder is old
""",  # noqa: E501 (as wide as it is)
}


@pytest.mark.parametrize("width", GOLDEN)
def test_a_day_takes_a_few_lines(tmp_path, width):
    text = shown(sample(tmp_path), Choice(days=frozenset({3})), width=width)
    assert text.splitlines() == GOLDEN[width].splitlines()
    assert max(map(len, text.splitlines())) <= width


def test_colours_add_nothing_to_the_words(tmp_path):
    of = sample(tmp_path)
    coloured = shown(of, force_terminal=True, color_system="standard")
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == shown(of)


def test_nothing_is_drawn_that_a_screen_reader_would_spell(tmp_path):
    assert not set(shown(sample(tmp_path))) & set("─│┃━┏┓┗┛╭╮╰╯|═║•■")


def test_the_first_words_fill_the_line_and_say_that_more_follows(tmp_path):
    of = pages(campaign(post("call", text="word " * 100)), tmp_path)
    for width in (60, 120):
        (line,) = [line for line in shown(of, width=width).splitlines() if "word" in line]
        assert line.endswith("…")
        assert len(line) >= width - 6


def test_every_post_of_every_day_is_listed(tmp_path):
    of = pages(campaign(), tmp_path)
    text = shown(of)
    assert [f"Day {number}  " in text for number in range(1, 17)] == [True] * 16
    assert all(f"  {id_}  ready" in text for id_ in of.coalition.own.posts)
    assert text.count("no post") == 11


def test_a_platform_shows_only_its_accounts_and_a_language_only_who_speaks_it(tmp_path):
    own = campaign()
    of = pages(coalition(cyprus(own, tmp_path), own=own), tmp_path)
    text = shown(of, Choice(platform="mastodon"))
    assert "network " in text
    assert "page " in text
    assert "archive" not in text
    greek = shown(of, Choice(language="el"))
    assert "Πρώτα η ασφάλεια." in greek
    assert "The caption" not in greek


def test_a_hostile_calendar_steers_no_terminal(tmp_path):
    of = said_everywhere(HOSTILE + "\x1b[2J\x07 [red]x[/red]", tmp_path)
    text = shown(of, Choice(days=frozenset({1})), force_terminal=True, color_system=None)
    assert not {"\x1b", "\x07", "\u202e", "\u2066"} & set(text)
    assert "[red]x[/red]" in text
