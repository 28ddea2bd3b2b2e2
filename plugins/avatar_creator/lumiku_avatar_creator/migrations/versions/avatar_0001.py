"""Create the table of avatars."""

import sqlalchemy as sa
from alembic import op

revision = "avatar_0001"
release = "0.1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "avatar_creator__avatar",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("description", sa.String(500), nullable=False),
        sa.Column("expression", sa.String(20), nullable=False),
        sa.Column("preset", sa.String(64), nullable=True),
        sa.Column("persona", sa.JSON(), nullable=False),
        sa.Column("appearance", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "ix_avatar_creator__avatar_user_id", "avatar_creator__avatar", ["user_id"]
    )


def downgrade() -> None:
    op.drop_index(
        "ix_avatar_creator__avatar_user_id", table_name="avatar_creator__avatar"
    )
    op.drop_table("avatar_creator__avatar")
