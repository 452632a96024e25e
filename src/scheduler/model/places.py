"""Where something is written, and how to say what is wrong there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scheduler.errors import Problem, Severity

#: Where a value stands in the calendar, as the keys that lead to it: ("posts", "launch", "alt").
KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A character in a file; `line` and `column` count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def problem(
        self, code: str, message: str, hint: str = "", severity: Severity = Severity.ERROR
    ) -> Problem:
        """What is wrong here, and what to do."""
        return Problem(
            file=self.file,
            line=self.line,
            column=self.column,
            severity=severity,
            code=code,
            message=message,
            hint=hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where each key and each value of the calendar was written.

    Files may lie over each other: what a file above has said is found there.
    """

    file: str
    keys: Mapping[KeyPath, Place]
    values: Mapping[KeyPath, Place]
    below: Places | None = None

    def over(self, below: Places) -> Places:
        """These places, where they are written, and otherwise those below."""
        under = below if self.below is None else self.below.over(below)
        return Places(file=self.file, keys=self.keys, values=self.values, below=under)

    def key(self, *path: str | int) -> Place:
        """The place of the key itself, or of the nearest thing around it that exists."""
        for layer in self.layers():
            if place := layer.keys.get(path):
                return place
        return self.value(*path)

    def value(self, *path: str | int) -> Place:
        """The place of the value at `path`, or of the nearest thing around it that exists."""
        for end in range(len(path), -1, -1):
            for layer in self.layers():
                if place := layer.values.get(path[:end]) or layer.keys.get(path[:end]):
                    return place
        return Place(file=self.file)

    def written(self, *path: str | int) -> bool:
        """Whether any of the files says it."""
        return any(path in layer.values for layer in self.layers())

    def layers(self) -> Iterator[Places]:
        """Each file's own places, from the top one down."""
        layer: Places | None = self
        while layer is not None:
            yield layer
            layer = layer.below
