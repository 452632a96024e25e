"""Beginning, asking and rolling over, as a person does it."""

from __future__ import annotations

import json
import shutil

import pytest
import yaml
from jsonschema import Draft7Validator
from program import CHECKOUT, answer, calendar_of_today, run

ON = ("--on", "2026-11-22")
NEXT = ("--first-day", "2027-11-25", "--id", "responsible-together-2027")


# ── init ──────────────────────────────────────────────────────────────────────────────────────────


def test_what_init_writes_has_no_problem_and_speaks_on_every_day(tmp_path):
    done = run("init", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "campaign check" in done.stderr
    assert answer("check", *ON, cwd=tmp_path)["problems"] == []
    days = {entry["day"] for entry in answer("status", cwd=tmp_path)["deliveries"]}
    assert days == set(range(1, 17))


def test_the_schema_lies_beside_the_calendar_under_the_name_that_it_is_called_by(tmp_path):
    run("init", "mine", cwd=tmp_path)
    text = (tmp_path / "mine" / "campaign.yaml").read_text("utf-8")
    name = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    schema = json.loads((tmp_path / "mine" / name).read_text("utf-8"))
    assert list(Draft7Validator(schema).iter_errors(yaml.load(text, yaml.BaseLoader))) == []


def test_the_shipped_calendar_is_what_its_schema_says():
    schema = json.loads((CHECKOUT / "src/scheduler/calendar/campaign.schema.json").read_text())
    written = yaml.load((CHECKOUT / "campaign.yaml").read_text("utf-8"), yaml.BaseLoader)
    assert list(Draft7Validator(schema).iter_errors(written)) == []


def test_the_starter_shows_each_kind_of_post_and_goes_nowhere_but_into_a_folder(tmp_path):
    run("init", cwd=tmp_path)
    written = yaml.load((tmp_path / "campaign.yaml").read_text("utf-8"), yaml.BaseLoader)
    kinds = {key for post in written["posts"].values() for key in post}
    assert {"quote", "statistic", "graphic", "call"} <= kinds
    assert [account["platform"] for account in written["accounts"].values()] == ["folder"]
    assert "helplines" not in written


def test_the_mastodon_account_of_the_starter_works_when_its_signs_are_taken_away(tmp_path):
    run("init", cwd=tmp_path)
    file = tmp_path / "campaign.yaml"
    text = file.read_text("utf-8")
    begin = text.index("  # mastodon:")
    end = text.index("\n\n", begin)
    file.write_text(text[:begin] + text[begin:end].replace("  # ", "  ") + text[end:], "utf-8")
    found = answer("check", *ON, cwd=tmp_path)
    assert found["problems"] == []
    assert found["deliveries"] == 2 * found["posts"]


def test_init_never_writes_over_a_calendar(tmp_path):
    file = tmp_path / "campaign.yaml"
    file.write_text("mine", "utf-8")
    done = run("init", cwd=tmp_path)
    assert done.returncode == 1
    assert "never written over" in done.stderr
    assert file.read_text("utf-8") == "mine"
    assert [one.name for one in tmp_path.iterdir()] == ["campaign.yaml"]


def test_init_where_a_file_stands_in_the_way_says_so(tmp_path):
    (tmp_path / "taken").write_text("a file", "utf-8")
    done = run("init", "taken", cwd=tmp_path)
    assert done.returncode == 1
    assert "nothing can be written here" in done.stderr
    assert "Traceback" not in done.stderr


# ── explain ───────────────────────────────────────────────────────────────────────────────────────


def test_each_value_of_a_post_is_told_with_the_line_that_it_stands_in(sample):
    told = answer("explain", "listen-to-survivors", cwd=sample)
    lines = (sample / "campaign.yaml").read_text("utf-8").splitlines()
    values = {row["name"]: row for row in told["values"]}
    assert told["post"] == "listen-to-survivors"
    assert values["day"]["origin"] == "post"
    assert values["time"]["origin"] == "campaign"
    assert values["comments"]["origin"] == "default"
    assert values["words"]["origin"] == "named"
    assert values["due (UTC)"] == {
        "name": "due (UTC)",
        "value": "2026-11-29T08:00:00Z",
        "origin": "computed",
        "file": None,
        "line": None,
        "column": None,
    }
    for name in ("time", "words", "role", "theme"):
        row = values[name]
        there = lines[row["line"] - 1][row["column"] - 1 :]
        assert row["value"] in there.replace('"', ""), row


def test_a_post_is_explained_in_plain_words(sample):
    done = run("explain", "listen-to-survivors", cwd=sample)
    assert done.returncode == 0, done.stderr
    assert "Listen to survivors and end impunity" in done.stdout
    assert "campaign.yaml:" in done.stdout
    assert "None" not in done.stdout


def test_a_post_that_does_not_exist_is_answered_with_the_nearest(sample):
    done = run("explain", "listen-to-survivor", cwd=sample)
    assert done.returncode == 1
    assert 'did you mean "listen-to-survivors"?' in done.stderr


# ── where used ────────────────────────────────────────────────────────────────────────────────────


def test_a_fact_is_found_in_its_post_before_anything_has_run(sample):
    told = answer("where-used", "slow-decline", cwd=sample)
    lines = (sample / "campaign.yaml").read_text("utf-8").splitlines()
    (post,) = told.pop("posts")
    assert told == {"id": "slow-decline", "kind": "fact"}
    assert lines[post.pop("line") - 1].strip() == "statistic: slow-decline"
    assert post == {"member": "campaign", "post": "far-too-slow", "day": 2, "deliveries": []}


def test_what_is_public_is_told_with_its_link(tmp_path):
    calendar_of_today(tmp_path, 2)
    assert run("run", "--once", cwd=tmp_path).returncode == 0
    told = answer("where-used", "archive", cwd=tmp_path)
    deliveries = [delivery for post in told["posts"] for delivery in post["deliveries"]]
    assert told["kind"] == "account"
    assert [delivery["key"] for delivery in deliveries] == [
        "today/post-0/archive/1",
        "today/post-1/archive/1",
    ]
    assert {delivery["state"] for delivery in deliveries} == {"published"}
    assert all(delivery["url"] for delivery in deliveries)
    said = run("where-used", "archive", cwd=tmp_path)
    assert deliveries[0]["url"] in said.stdout
    assert "Public deliveries: 2" in said.stderr


def test_what_is_not_there_is_answered_with_the_nearest(sample):
    done = run("where-used", "slow-declines", cwd=sample)
    assert done.returncode == 1
    assert 'did you mean "slow-decline"?' in done.stderr


def test_an_id_that_two_things_have_must_be_said_more_closely(sample):
    file = sample / "campaign.yaml"
    text = file.read_text("utf-8").replace("slow-decline", "archive")
    file.write_text(text, "utf-8")
    done = run("where-used", "archive", cwd=sample)
    assert done.returncode == 1
    assert "--kind fact" in done.stderr
    told = answer("where-used", "archive", "--kind", "fact", cwd=sample)
    assert [post["post"] for post in told["posts"]] == ["far-too-slow"]


# ── roll over ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def rolled(sample):
    return sample, answer("roll-over", *NEXT, cwd=sample)


def test_the_next_edition_differs_in_two_lines_and_is_sound(rolled):
    sample, told = rolled
    old = (sample / "campaign.yaml").read_text("utf-8").splitlines()
    new = (sample / told["file"]).read_text("utf-8").splitlines()
    changed = [after for before, after in zip(old, new, strict=True) if before != after]
    assert [line.partition("#")[0].split() for line in changed] == [
        ["id:", "responsible-together-2027"],
        ["first_day:", "2027-11-25"],
    ]
    found = answer("check", "--campaign", told["file"], "--on", "2027-11-01", cwd=sample)
    assert [problem for problem in found["problems"] if problem["severity"] == "error"] == []


def test_every_fact_is_to_be_verified_again_at_its_line(rolled):
    sample, told = rolled
    text = (sample / told["file"]).read_text("utf-8")
    facts = yaml.load(text, yaml.BaseLoader)["facts"]
    found = [one for one in told["verify"] if one["kind"] == "fact"]
    assert [one["id"] for one in found] == list(facts)
    lines = text.splitlines()
    assert all(lines[one["line"] - 1].strip() == f"{one['id']}:" for one in found)
    assert {one["file"] for one in found} == {told["file"]}


def test_comments_with_last_years_weekdays_are_listed(rolled):
    sample, told = rolled
    lines = (sample / told["file"]).read_text("utf-8").splitlines()
    assert "# Day 1 · Wednesday, 25 November" in [one["text"] for one in told["comments"]]
    assert len(told["comments"]) >= 16
    assert all(lines[one["line"] - 1].strip() == one["text"] for one in told["comments"])
    assert any("title:" in one["text"] for one in told["values"])


def test_it_is_all_said_in_words_too(sample):
    done = run("roll-over", *NEXT, cwd=sample)
    assert done.returncode == 0, done.stderr
    assert "Thursday, 25 November 2027" in done.stderr
    assert 'fact "slow-decline"' in done.stdout
    assert "responsible-together-2027.yaml:" in done.stdout


def test_nothing_is_ever_rolled_over_a_file_that_is_there(sample):
    for out in ("campaign.yaml", "other.yaml"):
        (sample / "other.yaml").write_text("mine", "utf-8")
        before = (sample / out).read_bytes()
        done = run("roll-over", *NEXT, "--out", out, cwd=sample)
        assert done.returncode == 1
        assert "never written over" in done.stderr
        assert (sample / out).read_bytes() == before


def test_an_edition_under_the_old_id_is_refused_and_nothing_is_written(sample):
    before = sorted(sample.iterdir())
    for wrong in (
        ("--first-day", "2027-11-25", "--id", "responsible-together-2026"),
        ("--first-day", "2026-11-25", "--id", "responsible-together-2027"),
    ):
        assert run("roll-over", *wrong, cwd=sample).returncode == 1
    assert sorted(sample.iterdir()) == before


def test_an_out_that_cannot_be_written_is_said(sample):
    done = run("roll-over", *NEXT, "--out", "no/such/folder.yaml", cwd=sample)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr


def test_the_new_edition_is_planned_beside_the_old_one(tmp_path):
    calendar_of_today(tmp_path, 1)
    assert run("run", "--once", cwd=tmp_path).returncode == 0
    run("roll-over", "--first-day", "2099-11-25", "--id", "next", cwd=tmp_path)
    shutil.move(tmp_path / "next.yaml", tmp_path / "campaign.yaml")
    (post,) = answer("where-used", "archive", cwd=tmp_path)["posts"]
    assert post["deliveries"] == []
    found = answer("check", "--on", "2099-11-01", cwd=tmp_path)
    assert [one for one in found["problems"] if one["code"] == "first-day-moved"] == []


# ── what is no calendar ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "verb",
    [("explain", "launch"), ("where-used", "launch"), ("roll-over", *NEXT)],
    ids=lambda verb: verb[0],
)
@pytest.mark.parametrize("what", ["nothing", "a folder", "a list", "brackets"])
def test_what_is_no_calendar_is_said(tmp_path, verb, what):
    file = tmp_path / "campaign.yaml"
    if what == "a folder":
        file.mkdir()
    elif what != "nothing":
        file.write_text({"a list": "- one\n", "brackets": "[" * 100_000}[what], "utf-8")
    done = run(*verb, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "campaign.yaml:" in done.stderr
    assert "Traceback" not in done.stderr
