"""Logs of libraries that would hold secrets: urllib3 writes every address, oauthlib what it signs.

A bot's token, and what makes a webhook its owner's, stand in the path of each request; Meta's
tokens, codes and secrets of apps in its query, and what opens a picture of a closed bucket.
"""

from __future__ import annotations

import logging
import re

#: Telegram's, Discord's and Slack's; then what has one of these names.
_PATH = re.compile(r"(/bot|/webhooks/\d+/|/services/)[^?\s]+")
_QUERY = re.compile(
    r"((?:^|[?&])(?:\w*token\w*|\w*secret\w*|code|\w*proof|oauth_verifier|"
    r"[\w-]*signature|[\w-]*credential|awsaccesskeyid)=)[^&\s]*",
    re.IGNORECASE,
)
#: These say what they sign, which is the secrets themselves: nothing of it is of use to anybody.
_SIGNING = ("oauthlib", "requests_oauthlib", "tweepy")


class _Hush(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                without_secrets(each) if isinstance(each, str) else each for each in record.args
            )
        return True


class _Silence(logging.Filter):
    """Keeps a library's warnings, whatever level somebody gives to its log."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


def without_secrets(address: str) -> str:
    """An address, or a part of one, as it may be shown."""
    return _QUERY.sub(r"\1***", _PATH.sub(r"\1***", address))


_HUSH = _Hush()
_SILENCE = _Silence()
#: A filter is asked only by the very log that it was given to.
_LOGS = (
    "oauthlib.oauth1.rfc5849",
    "oauthlib.oauth1.rfc5849.request_validator",
    "oauthlib.oauth1.rfc5849.endpoints.base",
    "oauthlib.common",
    "requests_oauthlib.oauth1_auth",
    "requests_oauthlib.oauth1_session",
    "tweepy.client",
    "tweepy.api",
)


def hush() -> None:
    """Let no log hold such a secret, from now on. May be called again."""
    logging.getLogger("urllib3.connectionpool").addFilter(_HUSH)
    for name in (*_SIGNING, *_LOGS):
        logging.getLogger(name).addFilter(_SILENCE)
