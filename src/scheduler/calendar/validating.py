"""Plain values to well-formed ones: every complaint of the schema, said for the person at its line.

The only door to pydantic's errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scheduler.calendar.reading import Tree
from scheduler.calendar.salvaging import without
from scheduler.calendar.schema import CalendarForm
from scheduler.errors import Problem
from scheduler.model import KeyPath, Place
from scheduler.naming import nearest

#: Keys whose value is a secret whatever the platform: never echoed.
SECRET_KEY = re.compile(r"(token|secret|password|passphrase|credential|api_?key)s?$", re.IGNORECASE)


def validate(tree: Tree) -> tuple[CalendarForm | None, tuple[Problem, ...]]:
    """The calendar's form, or that of what is well formed in it, with every problem of form.

    None when nothing of it is.
    """
    literal = tuple(_literal_secrets(tree))
    try:
        return CalendarForm.model_validate(tree.values), literal
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems = [_problem(tree, detail) for detail in details if not _echoes(detail)]
    rest = _salvaged(tree, [_written(tree.values, detail) for detail in details])
    return rest, (*literal, *problems)


def _salvaged(tree: Tree, mistakes: list[KeyPath]) -> CalendarForm | None:
    """First only the wrong keys are left out, then the entries that are no good without them."""
    values = tree.values
    for depth in (3, 2, 1):
        values = without(values, [path[:depth] for path in mistakes])
        try:
            return CalendarForm.model_validate(values)
        except ValidationError as error:
            mistakes = [_written(values, detail) for detail in error.errors(include_url=False)]
    return None


def _literal_secrets(tree: Tree) -> Iterator[Problem]:
    accounts = tree.values.get("accounts")
    for name, account in accounts.items() if isinstance(accounts, dict) else ():
        for key, value in account.items() if isinstance(account, dict) else ():
            if isinstance(value, str) and value and SECRET_KEY.search(key):
                place = tree.places.value("accounts", name, key)
                yield Problem(
                    file=place.file,
                    line=place.line,
                    column=place.column,
                    code="literal-token",
                    message=f'account "{name}": "{key}" must not stand in the calendar itself',
                    hint=f"write {key}: {{env: NAME}}; if anybody else has seen this file, "
                    "have the platform make a new one",
                )


def _echoes(detail: ErrorDetails) -> bool:
    """Whether pydantic says it twice: a mapping that is no good secret is no text either."""
    return detail["type"] == "string_type" and isinstance(detail["input"], dict)


def _problem(tree: Tree, detail: ErrorDetails) -> Problem:
    path = _written(tree.values, detail)
    code, message, hint = _words(detail, path)
    place = _place(tree, detail, path)
    return Problem(
        file=place.file,
        line=place.line,
        column=place.column,
        code=code,
        message=f"{where(tree.values, path)}{message}",
        hint=hint,
    )


def _written(values: Any, detail: ErrorDetails) -> KeyPath:
    """The part of pydantic's location that stands in the file, and a missing key's name.

    pydantic adds names of its own, such as "[key]" and the members of a union.
    """
    path: list[str | int] = []
    for step in detail["loc"]:
        if isinstance(values, dict) and str(step) in values:
            path.append(str(step))
            values = values[str(step)]
        elif isinstance(values, list) and isinstance(step, int) and step < len(values):
            path.append(step)
            values = values[step]
        else:
            return (*path, step) if detail["type"] == "missing" else tuple(path)
    return tuple(path)


def _place(tree: Tree, detail: ErrorDetails, path: KeyPath) -> Place:
    kind = detail["type"]
    if kind in ("missing_alt", "missing_day"):
        return tree.places.key(*path)
    if kind == "missing":
        return tree.places.key(*path[:-1])
    if kind == "extra_forbidden" or detail["loc"][-1:] == ("[key]",):
        return tree.places.key(*path)
    return tree.places.value(*path)


def where(values: Mapping[str, Any], path: KeyPath) -> str:
    """The person's own name for the thing: 'day 3, post "launch": '."""
    match path:
        case ("posts", str(id_), *_):
            post = values.get("posts", {}).get(id_, {})
            day = post.get("day") if isinstance(post, dict) else None
            return f'day {day}, post "{id_}": ' if isinstance(day, str) else f'post "{id_}": '
        case (("facts" | "quotes" | "pictures" | "accounts") as group, str(id_), *_):
            return f'{group[:-1]} "{id_}": '
        case ("days", str(number), *_):
            return f"day {number}: "
        case (str(group), _, *_):
            return f"{group}: "
    return ""


def _words(detail: ErrorDetails, path: KeyPath) -> tuple[str, str, str]:
    kind, name = detail["type"], str(path[-1]) if path else "the calendar"
    if kind == "extra_forbidden":
        return "unknown-key", f'no key "{name}" is known here', nearest(name, _keys(path))
    if kind in ("missing", "missing_alt", "missing_day"):
        missing = name if kind == "missing" else kind.removeprefix("missing_")
        return (
            "missing-key",
            f'"{missing}" is missing',
            _MISSING.get(kind, f"add a line {missing}: …"),
        )
    keyed = detail["loc"][-1:] == ("[key]",)
    if (keyed and path[:1] == ("days",)) or (path[:1] == ("posts",) and path[2:] == ("day",)):
        return "no-such-day", f'there is no day "{detail["input"]}"', _DAYS_HINT
    if detail["input"] in ("", None):
        return "empty-value", f'"{name}" is empty', "write a value behind it, or delete the line"
    if keyed or path == ("campaign", "id"):
        return (
            "bad-id",
            f'"{detail["input"]}" cannot be an id',
            "use small letters a–z, digits and hyphens, at most 64",
        )
    return "bad-value", f'"{name}": {_complaint(detail)}', _HINTS.get(kind, "")


def _complaint(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    return detail["msg"][:1].lower() + detail["msg"][1:]


_DAYS_HINT = "the days are 1 to 16; 3-8 or any for a post that floats"
_MISSING = {
    "missing_alt": "say what the picture shows, with every word in it, for those who do not see it",
    "missing_day": "write day: 1 to 16, or series and number; not both",
}
_HINTS = {
    "date_from_datetime_parsing": "write year-month-day, such as 2026-11-25",
    "dict_type": "write keys and values below it, each in a line of its own",
    "model_type": "write keys and values below it, each in a line of its own",
    "string_type": "write plain text; put it between quotation marks if it has a colon",
    "tuple_type": "write a list: [one, two], or a line with a dash for each",
    "url_parsing": "write the whole address, beginning with https://",
}


def _keys(path: KeyPath) -> tuple[str, ...]:
    """The keys that may stand where an unknown one was written."""
    form: type[BaseModel] = CalendarForm
    steps = iter(path[:-1])
    for step in steps:
        field = form.model_fields.get(str(step))
        inner = _form_in(field.annotation) if field else None
        if field is None or inner is None:
            return ()
        form = inner
        if get_origin(field.annotation) in (dict, tuple):
            next(steps, None)  # an id, or a number in a list
    return tuple(form.model_fields)


def _form_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_form_in(argument) for argument in get_args(annotation))
    return next((form for form in found if form is not None), None)
