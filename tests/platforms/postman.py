"""Requests held against a Postman collection: Meta publishes Threads so.

A collection shows one request of each kind, with every parameter that there is. What a request must
have, and of which type, nothing says; so only names are held against it, and those values that it
lists. Graph takes parameters from the query as from a form, and its version stands in the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from arrivals import Arrival
from differences import Difference

#: Every request has it; the collection says so once, for all.
_EVERYWHERE = "access_token"
_VERSION = re.compile(r"^/v\d+\.\d+(?=/)")
_LISTED = ("media_type", "reply_control")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]

    @property
    def name(self) -> str:
        return f"{self.method} /{'/'.join(self.path)}"

    def fits(self, method: str, path: Sequence[str]) -> bool:
        return (
            method == self.method
            and len(path) == len(self.path)
            and all(map(_same, self.path, path))
        )


class Postman:
    def __init__(self, collection: Mapping[str, Any]) -> None:
        variables = {each["key"]: each.get("value", "") for each in collection["variable"]}
        self._variables = variables
        # What is written out goes before what has a place for anything.
        self._requests = sorted(
            _requests(collection["item"]), key=lambda each: sum("{{" in part for part in each.path)
        )

    def operation(self, arrival: Arrival) -> str:
        """Method and path: "GET /{{thread_id}}"; the path as it came where there is none."""
        known = self._known(arrival)
        return known[0].name if known else f"{arrival.method} {arrival.path}"

    def differences(self, arrival: Arrival) -> Iterator[Difference]:
        name, known, said = self.operation(arrival), self._known(arrival), _said(arrival)
        if not known:
            yield Difference(where="", says="there is no such request", lacks=name)
            return
        alike = [each for each in known if _of_one_kind(each, said)]
        if not alike:
            yield Difference(where="?media_type", says=f"{name} is shown with others")
            return
        for parameter in said.keys() - {_EVERYWHERE}:
            if not any(parameter in each.query for each in alike):
                yield Difference(where=f"?{parameter}", says="there is no such parameter")
        yield from self._values(alike, said)

    def _values(self, alike: Sequence[_Request], said: Mapping[str, str]) -> Iterator[Difference]:
        for parameter in _LISTED:
            listed = re.split(r",\s*", self._variables.get(parameter, ""))
            if parameter in said and said[parameter] not in listed:
                yield Difference(where=f"?{parameter}", says=f"one of {', '.join(listed)}")
        if "fields" in said:
            variables = [each.query.get("fields", "").strip("{}") for each in alike]
            fields = {
                field
                for variable in variables
                for field in re.sub(r"\{.*?\}", "", self._variables.get(variable, "")).split(",")
            }
            for field in set(said["fields"].split(",")) - fields:
                yield Difference(where="?fields", says=f"there is no field {field}")

    def _known(self, arrival: Arrival) -> list[_Request]:
        """Every request at the most exact of the paths that fit: some differ in what they send."""
        path = _VERSION.sub("", arrival.path).strip("/").split("/")
        found = [each for each in self._requests if each.fits(arrival.method, path)]
        exact = [each for each in found if list(each.path) == path]
        return exact or found


def _requests(items: Sequence[Mapping[str, Any]]) -> Iterator[_Request]:
    for item in items:
        yield from _requests(item.get("item", ()))
        if "request" in item and isinstance(item["request"]["url"], dict):
            url = item["request"]["url"]
            yield _Request(
                method=item["request"]["method"],
                path=tuple(part for part in url.get("path", ()) if part),
                query={each["key"]: each.get("value") or "" for each in url.get("query", ())},
            )


def _same(shown: str, part: str) -> bool:
    """A place in the path stands for a number."""
    return part.isdecimal() if shown.startswith("{{") else part == shown


def _said(arrival: Arrival) -> dict[str, str]:
    return {**dict(arrival.query), **(arrival.body() if arrival.data else {})}


def _of_one_kind(shown: _Request, said: Mapping[str, str]) -> bool:
    """A text, a picture, one of several, and all of them together have parameters of their own."""
    return all(
        shown.query.get(name) == said.get(name)
        for name in ("media_type", "is_carousel_item")
        if "{{" not in shown.query.get(name, "")
    )
