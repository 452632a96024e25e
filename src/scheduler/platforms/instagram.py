"""Instagram, over its API for professional accounts.

https://developers.facebook.com/docs/instagram-platform/content-publishing

Instagram has no content note, no field for a language, no posts without a picture and no threads.
A post's note is the first paragraph of its caption, where it is counted. Addresses in a caption are
not links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import quote

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, Ending
from scheduler.model import (
    Account,
    Draft,
    DraftPicture,
    Measure,
    Receipt,
    Size,
    Standing,
)
from scheduler.platforms.addresses import sandboxed, server_problems
from scheduler.platforms.answers import filled_text, moment
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
from scheduler.platforms.counting import hashtags, mentions
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
from scheduler.platforms.pictures import content
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

#: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
LIMITS = Limits(
    page="https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media",
    text=2200,
    text_unit="characters",
    pictures=10,
    alt=1000,
    picture_bytes=8_000_000,  # "8 MB"; it may mean more
    card=Size(width=1080, height=1350),
    media_types=("image/jpeg",),
    notes=False,
    languages=False,
    least_pictures=1,
)
MAX_HASHTAGS = 30
MAX_MENTIONS = 20
#: Width by height, from 4:5 to 1.91:1.
NARROWEST, WIDEST = 0.8, 1.91

VERSION = "v26.0"
#: Where an account signs in decides which server knows it.
SERVERS: Mapping[str, str] = MappingProxyType(
    {"instagram": "https://graph.instagram.com", "facebook": "https://graph.facebook.com"}
)
#: Where people read the posts.
SITE = "https://www.instagram.com"

#: Posts in one answer, and answers: more than 500 posts since one was sent is no account of ours.
PAGE, PAGES = 50, 10


class Instagram:
    """One professional account."""

    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "user_id": Option(
                meaning="the account's own number; a token of another is refused", required=True
            ),
            "handle": Option(meaning="the account's name, without @"),
            "login": Option(
                meaning="where its token was made: instagram, unless said otherwise, or facebook",
                choices=tuple(SERVERS),
            ),
            "app_id": Option(meaning="the Instagram app's number, for signing in"),
            "app_secret": Option(meaning="that app's secret, for signing in", secret=True),
            "server": Option(meaning="the API's address, where it is not the vendor's"),
            "sandbox": Option(
                meaning="true for a stand-in server on this machine", choices=("true", "false")
            ),
        }
    )
    secrets: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "token": "a long-lived token with instagram_business_basic and "
            "instagram_business_content_publish; of a login with Facebook: instagram_basic, "
            "instagram_content_publish and pages_read_engagement"
        }
    )
    in_flight: ClassVar[timedelta] = PAUSE
    #: One page says 100 and two say 50; the account's own number is asked for as well.
    caps: ClassVar[tuple[Cap, ...]] = (
        Cap(
            posts=50,
            window=timedelta(hours=24),
            page="https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/"
            "reference/ig-user/content_publishing_limit",
        ),
    )
    fetches_pictures: ClassVar[bool] = True

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost) -> None:
        self.limits = LIMITS
        self._account = account
        self._host = host
        self._name = account.options.get("handle", "").removeprefix("@")
        self._graph = Graph(account, tokens=tokens, server=_server(account), version=VERSION)
        self._containers = Containers(
            self._graph, path=lambda: f"{self._user}/media", fields="status_code,status"
        )

    @classmethod
    def problems(cls, account: Account) -> tuple[tuple[str, str], ...]:
        """What is wrong with the account's options and secrets: (name, message)."""
        return (
            *option_problems(account, cls.options),
            *server_problems(account, _server(account)),
            *(() if sandboxed(account) else _secret_problems(account)),
        )

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        """The caption with its note, hashtags and mentions, and the pictures."""
        caption = caption_of(draft)
        return (
            *measures(draft, self.limits, text=len(caption), alt=len),
            _measure("hashtags", hashtags(caption), MAX_HASHTAGS),
            _measure("mentions", mentions(caption), MAX_MENTIONS),
        )

    def cost(self, draft: Draft) -> int:
        """Nothing."""
        del draft
        return 0

    def whoami(self) -> Identity:
        """Who the token belongs to. When it expires, Instagram does not say.

        https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login
        """
        if self._login == "instagram":
            said = _me(self._graph.read("/me", fields="user_id,username,account_type"))
            id_ = filled_text(said, "user_id")  # its "id" is another one for each app
        else:
            said = self._graph.read(self._user, fields="id,username")
            id_ = filled_text(said, "id")
        name = filled_text(said, "username")
        refuse_other(self._account, id_=id_, name=name)
        self._name = name
        return Identity(
            id=id_, name=f"@{name}", url=self._profile, quota_left=quota_left(self._left)
        )

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Make the containers; `NotSent` while Instagram still works on them.

        A draft that is tried again goes on with its own. What is never published is forgotten after
        a day.
        """
        self._refuse_unfit(draft, reply_to)
        name = name_of(draft, due=due, answered="")
        container, state = self._made(name, draft)
        return Staged(
            request={
                "creation_id": container,
                "public": state is State.PUBLISHED,
                "caption": caption_of(draft),
                "draft": name,
                "left": self._left(),
            }
        )

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media_publish

        Instagram does not know our keys; the container may be published once.
        """
        del key
        request = staged.request
        if request["public"]:
            raise Ambiguous(f"{self._graph.host} says that its container is public already")
        # From here on another container could be a second post.
        self._containers.keep(request["draft"], request["creation_id"])
        path = f"{self._user}/media_publish"
        container = {"creation_id": request["creation_id"]}
        answer = self._graph.ask("POST", path, container, fresh=True)
        id_ = filled_text(published(answer, refused=refused), "id")
        self._containers.forget(request["draft"])
        return Receipt(id=id_, url=self._address(id_), allowance=allowance_of(request["left"]))

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """What the container's state and the account's posts prove together."""
        del key  # Instagram does not know it
        request, horizon = staged.request, since - CLOCK_MARGIN
        try:
            state = self._containers.state(request["creation_id"])
            posts = list(self._newest_first(horizon))
        except Ending as ending:
            return Unknown(reason=str(ending))
        if state is State.FINISHED:
            # If it is sent again, then this one: two containers may become two posts.
            self._containers.keep(request["draft"], request["creation_id"])
        return concluded(state, posts, words=request["caption"], host=self._graph.host)

    def withdraw(self, receipt: Receipt) -> None:
        """https://developers.facebook.com/docs/instagram-platform/reference/instagram-media

        Only where the token was made with Facebook; else it is a person's to do.
        """
        if self._login == "instagram":
            raise AccountRefused(
                f"Instagram takes nothing down for a token that was made at Instagram: delete "
                f"{receipt.url} in the app"
            )
        answer = self._graph.ask("DELETE", f"/{quote(receipt.id, safe='')}")
        found = failure(answer)
        if found and found.no_object:
            self.whoami()  # a token that may see nothing is answered the same
        elif prepared(answer).get("success") is not True:
            raise Ambiguous(f"{answer.host} did not say that the post is deleted")

    def standing(self, *, since: datetime) -> tuple[Standing, ...]:
        """What the account has posted; without words where the token may not read them."""
        return tuple(
            Standing(receipt=post.receipt, text=post.text or "", published_at=post.published_at)
            for post in self._newest_first(since)
        )

    def _left(self) -> int:
        """How many posts are left of the last 24 hours."""
        quota = self._graph.read(
            f"{self._user}/content_publishing_limit", fields="quota_usage,config"
        )
        return left_of(quota, self._graph.host)

    @property
    def _login(self) -> str:
        return self._account.options.get("login", "instagram")

    @property
    def _user(self) -> str:
        return f"/{quote(self._account.options.get('user_id', ''), safe='')}"

    @property
    def _site(self) -> str:
        """A stand-in's posts stand nowhere on instagram.com."""
        return self._graph.address if sandboxed(self._account) else SITE

    @property
    def _profile(self) -> str:
        return f"{self._site}/{quote(self._name)}/"

    def _refuse_unfit(self, draft: Draft, reply_to: Receipt | None) -> None:
        if reply_to is not None:
            raise ContentRejected("Instagram has no threads: say it in one part")
        if not draft.pictures:
            raise ContentRejected("Instagram has no posts without a picture")
        for number, picture in enumerate(draft.pictures, 1):
            _refuse_unfit_picture(number, picture)
            content(number, picture)  # whatever lies at its address, it must be what was drafted

    def _made(self, name: str, draft: Draft) -> tuple[str, State]:
        """One container, or a carousel of one for each picture."""
        caption = caption_of(draft)
        if len(draft.pictures) == 1:
            picture = draft.pictures[0]
            return self._containers.finished(
                name, (), lambda _: {**self._shown(picture), "caption": caption}
            )
        item = {"is_carousel_item": "true"}
        parts: list[Callable[[], Fields]] = [
            partial(self._shown, picture, item) for picture in draft.pictures
        ]
        return self._containers.finished(
            name,
            parts,
            lambda ids: {"media_type": "CAROUSEL", "children": ids, "caption": caption},
        )

    def _shown(self, picture: DraftPicture, more: Fields = MappingProxyType({})) -> Fields:
        alt = {"alt_text": picture.alt} if picture.alt else {}
        return {"image_url": self._host.address(picture), **alt, **more}

    def _address(self, id_: str) -> str:
        """Where people read the post; the account's own page where nobody says."""
        try:
            said = self._graph.read(f"/{quote(id_, safe='')}", fields="permalink,timestamp")
            return filled_text(said, "permalink")
        except Ending:  # it is public all the same
            return self._profile

    def _newest_first(self, horizon: datetime) -> Iterator[Post]:
        """The account's posts since then."""
        path, fields = f"{self._user}/media", "id,caption,permalink,timestamp"
        for page in self._graph.pages(path, most=PAGES, fields=fields, limit=str(PAGE)):
            posts = [_post(each) for each in page]
            yield from (post for post in posts if post.published_at >= horizon)
            if posts and posts[-1].published_at < horizon:
                return


def _secret_problems(account: Account) -> Iterator[tuple[str, str]]:
    """A token that was made with Facebook is its page's, and not renewed."""
    renewed = () if account.options.get("login") == "facebook" else ("token",)
    return secret_problems(account, Instagram.secrets, Instagram.options, renewed=renewed)


def _server(account: Account) -> str:
    return SERVERS.get(account.options.get("login", "instagram"), SERVERS["instagram"])


def _me(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Who is signed in: the vendor's page shows it as the only entry of a list."""
    listed = said.get("data")
    if isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], dict):
        return listed[0]
    return said


def _measure(name: str, used: int, limit: int) -> Measure:
    return Measure(name=name, used=used, limit=limit, unit=name)


def _refuse_unfit_picture(number: int, picture: DraftPicture) -> None:
    if picture.media_type not in LIMITS.media_types:
        raise ContentRejected(
            f"picture {number} is {picture.media_type}; Instagram takes JPEG only"
        )
    ratio = picture.size.width / picture.size.height
    if not NARROWEST <= ratio <= WIDEST:
        raise ContentRejected(
            f"picture {number} is {picture.size.width} × {picture.size.height}; Instagram takes "
            "pictures from 4:5 to 1.91:1"
        )


def _post(said: Mapping[str, Any]) -> Post:
    """A post without words has no "caption", and neither has one that the token may not read."""
    caption = said.get("caption")
    return Post(
        receipt=Receipt(id=filled_text(said, "id"), url=filled_text(said, "permalink")),
        text=caption if isinstance(caption, str) else None,
        published_at=moment(said, "timestamp"),
    )
