"""The worker `generate`: one picture of the avatar in one pose."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from lumiku_contracts import Item, Output, Refused, Task
from lumiku_contracts.images import (
    ImageRequest,
    ImageResult,
    MapKind,
    Quality,
)
from lumiku_contracts.resources import Avatar
from lumiku_contracts.scene import Backdrop, BackdropKind, Scene
from lumiku_pose_generator.library import Entry, library
from lumiku_pose_generator.models import GENERATE, serves
from lumiku_pose_generator.prompt import NEGATIVE, prompt
from lumiku_pose_generator.request import Generate
from lumiku_pose_generator.variation import vary

DELIVERED = (MapKind.OPENPOSE, MapKind.DEPTH, MapKind.ALPHA)
BACKDROPS = {
    "studio": BackdropKind.STUDIO,
    "solid": BackdropKind.STUDIO,  # a seamless sweep in the colour; it takes light
    "transparent": BackdropKind.TRANSPARENT,
}


def run(task: Task[Generate], item: Item) -> tuple[Output, ...]:
    """The picture and, where wanted, its maps.

    Raises `Refused` for a model that does not do this, a pose that has left the
    library, or an avatar that has gone since the job was accepted.
    """
    if not serves(task.model, GENERATE):
        detail = (
            f"“{task.model.name or task.model.id}” does not make pictures of poses."
        )
        raise Refused("model-not-suitable", detail)
    entry = library().get(item.data["pose_id"])
    if entry is None:
        detail = f"The pose “{item.data['pose_id']}” has left the library."
        raise Refused("unknown-pose", detail)
    avatar: Avatar = task.resource("avatar").get(task.input.avatar.id)
    noise_seed = _noise_seed(task)
    number = int(item.data["variation"])
    scene = vary(
        staged(task.input, entry, avatar),
        number,
        noise_seed,
        yaw=task.input.camera.yaw is None,
        face=task.input.expression is None,
    )
    guide = _guide(task, scene)
    request = ImageRequest(
        size=task.input.pixels,
        scene=scene,
        maps=DELIVERED if task.input.control_maps and guide is None else (),
        noise_seed=noise_seed,
        upstream=task.model.upstream,
    )
    if guide is not None:
        request = _worded(request, guide, prompt(entry, avatar, scene))
    result = task.generate(request)
    known = {
        "pose_id": entry.id,
        "variation": number,
        "avatar_id": avatar.id,
        "model": task.model.id,
        "noise_seed": noise_seed,
    }
    if guide is None:
        return _outputs(result, known)
    maps = guide.maps if task.input.control_maps else ()
    known["skeleton"] = guide.meta.get("skeleton")
    return _outputs(replace(result, maps=maps), known)


def staged(wanted: Generate, entry: Entry, avatar: Avatar) -> Scene:
    """The plain scene: this avatar in this pose, as the request wants to see it."""
    view = wanted.camera.model_dump(exclude_none=True)
    colour = wanted.background.color or Backdrop().colour
    return Scene(
        pose=entry.pose,
        appearance=avatar.appearance,
        expression=wanted.expression or avatar.expression,
        camera=entry.camera.model_copy(update=view),
        backdrop=Backdrop(kind=BACKDROPS[wanted.background.mode], colour=colour),
    )


def _noise_seed(task: Task[Generate]) -> int:
    """The viewer's number, or one of this item's own."""
    if task.input.noise_seed is not None:
        return task.input.noise_seed
    return int.from_bytes(sha256(task.key.encode()).digest()[:4]) >> 1


def _guide(task: Task[Generate], scene: Scene) -> ImageResult | None:
    """Maps that hold a remote model to the pose; None for one that reads scenes."""
    kinds = tuple(map(MapKind, task.model.capabilities.get("controls", ())))
    if not kinds:
        return None
    size = task.input.pixels
    wanted = ImageRequest(size=size, scene=scene, maps=kinds, quality=Quality.PREVIEW)
    guide: ImageResult = task.provider("control-maps").generate(
        wanted,
        progress=lambda fraction, note: task.progress(fraction * 0.2, note),
        cancelled=lambda: task.cancelled,
    )
    weight = float(task.model.capabilities.get("control_weight", 0.8))
    return replace(
        guide, maps=tuple(replace(map_, weight=weight) for map_ in guide.maps)
    )


def _worded(request: ImageRequest, guide: ImageResult, words: str) -> ImageRequest:
    return replace(request, prompt=words, negative_prompt=NEGATIVE, controls=guide.maps)


def _outputs(result: ImageResult, known: Mapping[str, Any]) -> tuple[Output, ...]:
    meta = {**result.meta, **known}
    if result.warnings:
        meta["warnings"] = list(result.warnings)
    pictures = [("image", result.picture)]
    pictures += [(f"map-{map_.kind.value}", map_.picture) for map_ in result.maps]
    return tuple(
        Output(
            picture.content,
            picture.media_type,
            kind=kind,
            meta=meta,
            width=picture.width,
            height=picture.height,
        )
        for kind, picture in pictures
    )
