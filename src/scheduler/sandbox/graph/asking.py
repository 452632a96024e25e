"""A request to one of Meta's stand-ins whose sender is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from scheduler.sandbox.answering import in_json
from scheduler.sandbox.graph.keeping import Token
from scheduler.sandbox.graph.refusing import parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    request: Request
    token: Token
    id: str
    now: datetime
    #: When a container that it makes may be published.
    ready_at: datetime

    @property
    def account(self) -> str:
        return self.token.account

    @property
    def said(self) -> dict[str, str]:
        return parameters(self.request)

    @property
    def host_url(self) -> str:
        return self.request.host_url


def answered(value: Any) -> Response:
    return in_json(value)
