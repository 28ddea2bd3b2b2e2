"""The worker `sheet`: one person from several sides, or with several faces."""

from typing import Any

from lumiku_avatar_creator import people
from lumiku_avatar_creator.generate import SIZE
from lumiku_avatar_creator.persona import Persona
from lumiku_avatar_creator.prompt import NEGATIVE, prompt
from lumiku_avatar_creator.request import Design
from lumiku_avatar_creator.sheet_request import SIDES, Sheet
from lumiku_contracts import Item, Output, Task
from lumiku_contracts.images import ImageRequest
from lumiku_contracts.scene import Camera, Expression, Framing, Scene


def run(task: Task[Sheet], item: Item) -> Output:
    """One picture of the sheet."""
    avatar = people.get(task, task.input.avatar)
    name = str(item.data["name"])
    turned = task.input.kind == "turnaround"
    expression = avatar.expression if turned else Expression(name)
    scene = Scene(
        appearance=avatar.appearance,
        expression=expression,
        camera=Camera(
            framing=Framing.FULL if turned else Framing.PORTRAIT,
            yaw=SIDES[name] if turned else 8,
        ),
    )
    design = Design(
        avatar.name, avatar.description, Persona(), avatar.appearance, expression
    )
    wants_words = bool(task.model.capabilities.get("prompt"))
    view = f" Seen from: {name}." if turned else ""
    result = task.generate(
        ImageRequest(
            size=SIZE,
            scene=scene,
            prompt=prompt(design) + view if wants_words else "",
            negative_prompt=NEGATIVE if wants_words else "",
            noise_seed=task.input.noise_seed,
            upstream=task.model.upstream,
        )
    )
    meta: dict[str, Any] = {
        **result.meta,
        "avatar_id": avatar.id,
        "name": f"{avatar.name}, {name}",
        "sheet": task.input.kind,
        "model": task.model.id,
        "noise_seed": task.input.noise_seed,
        **({"warnings": list(result.warnings)} if result.warnings else {}),
    }
    picture = result.picture
    return Output(
        picture.content,
        picture.media_type,
        meta=meta,
        width=picture.width,
        height=picture.height,
    )
