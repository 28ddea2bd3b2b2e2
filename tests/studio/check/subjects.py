"""Which pictures are judged: the library's poses, on two people, from two sides.

A pose is always shown whole, so that all its joints can be judged.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from lumiku_avatar_creator.presets import presets
from lumiku_contracts.scene import Camera, Framing, Scene
from lumiku_pose_generator.library import library

PEOPLE: Final = ("maya", "joko")
"""A slight young woman with light skin; a stout man of middle age with brown skin."""
TURN: Final = 30.0
"""Degrees from the azimuth of the library's picture to the other one."""
SAMPLE: Final = (
    "standing-relaxed", "sitting", "waving", "pointing", "arms-up", "hands-on-hips",
    "walking", "lunge", "product-chest", "arms-crossed", "thinking", "cross-legged",
)  # fmt: skip
"""Poses of the reduced form: each contact that pictures are mostly made of."""
MOST_EXCEPTIONS: Final = 0.10


@dataclass(frozen=True, slots=True)
class Subject:
    """One picture that is judged."""

    pose: str
    person: str
    turned: bool = False
    """Seen from the other azimuth: nearer to the front, or past it."""

    def __str__(self) -> str:
        """A name for lists."""
        side = ", from the other side" if self.turned else ""
        return f"{self.pose} ({self.person}{side})"

    @property
    def camera(self) -> Camera:
        """All of the person, from the pose's own azimuth or the other one."""
        own = library()[self.pose].camera
        yaw = own.yaw + (TURN if own.yaw < 0 else -TURN) * self.turned
        return own.model_copy(update={"yaw": yaw, "framing": Framing.FULL})

    @property
    def scene(self) -> Scene:
        """The person in the pose, before the plain backdrop."""
        preset = presets()[self.person]
        return Scene(
            pose=library()[self.pose].pose,
            appearance=preset.appearance,
            expression=preset.expression,
            camera=self.camera,
        )


def sample(count: int | None = None) -> list[Subject]:
    """The reduced form, or `count` poses evenly out of the library."""
    poses = SAMPLE if count is None else tuple(library())[:: len(library()) // count]
    return [Subject(pose, who) for who in PEOPLE for pose in poses[:count]]


def everything(sides: int = 2) -> list[Subject]:
    """Every pose, on both people, from its own azimuth and perhaps the other one."""
    return [
        Subject(pose, who, turned)
        for turned in (False, True)[:sides]
        for who in PEOPLE
        for pose in library()
    ]


@cache
def exceptions() -> dict[str, str]:
    """Poses that the witness cannot be held to, and why; a tenth at most."""
    text = Path(__file__).with_name("exceptions.toml").read_text("utf-8")
    found: dict[str, str] = tomllib.loads(text)
    return found
