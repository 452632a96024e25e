"""The one door to Jinja: every value is escaped, and a name that nobody gave is an error.

What a page itself says it says in the language of its reader.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scheduler.interface import ENGLISH, Interface

__all__ = ["Environment", "environment_of", "is_web", "named_by_digest"]


def environment_of(package: str, interface: Interface = ENGLISH) -> Environment:
    """For the templates that lie in a room's folder `templates`, and how they speak."""
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "brief_day": interface.brief_day,
        "clock": interface.clock,
        "day": interface.day,
        "dollars": interface.dollars,
        "duration": interface.duration,
        "full_day": interface.full_day,
        "kind": interface.say,
        "language": interface.language_name,
        "listed": interface.listed,
        "number": interface.number,
        "seconds": interface.seconds,
        "short_day": interface.short_day,
        "town": interface.town,
    }
    environment.globals |= {
        "interface": interface,
        "message": interface.message,
        "span": interface.span,
        **_sayings(interface),
    }
    return environment


def _sayings(interface: Interface) -> dict[str, Callable[..., Markup]]:
    """What templates say messages with: these may have marks of HTML, and their values never do."""

    def say(message: str, /, **named: Any) -> Markup:
        return Markup(interface.message(message)).format(**named)  # noqa: S704 (ours, not people's)

    def say_in(context: str, message: str, /, **named: Any) -> Markup:
        return Markup(interface.message(message, context)).format(**named)  # noqa: S704

    def say_many(one: str, many: str, number: int, /, **named: Any) -> Markup:
        said = Markup(interface.messages(one, many, number))  # noqa: S704
        return said.format(number=interface.number(number), **named)

    return {"say": say, "say_in": say_in, "say_many": say_many}


def named_by_digest(text: str) -> str:
    """What a policy calls a style or a script that stands in the page, to allow just this one.

    https://www.w3.org/TR/CSP3/#grammardef-hash-source
    """
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def is_web(address: str) -> bool:
    """Whether the address may become a link: never `javascript:`, never a file."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
