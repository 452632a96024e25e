"""What was approved, as whom accounts are signed in, who was told of what, and turns of workers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # Of an older yes nobody knows more than the digest.
    op.add_column("approvals", sa.Column("draft", sa.Text))
    _signing_in()
    _alerts()
    _several_machines()


def _signing_in() -> None:
    op.create_table(
        "signed_in",
        sa.Column("account", sa.String(160), primary_key=True),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("looked_at", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger),
        sa.Column("quota_left", sa.Integer),
    )
    op.create_table(
        "grants",
        sa.Column("account", sa.String(160), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
        sa.Column("sealed", sa.Text),
        sa.Column("key", sa.String(16)),
        sa.Column("renewing_since", sa.BigInteger),
        sa.Column("renewing_by", sa.Text),
        sa.Column("trouble", sa.Text),
    )


def _alerts() -> None:
    op.create_table(
        "tellings",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("recipient", sa.String(64), nullable=False),
        sa.Column("matter", sa.String(500), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("told_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
    )
    op.create_index("ix_tellings_campaign_ended_at", "tellings", ["campaign", "ended_at"])
    op.create_table(
        "recipients",
        sa.Column("campaign", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("reached_at", sa.BigInteger),
        sa.Column("failing_since", sa.BigInteger),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
    )


def _several_machines() -> None:
    op.add_column(
        "campaigns", sa.Column("edition", sa.String(64), nullable=False, server_default="")
    )
    op.create_table(
        "turns",
        sa.Column("scope", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(160), primary_key=True),
        sa.Column("worker", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("lost", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "moved",
        sa.Column("at", sa.BigInteger, primary_key=True),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("to", sa.Text, nullable=False),
    )
