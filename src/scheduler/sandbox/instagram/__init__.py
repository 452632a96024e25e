"""A stand-in for Instagram's API for professional accounts."""

from scheduler.sandbox.instagram.server import InstagramStandIn, InstagramWithFacebook

__all__ = ["InstagramStandIn", "InstagramWithFacebook"]
