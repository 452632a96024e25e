"""What CAMPAIGN_SHELF may say, and that nothing secret in it is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.cli.options import Folders, shared_store
from scheduler.cli.shelving import bucket_at
from scheduler.errors import UserError
from scheduler.model import Bucket, Secret

SECRET = "hunter2"
FROM_THE_ENVIRONMENT = {
    "access_key": Secret(kind="env", name="CAMPAIGN_SHELF_ACCESS_KEY"),
    "secret_key": Secret(kind="env", name="CAMPAIGN_SHELF_SECRET_KEY"),
}


def test_a_bucket_may_be_all_that_is_said():
    assert bucket_at("s3://cards") == Bucket(name="cards", secrets=FROM_THE_ENVIRONMENT)


def test_everything_that_the_calendars_hosting_says_may_be_said():
    written = (
        "s3://cards/16-days/2026/?endpoint=https://s3.example.org:9000/&region=eu-central-1"
        "&path_style=yes&access_key=env:CARDS_ID&secret_key=keyring:cards"
    )
    assert bucket_at(written) == Bucket(
        name="cards",
        prefix="16-days/2026/",
        endpoint="https://s3.example.org:9000",
        region="eu-central-1",
        path_style=True,
        secrets={
            "access_key": Secret(kind="env", name="CARDS_ID"),
            "secret_key": Secret(kind="keyring", name="cards"),
        },
    )


def test_a_server_on_this_machine_needs_no_certificate():
    assert (
        bucket_at("s3://cards?endpoint=http://127.0.0.1:9000").endpoint == "http://127.0.0.1:9000"
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("s3://", "names no bucket"),
        ("s3:///2026", "names no bucket"),
        ("s3:cards", "neither a folder nor the address of a bucket"),
        ("gs://cards", "neither a folder nor the address of a bucket"),
        ("https://cards.s3.amazonaws.com", "neither a folder nor the address of a bucket"),
        ("s3://cards:9000", "?endpoint=https://HOST:PORT"),
        ("s3://[cards", "this is no address"),
        ("s3://cards#1", "%23"),
        ("s3://cards?regoin=eu", 'did you mean "region"?'),
        ("s3://cards?colour=red", "known here: access_key, endpoint, path_style, region"),
        ("s3://cards?region=eu&region=us", "stands there twice"),
        ("s3://cards?region=", "says nothing"),
        ("s3://cards?path_style=perhaps", "write yes or no"),
        ("s3://cards?endpoint=http://s3.example.org", "must begin with https://"),
        (f"s3://cards?endpoint=https://me:{SECRET}@s3.example.org", "no user, query or fragment"),
        (f"s3://AKID:{SECRET}@cards", "CAMPAIGN_SHELF_SECRET_KEY"),
        (f"s3://{SECRET}@cards", "a key must not stand in the address"),
        (f"https://AKID:{SECRET}@cards", "a key must not stand in the address"),
        (f"s3://cards?secret_key={SECRET}", "must say where the key lies"),
        (f"s3://cards?secret_key=vault:{SECRET}", "must say where the key lies"),
        (f"s3://cards?access_key={SECRET}", "keyring:NAME"),
        (f"s3://cards?{SECRET}", "known here"),
        (f"s3://cards?secretkey={SECRET}", 'did you mean "secret_key"?'),
    ],
)
def test_what_cannot_be_is_said_with_what_to_write_and_never_with_a_key(written, told):
    with pytest.raises(UserError) as refused:
        bucket_at(written)
    (problem,) = refused.value.problems
    assert told in f"{problem.message}; {problem.hint}"
    assert problem.message.startswith("CAMPAIGN_SHELF: ")
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("written", "folder", "store"),
    [
        ("", ".campaign/cards", ""),
        ("/mnt/cards", "/mnt/cards", ""),
        ("C:/cards", "C:/cards", ""),
        ("s3/cards", "s3/cards", ""),
        ("s3://cards", ".campaign/cards", "s3://cards"),
        ("S3://cards", ".campaign/cards", "S3://cards"),
        ("s3:cards", ".campaign/cards", "s3:cards"),
    ],
)
def test_a_folder_is_the_shelf_itself_and_a_bucket_lies_behind_the_calendars_own(
    written, folder, store, tmp_path, monkeypatch
):
    monkeypatch.setenv("CAMPAIGN_SHELF", written)
    own = tmp_path / folder if folder.startswith(".") else Path(folder)
    assert Folders(tmp_path / "campaign.yaml").shelf == own
    assert shared_store() == store
