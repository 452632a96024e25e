"""Requests to X: tweepy says what is sent, OAuth 1.0a signs it, and our own `Server` sends it.

tweepy's own line has no timeout, follows redirects and knows one address only, so none of it is
used. Imported only when something is asked of X: it takes its time to load.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
import tweepy
from requests_oauthlib import OAuth1

from scheduler.platforms.calling import Answer, Server, Signature, readable
from scheduler.platforms.protocol import Tokens

#: https://docs.x.com/fundamentals/authentication/oauth-1-0a/api-key-and-secret
SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


def signature(tokens: Tokens) -> Signature:
    """Signs each request anew, with a time and a word of its own; bodies stay out of it.

    https://docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature
    """
    secrets = tuple(readable(tokens.read(name)) for name in SECRETS)
    return Signature(auth=OAuth1(*secrets), hidden=secrets)


def signed_with(*secrets: str, **more: str) -> OAuth1:
    """A signature of the app alone, or with a token; `more` says where to come back, or a PIN."""
    return OAuth1(*secrets, **more)


class Client(tweepy.Client):  # type: ignore[misc] # it ships no types
    """tweepy's methods, which give our `Answer` back, whatever its status."""

    def __init__(self, server: Server) -> None:
        super().__init__(return_type=requests.Response)  # whatever `request` gives, untouched
        self._server = server

    def request(
        self,
        method: str,
        route: str,
        params: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
        user_auth: bool = True,
    ) -> Answer:
        """One signed request; a new connection for what cannot be repeated."""
        del user_auth  # there is no other way to sign in here
        fresh = method == "POST"
        return self._server.ask(method, route, fresh=fresh, params=params, json=json)
