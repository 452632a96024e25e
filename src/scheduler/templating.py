"""The one door to Jinja: every value is escaped, and a name that nobody gave is an error."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["Environment", "environment_of", "is_web", "named_by_digest"]


def environment_of(package: str) -> Environment:
    """For the templates that lie in a room's folder `templates`."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


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
