"""Plain values to well-formed ones: every complaint of the schema, said for the person at its line.

The only door to pydantic's errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from scheduler.calendar.reading import Tree
from scheduler.calendar.salvaging import without
from scheduler.calendar.scalars import Colour, Country, Identifier, Language, holds_no_secret
from scheduler.calendar.schema import AccountForm, SecretForm
from scheduler.errors import Problem
from scheduler.model import KeyPath, Place
from scheduler.naming import nearest

#: Of a calendar, of a language's file over it, of a member's, or of the holds beside it.
Form = TypeVar("Form", bound=BaseModel)

#: Keys whose value is a secret whatever the platform: never echoed.
SECRET_KEY = re.compile(r"(token|secret|password|passphrase|credential|api_?key)s?$", re.IGNORECASE)

#: These are secrets as well.
_KEYS_OF_BUCKETS = ("access_key", "secret_key")


def validate(tree: Tree, form: type[Form]) -> tuple[Form | None, tuple[Problem, ...]]:
    """The calendar's form, or that of what is well formed in it, with every problem of form.

    None when nothing of it is.
    """
    literal = tuple(_literal_secrets(tree))
    try:
        return form.model_validate(tree.values), literal
    except ValidationError as error:
        details = error.errors(include_url=False)
    told = {(each.line, each.column) for each in literal}
    found = (_problem(tree, form, detail) for detail in details if not _echoes(detail))
    problems = [each for each in found if (each.line, each.column) not in told]
    rest = _salvaged(tree, form, [_written(tree.values, detail) for detail in details])
    return rest, (*literal, *problems)


def _salvaged(tree: Tree, form: type[Form], mistakes: list[KeyPath]) -> Form | None:
    """First only the wrong keys are left out, then the entries that are no good without them."""
    values = tree.values
    for depth in (3, 2, 1):
        values = without(values, [path[:depth] for path in mistakes])
        try:
            return form.model_validate(values)
        except ValidationError as error:
            mistakes = [_written(values, detail) for detail in error.errors(include_url=False)]
    return None


def _literal_secrets(tree: Tree) -> Iterator[Problem]:
    accounts = tree.values.get("accounts")
    for name, account in accounts.items() if isinstance(accounts, dict) else ():
        for key, value in account.items() if isinstance(account, dict) else ():
            if isinstance(value, str) and value and SECRET_KEY.search(key):
                yield _literal(tree, ("accounts", name, key), f'account "{name}": ')
    hosting = tree.values.get("hosting")
    for key, value in hosting.items() if isinstance(hosting, dict) else ():
        if isinstance(value, str) and value and key in _KEYS_OF_BUCKETS:
            yield _literal(tree, ("hosting", key), "hosting: ")
    yield from _literal_addresses(tree)


def _literal_addresses(tree: Tree) -> Iterator[Problem]:
    """Of whoever is told: passwords, tokens and secret topics stand in most of them."""
    alerts = tree.values.get("alerts")
    if not isinstance(alerts, dict):
        return
    to = alerts.get("to")
    for name, address in to.items() if isinstance(to, dict) else ():
        if isinstance(address, str) and address and not holds_no_secret(address.strip()):
            yield _literal(tree, ("alerts", "to", name), "alerts: the address of ")
    if isinstance(alerts.get("ping"), str) and alerts["ping"]:
        yield _literal(tree, ("alerts", "ping"), "alerts: ")


def _literal(tree: Tree, path: KeyPath, whose: str) -> Problem:
    return tree.places.value(*path).problem(
        "literal-token",
        f'{whose}"{path[-1]}" must not stand in the calendar itself',
        f"write {path[-1]}: {{env: NAME}}; if anybody else has seen this file, "
        "have the platform make a new one",
    )


def _echoes(detail: ErrorDetails) -> bool:
    """Whether pydantic says it twice: a value may be text or a secret, and is neither."""
    if isinstance(detail["input"], dict):
        return detail["type"] == "string_type"
    return detail["type"] == "model_type" and SecretForm.__name__ in str(detail["loc"][-1])


def _problem(tree: Tree, form: type[BaseModel], detail: ErrorDetails) -> Problem:
    path = _written(tree.values, detail)
    code, message, hint = _words(form, detail, path)
    told = f"{where(tree.values, path)}{message}"
    return _place(tree, detail, path).problem(code, told, hint)


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
    return (*path, detail["loc"][-1]) if detail["type"] == "missing" else tuple(path)


def _place(tree: Tree, detail: ErrorDetails, path: KeyPath) -> Place:
    kind = detail["type"]
    if kind in ("missing_alt", "missing_day"):
        return tree.places.key(*path)
    if kind == "missing":
        return tree.places.key(*path[:-1])
    if kind == "other_kind":
        return tree.places.key(*path, detail["ctx"]["key"])
    if kind == "extra_forbidden" or _is_key(detail):
        return tree.places.key(*path)
    return tree.places.value(*path)


def _is_key(detail: ErrorDetails) -> bool:
    return detail["loc"][-1:] == ("[key]",)


def where(values: Mapping[str, Any], path: KeyPath) -> str:
    """The person's own name for the thing: 'day 3, post "launch": '."""
    match path:
        case ("posts", str(id_), *_):
            post = values.get("posts", {}).get(id_, {})
            day = post.get("day") if isinstance(post, dict) else None
            return f'day {day}, post "{id_}": ' if isinstance(day, str) else f'post "{id_}": '
        case (
            ("facts" | "quotes" | "pictures" | "helplines" | "consents" | "accounts") as group,
            str(id_),
            *_,
        ):
            return f'{group[:-1]} "{id_}": '
        case ("days", str(number), *_):
            return f"day {number}: "
        case (str(group), _, *_):
            return f"{group}: "
    return ""


def _words(form: type[BaseModel], detail: ErrorDetails, path: KeyPath) -> tuple[str, str, str]:
    """Code, message and hint."""
    kind, written = detail["type"], detail["input"]
    name = str(path[-1]) if path else "the calendar"
    if kind == "extra_forbidden":
        return "unknown-key", f'no key "{name}" is known here', nearest(name, _keys(form, path))
    if kind in ("missing", "missing_alt", "missing_day"):
        missing = name if kind == "missing" else kind.removeprefix("missing_")
        hint = _MISSING.get(kind, f"add a line {missing}: …")
        return "missing-key", f'"{missing}" is missing', hint
    if kind == "other_kind":
        return "unknown-key", detail["ctx"]["message"], detail["ctx"]["hint"]
    if not _is_key(detail) and (written is None or not str(written).strip()):
        hint = "write a value behind it" + (
            ", or delete the line" if _is_optional(form, path) else ""
        )
        return "empty-value", f"{_called(path)} is empty", hint
    if _is_of_days(detail, path):
        return "no-such-day", f"there is no day {_shown(written)}", _DAYS_HINT
    if _is_of_ids(detail):
        return "bad-id", f"{_shown(written)} cannot be an id", _ID_HINT
    complaint, hint = _complaint(detail)
    return "bad-value", f"{_called(path)}: {complaint}", hint


def _called(path: KeyPath) -> str:
    """What a person calls the thing: "title", or entry 2 of "tags"."""
    if path and isinstance(path[-1], int):
        return f'entry {path[-1] + 1} of "{path[-2]}"'
    return f'"{path[-1]}"' if path else "the calendar"


def _is_of_days(detail: ErrorDetails, path: KeyPath) -> bool:
    if isinstance(detail["input"], dict | list):
        return False
    if _is_key(detail):
        return path[:1] == ("days",)
    is_day_of_post = path[:1] == ("posts",) and path[2:] == ("day",)
    return detail["type"] == "no_such_day" or is_day_of_post


def _is_of_ids(detail: ErrorDetails) -> bool:
    """Only ids have a longest form."""
    return detail["type"] == "string_too_long" or _pattern(detail) == _ID


def _pattern(detail: ErrorDetails) -> str:
    return str(detail.get("ctx", {}).get("pattern", ""))


def _complaint(detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong with a value, and what to write: nothing of it in pydantic's own words."""
    kind, ctx = detail["type"], detail.get("ctx", {})
    shown = _shown(detail["input"])
    match kind:
        case "value_error":
            return str(ctx["error"]), ""
        case "string_pattern_mismatch":
            what, hint = _PATTERNS.get(_pattern(detail), ("text of the right form", ""))
            return f"{shown} is no {what}", hint
        case "enum" | "literal_error":
            choices = re.findall(r"'([^']*)'", ctx["expected"])
            return f"{shown} is not one of {', '.join(choices)}", nearest(
                str(detail["input"]), choices
            )
        case "greater_than_equal":
            return f"{shown} is too small", f"write {ctx['ge']:g} or more"
        case "less_than_equal":
            return f"{shown} is too large", f"write {ctx['le']:g} or less"
        case "too_long":
            return (
                f"{ctx['actual_length']} are too many",
                f"{ctx['max_length']} is the most; take some out",
            )
        case "too_short":
            return "it holds nothing", f"write {ctx['min_length']} or more"
    if isinstance(detail["input"], dict | list):
        what, wanted = _SHAPES[type(detail["input"])], _WANTED.get(kind, "a single value")
        return (
            f"{what} stands here, and it takes {wanted}",
            _PLAIN if kind == "string_type" else _HINTS.get(kind, _PLAIN),
        )
    return _said(kind, shown)


def _said(kind: str, shown: str) -> tuple[str, str]:
    if kind in _WANTED:
        return f"this is no {_WANTED[kind].partition(' ')[2]}", _HINTS[kind]
    for beginning, (what, hint) in _NO.items():
        if kind.startswith(beginning):
            return f"{shown} is {what}", hint
    return f"{shown} is not understood here", "docs/calendar.md says what this key takes"


def _shown(written: Any) -> str:
    if isinstance(written, dict | list):
        return _SHAPES[type(written)]
    text = str(written)
    return f'"{text}"' if len(text) <= _LONGEST_ECHO else f'"{text[:_LONGEST_ECHO]}…"'


#: Enough of what was typed to find it again; an id that is one sign too long is shown whole.
_LONGEST_ECHO = 70
_ID: str = get_args(Identifier)[-1].pattern
_ID_HINT = "use small letters a–z, digits and hyphens, at most 64, and no blank before or behind"
_DAYS_HINT = "the days are 1 to 16; 3-8 or any for a post that floats"
_MISSING = {
    "missing_alt": "say what the picture shows, with every word in it, for those who do not see it",
    "missing_day": "write day: 1 to 16, or series and number; not both",
}
#: For the forms that are patterns: what they are, and what to write.
_PATTERNS = {
    get_args(form)[-1].pattern: said
    for form, said in (
        (Colour, ("colour", 'write # and six digits in quotation marks, such as "#C2410C"')),
        (Country, ("country code", "write two capital letters, such as DE")),
        (
            Language,
            (
                "language code",
                "write en without a country, or sr-Cyrl where there is more than one script",
            ),
        ),
    )
}
_SHAPES = {dict: "a group of keys", list: "a list"}
_WANTED = {
    "dict_type": "a group of keys and values",
    "model_type": "a group of keys and values",
    "model_attributes_type": "a group of keys and values",
    "tuple_type": "a list",
    "string_type": "one plain text",
}
_PLAIN = "write one value directly behind the colon"
_GROUP = "write keys and values below it, each in a line of its own"
_HINTS = {
    "dict_type": _GROUP,
    "model_type": _GROUP,
    "model_attributes_type": _GROUP,
    "string_type": "write plain text; put it between quotation marks if it has a colon",
    "tuple_type": "write a list: [one, two], or a line with a dash for each",
}
#: What a single value is not, by how pydantic's names of the complaint begin.
_NO = {
    "bool": ("neither yes nor no", "write yes or no"),
    "int": ("no whole number", "write it in digits, such as 3"),
    "float": ("no number", "write it in digits, with a point, such as 38.5"),
    "finite": ("no number that can be drawn", "write it in digits, with a point, such as 38.5"),
    "url": ("no address of a page", "write the whole address, beginning with https://"),
}


def _is_optional(root: type[BaseModel], path: KeyPath) -> bool:
    """Whether the line may be deleted."""
    field = _field(root, path)
    return field is None or not (field.is_required() or path[-1] in ("alt", "day"))


def _keys(root: type[BaseModel], path: KeyPath) -> tuple[str, ...]:
    """The keys that may stand where an unknown one was written."""
    form = form_at(root, path[:-1])
    return tuple(form.model_fields) if form else ()


def _field(root: type[BaseModel], path: KeyPath) -> FieldInfo | None:
    form = form_at(root, path[:-1])
    return form.model_fields.get(str(path[-1])) if form and path else None


def form_at(root: type[BaseModel], path: KeyPath) -> type[BaseModel] | None:
    """The form of the mapping at this place."""
    form: type[BaseModel] = root
    steps = iter(path)
    for step in steps:
        field = form.model_fields.get(str(step))
        # A platform's own keys are text, or say where a token is kept.
        inner = _form_in(field.annotation) if field else _form_of_option(form)
        if inner is None:
            return None
        form = inner
        if field is not None and _is_many(field.annotation):
            next(steps, None)  # an id, or a number in a list
    return form


def _form_of_option(form: type[BaseModel]) -> type[BaseModel] | None:
    return SecretForm if form is AccountForm else None


def _is_many(annotation: Any) -> bool:
    return get_origin(annotation) in (dict, tuple)


def _form_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_form_in(argument) for argument in get_args(annotation))
    return next((form for form in found if form is not None), None)
