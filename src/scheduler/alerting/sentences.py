"""Every sentence that people are told, whole, with named gaps: for a catalogue of any language.

`subject` stands on a lock screen, so what happened comes first. `what` is what happened and what it
means, `to_do` what a person can do about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scheduler.model import AlertKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a kind of matter is told."""

    #: Of one kind alone: `{what}` is a post or how many, `{where}` an account or how many.
    subject: str
    #: Among others: "2 missed".
    counted: str
    heading: str
    what: str
    to_do: str


SAID: Mapping[AlertKind, Said] = MappingProxyType(
    {
        AlertKind.UNCONFIRMED: Said(
            subject="Public or not? {what} on {where}",
            counted="{count} public or not",
            heading="Public or not",
            what="It was sent, and no answer came back: it may be public, or it may not. The "
            "program does not send it again, so that nothing stands there twice.",
            to_do="Look at the account. Then say what you saw, with --published URL or with "
            "--not-published:",
        ),
        AlertKind.DISK: Said(
            subject="Disk nearly full: {free} left",
            counted="disk nearly full",
            heading="The disk is nearly full",
            what="Without room nothing can be written down, and what cannot be written down is "
            "not published.",
            to_do="Make room on this disk. Never delete the ledger: it knows what is already "
            "public.",
        ),
        AlertKind.NOTHING_PUBLISHED: Said(
            subject="Nothing published today, and something was due",
            counted="nothing published today",
            heading="Nothing was published today",
            what="Something was due half an hour ago or earlier, and nothing of the day is public.",
            to_do="Is the machine online, and are the accounts signed in? See why, and what can "
            "still go out: campaign status",
        ),
        AlertKind.ACCOUNT_HELD: Said(
            subject="Locked out: {account}",
            counted="{count} locked out",
            heading="Locked out",
            what="The platform refused the account, so nothing of it goes out until a person has "
            "mended that.",
            to_do="See what the platform said: campaign holds. Sign in again, then release it:",
        ),
        AlertKind.TOKEN: Said(
            subject="Sign in again: {account}, {left}",
            counted="{count} to sign in again",
            heading="Sign in again",
            what="The token that the program signs in with runs out. What is due after that would "
            "wait, and be missed in the end.",
            to_do="Sign in again:",
        ),
        AlertKind.CALENDAR: Said(
            subject="The calendar has an error: {place}",
            counted="{count} wrong in the calendar",
            heading="Errors in the calendar",
            what="What they concern is held back; everything else goes out.",
            to_do="See what is wrong there, and what to write: campaign check",
        ),
        AlertKind.REJECTED: Said(
            subject="Refused: {what} on {where}",
            counted="{count} refused",
            heading="Refused by the platform",
            what="The platform does not take it as it is, and will not later either.",
            to_do="See what it answered. Then change the post, and give it a later hour: so it is "
            "planned again.",
        ),
        AlertKind.MISSED: Said(
            subject="Missed: {what} on {where}",
            counted="{count} missed",
            heading="Missed",
            what="It is too late now, and the program does not catch up on another day.",
            to_do="See why. If you post it by hand, say so, and it never doubles: campaign resolve "
            "KEY --published URL",
        ),
        AlertKind.UNAPPROVED: Said(
            subject="Not approved, due {due}: {what} on {where}",
            counted="{count} not approved",
            heading="Due soon and not approved",
            what="Without a yes it does not go out, and when its time has passed it is missed.",
            to_do="Look at it (campaign preview), then say yes:",
        ),
        AlertKind.UNTRANSLATED: Said(
            subject="Not translated, due {due}: {what} on {where}",
            counted="{count} not translated",
            heading="Due soon and not translated",
            what="Its words are not there, or nobody has read them against their source. It does "
            "not go out like this.",
            to_do="Write or read the words, and note who reviewed them (state: reviewed):",
        ),
        AlertKind.STALE: Said(
            subject="Translation outdated, due {due}: {what} on {where}",
            counted="{count} outdated in translation",
            heading="Due soon, in an outdated translation",
            what="The source says something else since it was translated, so its review counts no "
            "more. It does not go out like this.",
            to_do="Read the words against the source again: campaign check shows what changed.",
        ),
        AlertKind.HELPLINE: Said(
            subject="Helpline not verified, due {due}: {what} on {where}",
            counted="{count} with an unverified helpline",
            heading="Due soon with a helpline that nobody verified",
            what="A number that nobody verified is never shown, and by default the whole post is "
            "held back.",
            to_do="Open the helpline's own page and call the number. Then write verified, "
            "verified_by and verified_on:",
        ),
        AlertKind.CONSENT: Said(
            subject="Consent runs out, due {due}: {what} on {where}",
            counted="{count} on a consent that runs out",
            heading="On a consent that runs out",
            what="A post does not go away by itself when the consent to it ends; where it has "
            "ended before, the post does not go out.",
            to_do="Ask whether it may stay. Then write the new date; or take down what is public, "
            "and hold what is to come:",
        ),
    }
)

NEED_YOU = "{count} things need you: {told}"
OPEN = "Everything that is open: campaign alerts"
#: Below every message: the beginning is what a lock screen shows.
FOOTER = "{title}, {now} ({zone})"

POST = "day {day}, {post}, due {due}"
POST_IN_TIME = "day {day}, {post}, due {due}; it can still go out until {latest}"
POST_HIDDEN = "a post under embargo; campaign status names it"
ONE_HIDDEN, SEVERAL_HIDDEN = "a post under embargo", "{count} posts under embargo"
POSTS, ACCOUNTS = "{count} posts", "{count} accounts"
ONE_ACCOUNT = "1 account"
RESOLVE, HISTORY = "campaign resolve {key}", "campaign history {key}"
APPROVE = "campaign approve {post}"
#: The yeses that are lacking; of one, and of more.
ONE_YES, YESES = "one more yes is needed", "{count} more yeses are needed"
WORDS_MISSING, WORDS_UNREAD = "{language}: words are missing", "{language}: nobody has reviewed it"
HELPLINE, CONSENT_ENDS = "helpline {about}", "consent {about} ends on {until}"
CONSENT_ENDED = "consent {about} ended on {until}"
#: Of posts that are public already.
CONSENT_PUBLIC_SUBJECT = "Consent runs out: {what} is public on {where}"
WITHDRAW = "campaign withdraw {about}"
ACCOUNT = "{account}: nothing is planned for it now"
ACCOUNT_IN_TIME = "{account}: {posts} planned, the next one can go out until {latest}"
ONE_POST = "1 post"
LOGIN, RELEASE = "campaign login {account}", "campaign release {account}"
DIES, DIED = "{account}: dies on {until}; {posts} planned for later", "{account}: died on {until}"
SIGNED_OUT = "{account}: its platform renews the token no more; {posts} planned"
LEFT = MappingProxyType(
    {
        "14d": "in two weeks",
        "7d": "within a week",
        "2d": "within two days",
        "1d": "within a day",
        "dead": "its token is dead",
    }
)
ERROR = "{place}  {code}"
NOT_TAKEN_UP_SUBJECT = "The calendar is not taken up: {place}"
NOT_TAKEN_UP = (
    "The newest version is not taken up: the one before goes on, and no edit counts until this is "
    "mended."
)
ONE_DUE, DUE = "1 delivery was due on {day} by now", "{count} deliveries were due on {day} by now"
ROOM = "{free} are left where {folder} lies"

DIGEST_SUBJECT, DIGEST_ONE = "Tomorrow, {day}: {count} posts", "Tomorrow, {day}: 1 post"
DIGEST_NONE = "Tomorrow, {day}: nothing is planned"
DIGEST_LINE = "{hour}  {post}  on {accounts}"
DIGEST_KEYS = "A delivery's key is {campaign}/post/account/part."
DIGEST_OPEN, DIGEST_ALL_WELL = "Open now: {told}", "Nothing else needs you."

TEST_SUBJECT = "Test: alerts of {title} reach you"
TEST = (
    "Nothing needs you now. The calendar names this address below alerts, to, as {name}: when "
    "something needs a person, it is told here."
)
QUIET = "In the quiet hours ({begin} to {end}) only what would be too late afterwards is told."
