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
from lumiku_contracts.scene import Scene
from lumiku_pose_generator.belongings import backdrop, told, ware
from lumiku_pose_generator.cast import cast
from lumiku_pose_generator.delivery import exported, subject_of
from lumiku_pose_generator.formats import Encoding, Fit
from lumiku_pose_generator.models import GENERATE, serves
from lumiku_pose_generator.prompt import NEGATIVE, prompt
from lumiku_pose_generator.request import Generate
from lumiku_pose_generator.staging import staged
from lumiku_pose_generator.variation import vary
from lumiku_pose_generator.wanted import wanted

DELIVERED = (MapKind.OPENPOSE, MapKind.DEPTH, MapKind.ALPHA)
MEASURED = (MapKind.ALPHA,)
"""Where the person is, even if no map is delivered."""


def run(task: Task[Generate], item: Item) -> tuple[Output, ...]:
    """The picture and, where wanted, its maps and other shapes.

    Raises `Refused` for a model that does not do this, a pose that has left the
    library, an avatar that has gone since the job was accepted, and what the text or
    photo is refused for.
    """
    if not serves(task.model, GENERATE):
        detail = (
            f"“{task.model.name or task.model.id}” does not make pictures of poses."
        )
        raise Refused("model-not-suitable", detail)
    asked, sought = task.input.of(item.data), wanted(task, item)
    who = cast(task.input, task.viewer.id, task.session, begun=True)
    avatar: Avatar = task.resource("avatar").get(who.id)
    noise_seed = _noise_seed(task)
    number = int(item.data["variation"])
    scene = vary(
        staged(asked, sought, avatar),
        number,
        noise_seed,
        yaw=task.input.camera.yaw is None,
        face=task.input.expression is None,
    )
    pictures, warnings = ware(task, asked.product)
    pictures |= backdrop(task, task.input.background)
    guide = _guide(task, scene, pictures)
    maps = DELIVERED if task.input.control_maps else MEASURED
    request = ImageRequest(
        size=task.input.pixels,
        scene=scene,
        maps=maps if guide is None else (),
        quality=task.input.quality,
        noise_seed=noise_seed,
        upstream=task.model.upstream,
        pictures=pictures,
    )
    if guide is not None:
        words = prompt(sought.description, avatar, scene, task.input.background.prompt)
        request = _worded(request, guide, words)
    result = task.generate(request)
    result = replace(result, warnings=(*result.warnings, *warnings))
    if guide is not None:
        result = replace(result, maps=guide.maps)
    known: dict[str, Any] = {
        **sought.meta,
        "name": _name(sought.name, item),
        "variation": number,
        "avatar_id": avatar.id,
        "model": task.model.id,
        "noise_seed": noise_seed,
        "subject": subject_of(result),
        "scene": scene.model_dump(mode="json", exclude_defaults=True),
        **told(task.input.background, asked.product),
    }
    if guide is not None:
        known["skeleton"] = guide.meta.get("skeleton")
        if "hands" in guide.meta:
            known["hands"] = guide.meta["hands"]
        known["drawn_from"] = "control-maps"
    outputs = _outputs(result, known, maps=task.input.control_maps)
    shapes = [
        exported(outputs[0], name, Fit.COVER, Encoding.JPEG)
        for name in task.input.formats
    ]
    _remember(task, sought.meta.get("pose_id"))
    return (*outputs, *shapes)


def _name(pose: str, item: Item) -> str:
    """What the picture's file is called."""
    product, number = item.data.get("product"), int(item.data["variation"])
    name = pose if product is None else f"{pose}-product-{int(product) + 1}"
    return name if number == 0 else f"{name}-{number + 1}"


def _remember(task: Task[Generate], pose_id: str | None) -> None:
    if task.viewer.id is None:
        return
    from lumiku_pose_generator import album  # noqa: PLC0415 (rows are heavy)

    with task.session() as session:
        album.record(
            session,
            task.key,
            task.viewer.id,
            job_id=task.job,
            pose_id=pose_id,
            project_id=task.input.project_id,
            model=task.model.id,
        )


def _noise_seed(task: Task[Generate]) -> int:
    """The viewer's number, or one of this item's own."""
    if task.input.noise_seed is not None:
        return task.input.noise_seed
    return int.from_bytes(sha256(task.key.encode()).digest()[:4]) >> 1


def _guide(
    task: Task[Generate], scene: Scene, pictures: Mapping[str, bytes]
) -> ImageResult | None:
    """Maps that hold a remote model to the pose; None for one that reads scenes."""
    kinds = tuple(map(MapKind, task.model.capabilities.get("controls", ())))
    if not kinds:
        return None
    size = task.input.pixels
    asked = ImageRequest(
        size=size,
        scene=scene,
        maps=kinds,
        quality=Quality.PREVIEW,
        pictures=pictures,
    )
    guide: ImageResult = task.provider("control-maps").generate(
        asked,
        progress=lambda fraction, note: task.progress(fraction * 0.2, note),
        cancelled=lambda: task.cancelled,
    )
    weight = float(task.model.capabilities.get("control_weight", 0.8))
    return replace(
        guide, maps=tuple(replace(map_, weight=weight) for map_ in guide.maps)
    )


def _worded(request: ImageRequest, guide: ImageResult, words: str) -> ImageRequest:
    return replace(request, prompt=words, negative_prompt=NEGATIVE, controls=guide.maps)


def _outputs(
    result: ImageResult, known: Mapping[str, Any], *, maps: bool
) -> tuple[Output, ...]:
    meta = {**result.meta, **known}
    if result.warnings:
        meta["warnings"] = list(result.warnings)
    beside = {name: value for name, value in meta.items() if name != "scene"}
    pictures = [("image", result.picture)]
    if maps:
        pictures += [(f"map-{map_.kind.value}", map_.picture) for map_ in result.maps]
    return tuple(
        Output(
            picture.content,
            picture.media_type,
            kind=kind,
            meta=meta if kind == "image" else beside,
            width=picture.width,
            height=picture.height,
        )
        for kind, picture in pictures
    )
