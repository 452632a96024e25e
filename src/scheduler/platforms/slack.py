"""A channel on Slack, over an incoming webhook.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks

The webhook's address is the secret. It can post and do nothing else: what was posted cannot be
looked for, answered or taken down. Pictures are fetched from a public address whenever somebody
reads the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape
from types import MappingProxyType
from typing import Any, ClassVar

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, Ending, NotSent
from scheduler.model import Account, Bucket, Draft, DraftPicture, Measure, Receipt, Size
from scheduler.platforms.addresses import refuse_bad_server, sandboxed, server_problems
from scheduler.platforms.calling import OK, Answer, Server, refusal
from scheduler.platforms.counting import utf16_units
from scheduler.platforms.facets import bare
from scheduler.platforms.measuring import measures
from scheduler.platforms.options import option_problems, secret_problems
from scheduler.platforms.pictures import content, file_name
from scheduler.platforms.protocol import (
    NOWHERE,
    OVER_THE_NETWORK,
    Cap,
    Finding,
    Identity,
    Limits,
    MediaHost,
    Option,
    Staged,
    Tokens,
    Unknown,
)
from scheduler.platforms.wording import in_words

#: https://docs.slack.dev/reference/block-kit/blocks/image-block
LIMITS = Limits(
    page="https://docs.slack.dev/reference/block-kit/blocks",
    text=3000,  # what a section takes; for rich text Slack names no number
    text_unit="UTF-16 units",
    pictures=10,
    alt=2000,
    picture_bytes=2_000_000,  # Slack names no number; so much it is known to show
    card=Size(width=1080, height=1350),
    notes=False,
    languages=False,
)

SERVER = "https://hooks.slack.com"
#: Where people read a workspace.
SITE = "https://app.slack.com/client"

_WEBHOOK = re.compile(
    r"https://hooks\.slack\.com/services/(?P<team>T\w{2,30})/(?P<hook>B\w{2,30})/(?P<token>\w{8,80})"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_CODE = re.compile(rb"[a-z_]{2,60}")
_MOVED = range(300, 400)
_BAD_REQUEST = 400
#: What Slack answers to a message of no words, once it knows whose webhook it is.
_NO_TEXT = b"no_text"
#: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
_OF_THE_ACCOUNT = frozenset(
    {
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "invalid_token",
        "no_active_hooks",
        "no_service",
        "no_service_id",
        "no_team",
        "posting_to_general_channel_denied",
        "team_disabled",
        "user_not_found",
    }
)


class Slack:
    """One channel, and the webhook that posts in it."""

    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "server": Option(meaning="another address than Slack's own"),
            "sandbox": Option(
                meaning="true for a stand-in server on this machine", choices=("true", "false")
            ),
        }
    )
    secrets: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"webhook": "the address of the channel's webhook: whoever knows it may post there"}
    )
    in_flight: ClassVar[timedelta] = OVER_THE_NETWORK
    caps: ClassVar[tuple[Cap, ...]] = (
        Cap(
            posts=60,
            window=timedelta(minutes=1),
            page="https://docs.slack.dev/apis/web-api/rate-limits",
        ),
    )
    fetches_pictures: ClassVar[bool] = True

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost = NOWHERE) -> None:
        self.limits = LIMITS
        self._account = account
        self._tokens = tokens
        self._host = host
        self._server = Server(account.options.get("server") or SERVER)

    @classmethod
    def problems(cls, account: Account) -> tuple[tuple[str, str], ...]:
        """What is wrong with the account's options and secrets: (name, message)."""
        return (
            *option_problems(account, cls.options),
            *_hosting_problems(account),
            *server_problems(account, SERVER),
            *(() if sandboxed(account) else secret_problems(account, cls.secrets)),
        )

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        """Text with its note, number of pictures, and each picture's alt text and size."""
        words = utf16_units(in_words(draft, self.limits))
        return measures(draft, self.limits, text=words, alt=utf16_units)

    def cost(self, draft: Draft) -> int:
        """Nothing."""
        del draft
        return 0

    def whoami(self) -> Identity:
        """The webhook, proved by a message without words, which Slack refuses to post."""
        team, hook, _ = self._webhook()
        answer = self._ask({"text": ""})
        if answer.status != _BAD_REQUEST or answer.body.strip() != _NO_TEXT:
            raise _refused(answer) or Ambiguous(
                f"{answer.host} did not refuse a message of no words"
            )
        return Identity(id=f"{team}/{hook}", name="a webhook", url=self._site(team))

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Put the pictures where Slack can fetch them."""
        del due, reply_to  # it is dated by Slack's own clock, and stands below what it follows
        for number, picture in enumerate(draft.pictures, 1):
            file_name(number, picture)
            content(number, picture)
        words = in_words(draft, self.limits)
        return Staged(
            request={
                "text": escape(words, quote=False),
                "blocks": [_said(words), *map(self._shown, draft.pictures)],
            }
        )

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """One message. Slack answers "ok", and not which it has become.

        So the name of its first block, which nobody sees, is made of the key, and is its receipt.
        """
        name = sha256(key.encode()).hexdigest()[:32]
        blocks = [
            {**block, "block_id": f"{name}-{number}"}
            for number, block in enumerate(staged.request["blocks"], 1)
        ]
        answer = self._ask({"text": staged.request["text"], "blocks": blocks}, fresh=True)
        if _unfetched(answer, blocks):
            raise NotSent(
                f"{answer.host} did not take the message; it may not have the pictures yet"
            )
        if ending := _refused(answer):
            raise ending
        return Receipt(id=blocks[0]["block_id"], url=self._site(self._webhook()[0]))

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """Nobody can tell: a webhook cannot read its channel."""
        del staged, key, since
        return Unknown(reason="Slack shows no webhook what stands in its channel: look there")

    def withdraw(self, receipt: Receipt) -> None:
        """Only a person can."""
        raise AccountRefused(
            f"a webhook of Slack takes nothing back: delete the message by hand, at {receipt.url}"
        )

    def standing(self, *, since: datetime) -> None:
        """Nobody can look: a webhook cannot read its channel."""
        del since

    def _shown(self, picture: DraftPicture) -> dict[str, Any]:
        address = self._host.address(picture)
        return {"type": "image", "image_url": address, "alt_text": picture.alt}

    def _ask(self, said: Mapping[str, Any], *, fresh: bool = False) -> Answer:
        refuse_bad_server(self._account, SERVER)
        team, hook, token = self._webhook()
        path = f"/services/{team}/{hook}/{token}"
        return self._server.ask(
            "POST", path, fresh=fresh, signed=False, hidden=(token,), json=dict(said)
        )

    def _webhook(self) -> tuple[str, str, str]:
        found = _WEBHOOK.fullmatch(self._tokens.read("webhook"))
        if found is None:
            raise AccountRefused(
                "the webhook is none of Slack's; the app's settings show its address: "
                "https://hooks.slack.com/services/…"
            )
        return found["team"], found["hook"], found["token"]

    def _site(self, team: str) -> str:
        return f"{self._server.address if sandboxed(self._account) else SITE}/{team}"


def _hosting_problems(account: Account) -> Iterator[tuple[str, str]]:
    hosting = account.hosting
    if isinstance(hosting, Bucket) and not hosting.address:
        message = (
            "gives addresses that are good for a day, and Slack's readers fetch pictures whenever "
            "they read: write its address"
        )
        yield "hosting", message


def _said(words: str) -> dict[str, Any]:
    """Words and addresses, so that no sign of them is taken for markup.

    https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
    """
    section = {"type": "rich_text_section", "elements": list(_elements(words))}
    return {"type": "rich_text", "elements": [section]}


def _elements(words: str) -> Iterator[dict[str, str]]:
    done = 0
    for found in _ADDRESS.finditer(words):
        address = bare(found[0])
        if found.start() > done:
            yield {"type": "text", "text": words[done : found.start()]}
        yield {"type": "link", "url": address}
        done = found.start() + len(address)
    if done < len(words):
        yield {"type": "text", "text": words[done:]}


def _unfetched(answer: Answer, blocks: Sequence[Mapping[str, Any]]) -> bool:
    """Whether nothing was posted, maybe for a picture that could not be fetched just then.

    Slack has one word for this and for blocks of a wrong form. Ours are of the right one.
    """
    refused = answer.status == _BAD_REQUEST and answer.body.strip() == b"invalid_blocks"
    return refused and any(block["type"] == "image" for block in blocks)


def _refused(answer: Answer) -> Ending | None:
    """How a call ended; Slack says why in a word, and not in JSON."""
    body = answer.body.strip()
    code = body.decode() if _CODE.fullmatch(body) else ""
    told = f"{answer.host} answered {answer.status}" + (f": {code}" if code else "")
    if answer.status in OK:
        return None if body == b"ok" else Ambiguous(f"{told}, and not ok")
    if answer.status in _MOVED:
        return AccountRefused(f"{told}: it leads elsewhere")
    if code in _OF_THE_ACCOUNT:
        return AccountRefused(told)
    ending = refusal(answer)
    return type(ending)(told) if isinstance(ending, AccountRefused | ContentRejected) else ending
