"""What was made of the library beforehand: skeletons and thumbnails.

`bake/poses.py` writes them; a pose that has not been baked is no error.
"""

import json
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

Joint = tuple[float, float, int]
"""x and y as fractions of a 3:4 frame from its top left, and 1 if visible.

A joint outside the frame, such as a foot of a half-length picture, is beyond 0-1.
"""


class Baked(BaseModel):
    """One pose's skeleton, and what it was made from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    """`Entry.digest` of the pose at that time."""
    engine: str
    skeleton: tuple[Joint, ...]
    """Eighteen joints in COCO-18 order."""


@cache
def baked() -> dict[str, Baked]:
    """Skeletons by pose id; empty before the first baking."""
    source = files("lumiku_pose_generator").joinpath("skeletons.json")
    if not source.is_file():
        return {}
    entries = json.loads(source.read_text("utf-8"))
    return {ident: Baked.model_validate(entry) for ident, entry in entries.items()}


def thumbnail(pose_id: str) -> bytes | None:
    """The WebP picture of a pose that is in the library, or None."""
    source = files("lumiku_pose_generator").joinpath("thumbnails", f"{pose_id}.webp")
    return source.read_bytes() if source.is_file() else None
