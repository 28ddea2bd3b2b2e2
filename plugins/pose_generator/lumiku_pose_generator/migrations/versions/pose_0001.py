"""Create the tables of tastes, projects and pictures."""

import sqlalchemy as sa
from alembic import op

revision = "pose_0001"
release = "0.2"
down_revision = None
branch_labels = None
depends_on = None

TASTE, PROJECT, PICTURE = (
    f"pose_generator__{name}" for name in ("taste", "project", "picture")
)
INDEXES = (
    (TASTE, "pose_id"),
    (PROJECT, "user_id"),
    (PICTURE, "user_id"),
    (PICTURE, "job_id"),
    (PICTURE, "pose_id"),
    (PICTURE, "project_id"),
)


def upgrade() -> None:
    op.create_table(
        TASTE,
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("pose_id", sa.String(80), primary_key=True),
        sa.Column("favourite", sa.Boolean(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        PROJECT,
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("description", sa.String(500), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("avatar", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        PICTURE,
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("job_id", sa.String(64), nullable=False),
        sa.Column("pose_id", sa.String(80), nullable=True),
        sa.Column("project_id", sa.String(40), nullable=True),
        sa.Column("model", sa.String(80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table)
    for table in (PICTURE, PROJECT, TASTE):
        op.drop_table(table)
