"""A stand-in for X's API v2."""

from scheduler.sandbox.x.server import XStandIn

__all__ = ["XStandIn"]
