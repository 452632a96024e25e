"""What the stand-ins' servers do alike: name a request, read its token, answer in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map
from werkzeug.wrappers import Request, Response


def route(routes: Map, request: Request) -> str:
    """Method and route: "DELETE /2/tweets/<id>"; the path itself where there is no such route."""
    try:
        rule, _ = routes.bind_to_environ(request.environ).match(return_rule=True)
    except HTTPException:
        return f"{request.method} {request.path}"
    return f"{request.method} {rule.rule}"


def bearer(request: Request) -> str:
    """The token that the request carries, or ""."""
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def in_json(
    value: object,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    media_type: str = "application/json",
) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, headers, mimetype=media_type)
