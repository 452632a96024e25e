"""What a kit says besides the campaign's own words: whole sentences, with names for what varies."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.kit.contents import Shape

#: What each size is for.
SHAPES: Mapping[Shape, str] = MappingProxyType(
    {
        Shape.PORTRAIT: "Portrait, for most feeds",
        Shape.SQUARE: "Square",
        Shape.WIDE: "Wide, for screens and slides",
        Shape.LINK: "Low, beside links and in newsletters",
        Shape.STORY: "A whole screen, for stories and a status",
    }
)

TOO_LONG = (
    "{what}: {excess} {unit} too many for {platform}, which takes {limit} and here has {used}. Do "
    "not cut it yourself: post it elsewhere, or ask your coordinator for a shorter one."
)
TOO_FEW = (
    "{what}: {platform} takes no fewer than {least} {unit}, and here are {used}. Post it "
    "elsewhere, or ask your coordinator."
)
HELD_THERE = "Your coordinator holds it back on this account: do not post it there."
NO_PICTURE = (
    "Its picture cannot be drawn in any size, so it is not ready: ask your coordinator for a newer "
    "kit."
)
UNFIT = (
    "There is no {shape} picture ({width} × {height}): its words do not fit into it, and nothing "
    "is ever cut. Take another size, and let the app leave a margin around it."
)

FIGURE, COUNTED, CAVEAT = "The figure", "Who was counted", "Say this with it"
WORDS, SPEAKER, TRANSLATED_BY = "The words", "Who said it", "Translated by"
SOURCE, PICTURE, LICENCE = "Source", "The picture", "Its licence"
NUMBER, FOR_WHOM, COUNTRY, HOURS = "Number", "For whom", "Country", "Hours"
FOR_SURVIVORS, FOR_USERS = "Survivors of violence", "People who use violence"

NOT_BEFORE = "Under embargo: do not post or show it to anybody before {until} ({zone})."
UNREVIEWED = "A draft: nobody has compared this translation with its source. Do not post it yet."
UNAPPROVED = "A draft: it is not approved. Do not post it yet."

ABSENT_UNTIL = "One more post of this day is under embargo until {until}. Ask for a newer kit then."
ABSENT = "One more post of this day is not ready. Ask your coordinator for a newer kit."

READ_ME = """\
{title}
{member}

How to post, a few minutes a day
1. Open index.html. It works on a phone and without the internet: today stands on top.
2. Choose where you post. Copy the text, save the picture, and copy the description of the picture
   into the field for alternative text, so that people who do not see it know what it shows.
3. When it stands there, tick “Posted”, and paste its link. On the last day, or whenever you are
   asked, tap “What I posted” and send the file to your coordinator.

Without the page: there is a folder for each day. In it lie the text for each platform
(caption-….txt), the picture in several sizes, its description (alt-text….txt), the sources, and the
helpline where there is one.

Please change no figure, quotation or telephone number. If something is wrong, tell your
coordinator.

If somebody writes to you about violence that they live with, you need not know what to do. Say that
you believe them, and give them the helpline of the kit, or one of their country. Where somebody is
in danger now, the number is that of the emergency services.

Days and hours are those of {zone}. This is the kit {version}.
"""
