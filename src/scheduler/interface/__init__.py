"""What the program itself says on pages, on paper and in lists, in the language of who looks at it.

Its sentences stand in catalogues, `locales/LANGUAGE/LC_MESSAGES/interface.po`; dates, numbers and
names of languages come from CLDR. What a campaign says is no part of it, and is never translated.
"""

from scheduler.interface.catalogues import SOURCE
from scheduler.interface.marking import in_context, phrase, plural
from scheduler.interface.speaking import ENGLISH, LANGUAGES, Interface, interface_for

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "SOURCE",
    "Interface",
    "in_context",
    "interface_for",
    "phrase",
    "plural",
]
