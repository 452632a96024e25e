"""Requests held against a description of Telegram's Bot API in JSON.

https://github.com/PaulSonOfLars/telegram-bot-api-spec
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from arrivals import Arrival
from differences import Difference

_PATH = re.compile(r"/bot[^/]+/(\w+)")
_ARRAY = "Array of "
#: A file is text here: what a form holds of it.
_SINGLE: Mapping[str, type] = {"Integer": int, "String": str, "Boolean": bool, "InputFile": str}


class BotApi:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._methods = document["methods"]
        self._types = document["types"]

    def operation(self, arrival: Arrival) -> str:
        """The method: "sendPhoto"; the path as it came where there is none."""
        found = _PATH.fullmatch(arrival.path)
        return found[1] if found and found[1] in self._methods else arrival.path

    def differences(self, arrival: Arrival) -> Iterator[Difference]:
        name = self.operation(arrival)
        if name not in self._methods:
            yield Difference(where="", says="there is no such method", lacks=name)
            return
        try:
            said = arrival.body() if arrival.data else {}
        except ValueError as error:
            yield Difference(where="$", says=f"{arrival.media_type}, and {error}")
            return
        fields = self._methods[name].get("fields", ())
        in_a_form = arrival.media_type != "application/json"
        attached = _attached(said) if in_a_form else frozenset()
        plain = {key: value for key, value in said.items() if key not in attached}
        yield from self._wrong(fields, plain, "$", in_a_form=in_a_form)

    def _wrong(
        self, fields: Any, said: Mapping[str, Any], where: str, *, in_a_form: bool = False
    ) -> Iterator[Difference]:
        known = {each["name"]: each for each in fields}
        for name, value in said.items():
            if name not in known:
                yield Difference(where=f"{where}.{name}", says=f"none of {', '.join(known)}")
                continue
            types = known[name]["types"]
            meant = _read(value, types) if in_a_form else value
            yield from self._unlike_all(types, meant, f"{where}.{name}")
        for name, each in known.items():
            if each["required"] and name not in said:
                yield Difference(where=f"{where}.{name}", says="it is required")

    def _unlike(self, type_: str, value: Any, where: str) -> Iterator[Difference]:
        """In what the value is none of this type."""
        wanted = _SINGLE.get(type_, list if type_.startswith(_ARRAY) else dict)
        if type(value) is not wanted:
            yield Difference(where=where, says=f"{type_}, and not {value!r:.80}")
        elif wanted is list:
            yield from self._unlike_each(type_.removeprefix(_ARRAY), value, where)
        elif wanted is dict and (subtypes := self._types[type_].get("subtypes")):
            yield from self._unlike_all(subtypes, value, where)
        elif wanted is dict:
            yield from self._wrong(self._types[type_].get("fields", ()), value, where)

    def _unlike_each(self, types: str, values: list[Any], where: str) -> Iterator[Difference]:
        """A list of "InputMediaAudio, InputMediaPhoto and …": one of them must fit each."""
        for number, each in enumerate(values):
            yield from self._unlike_all(re.split(r", | and ", types), each, f"{where}[{number}]")

    def _unlike_all(self, types: list[str], value: Any, where: str) -> Iterator[Difference]:
        """What the nearest of the types says, where the value is none of them."""
        found = [list(self._unlike(type_, value, where)) for type_ in types]
        if all(found):
            yield min(found, key=len)[0]


def _attached(said: Mapping[str, Any]) -> frozenset[str]:
    """The files of a form that another field names: attach://NAME."""
    texts = (value for value in said.values() if isinstance(value, str))
    return frozenset(name for text in texts for name in re.findall(r"attach://(\w+)", text))


def _read(value: str, types: list[str]) -> Any:
    """A field of a form as the method means it: all but text is written in JSON there."""
    if "InputFile" in types:
        return value
    try:
        read = json.loads(value)
    except ValueError:
        return value
    return value if isinstance(read, (int, float)) and types == ["String"] else read
