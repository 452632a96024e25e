"""A stand-in for a Mastodon server."""

from scheduler.sandbox.mastodon.server import MastodonStandIn

__all__ = ["MastodonStandIn"]
