"""Where poses and people of an album come from: files of apps, or the samples."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lumiku_contracts.scene import Appearance, Camera, Expression, Pose
from lumiku_studio.scene.samples import AVATARS, POSES


@dataclass(frozen=True, slots=True)
class Shown:
    """A pose and how it is best seen."""

    pose: Pose
    camera: Camera


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person and their usual face."""

    appearance: Appearance
    expression: Expression


def poses(path: Path | None) -> Mapping[str, Shown]:
    """Poses by name from a list of objects with `id`, `pose`, perhaps `camera`.

    Without a path the samples.
    """
    if path is None:
        return {name: Shown(pose, Camera()) for name, pose in POSES.items()}
    return {
        one["id"]: Shown(
            Pose.model_validate(one["pose"]),
            Camera.model_validate(one.get("camera") or {}),
        )
        for one in _entries(path)
    }


def people(path: Path | None) -> Mapping[str, Somebody]:
    """People by name from objects with `id`, `appearance`, perhaps `expression`.

    Without a path the samples.
    """
    if path is None:
        return {
            name: Somebody(look, Expression.SMILE) for name, look in AVATARS.items()
        }
    return {
        one["id"]: Somebody(
            Appearance.model_validate(one["appearance"]),
            Expression(one.get("expression") or Expression.NEUTRAL),
        )
        for one in _entries(path)
    }


def _entries(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found
