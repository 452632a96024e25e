"""campaign login and campaign accounts, as they are typed; and what of a token is seen anywhere."""

from __future__ import annotations

import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest
import requests
from program import run

from browser import decided
from scheduler.ledger import Ledger, granting, signing
from scheduler.sandbox import Sandbox

CALENDAR = """\
campaign:
  id: signing-2096
  title: Signing in
  first_day: 2096-11-25
  zone: UTC
  language: en
  time: "09:00"
brand:
  name: Small
  hashtag: "#Small"
  colours:
    {paper: "#FFF6EC", ink: "#24163A", accent: "#C2410C", ground: "#3B1A5A", on_dark: "#FFF6EC"}
accounts:
%s
posts:
  one:
    day: 1
    call: {headline: Come today, body: The door is open.}
    text: This is the first.
    alt: "On the card: Come today. The door is open."
"""
PAGE = re.compile(r"https?://\S+")
PATIENCE = 60


@pytest.fixture
def sandbox():
    with Sandbox(now=lambda: datetime.now(UTC)) as sandbox:
        yield sandbox


@pytest.fixture
def written(tmp_path, sandbox):
    """Writes a calendar with one account of the platform; what it says beside its address."""

    def write(platform: str, software: str = "", **more: str):
        sandbox.start(platform, account="other", software=software)
        address = sandbox.start(platform, account="eu", software=software)
        said = {"platform": platform, **address.options, **more}
        lines = "".join(f"    {name}: {_plain(value)}\n" for name, value in said.items())
        (tmp_path / "campaign.yaml").write_text(CALENDAR % f"  eu:\n{lines}", "utf-8")
        return address

    return write


def _plain(value: str) -> str:
    return value if value.startswith("{") else json.dumps(value)


class Login:
    """`campaign login eu` under somebody's fingers."""

    def __init__(self, folder, *arguments, **environment):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "scheduler", "login", "eu", *arguments],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"BROWSER": "true %s"} | environment,
        )
        self.said = ""

    def page(self) -> str:
        """The page that the person is sent to, once it is said."""
        for line in self.process.stderr:
            self.said += line
            found = PAGE.search(line)
            if found and ("state=" in found[0] or "oauth_token=" in found[0]):
                return found[0]
        raise AssertionError(f"no page: {self.said}")

    def type(self, *lines: str) -> None:
        for line in lines:
            self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def ends(self, code: int = 0) -> str:
        out, err = self.process.communicate(timeout=PATIENCE)
        self.said += out + err
        assert self.process.returncode == code, self.said
        return self.said


def accounts(folder, *more, code=0):
    done = run("accounts", "--json", *more, cwd=folder)
    assert done.returncode == code, done.stderr
    return {each["account"]: each for each in json.loads(done.stdout)["accounts"]}


# ── each platform's way, to its end ───────────────────────────────────────────────────────────────


def test_mastodon_by_the_code_that_the_server_shows(written, tmp_path):
    written("mastodon", token="{file: secrets/eu}")
    login = Login(tmp_path, "--no-browser")
    login.type(decided(login.page()))
    said = login.ends()
    assert "eu is @eu@" in said
    assert "campaign live eu" in said
    token = (tmp_path / "secrets" / "eu").read_text("utf-8").strip()
    assert token
    assert token not in said
    (row,) = accounts(tmp_path).values()
    assert row["standing"] == "good"
    assert set(row["scopes"]) == {"read:accounts", "read:statuses", "write:media", "write:statuses"}


def test_mastodon_by_a_browser_that_comes_back(written, tmp_path):
    written("mastodon", token="{file: token}")
    login = Login(tmp_path)
    ended = decided(login.page())
    assert ended.startswith("http://127.0.0.1:")
    assert requests.get(ended, timeout=10).status_code == 200
    assert "The rest stands in your terminal." not in login.ends()
    with pytest.raises(requests.ConnectionError):
        requests.get(ended, timeout=10)
    assert accounts(tmp_path)["eu"]["standing"] == "good"


def test_a_browser_that_comes_back_with_another_state_signs_nobody_in(written, tmp_path):
    written("mastodon", token="{file: token}")
    login = Login(tmp_path)
    ended = decided(login.page())
    stranger = re.sub(r"state=[^&]*", "state=another", ended)
    assert requests.get(stranger, timeout=10).status_code == 400
    assert "wrong state" in login.ends(code=1)
    assert not (tmp_path / "token").exists()


def test_linkedin_goes_into_the_ledger_and_not_into_the_calendars_places(written, tmp_path):
    address = written("linkedin")
    login = Login(tmp_path, "--no-browser", "--redirect", "http://localhost:8420/")
    login.type(address.secrets["client_secret"])
    login.type(decided(login.page()))
    said = login.ends()
    assert "Still up to the platform: for a page, LinkedIn must grant" in said
    assert (tmp_path / ".campaign" / "ledger.key").stat().st_mode & 0o777 == 0o600
    row = accounts(tmp_path)["eu"]
    assert row["standing"] == "good"
    assert row["expires"] > datetime.now(UTC).isoformat()
    with Ledger(tmp_path / ".campaign" / "ledger.sqlite3") as ledger:
        assert ledger.read(lambda c: granting.kept(c, "eu")).sealed
        (known,) = ledger.read(signing.signed_in)
    assert (known.account, known.platform) == ("eu", "linkedin")


def test_facebook_from_a_persons_token_to_the_pages(written, tmp_path):
    address = written("facebook", token="{file: token}", app_secret="{file: app}")
    login = Login(tmp_path, "--no-browser")
    login.type(address.secrets["app_secret"], "")
    login.type(decided(login.page()))
    login.ends()
    assert (tmp_path / "token").read_text("utf-8").strip() == address.secrets["token"]
    assert (tmp_path / "app").stat().st_mode & 0o777 == 0o600
    assert "pages_manage_posts" in accounts(tmp_path)["eu"]["scopes"]


def test_another_page_than_the_calendars_is_refused_with_those_that_there_are(written, tmp_path):
    address = written("facebook", token="{file: token}")
    login = Login(tmp_path, "--no-browser")
    login.type(address.secrets["app_secret"], "")
    login.type(decided(login.page(), account="other"))
    said = login.ends(code=1)
    assert "their pages are: other (" in said
    assert "Nothing was kept." in said
    assert not (tmp_path / "token").exists()


@pytest.mark.parametrize("platform", ["instagram", "threads"])
def test_meta_by_an_address_that_no_browser_finds(platform, written, tmp_path):
    address = written(platform)
    login = Login(tmp_path)
    login.type("", address.secrets["app_secret"])
    login.type(decided(login.page()))
    assert "copy the whole address" in login.ends()
    row = accounts(tmp_path)["eu"]
    assert row["standing"] == "good"
    assert row["quota_left"] > 0
    assert row["expires"]


def test_x_by_a_pin(written, tmp_path):
    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    address = written("x", **{name: f"{{file: x/{name}}}" for name in names})
    login = Login(tmp_path, "--no-browser")
    login.type(address.secrets["consumer_key"], address.secrets["consumer_secret"])
    login.type(decided(login.page()))
    login.ends()
    assert sorted(file.name for file in (tmp_path / "x").iterdir()) == sorted(names)
    assert accounts(tmp_path)["eu"]["name"] == "@eu"


@pytest.mark.parametrize("platform", ["bluesky", "telegram", "discord", "slack"])
def test_what_a_page_shows_once_is_typed_once(platform, written, tmp_path):
    name = {"bluesky": "password", "telegram": "token"}.get(platform, "webhook")
    address = written(platform, **{name: "{file: secret}"})
    login = Login(tmp_path)
    login.type(address.secrets[name])
    assert address.secrets[name] not in login.ends()
    assert accounts(tmp_path)["eu"]["standing"] == "good"


def test_a_session_outlives_the_process_that_made_it(written, tmp_path, sandbox):
    """Three hundred a day: the next one goes on with the last one's."""
    address = written("bluesky", password="{file: secret}")
    login = Login(tmp_path)
    login.type(address.secrets["password"])
    login.ends()
    with Ledger(tmp_path / ".campaign" / "ledger.sqlite3") as ledger:
        first = ledger.read(lambda c: granting.kept(c, "eu"))
        accounts(tmp_path)
        assert ledger.read(lambda c: granting.kept(c, "eu")) == first


# ── where it is kept ──────────────────────────────────────────────────────────────────────────────


def test_the_environment_is_explained_and_not_written(written, tmp_path):
    address = written("mastodon", token="{env: EU_TOKEN}")
    login = Login(tmp_path, "--no-browser", EU_TOKEN="")
    login.type(decided(login.page()))
    said = login.ends()
    assert "set EU_TOKEN" in said
    assert "{file: secrets/eu-token}" in said
    environment = os.environ | {"EU_TOKEN": address.secrets["token"]}
    done = run("accounts", cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr


def test_a_token_that_is_renewed_has_no_place_in_the_environment(written, tmp_path):
    written("threads", token="{env: EU_TOKEN}")
    said = Login(tmp_path).ends(code=1)
    assert "take its line out of the calendar" in said


def test_the_token_that_was_there_stays_when_a_new_one_is_refused(written, tmp_path):
    address = written("telegram", token="{file: token}")
    (tmp_path / "token").write_text(address.secrets["token"], "utf-8")
    login = Login(tmp_path)
    login.type("123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    login.ends(code=1)
    assert (tmp_path / "token").read_text("utf-8") == address.secrets["token"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_what_is_typed_at_a_terminal_is_not_shown(written, tmp_path):
    address = written("telegram", token="{file: token}")
    secret = address.secrets["token"]
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "scheduler", "login", "eu"],
        cwd=tmp_path,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        preexec_fn=_own_terminal,  # noqa: PLW1509 (the terminal must be this one's alone)
    )
    os.close(follower)
    seen = _read_until(leader, b"(not shown): ")  # before that, what is typed is thrown away
    os.write(leader, secret.encode() + b"\n")
    seen += _read_until(leader, None)
    assert process.wait(PATIENCE) == 0, seen.decode()
    assert secret.encode() not in seen
    assert b"campaign live eu" in seen


def _own_terminal() -> None:
    import fcntl  # noqa: PLC0415
    import termios  # noqa: PLC0415

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read_until(leader: int, what: bytes | None) -> bytes:
    seen, ends = b"", time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            data = os.read(leader, 4096)
        except OSError:
            return seen
        seen += data
        if not data or (what is not None and what in seen):
            return seen
    raise AssertionError(seen.decode())


@pytest.mark.parametrize(
    ("name", "said"),
    [("ue", "known here: archive, eu"), ("archive", "nobody signs in there")],
)
def test_who_cannot_sign_in_is_told_why(name, said, written, tmp_path):
    written("mastodon", token="{file: token}")
    file = tmp_path / "campaign.yaml"
    folder = "  archive: {platform: folder, directory: published}\n"
    file.write_text(file.read_text("utf-8").replace("accounts:\n", f"accounts:\n{folder}"), "utf-8")
    done = run("login", name, cwd=tmp_path, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Nothing was kept." in done.stderr


# ── campaign accounts ─────────────────────────────────────────────────────────────────────────────


def test_an_account_that_nobody_signed_in_says_with_which_command(written, tmp_path):
    written("mastodon", token="{file: token}")
    row = accounts(tmp_path, code=1)["eu"]
    assert row["standing"] == "not signed in"
    assert "campaign login eu" in row["reason"]


def test_a_platform_that_nobody_reaches_is_not_taken_for_a_dead_token(written, tmp_path, sandbox):
    address = written("mastodon", token="{file: token}")
    (tmp_path / "token").write_text(address.secrets["token"], "utf-8")
    sandbox.leave("mastodon")
    assert accounts(tmp_path)["eu"]["standing"] == "unknown"


@pytest.mark.parametrize("columns", [80, 120])
def test_the_table_fits_and_says_in_words_what_its_colours_say(columns, written, tmp_path):
    address = written("facebook", token="{file: token}", app_secret="{file: app}")
    (tmp_path / "token").write_text(address.secrets["token"], "utf-8")
    (tmp_path / "app").write_text(address.secrets["app_secret"], "utf-8")
    done = run("accounts", cwd=tmp_path, env=os.environ | {"COLUMNS": str(columns)})
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= columns
    words = " ".join(done.stdout.split())
    assert "good" in words
    assert "eu" in words
    assert "until" in words


def test_the_check_names_who_is_not_signed_in_and_stays_silent_of_everybody_else(written, tmp_path):
    written("mastodon", token="{file: token}", sandbox="false", server="https://m.example")
    done = run("check", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "eu is not signed in on this machine (no token): campaign login eu" in done.stderr
    (tmp_path / "token").write_text("anything", "utf-8")
    assert "not signed in" not in run("check", cwd=tmp_path).stderr


def test_the_daemon_asks_who_it_is_while_nothing_is_due(written, tmp_path, daemon):
    address = written("telegram", token="{file: token}", alts="none")
    (tmp_path / "token").write_text(address.secrets["token"], "utf-8")
    running = daemon()
    file = tmp_path / ".campaign" / "ledger.sqlite3"

    def known():
        """Looked at from outside, so that the daemon has its ledger for itself."""
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
                return connection.execute("SELECT name FROM signed_in").fetchone() is not None
        except sqlite3.OperationalError:  # it is not made yet
            return False

    running.until(known, "asked")
    assert running.stop() == 0
    assert address.secrets["token"] not in running.said()
