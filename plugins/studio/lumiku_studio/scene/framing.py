"""How large a picture is, and how much of a person it shows."""

import numpy as np

from lumiku_contracts.errors import Refused
from lumiku_contracts.scene import Camera, Framing
from lumiku_studio.arrays import Floats
from lumiku_studio.rotation import about, unit
from lumiku_studio.skeleton.rig import Placed

SMALLEST = 32
MAX_PIXELS = 2480 * 3508
NEAR = 0.40  # metres about the head that a portrait holds
UPRIGHT = 0.64  # how far up the top of a head points that is not lying or bent over
FRONTAL = 45.0  # how far round a camera still means to see the face
FACED = (55.0, 80.0)  # degrees that a face is turned from its portrait: bent, upright
RISES = (-3.0, 70.0)  # degrees to which a camera goes down and up for a face


def framed(framing: Framing, points: Floats, placed: Placed) -> Floats:
    """Those of a person's points (n x 3) that have to be in the picture."""
    if framing is Framing.FULL:
        return points
    root, head = placed.at("root"), placed.at("head")
    if framing is Framing.PORTRAIT:
        near = np.linalg.norm((points - head) * [1, 0.9, 1], axis=1) < NEAR
        near &= points[:, 1] > placed.at("neck01")[1] - 0.20
        return points[near] if near.any() else points
    lowest = float(root[1])
    if framing is Framing.THREE_QUARTER:
        knees = min(placed.at(f"lowerleg01.{side}")[1] for side in "LR")
        lowest = 0.3 * lowest + 0.7 * float(knees)
    high = points[:, 1] >= min(lowest, float(head[1]) - 0.15)
    return points[high]


def faced(camera: Camera, placed: Placed) -> Camera:
    """The camera, gone round for a portrait until it sees the face.

    Who asks for an upright head from the side or from behind gets that.
    """
    if camera.framing is not Framing.PORTRAIT:
        return camera
    head = placed.turn("head")
    upright = bool(head[1, 1] > UPRIGHT)
    most = FACED[upright] + upright * max(0.0, abs(camera.yaw) - FRONTAL)
    yaw, pitch = np.radians(camera.yaw), np.radians(camera.pitch)
    back = np.array(
        [np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)]
    )
    apart = float(np.degrees(np.arccos(np.clip(back @ head[:, 2], -1, 1))))
    if apart <= most:
        return camera
    back = about(unit(np.cross(back, head[:, 2])), apart - most) @ back
    low, high = np.sin(np.radians(RISES))
    back[1] = np.clip(back[1], low, high)
    turned = np.arctan2(back[0], back[2])
    if not low < back[1] < high:
        turned = _round(head[:, 2], float(back[1]), float(turned), most)
    pitch = np.arcsin(back[1])
    angles = {"yaw": float(np.degrees(turned)), "pitch": float(np.degrees(pitch))}
    return camera.model_copy(update=angles)


def _round(face: Floats, rise: float, turned: float, most: float) -> float:
    """How far round a camera that cannot go higher or lower must be, in radians."""
    level = float(np.hypot(face[0], face[2])) * np.sqrt(1 - rise * rise)
    cosine = (np.cos(np.radians(most)) - rise * face[1]) / max(level, 1e-6)
    aside = np.arccos(np.clip(cosine, -1, 1))
    ahead = np.arctan2(face[0], face[2])
    off = (turned - ahead + np.pi) % (2 * np.pi) - np.pi
    return float(ahead + np.clip(off, -aside, aside))


def check_size(size: tuple[int, int]) -> None:
    """Refuse a picture (width, height) that nobody can look at, or no machine make."""
    width, height = size
    if min(size) < SMALLEST or width * height > MAX_PIXELS:
        detail = (
            f"The studio draws pictures of at least {SMALLEST} pixels a side, at most "
            f"{MAX_PIXELS / 1e6:.1f} megapixels in all, not {width} x {height}."
        )
        raise Refused("size-out-of-range", detail, fix="Ask for a smaller picture.")
