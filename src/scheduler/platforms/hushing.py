"""Addresses that are secrets themselves: urllib3 writes every address into its log.

A bot's token, and what makes a webhook its owner's, stand in the path of each request.
"""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(?P<known>/bot|/webhooks/\d+/|/services/)[^?\s]+")
_HIDDEN = r"\g<known>***"


class _Hush(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _SECRET.sub(_HIDDEN, each) if isinstance(each, str) else each
                for each in record.args
            )
        return True


_HUSH = _Hush()


def hush() -> None:
    """Let no log hold such an address, from now on."""
    logging.getLogger("urllib3.connectionpool").addFilter(_HUSH)
