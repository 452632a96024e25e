"""How calls to an AT Protocol server end: by the name of the error in the answer's body.

https://atproto.com/specs/xrpc#error-responses
"""

from __future__ import annotations

from http import HTTPStatus

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, Ending, NotSent
from scheduler.platforms import calling
from scheduler.platforms.answers import object_if_any
from scheduler.platforms.calling import Answer

EXPIRED = "ExpiredToken"
#: A session that is good for nothing any more.
SPENT = frozenset({EXPIRED, "InvalidToken"})
NOT_FOUND = "RecordNotFound"

#: Names that say more than their status. Only a refusal (4xx) is taken at its word.
_ENDINGS: dict[str, type[Ending]] = {
    **dict.fromkeys(
        (
            "InvalidToken",
            "AuthenticationRequired",
            "AuthMissing",
            "AuthFactorTokenRequired",
            "AccountTakedown",
            "AccountSuspended",
            "AccountDeactivated",
            "AccountNotFound",
            "RepoTakendown",
            "RepoSuspended",
            "RepoDeactivated",
        ),
        AccountRefused,
    ),
    **dict.fromkeys(
        ("InvalidRequest", "InvalidMimeType", "InvalidSize", "BlobTooLarge", "PayloadTooLarge"),
        ContentRejected,
    ),
    # The token is renewed, or the picture uploaded again, at the next try.
    EXPIRED: NotSent,
    "BlobNotFound": NotSent,
    # Another record has this name already, and every name belongs to one delivery: it may well be
    # this one's, sent earlier. Only reading it back can tell.
    "InvalidSwap": Ambiguous,
    "UpstreamFailure": Ambiguous,
    "UpstreamTimeout": Ambiguous,
    "InternalServerError": Ambiguous,
}


def error_name(answer: Answer) -> str:
    """The name of the error, or "" where the answer is a good one or names none."""
    if answer.status < HTTPStatus.BAD_REQUEST:
        return ""
    name = object_if_any(answer).get("error")
    return name if isinstance(name, str) else ""


def refusal(answer: Answer) -> Ending | None:
    """How a call ended, or None when it ended well."""
    refused = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    ending = _ENDINGS.get(error_name(answer)) if refused else None
    if ending is None or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return calling.refusal(answer)
    return ending(f"{answer.host} answered {answer.status}: {answer.reason}")


def accepted(answer: Answer) -> Answer:
    """The answer, if it is a good one; otherwise raises its ending."""
    if ending := refusal(answer):
        raise ending
    return answer
