"""A stand-in for LinkedIn: of an organisation's page, and of a person."""

from scheduler.sandbox.linkedin.server import LinkedInOfAPersonStandIn, LinkedInStandIn

__all__ = ["LinkedInOfAPersonStandIn", "LinkedInStandIn"]
