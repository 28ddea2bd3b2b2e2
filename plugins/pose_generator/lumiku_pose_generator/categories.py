"""The tree of categories: package data, read once when first asked for."""

import json
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict


class Category(BaseModel):
    """One category; `parent` is the id of the one above, None at the top."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    parent: str | None
    name: str
    name_id: str
    icon: str
    color: str
    order: int


@cache
def categories() -> tuple[Category, ...]:
    """All of them: each parent before its children, in the order they are shown."""
    text = files("lumiku_pose_generator").joinpath("categories.json").read_text("utf-8")
    return tuple(Category.model_validate(entry) for entry in json.loads(text))


def children(parent: str | None) -> tuple[Category, ...]:
    """Those directly below `parent`; the top ones for None."""
    below = (category for category in categories() if category.parent == parent)
    return tuple(sorted(below, key=lambda category: category.order))


@cache
def family(ident: str) -> frozenset[str]:
    """The ids of a category and all below it; empty when there is no such category."""
    if ident not in {category.id for category in categories()}:
        return frozenset()
    return frozenset({ident}).union(*(family(child.id) for child in children(ident)))


@cache
def above(ident: str) -> tuple[Category, ...]:
    """A category and those above it, the top one first."""
    return tuple(category for category in categories() if ident in family(category.id))
