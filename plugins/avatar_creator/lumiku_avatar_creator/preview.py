"""The worker `preview`: how somebody will look, small and free, before it is paid."""

from typing import Final

from lumiku_avatar_creator.generate import added, portrait
from lumiku_avatar_creator.request import Generate, designed
from lumiku_contracts import Item, Output, Refused, Task
from lumiku_contracts.images import ImageRequest, Quality

SIZE: Final = (288, 384)


def run(task: Task[Generate], item: Item) -> Output:
    """A small picture; no avatar is kept. Its `meta` says what was understood.

    Raises `Refused` for a model whose pictures cost something elsewhere.
    """
    del item
    if task.model.capabilities.get("prompt"):
        raise Refused(
            "preview-needs-studio",
            f"“{task.model.name}” has no free preview.",
            fix="Leave the model out, or name `studio`.",
        )
    design = designed(task.input)
    request = ImageRequest(size=SIZE, scene=portrait(design), quality=Quality.PREVIEW)
    result = task.generate(request)
    picture = result.picture
    return Output(
        picture.content,
        picture.media_type,
        kind="thumbnail",
        meta={
            **result.meta,
            "preview": True,
            "understood": list(design.understood),
            "not_understood": list(design.not_understood),
            "warnings": [*result.warnings, *added(design)],
        },
        width=picture.width,
        height=picture.height,
    )
