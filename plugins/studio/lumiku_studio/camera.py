"""The camera: where it stands so that the person fills the picture as asked."""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Camera, Framing
from lumiku_studio.arrays import Floats
from lumiku_studio.rotation import unit

MARGIN = 1.12
SIDE_MARGIN = 1.10
UP = np.array([0, 1.0, 0])


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A pinhole camera; `scale` is half the picture's height at distance one."""

    eye: Floats
    right: Floats
    up: Floats
    forward: Floats
    scale: float
    width: int
    height: int

    def rays(self, x: Floats, y: Floats) -> Floats:
        """Unit directions through picture places in pixels, `float32`."""
        across = (x / self.width * 2 - 1) * (self.scale * self.width / self.height)
        rise = (1 - y / self.height * 2) * self.scale
        way = self.forward + across[..., None] * self.right + rise[..., None] * self.up
        out: Floats = unit(way).astype(np.float32)
        return out

    def project(self, points: Floats) -> tuple[Floats, Floats]:
        """Pixels (n x 2) of points (n x 3), and their distance along the view."""
        away = points - self.eye
        depth = away @ self.forward
        pixels_per_unit = self.height / 2 / self.scale
        x = self.width / 2 + (away @ self.right) / depth * pixels_per_unit
        y = self.height / 2 - (away @ self.up) / depth * pixels_per_unit
        return np.stack([x, y], axis=-1), depth


def view(camera: Camera, points: Floats, waist: float, size: tuple[int, int]) -> View:
    """Frame `points` (all of the person and what they hold), or those above `waist`."""
    yaw, pitch = np.radians(camera.yaw), np.radians(camera.pitch)
    forward = -np.array(
        [np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)]
    )
    right = unit(np.cross(forward, UP))
    up = np.cross(right, forward)
    width, height = size
    scale = float(np.tan(np.radians(camera.lens / 2)))
    low = 0.0 if camera.framing is Framing.FULL else waist
    shown = points[points[:, 1] >= low - 0.01]
    bottom, top = low, float(shown[:, 1].max())
    across = shown @ right
    middle = (across.min() + across.max()) / 2
    needed = (top - bottom) * (MARGIN if camera.framing is Framing.FULL else 1.06)
    needed = max(needed, float(np.ptp(across)) * SIDE_MARGIN * height / width)
    distance = needed / 2 / scale
    depth = (shown @ forward).mean()
    lift = 0.012 * needed if camera.framing is Framing.FULL else 0.02 * needed
    centre = right * middle + forward * depth
    centre = centre - UP * centre[1] + UP * ((bottom + top) / 2 + lift)
    if camera.framing is Framing.HALF:
        centre += UP * (needed - (top - bottom) * 1.06) / -2
    return View(centre - forward * distance, right, up, forward, scale, width, height)
