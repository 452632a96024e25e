"""What is unconfirmed: looked for at its platform until it is found, or proved absent."""

from __future__ import annotations

import logging
from datetime import timedelta

from scheduler.model import State
from scheduler.platforms import Absent, Finding, Found, Staged, Unknown
from scheduler.publishing.in_hand import InHand, pause_after, words_of

log = logging.getLogger(__name__)

#: So long after its grace an unconfirmed delivery is looked for; then it is left to a person.
LOOKED_FOR = timedelta(days=1)


def look_for(hand: InHand) -> None:
    """Found, proved absent, or looked for again; after a day it is left to a person."""
    finding = _finding(hand)
    match finding:
        case Found():
            hand.published(finding.receipt)
        case Absent() if hand.late:
            hand.move(State.MISSED, f"not public, and too late by now: {finding.reason}")
        case Absent():
            hand.move(State.PLANNED, finding.reason, look_at=max(hand.now, hand.entry.due), tries=0)
        case Unknown() if hand.now > hand.entry.latest + LOOKED_FOR:
            log.warning(
                "%s is left to a person: %s",
                hand.entry.key,
                finding.reason,
                extra={"action": "unconfirmed", "key": hand.entry.key},
            )
            hand.postpone(None, finding.reason)
        case Unknown():
            hand.postpone(hand.now + pause_after(hand.entry.tries), finding.reason)


def _finding(hand: InHand) -> Finding:
    attempt = hand.last_attempt()
    platform = hand.platform
    if platform is None or attempt is None or attempt.request is None:
        return Unknown(reason="its account is no longer in the calendar")
    staged = Staged(request=attempt.request)
    try:
        identity = hand.edition.identity(hand.entry.account)
        if identity != attempt.identity:
            return Unknown(reason=f"it was sent as {attempt.identity}, and this is {identity}")
        since = attempt.armed_at or hand.entry.due
        return platform.find(staged, key=hand.entry.key, since=since)
    except Exception as error:  # noqa: BLE001 (a question that fails answers nothing)
        return Unknown(reason=words_of(error))
