"""A stand-in for Slack's incoming webhooks."""

from scheduler.sandbox.slack.server import SlackStandIn

__all__ = ["SlackStandIn"]
