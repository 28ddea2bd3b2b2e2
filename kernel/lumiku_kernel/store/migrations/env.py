"""The kernel's own Alembic environment."""

from lumiku_contracts.tables import migrate

migrate()
