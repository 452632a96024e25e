"""A channel on Discord, over a webhook.

https://discord.com/developers/docs/resources/webhook

The webhook's address is the secret. It can post, and delete what it posted, and read nothing: what
became of a request whose answer was lost, only a person can see. Nothing is said to answer another
message; the parts of a thread follow each other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import quote

from scheduler.errors import AccountRefused, Ambiguous, Ending, RateLimited
from scheduler.model import Account, Draft, Measure, Receipt, Size
from scheduler.platforms.addresses import refuse_bad_server, sandboxed, server_problems
from scheduler.platforms.answers import filled_text, object_if_any, object_of
from scheduler.platforms.calling import Answer, Server, refusal
from scheduler.platforms.counting import utf16_units
from scheduler.platforms.markdown import literal
from scheduler.platforms.measuring import measures
from scheduler.platforms.options import option_problems, secret_problems
from scheduler.platforms.pictures import content, file_name, frozen, thawed
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

#: https://discord.com/developers/docs/resources/webhook#execute-webhook
LIMITS = Limits(
    page="https://discord.com/developers/docs/resources/webhook#execute-webhook",
    text=2000,
    text_unit="UTF-16 units",
    pictures=10,
    alt=1024,
    picture_bytes=10_000_000,  # 10 MiB where nobody has paid for more
    card=Size(width=1080, height=1350),
    notes=False,
    languages=False,
)

SERVER = "https://discord.com"
_PATH = "/api/v10/webhooks"

_WEBHOOK = re.compile(
    r"https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/"
    r"(?P<id>\d{5,20})/(?P<token>[\w-]{20,100})/?"
)
_NOT_FOUND = 404
_MOVED = range(300, 400)
#: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_UNKNOWN_MESSAGE = 10008
#: Seconds. Whoever says more is not to be taken at their word.
_LONGEST_WAIT = 86_400.0


class Discord:
    """One channel, and the webhook that posts in it."""

    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "server": Option(meaning="another address than Discord's own"),
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
            posts=30,
            window=timedelta(minutes=1),
            page="https://discord.com/developers/docs/topics/rate-limits",
        ),
    )
    fetches_pictures: ClassVar[bool] = False

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost = NOWHERE) -> None:
        del host  # it takes the bytes themselves
        self.limits = LIMITS
        self._account = account
        self._tokens = tokens
        self._place = ""
        self._server = Server(account.options.get("server") or SERVER)

    @classmethod
    def problems(cls, account: Account) -> tuple[tuple[str, str], ...]:
        """What is wrong with the account's options and secrets: (name, message)."""
        return (
            *option_problems(account, cls.options),
            *server_problems(account, SERVER),
            *(() if sandboxed(account) else secret_problems(account, cls.secrets)),
        )

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        """Text with its note, number of pictures, and each picture's alt text and size.

        What keeps a sign from being taken for markup counts as well.
        """
        words = utf16_units(literal(in_words(draft, self.limits)))
        return measures(draft, self.limits, text=words, alt=len)

    def cost(self, draft: Draft) -> int:
        """Nothing."""
        del draft
        return 0

    def whoami(self) -> Identity:
        """The channel that the webhook posts in.

        https://discord.com/developers/docs/resources/webhook#get-webhook-with-token
        """
        said = object_of(_accepted(self._ask("GET", "")))
        channel = filled_text(said, "channel_id")
        site = self._server.address if sandboxed(self._account) else SERVER
        self._place = f"{site}/channels/{quote(filled_text(said, 'guild_id'))}/{quote(channel)}"
        name = str(said.get("name") or "a webhook")
        return Identity(id=channel, name=name, url=self._place)

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Make sure of the pictures: they leave with the post, since nothing can be sent before."""
        del due, reply_to  # it is dated by its own clock, and stands below what it follows
        for number, picture in enumerate(draft.pictures, 1):
            file_name(number, picture)
            content(number, picture)
        if not self._place:
            self.whoami()
        return Staged(
            request={
                "text": literal(in_words(draft, self.limits)),
                "pictures": [frozen(picture) for picture in draft.pictures],
                "covered": bool(draft.note),
                "place": self._place,
            }
        )

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """https://discord.com/developers/docs/resources/webhook#execute-webhook

        Discord knows no keys of ours. Without `wait` it would not say what became of it.
        """
        del key
        request = staged.request
        files = [thawed(number, kept) for number, kept in enumerate(request["pictures"], 1)]
        said = {
            "content": request["text"],
            "allowed_mentions": {"parse": []},  # no words of ours ring anybody
            "attachments": [
                _attachment(number, file[0], kept["alt"], covered=request["covered"])
                for number, (file, kept) in enumerate(zip(files, request["pictures"], strict=True))
            ],
        }
        form = {f"files[{number}]": file for number, file in enumerate(files)}
        body: dict[str, Any] = (
            {"data": {"payload_json": json.dumps(said)}, "files": form} if form else {"json": said}
        )
        answer = self._ask("POST", "", fresh=True, params={"wait": "true"}, **body)
        id_ = filled_text(object_of(_accepted(answer)), "id")
        return Receipt(id=id_, url=f"{request['place']}/{quote(id_)}")

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """Nobody can tell: a webhook cannot read its channel."""
        del key, since
        return Unknown(
            reason=f"Discord shows no webhook what stands there: look at {staged.request['place']}"
        )

    def withdraw(self, receipt: Receipt) -> None:
        """https://discord.com/developers/docs/resources/webhook#delete-webhook-message"""
        answer = self._ask("DELETE", f"/messages/{quote(receipt.id, safe='')}")
        gone = object_if_any(answer).get("code") == _UNKNOWN_MESSAGE
        if not (answer.status == _NOT_FOUND and gone):
            _accepted(answer)

    def standing(self, *, since: datetime) -> None:
        """Nobody can look: a webhook cannot read its channel."""
        del since

    def _ask(self, method: str, path: str, *, fresh: bool = False, **request: Any) -> Answer:
        refuse_bad_server(self._account, SERVER)
        id_, token = self._webhook()
        address = f"{_PATH}/{id_}/{token}{path}"
        return self._server.ask(
            method, address, fresh=fresh, signed=False, hidden=(token,), **request
        )

    def _webhook(self) -> tuple[str, str]:
        found = _WEBHOOK.fullmatch(self._tokens.read("webhook"))
        if found is None:
            raise AccountRefused(
                "the webhook is none of Discord's; the channel's settings show its address: "
                "https://discord.com/api/webhooks/…"
            )
        return found["id"], found["token"]


def _attachment(number: int, name: str, alt: str, *, covered: bool) -> dict[str, Any]:
    return {
        "id": number,
        "filename": name,
        **({"description": alt} if alt else {}),
        **({"is_spoiler": True} if covered else {}),
    }


def _accepted(answer: Answer) -> Answer:
    """The answer, if it is a good one; otherwise raises its ending."""
    if ending := _refused(answer):
        raise ending
    return answer


def _refused(answer: Answer) -> Ending | None:
    ending = refusal(answer)
    if answer.status in _MOVED:
        return AccountRefused(f"{answer.host} answered {answer.status}: it leads elsewhere")
    if isinstance(ending, RateLimited):
        wait = object_if_any(answer).get("retry_after")
        if isinstance(wait, int | float) and not isinstance(wait, bool):
            return RateLimited(str(ending), retry_after=min(max(0.0, wait), _LONGEST_WAIT))
    if isinstance(ending, Ambiguous) or ending is None:
        return ending
    code = object_if_any(answer).get("code")
    return type(ending)(f"{ending} ({code})") if isinstance(code, int) else ending
