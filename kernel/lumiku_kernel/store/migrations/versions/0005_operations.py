"""Accounts that wait for a word, links by their maker, rotated keys, counted retries.

Only expanding: a process of the release before goes on beside it. An account that
waits is disabled too, so that the older one lets nobody in by it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
release = "0.2"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED = (
    ("account", "awaiting_at", sa.Float, None),
    ("api_key", "lineage", sa.String, None),
    ("sign_in", "made_by", sa.String, ""),
    ("sign_in", "created_at", sa.Float, "0"),
    ("circuit", "retries", sa.Integer, "0"),
    ("process", "attested", sa.JSON, None),
)


def upgrade() -> None:
    for table, name, kind, default in ADDED:
        nullable = default is None
        column = sa.Column(name, kind(), nullable=nullable, server_default=default)
        op.add_column(table, column)
