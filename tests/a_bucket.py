"""A bucket that is thrown away, at what answers as Amazon does or at a real server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from moto import mock_aws

from object_store import ACCESS_KEY, SECRET_KEY, ObjectStore
from scheduler.buckets import Objects
from scheduler.model import Bucket

SETTINGS = "the settings of the tests"


@dataclass(frozen=True, slots=True)
class Keys:
    kept: Mapping[str, str]

    def read(self, name: str) -> str:
        return self.kept[name]


@dataclass(frozen=True, slots=True)
class ABucket:
    """Where it is, its keys, and a client of the test's own that may do what it likes there."""

    at: Bucket
    keys: Keys
    client: Any

    def objects(self) -> Objects:
        """What one machine sees of it; as cards are asked for, since servers close quiet lines."""
        return Objects(self.at, secrets=self.keys, settings=SETTINGS, attempts=3)

    def names(self) -> list[str]:
        found = self.client.list_objects_v2(Bucket=self.at.name, Prefix=self.at.prefix)
        return [each["Key"].removeprefix(self.at.prefix) for each in found.get("Contents", ())]

    def put(self, name: str, data: bytes, **more: Any) -> None:
        key = f"{self.at.prefix}{name}"
        self.client.put_object(Bucket=self.at.name, Key=key, Body=data, **more)

    def read(self, name: str) -> bytes:
        found = self.client.get_object(Bucket=self.at.name, Key=f"{self.at.prefix}{name}")
        return found["Body"].read()


@contextmanager
def amazon() -> Iterator[ABucket]:
    with mock_aws():
        yield _made(Bucket(name="cards", prefix="2026/"), "AKIDOFTESTS", "a-secret-of-the-tests")


def swift(store: ObjectStore) -> ABucket:
    name = f"shelf-{uuid.uuid4().hex}"
    bucket = Bucket(name=name, endpoint=store.address, path_style=True, prefix="2026/")
    return _made(bucket, ACCESS_KEY, SECRET_KEY)


def _made(bucket: Bucket, access: str, secret: str) -> ABucket:
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=bucket.endpoint or None,
        region_name="us-east-1",
        aws_access_key_id=access,
        aws_secret_access_key=secret,
        config=Config(
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            ignore_configured_endpoint_urls=True,
        ),
    )
    client.create_bucket(Bucket=bucket.name)
    return ABucket(bucket, Keys({"access_key": access, "secret_key": secret}), client)
