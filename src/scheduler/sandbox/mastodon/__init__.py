"""A stand-in for a Mastodon server, and for the servers that speak its API."""

from scheduler.sandbox.mastodon.server import (
    GoToSocialStandIn,
    HolloStandIn,
    MastodonStandIn,
    TakaheStandIn,
)

__all__ = ["GoToSocialStandIn", "HolloStandIn", "MastodonStandIn", "TakaheStandIn"]
