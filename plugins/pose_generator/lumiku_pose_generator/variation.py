"""How the pictures of one pose differ: reproducibly, and little enough to stay it.

Variation 0 is the plain one. The others turn the camera, shift head, spine and free
arms by a few degrees, move and tint the light, and change the face where the request
leaves it open.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import TypeVar

from lumiku_contracts.scene import (
    Arm,
    Camera,
    Expression,
    Light,
    Part,
    Pose,
    Scene,
)

Piece = TypeVar("Piece", bound=Part)

FACES = (Expression.SMILE, Expression.NEUTRAL)
SWAY = {
    "head": {"turn": 6, "tilt": 4, "nod": 3},
    "torso": {"side": 2, "twist": 4},
}
"""The most that a joint is moved, in degrees either way."""
FREE_ARM = {"away": 3, "forward": 4, "elbow": 6}
"""Likewise, for an arm that is led nowhere."""
PITCH = 3.0
LIGHT_TURNS = ((-26, -12), (18, 58))
"""How far the main light is moved to either side, in degrees."""


def vary(
    scene: Scene, number: int, noise_seed: int, *, yaw: bool = True, face: bool = True
) -> Scene:
    """Variation `number` of a scene; `yaw` and `face` say whether these may change."""
    if number == 0:
        return scene
    chances = _chances(f"{noise_seed}:{number}")
    return scene.model_copy(
        update={
            "camera": _camera(scene.camera, number, chances, yaw=yaw),
            "pose": _pose(scene.pose, chances),
            "expression": _face(scene.expression, number) if face else scene.expression,
            "light": _light(number, chances),
        }
    )


def _chances(text: str) -> Iterator[float]:
    """Numbers from -1.0 to 1.0 that follow from `text` alone, the same for ever."""
    block = 0
    while True:
        for byte in sha256(f"{text}:{block}".encode()).digest():
            yield byte / 127.5 - 1
        block += 1


def _camera(
    camera: Camera, number: int, chances: Iterator[float], *, yaw: bool
) -> Camera:
    # Each pair goes further round than the one before, to either side in turn.
    side = 1 if number % 2 else -1
    turn = side * (9 + 4 * ((number - 1) // 2)) + next(chances)
    pitch = camera.pitch + PITCH * next(chances)
    update = {"pitch": round(min(max(pitch, -30), 45), 1)}
    if yaw:
        update["yaw"] = _degrees(camera.yaw + turn)
    return camera.model_copy(update=update)


def _pose(pose: Pose, chances: Iterator[float]) -> Pose:
    moved: dict[str, Part] = {
        name: _sway(getattr(pose, name), SWAY[name], chances) for name in SWAY
    }
    for name in ("left_arm", "right_arm"):
        arm: Arm = getattr(pose, name)
        if arm.reach is None:
            moved[name] = _sway(arm, FREE_ARM, chances)
    return pose.model_copy(update=moved)


def _sway(piece: Piece, most: dict[str, int], chances: Iterator[float]) -> Piece:
    return piece.model_copy(
        update={
            joint: _degrees(getattr(piece, joint) + degrees * next(chances))
            for joint, degrees in most.items()
        }
    )


def _light(number: int, chances: Iterator[float]) -> Light:
    # To either side in pairs, so that it does not go with the camera's turns.
    least, most = LIGHT_TURNS[number % 4 in {1, 2}]
    turn = least + (most - least) * (1 + next(chances)) / 2
    return Light(
        turn=round(turn, 1),
        warmth=round(0.8 * next(chances), 2),
        contrast=round(0.7 * next(chances), 2),
    )


def _face(plain: Expression, number: int) -> Expression:
    faces = (plain, *(face for face in FACES if face is not plain))
    return faces[number % len(faces)]


def _degrees(value: float) -> float:
    return round(min(max(value, -180.0), 180.0), 1)
