"""The terminal as a place to sign in: questions, a browser, and the way back from it."""

from __future__ import annotations

import secrets
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

import typer

from scheduler.accounts.returning import Returning
from scheduler.cli.telling import say
from scheduler.errors import AccountRefused
from scheduler.platforms.signing_in import Back, code_in, pasted

_LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(slots=True, kw_only=True)
class Terminal:
    """A person at a terminal, or a program that writes the answers, a line each."""

    #: What the calendar says, or its places hold, by name.
    known: Callable[[str], str | None]
    browser: bool
    #: Another address to come back to than the platform's usual one, or "".
    redirect: str = ""
    #: What was typed, by name.
    typed: dict[str, str] = field(default_factory=dict, repr=False)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def say(self, sentence: str) -> None:
        say(sentence)

    def secret(self, name: str, question: str, *, optional: bool = False) -> str:
        """Without an echo; what the calendar's place holds already is not asked for."""
        if name and (found := self.known(name)):
            say(f"{question}: as it is kept already.")
            return found
        return self._asked(name, f"{question} (not shown)", hidden=True, optional=optional)

    def word(self, name: str, question: str) -> str:
        return self.known(name) or self._asked(name, question, hidden=False, optional=False)

    @contextmanager
    def back(self, address: str, *, shown: str = "") -> Iterator[Back]:
        """By a port of this machine where that can be; else the person pastes what they see."""
        wanted = self.redirect or address
        state = secrets.token_urlsafe(32)
        parts = urlsplit(wanted)
        listens = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if self.browser and listens:
            with Returning(wanted, state=state) as waiting:
                yield _Listening(waiting=waiting, address=waiting.address, state=state)
            return
        alone = bool(shown and not self.redirect)
        yield _Pasted(desk=self, address=shown if alone else wanted, state=state, alone=alone)

    def paste(self, question: str) -> str:
        return self._asked("", f"{question} (not shown)", hidden=True, optional=False)

    def open(self, page: str) -> None:
        say(f"Open this page in a browser:\n  {page}")
        if self.browser:
            webbrowser.open(page)

    def _asked(self, name: str, question: str, *, hidden: bool, optional: bool) -> str:
        answer = _line(question, hidden=hidden, optional=optional).strip()
        if not answer and not optional:
            raise AccountRefused(f"nothing was typed for: {question}")
        if name and answer:
            self.typed[name] = answer
        return answer


def _line(question: str, *, hidden: bool, optional: bool) -> str:
    if sys.stdin is None or not sys.stdin.isatty():
        say(f"{question}:")
        return sys.stdin.readline() if sys.stdin is not None else ""
    default = "" if optional else None
    said: str = typer.prompt(
        question, default=default, hide_input=hidden, show_default=False, err=True
    )
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listening:
    waiting: Returning
    address: str
    state: str

    def code(self, page: str) -> str:
        say(f"A browser opens this page; if none does, open it yourself:\n  {page}")
        webbrowser.open(page)
        return code_in(self.waiting.answer())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pasted:
    desk: Terminal
    address: str
    state: str
    #: The platform shows the code itself.
    alone: bool

    def code(self, page: str) -> str:
        self.desk.open(page)
        if self.alone:
            question = "The code that the page shows"
        else:
            say(
                "When you have said yes there, the browser finds no page at the address that it "
                "goes to. That is as it should be: copy the whole address from its bar."
            )
            question = "The address that the browser ends at"
        return pasted(self.desk.paste(question), state=self.state, alone=self.alone)
