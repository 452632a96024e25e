"""campaign kit, confirm and report, as they are typed: from the calendar to the funder."""

from __future__ import annotations

import json

import pytest
from program import run

from scheduler.calendar import read_calendar
from scheduler.ledger import Ledger, deciding, questions
from scheduler.ledger.syncing import sync
from scheduler.model import Hold, Scope, State
from scheduler.planning import plan
from small_coalition import CYPRUS

ON = ("--on", "2026-11-24")
KIT = CYPRUS.replace("id: cyprus,", "id: cyprus, kit: yes,").replace(
    "  page: {platform: folder, directory: cyprus}", '  insta: {platform: instagram, user_id: "18"}'
)
LINK = "https://www.instagram.com/p/abc/"


@pytest.fixture
def folder(coalition):
    """The small coalition, in which Cyprus posts by hand, with a ledger of its plan."""
    # Long ago, so that its days have passed whenever this is run.
    file = coalition(("first_day: 2026-11-25", "first_day: 2025-11-25"), cyprus=KIT)
    whole = read_calendar(file).unwrap()
    (file.parent / ".campaign").mkdir()
    with Ledger(file.parent / ".campaign" / "ledger.sqlite3") as ledger:
        first, now = whole.own.first_day, plan(whole)[0].due
        ledger.write(lambda c: sync(c, "small-2026", first, plan(whole), now=now, who="w"))
    return file.parent


def said(*arguments, cwd, code=0):
    done = run(*arguments, cwd=cwd)
    assert done.returncode == code, done.stderr
    return done.stderr


def states(folder):
    with Ledger(folder / ".campaign" / "ledger.sqlite3") as ledger:
        entries = ledger.read(lambda c: questions.entries(c, "small-2026"))
    return {(entry.post, entry.account): entry.state for entry in entries}


def posted(*rows, **head):
    lines = ",\n".join(
        json.dumps({"account": "cyprus.insta", "date": "2025-11-26"} | row) for row in rows
    )
    top = json.dumps({"campaign-kit": 1, "campaign": "small-2026", "member": "cyprus"} | head)
    return f'{top[:-1]},\n"posted": [\n{lines}]}}'


# ── kit ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_kit_is_made_for_whoever_has_no_tokens_and_says_what_is_not_in_it(folder):
    told = said("kit", *ON, cwd=folder)
    assert "kit-cyprus.zip  0 posts" in told
    assert "2 not in it: in words that nobody has reviewed; with --drafts" in told
    assert "Nothing was sent." in told
    told = said("kit", "--drafts", "--out", "kits", *ON, cwd=folder)
    assert "2 posts" in told
    assert {file.name for file in (folder / "kits").iterdir()} == {"kit-cyprus", "kit-cyprus.zip"}
    day = folder / "kits" / "kit-cyprus" / "day-01-tuesday-25-november"
    assert (day / "caption-instagram.txt").read_text("utf-8").startswith("Σήμερα αρχίζουμε.")
    assert (day / "DRAFT-unreviewed.txt").exists()


def test_a_member_with_tokens_may_have_one_and_an_unknown_one_may_not(folder):
    done = run("kit", "--member", "campaign", "--json", *ON, cwd=folder)
    (row,) = json.loads(done.stdout)["kits"]
    assert (row["member"], row["posts"], row["absent"]) == ("campaign", ["launch", "listen"], [])
    assert 'did you mean "germany"?' in said("kit", "--member", "germny", *ON, cwd=folder, code=1)


def test_what_a_person_holds_in_the_ledger_is_in_no_kit(folder):
    hold = Hold(scope=Scope.POST, value="listen", reason="the family asked", by="Ana")
    with Ledger(folder / ".campaign" / "ledger.sqlite3") as ledger:
        now = plan(read_calendar(folder / "campaign.yaml").unwrap())[0].due
        ledger.write(lambda c: deciding.hold(c, "small-2026", hold, now=now, who="Ana"))
    elsewhere = ("--ledger", "elsewhere.sqlite3")
    (folder / ".campaign" / "ledger.sqlite3").rename(folder / elsewhere[1])
    assert "2 posts," in said("kit", "--drafts", *ON, cwd=folder)
    told = said("kit", "--drafts", *elsewhere, *ON, cwd=folder)
    assert "1 post," in told
    assert "listen: post listen is held: the family asked" in told
    kit = folder / "out" / "kit" / "kit-cyprus"
    assert not list(kit.glob("day-02*"))
    assert "the family" not in (kit / "index.html").read_text("utf-8")


def test_where_nobody_posts_by_hand_it_says_how_somebody_could(coalition):
    told = said("kit", *ON, cwd=coalition().parent, code=1)
    assert 'write "kit: yes" below "member"' in told
    assert "Nothing was written." in told


# ── confirm ───────────────────────────────────────────────────────────────────────────────────────


def test_what_was_posted_is_confirmed_by_one_line_and_asked_about_when_it_differs(folder):
    one = ("confirm", "launch", "insta", "--on", "2025-11-25", "--as", "Ana Muster")
    assert "1 delivery confirmed." in said(*one, "--link", LINK, cwd=folder)
    assert states(folder)["launch", "cyprus.insta"] is State.PUBLISHED
    assert "1 delivery known already." in said(*one, "--link", LINK, cwd=folder)
    told = said(*one, "--link", f"{LINK}2", cwd=folder, code=1)
    assert "is confirmed at" in told
    assert "Nothing was changed." in told
    assert "with a new link" in said(*one, "--link", f"{LINK}2", "--replace", cwd=folder)


def test_a_file_with_one_mistake_writes_nothing_and_names_every_mistake(folder):
    good, bad = {"post": "launch", "link": LINK}, {"post": "lisen", "link": "nowhere"}
    (folder / "a.json").write_text(posted(good, bad), "utf-8")
    (folder / "b.csv").write_text("post,where,link,date\nlisten,insta,,26.11.2025\n", "utf-8")
    told = said("confirm", "a.json", "b.csv", cwd=folder, code=1)
    assert "a.json:4:" in told
    assert "b.csv:2:3" in told
    assert "2 errors. Nothing was changed." in told
    assert set(states(folder).values()) == {State.PLANNED}
    (folder / "a.json").write_text(posted(good), "utf-8")
    (folder / "b.csv").write_text(f"post,where,link,date\nlisten,insta,{LINK}2,26.11.25\n", "utf-8")
    done = run("confirm", "a.json", "b.csv", "--json", "--as", "Ana", cwd=folder)
    assert [row["weight"] for row in json.loads(done.stdout)["confirmed"]] == ["new", "new"]
    assert states(folder)["listen", "cyprus.insta"] is State.PUBLISHED


def test_before_anything_has_run_there_is_nothing_to_confirm_or_report(coalition):
    folder = coalition(cyprus=KIT).parent
    one = ("confirm", "launch", "insta", "--link", LINK, "--on", "2026-11-25")
    for verb in (one, ("report",)):
        assert "nothing has run yet" in said(*verb, cwd=folder, code=1)


# ── report ────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_says_what_was_confirmed_and_by_whom_it_does_not_say(folder):
    said("confirm", "launch", "insta", "--link", LINK, "--on", "2025-11-25", "--as", "Ana Muster",
         cwd=folder)  # fmt: skip
    told = said("report", "--out", "funder", cwd=folder)
    assert "1 of 6 deliveries are public" in told
    page = (folder / "funder" / "report.html").read_text("utf-8")
    assert LINK in page
    for file in ("report.html", "report.csv"):
        assert "Muster" not in (folder / "funder" / file).read_text("utf-8-sig")
    rows = json.loads(run("report", "--json", cwd=folder).stdout)["deliveries"]
    (row,) = [row for row in rows if row["link"]]
    assert (row["became"], row["published_on"], row["country"]) == (
        "posted by hand",
        "2025-11-25",
        "CY",
    )


def test_a_member_whose_file_is_broken_is_still_counted(folder):
    (folder / "members" / "cyprus.yaml").write_text("member", "utf-8")
    said("report", cwd=folder)
    page = (folder / "out" / "report" / "report.html").read_text("utf-8")
    assert "members/cyprus.yaml could not be read" in page.replace("The files ", "")
    assert "cyprus.insta" in page
