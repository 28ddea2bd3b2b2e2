"""What became of each verdict, and the seals on what must not be changed."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from lumiku_kernel.store.tables.row import Row, json_column


class Transition(Row, table=True):
    """A verdict of an app for a tier that became another; `turn` counts them.

    `told` is what the operator's webhook was told: null is nothing, then `due`, then
    `sent` or `failed`.
    """

    __tablename__ = "transition"
    __table_args__ = (UniqueConstraint("app", "tier", "turn", name="transition_turn"),)
    id: int | None = Field(default=None, primary_key=True)
    at: float
    app: str
    tier: str
    turn: int
    before: str | None = None
    after: str
    codes: list[str] = json_column()
    evidence: dict[str, Any] = json_column()
    cause: str
    epoch: int
    told: str | None = None


class Seal(Row, table=True):
    """The digest of a closed range of rows of `chain`, and of the seal before it.

    It holds the rows with `after` < `at` <= `until`; `rows` has the id and the digest
    of each, so that one that was changed can be named.
    """

    __tablename__ = "seal"
    chain: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    after: float
    until: float
    rows: list[list[str]] = json_column()
    digest: str
    at: float
