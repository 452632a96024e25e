"""From due to public, once: claim → stage → arm → publish → settle.

Every step is durable in the ledger before the next begins. A process may die between any two of
them: what it left behind says how far it came, and the next look does the right thing.

    claimed           nothing is public: after the lease it is planned again
    armed             it may be public: after the lease and the request's timeouts it is looked for
    unconfirmed       looked for until it is found, proved absent, or left to a person
"""

from scheduler.publishing.deadman import Deadman
from scheduler.publishing.drawing_once import DrawingOnce
from scheduler.publishing.keeping import Vault
from scheduler.publishing.live import harmless, home, reason_not_live
from scheduler.publishing.means import (
    CONNECTIONS,
    LEASE,
    Clock,
    Means,
    connected,
    identity_of,
    signed_in,
    tokens_of,
)
from scheduler.publishing.publisher import Publisher
from scheduler.publishing.tending import Tending, kept_alive, renew_early, signed_in_as

__all__ = [
    "CONNECTIONS",
    "LEASE",
    "Clock",
    "Deadman",
    "DrawingOnce",
    "Means",
    "Publisher",
    "Tending",
    "Vault",
    "connected",
    "harmless",
    "home",
    "identity_of",
    "kept_alive",
    "reason_not_live",
    "renew_early",
    "signed_in",
    "signed_in_as",
    "tokens_of",
]
