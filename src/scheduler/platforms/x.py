"""X, over its API v2.

https://docs.x.com/x-api/posts/manage-tweets/introduction

X has no content note and no field for a language. A post's note is therefore the first paragraph
of its text, where it is counted, and the language is said to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar
from unicodedata import normalize
from urllib.parse import quote, unquote

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, Ending, NotSent
from scheduler.model import (
    Account,
    Comments,
    Draft,
    DraftPicture,
    Measure,
    Receipt,
    Size,
    Standing,
)
from scheduler.platforms.addresses import refuse_bad_server, sandboxed, server_problems
from scheduler.platforms.answers import filled_text, moment, object_if_any, objects
from scheduler.platforms.calling import Answer, Server, Signature, allowance, refusal
from scheduler.platforms.counting import x_length, x_links
from scheduler.platforms.measuring import measures
from scheduler.platforms.options import option_problems, secret_problems
from scheduler.platforms.pictures import content, file_name
from scheduler.platforms.protocol import (
    NOWHERE,
    OVER_THE_NETWORK,
    Absent,
    Cap,
    Finding,
    Found,
    Identity,
    Limits,
    MediaHost,
    Option,
    Staged,
    Tokens,
    Unknown,
)
from scheduler.platforms.wording import with_note

if TYPE_CHECKING:
    from scheduler.platforms.x_wire import Client

#: https://docs.x.com/fundamentals/counting-characters, https://docs.x.com/x-api/media/introduction
LIMITS = Limits(
    page="https://docs.x.com/fundamentals/counting-characters",
    text=280,
    text_unit="weighted characters",
    pictures=4,
    alt=1000,
    picture_bytes=5_000_000,  # "5 MB"; it may mean more
    card=Size(width=1080, height=1350),
    notes=False,
    languages=False,
)

SERVER = "https://api.x.com"
#: Where people read the posts.
SITE = "https://x.com"

#: In thousandths of a US dollar: https://docs.x.com/x-api/getting-started/pricing
POST_COST = 15
POST_WITH_LINK_COST = 200
ALT_TEXT_COST = 5

#: How far our clock and X's may differ before `find` overlooks a post without pictures.
CLOCK_MARGIN = timedelta(minutes=10)
#: So much further it looks for our pictures, which no clock of ours can make it overlook: X forgets
#: an upload after a day, so no older post can hold it.
MEDIA_LIFE = timedelta(days=1)
#: https://docs.x.com/x-api/users/get-posts: at most 100 posts in one answer.
PAGE = 100
#: More than 1,000 posts since one was sent is no account of ours.
PAGES = 10

_NOT_FOUND = 404
_FORBIDDEN = 403
_TOO_MANY = 429

#: What X says with 403 of a post, in any case. Its v2 errors have no codes: `type` is about:blank.
_DUPLICATE = "duplicate content"
_REFUSED_WORDS = (
    "reply to this conversation is not allowed",
    "attempted to reply to a",  # … that is deleted or not visible to you
    "cashtag",
    "invalid url",
    "not permitted to perform this action",  # too long, among others
    "too long",
)
#: A problem that is not of the words has a page of its own instead.
_UNTYPED = ("", "about:blank")
_CAPPED = "usage-capped"
#: Who may answer, for what the calendar says. Nobody at all cannot be said: only who is mentioned.
_REPLY_SETTINGS: Mapping[Comments, str | None] = MappingProxyType(
    {Comments.OFF: "mentionedUsers", Comments.LIMITED: "following", Comments.ON: None}
)
_OF_PICTURES = re.compile(r"/status/\d+/(?:photo|video)/\d+$")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_FIELDS = ["attachments", "created_at", "entities", "referenced_tweets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Upload:
    """A picture at X; a post may hold it only when it is `ready`."""

    id: str
    #: Under which the post that holds it names it, or "" where X did not say.
    key: str
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """What `find` needs to know of a post that stands on the account."""

    receipt: Receipt
    created_at: datetime
    media_keys: frozenset[str]
    reply_to: str | None
    #: As a reader sees it, with the addresses that were written.
    text: str


class X:
    """One account."""

    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "handle": Option(
                meaning="the account's name, without @; a token of another is refused"
            ),
            "budget": Option(meaning="how much its posts may cost in all, in US dollars"),
            "server": Option(meaning=f"the API's address, where it is not {SERVER}"),
            "sandbox": Option(
                meaning="true for a stand-in server on this machine", choices=("true", "false")
            ),
        }
    )
    secrets: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "consumer_key": "the app's API key",
            "consumer_secret": "the app's API key secret",
            "access_token": "the account's access token, made after the app got read and write",
            "access_token_secret": "the secret of that access token",
        }
    )
    in_flight: ClassVar[timedelta] = OVER_THE_NETWORK
    #: Two pages of X say different numbers; both are kept to.
    caps: ClassVar[tuple[Cap, ...]] = (
        Cap(
            posts=100,
            window=timedelta(minutes=15),
            page="https://docs.x.com/x-api/fundamentals/rate-limits",
        ),
        Cap(
            posts=300,
            window=timedelta(hours=3),
            page="https://docs.x.com/x-api/posts/manage-tweets/integrate",
        ),
    )
    fetches_pictures: ClassVar[bool] = False

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost = NOWHERE) -> None:
        del host  # it takes the bytes themselves
        self.limits = LIMITS
        self._account = account
        self._tokens = tokens
        self._handle = account.options.get("handle", "").removeprefix("@")
        self._unfinished: dict[tuple[str, str], str] = {}
        self._duplicates: set[str] = set()
        self._server = Server(account.options.get("server") or SERVER, sign=self._signature)

    @classmethod
    def problems(cls, account: Account) -> tuple[tuple[str, str], ...]:
        """What is wrong with the account's options and secrets: (name, message)."""
        return (
            *option_problems(account, cls.options),
            *_budget_problems(account),
            *server_problems(account, SERVER),
            *(() if sandboxed(account) else secret_problems(account, cls.secrets)),
        )

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        """Text with its note, number of pictures, and each picture's alt text and size."""
        # X counts an alt text in code points, not as a reader sees them.
        return measures(draft, self.limits, text=x_length(with_note(draft)), alt=len)

    def cost(self, draft: Draft) -> int:
        """The post, dearer with an address in it, and the alt text of each picture.

        A bare domain becomes a link as well, and is taken for one.
        """
        post = POST_WITH_LINK_COST if any(x_links(with_note(draft))) else POST_COST
        return post + ALT_TEXT_COST * sum(bool(picture.alt) for picture in draft.pictures)

    def whoami(self) -> Identity:
        """https://docs.x.com/x-api/users/get-my-user"""
        answer = self._client().get_me()
        said = _object(answer)
        scopes = _rights(answer)
        name = filled_text(said, "username")
        wanted = self._account.options.get("handle", name).removeprefix("@")
        if name.casefold() != wanted.casefold():
            raise AccountRefused(f"the token belongs to @{name}, and the handle is @{wanted}")
        self._handle = name
        return Identity(
            id=filled_text(said, "id"),
            name=f"@{name}",
            url=f"{self._site}/{quote(name)}",
            scopes=scopes,
        )

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Upload the pictures, then say what they show; `NotSent` while X still works on them.

        A repeat uploads again; what is never used, X forgets after a day.
        """
        del due  # X dates a post by its own clock
        if not self._handle:
            self.whoami()
        uploads = self._uploaded(draft)
        # A conversation has one setting, and its first post makes it.
        answers = None if reply_to else _REPLY_SETTINGS[draft.comments]
        return Staged(
            request={
                "text": with_note(draft),
                **({"media_ids": [each.id for each in uploads]} if uploads else {}),
                **({"in_reply_to_tweet_id": reply_to.id} if reply_to else {}),
                **({"reply_settings": answers} if answers else {}),
                **({"media_keys": [each.key for each in uploads if each.key]} if uploads else {}),
                "handle": self._handle,
            }
        )

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """https://docs.x.com/x-api/posts/create-post

        X does not know our keys. It refuses words that stand on the account already, without
        saying where. Either an earlier request of ours has arrived after all, or somebody else
        said them first; in both cases nothing but a look at the account can tell, and these words
        must not go out again. So the ending is `Ambiguous`, and from then on `find` never calls
        the post absent.
        """
        del key
        request = dict(staged.request)
        handle, _ = request.pop("handle"), request.pop("media_keys", None)
        answer = self._client().create_tweet(**request)
        if answer.status == _FORBIDDEN and _DUPLICATE in answer.reason.casefold():
            self._duplicates.add(request["text"])
            raise Ambiguous(f"{answer.host} says that these words stand there already")
        id_ = filled_text(_object(answer), "id")
        return Receipt(id=id_, url=self._address(handle, id_), allowance=allowance(answer.headers))

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """Read back what the account has posted. Absent only when all of it was read."""
        del key  # X does not know it
        try:
            return self._search(staged.request, since - CLOCK_MARGIN)
        except Ending as ending:
            return Unknown(reason=str(ending))

    def withdraw(self, receipt: Receipt) -> None:
        """https://docs.x.com/x-api/posts/delete-post"""
        answer = self._client().delete_tweet(quote(receipt.id, safe=""))
        if answer.status != _NOT_FOUND and not _object(answer).get("deleted"):
            raise Ambiguous(f"{answer.host} did not say that the post is deleted")

    def standing(self, *, since: datetime) -> tuple[Standing, ...]:
        """What the account has posted, as the public reads it."""
        return tuple(
            Standing(receipt=post.receipt, text=post.text, published_at=post.created_at)
            for post in self._newest_first(since)
            if post.created_at >= since
        )

    def _signature(self) -> Signature:
        from scheduler.platforms.x_wire import signature  # noqa: PLC0415 (slow to load)

        return signature(self._tokens)

    def _client(self) -> Client:
        """tweepy, once it is certain that its requests go where the account says."""
        from scheduler.platforms.x_wire import Client  # noqa: PLC0415 (slow to load)

        refuse_bad_server(self._account, SERVER)
        return Client(self._server)

    def _ask(self, method: str, path: str, **request: Any) -> Answer:
        """A signed request that tweepy does not know."""
        refuse_bad_server(self._account, SERVER)
        return self._server.ask(method, path, **request)

    @property
    def _site(self) -> str:
        """A stand-in's posts stand nowhere on x.com."""
        return self._server.address if sandboxed(self._account) else SITE

    def _address(self, handle: str, id_: str) -> str:
        return f"{self._site}/{quote(handle)}/status/{quote(id_, safe='')}"

    def _uploaded(self, draft: Draft) -> list[_Upload]:
        """Upload the pictures, or go on with those that X had not finished."""
        names = [(picture.digest, picture.alt) for picture in draft.pictures]
        uploads = [
            self._earlier(name) or self._upload(number, picture)
            for number, (name, picture) in enumerate(zip(names, draft.pictures, strict=True), 1)
        ]
        if not all(upload.ready for upload in uploads):
            ids = (upload.id for upload in uploads)
            self._unfinished.update(zip(names, ids, strict=True))
            raise NotSent(f"{self._server.host} is still working on the pictures")
        for upload, picture in zip(uploads, draft.pictures, strict=True):
            self._describe(upload, picture.alt)
        return uploads

    def _earlier(self, name: tuple[str, str]) -> _Upload | None:
        id_ = self._unfinished.pop(name, None)
        return self._looked_at(id_) if id_ else None

    def _upload(self, number: int, picture: DraftPicture) -> _Upload:
        """https://docs.x.com/x-api/media/upload-media"""
        file = (file_name(number, picture), content(number, picture), picture.media_type)
        answer = self._ask(
            "POST",
            "/2/media/upload",
            files={"media": file},
            data={"media_category": "tweet_image"},
        )
        upload = _upload(_object(answer))
        return upload if upload.ready else self._looked_at(upload.id) or upload

    def _looked_at(self, id_: str) -> _Upload | None:
        """How far X is with a picture, or None when it has forgotten it.

        https://docs.x.com/x-api/media/get-media-upload-status
        """
        query = {"command": "STATUS", "media_id": id_}
        answer = self._ask("GET", "/2/media/upload", params=query)
        return None if answer.status == _NOT_FOUND else _upload(_object(answer))

    def _describe(self, upload: _Upload, alt: str) -> None:
        """https://docs.x.com/x-api/media/create-media-metadata"""
        if not alt:
            return
        said = {"id": upload.id, "metadata": {"alt_text": {"text": alt}}}
        _object(self._ask("POST", "/2/media/metadata", json=said))

    def _search(self, request: Mapping[str, Any], horizon: datetime) -> Finding:
        """Pictures decide: their keys are ours alone. Only then are the words looked at."""
        media_keys = frozenset(request.get("media_keys", ()))
        posts = list(self._newest_first(horizon - MEDIA_LIFE))
        for post in posts:
            if post.media_keys & media_keys:
                return Found(receipt=post.receipt)
        for post in posts:
            if post.created_at >= horizon and _says_the_same(post, request):
                if request.get("media_ids") or post.media_keys:
                    return Unknown(reason=f"{post.receipt.url} says the same with other pictures")
                return Found(receipt=post.receipt)
        since = f"since {horizon:%d %B %H:%M %Z}"
        if request["text"] in self._duplicates:
            return Unknown(
                reason=f"{self._server.host} says that these words stand on the account already, "
                f"and they are not among its posts {since}"
            )
        return Absent(reason=f"not among the account's posts on {self._server.host} {since}")

    def _newest_first(self, horizon: datetime) -> Iterator[_Post]:
        """The account's own posts since then: https://docs.x.com/x-api/users/get-posts"""
        me = self.whoami()
        query: dict[str, Any] = {}
        for _ in range(PAGES):
            answer = self._client().get_users_tweets(
                me.id,
                start_time=horizon,
                max_results=PAGE,
                exclude=["retweets"],
                tweet_fields=_FIELDS,
                user_auth=True,
                **query,
            )
            page, following = _timeline(answer)
            for said in page:
                yield self._post(said)
            if not following:
                return
            query = {"pagination_token": following}
        raise Ambiguous(f"more than {PAGE * PAGES} posts on {self._server.host} since then")

    def _post(self, said: Mapping[str, Any]) -> _Post:
        id_ = filled_text(said, "id")
        return _Post(
            receipt=Receipt(id=id_, url=self._address(self._handle, id_)),
            created_at=moment(said, "created_at"),
            media_keys=frozenset((said.get("attachments") or {}).get("media_keys") or ()),
            reply_to=_replied_to(said),
            text=_as_written(said),
        )


def _rights(answer: Answer) -> tuple[str, ...]:
    """What the token may do, where X says so. Refuses one that may only read.

    https://docs.x.com/fundamentals/authentication/oauth-1-0a/api-key-and-secret
    """
    said = answer.headers.get("x-access-level", "")
    if said == "read":
        raise AccountRefused(
            "the token may only read: give the app read and write, then make the token anew"
        )
    return (said,) if said else ()


def _budget_problems(account: Account) -> Iterator[tuple[str, str]]:
    budget = account.options.get("budget", "0")
    if not budget.replace(".", "", 1).isdecimal():
        yield "budget", f'"{budget}" is not an amount in US dollars, such as 25 or 12.50'


def _refused(answer: Answer) -> Ending | None:
    """How a call ended, where X says more than its status alone."""
    said = f"{answer.host} answered {answer.status}: {answer.reason}"
    kind = str(object_if_any(answer).get("type", ""))
    if answer.status == _TOO_MANY and kind.endswith(_CAPPED):
        return AccountRefused(said)  # no wait helps: somebody must pay
    words = answer.reason.casefold()
    if answer.status == _FORBIDDEN and kind in _UNTYPED and any(map(words.count, _REFUSED_WORDS)):
        return ContentRejected(said)
    return refusal(answer)


def _object(answer: Answer) -> Mapping[str, Any]:
    """What a good answer is about; X also answers 200 with errors and nothing else."""
    if ending := _refused(answer):
        raise ending
    data = object_if_any(answer).get("data")
    if not isinstance(data, dict):
        why = answer.reason or "something else than an object"
        raise Ambiguous(f"{answer.host} answered {answer.status} with {why}")
    return data


def _timeline(answer: Answer) -> tuple[Sequence[Mapping[str, Any]], str]:
    """One page of posts, and the token of the next one, or ""."""
    if ending := _refused(answer):
        raise ending
    value = object_if_any(answer)
    meta = value.get("meta")
    if not isinstance(meta, dict):
        raise Ambiguous(f"{answer.host} answered {answer.status} with something else than posts")
    page = value.get("data", None if meta.get("result_count") else [])
    posts = objects(page, f"{answer.host} answered {answer.status}")
    return posts, str(meta.get("next_token") or "")


def _upload(said: Mapping[str, Any]) -> _Upload:
    processing = said.get("processing_info")
    state = processing.get("state") if isinstance(processing, dict) else "succeeded"
    if state == "failed":
        raise ContentRejected("X cannot read the picture")
    return _Upload(
        id=filled_text(said, "id"), key=str(said.get("media_key") or ""), ready=state == "succeeded"
    )


def _replied_to(said: Mapping[str, Any]) -> str | None:
    """X's pages call them tweets, and its newest specification calls them posts."""
    referenced = said.get("referenced_tweets") or said.get("referenced_posts") or ()
    return next((each.get("id") for each in referenced if each.get("type") == "replied_to"), None)


def _as_written(said: Mapping[str, Any]) -> str:
    """The text with the addresses that X hides behind t.co, without the one of its pictures."""
    text = unescape(str(said.get("text") or ""))
    for url in (said.get("entities") or {}).get("urls") or ():
        short, long = str(url.get("url") or ""), str(url.get("expanded_url") or "")
        of_pictures = url.get("media_key") or _OF_PICTURES.search(long)
        text = text.replace(short, "" if of_pictures else long or short) if short else text
    return text.rstrip()


def _says_the_same(post: _Post, request: Mapping[str, Any]) -> bool:
    same_place = post.reply_to == request.get("in_reply_to_tweet_id")
    return same_place and _plain(post.text) == _plain(request["text"])


def _plain(text: str) -> str:
    """As X keeps it; its links as bare as somebody may have written them."""
    plain = normalize("NFC", text.replace("\r\n", "\n")).strip()
    for link in x_links(plain):
        plain = plain.replace(link, _bare(link))
    return plain


def _bare(link: str) -> str:
    """example.com for http://example.com/ as well: X adds what was left out."""
    host, slash, rest = _SCHEME.sub("", link).partition("/")
    return f"{host.casefold()}{slash}{unquote(rest)}".rstrip("/")
