"""A picture lies at a public address before anybody is told of it, and is looked at there first."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests
from botocore.config import Config
from moto import mock_aws

from object_store import ACCESS_KEY, SECRET_KEY, ObjectStore
from scheduler.errors import AccountRefused, ContentRejected, NotSent
from scheduler.hosting import CACHED, SIGNED_FOR, InBucket, InDirectory, host, is_here, look
from scheduler.model import Bucket, DraftPicture, ServedDirectory, Size

CARD = b"\xff\xd8\xff a card \xff\xd9"
KEYS = {"access_key": "AKIDOFTESTS", "secret_key": "a-secret-of-the-tests"}


@dataclass(frozen=True, slots=True)
class Keys:
    kept: Mapping[str, str] = field(default_factory=lambda: KEYS)

    def read(self, name):
        return self.kept[name]


@pytest.fixture
def picture(tmp_path):
    file = tmp_path / "card.jpg"
    file.write_bytes(CARD)
    return DraftPicture(
        file=file,
        media_type="image/jpeg",
        size=Size(width=8, height=10),
        bytes=len(CARD),
        digest=sha256(CARD).hexdigest(),
        alt="A card",
    )


@dataclass(slots=True)
class WebServer:
    """Serves a folder, or whatever a test wants it to say instead."""

    folder: Path
    address: str = ""
    instead: Callable[[bytes], tuple[int, dict[str, str], bytes]] | None = None
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def answer(self, path, headers):
        self.asked.append(path)
        self.headers.append(headers)
        file = self.folder / path.lstrip("/")
        if not file.is_file():
            return 404, {}, b"no such file"
        data = file.read_bytes()
        if self.instead:
            return self.instead(data)
        return 200, {"Content-Type": "image/jpeg", "Content-Length": str(len(data))}, data


@pytest.fixture
def web(tmp_path):
    folder = tmp_path / "www"
    folder.mkdir()
    server = WebServer(folder)

    class Asked(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = server.answer(self.path, dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as listening:
        server.address = f"http://127.0.0.1:{listening.server_port}"
        thread = threading.Thread(target=partial(listening.serve_forever, 0.01))
        thread.start()
        yield server
        listening.shutdown()
        thread.join()


@pytest.fixture
def directory(web):
    return InDirectory(
        ServedDirectory(directory=str(web.folder), address=f"{web.address}/"), root=Path("/")
    )


# ── a folder that a web server serves ─────────────────────────────────────────────────────────────


def test_a_picture_is_written_under_its_digest_and_read_there(directory, web, picture):
    address = directory.address(picture)
    assert address == f"{web.address}/{picture.digest}.jpg"
    assert requests.get(address, timeout=5).content == CARD


def test_a_second_time_the_same_address_is_given_and_nothing_is_written(directory, web, picture):
    first = directory.address(picture)
    written = (web.folder / f"{picture.digest}.jpg").stat().st_mtime_ns
    picture.file.unlink()
    assert directory.address(picture) == first
    assert (web.folder / f"{picture.digest}.jpg").stat().st_mtime_ns == written


def test_nothing_else_is_left_in_the_folder_and_everybody_may_read_it(directory, web, picture):
    directory.address(picture)
    (file,) = web.folder.iterdir()
    assert os.name == "nt" or stat.S_IMODE(file.stat().st_mode) == 0o644


def test_what_lies_there_under_that_name_is_never_overwritten(directory, web, picture):
    there = web.folder / f"{picture.digest}.jpg"
    there.write_bytes(b"something else")
    with pytest.raises(AccountRefused, match="something else than its name says"):
        directory.address(picture)
    assert there.read_bytes() == b"something else"


def test_a_folder_that_is_not_there_is_not_made(web, picture):
    nowhere = ServedDirectory(directory="absent", address=web.address)
    with pytest.raises(AccountRefused, match="there is no folder"):
        InDirectory(nowhere, root=web.folder).address(picture)
    assert list(web.folder.iterdir()) == []


def test_a_relative_folder_is_taken_from_the_calendars(web, picture):
    (web.folder / "cards").mkdir()
    there = ServedDirectory(directory="cards", address=f"{web.address}/cards")
    made = host(there, root=web.folder, secrets=lambda _: Keys())
    assert requests.get(made.address(picture), timeout=5).content == CARD


def test_a_picture_that_has_changed_since_it_was_drafted_is_not_put_up(directory, web, picture):
    picture.file.write_bytes(b"another")
    with pytest.raises(NotSent, match="has changed"):
        directory.address(picture)
    assert list(web.folder.iterdir()) == []


def test_a_picture_of_another_kind_is_not_put_up(directory, picture):
    with pytest.raises(ContentRejected, match="image/gif"):
        directory.address(replace(picture, media_type="image/gif"))


# ── what a platform would find ────────────────────────────────────────────────────────────────────

JPEG = {"Content-Type": "image/jpeg"}
#: What the web server says, the ending, and what a person is told.
OBSTACLES = [
    ((401, {}, b""), AccountRefused, "everybody must be allowed to read"),
    ((403, {}, b""), AccountRefused, "everybody must be allowed to read"),
    ((404, {}, b""), AccountRefused, "the address is not that of this place"),
    ((302, {"Location": "https://login.example/?next=1"}, b""), AccountRefused, "leads to https"),
    ((301, {"Location": "https://pictures.example/a.jpg"}, b""), AccountRefused, "not every"),
    ((500, {}, b""), NotSent, "answers 500"),
    ((503, {}, b""), NotSent, "answers 503"),
    ((429, {}, b""), NotSent, "answers 429"),
    ((200, {"Content-Type": "text/html"}, CARD), AccountRefused, 'served as "text/html"'),
    ((200, {}, CARD), AccountRefused, 'served as ""'),
    ((200, {"Content-Type": "image/png"}, CARD), AccountRefused, 'served as "image/png"'),
    ((200, JPEG, CARD[:-1]), AccountRefused, "something else than the picture"),
    ((200, JPEG, CARD + b"!"), AccountRefused, "something else than the picture"),
    ((200, JPEG, b"x" * len(CARD)), AccountRefused, "something else than the picture"),
    ((200, {**JPEG, "Content-Length": "999"}, CARD), NotSent, "does not answer"),
]


@pytest.mark.parametrize("obstacle", OBSTACLES, ids=lambda each: f"{each[0][0]} {each[2]}")
def test_whatever_would_keep_a_platform_from_it_is_said(directory, web, picture, obstacle):
    said, ending, told = obstacle
    web.instead = lambda _data: said
    with pytest.raises(ending, match=told):
        directory.address(picture)


def test_a_content_type_may_have_parameters_and_capitals(directory, web, picture):
    web.instead = lambda data: (200, {"Content-Type": "Image/JPEG; q=1"}, data)
    assert directory.address(picture)


def test_where_no_web_server_listens_it_is_tried_again_later(web, picture):
    nobody = ServedDirectory(directory=str(web.folder), address="http://127.0.0.1:1")
    with pytest.raises(NotSent, match="does not answer"):
        InDirectory(nobody, root=Path("/")).address(picture)


def test_nobodys_password_opens_what_is_closed_to_others(
    directory, web, picture, tmp_path, monkeypatch
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hush\n")
    monkeypatch.setenv("NETRC", str(netrc))
    directory.address(picture)
    assert "Authorization" not in web.headers[0]


def test_a_signed_address_stands_in_no_message(web, picture):
    address = f"{web.address}/x.jpg?X-Amz-Signature=feedbeef"
    with pytest.raises(AccountRefused) as refused:
        look(address, picture, shown=address.partition("?")[0])
    assert "feedbeef" not in str(refused.value)


@pytest.mark.parametrize(
    ("hosting", "here"),
    [
        (ServedDirectory(directory="d", address="http://localhost/x"), True),
        (ServedDirectory(directory="d", address="https://example.org/x"), False),
        (Bucket(name="b", endpoint="http://127.0.0.1:9"), True),
        (Bucket(name="b", endpoint="http://127.0.0.1:9", address="https://example.org"), False),
        (Bucket(name="b"), False),
    ],
)
def test_what_only_this_machine_can_read_is_known(hosting, here):
    assert is_here(hosting) is here


def test_the_library_for_buckets_is_loaded_only_where_there_is_one(tmp_path):
    said = (
        "import sys; from pathlib import Path; from scheduler.hosting import host;"
        "from scheduler.model import ServedDirectory;"
        "host(ServedDirectory(directory='d', address='https://e.org'), root=Path(), secrets=None);"
        "assert not {'boto3', 'botocore'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", said], check=True)


# ── a bucket, as Amazon's answers ─────────────────────────────────────────────────────────────────


@pytest.fixture
def amazon(monkeypatch):
    # Nothing of the machine's own settings may decide where pictures go.
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    with mock_aws():
        client = boto3.client(
            "s3",
            region_name="us-east-1",
            aws_access_key_id="a",
            aws_secret_access_key="b",
            config=Config(ignore_configured_endpoint_urls=True),
        )
        client.create_bucket(Bucket="cards")
        yield client


def in_bucket(**changes):
    return InBucket(Bucket(**{"name": "cards", "prefix": "2026/", **changes}), secrets=Keys())


def names(client):
    return [each["Key"] for each in client.list_objects_v2(Bucket="cards").get("Contents", ())]


def test_a_picture_is_put_into_the_bucket_as_what_it_is(amazon, picture):
    in_bucket().address(picture)
    assert names(amazon) == [f"2026/{picture.digest}.jpg"]
    there = amazon.get_object(Bucket="cards", Key=names(amazon)[0])
    assert (there["ContentType"], there["CacheControl"]) == ("image/jpeg", CACHED)
    assert there["Body"].read() == CARD


def test_without_an_address_of_its_own_a_bucket_gives_one_that_is_signed_for_a_day(amazon, picture):
    address = urlsplit(in_bucket().address(picture))
    assert address.path.endswith(f"2026/{picture.digest}.jpg")
    assert parse_qs(address.query)["X-Amz-Expires"] == [str(int(SIGNED_FOR.total_seconds()))]
    assert KEYS["secret_key"] not in address.geturl()


def test_with_an_address_of_its_own_that_one_is_given(amazon, picture):
    amazon.put_bucket_acl(Bucket="cards", ACL="public-read")
    public = "https://cards.s3.amazonaws.com"
    given = in_bucket(address=public, prefix="of märz/").address(picture)
    assert given == f"{public}/of%20m%C3%A4rz/{picture.digest}.jpg"


def test_what_lies_there_is_not_put_there_again(amazon, picture):
    bucket = in_bucket()
    bucket.address(picture)
    before = amazon.head_object(Bucket="cards", Key=names(amazon)[0])["LastModified"]
    picture.file.unlink()
    assert bucket.address(picture)
    assert amazon.head_object(Bucket="cards", Key=names(amazon)[0])["LastModified"] == before


def test_other_bytes_under_that_name_are_never_overwritten(amazon, picture):
    name = f"2026/{picture.digest}.jpg"
    for other in (b"something else", b"x" * len(CARD)):
        amazon.put_object(Bucket="cards", Key=name, Body=other, ContentType="image/jpeg")
        with pytest.raises(AccountRefused):
            in_bucket().address(picture)
        assert amazon.get_object(Bucket="cards", Key=name)["Body"].read() == other


def test_a_bucket_that_is_not_there_says_what_to_do(amazon, picture):
    with pytest.raises(AccountRefused, match="there is no such bucket"):
        in_bucket(name="absent").address(picture)


def test_a_bucket_of_an_impossible_name_refuses_the_account(amazon, picture):
    with pytest.raises(AccountRefused, match="cannot be used"):
        in_bucket(name="no bucket is called so!").address(picture)


def test_a_server_that_does_not_listen_is_tried_again_later(picture):
    away = in_bucket(endpoint="http://127.0.0.1:1", path_style=True)
    with pytest.raises(NotSent, match="cannot be reached"):
        away.address(picture)


# ── a bucket of a server that checks signatures ───────────────────────────────────────────────────


@pytest.fixture(scope="module")
def running(object_store):
    client(object_store).create_bucket(Bucket="cards")
    return object_store


def client(store: ObjectStore):
    return boto3.session.Session().client(
        "s3",
        endpoint_url=store.address,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        config=Config(
            s3={"addressing_style": "path"}, request_checksum_calculation="when_required"
        ),
    )


def at_the_store(store: ObjectStore, *, secret: str = SECRET_KEY, **changes: str) -> InBucket:
    bucket = {"name": "cards", "endpoint": store.address, "path_style": True, **changes}
    keys = Keys({"access_key": ACCESS_KEY, "secret_key": secret})
    return InBucket(Bucket(**bucket), secrets=keys)


@pytest.mark.system
def test_a_real_server_takes_a_picture_and_serves_it_at_a_signed_address(running, picture):
    address = at_the_store(running, prefix="2026/").address(picture)
    served = requests.get(address, timeout=10)
    assert served.content == CARD
    assert served.headers["Content-Type"] == "image/jpeg"
    assert served.headers["Cache-Control"] == CACHED
    assert at_the_store(running, prefix="2026/").address(picture)


@pytest.mark.system
def test_a_real_server_refuses_a_wrong_secret(running, picture):
    with pytest.raises(AccountRefused, match=r"403: the key must be") as refused:
        at_the_store(running, secret="not-the-key", prefix="refused/").address(picture)
    assert "not-the-key" not in str(refused.value)
    listed = client(running).list_objects_v2(Bucket="cards", Prefix="refused/")
    assert listed["KeyCount"] == 0


@pytest.mark.system
def test_a_signed_address_that_is_changed_in_one_place_opens_nothing(running, picture):
    address = at_the_store(running).address(picture)
    query = parse_qs(urlsplit(address).query)
    for said in ("X-Amz-Signature", "X-Amz-Expires", "X-Amz-Date"):
        (value,) = query[said]
        digit = next(place for place in reversed(range(len(value))) if value[place].isdigit())
        other = value[:digit] + str((int(value[digit]) + 1) % 10) + value[digit + 1 :]
        changed = address.replace(f"{said}={value}", f"{said}={other}")
        assert changed != address
        assert requests.get(changed, timeout=10).status_code == 403
    elsewhere = address.replace(picture.digest, "0" * 64)
    assert requests.get(elsewhere, timeout=10).status_code == 403


@pytest.mark.system
def test_on_a_real_server_other_bytes_are_never_overwritten(running, picture):
    name = f"taken/{picture.digest}.jpg"
    other = b"x" * len(CARD)
    client(running).put_object(Bucket="cards", Key=name, Body=other, ContentType="image/jpeg")
    with pytest.raises(AccountRefused, match="something else than the picture"):
        at_the_store(running, prefix="taken/").address(picture)
    assert client(running).get_object(Bucket="cards", Key=name)["Body"].read() == other


@pytest.mark.system
def test_a_real_server_serves_it_to_everybody_once_somebody_has_said_so(running, picture):
    public = f"{running.address}/v1/AUTH_test/cards"
    bucket = at_the_store(running, address=public, prefix="open/")
    with pytest.raises(AccountRefused, match="everybody must be allowed to read"):
        bucket.address(picture)
    running.open("cards")
    assert bucket.address(picture) == f"{public}/open/{picture.digest}.jpg"


@pytest.mark.system
def test_a_real_server_knows_no_bucket_of_that_name(running, picture):
    with pytest.raises(AccountRefused, match="there is no such bucket"):
        at_the_store(running, name="absent").address(picture)
