"""A stand-in for Facebook's pages."""

from scheduler.sandbox.facebook.server import FacebookStandIn

__all__ = ["FacebookStandIn"]
