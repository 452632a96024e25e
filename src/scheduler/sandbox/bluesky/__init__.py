"""A stand-in for a server of the AT Protocol that keeps Bluesky accounts."""

from scheduler.sandbox.bluesky.server import BlueskyStandIn

__all__ = ["BlueskyStandIn"]
