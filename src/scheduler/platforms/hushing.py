"""Addresses that are secrets themselves: urllib3 writes every address into its log.

A bot's token, and what makes a webhook its owner's, stand in the path of each request.
"""

from __future__ import annotations

import logging
import re

#: Telegram's, Discord's and Slack's.
_SECRET = re.compile(r"(/bot|/webhooks/\d+/|/services/)[^?\s]+")


class _Hush(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _SECRET.sub(r"\1***", each) if isinstance(each, str) else each
                for each in record.args
            )
        return True


_HUSH = _Hush()


def hush() -> None:
    """Let no log hold such an address, from now on. May be called again."""
    logging.getLogger("urllib3.connectionpool").addFilter(_HUSH)
