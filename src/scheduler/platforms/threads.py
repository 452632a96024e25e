"""Threads, over its API.

https://developers.facebook.com/docs/threads/posts

Threads has no content note and no field for a language. A post's note is the first paragraph of its
text, where it is counted, and its pictures are covered. The first hashtag of a text is its topic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import quote

from scheduler.errors import AccountRefused, Ambiguous, Ending
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
from scheduler.platforms.addresses import sandboxed, server_problems
from scheduler.platforms.answers import filled_text, inside, moment
from scheduler.platforms.containers import (
    CLOCK_MARGIN,
    PAUSE,
    Containers,
    Post,
    State,
    caption_of,
    concluded,
    name_of,
    refused,
)
from scheduler.platforms.counting import threads_length, threads_links
from scheduler.platforms.graph import (
    Fields,
    Graph,
    allowance_of,
    left_of,
    quota_left,
    refuse_other,
)
from scheduler.platforms.graph_errors import failure, prepared, published
from scheduler.platforms.measuring import measures
from scheduler.platforms.options import option_problems, secret_problems
from scheduler.platforms.pictures import content, media_type
from scheduler.platforms.protocol import (
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

#: https://developers.facebook.com/docs/threads/posts, …/posts/accessibility, …/overview
LIMITS = Limits(
    page="https://developers.facebook.com/docs/threads/posts",
    text=500,
    text_unit="characters",
    pictures=20,
    alt=1000,
    picture_bytes=8_000_000,  # "8 MB"; it may mean more
    card=Size(width=1080, height=1350),
    notes=False,
    languages=False,
)
#: Different addresses in one post: https://developers.facebook.com/docs/threads/changelog
MAX_LINKS = 5

VERSION = "v1.0"
SERVER = "https://graph.threads.net"
#: Where people read the posts.
SITE = "https://www.threads.net"

#: Posts in one answer, and answers: more than 500 posts since one was sent is no account of ours.
PAGE, PAGES = 50, 10

#: Without this a token publishes nothing.
_PUBLISH = "threads_content_publish"
#: Who may answer, for what the calendar says. Nobody at all cannot be said: only who is mentioned.
_REPLY_CONTROL: Mapping[Comments, str] = MappingProxyType(
    {
        Comments.OFF: "mentioned_only",
        Comments.LIMITED: "accounts_you_follow",
        Comments.ON: "everyone",
    }
)


class Threads:
    """One account."""

    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "user_id": Option(
                meaning="the account's own number; a token of another is refused", required=True
            ),
            "handle": Option(meaning="the account's name, without @"),
            "app_id": Option(meaning="the Threads app's number, for signing in"),
            "app_secret": Option(meaning="that app's secret, for signing in", secret=True),
            "server": Option(meaning=f"the API's address, where it is not {SERVER}"),
            "sandbox": Option(
                meaning="true for a stand-in server on this machine", choices=("true", "false")
            ),
        }
    )
    secrets: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "token": "a long-lived token with threads_basic, threads_content_publish, "
            "threads_manage_replies and threads_delete"
        }
    )
    in_flight: ClassVar[timedelta] = PAUSE
    #: Answers have a quota of their own, 1,000; they are counted here as posts, which is less.
    caps: ClassVar[tuple[Cap, ...]] = (
        Cap(
            posts=250,
            window=timedelta(hours=24),
            page="https://developers.facebook.com/docs/threads/overview",
        ),
    )
    fetches_pictures: ClassVar[bool] = True

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost) -> None:
        self.limits = LIMITS
        self._account = account
        self._host = host
        self._name = account.options.get("handle", "").removeprefix("@")
        self._graph = Graph(account, tokens=tokens, server=SERVER, version=VERSION)
        self._containers = Containers(
            self._graph, path=lambda: "/me/threads", fields="status,error_message"
        )

    @classmethod
    def problems(cls, account: Account) -> tuple[tuple[str, str], ...]:
        """What is wrong with the account's options and secrets: (name, message)."""
        return (
            *option_problems(account, cls.options),
            *server_problems(account, SERVER),
            *(() if sandboxed(account) else _secret_problems(account)),
        )

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        """The text with its note, its different addresses, and the pictures."""
        text = caption_of(draft)
        return (
            *measures(draft, self.limits, text=threads_length(text), alt=len),
            Measure(name="links", used=len(threads_links(text)), limit=MAX_LINKS, unit="links"),
        )

    def cost(self, draft: Draft) -> int:
        """Nothing."""
        del draft
        return 0

    def whoami(self) -> Identity:
        """Who the token belongs to, what it may do, and when it expires.

        https://developers.facebook.com/docs/threads/threads-profiles
        """
        said = self._graph.read("/me", fields="id,username")
        id_, name = filled_text(said, "id"), filled_text(said, "username")
        refuse_other(self._account, id_=id_, name=name)
        self._name = name
        expires, scopes = self._said_of_token()
        return Identity(
            id=id_,
            name=f"@{name}",
            url=self._profile,
            expires=expires,
            scopes=scopes,
            quota_left=quota_left(lambda: self._left(replies=False)),
        )

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Make the containers; `NotSent` while Threads still works on them.

        A draft that is tried again goes on with its own. What is never published is forgotten after
        a day.
        """
        for number, picture in enumerate(draft.pictures, 1):
            media_type(number, picture)
            content(number, picture)  # whatever lies at its address, it must be what was drafted
        answered = reply_to.id if reply_to else ""
        name = name_of(draft, due=due, answered=answered)
        container, state = self._made(name, draft, answered)
        return Staged(
            request={
                "creation_id": container,
                "public": state is State.PUBLISHED,
                "text": caption_of(draft),
                "reply_to_id": answered,
                "draft": name,
                "left": self._left(replies=bool(answered)),
            }
        )

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """https://developers.facebook.com/docs/threads/posts#step-2--publish-a-threads-media-container

        Threads does not know our keys; the container may be published once.
        """
        del key
        request = staged.request
        if request["public"]:
            raise Ambiguous(f"{self._graph.host} says that its container is public already")
        # From here on another container could be a second post.
        self._containers.keep(request["draft"], request["creation_id"])
        container = {"creation_id": request["creation_id"]}
        answer = self._graph.ask("POST", "/me/threads_publish", container, fresh=True)
        id_ = filled_text(published(answer, refused=refused), "id")
        self._containers.forget(request["draft"])
        return Receipt(id=id_, url=self._address(id_), allowance=allowance_of(request["left"]))

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """What the container's state and the account's posts prove together."""
        del key  # Threads does not know it
        request, horizon = staged.request, since - CLOCK_MARGIN
        answered = request["reply_to_id"]
        try:
            state = self._containers.state(request["creation_id"])
            listed = self._listed("/me/replies" if answered else "/me/threads", horizon)
            posts = [post for post in listed if (post.reply_to or "") == answered]
        except Ending as ending:
            return Unknown(reason=str(ending))
        if state is State.FINISHED:
            # If it is sent again, then this one: two containers may become two posts.
            self._containers.keep(request["draft"], request["creation_id"])
        return concluded(state, posts, words=request["text"], host=self._graph.host)

    def withdraw(self, receipt: Receipt) -> None:
        """https://developers.facebook.com/docs/threads/posts/delete-posts"""
        answer = self._graph.ask("DELETE", f"/{quote(receipt.id, safe='')}")
        found = failure(answer)
        if found and found.no_object:
            self.whoami()  # a token that has expired may be answered the same
        elif prepared(answer).get("success") is not True:
            raise Ambiguous(f"{answer.host} did not say that the post is deleted")

    def standing(self, *, since: datetime) -> tuple[Standing, ...]:
        """What the account has posted and answered, as the public reads it."""
        posts = [*self._listed("/me/threads", since), *self._listed("/me/replies", since)]
        newest_first = sorted(posts, key=lambda post: post.published_at, reverse=True)
        return tuple(
            Standing(receipt=post.receipt, text=post.text or "", published_at=post.published_at)
            for post in newest_first
        )

    @property
    def _site(self) -> str:
        """A stand-in's posts stand nowhere on threads.net."""
        return self._graph.address if sandboxed(self._account) else SITE

    @property
    def _profile(self) -> str:
        return f"{self._site}/@{quote(self._name)}"

    def _said_of_token(self) -> tuple[datetime | None, tuple[str, ...]]:
        """When it expires and what it may do, where Threads says so. Refuses one that may not
        publish.

        https://developers.facebook.com/docs/threads/troubleshooting#debug-access-tokens
        """
        try:
            said = inside(self._graph.read("/debug_token", input_token=self._graph.token), "data")
        except Ending:  # the token is good: it has just said whose it is
            return None, ()
        scopes = said.get("scopes")
        if isinstance(scopes, list) and _PUBLISH not in scopes:
            raise AccountRefused(f"the token may not publish: it lacks {_PUBLISH}")
        seconds = said.get("expires_at")
        ends = (
            datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds else None
        )
        return ends, tuple(map(str, scopes)) if isinstance(scopes, list) else ()

    def _left(self, *, replies: bool) -> int:
        """How many posts are left of the last 24 hours; answers have a quota of their own."""
        usage, config = "quota_usage", "config"
        if replies:
            usage, config = "reply_quota_usage", "reply_config"
        said = self._graph.read("/me/threads_publishing_limit", fields=f"{usage},{config}")
        return left_of(said, self._graph.host, of=usage, by=config)

    def _made(self, name: str, draft: Draft, answered: str) -> tuple[str, State]:
        """One container, or a carousel of one for each picture."""
        words = _words(draft, answered)
        match draft.pictures:
            case ():
                return self._containers.finished(
                    name, (), lambda _: {"media_type": "TEXT", **words}
                )
            case (picture,):
                return self._containers.finished(
                    name, (), lambda _: {**self._shown(picture), **words}
                )
        item = {"is_carousel_item": "true"}
        parts: list[Callable[[], Fields]] = [
            partial(self._shown, picture, item) for picture in draft.pictures
        ]
        return self._containers.finished(
            name, parts, lambda ids: {"media_type": "CAROUSEL", "children": ids, **words}
        )

    def _shown(self, picture: DraftPicture, more: Fields = MappingProxyType({})) -> Fields:
        alt = {"alt_text": picture.alt} if picture.alt else {}
        address = self._host.address(picture)
        return {"media_type": "IMAGE", "image_url": address, **alt, **more}

    def _address(self, id_: str) -> str:
        """Where people read the post; the account's own page where nobody says."""
        try:
            said = self._graph.read(f"/{quote(id_, safe='')}", fields="id,permalink")
            return filled_text(said, "permalink")
        except Ending:  # it is public all the same
            return self._profile

    def _listed(self, path: str, horizon: datetime) -> Iterator[Post]:
        """The account's posts, or its answers, since then: newest first."""
        fields = "id,text,permalink,timestamp"
        if path == "/me/replies":
            fields += ",replied_to"
        for page in self._graph.pages(path, most=PAGES, fields=fields, limit=str(PAGE)):
            posts = [_post(each) for each in page]
            yield from (post for post in posts if post.published_at >= horizon)
            if posts and posts[-1].published_at < horizon:
                return


def _secret_problems(account: Account) -> Iterator[tuple[str, str]]:
    return secret_problems(account, Threads.secrets, Threads.options, renewed=("token",))


def _words(draft: Draft, answered: str) -> Fields:
    """What is said of a post as a whole, whatever it shows."""
    covered = draft.note and draft.pictures
    return {
        "text": caption_of(draft),
        "reply_control": _REPLY_CONTROL[draft.comments],
        **({"is_spoiler_media": "true"} if covered else {}),
        **({"reply_to_id": answered} if answered else {}),
    }


def _post(said: Mapping[str, Any]) -> Post:
    """A post without words has no "text"."""
    return Post(
        receipt=Receipt(id=filled_text(said, "id"), url=filled_text(said, "permalink")),
        text=str(said.get("text") or ""),
        published_at=moment(said, "timestamp"),
        reply_to=inside(said, "replied_to").get("id"),
    )
