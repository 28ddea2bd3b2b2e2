"""How lists are asked for and answered."""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")


class Paging(BaseModel):
    """A page of a list; `cursor` is the `next_cursor` of the page before."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, Field(max_length=100)] | None = None


class Listing(BaseModel, Generic[T]):
    """Items, and where the next page begins."""

    items: list[T]
    next_cursor: str | None = None


def page(items: list[dict[str, Any]], limit: int) -> dict[str, Any]:
    """A page of rows that have ids; it is the last one if it is not full."""
    more = len(items) == limit and bool(items)
    return {"items": items, "next_cursor": items[-1]["id"] if more else None}
