"""What a report says besides numbers: whole sentences, with names for what varies."""

from __future__ import annotations

#: Stands for the name of a person: who did what is kept in the ledger, and shown to nobody else.
SOMEBODY = "[somebody]"
OWN = "The campaign itself"
IN_A_FOLDER = "(in a folder of the campaign)"
UNDER_EMBARGO = "(under embargo)"
EMBARGO = "under embargo"

ABOUT = (
    "This report says what the ledger {ledger} knew on {day} at {hour} ({zone}), and nothing that "
    "came later."
)
CANNOT_KNOW = """\
What is unconfirmed may be public or not: the platform gave no answer that proves either.
What was posted by hand is known by the link that somebody sent. Nobody has opened it for this \
report, and the hour was not asked for.
What was handed over and is not confirmed may be public as well: nobody has said so yet.
A post that its platform, or somebody with the password, took down later is still counted as \
published.
How many people saw a post, answered it or passed it on is known to the platforms alone.
Posts that were made besides this calendar are not in the ledger, and not here.
What is kept in a folder is the campaign's own copy: the public does not see it.
Reasons are as they were noted. The names of staff that the ledger knows are left out; a name that \
somebody wrote into a reason, and that decides nothing there, would not be recognised.
""".splitlines()
EMBARGOED = (
    "{count} are of posts under embargo, which are counted, and neither named nor described."
)
UNREAD = (
    "The files {files} could not be read: of these organisations names, countries and hours may be "
    "missing."
)
NO_LEDGER = "nothing has run yet, so there is nothing to report"
