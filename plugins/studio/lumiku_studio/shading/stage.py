"""Everything a ray can meet, in one triangle mesh with what each point looks like."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.body.mesh import normals as mesh_normals
from lumiku_studio.shading.lighting import Softbox

PLAIN = 0.5  # a vertex colour that leaves the skin's picture as it is


class Stuff(IntEnum):
    """What a surface is made of; it decides how light leaves it."""

    FLOOR = 0
    SKIN = 1
    CLOTH = 2
    DENIM = 3
    HAIR = 4
    EYE = 5
    SHOE = 6
    PROP = 7
    KNIT = 8


class Segment(IntEnum):
    """What a part belongs to, for the segmentation map."""

    BACKDROP = 0
    SKIN = 1
    HAIR = 2
    EYES = 3
    TOP = 4
    BOTTOM = 5
    SHOES = 6
    HEADWEAR = 7
    PROP = 8


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One mesh; `colour` is linear RGB, one row a vertex or one for all."""

    points: Floats
    triangles: Ints
    colour: Floats
    stuff: Stuff
    segment: Segment
    normals: Floats | None = None
    """For hair the strand's direction instead."""
    detail: Floats | None = None
    """Two values a vertex: metres from the nearest hem, and the depth of folds."""
    uv: Floats | None = None
    """One row per corner of `triangles`, in the skin's picture; NaN without."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The parts joined; arrays per vertex, but `stuff` and `segment` per triangle."""

    points: Floats
    triangles: Ints
    normals: Floats
    colour: Floats
    detail: Floats
    stuff: Ints
    segment: Ints
    uv: Floats
    """Triangles x 3 x 2, for the first `skin_triangles` only."""
    texture: Floats
    """The skin's picture, linear RGB."""
    boxes: tuple[Softbox, ...]
    """The lights, key first."""


def join(parts: list[Part], texture: Floats, boxes: tuple[Softbox, ...]) -> Stage:
    """One stage of all parts; the part with `uv` must be the first."""
    offset, triangles, rows = 0, [], []
    for part in parts:
        count = len(part.points)
        triangles.append(part.triangles + offset)
        offset += count
        shade = part.normals
        if shade is None:
            shade = mesh_normals(part.points, part.triangles)
        detail = np.full((count, 2), [1.0, 0.0]) if part.detail is None else part.detail
        rows.append(
            np.concatenate(
                [part.points, shade, np.broadcast_to(part.colour, (count, 3)), detail],
                axis=1,
            ).astype(np.float32)
        )
    joined = np.concatenate(rows)
    counts = [len(part.triangles) for part in parts]
    uv = parts[0].uv
    return Stage(
        points=np.ascontiguousarray(joined[:, 0:3]),
        triangles=np.concatenate(triangles).astype(np.int32),
        normals=np.ascontiguousarray(joined[:, 3:6]),
        colour=np.ascontiguousarray(joined[:, 6:9]),
        detail=np.ascontiguousarray(joined[:, 9:11]),
        stuff=np.repeat([int(p.stuff) for p in parts], counts).astype(np.uint8),
        segment=np.repeat([int(p.segment) for p in parts], counts).astype(np.uint8),
        uv=np.zeros((0, 3, 2), np.float32) if uv is None else uv.astype(np.float32),
        texture=texture,
        boxes=boxes,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """What a batch of rays met; all arrays have one row per ray that met something."""

    points: Floats
    normals: Floats
    towards: Floats
    """Unit vectors to the eye."""
    colour: Floats
    detail: Floats
    stuff: Ints
    segment: Ints


def look_up(
    stage: Stage, which: Ints, u: Floats, v: Floats, points: Floats, directions: Floats
) -> Hits:
    """Read the stage where rays along `directions` met triangles at `u`, `v`."""
    corners = stage.triangles[which]
    shares = np.stack([1 - u - v, u, v], axis=1).astype(np.float32)

    def mixed(values: Floats) -> Floats:
        out: Floats = np.einsum("nk,nkj->nj", shares, values[corners])
        return out

    stuff = stage.stuff[which]
    shade = mixed(stage.normals)
    shade /= np.maximum(np.linalg.norm(shade, axis=1, keepdims=True), 1e-9)
    away = (shade * directions).sum(axis=1) > 0
    shade[away & (stuff != Stuff.HAIR)] *= -1
    colour = mixed(stage.colour)
    skin: Mask = which < len(stage.uv)
    if skin.any():
        at = np.einsum("nk,nkj->nj", shares[skin], stage.uv[which[skin]])
        colour[skin] *= _texel(stage.texture, at) / PLAIN
    detail = mixed(stage.detail)
    return Hits(points, shade, -directions, colour, detail, stuff, stage.segment[which])


def _texel(texture: Floats, at: Floats) -> Floats:
    side = texture.shape[0]
    x, y = at[:, 0] * side - 0.5, (1 - at[:, 1]) * side - 0.5
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = (x - left)[:, None], (y - top)[:, None]
    left, right = np.clip(left, 0, side - 1), np.clip(left + 1, 0, side - 1)
    top, below = np.clip(top, 0, side - 1), np.clip(top + 1, 0, side - 1)
    upper = texture[top, left] * (1 - fx) + texture[top, right] * fx
    lower = texture[below, left] * (1 - fx) + texture[below, right] * fx
    out: Floats = upper * (1 - fy) + lower * fy
    return out
