"""What an account may say in the calendar, held against what its platform offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scheduler.model import Account
from scheduler.naming import nearest
from scheduler.platforms.protocol import Option


def option_problems(account: Account, options: Mapping[str, Option]) -> Iterator[tuple[str, str]]:
    """Unknown, missing and impossible options, as (name, message)."""
    for name in account.options:
        if name not in options:
            yield name, f'no option "{name}"{_suggestion(name, options)}'
    for name, option in options.items():
        value = account.options.get(name)
        if option.required and not value:
            yield name, f"is missing: {option.meaning}"
        if value is not None and option.choices and value not in option.choices:
            yield name, f'"{value}" is not one of {", ".join(option.choices)}'


def secret_problems(account: Account, secrets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Unknown and missing secrets, as (name, message). Their values are not looked at."""
    for name in account.secrets:
        if name not in secrets:
            yield name, f'no secret "{name}"{_suggestion(name, secrets)}'
    for name, meaning in secrets.items():
        if name not in account.secrets:
            yield name, f"is missing: {meaning}"


def _suggestion(name: str, known: Iterable[str]) -> str:
    hint = nearest(name, known)
    return f"; {hint}" if hint else ""
