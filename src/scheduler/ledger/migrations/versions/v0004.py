"""As whom accounts are signed in, and sealed tokens that are renewed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"


def upgrade() -> None:
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
