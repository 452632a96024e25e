"""The matrix says of each post of each member how far it has come."""

from __future__ import annotations

from datetime import date

from scheduler.checking import check
from scheduler.matrix import CellState, matrix
from small_coalition import GERMANY


def shown(file, shelf):
    checked = check(file, shelf=shelf, on=date(2026, 11, 24), draw=False)
    made = matrix(checked.coalition, checked.held)
    return made, {(cell.member, cell.post): cell.state for cell in made.cells}


def test_every_member_has_a_cell_for_every_post_in_its_one_language(coalition, shelf):
    made, states = shown(coalition(), shelf)
    assert [member.id for member in made.members] == ["campaign", "cyprus", "germany"]
    assert made.languages == ("en", "el", "de")
    assert len(states) == 6
    assert states["campaign", "launch"] is CellState.TRANSLATED
    assert states["cyprus", "launch"] is CellState.DRAFT
    assert {cell.language for cell in made.cells if cell.member == "cyprus"} == {"el"}


def test_each_state_is_told_apart(coalition, shelf):
    file = coalition(
        ("    text: Today we begin.", "    text: Today we start."),
        ("    text: Listening", "    note: Mentions killing\n    text: Listening"),
        germany=GERMANY + "leaves_out: {posts: [listen]}\n",
    )
    _, states = shown(file, shelf)
    assert states["cyprus", "launch"] is CellState.STALE
    assert states["cyprus", "listen"] is CellState.MISSING
    assert states["germany", "listen"] is CellState.OPTED_OUT


def test_a_post_that_an_error_keeps_back_is_held_for_those_whom_it_concerns(coalition, shelf):
    broken = "posts: {launch: {graphic: {headline: Wir 🌻 beginnen}}}\n"
    _, states = shown(coalition(germany=GERMANY + broken), shelf)
    assert states["germany", "launch"] is CellState.HELD
    assert states["cyprus", "launch"] is CellState.DRAFT


def test_a_calendar_without_accounts_of_its_own_has_no_column(coalition, shelf):
    accounts = "accounts:\n  archive: {platform: folder, directory: published}\n"
    made, _ = shown(coalition((accounts, "")), shelf)
    assert [member.id for member in made.members] == ["cyprus", "germany"]
