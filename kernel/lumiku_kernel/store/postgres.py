"""How PostgreSQL is used: what a connection is told, and whether it still lives."""

import select
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from lumiku_kernel.errors import Problem
from lumiku_kernel.filed import database_password

OLDEST = 15
CONNECT: dict[str, Any] = {
    "connect_timeout": 5,
    "application_name": "lumiku",
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""Seconds, but for the last: milliseconds until a silent network counts as gone."""
LIMITS = {
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "10s",
}
"""A lock of somebody else must not hang us for ever, nor ours him when we sleep."""
UNHURRIED = (
    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
)
"""For a backup: it reads, and holds nobody up."""
PATIENT = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s'"
"""For migrations: a change of tables may take its time."""


def use_well(engine: Engine) -> None:
    """Tell each new connection its limits; lend none that the server has closed."""

    @event.listens_for(engine, "do_connect")
    def connecting(_dialect: Any, _record: Any, _words: Any, named: Any) -> None:
        named.update(password_of_now())

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        refuse_old(connection.info.server_version)
        said = ";".join(f"SET {name} = '{value}'" for name, value in LIMITS.items())
        connection.autocommit = True
        connection.execute(said)
        connection.autocommit = False

    @event.listens_for(engine, "checkout")
    def lent(connection: Any, _record: Any, _proxy: Any) -> None:
        # Between two uses a server says nothing, unless it closes the connection:
        # this sees it without a question on the wire.
        if connection.closed or _readable(connection.fileno()):
            raise DisconnectionError("the server has closed it")


def password_of_now() -> dict[str, str]:
    """The password for a new connection, if a file holds it: it may have changed."""
    secret = database_password()
    return {} if secret is None else {"password": secret}


def refuse_old(version: int) -> None:
    """503 `postgres-too-old` for a server (150004 is 15.4) of before our time."""
    if version // 10_000 < OLDEST:
        detail = f"This is PostgreSQL {version // 10_000}; {OLDEST} is the oldest."
        fix = f"move the database to PostgreSQL {OLDEST} or newer"
        raise Problem(503, "postgres-too-old", detail, fix=fix)


def _readable(number: int) -> bool:
    asked = select.poll()
    asked.register(number, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(asked.poll(0))
