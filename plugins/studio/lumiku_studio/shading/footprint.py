"""How much of a printed surface one pixel shows, so that no pattern is drawn finer."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.shading.stage import Stage

FLATTEST = 0.08  # cosine to the eye below which a pixel shows no more of a surface
MOST_PRESSED = 4.0  # times that cloth is counted as pressed together at most
EVEN = 1e-3  # sine below which a pixel shows as much of it all ways


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """What of a surface n pixels show, in metres on its print."""

    wide: Floats
    """How far a pixel reaches where it reaches least."""
    along: Floats
    """From end to end of it, the way it reaches farthest, n x 2."""

    @property
    def long(self) -> Floats:
        """How far each reaches at most."""
        out: Floats = np.maximum(np.hypot(*self.along.T), self.wide)
        return out

    def some(self, rows: Ints) -> "Footprint":
        """Those of some numbers."""
        return Footprint(self.wide.take(rows), self.along.take(rows, axis=0))


@runtime_checkable
class Woven(Protocol):
    """A print that is a relief, too, and never finer than what pixels show of it."""

    def coloured(
        self, uv: Floats, colour: Floats, seen: Footprint | None = None
    ) -> Floats:
        """Linear RGB at places where the surface alone has `colour` (n x 3)."""
        ...

    def slopes(self, uv: Floats, seen: Footprint | None = None) -> Floats:
        """How steep the surface is there along u and v, n x 2."""
        ...


def ways(stage: Stage, which: Ints) -> tuple[Floats, Floats]:
    """Metres in the room for one of a print, across and along (both n x 3)."""
    corners = stage.points.take(stage.triangles.take(which, axis=0), axis=0)
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    places = stage.uv.take(which, axis=0)
    p, q = places[:, 1] - places[:, 0], places[:, 2] - places[:, 0]
    area = p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]
    area = np.where(np.abs(area) < 1e-10, np.float32(np.inf), area)
    across = (a * q[:, 1:] - b * p[:, 1:]) / area[:, None]
    along = (b * p[:, :1] - a * q[:, :1]) / area[:, None]
    return across, along


def footprint(
    two: tuple[Floats, Floats], normal: Floats, directions: Floats, wide: Floats
) -> Footprint:
    """What pixels `wide` metres head-on show along `directions` (n x 3).

    `two` are the `ways` of the print there, `normal` the surface's.
    """
    facing = np.einsum("ij,ij->i", directions, normal)
    level = np.sqrt(np.maximum(1 - facing * facing, 0))
    reach = wide / np.maximum(np.abs(facing), FLATTEST) / np.maximum(level, EVEN)
    lying = directions - normal * facing[:, None]
    squares = [np.einsum("ij,ij->i", way, way) for way in two]
    parts = [
        np.einsum("ij,ij->i", lying, way) / np.maximum(square, 1e-6) * reach
        for way, square in zip(two, squares, strict=True)
    ]
    pressed = np.sqrt(np.clip(np.minimum(*squares), MOST_PRESSED**-2, 1))
    return Footprint(wide / pressed, np.stack(parts, axis=1))
