"""Errors as Graph writes them, and parameters as it takes them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from werkzeug.wrappers import Request, Response

from scheduler.sandbox.answering import in_json


class Refused(Exception):
    """An error that the caller sees: https://developers.facebook.com/docs/graph-api/guides/error-handling"""

    def __init__(self, code: int, subcode: int, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.status = status

    @property
    def response(self) -> Response:
        error: dict[str, object] = {
            "message": str(self),
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": uuid.uuid4().hex[:11],
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
        return in_json({"error": error}, self.status)


def invalid(message: str, subcode: int = 0) -> Refused:
    return Refused(100, subcode, f"(#100) {message}")


def no_object(id_: str) -> Refused:
    return invalid(
        f"Unsupported request. Object with ID '{id_}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation",
        33,
    )


def no_permission(scope: str) -> Refused:
    return Refused(10, 0, f"(#10) Application does not have permission for this action: {scope}")


def parameters(request: Request) -> dict[str, str]:
    """From the query and the form, without the token."""
    said = {**request.args.to_dict(), **request.form.to_dict()}
    said.pop("access_token", None)
    return said


def closed(said: Mapping[str, str], *, needed: str = "", known: str = "") -> None:
    """Refuses what is missing and, unlike Graph itself, what is not known."""
    for name in needed.split():
        if not said.get(name):
            raise invalid(f"The parameter {name} is required.")
    for name in said:
        if name not in (*needed.split(), *known.split()):
            raise invalid(f"Unknown parameter {name}.")


def true(said: Mapping[str, str], name: str) -> bool:
    if said.get(name, "false") not in {"true", "false"}:
        raise invalid(f"Param {name} must be a boolean")
    return said.get(name) == "true"


def fields_of(said: Mapping[str, str], known: Callable[[str], bool]) -> list[str]:
    fields = [each for each in said.get("fields", "").split(",") if each]
    for field in fields:
        if not known(field):
            raise invalid(f"Tried accessing nonexisting field ({field})")
    return fields
