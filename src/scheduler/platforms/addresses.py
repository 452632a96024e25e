"""Where an account's server is, and whether its secrets may be sent there."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from scheduler.errors import AccountRefused
from scheduler.model import Account
from scheduler.platforms.calling import is_loopback


def sandboxed(account: Account) -> bool:
    """Whether the calendar says that the account is a stand-in on this machine."""
    return account.options.get("sandbox") == "true"


def server_problems(account: Account, otherwise: str = "") -> Iterator[tuple[str, str]]:
    """What is wrong with the option `server`, as (name, message).

    `otherwise` is the address of an account that names none.
    """
    address = account.options.get("server") or otherwise
    if not address:
        return  # said by `option_problems`
    if problem := address_problem(address, sandbox=sandboxed(account)):
        yield "server", problem


def address_problem(address: str, *, sandbox: bool) -> str:
    """Why no secret may go there, or "": not over an open line, nor from a sandbox to elsewhere."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises when it is no number
    except ValueError:
        return f'"{address}" is not an address'
    if not parts.hostname or parts.scheme not in {"https", "http"}:
        return f'"{address}" does not start with https:// and a host'
    if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        return f'"{parts.hostname}" must stand alone: no user, path or query around it'
    if sandbox and not is_loopback(address):
        return f'"{address}" is not on this machine, as a sandbox must be'
    if parts.scheme == "http" and not sandbox:
        return f'"{address}" must start with https://, or others could read the token'
    return ""


def refuse_bad_server(account: Account, otherwise: str = "") -> None:
    """Raise `AccountRefused` unless requests may go where the account says."""
    for _, message in server_problems(account, otherwise):
        raise AccountRefused(f"account {account.name}: server {message}")
