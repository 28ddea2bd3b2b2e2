"""What a viewer sends to `generate`, and the pictures that it asks for."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from lumiku_contracts import ItemSpec, Model, PriceLine, Refused
from lumiku_contracts.images import Quality, UploadId
from lumiku_contracts.scene import Degrees, Expression, Garment
from lumiku_contracts.sets import Framing
from lumiku_pose_generator.background import PICTURE as BEHIND
from lumiku_pose_generator.background import Background
from lumiku_pose_generator.formats import FormatName
from lumiku_pose_generator.ground import Part
from lumiku_pose_generator.library import Entry, featured, library
from lumiku_pose_generator.product import PICTURE as PRODUCT
from lumiku_pose_generator.product import Product

MOST_ITEMS: Final = 500
MOST_PIXELS: Final = 1_600_000
SIZES: Final = {
    "portrait": (768, 1024),
    "square": (1024, 1024),
    "landscape": (1024, 768),
    "story": (720, 1280),
    "preview": (384, 512),
}

SHORTEST: Final = 256
LONGEST: Final = 1536

Side = Annotated[int, Field(ge=SHORTEST, le=LONGEST)]
Shape = Literal["portrait", "square", "landscape", "story", "preview"]
ProjectId = Annotated[str, Field(max_length=40)]
PoseId = Annotated[str, Field(max_length=80)]


class AvatarChoice(Part):
    """Who is in the picture: a preset, or an avatar of the viewer's own."""

    source: Literal["preset", "avatar"] = "preset"
    id: str = Field(min_length=1, max_length=64)


class View(Part):
    """Where the picture is taken from; what is not given follows from the pose."""

    framing: Framing | None = None
    yaw: Degrees | None = None
    pitch: Annotated[float, Field(ge=-30, le=45)] | None = None
    lens: Annotated[float, Field(ge=10, le=60)] | None = None


class Generate(Part):
    """One picture for each pose and variation; `{}` is one featured pose."""

    mode: Literal["gallery", "text", "photo"] = Field(
        "gallery", description="Poses of the library, or one from words or a photo."
    )
    pose_ids: tuple[PoseId, ...] | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="Poses of the library; a repeated one counts once, and none named "
        "is a featured one. In mode text at most one: the pose to begin from.",
    )
    text: str | None = Field(
        None, min_length=3, max_length=500, description="In English or Indonesian."
    )
    upload_id: UploadId | None = Field(
        None, description="A photo of one person in the pose."
    )
    variations: int = Field(
        1, ge=1, le=10, description="Pictures of each pose; the first is the plain one."
    )
    avatar: AvatarChoice | None = Field(
        None, description="Left out: the project's, or else a preset."
    )
    project_id: ProjectId | None = Field(
        None, description="One of the viewer's own that the pictures belong to."
    )
    background: Background = Background()
    camera: View = View()
    size: Shape | tuple[Side, Side] = Field(
        "portrait", description="A name, or width and height in pixels."
    )
    expression: Expression | None = None
    outfit: tuple[Garment, ...] | None = Field(
        None, max_length=8, description="Instead of what the avatar wears."
    )
    product: Product | None = Field(
        None,
        description="What is sold: on a thing, on clothes, or cut out.",
    )
    products: tuple[Product, ...] = Field(
        (), max_length=20, description="Several: each in pictures of its own."
    )
    formats: tuple[FormatName, ...] = Field(
        (), max_length=8, description="Each picture in these shapes too."
    )
    control_maps: bool = Field(
        default=True, description="Also deliver skeleton, depth and alpha."
    )
    noise_seed: int | None = Field(
        None, ge=0, lt=2**31, description="Send a picture's own to make it again."
    )

    @field_validator("pose_ids", "formats")
    @classmethod
    def _once_each(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if names is None else tuple(dict.fromkeys(names))

    @field_validator("size", mode="before")
    @classmethod
    def _within_bounds(cls, size: Any) -> Any:
        match size:
            case (int(width), int(height)):
                _bounded(width, height)
        return size

    @model_validator(mode="after")
    def _mode_fits(self) -> Self:
        if (self.text is not None) != (self.mode == "text"):
            raise ValueError("mode text needs a text, and no other mode has one")
        if (self.upload_id is not None) != (self.mode == "photo"):
            raise ValueError("mode photo needs an upload_id, and no other mode has one")
        if self.pose_ids and self.mode == "photo":
            raise ValueError("mode photo has no pose_ids")
        if len(self.pose_ids or ()) > 1 and self.mode == "text":
            raise ValueError("mode text begins from one of the pose_ids at most")
        return self

    @model_validator(mode="after")
    def _decals_are_there(self) -> Self:
        if self.product is not None and self.products:
            raise ValueError("name a product, or products, not both")
        there = {PRODUCT} if self.shown[0] is not None else set()
        if self.background.mode == "upload":
            there.add(BEHIND)
        for piece in self.outfit or ():
            if piece.decal is not None and piece.decal.picture not in there:
                raise ValueError(
                    f"the outfit names a picture “{piece.decal.picture}” that is not "
                    f"there; a product’s is called “{PRODUCT}”"
                )
        return self

    @property
    def shown(self) -> tuple[Product | None, ...]:
        """What the pictures show, one after the other; None for none."""
        return self.products or (self.product,)

    def of(self, item: Mapping[str, Any]) -> Self:
        """The request as one of its items has it: with one product or none."""
        product = self.shown[int(item.get("product", 0))]
        return self.model_copy(update={"product": product, "products": ()})

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height."""
        return SIZES[self.size] if isinstance(self.size, str) else self.size

    @property
    def quality(self) -> Quality:
        """Quick for a preview, which is to show where somebody stands."""
        return Quality.PREVIEW if self.size == "preview" else Quality.STANDARD

    @property
    def chosen(self) -> tuple[str, ...]:
        """The poses of mode gallery; one that is featured if none is named."""
        return self.pose_ids or (featured().id,)


def items(request: Generate) -> tuple[ItemSpec, ...]:
    """Every pose with every product in every variation.

    Refuses unknown poses and too many pictures.
    """
    poses = _poses(request)
    wanted = len(poses) * len(request.shown) * request.variations
    if wanted > MOST_ITEMS:
        by = f" x {len(request.products)} products" if request.products else ""
        raise Refused(
            "too-many-items",
            f"{len(poses)} poses{by} x {request.variations} variations are {wanted} "
            f"pictures; one job makes at most {MOST_ITEMS}.",
            fix="Choose fewer poses, products or variations.",
        )
    wares = [{"product": place} for place in range(len(request.products))] or [{}]
    return tuple(
        ItemSpec(
            _label(name, ware.get("product"), number),
            {**data, **ware, "variation": number},
        )
        for name, data in poses
        for ware in wares
        for number in range(request.variations)
    )


def _poses(request: Generate) -> list[tuple[str, dict[str, Any]]]:
    """What each pose is called, and the data by which it is found."""
    if request.mode == "gallery":
        entries = [known(pose_id) for pose_id in request.chosen]
        return [(entry.name, {"pose_id": entry.id}) for entry in entries]
    begun = [{"start": known(pose_id).id} for pose_id in request.pose_ids or ()]
    return [((request.text or "Photo")[:80], begun[0] if begun else {})]


def known(pose_id: str) -> Entry:
    """The pose of the library, or refuse."""
    entry = library().get(pose_id)
    if entry is None:
        raise Refused(
            "unknown-pose",
            f"There is no pose “{pose_id}” in the library.",
            fix="GET /api/apps/pose-generator/library lists them.",
        )
    return entry


def _label(name: str, product: int | None, number: int) -> str:
    with_ware = name if product is None else f"{name}, product {product + 1}"
    return f"{with_ware}, variation {number}" if number else with_ware


def _bounded(width: int, height: int) -> None:
    sides = min(width, height) >= SHORTEST and max(width, height) <= LONGEST
    if not sides or width * height > MOST_PIXELS:
        raise Refused(
            "size-out-of-range",
            f"A picture has {SHORTEST} to {LONGEST} pixels a side and at most "
            f"{MOST_PIXELS / 1e6:g} megapixels in all, not {width} x {height}.",
            fix=f"Choose one of {', '.join(SIZES)}, or smaller sides.",
        )


def price(request: Generate, model: Model) -> tuple[PriceLine, ...]:
    """The model's price for each picture; refuses what the model cannot draw."""
    reads = bool(model.capabilities.get("controls"))
    mode = request.background.mode
    if mode == "prompt" and not reads:
        raise Refused(
            "background-needs-words",
            f"“{model.name}” reads no words; a background from a prompt needs a model "
            "that does.",
            fix="Choose a scene, a colour or a picture of your own.",
        )
    if request.shown[0] is not None and reads:
        raise Refused(
            "product-needs-studio",
            f"“{model.name}” would invent a product; only the studio shows yours.",
            fix="Choose the studio.",
        )
    name = model.name or model.id
    return tuple(
        PriceLine(place, name, model.credits) for place in range(len(items(request)))
    )
