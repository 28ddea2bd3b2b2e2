"""From a scene to a delivered picture, as all workers of the app do it."""

from collections.abc import Mapping
from typing import Any, Final

from lumiku_avatar_creator.prompt import NEGATIVE
from lumiku_contracts import Output, Task
from lumiku_contracts.images import ImageRequest, ImageResult
from lumiku_contracts.scene import Scene

SIZE: Final = (768, 1024)


def draw(task: Task[Any], scene: Scene, words: str) -> ImageResult:
    """The scene as the task's model draws it; `words` for models that want a prompt."""
    wanted = bool(task.model.capabilities.get("prompt"))
    return task.generate(
        ImageRequest(
            size=SIZE,
            scene=scene,
            prompt=words if wanted else "",
            negative_prompt=NEGATIVE if wanted else "",
            noise_seed=task.input.noise_seed,
            upstream=task.model.upstream,
        )
    )


def made(task: Task[Any], result: ImageResult, meta: Mapping[str, Any]) -> Output:
    """What is delivered, with what makes the same picture again in its `meta`."""
    picture = result.picture
    again = {"model": task.model.id, "noise_seed": task.input.noise_seed}
    return Output(
        picture.content,
        picture.media_type,
        meta={**result.meta, **again, **meta},
        width=picture.width,
        height=picture.height,
    )
