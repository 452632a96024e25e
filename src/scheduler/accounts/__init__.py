"""Where tokens are kept: never in the calendar, never printed.

`places` reads and writes them where the calendar says; `sealing` encrypts those that the ledger
keeps, since they are renewed. `returning` waits for the browser of a person who signs in, and is
asked for by itself: nobody else needs a server.
"""

from scheduler.accounts.places import NoTokens, Owner, StoredTokens, missing, origin_of, put
from scheduler.accounts.sealing import KeyFile, Seal, WrongKey, seal_with

__all__ = [
    "KeyFile",
    "NoTokens",
    "Owner",
    "Seal",
    "StoredTokens",
    "WrongKey",
    "missing",
    "origin_of",
    "put",
    "seal_with",
]
