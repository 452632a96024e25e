"""The verbs of the program, on the shipped campaign and on everything that is none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest
from PIL import Image
from program import CHECKOUT, answer, calendar_of_today, run

ON = ("--on", "2026-11-22")


def test_the_shipped_campaign_has_no_error_and_speaks_on_every_day(sample):
    found = answer("check", *ON, cwd=sample)
    # One figure was read only where a newspaper repeats it, and says so on purpose.
    assert [problem["code"] for problem in found["problems"]] == ["figure-third-party"]
    assert found["posts"] >= 16
    assert found["deliveries"] == 2 * found["posts"]
    days = {entry["day"] for entry in answer("status", cwd=sample)["deliveries"]}
    assert days == set(range(1, 17))


def test_one_word_changed_on_a_card_draws_one_card(sample):
    first = answer("preview", *ON, cwd=sample)
    again = answer("preview", *ON, cwd=sample)
    file = sample / "campaign.yaml"
    text = file.read_text("utf-8")
    headline = next(line for line in text.splitlines() if line.strip().startswith("headline:"))
    file.write_text(text.replace(headline, headline + " today"), "utf-8")
    edited = answer("preview", *ON, cwd=sample)
    assert (first["cards_drawn"], first["cards_reused"]) == (first["posts"], 0)
    assert (again["cards_drawn"], again["cards_reused"]) == (0, first["posts"])
    assert (edited["cards_drawn"], edited["cards_reused"]) == (1, first["posts"] - 1)


def test_the_rehearsal_publishes_everything_once_and_shows_it(sample):
    went = answer("rehearse", cwd=sample)
    assert went["deliveries"] == went["published"] > 32
    assert [went[end] for end in ("unconfirmed", "missed", "rejected", "handed")] == [0] * 4
    assert (went["duplicates"], went["simulated_days"]) == (0, 16)
    page = next((sample / "out" / "rehearsal").glob("*.html")).read_text("utf-8")
    assert "#ResponsibleTogether" in page


def test_a_rehearsal_that_starts_late_says_what_is_missed(sample):
    done = run("rehearse", "--on", "2026-12-01", "--json", cwd=sample)
    went = json.loads(done.stdout)
    assert done.returncode == 1
    assert went["missed"] > 0
    assert went["published"] + went["missed"] == went["deliveries"]


def test_a_rehearsal_with_faults_says_what_was_injected_and_what_became_of_it(sample):
    went = answer("rehearse", "--faults", "7", cwd=sample)
    assert went["passed"]
    assert went["duplicates"] == 0
    assert sum(kind["injected"] for kind in went["faults"]["kinds"]) == went["faults"]["injected"]
    assert went["faults"]["injected"] > 5
    assert len(went["faults"]["unpublished"]) == went["deliveries"] - went["published"]
    assert all(each["reason"] and each["faults"] for each in went["faults"]["unpublished"])
    page = (sample / "out" / "rehearsal" / "index.html").read_text("utf-8")
    assert "The faults of seed 7" in page


def test_a_rehearsal_with_faults_tells_them_in_the_terminal(sample):
    done = run("rehearse", "--faults", "7", cwd=sample)
    assert done.returncode == 0
    assert "Faults of seed 7:" in done.stderr
    assert "Nothing was published twice, and nothing is missing without a reason." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.system
def test_the_rehearsal_needs_no_network(sample, needs):
    needs("unshare", "ip")
    command = f"ip link set lo up && exec {sys.executable} -m scheduler rehearse --json"
    done = subprocess.run(
        ["unshare", "--net", "--map-root-user", "sh", "-c", command],
        cwd=sample,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["duplicates"] == 0


def test_the_cards_are_written_and_nothing_else(sample, tmp_path):
    out = tmp_path / "wanted"
    assert run("cards", "--out", str(out), *ON, cwd=sample).returncode == 0
    files = sorted(file.name for file in out.iterdir())
    assert len(files) == answer("check", *ON, cwd=sample)["posts"]
    assert all(name.startswith("day-") and name.endswith(".jpg") for name in files)


def test_the_cards_of_a_debugged_folder_are_the_same_cards_with_lines_over_them(sample, tmp_path):
    for folder, more in (("plain", ()), ("debug", ("--debug",))):
        assert run("cards", "--out", str(tmp_path / folder), *more, *ON, cwd=sample).returncode == 0
    plain, debug = (sorted((tmp_path / name).iterdir()) for name in ("plain", "debug"))
    assert [file.name for file in plain] == [file.name for file in debug]
    pairs = zip(plain, debug, strict=True)
    assert all(one.read_bytes() != other.read_bytes() for one, other in pairs)


@pytest.mark.parametrize("given", [(), ("--out", "a", "--sheet", "b")])
def test_cards_are_drawn_or_templates_and_not_both(sample, given):
    done = run("cards", *given, *ON, cwd=sample)
    assert done.returncode == 2
    assert "--sheet DIR" in done.stderr
    assert not (sample / "a").exists()


SHEETS = ("cards", "--template", "call", "--sheet")


def test_contact_sheets_are_drawn_while_the_calendar_has_errors(sample, tmp_path):
    file = sample / "campaign.yaml"
    text = file.read_text("utf-8").replace("zone: Europe/Berlin", "zone: Nowhere")
    file.write_text(text.replace('"#C2410C"', '"#1144AA"'), "utf-8")
    out = tmp_path / "sheets"
    done = run(*SHEETS, str(out), "--format", "png", *ON, cwd=sample)
    names = {f"call-{brand}{more}.png" for brand in ("own", "other") for more in ("", "-360px")}
    assert {drawn.name for drawn in out.iterdir()} == names
    *missing, last = done.stderr.splitlines()
    assert last.startswith("4 contact sheets in ")
    # What a sheet lacks is said, and is the only reason not to end well.
    assert done.returncode == bool(missing)
    assert all(line.startswith("call-") for line in missing)
    with Image.open(out / "call-own.png") as shown:
        colours = {colour for _, colour in shown.convert("RGB").getcolors(1_000_000)}
    assert (0x11, 0x44, 0xAA) in colours, "the campaign's own colour"


@pytest.mark.parametrize(
    ("old", "new"), [("\nbrand:", "\nbrnad:"), ('accent: "#C2410C"', "accent: orange")]
)
def test_contact_sheets_of_a_calendar_without_a_brand_are_not_drawn(sample, tmp_path, old, new):
    file = sample / "campaign.yaml"
    assert old in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    done = run(*SHEETS, str(tmp_path / "sheets"), *ON, cwd=sample)
    assert done.returncode == 1
    assert "brand" in complaint(done) or "accent" in complaint(done)
    assert not (tmp_path / "sheets").exists()


@pytest.mark.parametrize("given", [("--out", "a", "--template", "call"), ("--sheet", "b")])
def test_a_template_that_is_asked_for_in_vain_is_no_command(sample, given):
    more = () if "--out" in given else ("--template", "poster")
    done = run("cards", *given, *more, *ON, cwd=sample)
    assert done.returncode == 2
    assert not (sample / given[1]).exists()


def test_the_plan_is_shown_before_anything_has_run(sample):
    deliveries = answer("status", cwd=sample)["deliveries"]
    assert {delivery["state"] for delivery in deliveries} == {"planned"}
    assert deliveries[0]["due"] == "2026-11-25T08:00:00Z"
    keys = ("key", "post", "day", "account", "platform", "state", "due", "published_at", "url")
    assert tuple(deliveries[0]) == (*keys, "reason", "edited")


BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
)
NO_CALENDARS = {
    "empty": b"",
    "not YAML": b"a: [1, 2\nb: }",
    "a bomb": BOMB.encode(),
    "brackets": b"[" * 1_000_000,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a list": b"- one\n- two\n",
}


@pytest.mark.parametrize("verb", ["check", "preview", "rehearse", "run", "status", "cards"])
@pytest.mark.parametrize("what", ["nothing", "a folder", *NO_CALENDARS])
def test_what_is_no_calendar_is_said_and_nothing_is_done(tmp_path, verb, what):
    file = tmp_path / "campaign.yaml"
    if what == "a folder":
        file.mkdir()
    elif what != "nothing":
        file.write_bytes(NO_CALENDARS[what])
    out = ("--out", str(tmp_path / "out")) if verb == "cards" else ()
    done = run(verb, *out, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "campaign.yaml:" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / ".campaign" / "ledger.sqlite3").exists()


MISTAKES = {
    "a missing picture": (("assets/pictures/open-door.jpg", "assets/open.jpg"), "no file"),
    "an unknown zone": (("Europe/Berlin", "Europe/Berln"), "no time zone"),
    "a day 17": (("    day: 16\n", "    day: 17\n"), 'no day "17"'),
    "a literal token": (
        ("{env: RESPONSIBLE_TOGETHER_MASTODON_TOKEN}", "hunter2"),
        "must not stand",
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_is_named_at_its_line(sample, what):
    (old, new), said = MISTAKES[what]
    file = sample / "campaign.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    found = answer("check", *ON, cwd=sample)["problems"]
    line = next(
        n for n, line in enumerate(file.read_text("utf-8").splitlines(), 1) if new.strip() in line
    )
    assert any(problem["line"] == line and said in problem["message"] for problem in found), found
    assert "hunter2" not in json.dumps(found)


def test_two_posts_with_one_id_are_both_named(sample):
    file = sample / "campaign.yaml"
    text = file.read_text("utf-8")
    ids = answer("status", cwd=sample)["deliveries"]
    first, last = ids[0]["post"], ids[-1]["post"]
    file.write_text(text.replace(f"  {last}:\n", f"  {first}:\n", 1), "utf-8")
    (problem, *_) = answer("check", *ON, cwd=sample)["problems"]
    assert problem["code"] == "duplicate-key"
    assert first in problem["message"]


def test_a_picture_that_is_no_picture_is_named_where_the_calendar_says_so(sample):
    (sample / "assets" / "pictures" / "open-door.jpg").write_text("not a picture")
    found = answer("check", *ON, cwd=sample)["problems"]
    text = (sample / "campaign.yaml").read_text("utf-8").splitlines()
    (wrong,) = [problem for problem in found if problem["severity"] == "error"]
    assert wrong["code"] == "bad-picture"
    assert "open-door.jpg" in text[wrong["line"] - 1]


def test_a_word_that_does_not_fit_its_card_is_named_and_nothing_is_cut(sample):
    file = sample / "campaign.yaml"
    text = file.read_text("utf-8")
    headline = next(line for line in text.splitlines() if line.strip().startswith("headline:"))
    file.write_text(text.replace(headline, headline + " very" * 200), "utf-8")
    found = answer("check", *ON, cwd=sample)["problems"]
    assert "does-not-fit" in {problem["code"] for problem in found}


def test_the_demo_works_from_the_built_package_alone(tmp_path):
    wheel_folder = tmp_path / "wheel"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet"),
            *("--no-deps", "--no-build-isolation", "--wheel-dir", str(wheel_folder)),
            str(CHECKOUT),
        ],
        check=True,
        capture_output=True,
    )
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(next(wheel_folder.glob("*.whl"))).extractall(unpacked)
    done = run("demo", cwd=tmp_path, env={"PYTHONPATH": str(unpacked), "PATH": ""})
    assert done.returncode == 0, done.stderr
    assert "0 duplicates" in done.stderr
    assert (tmp_path / "campaign-demo" / "campaign.yaml").read_bytes() == (
        CHECKOUT / "campaign.yaml"
    ).read_bytes()
    shutil.rmtree(unpacked)


def test_the_demo_never_writes_over_a_calendar_that_is_there(tmp_path):
    folder = tmp_path / "campaign-demo"
    folder.mkdir()
    (folder / "campaign.yaml").write_text("mine")
    done = run("demo", cwd=tmp_path)
    assert done.returncode == 1
    assert (folder / "campaign.yaml").read_text() == "mine"


def complaint(done) -> str:
    """What a person must do, said without a traceback and without blaming the program."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "bug" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("verb", ["preview", "rehearse", "cards", "demo"])
def test_a_file_where_a_folder_is_wanted_is_said(tmp_path, verb):
    calendar_of_today(tmp_path, 1)
    (tmp_path / "taken").write_text("mine")
    said = complaint(run(verb, "--out", "taken", cwd=tmp_path))
    assert "taken:1:1" in said
    assert "folder is needed" in said
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.parametrize("verb", ["preview", "rehearse", "cards", "demo"])
def test_a_folder_that_cannot_be_made_is_said(tmp_path, verb):
    calendar_of_today(tmp_path, 1)
    assert "--out" in complaint(run(verb, "--out", "/proc/nowhere", cwd=tmp_path))


@pytest.mark.parametrize("verb", ["preview", "rehearse", "run"])
@pytest.mark.parametrize("file", [".campaign/cards", ".campaign"])
def test_a_file_where_the_cards_should_lie_is_said(tmp_path, verb, file):
    calendar_of_today(tmp_path, 1)
    (tmp_path / ".campaign").mkdir(exist_ok=True)
    if file == ".campaign":
        (tmp_path / file).rmdir()
    (tmp_path / file).write_text("mine")
    arguments = ["--once"] if verb == "run" else []
    said = complaint(run(verb, *arguments, cwd=tmp_path))
    assert file in said


def shell(command: str, folder):
    """`command` in a shell, in which `campaign` is the program."""
    program = f"{sys.executable} -m scheduler"
    return subprocess.run(
        ["bash", "-c", command.replace("campaign ", f"{program} ")],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("verb", ["check --json", "status", "status --json", "--help"])
@pytest.mark.parametrize("where", [">/dev/full", ">&-"])
def test_an_answer_that_cannot_be_written_is_no_success(tmp_path, verb, where):
    calendar_of_today(tmp_path, 1)
    assert "standard output" in complaint(shell(f"campaign {verb} {where}", tmp_path))


@pytest.mark.parametrize(
    "verb", ["check --json", "status", "status --json", "--help", "check 2>&1"]
)
@pytest.mark.parametrize("listener", ["true", "head -c 1 >/dev/null"])
def test_a_listener_that_has_heard_enough_is_no_mishap(tmp_path, verb, listener):
    calendar_of_today(tmp_path, 60)
    done = shell(f"campaign {verb} | {listener}; exit ${{PIPESTATUS[0]}}", tmp_path)
    assert done.returncode in {0, 1}
    assert "rror" not in done.stderr
    assert "bug" not in done.stderr


def test_talk_that_cannot_be_written_changes_nothing_but_the_exit_code(tmp_path):
    calendar_of_today(tmp_path, 1)
    assert shell("campaign check 2>/dev/full", tmp_path).returncode == 1
    assert shell("campaign check 2>&-", tmp_path).returncode == 0


@pytest.mark.parametrize("name", ["x[draft]", "y[/b]", ":smile:", "[red]"])
def test_what_people_call_their_folders_and_posts_is_no_markup(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir(parents=True)
    calendar = calendar_of_today(folder, 1, **{"Everything is due today": f"'{name}'"})
    named = ("--campaign", str(calendar))
    previewed = run("preview", *named)
    assert previewed.returncode == 0, previewed.stderr
    assert f"{name}/out/preview" in previewed.stderr
    status = run("status", *named)
    assert status.returncode == 0, status.stderr
    assert name in status.stdout.splitlines()[0]
    drawn = run("cards", "--out", str(folder / "cards"), *named)
    assert f"{name}/cards" in drawn.stderr
    gone = run("check", "--campaign", str(folder / "[b].yaml"))
    assert "[b].yaml:1:1" in complaint(gone)


BROKEN = {
    "a wrong zone": ("zone: UTC", "zone: Nowhere/Land"),
    "no YAML": ("posts:", "posts: ]"),
    "a wrong key": ("    text:", "    txet:"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_the_ledger_is_shown_while_the_calendar_has_an_error(tmp_path, what):
    file = calendar_of_today(tmp_path, 2)
    assert run("run", "--once", cwd=tmp_path).returncode == 0
    before = answer("status", cwd=tmp_path)
    old, new = BROKEN[what]
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    done = run("status", "--json", cwd=tmp_path)
    assert json.loads(done.stdout) == before
    assert "only what the ledger knows" in complaint(done)
    assert "published" in run("status", cwd=tmp_path).stdout


def test_an_id_in_a_comment_or_a_post_is_not_taken_for_the_campaigns(tmp_path):
    file = calendar_of_today(tmp_path, 1)
    assert run("run", "--once", cwd=tmp_path).returncode == 0
    text = file.read_text("utf-8").replace(
        "campaign:\n", "x:\n  id: other\ncampaign:\n  # id: no\n"
    )
    file.write_text(text + "]", "utf-8")
    assert len(answer("status", cwd=tmp_path)["deliveries"]) == 1


def test_a_broken_calendar_without_a_ledger_has_no_status(tmp_path):
    calendar_of_today(tmp_path, 1, UTC="Nowhere/Land")
    done = run("status", cwd=tmp_path)
    assert "no time zone" in complaint(done)
    assert not done.stdout


def test_a_preview_of_no_calendar_writes_nothing(tmp_path):
    assert "no such file" in complaint(run("preview", cwd=tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["check", "preview", "rehearse", "cards"])
@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_a_day_far_away_is_refused_as_an_option(tmp_path, verb, on):
    calendar_of_today(tmp_path, 1)
    out = ("--out", str(tmp_path / "out")) if verb == "cards" else ()
    done = run(verb, *out, "--on", on, cwd=tmp_path, env=os.environ | {"COLUMNS": "200"})
    assert done.returncode == 2
    assert f"{on} is not between" in done.stderr


def test_the_demo_names_a_command_that_there_is(tmp_path):
    done = run("demo", cwd=tmp_path, env=os.environ | {"PATH": "/usr/bin:/bin", "COLUMNS": "500"})
    command = done.stderr.rpartition("and run: ")[2].strip()
    again = subprocess.run(
        ["bash", "-c", f"{command} --json"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        env=os.environ | {"PATH": "/usr/bin:/bin"},
        timeout=60,
    )
    assert again.returncode == 0, (command, again.stderr)
