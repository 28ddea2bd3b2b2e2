"""The free workers that show a pose before anything is paid."""

from typing import Any

from pydantic import Field

from lumiku_contracts import Item, Result, Task
from lumiku_contracts.images import UploadId
from lumiku_contracts.senses import Reading
from lumiku_pose_generator.ground import Part
from lumiku_pose_generator.library import library
from lumiku_pose_generator.request import PoseId
from lumiku_pose_generator.spoken import spoken


class FromText(Part):
    """A sentence in English or Indonesian; left and right are the person's own."""

    text: str = Field(min_length=3, max_length=500)
    start: PoseId | None = Field(
        None, description="The pose of the library to begin from; else the best match."
    )


class FromPhoto(Part):
    """A photo of one person, sent before to `/api/uploads`."""

    upload_id: UploadId


def from_text(task: Task[FromText], _item: Item) -> Result:
    """What was understood of a sentence, and what was not; raises `Refused`."""
    reader = task.provider("pose-from-text")
    return told(reader.read(task.input.text, spoken(), task.input.start))


def from_photo(task: Task[FromPhoto], _item: Item) -> Result:
    """The pose in a photograph; raises `Refused`, or `Permanent` without the extra."""
    eye = task.provider("pose-from-photo")
    return told(eye.see(task.upload(task.input.upload_id), spoken()))


def told(reading: Reading) -> Result:
    """A reading as JSON; candidates with their names."""
    return Result(
        {
            "pose": reading.pose.model_dump(mode="json", exclude_defaults=True),
            "camera": reading.camera.model_dump(mode="json", exclude_defaults=True),
            "expression": reading.expression,
            "skeleton": [list(joint) for joint in reading.skeleton],
            "understood": list(reading.understood),
            "not_understood": list(reading.not_understood),
            "doubts": [
                {"code": one.code, "detail": one.detail} for one in reading.doubts
            ],
            "candidates": [_candidate(one.id, one.score) for one in reading.candidates],
        }
    )


def _candidate(pose_id: str, score: float) -> dict[str, Any]:
    entry = library()[pose_id]
    return {
        "id": pose_id,
        "score": score,
        "name": entry.name,
        "name_id": entry.name_id,
        "category": entry.category,
    }
