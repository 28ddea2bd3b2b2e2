"""What a viewer sends to `generate`, and the pictures that it asks for."""

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from lumiku_contracts import Call, ItemSpec, NotFound, Refused
from lumiku_contracts.scene import Colour, Degrees, Expression, Framing
from lumiku_pose_generator.library import Entry, featured, library

MOST_ITEMS: Final = 500
MOST_PIXELS: Final = 1_600_000
SIZES: Final = {
    "portrait": (768, 1024),
    "square": (1024, 1024),
    "landscape": (1024, 768),
    "story": (720, 1280),
    "preview": (384, 512),
}

Side = Annotated[int, Field(ge=256, le=1536)]
Shape = Literal["portrait", "square", "landscape", "story", "preview"]


class Part(BaseModel):
    """The common ground of the request: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AvatarChoice(Part):
    """Who is in the picture: a preset, or an avatar of the viewer's own."""

    source: Literal["preset", "avatar"] = "preset"
    id: str = Field(min_length=1, max_length=64)


class Background(Part):
    """What is behind the person; `color` is `#rrggbb`.

    A solid background is a seamless sweep in that colour, lit as the person is.
    """

    mode: Literal["studio", "solid", "transparent"] = "studio"
    color: Colour | None = None

    @model_validator(mode="after")
    def _colour_fits(self) -> Self:
        if self.mode == "solid" and self.color is None:
            raise ValueError("a solid background needs a color")
        if self.mode == "transparent" and self.color is not None:
            raise ValueError("a transparent background has no color")
        return self


class View(Part):
    """Where the picture is taken from; what is not given follows from the pose."""

    framing: Framing | None = None
    yaw: Degrees | None = None


class Generate(Part):
    """One picture for each pose and variation; `{}` is one featured pose."""

    mode: Literal["gallery"] = "gallery"
    pose_ids: tuple[Annotated[str, Field(max_length=80)], ...] = Field(
        default_factory=lambda: (featured().id,),
        min_length=1,
        max_length=200,
        description="Poses of the library; a repeated one counts once.",
    )
    variations: int = Field(
        1, ge=1, le=10, description="Pictures of each pose; the first is the plain one."
    )
    avatar: AvatarChoice = AvatarChoice(id="maya")
    background: Background = Background()
    camera: View = View()
    size: Shape | tuple[Side, Side] = Field(
        "portrait", description="A name, or width and height in pixels."
    )
    expression: Expression | None = None
    control_maps: bool = Field(
        default=True, description="Also deliver skeleton, depth and alpha."
    )
    noise_seed: int | None = Field(
        None, ge=0, lt=2**31, description="Send a picture's own to make it again."
    )

    @field_validator("pose_ids")
    @classmethod
    def _once_each(cls, pose_ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(pose_ids))

    @field_validator("size")
    @classmethod
    def _not_too_large(cls, size: Shape | tuple[int, int]) -> Shape | tuple[int, int]:
        if not isinstance(size, str) and size[0] * size[1] > MOST_PIXELS:
            raise ValueError(f"at most {MOST_PIXELS} pixels, not {size[0]} x {size[1]}")
        return size

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height."""
        return SIZES[self.size] if isinstance(self.size, str) else self.size


def items(request: Generate) -> tuple[ItemSpec, ...]:
    """Every pose in every variation; refuses unknown poses and too many pictures."""
    entries = [_known(pose_id) for pose_id in request.pose_ids]
    wanted = len(entries) * request.variations
    if wanted > MOST_ITEMS:
        raise Refused(
            "too-many-items",
            f"{len(entries)} poses x {request.variations} variations are {wanted} "
            f"pictures; one job makes at most {MOST_ITEMS}.",
            fix="Choose fewer poses or fewer variations.",
        )
    return tuple(
        ItemSpec(_label(entry, number), {"pose_id": entry.id, "variation": number})
        for entry in entries
        for number in range(request.variations)
    )


def _known(pose_id: str) -> Entry:
    entry = library().get(pose_id)
    if entry is None:
        raise Refused(
            "unknown-pose",
            f"There is no pose “{pose_id}” in the library.",
            fix="GET /api/apps/pose-generator/library lists them.",
        )
    return entry


def _label(entry: Entry, number: int) -> str:
    return f"{entry.name}, variation {number}" if number else entry.name


def check(call: Call, request: Generate) -> None:
    """Refuse an avatar that this viewer cannot use."""
    try:
        call.resource("avatar").get(request.avatar.id)
    except NotFound as missing:
        raise Refused(
            "unknown-avatar",
            f"There is no avatar “{request.avatar.id}” that you can use.",
            fix="Choose a preset, or make an avatar first.",
        ) from missing
