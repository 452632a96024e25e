"""What can go wrong, in two families.

`Problem` and `UserError` are for a person: a place in a file, what is wrong there, what to do.
`Ending` and its children are how a call to a platform ended; `publishing` decides by their type
alone whether the same words may be sent again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    #: What it concerns is not published until it is mended.
    ERROR = "error"
    #: Published as it is, but somebody should look.
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """Something that a person can mend: where it stands, what is wrong, and what to do.

    `line` and `column` count from 1, in characters; both are 1 when the file as a whole is meant.
    `code` is stable: it may be searched for in the documentation.
    """

    file: str
    line: int = 1
    column: int = 1
    severity: Severity = Severity.ERROR
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f" Hint: {self.hint}" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message}{hint}"


class UserError(Exception):
    """A person must act. Carries every problem that was found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Ending(Exception):
    """How a call to a platform ended, when it did not end well."""


class NotSent(Ending):
    """It is certain that nothing was made of it (no connection, say): may be sent again."""


class RateLimited(Ending):
    """The platform refused for now (429): may be sent again after `retry_after` seconds.

    `retry_after` is None when the platform did not say how long.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ContentRejected(Ending):
    """The platform will never take these words or pictures as they are: a person must edit."""


class AccountRefused(Ending):
    """The account may not publish (token revoked, suspended, no right): everything of it waits."""


class Ambiguous(Ending):
    """Anything else: it may be public or not. Never sent again unless its absence is proved."""
