"""Which pose an item is of, wherever it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lumiku_contracts import Item, Refused, Task
from lumiku_contracts.pose import Pose
from lumiku_contracts.scene import Expression
from lumiku_contracts.senses import Reading
from lumiku_contracts.sets import Camera
from lumiku_pose_generator.library import Entry, library
from lumiku_pose_generator.request import Generate
from lumiku_pose_generator.spoken import spoken


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pose, how it is seen unless the request says otherwise, and what it is."""

    pose: Pose
    camera: Camera
    expression: Expression | None
    description: str
    """A sentence, for models that read words."""
    name: str
    """What a file of it is called."""
    meta: Mapping[str, Any]


def wanted(task: Task[Generate], item: Item) -> Wanted:
    """The pose of an item; raises `Refused` as its source does."""
    if task.input.mode == "text":
        text = task.input.text or ""
        reader = task.provider("pose-from-text")
        reading = reader.read(text, spoken(), item.data.get("start"))
        return _read(reading, text, "text")
    if task.input.mode == "photo" and task.input.upload_id is not None:
        eye = task.provider("pose-from-photo")
        reading = eye.see(task.upload(task.input.upload_id), spoken())
        return _read(reading, "", "photo")
    entry = library().get(item.data["pose_id"])
    if entry is None:
        detail = f"The pose “{item.data['pose_id']}” has left the library."
        raise Refused("unknown-pose", detail)
    return of_library(entry)


def of_library(entry: Entry) -> Wanted:
    """A pose of the library."""
    return Wanted(
        entry.pose,
        entry.camera,
        None,
        entry.description,
        entry.id,
        {"pose_id": entry.id},
    )


def _read(reading: Reading, text: str, mode: str) -> Wanted:
    near = reading.candidates[0].id if reading.candidates else None
    return Wanted(
        reading.pose,
        reading.camera,
        reading.expression,
        text,
        f"from-{mode}",
        {
            "pose_id": None,
            "nearest_pose_id": near,
            "understood": list(reading.understood),
            "not_understood": list(reading.not_understood),
            "doubts": [one.code for one in reading.doubts],
        },
    )
