"""Turns between workers, the calendar that counts, and where a ledger has gone."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0002"


def upgrade() -> None:
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
