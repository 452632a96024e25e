"""LinkedIn, over its Posts, Images and Comments APIs: an organisation's page, or a person.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api

LinkedIn has no threads: the further parts of one are comments of ours below the first. There is no
content note and no field for a language: a note is the first paragraph of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar
from unicodedata import normalize
from urllib.parse import quote, urlsplit

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, Ending, NotSent
from scheduler.model import Account, Draft, DraftPicture, Measure, Receipt, Size, Standing
from scheduler.platforms.addresses import refuse_bad_server, sandboxed, server_problems
from scheduler.platforms.answers import filled_text, inside, object_if_any, object_of, objects
from scheduler.platforms.calling import Answer, Server, is_loopback, refusal
from scheduler.platforms.counting import linkedin_length
from scheduler.platforms.little_text import escaped, shown
from scheduler.platforms.measuring import measures
from scheduler.platforms.options import option_problems, pair_problems, secret_problems
from scheduler.platforms.pictures import content, media_type
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

#: No page says how many bytes a picture may have.
LIMITS = Limits(
    page="https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api",
    text=3000,
    text_unit="characters with escapes",
    pictures=20,
    alt=4086,
    picture_bytes=5_000_000,
    card=Size(width=1080, height=1350),
    notes=False,
    languages=False,
)
#: A comment's characters, which are sent as they are.
ANSWER_TEXT = 1250

SERVER = "https://api.linkedin.com"
#: Where people read the posts, and where a token is asked about.
SITE = "https://www.linkedin.com"
#: https://learn.microsoft.com/linkedin/marketing/versioning: a month; each lives about a year.
VERSION = "202609"

#: How far our clock and LinkedIn's may differ before `find` overlooks a post without pictures.
CLOCK_MARGIN = timedelta(minutes=10)
#: So much further it looks for our pictures: uploaded again they are others to LinkedIn, and then
#: no refusal of a duplicate would keep a post from being public twice.
PICTURE_MARGIN = timedelta(days=1)
PAGE = 10
#: More than 500 posts since then is no account of ours.
PAGES = 50

_FORBIDDEN = 403
_NOT_FOUND = 404
_VERSION_OVER = 426
_DUPLICATE = "DUPLICATE_POST"
_AUTHOR = re.compile(r"urn:li:(organization:\d+|person:[\w-]+)", re.ASCII)
_COMMENT = re.compile(r"urn:li:comment:\((?P<object>urn:li:\w+:\d+),(?P<id>\d+)\)", re.ASCII)
_NAMED = re.compile(r"urn:li:(?:share|ugcPost):\d+", re.ASCII)
#: Who may post for an organisation.
_ROLES = frozenset(
    {
        "ADMINISTRATOR",
        "CONTENT_ADMIN",
        "CONTENT_ADMINISTRATOR",
        "DIRECT_SPONSORED_CONTENT_POSTER",
    }
)
#: What each code means, where its status would mean something else or is not to be relied on.
CODES: Mapping[str, type[Ending]] = MappingProxyType(
    {
        "ACCESS_DENIED": AccountRefused,
        "EXPIRED_ACCESS_TOKEN": AccountRefused,
        "NONEXISTENT_VERSION": AccountRefused,
        "REVOKED_ACCESS_TOKEN": AccountRefused,
        "FIELD_LENGTH_TOO_LONG": ContentRejected,
        "INVALID_URN": ContentRejected,
        "MEDIA_ASSET_PROCESSING_FAILED": ContentRejected,
        "MISSING_FIELD": ContentRejected,
        # The picture has not arrived: nothing was made, and the next try uploads it again.
        "MEDIA_ASSET_WAITING_UPLOAD": NotSent,
        "CONFLICT": Ambiguous,
        _DUPLICATE: Ambiguous,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Image:
    """A picture at LinkedIn; a post may hold it only when it is `ready`."""

    urn: str
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """What `find` needs to know of a post of the account, or of a comment that it made."""

    receipt: Receipt
    created_at: datetime
    changed_at: datetime
    images: frozenset[str]
    text: str
    #: Whether LinkedIn has made up its mind: it may refuse a post after it has taken it.
    settled: bool = True


class LinkedIn:
    """One author: an organisation's page, or a person."""

    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "author": Option(
                meaning="urn:li:organization:… for a page, or urn:li:person:…", required=True
            ),
            "version": Option(meaning=f"the API's month, where it is not {VERSION}"),
            "client_id": Option(
                meaning="the app's id; with client_secret, the token's end and rights are known"
            ),
            "client_secret": Option(meaning="the app's secret", secret=True),
            "server": Option(meaning=f"the API's address, where it is not {SERVER}"),
            "sandbox": Option(
                meaning="true for a stand-in server on this machine", choices=("true", "false")
            ),
        }
    )
    secrets: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "token": "an access token: of a page with w_organization_social, r_organization_social "
            "and rw_organization_admin, of a person with w_member_social, openid and profile"
        }
    )
    in_flight: ClassVar[timedelta] = OVER_THE_NETWORK
    #: LinkedIn publishes no number.
    caps: ClassVar[tuple[Cap, ...]] = ()
    fetches_pictures: ClassVar[bool] = False

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost = NOWHERE) -> None:
        del host  # it takes the bytes themselves
        self.limits = LIMITS
        self._account = account
        self._tokens = tokens
        self._author = account.options.get("author", "")
        self._unfinished: dict[tuple[str, str], str] = {}
        #: The post that LinkedIn names for words which it says are there, by these words.
        self._duplicates: dict[str, str] = {}
        self._server = Server(account.options.get("server") or SERVER, token=self._token)

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
        """Text with its note as it is sent, pictures, and each one's alt text and size."""
        text = with_note(draft)
        if draft.part > 1:
            return measures(draft, _ANSWER_LIMITS, text=_units(text), alt=_units)
        return measures(draft, self.limits, text=linkedin_length(text), alt=_units)

    def cost(self, draft: Draft) -> int:
        """Nothing."""
        del draft
        return 0

    def whoami(self) -> Identity:
        """The author, once the token proves that it may speak for it."""
        identity = self._person() if self._is_person else self._organisation()
        expires, scopes = self._said_of_token()
        return replace(identity, expires=expires, scopes=scopes)

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Upload the pictures; `NotSent` while LinkedIn still works on a page's.

        `ContentRejected` for an answer that no comment can hold. A repeat uploads again.
        """
        del due  # LinkedIn dates a post by its own clock
        if reply_to:
            _refuse_as_comment(draft)
            message = {"text": with_note(draft)}
            answered = _answered(reply_to)
            return Staged(request={"actor": self._author, "object": answered, "message": message})
        return Staged(request={**self._post(with_note(draft)), **_held(draft, self._images(draft))})

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api

        LinkedIn does not know our keys. It refuses a post that stands there already, in the same
        words with the same pictures, and names one; that may be another's, or one that is gone. As
        on X, a look at the account must tell whether an earlier request of ours has arrived.
        """
        del key
        request = staged.request
        if _is_answer(request):
            return self._commented(request)
        answer = self._rest("POST", "/posts", fresh=True, json=dict(request))
        if _DUPLICATE in _codes(answer):
            named = _NAMED.search(answer.reason)
            self._duplicates[request["commentary"]] = named[0] if named else "a post"
        _raise_refusal(answer)
        urn = answer.headers.get("x-restli-id", "")
        if not _NAMED.fullmatch(urn):
            raise Ambiguous(f"{answer.host} answered {answer.status} without naming the post")
        return self._receipt(urn)

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """Read back what a page has posted. What a person has posted, no token may read."""
        del key  # LinkedIn does not know it
        if self._is_person:
            return Unknown(
                reason=f"LinkedIn lets nobody read a person's posts{self._named(staged)}"
            )
        try:
            return self._search(staged, since - CLOCK_MARGIN)
        except Ending as ending:
            return Unknown(reason=str(ending))

    def withdraw(self, receipt: Receipt) -> None:
        """https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api"""
        if comment := _COMMENT.fullmatch(receipt.id):
            path = f"{_comments_of(comment['object'])}/{comment['id']}"
            answer = self._social("DELETE", path, params={"actor": self._author})
        else:
            path = f"/posts/{quote(receipt.id, safe='')}"
            answer = self._rest("DELETE", path, method="DELETE")
        if answer.status != _NOT_FOUND:
            _raise_refusal(answer)

    def standing(self, *, since: datetime) -> tuple[Standing, ...] | None:
        """What the page has posted; None for a person."""
        if self._is_person:
            return None
        return tuple(
            Standing(receipt=post.receipt, text=post.text, published_at=post.created_at)
            for post in self._posts(since)
            if post.created_at >= since
        )

    # ── who asks ──────────────────────────────────────────────────────────────────────────────────

    @property
    def _is_person(self) -> bool:
        return self._author.startswith("urn:li:person:")

    @property
    def _site(self) -> str:
        """LinkedIn's own, or that of a stand-in, whose posts stand nowhere else."""
        return self._server.address if sandboxed(self._account) else SITE

    def _token(self) -> str:
        return self._tokens.read("token")

    def _person(self) -> Identity:
        """https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2"""
        said = _object(self._ask("GET", "/v2/userinfo"))
        urn = f"urn:li:person:{filled_text(said, 'sub')}"
        if urn != self._author:
            raise AccountRefused(f"the token belongs to {urn}, and the author is {self._author}")
        return Identity(id=urn, name=str(said.get("name") or urn), url="")

    def _organisation(self) -> Identity:
        """https://learn.microsoft.com/linkedin/marketing/community-management/organizations/organization-access-control-by-role"""
        query = {"q": "roleAssignee", "state": "APPROVED"}
        roles = {
            str(each.get("role"))
            for each in self._listed("/organizationAcls", query)
            if self._author in (each.get("organization"), each.get("organizationalTarget"))
        }
        if not roles & _ROLES:
            has = f"is only {', '.join(sorted(roles))} of" if roles else "has no role at"
            raise AccountRefused(f"whoever made the token {has} {self._author}: it cannot post")
        number = self._author.rpartition(":")[2]
        return Identity(id=self._author, name=self._author, url=f"{self._site}/company/{number}/")

    def _said_of_token(self) -> tuple[datetime | None, tuple[str, ...]]:
        """When it ends and what it may do, where the app may ask.

        `AccountRefused` for one that is no good.

        https://learn.microsoft.com/linkedin/shared/authentication/token-introspection
        """
        if "client_secret" not in self._account.secrets:
            return None, ()
        secret, token = self._tokens.read("client_secret"), self._token()
        app = {"client_id": self._account.options.get("client_id", ""), "client_secret": secret}
        refuse_bad_server(self._account, SERVER)
        answer = Server(self._authority).ask(
            "POST",
            "/oauth/v2/introspectToken",
            signed=False,
            hidden=(secret, token),
            data={**app, "token": token},
        )
        said = _object(answer)
        if said.get("active") is not True:
            status = said.get("status") or "not active"
            raise AccountRefused(f"{answer.host} says that the token is {status}: make a new one")
        scopes = tuple(each for each in re.split(r"[ ,]+", str(said.get("scope") or "")) if each)
        self._refuse_missing_right(scopes)
        ends = said.get("expires_at")
        if not isinstance(ends, int) or ends <= 0:
            return None, scopes
        return datetime.fromtimestamp(ends, UTC), scopes

    @property
    def _authority(self) -> str:
        """Whoever gives an address of their own for the API gives it for this as well."""
        return self._account.options.get("server") or SITE

    def _refuse_missing_right(self, scopes: tuple[str, ...]) -> None:
        needed = "w_member_social" if self._is_person else "w_organization_social"
        if needed not in scopes:
            raise AccountRefused(f"the token lacks {needed}: make another one with it")

    # ── asking ────────────────────────────────────────────────────────────────────────────────────

    def _ask(self, method: str, path: str, **request: Any) -> Answer:
        """A request, once it is certain that it goes where the account says."""
        refuse_bad_server(self._account, SERVER)
        headers = {"X-Restli-Protocol-Version": "2.0.0", **request.pop("headers", {})}
        return self._server.ask(method, path, headers=headers, **request)

    def _rest(self, verb: str, path: str, *, method: str = "", **request: Any) -> Answer:
        """A versioned request; `method` is what Rest.li calls it, where that must be said."""
        version = self._account.options.get("version") or VERSION
        headers = {"LinkedIn-Version": version, **({"X-RestLi-Method": method} if method else {})}
        answer = self._ask(verb, f"/rest{path}", headers=headers, **request)
        if answer.status == _VERSION_OVER:
            raise AccountRefused(
                f"{answer.host} has given up the API's month {version}: write a newer one behind "
                f'"version" of the account, such as last month\'s'
            )
        return answer

    def _social(self, verb: str, path: str, **request: Any) -> Answer:
        """Of comments: a person may make one only where the API has no versions, as is seen."""
        if self._is_person:
            return self._ask(verb, f"/v2{path}", **request)
        return self._rest(verb, path, **request)

    def _listed(
        self, path: str, query: Mapping[str, str], method: str = "FINDER"
    ) -> Iterator[Mapping[str, Any]]:
        for number in range(PAGES):
            asked = {**query, "start": str(number * PAGE), "count": str(PAGE)}
            answer = self._rest("GET", path, method=method, params=asked)
            what = f"{answer.host} answered {answer.status}"
            page = objects(_object(answer).get("elements"), what)
            yield from page
            if len(page) < PAGE:
                return
        raise Ambiguous(f"more than {PAGE * PAGES} of {path} on {self._server.host}")

    # ── pictures ──────────────────────────────────────────────────────────────────────────────────

    def _images(self, draft: Draft) -> Sequence[str]:
        """Upload the pictures, or go on with those that LinkedIn had not finished."""
        names = [(picture.digest, picture.alt) for picture in draft.pictures]
        images = [
            self._earlier(name) or self._uploaded(number, picture)
            for number, (name, picture) in enumerate(zip(names, draft.pictures, strict=True), 1)
        ]
        if not all(image.ready for image in images):
            self._unfinished.update(zip(names, (image.urn for image in images), strict=True))
            raise NotSent(f"{self._server.host} is still working on the pictures")
        return [image.urn for image in images]

    def _earlier(self, name: tuple[str, str]) -> _Image | None:
        urn = self._unfinished.pop(name, None)
        return self._looked_at(urn) if urn else None

    def _uploaded(self, number: int, picture: DraftPicture) -> _Image:
        """https://learn.microsoft.com/linkedin/marketing/community-management/shares/images-api"""
        kind, data = media_type(number, picture), content(number, picture)
        answer = self._rest(
            "POST",
            "/images",
            params={"action": "initializeUpload"},
            json={"initializeUploadRequest": {"owner": self._author}},
        )
        value = inside(_object(answer), "value")
        urn, address = filled_text(value, "image"), filled_text(value, "uploadUrl")
        self._send(address, data, kind)
        # A person's token may not ask; LinkedIn goes on working on the picture by itself.
        return _Image(urn=urn, ready=True) if self._is_person else self._looked_at(urn)

    def _send(self, address: str, data: bytes, kind: str) -> None:
        """The bytes go in one request, and the token with them: so only to LinkedIn itself."""
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        if not self._is_ours(origin):
            raise AccountRefused(f"{self._server.host} would have pictures sent to {parts.netloc}")
        path = address.removeprefix(origin)
        server = Server(origin, token=self._token)
        _raise_refusal(server.ask("PUT", path, data=data, headers={"Content-Type": kind}))

    def _is_ours(self, origin: str) -> bool:
        if sandboxed(self._account):
            return is_loopback(origin)
        parts = urlsplit(origin)
        host = parts.hostname or ""
        at_linkedin = host == "linkedin.com" or host.endswith(".linkedin.com")
        return parts.scheme == "https" and (at_linkedin or parts.netloc == self._server.host)

    def _looked_at(self, urn: str) -> _Image:
        """How far LinkedIn is with a picture."""
        said = _object(self._rest("GET", f"/images/{quote(urn, safe='')}"))
        status = said.get("status")
        if status == "PROCESSING_FAILED":
            raise ContentRejected("LinkedIn cannot read the picture")
        return _Image(urn=urn, ready=status == "AVAILABLE")

    # ── posts and comments ────────────────────────────────────────────────────────────────────────

    def _post(self, text: str) -> Mapping[str, Any]:
        return {
            "author": self._author,
            "commentary": escaped(text),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }

    def _commented(self, request: Mapping[str, Any]) -> Receipt:
        """https://learn.microsoft.com/linkedin/marketing/community-management/shares/comments-api"""
        path = _comments_of(request["object"])
        answer = self._social("POST", path, fresh=True, json=dict(request))
        if answer.status == _NOT_FOUND:
            raise ContentRejected(f"{answer.host}: the post that this one answers is gone")
        if answer.status == _FORBIDDEN:  # what it may post is another matter
            raise ContentRejected(
                f"{answer.host} lets the account make no comment: {answer.reason}"
            )
        return self._receipt(filled_text(_object(answer), "commentUrn"))

    def _receipt(self, urn: str) -> Receipt:
        """A comment is shown below its post, at an address of its own."""
        comment = _COMMENT.fullmatch(urn)
        if comment is None:
            return Receipt(id=urn, url=f"{self._site}/feed/update/{urn}/")
        at = f"{self._site}/feed/update/{comment['object']}/"
        return Receipt(id=urn, url=f"{at}?commentUrn={quote(urn, safe='')}")

    # ── reading back ──────────────────────────────────────────────────────────────────────────────

    def _search(self, staged: Staged, horizon: datetime) -> Finding:
        """Pictures decide: their names are ours alone. Only then are the words looked at."""
        request = staged.request
        if _is_answer(request):
            return self._search_comments(request)
        images, text = _images_in(request), shown(request["commentary"])
        posts = list(self._posts(horizon - PICTURE_MARGIN if images else horizon))
        for post in posts:
            if post.images & images:
                return _found(post)
        for post in posts:
            if post.created_at >= horizon and _plain(post.text) == _plain(text):
                if images or post.images:
                    return Unknown(reason=f"{post.receipt.url} says the same with other pictures")
                return _found(post)
        since = f"not among what stands on {self._server.host} since {horizon:%d %B %H:%M %Z}"
        if named := self._named(staged):
            return Unknown(reason=f"{since}{named}")
        return Absent(reason=since)

    def _search_comments(self, request: Mapping[str, Any]) -> Finding:
        """Below a post of ours the words are enough, whatever any clock says."""
        for comment in self._comments(request):
            if _plain(comment.text) == _plain(request["message"]["text"]):
                return _found(comment)
        return Absent(reason=f"not among the comments below {request['object']}")

    def _named(self, staged: Staged) -> str:
        """What LinkedIn has said of the same words, or ""."""
        urn = self._duplicates.get(staged.request.get("commentary", ""))
        at = f"{self._site}/feed/update/{urn}/" if urn and _NAMED.fullmatch(urn) else urn
        return f"; it says that they stand there already, as {at}" if urn else ""

    def _posts(self, horizon: datetime) -> Iterator[_Post]:
        """The page's posts until one was last changed before the horizon."""
        query = {"q": "author", "author": self._author, "sortBy": "LAST_MODIFIED"}
        for said in self._listed("/posts", query):
            post = self._read(said)
            if post.changed_at < horizon:
                return
            yield post

    def _read(self, said: Mapping[str, Any]) -> _Post:
        created_at = _instant(said, "publishedAt", "createdAt")
        return _Post(
            receipt=self._receipt(filled_text(said, "id")),
            created_at=created_at,
            changed_at=max(created_at, _instant(said, "lastModifiedAt", "publishedAt")),
            images=_images_in(said),
            text=shown(str(said.get("commentary") or "")),
            settled=said.get("lifecycleState") == "PUBLISHED",
        )

    def _comments(self, request: Mapping[str, Any]) -> Iterator[_Post]:
        """What the page itself has said below a post."""
        for said in self._listed(_comments_of(request["object"]), {}, method="GET_ALL"):
            if said.get("actor") == self._author:
                created_at = _instant(inside(said, "created"), "time")
                yield _Post(
                    receipt=self._receipt(filled_text(said, "commentUrn")),
                    created_at=created_at,
                    changed_at=created_at,
                    images=frozenset(),
                    text=str(inside(said, "message").get("text") or ""),
                )


_ANSWER_LIMITS = replace(LIMITS, text=ANSWER_TEXT, text_unit="characters", pictures=0)


def _secret_problems(account: Account) -> Iterator[tuple[str, str]]:
    yield from secret_problems(account, LinkedIn.secrets, LinkedIn.options, renewed=("token",))
    yield from pair_problems(account, "client_id", "client_secret")


def _form_problems(account: Account) -> Iterator[tuple[str, str]]:
    """What is no author and no month, whatever it was meant to be."""
    author, version = account.options.get("author", ""), account.options.get("version", "")
    if author and not _AUTHOR.fullmatch(author):
        yield "author", f'"{author}" is not urn:li:organization:… or urn:li:person:…'
    if version and not re.fullmatch(r"20\d\d(?:0[1-9]|1[0-2])", version, re.ASCII):
        yield "version", f'"{version}" is not a month such as {VERSION}'


def _units(text: str) -> int:
    """The most that LinkedIn can mean by characters: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _refuse_as_comment(draft: Draft) -> None:
    """Before anything is sent: what a comment cannot hold."""
    if draft.pictures:
        raise ContentRejected("an answer on LinkedIn is a comment, with no pictures and alt texts")
    if (excess := _units(with_note(draft)) - ANSWER_TEXT) > 0:
        raise ContentRejected(
            f"an answer on LinkedIn is a comment: {excess} characters over its limit of "
            f"{ANSWER_TEXT}"
        )


def _held(draft: Draft, images: Sequence[str]) -> Mapping[str, Any]:
    """One picture, or several: LinkedIn has a word for each.

    https://learn.microsoft.com/linkedin/marketing/community-management/shares/multiimage-post-api
    """
    described = [
        {"id": urn, **({"altText": picture.alt} if picture.alt else {})}
        for urn, picture in zip(images, draft.pictures, strict=True)
    ]
    if not described:
        return {}
    one = len(described) == 1
    return {"content": {"media": described[0]} if one else {"multiImage": {"images": described}}}


def _images_in(said: Mapping[str, Any]) -> frozenset[str]:
    """The names of the pictures that a post holds, as it is sent or as it is read back."""
    held = inside(said, "content")
    several = inside(held, "multiImage").get("images")
    found = [inside(held, "media"), *(several if isinstance(several, list) else ())]
    return frozenset(str(each["id"]) for each in found if isinstance(each, dict) and "id" in each)


def _is_answer(request: Mapping[str, Any]) -> bool:
    return "object" in request


def _answered(receipt: Receipt) -> str:
    """The post itself: a comment on a comment is folded away."""
    comment = _COMMENT.fullmatch(receipt.id)
    return comment["object"] if comment else receipt.id


def _comments_of(urn: str) -> str:
    return f"/socialActions/{quote(urn, safe='')}/comments"


def _found(post: _Post) -> Finding:
    if post.settled:
        return Found(receipt=post.receipt)
    return Unknown(reason=f"{post.receipt.url} is there, and LinkedIn has not published it yet")


def _codes(answer: Answer) -> frozenset[str]:
    """Every code that an error brings: its own, and those of the fields that are wrong."""
    said = object_if_any(answer)
    wrong = inside(said, "errorDetails").get("inputErrors")
    several = [each for each in wrong if isinstance(each, dict)] if isinstance(wrong, list) else []
    return frozenset(str(each["code"]) for each in (said, *several) if each.get("code"))


def _raise_refusal(answer: Answer) -> None:
    """Raise the ending of a call that did not end well: by its code, or else by its status."""
    ending = refusal(answer)
    if ending is None:
        return
    meant = {CODES[code] for code in _codes(answer) if code in CODES}
    if len(meant) == 1 and answer.status < 500:  # noqa: PLR2004 (a server that failed proves nothing)
        raise meant.pop()(str(ending))
    raise ending


def _object(answer: Answer) -> Mapping[str, Any]:
    _raise_refusal(answer)
    return object_of(answer)


def _instant(said: Mapping[str, Any], *names: str) -> datetime:
    """Of the first that is there: milliseconds of Unix time."""
    for name in names:
        if isinstance(said.get(name), int):
            return datetime.fromtimestamp(said[name] / 1000, UTC)
    raise Ambiguous(f'the answer has no usable "{names[0]}"')


def _plain(text: str) -> str:
    """As LinkedIn keeps it."""
    return normalize("NFC", text.replace("\r\n", "\n")).strip()
