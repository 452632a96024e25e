"""Facebook Pages, over Meta's Graph API.

https://developers.facebook.com/docs/pages-api/posts

A page has no threads: the further parts of one are comments of its own below the first. There is
no content note and no field for a language: a note is the first paragraph of the text.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar
from unicodedata import normalize
from urllib.parse import quote, urljoin

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, Ending
from scheduler.model import Account, Draft, DraftPicture, Measure, Receipt, Size, Standing
from scheduler.platforms.addresses import refuse_bad_server, sandboxed, server_problems
from scheduler.platforms.answers import filled_text, inside, moment, objects
from scheduler.platforms.calling import Answer, Server
from scheduler.platforms.graph_errors import Failure, Meaning, failure, prepared, published
from scheduler.platforms.measuring import measures
from scheduler.platforms.options import option_problems, pair_problems, secret_problems
from scheduler.platforms.pictures import content, file_name
from scheduler.platforms.protocol import (
    NOWHERE,
    OVER_THE_NETWORK,
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

#: The page says less than 10 MB for a picture, and the API's own error asks for less than 4. It
#: names no most for a post's pictures or an alt text: these are what others of Meta's take.
LIMITS = Limits(
    page="https://developers.facebook.com/docs/graph-api/reference/page/photos/",
    text=63_206,
    text_unit="characters",
    pictures=10,
    alt=1000,
    picture_bytes=4_000_000,
    card=Size(width=1080, height=1350),
    notes=False,
    languages=False,
)
#: A comment's, as it is seen in the field: no page says it.
ANSWER_TEXT = 8000

SERVER = "https://graph.facebook.com"
#: Where people read the posts.
SITE = "https://www.facebook.com"
#: https://developers.facebook.com/docs/graph-api/changelog/versions: each lives about two years.
VERSION = "v26.0"

#: What the token must be allowed to do.
_SCOPES = ("pages_manage_posts", "pages_read_engagement")
#: How far our clock and Facebook's may differ before `find` overlooks a post without pictures.
CLOCK_MARGIN = timedelta(minutes=10)
#: So much further it looks for our pictures, which no clock of ours shall make it overlook.
PICTURE_MARGIN = timedelta(days=1)
#: https://developers.facebook.com/docs/graph-api/reference/page/feed: at most 100 in one answer.
PAGE = 100
#: More than 1,000 posts since then is no page of ours.
PAGES = 10
_MADE = "id,permalink_url"
_POST_FIELDS = "id,message,created_time,permalink_url,attachments{target,subattachments{target}}"
_COMMENT_FIELDS = "id,message,created_time,permalink_url,from,attachment{target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """What `find` needs to know of a post of the page, or of a comment that it made."""

    receipt: Receipt
    created_at: datetime
    photos: frozenset[str]
    text: str


class Facebook:
    """One page."""

    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "page": Option(
                meaning="the page's number; a token of another is refused", required=True
            ),
            "version": Option(meaning=f"of the Graph API, where it is not {VERSION}"),
            "app_id": Option(
                meaning="the app's number; with app_secret, the token's end and rights are known"
            ),
            "app_secret": Option(
                meaning="the app's secret; with it, every call proves that it is the app's",
                secret=True,
            ),
            "server": Option(meaning=f"the API's address, where it is not {SERVER}"),
            "sandbox": Option(
                meaning="true for a stand-in server on this machine", choices=("true", "false")
            ),
        }
    )
    secrets: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "token": "the page's access token, made from a long-lived one, with "
            "pages_manage_posts and pages_read_engagement"
        }
    )
    in_flight: ClassVar[timedelta] = OVER_THE_NETWORK
    #: Its limits grow with the number of people that the page reaches.
    caps: ClassVar[tuple[Cap, ...]] = ()
    fetches_pictures: ClassVar[bool] = False

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost = NOWHERE) -> None:
        del host  # it takes the bytes themselves
        self.limits = LIMITS
        self._account = account
        self._tokens = tokens
        self._page = account.options.get("page", "")
        self._duplicates: set[str] = set()
        address = account.options.get("server") or SERVER
        self._server = Server(address, token=lambda: tokens.read("token"))
        self._as_app = Server(address, token=self._app_token)

    @classmethod
    def problems(cls, account: Account) -> tuple[tuple[str, str], ...]:
        """What is wrong with the account's options and secrets: (name, message)."""
        return (
            *option_problems(account, cls.options),
            *_form_problems(account),
            *server_problems(account, SERVER),
            *(() if sandboxed(account) else _secret_problems(account)),
        )

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        """Text with its note, number of pictures, and each picture's alt text and size."""
        limits = self.limits if draft.part == 1 else _ANSWER_LIMITS
        return measures(draft, limits, text=len(with_note(draft)), alt=len)

    def cost(self, draft: Draft) -> int:
        """Nothing."""
        del draft
        return 0

    def whoami(self) -> Identity:
        """The page that the token speaks for, which must be the one that the account names.

        https://developers.facebook.com/docs/graph-api/overview#me
        """
        try:
            said = prepared(self._ask("GET", "/me", params={"fields": "id,name"}))
        except ContentRejected as ending:  # such as a proof by another app: no words were said
            raise AccountRefused(str(ending)) from None
        id_, name = filled_text(said, "id"), filled_text(said, "name")
        if id_ != self._page:
            raise AccountRefused(
                f"the token belongs to {name} ({id_}), and the page is {self._page}"
            )
        expires, scopes = self._said_of_token()
        return Identity(
            id=id_, name=name, url=f"{self._site}/{id_}", expires=expires, scopes=scopes
        )

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Upload the pictures, with what they show, as photos that nobody sees yet.

        `ContentRejected` for an answer that no comment can hold. A repeat uploads again.
        """
        del due  # Facebook dates a post by its own clock
        if reply_to:
            _refuse_as_comment(draft)
        photos = [self._uploaded(number, each) for number, each in enumerate(draft.pictures, 1)]
        return Staged(
            request={
                "message": with_note(draft),
                **({"photos": photos} if photos else {}),
                # A comment on a comment is folded away: all parts answer the post itself.
                **({"answers": _post_of(reply_to)} if reply_to else {}),
            }
        )

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """https://developers.facebook.com/docs/graph-api/reference/page/feed

        Facebook does not know our keys. It refuses the words of the post before, and photos that a
        post holds already; it does not say where they stand. As on X, nothing but a look at the
        page can tell whether an earlier request of ours has arrived after all.
        """
        del key
        request = staged.request
        path = f"/{request['answers']}/comments" if _is_answer(request) else f"/{self._page}/feed"
        answer = self._ask("POST", path, fresh=True, params={"fields": _MADE}, data=_form(request))
        error = failure(answer)
        if error and error.meaning is Meaning.SAID_ALREADY:
            self._duplicates.add(request["message"])
            said = f"that this stands there already: {answer.reason} ({error})"
            raise Ambiguous(f"{answer.host} says {said}")
        if error and error.forbidden and _is_answer(request):
            raise _no_comment(answer)
        return self._receipt(published(answer, refused=_refused), request)

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """Read back what the page has posted. Never `Absent`: its list leaves posts out.

        https://developers.facebook.com/docs/graph-api/reference/page/feed
        """
        del key  # Facebook does not know it
        try:
            return self._search(staged.request, since - CLOCK_MARGIN)
        except Ending as ending:
            return Unknown(reason=str(ending))

    def withdraw(self, receipt: Receipt) -> None:
        """https://developers.facebook.com/docs/graph-api/reference/page-post/#deleting"""
        answer = self._ask("DELETE", f"/{quote(receipt.id.rpartition('/')[2], safe='')}")
        error = failure(answer)
        if error and error.no_object:
            self.whoami()  # or it is there, and only hidden from this token
        elif prepared(answer).get("success") is not True:
            raise Ambiguous(f"{answer.host} did not say that the post is deleted")

    def standing(self, *, since: datetime) -> tuple[Standing, ...]:
        """What the page has posted, as far as its list shows it."""
        return tuple(
            Standing(receipt=post.receipt, text=post.text, published_at=post.created_at)
            for post in self._posts(since)
            if post.created_at >= since
        )

    @property
    def _site(self) -> str:
        """A stand-in's posts stand nowhere on facebook.com."""
        return self._server.address if sandboxed(self._account) else SITE

    @property
    def _has_app(self) -> bool:
        return "app_secret" in self._account.secrets

    def _app_token(self) -> str:
        """https://developers.facebook.com/docs/facebook-login/guides/access-tokens#apptokens"""
        return f"{self._account.options.get('app_id', '')}|{self._tokens.read('app_secret')}"

    def _ask(self, method: str, path: str, **request: Any) -> Answer:
        """A request, once it is certain that it goes where the account says.

        The token travels in a header: addresses stand in logs.
        """
        refuse_bad_server(self._account, SERVER)
        params = {**request.pop("params", {}), **self._proof()}
        return self._server.ask(method, self._versioned(path), params=params, **request)

    def _versioned(self, path: str) -> str:
        return f"/{self._account.options.get('version') or VERSION}{path}"

    def _proof(self) -> Mapping[str, str]:
        """https://developers.facebook.com/docs/graph-api/guides/secure-requests"""
        if not self._has_app:
            return {}
        secret, token = self._tokens.read("app_secret"), self._tokens.read("token")
        return {"appsecret_proof": hmac.digest(secret.encode(), token.encode(), "sha256").hex()}

    def _said_of_token(self) -> tuple[datetime | None, tuple[str, ...]]:
        """When it ends and what it may do, where the app may ask.

        `AccountRefused` for one that is no good.

        https://developers.facebook.com/docs/graph-api/reference/debug_token
        """
        if not self._has_app:
            return None, ()
        token = self._tokens.read("token")
        answer = self._as_app.ask(
            "GET", self._versioned("/debug_token"), hidden=(token,), params={"input_token": token}
        )
        said = inside(prepared(answer), "data")
        if said.get("is_valid") is not True:
            raise AccountRefused(f"{answer.host} says that the token is not valid any more")
        _refuse_missing_rights(said)
        scopes = said.get("scopes")
        return min(_ends(said), default=None), tuple(map(str, scopes or ()))

    def _uploaded(self, number: int, picture: DraftPicture) -> str:
        """https://developers.facebook.com/docs/graph-api/reference/page/photos/#upload"""
        file = (file_name(number, picture), content(number, picture), picture.media_type)
        described = {"alt_text_custom": picture.alt} if picture.alt else {}
        answer = self._ask(
            "POST",
            f"/{self._page}/photos",
            files={"source": file},
            data={"published": "false", **described},
        )
        return filled_text(prepared(answer), "id")

    def _receipt(self, said: Mapping[str, Any], request: Mapping[str, Any]) -> Receipt:
        """A comment is named with its post, which the next part answers."""
        id_ = filled_text(said, "id")
        link = said.get("permalink_url")
        url = urljoin(self._site, link) if isinstance(link, str) else f"{self._site}/{id_}"
        return Receipt(id=f"{request['answers']}/{id_}" if _is_answer(request) else id_, url=url)

    def _search(self, request: Mapping[str, Any], horizon: datetime) -> Finding:
        """Photos decide: their numbers are ours alone. Only then are the words looked at."""
        photos = frozenset(request.get("photos", ()))
        since = horizon - PICTURE_MARGIN
        posts = list(self._comments(request) if _is_answer(request) else self._posts(since))
        for post in posts:
            if post.photos & photos:
                return Found(receipt=post.receipt)
        for post in posts:
            # Below a post of ours the words are enough, whatever any clock says.
            recent = _is_answer(request) or post.created_at >= horizon
            if recent and _plain(post.text) == _plain(request["message"]):
                if photos or post.photos:
                    return Unknown(reason=f"{post.receipt.url} says the same with other pictures")
                return Found(receipt=post.receipt)
        return Unknown(reason=self._not_seen(request, horizon))

    def _not_seen(self, request: Mapping[str, Any], horizon: datetime) -> str:
        host = self._server.host
        unseen = (
            f"not among what {host} lists since {horizon:%d %B %H:%M %Z}, and that proves nothing"
        )
        if request["message"] in self._duplicates:
            return f"{host} says that these words stand on the page already; {unseen}"
        return unseen

    def _posts(self, since: datetime) -> Iterator[_Post]:
        """https://developers.facebook.com/docs/graph-api/reference/page/published_posts"""
        query = {"fields": _POST_FIELDS, "since": str(int(since.timestamp()))}
        for said in self._listed(f"/{self._page}/published_posts", query):
            yield self._post(said, {}, _photos(said))

    def _comments(self, request: Mapping[str, Any]) -> Iterator[_Post]:
        """What the page itself has said below a post.

        https://developers.facebook.com/docs/graph-api/reference/object/comments
        """
        query = {"fields": _COMMENT_FIELDS, "order": "reverse_chronological"}
        for said in self._listed(f"/{request['answers']}/comments", query):
            if inside(said, "from").get("id") == self._page:
                yield self._post(said, request, _targets([inside(said, "attachment")]))

    def _post(
        self, said: Mapping[str, Any], request: Mapping[str, Any], photos: Iterator[str]
    ) -> _Post:
        return _Post(
            receipt=self._receipt(said, request),
            created_at=moment(said, "created_time").astimezone(UTC),
            photos=frozenset(photos),
            text=str(said.get("message") or ""),
        )

    def _listed(self, path: str, query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        asked = {**query, "limit": str(PAGE)}
        for _ in range(PAGES):
            answer = self._ask("GET", path, params=asked)
            said = prepared(answer)
            yield from objects(said.get("data"), f"{answer.host} answered {answer.status}")
            paging = inside(said, "paging")
            if not paging.get("next"):
                return
            asked["after"] = filled_text(inside(paging, "cursors"), "after")
        raise Ambiguous(f"more than {PAGE * PAGES} posts on {self._server.host} since then")


_ANSWER_LIMITS = replace(LIMITS, text=ANSWER_TEXT, pictures=1)


def _secret_problems(account: Account) -> Iterator[tuple[str, str]]:
    yield from secret_problems(account, Facebook.secrets, Facebook.options)
    yield from pair_problems(account, "app_id", "app_secret")


def _form_problems(account: Account) -> Iterator[tuple[str, str]]:
    """What is no number and no version, whatever it was meant to be."""
    for name in ("page", "app_id"):
        value = account.options.get(name, "")
        if value and not re.fullmatch(r"\d+", value, re.ASCII):
            yield name, f'"{value}" is not a number'
    version = account.options.get("version", "")
    if version and not re.fullmatch(r"v\d+\.\d+", version, re.ASCII):
        yield "version", f'"{version}" is not a version such as {VERSION}'


def _refuse_as_comment(draft: Draft) -> None:
    """Before anything is sent: what a comment cannot hold."""
    if len(draft.pictures) > _ANSWER_LIMITS.pictures:
        raise ContentRejected("an answer on Facebook is a comment, which holds one picture")
    if (excess := len(with_note(draft)) - ANSWER_TEXT) > 0:
        raise ContentRejected(
            f"an answer on Facebook is a comment: {excess} characters over its limit of "
            f"{ANSWER_TEXT}"
        )


def _refuse_missing_rights(said: Mapping[str, Any]) -> None:
    missing = [each for each in _SCOPES if each not in (said.get("scopes") or ())]
    if missing:
        raise AccountRefused(f"the token lacks {', '.join(missing)}: make another one with it")


def _ends(said: Mapping[str, Any]) -> Iterator[datetime]:
    """When the token ends, and when it may read no more; 0 is never."""
    for name in ("expires_at", "data_access_expires_at"):
        seconds = said.get(name)
        if isinstance(seconds, int) and seconds > 0:
            yield datetime.fromtimestamp(seconds, UTC)


def _is_answer(request: Mapping[str, Any]) -> bool:
    return "answers" in request


def _post_of(receipt: Receipt) -> str:
    return receipt.id.partition("/")[0]


def _no_comment(answer: Answer) -> ContentRejected:
    """The part is rejected; what the page may post is another matter."""
    return ContentRejected(
        f"{answer.host} lets the page make no comment: {answer.reason}; its token needs "
        "pages_manage_engagement for that"
    )


def _form(request: Mapping[str, Any]) -> Mapping[str, str]:
    """The fields of a post, or of a comment, which holds one photo under another name."""
    photos = request.get("photos", ())
    if _is_answer(request):
        held = dict(zip(("attachment_id",), photos, strict=False))
    else:
        held = {
            f"attached_media[{number}]": json.dumps({"media_fbid": photo})
            for number, photo in enumerate(photos)
        }
    return {"message": request["message"], **held}


def _refused(error: Failure) -> bool:
    """Whether nothing was posted; what passes, or has no meaning for us, proves nothing."""
    return error.meaning in {Meaning.LIMIT, Meaning.ACCOUNT, Meaning.CONTENT}


def _photos(said: Mapping[str, Any]) -> Iterator[str]:
    """The numbers of the photos that a post holds: several stand together in an album."""
    for attachment in _data(said, "attachments"):
        yield from _targets([attachment, *_data(attachment, "subattachments")])


def _data(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = inside(said, name).get("data")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _targets(attachments: list[Mapping[str, Any]]) -> Iterator[str]:
    for each in attachments:
        if id_ := inside(each, "target").get("id"):
            yield str(id_)


def _plain(text: str) -> str:
    """As Facebook keeps it."""
    return normalize("NFC", text.replace("\r\n", "\n")).strip()
