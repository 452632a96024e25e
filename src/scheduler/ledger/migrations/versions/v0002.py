"""A person's hand (holds of every scope, approvals, live accounts), rates, and an audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_CURRENT = sa.text("ended_at IS NULL")
#: What is written there stays as it is.
_APPEND_ONLY = ("journal", "audit")


def upgrade() -> None:
    _deliveries_and_attempts()
    _holds()
    _decisions()
    for table in _APPEND_ONLY:
        _append_only(table)


def _deliveries_and_attempts() -> None:
    op.drop_index("ix_deliveries_look_at", "deliveries")
    op.create_index("ix_deliveries_due", "deliveries", ["campaign", "look_at", "post", "part"])
    op.create_index("ix_deliveries_post", "deliveries", ["campaign", "post", "part"])
    op.add_column("attempts", sa.Column("account", sa.String(160)))
    op.add_column("attempts", sa.Column("cost", sa.Integer, nullable=False, server_default="0"))
    op.add_column("attempts", sa.Column("uses", sa.Text))
    op.execute(
        "UPDATE attempts SET account = "
        "(SELECT account FROM deliveries WHERE deliveries.key = attempts.key)"
    )
    op.create_index("ix_attempts_account_armed_at", "attempts", ["account", "armed_at"])


def _holds() -> None:
    # Until now each hold was one of an account.
    op.execute("ALTER TABLE holds RENAME COLUMN account TO value")
    op.add_column(
        "holds", sa.Column("scope", sa.String(16), nullable=False, server_default="account")
    )
    op.add_column(
        "holds", sa.Column("origin", sa.String(16), nullable=False, server_default="program")
    )
    op.add_column("holds", sa.Column("released_by", sa.Text))


def _decisions() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(400), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column("revoked_because", sa.Text),
    )
    op.create_index("ix_approvals_key", "approvals", ["key"])
    op.create_table(
        "bindings",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("account", sa.String(160), nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("home", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("ended_because", sa.Text),
    )
    op.create_index(
        "ix_bindings_account",
        "bindings",
        ["campaign", "account"],
        unique=True,
        sqlite_where=_CURRENT,
        postgresql_where=_CURRENT,
    )
    op.create_table(
        "waits",
        sa.Column("campaign", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(160), primary_key=True),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )


def _append_only(table: str) -> None:
    """The database itself refuses to change what was written there, or to take it out."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_stays()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_stays_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
