"""What the paper itself says: messages for `Document.say`, with what is filled in by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.interface import in_context, phrase, plural
from scheduler.matrix import CellState
from scheduler.model import Checked
from scheduler.preview.noticing import Word

KIND = phrase("Contact sheet for sign-off")
MADE_ON = phrase("Made on {day}. Nothing was sent.")
SPAN = phrase("{span}. Times are those of {zone}.")
TEXTS_IN = phrase("Texts are in {language}.")
COUNTS = phrase("{posts}, {deliveries}, {accounts}. {problems}.")
POSTS = plural("{number} post", "{number} posts")
DELIVERIES = plural("{number} delivery", "{number} deliveries")
ACCOUNTS = plural("{number} account", "{number} accounts")
PROBLEMS_FOUND = plural("{number} problem", "{number} problems")
NO_PROBLEMS = phrase("No problems were found")
KIT = phrase("A person posts this by hand; the program publishes nothing here.")
INCOMPLETE = phrase(
    "Files with an error are missing from this paper; the problems below say which."
)
AT_A_GLANCE = phrase("The days at a glance")
NO_POST = phrase("No post on this day.")
LEFT_OUT = phrase("Left out here, and said by others: {posts}.")
PROBLEMS = phrase("Problems that no day shows")
MEMBERS = phrase("Members")
MEMBERS_TODAY = phrase("Members on this day")
MEMBERS_WITH = phrase("{post}: {state} ({count}): {members}.")
MEMBERS_READY = phrase("{post}: {state} ({count}).")
MEMBER = phrase("{name} ({id}): {language}, {zone}, {posts}, {deliveries}.")
MEMBER_HELD = phrase("{name} ({id}): {language}, {zone}, {posts}, {deliveries}; {held} HELD.")
READING = phrase(
    "How to read it: a sign that this paper has no letter for is written by its name in "
    "brackets, and so is what would turn the direction of the words around it."
)

DAY = phrase("Day {number} of {days}, {date}")
DAY_MARK = phrase("Day {number}: {theme}")
CONTINUED = phrase("{title} (continued)")
POST = "{time}  {kind}"
BOXES = phrase("□ yes     □ change")
NO_CARD = phrase("This card cannot be drawn yet; the problems say why.")
NOT_OF_ITS_OWN = phrase(
    "The calendar itself has no account for it: its members say it, each with its own card."
)

STATES: Mapping[CellState, str] = MappingProxyType(
    {
        CellState.TRANSLATED: phrase("Ready to be approved"),
        CellState.DRAFT: phrase("Translated, and reviewed by nobody"),
        CellState.STALE: phrase("Translated from a text that has changed since"),
        CellState.HELD: phrase("Held back"),
        CellState.MISSING: phrase("Words are not translated yet"),
        CellState.OPTED_OUT: phrase("Left out"),
    }
)
#: The same where there is room for a word: for `Document.word`.
SHORT: Mapping[CellState, str] = MappingProxyType(
    {
        CellState.TRANSLATED: in_context("paper", "ready"),
        CellState.DRAFT: in_context("paper", "draft"),
        CellState.STALE: in_context("paper", "stale"),
        CellState.HELD: in_context("paper", "HELD"),
        CellState.MISSING: in_context("paper", "MISSING"),
        CellState.OPTED_OUT: in_context("paper", "left out"),
    }
)
HELD = phrase("Held back on {accounts}: {reason}")
HELD_EVERYWHERE = phrase("Held back: {reason}")
HELD_BY_ERROR = phrase("until the error is mended")

PROBLEM = phrase("{severity}, {place}: {message}")
SEVERITIES = MappingProxyType(
    {"error": in_context("paper", "ERROR"), "warning": in_context("paper", "Warning")}
)
CAPTION_ON = phrase("On {accounts}:")
PART = phrase("Part {part}:")
FIGURE = "{figure} {statement}"
COUNTED = "{population}, {year}"
SOURCE = phrase("{publisher}, {title}, {year}. {address}")
VERIFIED: Mapping[Checked, str] = MappingProxyType(
    {
        Checked.PUBLISHER: phrase("Read at the publisher’s own address on {day}."),
        Checked.THIRD_PARTY: phrase("Read only where a third party repeats it, on {day}."),
    }
)
NO_CAVEAT = in_context("caveat", "None is given.")
EXCERPT = phrase("The card shows: {words}")
TRANSLATED_BY = phrase("Translated by {translator}:")
SPEAKER = "{speaker}, {role}"
CREDIT = phrase("{credit}. Licence: {licence}.")
CONSENT = phrase("{id}: {scope}; until {day}.")
WITHDRAWN = phrase("{id}: WITHDRAWN on {day}.")
NUMBER = phrase("{number} ({country}), {hours}. Verified by {by} on {day}.")
UNSURE = phrase("{number} ({country}): nobody has verified it, so it is neither written nor drawn.")
ACCOUNT = phrase("{time}  {account}, {platform}: {counts}")
COUNT = phrase("{name} {used} of {limit} {unit}")
TOO_MANY = phrase("{name} {used} of {limit} {unit}, {excess} TOO MANY")
TOO_FEW = phrase("{name} {used} of at least {least} {unit}, TOO FEW")
UNDRAFTED = phrase("no draft, so nothing can be sent")
COSTS = phrase("{counts}; costs {cost}")

MEND = phrase("Mend the errors: nothing of this post goes out before.")
LOOK = phrase("Look at the warnings, and say whether it may go out so.")
REVIEW = phrase("A person reads the translation against its source, and writes down who and when.")
TRANSLATE = phrase("Translate what is missing.")
RENEW = phrase("Compare the translation with its new source.")
RELEASE = phrase("Release what is held, or leave it out.")
#: What people said of it, or what is public of it.
NOTICES: Mapping[Word, str] = MappingProxyType(
    {
        Word.APPROVED: phrase("Approved by {who} on {day}."),
        Word.PARTLY: phrase("Approved by {who} on {day}, and not by enough people yet."),
        Word.CHANGED: phrase("CHANGED since {who} approved it on {day}."),
        Word.PUBLISHED: phrase("Published on {day}."),
        Word.EDITED: phrase(
            "Published on {day}, and EDITED since: nothing that is public changes."
        ),
    }
)
#: The same where it is known what differs, and where it is said of some accounts only.
WHAT = phrase("{said} What differs: {what}.")
NOTICED_ON = phrase("On {accounts}: {said}")
APPROVE = phrase("Approve it: campaign approve {post}")
APPROVE_BY = phrase("{count} different people approve it: campaign approve {post}")
SIGN = phrase("Day {number}: approved by")
SIGN_ALL = phrase("All of it: approved by")
#: Before a date that is written by hand: for `Document.word`.
ON = in_context("paper", "on")
SIGNATURE = phrase("Signature")
PAGE = phrase("Page {page} of {pages}")
