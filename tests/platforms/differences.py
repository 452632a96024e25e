"""In what a request and a published specification do not agree."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`where` is a JSON path in the body, or the parameter; `says` is what the specification says.

    `lacks` names what the specification does not describe at all.
    """

    where: str
    says: str
    lacks: str = ""
