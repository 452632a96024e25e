"""What the ledger remembers, as tables. Every instant is an integer: UTC microseconds."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

#: One row a campaign: what must not change once something of it is public.
campaigns = Table(
    "campaigns",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("first_day", String(10), nullable=False),
    #: Of the files that were last taken up: who has others publishes nothing. "" where nobody said.
    Column("edition", String(64), nullable=False, server_default=""),
)

#: One row a delivery, for ever. `look_at` is when it next wants to be looked at, or null when only
#: a person can move it: the least of them is when the daemon must wake.
deliveries = Table(
    "deliveries",
    metadata,
    Column("key", String(400), primary_key=True),
    Column("campaign", String(64), nullable=False),
    Column("post", String(64), nullable=False),
    Column("account", String(160), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("part", Integer, nullable=False),
    Column("day", Integer, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("latest", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    #: Counts the claims: who holds an older number has lost the delivery.
    Column("fence", Integer, nullable=False, default=0),
    #: Failed tries since it was last moved by a person or by the calendar.
    Column("tries", Integer, nullable=False, default=0),
    Column("look_at", BigInteger),
    Column("reason", Text, nullable=False, default=""),
    Column("receipt_id", Text),
    Column("receipt_url", Text),
    Column("published_at", BigInteger),
)
# In the very order of what is due.
Index(
    "ix_deliveries_due",
    deliveries.c.campaign,
    deliveries.c.look_at,
    deliveries.c.post,
    deliveries.c.part,
)
Index("ix_deliveries_campaign_state", deliveries.c.campaign, deliveries.c.state)
Index("ix_deliveries_post", deliveries.c.campaign, deliveries.c.post, deliveries.c.part)
# One publish at a time for each account, kept by the database itself. The states are literals:
# SQLite does not use a partial index for bound values.
Index(
    "ix_deliveries_open_account",
    deliveries.c.campaign,
    deliveries.c.account,
    unique=True,
    sqlite_where=text("state IN ('claimed', 'staged', 'armed')"),
    postgresql_where=text("state IN ('claimed', 'staged', 'armed')"),
)

#: One row a try: what was going to be said, what was sent, and how it ended.
attempts = Table(
    "attempts",
    metadata,
    Column("key", String(400), ForeignKey("deliveries.key"), primary_key=True),
    Column("fence", Integer, primary_key=True),
    Column("worker", Text, nullable=False),
    Column("claimed_at", BigInteger, nullable=False),
    Column("armed_at", BigInteger),
    Column("ended_at", BigInteger),
    #: As whom it was sent: the platform's own name for the account.
    Column("identity", Text),
    #: The frozen draft and the frozen request, as JSON, and the SHA-256 of the first.
    Column("draft", Text),
    Column("digest", String(64)),
    Column("request", Text),
    Column("ending", Text),
    #: Of the delivery, kept here since limits are counted by account.
    Column("account", String(160)),
    #: What it was charged, in thousandths of a US dollar.
    Column("cost", Integer, nullable=False, server_default="0"),
    #: On which facts, quotes, helplines and consents it stood, as JSON.
    Column("uses", Text),
)
Index("ix_attempts_digest", attempts.c.digest)
Index("ix_attempts_account_armed_at", attempts.c.account, attempts.c.armed_at)

#: Append-only: every step that any delivery ever took.
journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("key", String(400), nullable=False),
    Column("from_state", String(16), nullable=False),
    Column("to_state", String(16), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("reason", Text, nullable=False, default=""),
)
Index("ix_journal_key", journal.c.key)

#: What must not go out, and why. Nothing is deleted: a release is dated.
holds = Table(
    "holds",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("campaign", String(64), nullable=False),
    #: What it keeps back: a member, a country …, and which; "" for everything.
    Column("scope", String(16), nullable=False, server_default="account"),
    Column("value", String(160), nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    #: Where it was said: by a person, in holds.yaml, or by the program itself.
    Column("origin", String(16), nullable=False, server_default="program"),
    Column("released_at", BigInteger),
    Column("released_by", Text),
)

#: Who said yes to exactly which words and pictures. Nothing is deleted: a no is dated.
approvals = Table(
    "approvals",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(400), nullable=False),
    #: SHA-256 of the frozen draft.
    Column("digest", String(64), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("revoked_because", Text),
    #: The frozen draft, as JSON; null where it was approved before drafts were kept.
    Column("draft", Text),
)
Index("ix_approvals_key", approvals.c.key)

#: Which accounts this ledger, and no other, publishes to.
bindings = Table(
    "bindings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("campaign", String(64), nullable=False),
    Column("account", String(160), nullable=False),
    #: The platform's own name for the account when it was bound.
    Column("identity", Text, nullable=False),
    #: Where the ledger lay then: a copy of it elsewhere is another ledger.
    Column("home", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("ended_at", BigInteger),
    Column("ended_because", Text),
)
Index(
    "ix_bindings_account",
    bindings.c.campaign,
    bindings.c.account,
    unique=True,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)

#: Until when nothing is asked of an account, because its platform, or its cap, says so.
waits = Table(
    "waits",
    metadata,
    Column("campaign", String(64), primary_key=True),
    Column("account", String(160), primary_key=True),
    Column("until", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)

#: Whose turn it is, among workers who share a ledger. It only keeps them out of each other's way:
#: what keeps a post from going out twice is the delivery itself.
turns = Table(
    "turns",
    metadata,
    #: What kind of thing it is: a campaign's accounts, or cards.
    Column("scope", String(80), primary_key=True),
    Column("name", String(160), primary_key=True),
    Column("worker", Text, nullable=False),
    #: 0 when it was given back.
    Column("until", BigInteger, nullable=False),
    #: Workers that were lost over it, one after the other.
    Column("lost", Integer, nullable=False, server_default="0"),
)

#: Where everything of this ledger is by now: it publishes nothing any more. Empty in all others.
moved = Table(
    "moved",
    metadata,
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("who", Text, nullable=False),
    Column("to", Text, nullable=False),
)

#: Append-only: everything that a person, or holds.yaml, decided.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("campaign", String(64), nullable=False),
    #: The verb: approve, hold, release, resolve, live, withdraw …
    Column("act", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
)

# ── alerts ────────────────────────────────────────────────────────────────────────────────────────

#: Who was told of what. A row is open while what it tells of is still so; nothing is deleted.
tellings = Table(
    "tellings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("campaign", String(64), nullable=False),
    Column("recipient", String(64), nullable=False),
    #: What it is about, and how far it had come: "missed:small-2026/launch/archive/1", "48h".
    Column("matter", String(500), nullable=False),
    Column("step", String(16), nullable=False),
    Column("told_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
)
Index("ix_tellings_campaign_ended_at", tellings.c.campaign, tellings.c.ended_at)

#: How far each recipient can be reached: one row for each that was ever tried.
recipients = Table(
    "recipients",
    metadata,
    Column("campaign", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    #: Nobody tries again before this: another process is at it, or it failed just now.
    Column("not_before", BigInteger, nullable=False),
    Column("reached_at", BigInteger),
    #: Since when it fails, how often it did, and what is known of that; null, 0 and "" else.
    Column("failing_since", BigInteger),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("reason", Text, nullable=False, server_default=""),
)

# ── as whom accounts are signed in ────────────────────────────────────────────────────────────────

#: One row an account: what its platform said of it when it was last asked.
signed_in = Table(
    "signed_in",
    metadata,
    Column("account", String(160), primary_key=True),
    Column("platform", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("looked_at", BigInteger, nullable=False),
    Column("expires", BigInteger),
    Column("quota_left", Integer),
)

#: One row an account whose tokens are renewed: sealed, with a key that lies elsewhere.
grants = Table(
    "grants",
    metadata,
    Column("account", String(160), primary_key=True),
    #: Counts what was kept: who renews says which one was meant.
    Column("revision", Integer, nullable=False, server_default="0"),
    #: Null before the first, and after the platform took it no more.
    Column("sealed", Text),
    #: Names the key, so that a wrong one is told from a broken row.
    Column("key", String(16)),
    #: Written before the platform is asked for another: since when, and by which process.
    Column("renewing_since", BigInteger),
    Column("renewing_by", Text),
    #: Why it cannot be renewed any more, so that a person must sign in again.
    Column("trouble", Text),
)
