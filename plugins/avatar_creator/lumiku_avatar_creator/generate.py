"""The worker `generate`: a portrait, and the avatar that other apps can use."""

from typing import Final

from lumiku_avatar_creator import store
from lumiku_avatar_creator.prompt import NEGATIVE, prompt
from lumiku_avatar_creator.request import Design, Generate, designed
from lumiku_contracts import Item, Output, Refused, Task
from lumiku_contracts.images import ImageRequest
from lumiku_contracts.scene import Camera, Framing, Scene

SIZE: Final = (768, 1024)


def run(task: Task[Generate], item: Item) -> Output:
    """The portrait; the avatar's row is written once, however often this is called.

    Raises `Refused` without a signed-in viewer, who would own the avatar.
    """
    if task.viewer.id is None:
        raise Refused("sign-in-first", "An avatar belongs to somebody.", status=401)
    design = designed(task.input)
    wants_words = bool(task.model.capabilities.get("prompt"))
    result = task.generate(
        ImageRequest(
            size=SIZE,
            scene=portrait(design),
            prompt=prompt(design) if wants_words else "",
            negative_prompt=NEGATIVE if wants_words else "",
            noise_seed=task.input.noise_seed,
            upstream=task.model.upstream,
        )
    )
    ident = store.ident_for(task.key)
    with task.session() as session:
        store.keep(session, ident, task.viewer.id, design)
    warnings = [*result.warnings, *added(design)]
    meta = {
        **result.meta,
        "avatar_id": ident,
        "name": item.label,
        "model": task.model.id,
        "noise_seed": task.input.noise_seed,
        **({"warnings": warnings} if warnings else {}),
        **_read(design),
    }
    picture = result.picture
    return Output(
        picture.content,
        picture.media_type,
        meta=meta,
        width=picture.width,
        height=picture.height,
    )


def portrait(design: Design) -> Scene:
    """The person from the hips up, standing at ease."""
    return Scene(
        appearance=design.appearance,
        expression=design.expression,
        camera=Camera(framing=Framing.HALF),
    )


def added(design: Design) -> list[str]:
    """What was put on unasked, in words."""
    return [f"Added to the outfit: {piece.kind.value}." for piece in design.added]


def _read(design: Design) -> dict[str, list[str]]:
    """What of a description was understood, where there was one."""
    if not design.understood and not design.not_understood:
        return {}
    return {
        "understood": list(design.understood),
        "not_understood": list(design.not_understood),
    }
