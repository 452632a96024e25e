"""How platforms count text: one module for each way of counting."""

from scheduler.platforms.counting.graphemes import clusters, graphemes
from scheduler.platforms.counting.instagram import hashtags, mentions
from scheduler.platforms.counting.linkedin import linkedin_length
from scheduler.platforms.counting.mastodon import MASTODON_URL, mastodon_length
from scheduler.platforms.counting.threads import threads_length, threads_links
from scheduler.platforms.counting.utf16 import utf16_units
from scheduler.platforms.counting.x import X_URL, x_length, x_links

__all__ = [
    "MASTODON_URL",
    "X_URL",
    "clusters",
    "graphemes",
    "hashtags",
    "linkedin_length",
    "mastodon_length",
    "mentions",
    "threads_length",
    "threads_links",
    "utf16_units",
    "x_length",
    "x_links",
]
