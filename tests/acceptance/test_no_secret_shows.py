"""One calendar with a secret at every place that has one; everything goes wrong; nobody reads one.

What is looked through is everything that the program wrote: each file below the calendar but those
that hold the secrets, its logs at DEBUG, its screen, its mails, its metrics, its traceback.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import sys
import tempfile
import threading
import zipfile
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, unquote_plus

import pytest
import requests
from program import CHECKOUT
from pypdf import PdfReader

from scheduler import cli
from scheduler.calendar import read_calendar
from scheduler.ledger import Ledger, moves, questions
from scheduler.metering import Meter, Metering
from scheduler.model import Draft, State
from scheduler.publishing import signed_in
from scheduler.sandbox import STAND_INS, Drop, Garble, Instead, LoseAnswer, Purpose, Refuse, Sandbox

sys.path.append(str(CHECKOUT / "tests" / "alerting"))
from receiving import Hook, PostOffice

#: What each call of an account meets, by the end of its name; a number is the status of an answer
#: that repeats everything that was asked.
FAULTS = {
    "refused": Refuse(),
    "repeated-200": 200,
    "repeated-301": 301,
    "repeated-401": 401,
    "repeated-429": 429,
}
#: What it meets when it makes something public, and not before.
LATE_FAULTS = {
    "lost": LoseAnswer(),
    "dropped": Drop(),
    "garbled": Garble(status=200),
    "late-200": 200,
    "late-400": 400,
    "late-500": 500,
}
GOOD = "works"
MORE_OPTIONS = {"telegram": {"alts": "caption"}}
#: What a bucket refuses, each once.
REFUSED = ("HEAD", "HEAD", "PUT")
#: So many signs of a body; what follows are pictures.
REPEATED = 2000
CALENDAR = """\
campaign:
  id: planted
  title: {title}
  first_day: {today}
  zone: UTC
  language: en
  time: "00:00"
  grace: 48h
brand:
  name: Small
  hashtag: "#Small"
  colours:
    {{paper: "#FFF6EC", ink: "#24163A", accent: "#C2410C", ground: "#3B1A5A", on_dark: "#FFF6EC"}}
hosting:
  bucket: cards
  endpoint: {bucket}
  path_style: yes
  address: {bucket}/cards
  access_key: {{file: secrets/access-key}}
  secret_key: {{env: PLANTED_BUCKET}}
alerts:
  to:
{recipients}
  ping: {{env: PLANTED_PING}}
accounts:
  archive: {{platform: folder, directory: published}}
{accounts}
posts:
  one:
    day: 1
    call: {{headline: Come today, body: The door is open.}}
    text: This is the first.
    alt: "On the card: Come today. The door is open."
    accounts: [{names}]
  two:
    day: 1
    call: {{headline: Come again, body: The door is open.}}
    text: This is the second.
    alt: "On the card: Come again. The door is open."
    accounts: [archive]
"""


# ── what is planted ───────────────────────────────────────────────────────────────────────────────


def forms_of(secret: str) -> Iterator[str]:
    """A secret as it may stand somewhere: plain, in an address, in base64 at any offset."""
    yield secret
    yield quote(secret, safe="")
    yield quote(secret)
    yield json.dumps(secret)[1:-1]
    for encode in (b64encode, urlsafe_b64encode):
        for offset in range(3):
            data = b"\0" * offset + secret.encode()
            # The first and the last signs belong to neighbours, too.
            yield encode(data).decode().rstrip("=")[(0, 2, 3)[offset] : -1]


class Echoing:
    """Lets the calls of each account meet its fault, and takes down every token that is sent."""

    def __init__(self):
        self.sent = threading.local()
        self.tokens = set()
        self.met = set()

    def arrived(self, _platform, request):
        header = request.headers.get("Authorization", "")
        body = request.get_data(as_text=True)
        asked = f"{header} {request.url} {body[:REPEATED]}"
        read = f"{unquote(header)} {unquote_plus(request.url)} {unquote_plus(body[:REPEATED])}"
        self.sent.words = f"{read} {asked}"
        self.sent.url = request.url
        if header.startswith("Bearer "):
            self.tokens.add(header.removeprefix("Bearer "))

    def __call__(self, call):
        end = call.account.removeprefix(f"{call.platform}-")
        fault = FAULTS.get(end)
        if call.purpose is Purpose.PUBLISH:
            fault = fault or LATE_FAULTS.get(end)
        if fault is None:
            return None
        self.met.add(call.account)
        return self._echo(fault) if isinstance(fault, int) else fault

    def _echo(self, status):
        words = self.sent.words
        names = ("error", "error_description", "message", "detail", "title", "description")
        said = dict.fromkeys(names, words)
        if status == 200:
            # As if all had gone well, with what was asked in every place.
            said |= dict.fromkeys(("id", "uri", "url", "name", "username", "acct", "handle"), words)
        return Instead(
            status=status,
            body=json.dumps(said),
            headers={"Location": f"{self.sent.url}?sent={quote(words)}"},
        )


class EchoingBucket:
    """A bucket that repeats who asked; at first it refuses, then it keeps pictures."""

    def __init__(self):
        self.kept = {}
        self.refusing = [*REFUSED]
        bucket = self

        class Answers(BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.command in bucket.refusing:
                    bucket.refusing.remove(self.command)
                    said = f"<Error><Code>{self.headers['Authorization']}</Code></Error>"
                    self.say(403, said.encode(), "application/xml")
                elif self.command == "PUT":
                    bucket.kept[self.path] = body, self.headers["Content-Type"]
                    self.say(200, b"", "application/xml")
                elif self.path in bucket.kept:
                    self.say(200, *bucket.kept[self.path])
                else:
                    self.say(404, b"", "application/xml")

            do_HEAD = do_GET = do_PUT = answer  # noqa: N815 (http.server's own names)

            def say(self, status, data, kind):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


class Planted:
    """The calendar, whoever is outside, and every secret by what it is."""

    def __init__(self, folder, outside, monkeypatch, platforms):
        self.folder = folder
        self.ledger = folder / ".campaign" / "ledger.sqlite3"
        self.platforms = platforms
        self.secrets = {}
        self.echoing = Echoing()
        self.sandbox = outside.enter_context(
            Sandbox(
                now=lambda: datetime.now(UTC), faults=self.echoing, arrivals=self.echoing.arrived
            )
        )
        self.bucket = outside.enter_context(EchoingBucket())
        self.office = outside.enter_context(PostOffice(password="planted/mail+pass word"))
        self.away = outside.enter_context(PostOffice(password="planted-refused", refuses=True))
        self.hook = outside.enter_context(Hook())
        self.broken = outside.enter_context(Hook(status=500))
        self.monkeypatch = monkeypatch
        (folder / "secrets").mkdir()

    def in_file(self, name, value, *secrets):
        (self.folder / "secrets" / name).write_text(f"{value}\n", "utf-8")
        self.secrets |= dict.fromkeys(secrets or (value,), name)
        return f"{{file: secrets/{name}}}"

    def in_environment(self, name, value, *secrets):
        self.monkeypatch.setenv(name, value)
        self.secrets |= dict.fromkeys(secrets or (value,), name)
        return f"{{env: {name}}}"

    def write(self, title="Everything goes wrong"):
        self.in_file("access-key", "AKIDPLANTED0ACCESSKEY")
        self.in_environment("PLANTED_BUCKET", "planted+bucket/secret=key")
        ping = f"http://{self.broken.host}/planted-ping-uuid?key=planted-ping-key"
        self.in_environment("PLANTED_PING", ping, "planted-ping-uuid", "planted-ping-key")
        text = CALENDAR.format(
            title=json.dumps(title),
            names=", ".join(self.accounts),
            today=datetime.now(UTC).date(),
            bucket=self.bucket.address,
            recipients="".join(f"    {name}: {at}\n" for name, at in self._recipients()),
            accounts="".join(self._accounts()),
        )
        (self.folder / "campaign.yaml").write_text(text, "utf-8")

    def _recipients(self):
        office, away, hook, broken = self.office, self.away, self.hook.host, self.broken.host
        yield "mail", self.in_environment("PLANTED_MAIL", office.address, office.password)
        yield "refused", self.in_environment("PLANTED_REFUSED", away.address, away.password)
        for name, address in (
            ("hook", f"json://{hook}/planted-hook-path"),
            ("topic", f"ntfy://planted-user:planted-ntfy@{hook}/planted-topic"),
            ("room", f"matrix://me:planted-matrix@{hook}/!room:127.0.0.1"),
            ("broken-hook", f"json://{broken}/planted-broken-path"),
            ("broken-topic", f"ntfy://me:planted-broken@{broken}/planted-broken-topic"),
        ):
            words = address.replace("/", " ").replace(":", " ").replace("@", " ").split()
            yield name, self.in_file(name, address, *(w for w in words if "planted-" in w))

    @property
    def accounts(self):
        ends = (GOOD, *FAULTS, *LATE_FAULTS)
        return {f"{platform}-{end}": platform for platform in self.platforms for end in ends}

    def _accounts(self):
        for name, platform in self.accounts.items():
            yield f"  {name}:\n    platform: {platform}\n"
            address = self.sandbox.start(platform, account=name)
            for option, value in (address.options | MORE_OPTIONS.get(platform, {})).items():
                yield f"    {option}: {json.dumps(value)}\n"
            for secret, value in address.secrets.items():
                parts = [value.rpartition("/")[2]] if secret == "webhook" else [value]
                yield f"    {secret}: {self.in_file(f'{name}-{secret}', value, *parts)}\n"


@pytest.fixture
def plant(tmp_path, monkeypatch, caplog):
    """Writes the calendar, with accounts of these platforms; whoever is outside stands there."""
    folder = tmp_path / "campaign"
    (folder / ".campaign").mkdir(parents=True)
    (tmp_path / "logs").mkdir()
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "logs"))
    monkeypatch.chdir(folder)
    with ExitStack() as outside:

        def write(platforms, title="Everything goes wrong"):
            planted = Planted(folder, outside, monkeypatch, platforms)
            planted.write(title)
            return planted

        yield write


@pytest.fixture
def says(monkeypatch, capsys):
    """`campaign …` in this process, as a person types it: its exit code, and all that it said."""

    def say(*arguments):
        monkeypatch.setattr(sys, "argv", ["campaign", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, "".join(capsys.readouterr())

    return say


# ── what can be read ──────────────────────────────────────────────────────────────────────────────

#: Every verb that says what has happened, and every one that writes something down for people.
SAYING = (
    ("status", "--json"),
    ("status",),
    ("accounts", "--json"),
    ("history", "--json"),
    ("alerts", "--json"),
    ("alerts", "--test"),
    ("preview",),
    ("preview", "--pdf"),
    ("preview", "--terminal"),
    ("kit", "--member", "campaign"),
    ("report",),
    ("report", "--json"),
)


NOT_REACHED = re.compile(r"(\S+) was not reached")
#: Among the places that are looked through there must be these; N is a number.
PLACES = {
    "log",
    "metrics",
    "mail N",
    "message N at N.N.N.N:N",
    "campaign/.campaign/ledger.sqliteN",
    "campaign/.campaign/ledger.sqliteN-wal",
    "campaign/out/preview/day-N.html",
    "campaign/out/preview/contact-sheet.pdf read",
    "campaign/out/kit/kit-campaign/index.html",
    "campaign/out/kit/kit-campaign.zip/kit-campaign/index.html",
    "campaign/out/report/report.html",
    "campaign/out/report/report.csv",
    "campaign/out/report/report.xlsx/xl/worksheets/sheetN.xml",
}
#: What is planted into a title, a reason, a log and a bug is read here.
LEAKS = {
    "status --json": {"reason"},
    "history planted/one/bluesky-works/N": {"reason"},
    "report --json": {"reason"},
    "preview --terminal": {"title"},
    "log": {"log"},
    "logs/bug.log": {"bug"},
    "mail N": {"title"},
    "message N at N.N.N.N:N": {"title"},
    "campaign/.campaign/ledger.sqliteN-wal": {"reason"},
    "campaign/out/preview/day-N.html": {"title"},
    "campaign/out/preview/contact-sheet.pdf read": {"title"},
    "campaign/out/kit/kit-campaign/index.html": {"title"},
    "campaign/out/kit/kit-campaign.zip/kit-campaign/index.html": {"title"},
    "campaign/out/report/report.csv": {"reason"},
    "campaign/out/report/report.html": {"reason", "title"},
    "campaign/out/report/report.xlsx/xl/worksheets/sheetN.xml": {"reason", "title"},
}


def numberless(place: str) -> str:
    return re.sub(r"\d+", "N", re.sub(r"campaign-\w+\.log", "bug.log", place))


def texts_of(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """A file as whoever opens it reads it: what is packed is unpacked."""
    if name.endswith((".zip", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for member in packed.namelist():
                for inside, text in texts_of(member, packed.read(member)):
                    yield f"{name}/{inside}", text
        return
    yield name, data.decode("utf-8", "replace")
    if name.endswith(".pdf"):
        paper = PdfReader(io.BytesIO(data))
        said = (page.extract_text() for page in paper.pages)
        yield f"{name} read", "".join("".join(said).split())


class Seen:
    """Everything that can be read after the verbs have run, by where it stands."""

    def __init__(self, planted, says, logs, folder):
        self.planted = planted
        self.texts = {}
        for verb in SAYING:
            code, said = says(*verb)
            assert code in (0, 1), said
            self.texts[" ".join(verb)] = said
        for key in keys_on(planted.platforms[0], planted.ledger):
            self.texts[f"history {key}"] = says("history", key, "--json")[1]
        self.texts["log"] = logs.text
        self.texts["metrics"] = metrics(planted.ledger)
        self.texts |= dict(self._files(folder))
        self.texts |= dict(self._messages())

    def _files(self, folder):
        hidden = {self.planted.folder / "secrets", self.planted.ledger.with_suffix(".key")}
        for file in folder.rglob("*"):
            if file.is_file() and hidden.isdisjoint((file, *file.parents)):
                yield from texts_of(str(file.relative_to(folder)), file.read_bytes())

    def _messages(self):
        for number, (subject, text) in enumerate(self.planted.office.letters):
            yield f"mail {number}", f"{subject}\n{text}"
        for number, mail in enumerate(self.planted.office.mails):
            yield f"mail {number} as sent", mail.as_string()
        for hook in (self.planted.hook, self.planted.broken):
            for number, (_, _, body) in enumerate(hook.asked):
                said = json.loads(body or b"{}")
                # The rest of it is how a service is asked: for a topic, with a password.
                told = [said[name] for name in ("title", "message", "body") if name in said]
                yield f"message {number} at {hook.host}", "\n".join(told)

    @property
    def secrets(self):
        """Every secret, and whose it is; sessions and the ledger's key are made on the way."""
        key = self.planted.ledger.with_suffix(".key").read_text("utf-8").split()
        made = {**dict.fromkeys(key, "key"), **dict.fromkeys(self.planted.echoing.tokens, "sent")}
        return made | self.planted.secrets

    def found(self):
        """Where something secret can be read, and whose it is."""
        forms = {form: name for secret, name in self.secrets.items() for form in forms_of(secret)}
        places = (
            (place, {name for form, name in forms.items() if form in text})
            for place, text in self.texts.items()
        )
        return {place: names for place, names in places if names}


def keys_on(platform: str, file: Path) -> list[str]:
    with Ledger(file) as ledger:
        entries = ledger.read(lambda connection: questions.entries(connection, "planted"))
    return [each.key for each in entries if each.platform == platform]


def metrics(file: Path) -> str:
    """What is served to whoever watches."""
    with Ledger(file) as ledger:
        meter = Meter(
            ledger, "planted", now=lambda: datetime.now(UTC), looked=lambda: 0.0, patience=60
        )
        with Metering(meter, "127.0.0.1", 0) as metering:
            at = f"http://127.0.0.1:{metering.port}"
            return "".join(
                requests.get(f"{at}/{page}", timeout=10).text for page in ("metrics", "healthz")
            )


def bugs(planted) -> Iterator[str]:
    """Every account is asked where nobody expects an ending: what a bug writes down of it."""
    whole = read_calendar(planted.folder / "campaign.yaml").unwrap()
    draft = Draft(text="Words.", pictures=(), language="en")
    for account in whole.own.accounts.values():

        def ask(account=account):
            platform = signed_in(account, root=planted.folder, environment=os.environ)
            platform.publish(platform.stage(draft, due=None), key="a/b/c/1")
            return 0

        yield cli._told(ask)


# ── the tests ─────────────────────────────────────────────────────────────────────────────────────


def test_whatever_goes_wrong_no_secret_can_be_read_anywhere(plant, says, caplog, tmp_path):
    planted = plant(tuple(STAND_INS))
    with Ledger(planted.ledger):  # as long as it is open its WAL stays
        code, said = says("run", "--once")
        assert code == 1, said
        assert set(bugs(planted)) == {0, 3}
        seen = Seen(planted, says, caplog, tmp_path)
    meant = {each for each in planted.accounts if not each.endswith(GOOD)}
    # Whom the bucket refused came no further.
    assert len(meant - planted.echoing.met) <= len(REFUSED)
    assert planted.bucket.refusing == []
    assert {"refused", "broken-hook", "ping:"} <= set(NOT_REACHED.findall(caplog.text))
    assert (len(planted.office.mails), len(planted.hook.asked) > 4) == (2, True)
    assert {numberless(place) for place in seen.texts} >= PLACES
    assert len(seen.secrets) > 2 * len(STAND_INS) * len(FAULTS)
    assert seen.found() == {}


def test_a_secret_that_gets_into_a_reason_a_title_or_an_error_is_seen_at_every_place(
    plant, says, caplog, tmp_path
):
    planted = plant(("bluesky",), title="With planted-bucket inside")
    planted.secrets |= {"planted-bucket": "title", "reason+of/secrets": "reason"}
    planted.secrets |= {"in-a-log": "log", "in-a-bug": "bug"}
    with Ledger(planted.ledger) as ledger:
        says("run", "--once")
        works = next(
            each
            for each in ledger.read(lambda c: questions.entries(c, "planted"))
            if each.account == "bluesky-works"
        )
        reason = f"the server says {quote('reason+of/secrets', safe='')}"
        now = datetime.now(UTC)
        ledger.write(
            lambda c: moves.move(c, works, State.WITHDRAWN, now=now, who="test", reason=reason)
        )
        logging.getLogger("urllib3").debug("asked with %s", b64encode(b"id:in-a-log").decode())

        def bug():
            raise RuntimeError("in-a-bug")

        assert cli._told(bug) == 3
        seen = Seen(planted, says, caplog, tmp_path)
    found = {}
    for place, names in seen.found().items():
        found.setdefault(numberless(place), set()).update(names)
    assert {place: found.get(place, set()) for place in LEAKS} == LEAKS
