"""The published specifications, and what of the adapters' requests does not agree with them.

    make spec-check SPECS=dir

They are the vendors' and are not kept here: X's OpenAPI document, Mastodon's in OpenAPI, Bluesky's
lexicons, the Postman collection of Threads, and a description of Telegram's Bot API.
`specifications.toml` says where they are silent.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from arrivals import Arrival
from bot_api import BotApi
from differences import Difference
from lexicons import Lexicons
from openapi import OpenApi
from postman import Postman

REMARKS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
NAMES = {
    "x": "X",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "threads": "Threads",
    "telegram": "Telegram",
}


class Specification(Protocol):
    def operation(self, arrival: Arrival) -> str: ...

    def differences(self, arrival: Arrival) -> Iterator[Difference]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A specification, and the file or folder that it was read from."""

    name: str
    specification: Specification


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What is to be said of one platform."""

    platform: str
    against: str
    requests: int = 0
    operations: set[str] = field(default_factory=set)
    #: What the specification does not describe, and how often it was sent.
    unchecked: Counter[str] = field(default_factory=Counter)
    #: Tests that send something else on purpose, why, and whether they have done it.
    on_purpose: dict[tuple[str, str], bool] = field(default_factory=dict)
    #: What differs, and the tests that have shown it.
    different: dict[str, list[str]] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        held = f"{self.requests} requests of {len(self.operations)} operations"
        agree = "do not all agree" if self.different else "agree"
        yield f"{NAMES[self.platform]}: {held} {agree} with {self.against}"
        for what, times in sorted(self.unchecked.items()):
            yield f"  not checked, {times} times: {what}"
        for test, reason in sorted(self.on_purpose):
            yield f"  on purpose: {test}: {reason}"
        for difference, tests in self.different.items():
            yield f"  {difference}"
            others = f", and {len(tests) - 1} more" if tests[1:] else ""
            yield from (f"    {test}{others}" for test in tests[:1])

    def differs(self, difference: str, *tests: str) -> None:
        shown = self.different.setdefault(difference, [])
        shown.extend(test for test in tests if test not in shown)


def published(folder: Path) -> dict[str, Published]:
    """What the folder holds, by platform."""
    found = {}
    for platform, (pattern, read) in _READERS.items():
        for place in sorted(folder.glob(pattern)):
            found[platform] = Published(name=place.name, specification=read(place))
    return found


def judged(arrivals: Iterable[Arrival], folder: Path) -> tuple[Verdict, ...]:
    """A verdict for each platform, on all that arrived there; without requests it is a bad one."""
    known = published(folder)
    verdicts = {
        platform: Verdict(
            platform=platform, against=known[platform].name if platform in known else "nothing"
        )
        for platform in NAMES
    }
    for arrival in arrivals:
        if arrival.platform in known:
            _judge(arrival, known[arrival.platform].specification, verdicts[arrival.platform])
    for verdict in verdicts.values():
        _conclude(verdict)
    return tuple(verdicts.values())


def _judge(arrival: Arrival, specification: Specification, verdict: Verdict) -> None:
    operation, test = specification.operation(arrival), (arrival.test, arrival.on_purpose)
    different = []
    checked = True
    for each in specification.differences(arrival):
        if remark := _remark(arrival.platform, operation, each):
            verdict.unchecked[remark] += 1
            checked = checked and each.lacks != operation
        else:
            different.append(each)
    if checked:
        verdict.requests += 1
        verdict.operations.add(operation)
    if arrival.on_purpose:
        verdict.on_purpose[test] = verdict.on_purpose.get(test, False) or bool(different)
        return
    for each in different:
        verdict.differs(f"{operation}: {each.where or 'request'}: {each.says}", arrival.test)


def _conclude(verdict: Verdict) -> None:
    """Silence is no agreement."""
    if not verdict.requests:
        verdict.differs("no request was held against a specification")
    for (test, _), done in verdict.on_purpose.items():
        if not done:
            verdict.differs("marked as against it, but everything that is sent agrees", test)


def _remark(platform: str, operation: str, difference: Difference) -> str:
    """Why this is not held against the adapter, or ""."""
    for each in REMARKS["undescribed"]:
        if (each["platform"], each["what"]) == (platform, difference.lacks):
            return f"{each['what']}: {each['reason']}"
    for each in REMARKS["disagreed"]:
        known = (each["platform"], each["operation"], each["where"])
        if known == (platform, operation, difference.where):
            return f"{operation}: {each['where']}: {each['reason']}"
    return ""


def _openapi(file: Path) -> OpenApi:
    loosely = {each["operation"] for each in REMARKS["one_of_is_any_of"]}
    return OpenApi(json.loads(file.read_text("utf-8")), one_of_is_any_of=loosely)


def _lexicons(folder: Path) -> Lexicons:
    documents = [json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")]
    return Lexicons({each["id"]: each for each in documents})


def _postman(file: Path) -> Postman:
    return Postman(json.loads(file.read_text("utf-8")))


def _bot_api(file: Path) -> BotApi:
    return BotApi(json.loads(file.read_text("utf-8")))


_READERS: Mapping[str, tuple[str, Callable[[Path], Specification]]] = {
    "x": ("x-openapi-*.json", _openapi),
    "mastodon": ("mastodon-openapi-*.json", _openapi),
    "bluesky": ("lexicons", _lexicons),
    "threads": ("threads-postman*.json", _postman),
    "telegram": ("telegram-bot-api-*.json", _bot_api),
}
