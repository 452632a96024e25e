"""What was approved: the words of it, where there was only their digest."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # Of an older yes nobody knows more than the digest.
    op.add_column("approvals", sa.Column("draft", sa.Text))
