"""A plugin's migration changes its own tables and nobody else's."""

import pytest
from sqlalchemy import inspect, text

from lumiku_kernel.store import Store
from lumiku_kernel.store.fence import OutsidePrefix, allowed, fenced

OWN = (
    "CREATE TABLE acme__thing (id TEXT)",
    "\n  CREATE TABLE IF NOT EXISTS acme__thing (id TEXT)",
    'ALTER TABLE "acme__thing" ADD COLUMN x TEXT',
    "CREATE UNIQUE INDEX acme__by_x ON acme__thing (x)",
    "CREATE INDEX by_x ON acme__thing (x)",
    "DROP TABLE acme__thing",
    "CREATE TABLE _alembic_tmp_acme__thing (id TEXT)",
    "ALTER TABLE _alembic_tmp_acme__thing RENAME TO acme__thing",
    "INSERT INTO acme__version VALUES ('1')",
    "UPDATE acme__version SET version_num = '2'",
    "SELECT * FROM account",
)
OTHERS = (
    "CREATE TABLE thing (id TEXT)",
    "CREATE TABLE acme_thing (id TEXT)",
    "ALTER TABLE account ADD COLUMN x TEXT",
    'DROP TABLE "account"',
    "DROP TABLE IF EXISTS other__thing",
    "CREATE INDEX acme__by_email ON account (email)",
    "CREATE TRIGGER acme_trigger AFTER INSERT ON job BEGIN SELECT 1; END",
    "ALTER TABLE acme__thing RENAME TO account",
    "UPDATE account SET role = 'operator'",
    "DELETE FROM ledger_entry",
    "INSERT INTO balance VALUES ('user:x:available', 1000000)",
    "ATTACH DATABASE '/tmp/x' AS x",
)


@pytest.mark.parametrize("statement", OWN)
def test_what_is_its_own_is_allowed(statement: str) -> None:
    assert allowed(statement, "acme__")


@pytest.mark.parametrize("statement", OTHERS)
def test_what_is_not_its_own_is_refused(statement: str) -> None:
    assert not allowed(statement, "acme__")


def _migrate(store: Store) -> None:
    with store.connection() as connection, fenced(connection, "acme__"):
        connection.execute(text("CREATE TABLE acme__thing (id TEXT)"))
        connection.execute(text("DROP TABLE account"))


def test_a_refused_statement_does_not_run(store: Store) -> None:
    with pytest.raises(OutsidePrefix, match="DROP TABLE account"):
        _migrate(store)

    with store.read() as session:
        assert session.execute(text("SELECT count(*) FROM account")).scalar_one() == 0
        assert not inspect(session.connection()).has_table("acme__thing")
