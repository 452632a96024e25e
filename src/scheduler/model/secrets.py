"""Where secrets are kept; never the secrets themselves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where a token is kept; never the token itself. `kind` is env, keyring or file."""

    kind: str
    name: str
