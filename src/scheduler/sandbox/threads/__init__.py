"""A stand-in for the API of Threads."""

from scheduler.sandbox.threads.server import ThreadsStandIn

__all__ = ["ThreadsStandIn"]
