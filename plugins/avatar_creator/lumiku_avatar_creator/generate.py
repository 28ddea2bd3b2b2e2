"""The worker `generate`: a portrait, and the avatar that other apps can use."""

from lumiku_avatar_creator import store
from lumiku_avatar_creator.drawing import draw, made
from lumiku_avatar_creator.prompt import prompt
from lumiku_avatar_creator.request import Design, Generate, designed
from lumiku_contracts import Item, Output, Refused, Task
from lumiku_contracts.scene import Camera, Framing, Scene


def run(task: Task[Generate], item: Item) -> Output:
    """The portrait; the avatar's row is written once, however often this is called.

    Raises `Refused` without a signed-in viewer, who would own the avatar.
    """
    if task.viewer.id is None:
        raise Refused("sign-in-first", "An avatar belongs to somebody.", status=401)
    design = designed(task.input)
    result = draw(task, portrait(design), prompt(design))
    ident = store.ident_for(task.key)
    with task.session() as session:
        store.keep(session, ident, task.viewer.id, design)
    warnings = [*result.warnings, *added(design)]
    meta = {
        "avatar_id": ident,
        "name": item.label,
        **({"warnings": warnings} if warnings else {}),
        **_read(design),
    }
    return made(task, result, meta)


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
