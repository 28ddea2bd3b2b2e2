"""Flags with states, targets, rules, percentages and versions; processes' epochs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
release = "0.1"
down_revision = "0001"
branch_labels = None
depends_on = None

ADDED = (
    ("version", sa.Integer(), "1"),
    ("state", sa.String(), "'on'"),
    ("targets", sa.JSON(), "'{}'"),
    ("rules", sa.JSON(), "'[]'"),
    ("percentage", sa.Float(), "100"),
    ("salt", sa.String(), "''"),
    ("actor", sa.String(), "''"),
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, type_, value in ADDED:
        column = sa.Column(
            name,
            type_,
            nullable=name == "percentage",
            server_default=sa.text(value),
        )
        op.add_column("flag", column)
    op.execute("UPDATE flag SET state = 'off' WHERE NOT enabled")
    op.execute(
        "UPDATE flag SET actor = coalesce((SELECT actor FROM audit WHERE "
        "action = 'flag.set' AND subject = flag.key ORDER BY id DESC LIMIT 1), '')"
    )
    with op.batch_alter_table("flag") as batch:
        batch.drop_column("enabled")
        for name, _, _ in ADDED:
            batch.alter_column(name, server_default=None)
    if sqlite:  # the table was made anew, without its triggers
        for act in ("INSERT", "UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER flag_{act.lower()}_epoch AFTER {act} ON flag BEGIN "
                "UPDATE epoch SET value = value + 1 WHERE name = 'config'; END"
            )
    op.create_table(
        "flag_use",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.add_column("process", sa.Column("epoch", sa.Integer(), nullable=True))
