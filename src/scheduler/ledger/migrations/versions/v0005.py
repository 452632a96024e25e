"""Who was told of what, and who cannot be reached."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
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
