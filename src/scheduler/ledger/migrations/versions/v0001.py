"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_OPEN = sa.text("state IN ('claimed', 'staged', 'armed')")


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("first_day", sa.String(10), nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("key", sa.String(400), primary_key=True),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("post", sa.String(64), nullable=False),
        sa.Column("account", sa.String(160), nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("latest", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("look_at", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("receipt_id", sa.Text),
        sa.Column("receipt_url", sa.Text),
        sa.Column("published_at", sa.BigInteger),
    )
    op.create_index("ix_deliveries_look_at", "deliveries", ["look_at"])
    op.create_index("ix_deliveries_campaign_state", "deliveries", ["campaign", "state"])
    op.create_index(
        "ix_deliveries_open_account",
        "deliveries",
        ["campaign", "account"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(400), sa.ForeignKey("deliveries.key"), primary_key=True),
        sa.Column("fence", sa.Integer, primary_key=True),
        sa.Column("worker", sa.Text, nullable=False),
        sa.Column("claimed_at", sa.BigInteger, nullable=False),
        sa.Column("armed_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("identity", sa.Text),
        sa.Column("draft", sa.Text),
        sa.Column("digest", sa.String(64)),
        sa.Column("request", sa.Text),
        sa.Column("ending", sa.Text),
    )
    op.create_index("ix_attempts_digest", "attempts", ["digest"])
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("key", sa.String(400), nullable=False),
        sa.Column("from_state", sa.String(16), nullable=False),
        sa.Column("to_state", sa.String(16), nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_journal_key", "journal", ["key"])
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("account", sa.String(160), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("released_at", sa.BigInteger),
    )
