"""The pose library: package data, read and checked when first asked for."""

import json
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from lumiku_contracts.scene import Camera, Hand, Pose
from lumiku_pose_generator.categories import Category, above, family

Difficulty = Literal["beginner", "intermediate", "advanced"]
Suitability = Literal["male", "female", "unisex"]


class Entry(BaseModel):
    """One pose of the library, in English and (`…_id`) Indonesian."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str
    name_id: str
    description: str
    description_id: str
    category: str
    difficulty: Difficulty
    suitability: Suitability
    tags: tuple[str, ...]
    tags_id: tuple[str, ...]
    premium: bool = False
    featured: bool = False
    camera: Camera = Camera()
    pose: Pose

    @property
    def digest(self) -> str:
        """SHA-256 of what decides how the pose looks: its joints and its camera."""
        seen = self.model_dump(
            mode="json",
            exclude_defaults=True,
            include={"pose", "camera"},
        )
        return sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()

    @cached_property
    def said(self) -> str:
        """All that is said of the pose, in both languages and in lower case.

        That includes the names of its category and of those above it.
        """
        names = (self.name, self.name_id, self.description, self.description_id)
        shelves = (word for one in above(self.category) for word in _words(one))
        return "\n".join((*names, *self.tags, *self.tags_id, *shelves)).casefold()

    @property
    def hands(self) -> tuple[Hand, Hand]:
        """The shapes of the left and the right hand."""
        return self.pose.left_arm.hand, self.pose.right_arm.hand

    def tells_of(self, words: tuple[str, ...]) -> bool:
        """Whether every word, in lower case, is somewhere in what is said of it."""
        return all(word in self.said for word in words)


def _words(category: Category) -> tuple[str, ...]:
    return category.id, category.name, category.name_id


@cache
def library() -> dict[str, Entry]:
    """All poses by id, in the order they are shown."""
    text = files("lumiku_pose_generator").joinpath("poses.json").read_text("utf-8")
    entries = (Entry.model_validate(entry) for entry in json.loads(text))
    return {entry.id: entry for entry in entries}


def featured() -> Entry:
    """The pose that stands for the library: the first featured one."""
    return next(entry for entry in library().values() if entry.featured)


def count(category: str) -> int:
    """How many poses a category and all below it have."""
    here = family(category)
    return sum(entry.category in here for entry in library().values())
