"""Pictures on things: how a viewer's picture becomes a print."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from lumiku_contracts.errors import Refused
from lumiku_contracts.scene import Decal
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.colour import linear
from lumiku_studio.shading.stage import texel

LARGEST = 1024  # pixels a side that a picture keeps
AWAY = 9.0  # a place far from every picture
Pictures = Mapping[str, Image.Image]


@dataclass(frozen=True, slots=True, eq=False)
class Sticker:
    """A picture laid on a surface whose places are metres from its middle."""

    picture: Floats
    """Rows x columns x 4: linear RGB and coverage."""
    half: Floats
    """Half its width and height in metres."""

    def coloured(self, uv: Floats, colour: Floats) -> Floats:
        """The surface's colour with the picture over it."""
        place = uv / (2 * self.half) + 0.5
        on = np.flatnonzero(((place >= 0) & (place <= 1)).all(axis=1))
        out = colour.copy()
        if len(on):
            over = texel(self.picture, place[on])
            out[on] = out[on] * (1 - over[:, 3:]) + over[:, :3] * over[:, 3:]
        return out


def named(pictures: Pictures, name: str) -> Floats:
    """A picture of the request as linear RGBA; refuses one that is not there."""
    if name not in pictures:
        detail = f"The scene names a picture “{name}” that the request does not carry."
        raise Refused("no-picture", detail, fix="Send the picture with the request.")
    image = pictures[name].convert("RGBA")
    image.thumbnail((LARGEST, LARGEST))
    pixels = np.asarray(image, np.float32) / 255
    out = np.concatenate([linear(pixels[..., :3]), pixels[..., 3:]], axis=2)
    return out.astype(np.float32)


def sticker(pictures: Pictures, decal: Decal, surface: tuple[float, float]) -> Sticker:
    """A decal as large as its share of a surface (width and height in metres)."""
    picture = named(pictures, decal.picture)
    rows, columns = picture.shape[:2]
    scale = min(surface[0] / columns, surface[1] / rows) * decal.width / 2
    return Sticker(picture, np.array([columns, rows]) * scale)


def flat_uv(points: Floats, triangles: Ints, frame: Floats, centre: Floats) -> Floats:
    """Places of triangles that face along `frame`'s third axis; others are far away."""
    local = (points - centre) @ frame
    a, b, c = (local[triangles[:, k]] for k in range(3))
    facing = np.cross(b - a, c - a)
    size = np.linalg.norm(facing, axis=1)
    on = facing[:, 2] > 0.98 * np.maximum(size, 1e-12)
    out = np.full((len(triangles), 3, 2), AWAY)
    out[on] = local[triangles[on]][..., :2]
    return out


def round_uv(
    points: Floats, triangles: Ints, frame: Floats, middle: Floats, radius: float
) -> Floats:
    """Places around and along a turned shape, from `middle`, the front at zero."""
    local = (points - middle) @ frame
    turn = np.arctan2(local[:, 0], local[:, 2])[triangles]
    turn -= np.round((turn - turn[:, :1]) / (2 * np.pi)) * 2 * np.pi
    return np.stack([turn * radius, local[:, 1][triangles]], axis=2)
