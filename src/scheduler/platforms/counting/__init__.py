"""How platforms count text: one module for each way of counting."""

from scheduler.platforms.counting.graphemes import graphemes
from scheduler.platforms.counting.linkedin import linkedin_length
from scheduler.platforms.counting.mastodon import MASTODON_URL, mastodon_length
from scheduler.platforms.counting.x import X_URL, x_length, x_links

__all__ = [
    "MASTODON_URL",
    "X_URL",
    "graphemes",
    "linkedin_length",
    "mastodon_length",
    "x_length",
    "x_links",
]
