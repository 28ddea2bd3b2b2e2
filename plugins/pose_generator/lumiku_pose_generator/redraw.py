"""The scene of a picture that was made before, to draw it again otherwise."""

from typing import Any

from pydantic import ValidationError

from lumiku_contracts import Refused, Task
from lumiku_contracts.images import Made
from lumiku_contracts.scene import Scene
from lumiku_pose_generator.belongings import Pictures, backdrop_again, ware_again


def drawn_again(task: Task[Any], made: Made) -> tuple[Scene, Pictures]:
    """A picture's scene and what it shows of the viewer's own; raises `Refused`."""
    scene = scene_of(made)
    return scene, backdrop_again(task, made.meta) | ware_again(task, made.meta)


def scene_of(made: Made) -> Scene:
    """A picture's scene.

    Raises `Refused` `cannot-draw-again` unless the studio drew the picture.
    """
    told = made.meta.get("scene")
    if told is None or "drawn_from" in made.meta:
        raise _refused("only what the studio has drawn can be")
    try:
        return Scene.model_validate(told)
    except ValidationError as error:
        raise _refused("an older release drew it") from error


def _refused(why: str) -> Refused:
    return Refused(
        "cannot-draw-again",
        f"This picture cannot be drawn again: {why}.",
        fix="Choose the fit cover or contain.",
    )
