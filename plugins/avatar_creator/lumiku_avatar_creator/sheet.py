"""The worker `sheet`: one person from several sides, or with several faces."""

from lumiku_avatar_creator import people
from lumiku_avatar_creator.drawing import draw, made
from lumiku_avatar_creator.persona import Persona
from lumiku_avatar_creator.prompt import prompt
from lumiku_avatar_creator.request import Design
from lumiku_avatar_creator.sheet_request import SIDES, Sheet
from lumiku_contracts import Item, Output, Task
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
    view = f" Seen from: {name}." if turned else ""
    result = draw(task, scene, prompt(design) + view)
    meta = {
        "avatar_id": avatar.id,
        "name": f"{avatar.name}, {name}",
        "sheet": task.input.kind,
        **({"warnings": list(result.warnings)} if result.warnings else {}),
    }
    return made(task, result, meta)
