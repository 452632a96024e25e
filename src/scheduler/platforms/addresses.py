"""Where an account's server may be: a token must not be read on its way, nor leave a sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from scheduler.model import Account
from scheduler.platforms.calling import is_loopback


def sandboxed(account: Account) -> bool:
    """Whether the account's server is a stand-in on this machine."""
    return account.options.get("sandbox") == "true"


def server_problems(account: Account, otherwise: str = "") -> Iterator[tuple[str, str]]:
    """A token must go neither over an open line nor, in a sandbox, off this machine.

    `otherwise` is the address of an account that names none.
    """
    address = account.options.get("server") or otherwise
    if not address:
        return  # said by `option_problems`
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises when it is no number
    except ValueError:
        yield "server", f'"{address}" is not an address'
        return
    if not parts.hostname or parts.scheme not in {"https", "http"}:
        yield "server", f'"{address}" does not start with https:// and a host'
    elif parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        yield "server", f'"{parts.hostname}" must stand alone: no user, path or query around it'
    elif sandboxed(account) and not is_loopback(address):
        yield "server", f'"{address}" is not on this machine, as a sandbox must be'
    elif parts.scheme == "http" and not sandboxed(account):
        yield "server", f'"{address}" must start with https://, or others could read the token'
