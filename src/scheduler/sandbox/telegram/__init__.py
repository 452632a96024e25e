"""A stand-in for Telegram's Bot API."""

from scheduler.sandbox.telegram.server import TelegramStandIn

__all__ = ["TelegramStandIn"]
