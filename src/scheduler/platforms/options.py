"""What an account may say in the calendar, held against what its platform offers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

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
        if value is not None and option.secret:
            yield name, f"is a secret: say where it is kept, as {{env: {name.upper()}}}"


def pair_problems(account: Account, one: str, other: str) -> Iterator[tuple[str, str]]:
    """Of two keys that are of use only together, the one that is missing, as (name, message)."""
    said = {*account.options, *account.secrets} & {one, other}
    for name in ({one, other} - said) if said else ():
        yield name, f'is missing, without which "{said.pop()}" is of no use'


def secret_problems(
    account: Account,
    secrets: Mapping[str, str],
    options: Mapping[str, Option] = MappingProxyType({}),
    *,
    renewed: Collection[str] = (),
) -> Iterator[tuple[str, str]]:
    """Unknown and missing secrets, as (name, message). Their values are not looked at.

    Those among the `options` may be missing, and those that are `renewed`: the ledger has them,
    once somebody has signed in.
    """
    known = {*secrets, *(name for name, option in options.items() if option.secret)}
    for name in account.secrets:
        if name not in known:
            yield name, f'no secret "{name}"{_suggestion(name, known)}'
    for name, meaning in secrets.items():
        if name not in account.secrets and name not in renewed:
            yield name, f"is missing: {meaning}"


def _suggestion(name: str, known: Iterable[str]) -> str:
    hint = nearest(name, known)
    return f"; {hint}" if hint else ""
