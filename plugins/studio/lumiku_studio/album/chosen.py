"""Chosen pictures from a data file, as small files for a page."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from PIL import Image
from pydantic import BaseModel, ConfigDict, Field

from lumiku_contracts.images import Quality
from lumiku_contracts.scene import (
    Backdrop,
    Camera,
    Expression,
    Garment,
    Scene,
    Thing,
)
from lumiku_studio.album.scenes import People, Poses
from lumiku_studio.marks import packet
from lumiku_studio.studio import render

LARGEST = 60_000
"""Bytes of one picture."""
QUALITIES = range(88, 30, -4)


class Chosen(BaseModel):
    """One picture: what is not given is as the person and the pose have it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
    """Of its file, without the ending."""
    alt: str
    """What is seen, in a sentence."""
    person: str
    pose: str
    changes: dict[str, Any] = {}
    """Of the appearance."""
    outfit: tuple[Garment, ...] | None = None
    expression: Expression | None = None
    camera: Camera | None = None
    backdrop: Backdrop = Backdrop()
    things: tuple[Thing, ...] = ()

    def scene(self, people: People, poses: Poses) -> Scene:
        """What the studio draws; raises `KeyError` for a person or pose unknown."""
        who, shown = people[self.person], poses[self.pose]
        look = who.appearance.model_dump() | self.changes
        if self.outfit is not None:
            look["outfit"] = self.outfit
        return Scene(
            pose=shown.pose,
            appearance=type(who.appearance).model_validate(look),
            expression=self.expression or who.expression,
            camera=self.camera or shown.camera,
            backdrop=self.backdrop,
            things=self.things,
        )


def chosen(path: Path) -> tuple[Chosen, ...]:
    """What a data file names; raises pydantic's `ValidationError`."""
    return tuple(
        Chosen.model_validate(one) for one in json.loads(path.read_text("utf-8"))
    )


def drawn(
    wanted: tuple[Chosen, ...], people: People, poses: Poses, size: tuple[int, int]
) -> Iterator[tuple[str, bytes]]:
    """Each picture's name and file: WebP, marked as made by a computer."""
    for one in wanted:
        made = render(one.scene(people, poses), size, quality=Quality.STANDARD)
        yield f"{one.name}.webp", small(made.image)


def small(picture: Image.Image, most: int = LARGEST) -> bytes:
    """WebP of at most `most` bytes in the best quality that fits.

    Raises `ValueError` if none does.
    """
    mark = packet().encode()
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6, xmp=mark)
        if out.tell() <= most:
            return out.getvalue()
    raise ValueError(f"no quality brings the picture below {most} bytes")
