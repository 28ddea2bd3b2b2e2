"""What is to be behind the person, as a viewer asks for it."""

from typing import Literal, Self

from pydantic import Field, model_validator

from lumiku_contracts.images import UploadId
from lumiku_contracts.scene import Backdrop, BackdropKind, Colour
from lumiku_contracts.sets import SetKind
from lumiku_pose_generator.ground import Part

PICTURE = "backdrop"
"""What a scene calls the picture behind the person."""
NEEDS = {
    "solid": "color",
    "gradient": "color",
    "scene": "scene",
    "prompt": "prompt",
    "upload": "upload_id",
}
FIELDS = ("color", "scene", "prompt", "upload_id")
MAY = {"studio": "color"}
KINDS = {
    "studio": BackdropKind.STUDIO,
    "solid": BackdropKind.STUDIO,  # a seamless sweep in the colour; it takes light
    "gradient": BackdropKind.GRADIENT,
    "transparent": BackdropKind.TRANSPARENT,
    "scene": BackdropKind.SET,
    "upload": BackdropKind.PICTURE,
    "prompt": BackdropKind.STUDIO,  # only a model that reads words sees more
}


class Background(Part):
    """What is behind the person; `color` is `#rrggbb`.

    A solid background is a seamless sweep in that colour, lit as the person is; `scene`
    is a built place, `upload` a picture of the viewer's own; `prompt` is for models
    that read words.
    """

    mode: Literal[
        "studio", "solid", "gradient", "transparent", "scene", "prompt", "upload"
    ] = "studio"
    color: Colour | None = None
    scene: SetKind | None = None
    prompt: str | None = Field(None, min_length=3, max_length=300)
    upload_id: UploadId | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        needed = NEEDS.get(self.mode)
        for name in FIELDS:
            there = getattr(self, name) is not None
            if name == needed and not there:
                raise ValueError(f"a {self.mode} background needs a {name}")
            if there and name not in {needed, MAY.get(self.mode)}:
                raise ValueError(f"a {self.mode} background has no {name}")
        return self

    def backdrop(self) -> Backdrop:
        """As a scene says it."""
        plain = Backdrop(kind=KINDS[self.mode])
        given = {
            "colour": self.color,
            "set": self.scene,
            "picture": PICTURE if self.mode == "upload" else None,
        }
        known = {name: value for name, value in given.items() if value is not None}
        return plain.model_copy(update=known)
