"""What the adapters under test send: every request that arrives at a stand-in, as it arrives."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from scheduler.sandbox import Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One request, and the test that made an adapter send it."""

    platform: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    content_type: str = ""
    data: bytes = field(default=b"", repr=False)
    test: str = ""
    #: Why the test has it sent although the specification says otherwise; "" for all others.
    on_purpose: str = ""

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0].strip().casefold()

    def body(self) -> Any:
        """JSON, or the fields and files of a form; ValueError where it cannot be read."""
        if self.media_type == "application/json":
            return json.loads(self.data)
        builder = EnvironBuilder(
            method=self.method, input_stream=None, data=self.data, content_type=self.content_type
        )
        with Request(builder.get_environ()) as request:
            files = {name: file.read().decode("latin-1") for name, file in request.files.items()}
            return {**request.form.to_dict(), **files}


@dataclass(slots=True)
class Watch:
    """Notes nothing until it is told to, so that an ordinary run of the suite costs nothing."""

    noting: bool = False
    test: str = ""
    on_purpose: str = ""
    noted: list[Arrival] = field(default_factory=list)

    def __call__(self, platform: str, request: Request) -> None:
        if self.noting:
            self.noted.append(
                Arrival(
                    platform=platform,
                    method=request.method,
                    path=request.path,
                    query=tuple(request.args.items(multi=True)),
                    content_type=request.headers.get("Content-Type", ""),
                    data=request.get_data(),
                    test=self.test,
                    on_purpose=self.on_purpose,
                )
            )


#: One for the whole run: fixtures of every scope open stand-ins.
WATCH = Watch()

#: The sandbox of the tests in this room.
watched = partial(Sandbox, arrivals=WATCH)
