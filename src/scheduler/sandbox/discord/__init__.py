"""A stand-in for Discord's webhooks."""

from scheduler.sandbox.discord.server import DiscordStandIn

__all__ = ["DiscordStandIn"]
