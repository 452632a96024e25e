"""Requests held against an OpenAPI document, 3.0 or 3.1: X's and Mastodon's are published so.

Headers are not looked at. Names that an operation does not know are differences, although JSON
Schema would let them pass: a misspelled one does nothing, silently.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from arrivals import Arrival
from differences import Difference
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

_FORMATS = FormatChecker(formats=())
_PLACE = re.compile(r"\{([^}]+)\}")
_LONGEST = 200
_CLOSED = "unevaluatedProperties"
_IN_PARTS = ("allOf", "anyOf", "oneOf")


@_FORMATS.checks("date-time", raises=ValueError)
def _date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class OpenApi:
    """`one_of_is_any_of`: operations whose alternatives the document's own words let overlap."""

    def __init__(
        self, document: Mapping[str, Any], *, one_of_is_any_of: Collection[str] = ()
    ) -> None:
        self._document = document
        self._loosely = one_of_is_any_of
        # What is written out goes before what has a place for anything.
        self._paths = sorted(document["paths"], key=lambda path: path.count("{"))

    def operation(self, arrival: Arrival) -> str:
        """Method and path: "DELETE /2/tweets/{id}"; the path as it came where there is none."""
        path = self._path(arrival)
        return f"{arrival.method} {path or arrival.path}"

    def differences(self, arrival: Arrival) -> Iterator[Difference]:
        path, name = self._path(arrival), self.operation(arrival)
        if path is None:
            yield Difference(where="", says="there is no such operation", lacks=name)
            return
        item = self._document["paths"][path]
        described = item[arrival.method.lower()]
        parameters = [
            self._inlined(each)
            for each in (*item.get("parameters", ()), *described.get("parameters", ()))
        ]
        yield from _in_path(path, arrival.path, parameters)
        yield from _in_query(arrival, parameters)
        yield from self._in_body(name, arrival, self._inlined(described.get("requestBody", {})))

    def _path(self, arrival: Arrival) -> str | None:
        for path in self._paths:
            if arrival.method.lower() in self._document["paths"][path] and _values(
                path, arrival.path
            ):
                return path
        return None

    def _in_body(
        self, name: str, arrival: Arrival, described: Mapping[str, Any]
    ) -> Iterator[Difference]:
        if not arrival.data:
            if described.get("required"):
                yield Difference(where="$", says="a body is required")
            return
        content = described.get("content", {})
        if arrival.media_type not in content:
            known = ", ".join(content) or "no body"
            yield Difference(where="$", says=f"{known}, and not {arrival.content_type!r}")
            return
        schema = content[arrival.media_type]["schema"]
        if name in self._loosely:
            schema = {("anyOf" if key == "oneOf" else key): part for key, part in schema.items()}
        try:
            body = arrival.body()
        except ValueError as error:
            yield Difference(where="$", says=f"{arrival.media_type}, and {error}")
            return
        yield from _wrong(closed(schema), body)

    def _inlined(self, node: Any) -> Any:
        """With every `$ref` replaced by what it names, and `nullable` in the words of 3.1."""
        if isinstance(node, list):
            return [self._inlined(each) for each in node]
        if not isinstance(node, dict):
            return node
        if isinstance(reference := node.get("$ref"), str):
            beside = {key: each for key, each in node.items() if key != "$ref"}
            return {**self._inlined(self._named(reference)), **self._inlined(beside)}
        inlined = {key: self._inlined(each) for key, each in node.items()}
        if inlined.get("nullable") is True and isinstance(inlined.get("type"), str):
            inlined["type"] = [inlined["type"], "null"]
        return inlined

    def _named(self, reference: str) -> Any:
        node: Any = self._document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
        return node


def closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same, and nothing else besides what it names."""
    return {_CLOSED: False, **_closed_inside(schema)}


def _closed_inside(schema: Mapping[str, Any]) -> dict[str, Any]:
    inside = dict(schema)
    if "properties" in schema:
        inside["properties"] = {name: closed(each) for name, each in schema["properties"].items()}
    if "items" in schema:
        inside["items"] = closed(schema["items"])
    for key in _IN_PARTS:
        if key in schema:
            inside[key] = [_closed_inside(each) for each in schema[key]]
    return inside


def _wrong(schema: Mapping[str, Any], value: Any, where: str = "$") -> Iterator[Difference]:
    errors = list(Draft202012Validator(schema, format_checker=_FORMATS).iter_errors(value))
    told = {each.json_path for each in errors if each.validator != _CLOSED}
    for error in errors:
        # Where none of several alternatives fits, no name is known: that says nothing more.
        if error.validator != _CLOSED or error.json_path not in told:
            closest = _closest(error)
            path = closest.json_path.replace("$", where, 1)
            yield Difference(where=path, says=closest.message[:_LONGEST])


def _closest(error: ValidationError) -> ValidationError:
    """Of several alternatives, what is wrong deepest inside: that one was most likely meant."""
    inside = [_closest(each) for each in error.context or ()]
    return max(inside, key=lambda each: len(each.absolute_path), default=error)


def _values(path: str, came: str) -> re.Match[str] | None:
    """What stands in the places of a path."""
    pattern = "([^/]+)".join(map(re.escape, _PLACE.split(path)[::2]))
    return re.fullmatch(pattern, came)


def _in_path(path: str, came: str, parameters: list[dict[str, Any]]) -> Iterator[Difference]:
    schemas = {each["name"]: each["schema"] for each in parameters if each["in"] == "path"}
    values = _values(path, came)
    for name, value in zip(_PLACE.findall(path), values.groups() if values else (), strict=True):
        yield from _wrong(schemas[name], _read(value, schemas[name]), f"{{{name}}}")


def _in_query(arrival: Arrival, parameters: list[dict[str, Any]]) -> Iterator[Difference]:
    known = {each["name"]: each for each in parameters if each["in"] == "query"}
    sent = {
        name: [value for key, value in arrival.query if key == name] for name, _ in arrival.query
    }
    for name, values in sent.items():
        if name not in known:
            yield Difference(
                where=f"?{name}", says=f"none of {', '.join(known) or 'no parameters'}"
            )
        else:
            yield from _wrong(known[name]["schema"], _given(values, known[name]), f"?{name}")
    for name, each in known.items():
        if each.get("required") and name not in sent:
            yield Difference(where=f"?{name}", says="it is required")


def _given(values: list[str], parameter: Mapping[str, Any]) -> Any:
    """A parameter as its schema means it: a query holds only text."""
    schema = parameter["schema"]
    if schema.get("type") != "array":
        return _read(values[0], schema) if len(values) == 1 else values
    parts = values if parameter.get("explode", True) else values[0].split(",")
    return [_read(each, schema.get("items", {})) for each in parts]


def _read(text: str, schema: Mapping[str, Any]) -> Any:
    match schema.get("type"):
        case "integer" if re.fullmatch(r"-?\d+", text):
            return int(text)
        case "boolean":
            return {"true": True, "false": False}.get(text, text)
    return text
