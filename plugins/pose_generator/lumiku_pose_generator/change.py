"""The worker `change-background`: another backdrop behind a finished picture.

What the studio drew is drawn again, so that light and shadow are right; from a photo
the person is cut out.
"""
# ruff: noqa: PLC0415  (Pillow is for runners)

import io
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, model_validator

from lumiku_contracts import Item, Model, Output, PriceLine, Refused, Task
from lumiku_contracts.images import ArtifactId, ImageRequest, Made, MapKind, UploadId
from lumiku_pose_generator.background import Background
from lumiku_pose_generator.belongings import backdrop, told, ware_again
from lumiku_pose_generator.delivery import box_of, subject_of
from lumiku_pose_generator.ground import Part
from lumiku_pose_generator.redraw import scene_of

if TYPE_CHECKING:
    from PIL import Image

BEHIND_PHOTOS = ("solid", "gradient", "transparent", "upload")
GROUND = "#dbdbe0"


class Change(Part):
    """A picture made before or the viewer's own, and what is to be behind it."""

    artifact_id: ArtifactId | None = None
    upload_id: UploadId | None = Field(None, description="A photo of one person.")
    background: Background

    @model_validator(mode="after")
    def _one_picture(self) -> Self:
        if (self.artifact_id is None) == (self.upload_id is None):
            raise ValueError("name an artifact_id or an upload_id, one of them")
        mode = self.background.mode
        if self.upload_id is not None and mode not in BEHIND_PHOTOS:
            known = ", ".join(BEHIND_PHOTOS)
            raise ValueError(f"behind a photo can be: {known}; not {mode}")
        return self


def price(request: Change, model: Model) -> tuple[PriceLine, ...]:
    """The model's price; refuses models that are not for this, and prompts."""
    if model.provider != "studio":
        detail = f"“{model.name}” is not ready to change backgrounds here yet."
        raise Refused("model-not-suitable", detail, fix="Choose the studio.")
    if request.background.mode == "prompt":
        detail = "The studio reads no words; it has scenes, colours and your pictures."
        raise Refused("background-needs-words", detail)
    return (PriceLine(0, model.name or model.id, model.credits),)


def run(task: Task[Change], _item: Item) -> Output:
    """The picture before its new backdrop; raises `Refused` as its parts do."""
    asked = task.input
    if asked.artifact_id is not None:
        made = task.artifact(asked.artifact_id)
        if made.kind != "image":
            detail = f"This is a {made.kind}, not a picture."
            raise Refused("not-an-image", detail)
        return _drawn(task, made)
    return _cut_out(task)


def _drawn(task: Task[Change], made: Made) -> Output:
    scene = scene_of(made)
    background = task.input.background
    result = task.generate(
        ImageRequest(
            size=(made.picture.width, made.picture.height),
            scene=scene.model_copy(update={"backdrop": background.backdrop()}),
            maps=(MapKind.ALPHA,),
            noise_seed=int(made.meta.get("noise_seed", 0)),
            pictures=ware_again(task, made.meta) | backdrop(task, background),
        )
    )
    meta = {**made.meta, **result.meta, "subject": subject_of(result)}
    meta["scene"] = {
        **made.meta["scene"],
        "backdrop": background.backdrop().model_dump(mode="json"),
    }
    meta.pop("background_upload_id", None)
    meta |= told(background, None)
    picture = result.picture
    return Output(picture.content, picture.media_type, meta=meta)


def _cut_out(task: Task[Change]) -> Output:
    from PIL import Image, ImageOps

    from lumiku_pose_generator.fitting import opened

    given = task.upload(UploadId(task.input.upload_id or ""))
    task.progress(0.1, "finding the person")
    cover = task.provider("matte").matte(given)
    task.progress(0.7, "changing the background")
    picture = ImageOps.exif_transpose(opened(given.content)).convert("RGB")
    mask = Image.open(io.BytesIO(cover.content)).convert("L")
    ground = _ground(task, picture.size)
    if ground is None:
        picture.putalpha(mask)
        made = picture
    else:
        made = Image.composite(picture, ground, mask)
    out = io.BytesIO()
    made.save(out, "PNG", compress_level=4)
    meta: dict[str, Any] = {
        "name": f"background-{task.input.background.mode}",
        "model": task.model.id,
        "provider": "matte",
        "subject": box_of(mask),
    }
    return Output(out.getvalue(), "image/png", meta=meta)


def _ground(task: Task[Change], size: tuple[int, int]) -> "Image.Image | None":
    """What comes behind a photo; None for nothing."""
    from PIL import Image, ImageColor, ImageOps

    from lumiku_pose_generator.fitting import on_paper, opened

    background = task.input.background
    if background.mode == "transparent":
        return None
    if background.upload_id is not None:
        behind = on_paper(opened(task.upload(background.upload_id).content))
        return ImageOps.fit(behind, size, Image.Resampling.LANCZOS)
    colour = ImageColor.getrgb(background.color or GROUND)[:3]
    if background.mode == "solid":
        return Image.new("RGB", size, colour)
    fade = Image.linear_gradient("L").resize(size)
    dark = tuple(round(one * 0.45) for one in colour)
    return Image.composite(
        Image.new("RGB", size, colour), Image.new("RGB", size, dark), fade
    )
