"""What lies in a bucket: whole or not at all, and what came first stays."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from a_bucket import SETTINGS, Keys
from scheduler.buckets import LARGEST, Objects
from scheduler.errors import AccountRefused, Ending, NotSent
from scheduler.model import Bucket

JPEG = "image/jpeg"
SECRET = "a-secret-that-nobody-reads"


def test_what_was_put_there_is_what_another_machine_gets(bucket):
    assert bucket.objects().create("a.jpg", b"one", JPEG) is True
    other = bucket.objects()
    assert (other.get("a.jpg"), other.size("a.jpg")) == (b"one", 3)
    found = bucket.client.head_object(Bucket=bucket.at.name, Key=f"{bucket.at.prefix}a.jpg")
    assert found["ContentType"] == JPEG


def test_what_is_not_there_is_none(bucket):
    assert bucket.objects().get("absent") is None
    assert bucket.objects().size("absent") is None


def test_what_lies_there_first_stays(bucket):
    first, second = bucket.objects(), bucket.objects()
    assert first.create("a.jpg", b"one", JPEG) is True
    assert second.create("a.jpg", b"two", JPEG) is False
    assert second.create("a.jpg", b"two", JPEG) is False
    assert first.get("a.jpg") == b"one"


def test_of_many_who_create_at_once_one_alone_does_so(bucket):
    """Where the server knows no conditions, turns of the ledger do this; here it is asked first."""
    if bucket.at.endpoint:
        pytest.skip("Swift refuses conditional writes")
    together = threading.Barrier(8)

    def create(number):
        objects = bucket.objects()
        together.wait(20)
        return objects.create("a.jpg", str(number).encode(), JPEG)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(create, range(8)))
    assert made.count(True) == 1
    assert bucket.read("a.jpg") == str(made.index(True)).encode()


def test_what_is_put_takes_the_place_of_what_lies_there(bucket):
    objects = bucket.objects()
    objects.put("a", b"one", "text/plain")
    objects.put("a", b"two", "text/plain")
    assert objects.get("a") == b"two"


def test_what_does_not_agree_with_the_digest_beside_it_is_as_good_as_nothing(bucket):
    bucket.put("a.jpg", b"not what was put", Metadata={"sha256": "0" * 64})
    assert bucket.objects().get("a.jpg") is None
    assert bucket.objects().create("a.jpg", b"one", JPEG) is False


def test_what_somebody_copied_there_without_a_digest_is_taken(bucket):
    bucket.put("a.jpg", b"copied")
    assert bucket.objects().get("a.jpg") == b"copied"


def test_what_was_removed_is_gone_and_to_remove_it_again_is_no_error(bucket):
    objects = bucket.objects()
    objects.put("a", b"one", "text/plain")
    objects.remove("a")
    objects.remove("a")
    assert objects.get("a") is None


def test_names_are_listed_below_the_prefix_with_what_tells_one_from_another(bucket):
    objects = bucket.objects()
    for name in ("kept/a", "kept/b", "c"):
        objects.put(name, b"one", "text/plain")
    listed = objects.listed("kept/")
    assert set(listed) == {"kept/a", "kept/b"}
    assert set(listed.values()) == {"f97c5d29941bfb1b2fdab0874906ab82"}  # its MD5


def test_more_than_a_page_is_listed(bucket):
    if bucket.at.endpoint:
        pytest.skip("a thousand requests to a real server take too long")
    for number in range(1001):
        bucket.put(f"kept/{number}", b"")
    assert len(bucket.objects().listed("kept/")) == 1001


# ── what goes wrong ───────────────────────────────────────────────────────────────────────────────


def everything(objects: Objects) -> Iterator[Ending]:
    for ask in (
        lambda: objects.get("a"),
        lambda: objects.size("a"),
        lambda: objects.create("a", b"one", JPEG),
        lambda: objects.put("a", b"one", JPEG),
        lambda: objects.remove("a"),
        lambda: objects.listed("a"),
    ):
        with pytest.raises(Ending) as ended:
            ask()
        yield ended.value


@pytest.mark.system
def test_a_wrong_key_is_said_with_where_it_was_written_and_shown_nowhere(object_store, caplog):
    caplog.set_level(logging.DEBUG)
    at = Bucket(name="shelf", endpoint=object_store.address, path_style=True)
    wrong = Keys({"access_key": "test:tester", "secret_key": SECRET})
    endings = list(everything(Objects(at, secrets=wrong, settings=SETTINGS)))
    assert {type(ending) for ending in endings} == {AccountRefused}
    assert f"the secrets of {SETTINGS} are not its keys" in " ".join(map(str, endings))
    assert SECRET not in f"{endings}{caplog.text}"
    assert "Signature" not in caplog.text
    assert all(ending.__cause__ is None for ending in endings)


def test_a_bucket_that_is_not_there_is_not_taken_for_an_empty_one(bucket):
    absent = Objects(replace(bucket.at, name="absent"), secrets=bucket.keys, settings=SETTINGS)
    with pytest.raises(AccountRefused, match="there is no such bucket"):
        absent.get("a")


def test_where_nobody_listens_it_may_be_there_later():
    at = Bucket(name="shelf", endpoint="http://127.0.0.1:1", path_style=True)
    keys = Keys({"access_key": "a", "secret_key": SECRET})
    endings = list(everything(Objects(at, secrets=keys, settings=SETTINGS)))
    assert {type(ending) for ending in endings} == {NotSent}
    assert {str(ending) for ending in endings} == {
        'the bucket "shelf" at 127.0.0.1:1 cannot be reached (EndpointConnectionError)'
    }


@contextmanager
def saying(answer: bytes) -> Iterator[Bucket]:
    """A server that gives this answer to everybody; with none, it never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stopped = threading.Event()

        def serve():
            held = []
            while not stopped.is_set():
                try:
                    connection, _ = listening.accept()
                except OSError:
                    break
                held.append(connection)
                if answer:
                    connection.recv(1 << 16)
                    connection.sendall(answer)
                    connection.close()
            for connection in held:
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        endpoint = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield Bucket(name="shelf", endpoint=endpoint, path_style=True)
        stopped.set()
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(20)


def opened(at: Bucket) -> Objects:
    keys = Keys({"access_key": "a", "secret_key": SECRET})
    return Objects(at, secrets=keys, settings=SETTINGS, timeouts=(0.2, 0.2))


def test_a_server_that_says_nothing_is_not_waited_for_longer_than_was_said():
    with saying(b"") as at, pytest.raises(NotSent, match="cannot be reached"):
        opened(at).get("a")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it",
        b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 2",
    ],
    ids=["cut off", "slow down", "no answer at all"],
)
def test_half_an_answer_is_none(answer):
    with saying(answer) as at:
        objects = opened(at)
        with pytest.raises(NotSent):
            objects.get("a")


def test_what_is_far_too_long_is_not_read():
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {LARGEST * 4}\r\n\r\n".encode()
    with saying(head + b"x" * 1000) as at:
        assert opened(at).get("a") is None
