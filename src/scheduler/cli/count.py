"""campaign count: how long a text is to a platform."""

from __future__ import annotations

import json as notation
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from scheduler.accounts import NoTokens
from scheduler.cli.telling import data, write_json
from scheduler.errors import Problem, UserError
from scheduler.model import Account, Draft
from scheduler.naming import nearest
from scheduler.platforms import NOWHERE, PLATFORMS, Platform


def _known(platform: str) -> str:
    if platform not in PLATFORMS:
        message = f'there is no platform "{platform}"; {nearest(platform, PLATFORMS)}'
        raise typer.BadParameter(message)
    return platform


def count(
    platform: Annotated[
        str,
        typer.Argument(
            metavar="PLATFORM",
            help=f"How it is counted: {', '.join(PLATFORMS)}.",
            callback=_known,
            show_default=False,
        ),
    ],
    json: Annotated[
        bool,
        typer.Option(
            "--json", help="Read an array of texts as JSON, and write an array of numbers."
        ),
    ] = False,
) -> None:
    """Count a text from standard input, up to its very end, as a platform's limit counts it."""
    account = Account(name=platform, platform=platform)
    adapter = PLATFORMS[platform](account, tokens=NoTokens(), host=NOWHERE)
    said = _standard_input()
    if json:
        write_json([_length(adapter, text) for text in _texts(said)])
    else:
        data.print(_length(adapter, said))


def _length(adapter: Platform, text: str) -> int:
    """What the platform measures a draft of these words alone against its limit of text."""
    draft = Draft(text=text, pictures=(), language="en")
    return next(each.used for each in adapter.measure(draft) if each.name == "text")


def _standard_input() -> str:
    """All of it, with its line breaks as they are."""
    if sys.stdin is None:
        raise _unusable("it is closed", "pipe a text into it")
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not UTF-8"
    raise _unusable(message, "save the text as UTF-8")


def _texts(said: str) -> Sequence[str]:
    try:
        texts = notation.loads(said)
    except notation.JSONDecodeError as error:
        message, line, column = f"this is no JSON: {error.msg}", error.lineno, error.colno
    except (ValueError, RecursionError):
        message, line, column = "this is no JSON that can be read", 1, 1
    else:
        return _checked(texts)
    raise _unusable(message, _WANTED, line=line, column=column)


def _checked(texts: object) -> Sequence[str]:
    if not isinstance(texts, list):
        raise _unusable("this is no array", _WANTED)
    for number, text in enumerate(texts, 1):
        if not isinstance(text, str):
            raise _unusable(f"value {number} of the array is no text", _WANTED)
    return texts


_WANTED = 'write an array of texts, such as ["One", "Two"]'


def _unusable(message: str, hint: str, *, line: int = 1, column: int = 1) -> UserError:
    problem = Problem(
        file="standard input",
        line=line,
        column=column,
        code="bad-input",
        message=message,
        hint=hint,
    )
    return UserError([problem])
