"""A place on this machine where pictures lie at an address of their own, as in a public bucket."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import ClassVar
from urllib.parse import quote

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from scheduler.errors import NotSent
from scheduler.model import DraftPicture
from scheduler.sandbox.answering import route
from scheduler.sandbox.faults import Purpose
from scheduler.sandbox.pictures import Pictures

_ROUTES = Map([Rule("/<account>/<name>", methods=["GET"], endpoint="picture")])
_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    data: bytes
    media_type: str


class PublicPictures:
    """Shows every picture that was put there to whoever asks."""

    purposes: ClassVar[Mapping[str, Purpose]] = MappingProxyType({})

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: dict[tuple[str, str], _Shown] = {}
        self._kept = Pictures()

    def of(self, account: str, address: str) -> AccountPictures:
        """The account's own folder of it; `address` is that of the whole place."""
        return AccountPictures(place=self, account=account, root=address)

    def put(self, account: str, name: str, data: bytes, media_type: str) -> None:
        with self._lock:
            self._shown[account, name] = _Shown(data=self._kept.once(data), media_type=media_type)

    def endpoint(self, request: Request) -> str:
        """Method and route: "GET /<account>/<name>"."""
        return route(_ROUTES, request)

    def account(self, request: Request) -> str:
        """Whose picture is asked for, whoever asks."""
        return self._asked(request)[0]

    def answer(self, request: Request) -> Response:
        """The picture, or that there is none."""
        with self._lock:
            shown = self._shown.get(self._asked(request))
        if shown is None:
            return Response("There is no such picture.", 404, mimetype="text/plain")
        return Response(shown.data, mimetype=shown.media_type)

    def stall(self, request: Request) -> Response:
        """It works on nothing that could stall."""
        return self.answer(request)

    def exhaust(self, account: str) -> None:
        """It counts nothing that could be used up."""

    def _asked(self, request: Request) -> tuple[str, str]:
        try:
            _, values = _ROUTES.bind_to_environ(request.environ).match()
        except HTTPException:
            return "", ""
        return values["account"], values["name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPictures:
    """Puts one account's pictures there, as a `MediaHost` does."""

    place: PublicPictures
    account: str
    #: Where the place as a whole is.
    root: str

    def address(self, picture: DraftPicture) -> str:
        """The picture's address: it lies there from now on, under the digest of its bytes."""
        data = _read(picture)
        name = picture.digest + _SUFFIXES.get(picture.media_type, "")
        self.place.put(self.account, name, data, picture.media_type)
        return f"{self.root}/{quote(self.account, safe='')}/{name}"


def _read(picture: DraftPicture) -> bytes:
    try:
        data = picture.file.read_bytes()
    except OSError as error:
        raise NotSent(f"{picture.file} cannot be read: {error.strerror}") from error
    if sha256(data).hexdigest() != picture.digest:
        raise NotSent(f"{picture.file} has changed since it was drafted")
    return data
