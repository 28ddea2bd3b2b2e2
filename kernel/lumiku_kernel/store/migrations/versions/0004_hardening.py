"""Tiers, webhooks and their deliveries, uploads, circuits; what keys and sessions may.

SQLite adds a column that must not be null with a default only; the defaults stay, and
stand for rows of before.
"""

import sqlalchemy as sa
from alembic import op

from lumiku_kernel.store.engine import POSTGRES_NOW, SQLITE_NOW

revision = "0004"
release = "0.1"
down_revision = "0003"
branch_labels = None
depends_on = None

GIB = 2**30
TIERS = (
    ("free", 4, 600, GIB),
    ("basic", 8, 1200, 5 * GIB),
    ("pro", 16, 3000, 20 * GIB),
    ("enterprise", None, None, None),
)
ADDED = (
    ("account", "deleted_at", sa.Float, None),
    ("account", "forgetting", sa.JSON, None),
    ("session", "id", sa.String, ""),
    ("session", "agent", sa.String, ""),
    ("session", "address", sa.String, ""),
    ("session", "seen_at", sa.Float, "0"),
    ("api_key", "models", sa.JSON, None),
    ("api_key", "budget_per_day", sa.Integer, None),
    ("api_key", "used_at", sa.Float, None),
    ("job", "key_id", sa.String, None),
    ("job", "provider", sa.String, ""),
    ("job", "traceparent", sa.String, None),
    ("job", "rank", sa.Integer, "0"),
    ("job", "turn", sa.Integer, "0"),
    ("job", "discarded_at", sa.Float, None),
)


def upgrade() -> None:
    for table, name, kind, default in ADDED:
        nullable = default is None
        column = sa.Column(name, kind(), nullable=nullable, server_default=default)
        op.add_column(table, column)
    moment = SQLITE_NOW if op.get_bind().dialect.name == "sqlite" else POSTGRES_NOW
    op.execute(f"UPDATE session SET id = 'ses_' || token_hash, seen_at = {moment}")
    op.execute(
        "UPDATE job SET provider = coalesce((SELECT provider FROM model "
        "WHERE model.key = job.model), '')"
    )
    op.create_index("session_id", "session", ["id"], unique=True)
    _queue()
    _purses()
    _attempt()
    _seen_in_silence()
    _tier()
    _webhook()
    _delivery()
    _upload()
    _circuit()
    _events_in_order()


def _events_in_order() -> None:
    """A job's events have no gap, and after the last one only a retry begins anew."""
    ended = "'succeeded', 'partial', 'failed', 'canceled', 'expired'"
    lacking = (
        "NEW.seq > 1 AND NOT EXISTS (SELECT 1 FROM job_event e "
        "WHERE e.job_id = NEW.job_id AND e.seq = NEW.seq - 1 "
        f"AND (NEW.type = 'queued' OR e.type NOT IN ({ended})))"
    )
    said = "an event out of order"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER job_event_order BEFORE INSERT ON job_event WHEN {lacking} "
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION events_in_order() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {lacking} THEN RAISE EXCEPTION '{said}' USING ERRCODE = "
        "'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER job_event_order BEFORE INSERT ON job_event "
        "FOR EACH ROW EXECUTE FUNCTION events_in_order()"
    )


def _queue() -> None:
    started = sa.text("started_at IS NOT NULL")
    op.drop_index("job_queue", "job")
    queue = ["state", "slot", "rank", "turn", "id", "plugin_id", "account_id"]
    op.create_index("job_queue", "job", queue)
    op.create_index("job_ended", "job", ["ended_at"])
    op.create_index("job_turn", "job", ["account_id", "slot", "rank", "turn"])
    op.create_index(
        "job_served",
        "job",
        ["slot", "rank", "turn"],
        sqlite_where=started,
        postgresql_where=started,
    )


def _purses() -> None:
    for purse in ("sys:issued", "sys:revenue"):
        op.execute(
            f"INSERT INTO balance (purse, amount) VALUES ('{purse}', 0) "
            "ON CONFLICT DO NOTHING"
        )
    if op.get_bind().dialect.name != "sqlite":  # whose integers have 64 bits anyway
        for table in ("balance", "ledger_entry"):
            op.alter_column(table, "amount", type_=sa.BigInteger())


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_attempt_until", "attempt", ["until"])


def _seen_in_silence() -> None:
    """When a session or key was last seen is no change of who may come in."""
    matter = {
        "session": "token_hash, account_id, expires_at",
        "api_key": "account_id, secret_hash, scopes, models, budget_per_day, "
        "expires_at, revoked_at",
    }
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, columns in matter.items():
        name = f"{table}_update_epoch"
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        act = f"UPDATE OF {columns}"
        _raise_epoch(table, act, "access", name=name, sqlite=sqlite)


def _tier() -> None:
    tier = op.create_table(
        "tier",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("allowance", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("max_running", sa.Integer(), nullable=True),
        sa.Column("per_minute", sa.Integer(), nullable=True),
        sa.Column("storage_bytes", sa.BigInteger(), nullable=True),
        sa.Column("retention_days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    columns = ("name", "max_running", "per_minute", "storage_bytes")
    rows = [dict(zip(columns, row, strict=True)) for row in TIERS]
    constant = {"allowance": 0, "period": "month", "retention_days": None}
    op.bulk_insert(tier, [row | constant for row in rows])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for act in ("INSERT", "UPDATE", "DELETE"):
        name = f"tier_{act.lower()}_epoch"
        _raise_epoch("tier", act, "config", name=name, sqlite=sqlite)


def _raise_epoch(table: str, act: str, epoch: str, *, name: str, sqlite: bool) -> None:
    if sqlite:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {act} ON {table} BEGIN "
            f"UPDATE epoch SET value = value + 1 WHERE name = '{epoch}'; END"
        )
        return
    op.execute(
        f"CREATE TRIGGER {name} AFTER {act} ON {table} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION raise_epoch('{epoch}')"
    )


def _webhook() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("previous_secret", sa.String(), nullable=True),
        sa.Column("previous_until", sa.Float(), nullable=True),
        sa.Column("resting_until", sa.Float(), nullable=True),
        sa.Column("failing_since", sa.Float(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("disabled_at", sa.Float(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_webhook_account_id", "webhook", ["account_id"])


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("webhook_id", sa.String(), nullable=False),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("delivery_once", "delivery", ["webhook_id", "once"], unique=True)
    op.create_index("delivery_due", "delivery", ["state", "due_at"])


def _upload() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_upload_account_id", "upload", ["account_id"])


def _circuit() -> None:
    op.create_table(
        "circuit",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("timeouts", sa.Integer(), nullable=False),
        sa.Column("window_at", sa.Float(), nullable=False),
        sa.Column("open_until", sa.Float(), nullable=True),
        sa.Column("probe", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
