"""The camera: where it stands so that the person fills the picture as asked."""

from dataclasses import dataclass, replace

import numpy as np

from lumiku_contracts.scene import Camera, Framing
from lumiku_studio.arrays import Floats
from lumiku_studio.rotation import unit

# Shares of the picture left free above, below and at either side.
MARGINS = {
    Framing.FULL: (0.065, 0.05, 0.05),
    Framing.THREE_QUARTER: (0.065, 0.0, 0.04),
    Framing.HALF: (0.07, 0.0, 0.03),
    Framing.PORTRAIT: (0.10, 0.0, 0.02),
}
ROUNDS = 5
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

    @property
    def pixel(self) -> np.float32:
        """How wide a pixel is at distance one."""
        return np.float32(2 * self.scale / self.height)

    def rays(self, x: Floats, y: Floats) -> Floats:
        """Unit directions through picture places in pixels, `float32`."""
        x, y = np.asarray(x, np.float32), np.asarray(y, np.float32)
        across = (x / self.width * 2 - 1) * (self.scale * self.width / self.height)
        rise = (1 - y / self.height * 2) * self.scale
        square = 1 + across * across + rise * rise  # the axes are at right angles
        back = 1 / np.sqrt(square)
        axes = np.stack([self.right, self.up, self.forward]).astype(np.float32)
        return np.stack([across * back, rise * back, back], axis=-1) @ axes

    def project(self, points: Floats) -> tuple[Floats, Floats]:
        """Pixels (n x 2) of points (n x 3), and their distance along the view."""
        axes = np.stack([self.right, self.up, self.forward]).astype(points.dtype)
        across, rise, depth = axes @ (points - self.eye.astype(points.dtype)).T
        pixels_per_unit = self.height / 2 / self.scale
        x = self.width / 2 + across / depth * pixels_per_unit
        y = self.height / 2 - rise / depth * pixels_per_unit
        return np.stack([x, y]).T, depth


def view(camera: Camera, shown: Floats, size: tuple[int, int]) -> View:
    """Frame points (n x 3): all of the person and of what they hold that is wanted."""
    yaw, pitch = np.radians(camera.yaw), np.radians(camera.pitch)
    forward = -np.array(
        [np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)]
    )
    right = unit(np.cross(forward, UP))
    up = np.cross(right, forward)
    scale = float(np.tan(np.radians(camera.lens / 2)))
    above, below, aside = MARGINS[camera.framing]
    centre, distance = shown.mean(axis=0), float(np.ptp(shown[:, 1])) / scale
    seen = View(centre, right, up, forward, scale, *size)
    for _ in range(ROUNDS):
        seen = replace(seen, eye=centre - forward * distance)
        x, y = seen.project(shown)[0].T
        low = np.array([x.min(), y.min()]) / size
        high = np.array([x.max(), y.max()]) / size
        spread = (high - low) / [1 - 2 * aside, 1 - above - below]
        middle = (low + high) / 2 - [0.5, 0.5 + (above - below) / 2]
        tall = 2 * scale * distance
        centre = centre + right * middle[0] * tall * size[0] / size[1]
        centre = centre - up * middle[1] * tall
        distance *= float(spread.max())
    return replace(seen, eye=centre - forward * distance)
