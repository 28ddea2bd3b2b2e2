"""Transitions of verdicts, seals, and when a worker process last looked for a job."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
release = "0.1"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("process", sa.Column("looked_at", sa.Float(), nullable=True))
    op.add_column("process", sa.Column("rejected", sa.JSON(), nullable=True))
    _transition()
    _seal()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for act in ("UPDATE", "DELETE"):
        _forbid("seal", act, sqlite=sqlite)


def _transition() -> None:
    op.create_table(
        "transition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("app", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("app", "tier", "turn", name="transition_turn"),
    )


def _seal() -> None:
    op.create_table(
        "seal",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("after", sa.Float(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "number"),
    )


def _forbid(table: str, act: str, *, sqlite: bool) -> None:
    name = f"{table}_{act.lower()}_never"
    if sqlite:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN "
            f"SELECT RAISE(ABORT, '{table} is append only'); END"
        )
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW "
        "EXECUTE FUNCTION append_only()"
    )
