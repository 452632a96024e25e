"""A coalition, as its coordinator, its members and its translators see it."""

from __future__ import annotations

import json
import shutil
from html import unescape

import pytest
from program import CHECKOUT, answer, calendar_of_today, public, run

ON = ("--on", "2026-11-24")

COUNTRIES = {
    "albania", "bosnia-and-herzegovina", "croatia", "cyprus", "czechia", "estonia",
    "france", "germany", "italy", "poland", "serbia",
}  # fmt: skip


def page(file):
    return unescape(file.read_text("utf-8"))


def test_two_members_see_their_own_hour_words_logo_and_helpline(coalition):
    folder = coalition().parent
    for member, logo in (("germany", "rings"), ("cyprus", "sun")):
        mark = CHECKOUT / "assets" / "logos" / f"{'germany' if logo == 'rings' else 'cyprus'}.png"
        shutil.copyfile(mark, folder / f"{logo}.png")
        file = folder / "members" / f"{member}.yaml"
        text = file.read_text("utf-8")
        file.write_text(text.replace("brand: {", f"brand: {{logo: {logo}.png, "), "utf-8")
    seen = {
        "germany": ("Heute beginnen wir.", "09:00", "Hilfetelefon (DE): 030 0001"),
        "cyprus": ("Σήμερα αρχίζουμε.", "10:30", "Γραμμή βοήθειας (CY): 022 0002"),
    }
    assert run("preview", *ON, cwd=folder).returncode == 0
    went = answer("rehearse", *ON, cwd=folder)
    assert (went["published"], went["duplicates"]) == (went["deliveries"], 0)
    feeds = page(folder / "out/rehearsal/index.html")
    for member, words in seen.items():
        shown = page(folder / "out/preview/members" / member / "day-01.html")
        others = [each for other in seen if other != member for each in seen[other]]
        for word in words:
            assert word in shown
            assert word in feeds
        assert not [word for word in others if word in shown]
    assert len(set((folder / "out/preview/cards").glob("*.jpg"))) == 6, "a card for each of them"


def test_the_whole_shipped_coalition_goes_out_once(shipped):
    went = answer("rehearse", *ON, cwd=shipped)
    assert went["deliveries"] == went["published"] > 250
    ends = ("unconfirmed", "missed", "rejected", "handed", "duplicates")
    assert [went[end] for end in ends] == [0] * 5
    assert went["simulated_days"] == 16


def test_the_shipped_coalition_is_eleven_samples_and_all_its_translations_are_drafts(shipped):
    found = answer("matrix", *ON, cwd=shipped)
    assert set(found["members"]) == {"campaign", *COUNTRIES}
    assert set(found["languages"]) == {"en", "de", "it", "el", "sr-Cyrl"}
    translated = [cell for cell in found["cells"] if cell["language"] != "en"]
    assert {cell["state"] for cell in translated} == {"draft", "opted out"}
    for language in ("de", "it", "el", "sr-Cyrl"):
        days = {cell["day"] for cell in translated if cell["language"] == language}
        assert days == set(range(1, 17))
    for member in COUNTRIES:
        text = (shipped / "members" / f"{member}.yaml").read_text("utf-8")
        assert "name: Sample member, " in text
        assert 'sandbox: "true"' in text


def test_what_is_missing_or_stale_is_found_at_the_line_of_its_source(shipped):
    file = shipped / "campaign.yaml"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace("theme: Why we speak", "theme: Why we all speak").replace(
            "    statistic: slow-decline\n", "    statistic: slow-decline\n    note: In figures\n"
        ),
        "utf-8",
    )
    lines = file.read_text("utf-8").splitlines()
    done = run("check", "--json", *ON, cwd=shipped)
    problems = json.loads(done.stdout)["problems"]
    stale = [each for each in problems if each["code"] == "translation-stale"]
    missing = [each for each in problems if each["code"] == "translation-missing"]
    assert {lines[each["line"] - 1].strip() for each in stale} == {"theme: Why we all speak"}
    assert {lines[each["line"] - 1].strip() for each in missing} == {"note: In figures"}
    assert len(stale) == len(missing) == 4, "one for each language"
    assert {each["file"] for each in (*stale, *missing)} == {"campaign.yaml"}
    assert done.returncode == 1
    states = {
        (cell["member"], cell["post"]): cell["state"]
        for cell in answer("matrix", *ON, cwd=shipped)["cells"]
    }
    assert states["germany", "why-we-speak"] == "stale"
    assert states["cyprus", "far-too-slow"] == "missing"
    assert states["france", "far-too-slow"] == "translated"


def test_explain_names_the_file_that_each_value_came_from(shipped):
    rows = answer("explain", "one-in-three-worldwide", "--member", "italy", cwd=shipped)["values"]
    files = {row["name"]: row["file"] for row in rows}
    assert files["time"] == "members/italy.yaml"
    assert files["text"] == "languages/it.yaml"
    assert files["day"] == "campaign.yaml"


def test_a_helpline_is_found_wherever_it_is_used(shipped):
    posts = answer("where-used", "it-1522", cwd=shipped)["posts"]
    assert {post["member"] for post in posts} == {"italy"}
    assert "is-someone-afraid-of-you" not in {post["post"] for post in posts}


@pytest.mark.parametrize("name", ["members/italy.yaml", "languages/it.yaml"])
def test_one_broken_file_silences_one_member_and_says_so(shipped, name):
    (shipped / name).write_text("member\n", "utf-8")
    done = run("run", "--once", cwd=shipped)
    assert name in done.stderr
    assert "These stay silent: members/italy.yaml." in done.stderr
    deliveries = answer("status", cwd=shipped)["deliveries"]
    accounts = {each["account"] for each in deliveries}
    assert "italy.page" not in accounts
    assert "germany.page" in accounts


# ── while files of some members have an error ─────────────────────────────────────────────────────

NO_PLATFORM = ("platform: folder", "platform: pigeon")


def test_the_day_of_a_withdrawal_waits_for_no_member_s_file(coalition):
    folder = coalition(germany="member\n").parent
    done = run("where-used", "guterres", "--json", cwd=folder)
    assert done.returncode == 0
    assert {post["member"] for post in json.loads(done.stdout)["posts"]} == {"campaign", "cyprus"}
    assert "members/germany.yaml:1:1" in done.stderr
    assert "Not among the answers: members/germany.yaml." in done.stderr
    done = run("where-used", "de-1", cwd=folder)
    assert done.returncode == 1
    assert '"de-1" in the files without an error' in done.stderr


def test_a_post_is_explained_while_another_member_s_file_is_broken(coalition):
    folder = coalition(germany="member\n").parent
    done = run("explain", "launch", "--member", "cyprus", "--json", cwd=folder)
    assert done.returncode == 0
    files = {row["name"]: row["file"] for row in json.loads(done.stdout)["values"]}
    assert files["time"] == "members/cyprus.yaml"
    assert "Not among the answers: members/germany.yaml." in done.stderr
    done = run("explain", "launch", "--member", "germany", cwd=folder)
    assert done.returncode == 1
    assert 'there is no member "germany" in the files without an error' in done.stderr


def test_an_account_is_released_while_another_member_s_file_is_broken(coalition):
    file = coalition(germany="member\n")
    done = run("release", "cyprus.page", cwd=file.parent)
    assert done.returncode == 0
    assert "Not among the answers: members/germany.yaml." in done.stderr
    assert "nothing is held" in done.stderr
    done = run("release", "germany.page", cwd=file.parent)
    assert done.returncode == 1
    assert 'there is no account "germany.page" in the files without an error' in done.stderr
    file.write_text("campaign\n", "utf-8")
    assert run("release", "cyprus.page", cwd=file.parent).returncode == 1


def test_a_broken_language_that_nobody_speaks_leaves_out_nobody(coalition):
    folder = coalition().parent
    (folder / "languages" / "fr.yaml").write_text("language\n", "utf-8")
    done = run("where-used", "de-1", cwd=folder)
    assert done.returncode == 0
    assert "languages/fr.yaml:1:1" in done.stderr
    assert "No organisation is left out." in done.stderr
    done = run("run", "--once", cwd=folder)
    assert "languages/fr.yaml:1:1" in done.stderr
    assert "silent" not in done.stderr


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({"germany": (NO_PLATFORM,)}, "germany"),
        ({"germany": (NO_PLATFORM,), "cyprus": "member\n"}, "germany, members/cyprus.yaml"),
        ({"germany": (NO_PLATFORM, ("brand:", "brnad:"))}, "members/germany.yaml"),
    ],
    ids=["refused", "refused and broken", "both at once"],
)
def test_who_is_silent_is_named_and_no_column_of_the_matrix(coalition, files, names):
    folder = coalition(**files).parent
    done = run("matrix", "--json", *ON, cwd=folder)
    assert done.returncode == 1
    assert set(json.loads(done.stdout)["members"]) == {"campaign", "germany", "cyprus"} - set(files)
    assert 'there is no platform "pigeon"' in done.stderr
    assert f"Not shown: {names}." in done.stderr
    done = run("run", "--once", cwd=folder)
    assert f"These stay silent: {names}." in done.stderr
    accounts = {each["account"] for each in answer("status", cwd=folder)["deliveries"]}
    assert accounts == {"archive", "germany.page", "cyprus.page"} - {f"{id_}.page" for id_ in files}


def test_a_calendar_that_is_refused_has_no_matrix(coalition):
    folder = coalition(NO_PLATFORM).parent
    done = run("matrix", "--json", *ON, cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing to show" in done.stderr


def test_a_link_to_nowhere_among_the_members_keeps_no_edit_from_the_daemon(tmp_path, daemon):
    calendar_of_today(tmp_path, 1)
    (tmp_path / "members").mkdir()
    (tmp_path / "members" / "gone.yaml").symlink_to("nowhere.yaml")
    running = daemon()
    running.until(lambda: len(public(tmp_path)) == 1, "published")
    calendar_of_today(tmp_path, 2)
    running.until(lambda: len(public(tmp_path)) == 2, "published the new post")
    assert running.stop() == 0
    assert "These stay silent: members/gone.yaml." in running.said()


# ── the next edition ──────────────────────────────────────────────────────────────────────────────


def test_next_year_s_calendar_lists_what_the_members_must_verify_again(shipped):
    done = answer(
        "roll-over", "--first-day", "2027-11-25", "--id", "responsible-together-2027", cwd=shipped
    )
    again = {(each["kind"], each["id"]): each["file"] for each in done["verify"]}
    assert again["helpline", "it-1522"] == "members/italy.yaml"
    assert again["fact", "cost-in-the-eu"] == "responsible-together-2027.yaml"
    assert len(done["verify"]) == len(again), "once, not once for each member"
