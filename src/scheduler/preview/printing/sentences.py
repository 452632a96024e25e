"""What the paper itself says. Whole sentences, with what is filled in by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.matrix import CellState
from scheduler.model import Checked
from scheduler.preview.noticing import Word

KIND = "Contact sheet for sign-off"
MADE_ON = "Made on {day}. Nothing was sent."
SPAN = "{span}. Times are those of {zone}."
TEXTS_IN = "Texts are in {language}."
COUNTS = "{posts}, {deliveries}, {accounts}. {problems}."
NO_PROBLEMS = "No problems were found"
KIT = "A person posts this by hand; the program publishes nothing here."
INCOMPLETE = "Files with an error are missing from this paper; the problems below say which."
AT_A_GLANCE = "The days at a glance"
NO_POST = "No post on this day."
LEFT_OUT = "Left out here, and said by others: {posts}."
PROBLEMS = "Problems that no day shows"
MEMBERS = "Members"
MEMBERS_TODAY = "Members on this day"
MEMBERS_WITH = "{post}: {state} ({count}): {members}."
MEMBERS_READY = "{post}: {state} ({count})."
MEMBER = "{name} ({id}): {language}, {zone}, {posts}, {deliveries}."
MEMBER_HELD = "{name} ({id}): {language}, {zone}, {posts}, {deliveries}; {held} HELD."
READING = (
    "How to read it: a sign that this paper has no letter for is written by its name in "
    "brackets, and so is what would turn the direction of the words around it."
)

DAY = "Day {number} of {days}, {weekday}, {day}"
DAY_MARK = "Day {number}: {theme}"
CONTINUED = "{title} (continued)"
POST = "{time}  {kind}"
ALT_TEXT = "Alt text"
BOXES = "□ yes     □ change"
NO_CARD = "This card cannot be drawn yet; the problems say why."
NOT_OF_ITS_OWN = (
    "The calendar itself has no account for it: its members say it, each with its own card."
)

STATES: Mapping[CellState, str] = MappingProxyType(
    {
        CellState.TRANSLATED: "Ready to be approved",
        CellState.DRAFT: "Translated, and reviewed by nobody",
        CellState.STALE: "Translated from a text that has changed since",
        CellState.HELD: "Held back",
        CellState.MISSING: "Words are not translated yet",
        CellState.OPTED_OUT: "Left out",
    }
)
#: The same where there is room for a word.
SHORT: Mapping[CellState, str] = MappingProxyType(
    {
        CellState.TRANSLATED: "ready",
        CellState.DRAFT: "draft",
        CellState.STALE: "stale",
        CellState.HELD: "HELD",
        CellState.MISSING: "MISSING",
        CellState.OPTED_OUT: "left out",
    }
)
HELD = "Held back on {accounts}: {reason}"
HELD_EVERYWHERE = "Held back: {reason}"
HELD_BY_ERROR = "until the error is mended"

PROBLEM = "{severity}, {place}: {message}"
SEVERITIES = MappingProxyType({"error": "ERROR", "warning": "Warning"})
CAPTION_ON = "On {accounts}:"
PART = "Part {part}:"
FIGURE = "{figure} {statement}"
COUNTED = "{population}, {year}"
SOURCE = "{publisher}, {title}, {year}. {address}"
VERIFIED: Mapping[Checked, str] = MappingProxyType(
    {
        Checked.PUBLISHER: "Read at the publisher’s own address on {day}.",
        Checked.THIRD_PARTY: "Read only where a third party repeats it, on {day}.",
    }
)
NO_CAVEAT = "None is given."
EXCERPT = "The card shows: {words}"
TRANSLATED_BY = "Translated by {translator}:"
SPEAKER = "{speaker}, {role}"
CREDIT = "{credit}. Licence: {licence}."
CONSENT = "{id}: {scope}; until {day}."
WITHDRAWN = "{id}: WITHDRAWN on {day}."
NUMBER = "{number} ({country}), {hours}. Verified by {by} on {day}."
UNSURE = "{number} ({country}): nobody has verified it, so it is neither written nor drawn."
ACCOUNT = "{time}  {account}, {platform}: {counts}"
PLACE = "{account}, {platform} ({place})"
COUNT = "{name} {used} of {limit} {unit}"
TOO_MANY = "{name} {used} of {limit} {unit}, {excess} TOO MANY"
TOO_FEW = "{name} {used} of at least {least} {unit}, TOO FEW"
UNDRAFTED = "no draft, so nothing can be sent"
COSTS = "{counts}; costs {cost}"

MEND = "Mend the errors: nothing of this post goes out before."
LOOK = "Look at the warnings, and say whether it may go out so."
REVIEW = "A person reads the translation against its source, and writes down who and when."
TRANSLATE = "Translate what is missing."
RENEW = "Compare the translation with its new source."
RELEASE = "Release what is held, or leave it out."
#: What people said of it, or what is public of it.
NOTICES: Mapping[Word, str] = MappingProxyType(
    {
        Word.APPROVED: "Approved by {who} on {day}.",
        Word.PARTLY: "Approved by {who} on {day}, and not by enough people yet.",
        Word.CHANGED: "CHANGED since {who} approved it on {day}.",
        Word.PUBLISHED: "Published on {day}.",
        Word.EDITED: "Published on {day}, and EDITED since: nothing that is public changes.",
    }
)
#: The same where it is known what differs, and where it is said of some accounts only.
WHAT = "{said} What differs: {what}."
NOTICED_ON = "On {accounts}: {said}"
APPROVE = "Approve it: campaign approve {post}"
APPROVE_BY = "{count} different people approve it: campaign approve {post}"
SIGN = "Day {number}: approved by"
SIGN_ALL = "All of it: approved by"
ON = "on"
SIGNATURE = "Signature"
PAGE = "Page {page} of {pages}"
