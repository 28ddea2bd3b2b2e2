"""Writing rows that may be there already, also when two write at once."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def put(
    session: Session,
    table: type[SQLModel],
    key: dict[str, Any],
    *,
    first: dict[str, Any],
    then: dict[str, Any],
) -> None:
    """Insert a row with `key` and `first`; where there is one, set `then` in it."""
    bind = session.get_bind()
    insert: Any = (
        postgresql.insert if bind.dialect.name == "postgresql" else sqlite.insert
    )
    statement = insert(table).values(**key, **first)
    if then:
        statement = statement.on_conflict_do_update(index_elements=[*key], set_=then)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=[*key])
    session.execute(statement)
