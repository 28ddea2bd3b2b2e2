"""The free worker `export`: delivered pictures in the shapes of shops and networks."""

from pydantic import Field, model_validator

from lumiku_contracts import Item, ItemSpec, Output, Refused, Task
from lumiku_contracts.images import ArtifactId, ImageRequest
from lumiku_contracts.scene import Scene
from lumiku_pose_generator.delivery import exported
from lumiku_pose_generator.formats import FORMATS, Encoding, Fit, FormatName, pixels
from lumiku_pose_generator.ground import Part
from lumiku_pose_generator.redraw import drawn_again

MOST_FILES, MOST_DRAWN = 500, 24


class Export(Part):
    """Pictures × formats; each comes as one file."""

    artifact_ids: tuple[ArtifactId, ...] = Field(
        min_length=1, max_length=200, description="Pictures that were made before."
    )
    formats: tuple[FormatName, ...] = Field(min_length=1, max_length=17)
    fit: Fit = Field(
        Fit.COVER, description="Cut, all of it, or drawn anew in that shape."
    )
    encoding: Encoding = Encoding.JPEG

    @model_validator(mode="after")
    def _not_too_many(self) -> "Export":
        most = MOST_DRAWN if self.fit is Fit.RENDER else MOST_FILES
        wanted = len(set(self.artifact_ids)) * len(set(self.formats))
        if wanted > most:
            raise ValueError(f"at most {most} files in one job, not {wanted}")
        return self


def items(request: Export) -> tuple[ItemSpec, ...]:
    """Each picture in each format."""
    return tuple(
        ItemSpec(FORMATS[name].name, {"artifact_id": ident, "format": name})
        for ident in dict.fromkeys(request.artifact_ids)
        for name in dict.fromkeys(request.formats)
    )


def run(task: Task[Export], item: Item) -> Output:
    """One picture in one format; raises `Refused` for what is no picture of ours."""
    made = task.artifact(ArtifactId(item.data["artifact_id"]))
    name, picture = item.data["format"], made.picture
    if made.kind != "image":
        detail = f"This is a {made.kind}; pictures themselves are exported."
        raise Refused("not-an-image", detail)
    whole = Output(picture.content, picture.media_type, meta=made.meta)
    size = pixels(name, (picture.width, picture.height))
    fit = task.input.fit
    if fit is Fit.RENDER:
        scene, pictures = drawn_again(task, made)
        whole = _drawn(task, whole, scene, pictures, size)
        fit = Fit.COVER
    return exported(whole, name, fit, task.input.encoding)


def _drawn(
    task: Task[Export],
    whole: Output,
    scene: Scene,
    pictures: dict[str, bytes],
    size: tuple[int, int],
) -> Output:
    result = task.generate(
        ImageRequest(
            size=size,
            scene=scene,
            noise_seed=int(whole.meta.get("noise_seed", 0)),
            pictures=pictures,
        )
    )
    content = result.picture.content
    return Output(content, result.picture.media_type, meta={"name": whole.meta["name"]})
