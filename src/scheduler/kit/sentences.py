"""What a kit says besides the campaign's own words: messages, with names for what varies."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scheduler import saying
from scheduler.interface import Interface, in_context, phrase
from scheduler.kit.contents import Line, Shape, Trouble

#: What each size is for.
SHAPES: Mapping[Shape, str] = MappingProxyType(
    {
        Shape.PORTRAIT: phrase("Portrait, for most feeds"),
        Shape.SQUARE: phrase("Square"),
        Shape.WIDE: phrase("Wide, for screens and slides"),
        Shape.LINK: phrase("Low, beside links and in newsletters"),
        Shape.STORY: phrase("A whole screen, for stories and a status"),
    }
)

TOO_LONG = phrase(
    "{what}: {excess} {unit} too many for {platform}, which takes {limit} and here has {used}. Do "
    "not cut it yourself: post it elsewhere, or ask your coordinator for a shorter one."
)
TOO_FEW = phrase(
    "{what}: {platform} takes no fewer than {least} {unit}, and here are {used}. Post it "
    "elsewhere, or ask your coordinator."
)
HELD_THERE = phrase("Your coordinator holds it back on this account: do not post it there.")
NO_PICTURE = phrase(
    "Its picture cannot be drawn in any size, so it is not ready: ask your coordinator for a newer "
    "kit."
)
UNFIT = phrase(
    "There is no picture in the size “{shape}” ({width} × {height}): its words do not fit "
    "into it, and nothing is ever cut. Take another size, and let the app leave a margin around it."
)

#: What stands before what is behind a post: for `name_said`.
FIGURE = in_context("kit", "The figure")
COUNTED = in_context("kit", "Who was counted")
CAVEAT = in_context("kit", "Say this with it")
WORDS = in_context("kit", "The words")
SPEAKER = in_context("kit", "Who said it")
TRANSLATED_BY = in_context("kit", "Translated by")
SOURCE = in_context("kit", "Source")
PICTURE = in_context("kit", "The picture")
LICENCE = in_context("kit", "Its licence")
NUMBER = in_context("kit", "Number")
FOR_WHOM = in_context("kit", "For whom")
COUNTRY = in_context("kit", "Country")
HOURS = in_context("kit", "Hours")
FOR_SURVIVORS = in_context("kit", "Survivors of violence")
FOR_USERS = in_context("kit", "People who use violence")

NOT_BEFORE = phrase("Under embargo: do not post or show it to anybody before {until} ({zone}).")
UNREVIEWED = phrase(
    "A draft: nobody has compared this translation with its source. Do not post it yet."
)
UNAPPROVED = phrase("A draft: it is not approved. Do not post it yet.")

ABSENT_UNTIL = phrase(
    "One more post of this day is under embargo until {until}. Ask for a newer kit then."
)
ABSENT = phrase("One more post of this day is not ready. Ask your coordinator for a newer kit.")

READ_ME = phrase("""\
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
""")


def name_said(interface: Interface, line: Line) -> str:
    return interface.message(line.name, "kit")


def text_said(interface: Interface, line: Line) -> str:
    return interface.message(line.text, "kit") if line.ours else line.text


def trouble_said(interface: Interface, trouble: Trouble) -> str:
    """With what is too long, by how much, and what to do."""
    each = trouble.measure
    if each is None:
        return interface.say(trouble.message)
    return interface.say(
        trouble.message,
        what=saying.capital(saying.measure(interface, each)),
        unit=saying.unit(interface, each.unit),
        platform=saying.platform(interface, trouble.platform),
        excess=saying.amount(interface, each.excess, each.unit),
        used=saying.amount(interface, each.used, each.unit),
        limit=saying.amount(interface, each.limit, each.unit),
        least=interface.number(each.least),
    )
