"""What the ways with a code have in common: https://www.rfc-editor.org/rfc/rfc6749#section-4.1"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from scheduler.errors import AccountRefused, ContentRejected
from scheduler.platforms.answers import object_of
from scheduler.platforms.calling import Answer, accepted

#: No page of a platform says more than this of why somebody came back without a code.
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Shows that who brings a code is who asked for it: https://www.rfc-editor.org/rfc/rfc7636"""

    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)

    @property
    def challenge(self) -> str:
        digest = sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def page(address: str, **parameters: str) -> str:
    """A platform's page with what is asked for; what is empty is left out."""
    return f"{address}?{urlencode({name: said for name, said in parameters.items() if said})}"


def code_in(said: Mapping[str, str]) -> str:
    """The code that came back. Raises `AccountRefused` where there is none."""
    if error := said.get("error"):
        why = said.get("error_description") or said.get("error_reason") or error
        raise AccountRefused(f"the platform was told no, or said no: {why[:_LONGEST]}")
    # Instagram ends it with this: https://developers.facebook.com/docs/instagram-platform
    code = said.get("code", "").removesuffix("#_")
    if not code:
        raise AccountRefused("what came back holds no code: begin again")
    return code


def pasted(text: str, *, state: str, alone: bool) -> str:
    """The code in what a person has pasted: an address, or where it may be `alone`, just that."""
    text = text.strip()
    if "://" in text or "code=" in text or "error=" in text:
        said = dict(parse_qsl(urlsplit(text).query or text.partition("?")[2] or text))
        if not hmac.compare_digest(said.get("state", "").encode(), state.encode()):
            raise AccountRefused(
                "this address is not the answer to what was asked from here (wrong state): "
                "begin again, and paste the whole address"
            )
        return code_in(said)
    if alone and text:
        return text
    raise AccountRefused("paste the whole address that the browser shows, from https:// to its end")


def granted(answer: Answer) -> Mapping[str, Any]:
    """What a platform gives for a code. A refusal is about who signs in, never about words."""
    try:
        return object_of(accepted(answer).as_given())
    except ContentRejected as ending:
        raise AccountRefused(str(ending)) from None


def given(said: Mapping[str, Any], name: str, host: str) -> str:
    """A text that must be there; it is not shown where it is not."""
    found = said.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str) or not found:
        raise AccountRefused(f"{host} gave no {name}: begin again")
    return found


def end_of(said: Mapping[str, Any], name: str, now: datetime) -> datetime | None:
    """When something ends that is good for so many seconds; None where nobody says."""
    seconds = said.get(name)
    if isinstance(seconds, str) and seconds.isdecimal():
        seconds = int(seconds)
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds <= 0:
        return None
    return now + timedelta(seconds=min(seconds, _LONGEST_LIFE))


#: Ten years; whoever says more means never, and has no calendar that long.
_LONGEST_LIFE = 10 * 365 * 86_400


def scopes_in(said: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    """What was granted: a list, or words between spaces or commas."""
    for name in names:
        found = said.get(name)
        if isinstance(found, list):
            return tuple(str(each) for each in found)
        if isinstance(found, str):
            return tuple(found.replace(",", " ").split())
    return ()


def refuse_missing(scopes: tuple[str, ...], needed: tuple[str, ...]) -> None:
    """Somebody may untick a right on the platform's page."""
    missing = [each for each in needed if scopes and each not in scopes]
    if missing:
        raise AccountRefused(
            f"these rights were not given on the platform's page: {', '.join(missing)}; begin "
            "again, and leave them ticked"
        )
