"""The hanging part of tunics and abayas: hulls around posed hips and legs.

It is made anew in every pose, so that it spans the lap of who sits and the stride of
who walks; blended skinning would tear it.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from lumiku_contracts.scene import Contact, Garment, GarmentKind
from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.body.mesh import normals, surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.colour import written
from lumiku_studio.rotation import unit
from lumiku_studio.shading.stage import Order, Part, Segment, Stuff
from lumiku_studio.skeleton.posing import Posed
from lumiku_studio.wardrobe.chart import THIGH, arm_shares, chart
from lumiku_studio.wardrobe.layering import Solids
from lumiku_studio.wardrobe.level import levelled
from lumiku_studio.wardrobe.prints import Cloth
from lumiku_studio.wardrobe.settling import cleared, outward, settled
from lumiku_studio.wardrobe.under import WAIST, Under, drawn_in

RINGS, AROUND = 64, 144
SLAB = 0.05
WIDER = 1.5  # how much wider a slab is tried where a lean shin has no vertex in it
BEYOND = 0.12
BEND = 0.105  # chart units over which the way down is evened at hips and knees
SLOPE = 0.10
STEEPS = np.linspace(-0.12, 0.9, 52)  # metres out on a metre down that cloth spans
LIP_RINGS = 2
PLUMB = 0.8  # cosine from the plumb line below which cloth lies on a limb
KNEE = 1.0  # chart `leg` below which what hangs is held by its own folds
KNELT = (0.20, 0.56)
"""Metres over the floor of knees that are knelt upon; chart `leg` of a hem then."""
HELD = -0.30  # chart `leg` down to which a skirt stays where it is made
LOWEST = 0.003  # metres over the floor that a hem keeps
TREAD = 0.02  # metres over the lowest point of a foot that its sole reaches
SHOE = 0.012  # metres of a shoe over a foot
LEAST_LEG = -0.4  # chart `leg` from which the clothes of legs bear a skirt


@dataclass(frozen=True, slots=True)
class Fall:
    """How a skirt hangs: chart `leg` of its hem, metres of ease and flare, folds."""

    hem: float
    ease: float
    flare: float
    folds: float
    waves: int
    contacts: frozenset[Contact]
    """The poses that it survives."""


UPRIGHT = frozenset(
    {Contact.STANDING, Contact.STRIDING, Contact.LEANING, Contact.SEATED}
)
FALLS = {
    GarmentKind.TUNIC: Fall(
        hem=0.74, ease=0.012, flare=0.032, folds=0.006, waves=11,
        contacts=UPRIGHT | {Contact.KNEELING, Contact.FLOOR, Contact.LUNGING},
    ),
    GarmentKind.ABAYA: Fall(
        hem=1.88, ease=0.016, flare=0.060, folds=0.013, waves=9,
        contacts=UPRIGHT,
    ),
    GarmentKind.DRESS: Fall(
        hem=1.38, ease=0.020, flare=0.085, folds=0.016, waves=10, contacts=UPRIGHT
    ),
    GarmentKind.SKIRT: Fall(
        hem=1.72, ease=0.014, flare=0.070, folds=0.013, waves=11, contacts=UPRIGHT
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Hips:
    """The skin that carries a skirt: rows of the body's surface, and their chart."""

    rows: Ints
    leg: Floats
    left: Floats
    insteps: Ints
    """Rows of the feet's upper sides, on which a long hem may come to lie."""


def hips(rest: Rest) -> Hips:
    """The skin from waist to ankles of a body at rest."""
    skin = surface("body", 0)
    points = skin.operator @ rest.points
    at = chart(rest, points, arm_shares(skin.operator))
    rows = np.flatnonzero((at.arm == 0) & (at.leg > WAIST - 0.2) & (at.leg < 2.05))
    insteps = (at.leg > 2) & (points[:, 1] > rest.floor + TREAD)
    return Hips(rows, at.leg[rows], points[rows, 0] > 0, np.flatnonzero(insteps))


def skirt(
    garment: Garment,
    skin: Hips,
    posed: Posed,
    under: list[Under],
) -> Part:
    """The skirt of a posed person over what is worn at waist and legs."""
    fall = _drawn_up(FALLS[garment.kind], posed)
    body = surface("body", 0).operator @ posed.points
    clouds, legs, lefts = [body[skin.rows]], [skin.leg], [skin.left]
    for cloth in under:
        near = (cloth.leg > WAIST - 0.08) & (cloth.leg < fall.hem + BEYOND + SLAB)
        clouds.append(cloth.points[near])
        legs.append(cloth.leg[near])
        lefts.append(cloth.left[near])
    points, leg, left = (np.concatenate(x) for x in (clouds, legs, lefts))
    step = (fall.hem - WAIST) / (RINGS - 1)
    at = WAIST + step * np.arange(RINGS + round(BEYOND / step))
    centres, frames = _path(at, points, leg, left)
    # Ends of what is evened are askew, so that rings beyond the hem are made and left.
    centres, frames, at = centres[:RINGS], frames[:RINGS], at[:RINGS]
    radius = _hulls(at, points, leg, left, centres, frames)
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(centres, axis=0), axis=1))]
    share = length / length[-1]
    radius = _hung(radius, length, fall)
    if fall.hem < KNEE and not _lies(frames):
        radius = _spanned(radius, length)
    turn = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    ring = np.stack([np.sin(turn), np.cos(turn)], axis=1)
    way = np.einsum("kij,aj->kai", frames, ring)
    shape = centres[:, None] + way * radius[..., None]
    warp = np.sin(turn * 3 + 1) * 0.8 + np.sin(turn * 2 + 4) * 0.6
    wave = np.sin(turn * fall.waves + warp + share[:, None] * 1.1)
    wave = np.sign(wave) * np.abs(wave) ** 0.8
    depth = fall.folds * np.clip(share / 0.6, 0, 1)[:, None]
    rise = wave * depth
    solids = _solids(skin, body, under, fall)
    if _lies(frames):
        shape = settled(shape, solids, int((at < HELD).sum()))
        way = outward(shape)
        shape = cleared(shape + way * ((rise + depth) / 2)[..., None], solids)
    else:
        shape = levelled(shape + way * rise[..., None], int((at < HELD).sum()))
        shape = cleared(shape, solids)
    tops = [cloth for cloth in under if cloth.leg.min() < WAIST]
    shape = drawn_in(shape, at, tops, sunk=garment.kind is not GarmentKind.SKIRT)
    shape[..., 1] = np.maximum(shape[..., 1], LOWEST)
    inner = shape[-1:] - way[-1:] * 0.004
    shape = np.concatenate([shape, inner, inner - (shape[-1:] - shape[-3:-2]) * 0.8])
    shade = np.clip(-wave, 0, 1) * depth / fall.folds * 0.16
    hem = (length[-1] - length)[:, None] * np.ones(AROUND)
    detail = np.stack([hem, shade], axis=-1)
    detail = np.concatenate([detail, np.full((LIP_RINGS, AROUND, 2), [1.0, 0.3])])
    return Part(
        points=shape.reshape(-1, 3),
        triangles=_tube(len(shape)),
        colour=written(garment.colour),
        stuff=Stuff.CLOTH,
        segment=Segment.TOP,
        order=Order.HANGING,
        detail=detail.reshape(-1, 2),
        uv=_places(length, radius.mean(axis=1), len(shape)),
        print=Cloth(
            garment.kind, Stuff.CLOTH, garment.pattern, written(garment.second), 0.0
        ),
    )


def _drawn_up(fall: Fall, posed: Posed) -> Fall:
    """What hangs over the thighs only: who kneels draws it up, off knees and floor."""
    knees = [posed.placed.at(f"lowerleg01.{side}")[1] for side in "LR"]
    if fall.hem > KNEE or max(knees) > KNELT[0]:
        return fall
    return replace(fall, hem=min(fall.hem, KNELT[1]))


def _lies(frames: Floats) -> bool:
    """Whether thighs or shins are so far from plumb that cloth comes to lie on them."""
    along = np.cross(frames[..., 0], frames[..., 1])
    return bool(np.abs(along[:, 1]).min() < PLUMB)


def _solids(skin: Hips, body: Floats, under: list[Under], fall: Fall) -> Solids:
    """What a skirt may lie on: the skin, and the trousers over it."""
    facing = normals(body, surface("body", 0).triangles)
    feet = skin.insteps
    clouds = [body[skin.rows], body[feet] + facing[feet] * SHOE]
    ways = [facing[skin.rows], facing[feet]]
    for cloth in under:
        lower = (cloth.leg > LEAST_LEG) & (cloth.leg < fall.hem + BEYOND)
        clouds.append(cloth.points[lower])
        ways.append(normals(cloth.points, cloth.triangles)[lower])
    return Solids(np.concatenate(clouds), np.concatenate(ways))


def _places(length: Floats, radius: Floats, rings: int) -> Floats:
    """Metres around and down of each triangle's corners, for patterns."""
    wide = np.r_[radius, np.full(LIP_RINGS, radius[-1])]
    down = np.r_[-length, np.full(LIP_RINGS, -length[-1])] - WAIST * THIGH
    row, column = np.divmod(np.arange((rings - 1) * AROUND), AROUND)
    step = 2 * np.pi / AROUND
    turn = (column + AROUND // 2) % AROUND - AROUND // 2
    a, b, c, d = (
        np.stack([(turn + aside) * step * wide[row + low], down[row + low]], axis=1)
        for aside, low in ((0, 0), (0, 1), (1, 1), (1, 0))
    )
    return np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])


def _path(
    at: Floats, points: Floats, leg: Floats, left: Floats
) -> tuple[Floats, Floats]:
    """Ring centres (k x 3), and frames (k x 3 x 2): across to the left, and front."""
    centres, across = np.empty((len(at), 3)), np.empty((len(at), 3))
    soft = BEND / (at[1] - at[0])
    for k, t in enumerate(at):
        ring = _slab(leg, left, t)
        mine, other = (
            points[ring & left].mean(axis=0),
            points[ring & ~left].mean(axis=0),
        )
        centres[k], across[k] = (mine + other) / 2, mine - other
    centres = gaussian_filter1d(centres, soft, axis=0, mode="nearest")
    across = unit(gaussian_filter1d(unit(across), 1.3 * soft, axis=0, mode="nearest"))
    along = unit(
        gaussian_filter1d(
            np.gradient(centres, axis=0), 1.3 * soft, axis=0, mode="nearest"
        )
    )
    # Rings lean with a stride: they hold both legs, also one before the other.
    along = unit(along - (along * across).sum(axis=1, keepdims=True) * across)
    front = np.cross(along, across)
    return centres, np.stack([across, front], axis=2)


def _slab(leg: Floats, left: Floats, t: float) -> Mask:
    """Which points a ring at `t` goes around: those near it, of both sides."""
    wide = SLAB
    while True:
        ring: Mask = np.abs(leg - t) < wide
        if (ring & left).any() and (ring & ~left).any():
            return ring
        wide *= WIDER


def _hulls(
    at: Floats,
    points: Floats,
    leg: Floats,
    left: Floats,
    centres: Floats,
    frames: Floats,
) -> Floats:
    """Distance from each ring's centre to the convex hull of what it goes around."""
    turn = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    ring = np.stack([np.sin(turn), np.cos(turn)], axis=1)
    lean = np.cos(turn[:, None] - turn[None])
    radius = np.empty((len(at), AROUND))
    for k, t in enumerate(at):
        flat = (points[_slab(leg, left, t)] - centres[k]) @ frames[k]
        support = (flat @ ring.T).max(axis=0)
        reach = np.where(lean > 0.15, support[None] / np.maximum(lean, 0.15), np.inf)
        radius[k] = reach.min(axis=1)
    return radius


def _hung(radius: Floats, length: Floats, fall: Fall) -> Floats:
    """Ease, the straight fall below what juts out, and the flare."""
    step = SLOPE * length[-1] / RINGS
    share = length / length[-1]
    radius = radius + 0.002 + fall.ease * np.clip(share / 0.5, 0, 1)[:, None]
    for k in range(1, RINGS):
        radius[k] = np.maximum(radius[k], radius[k - 1] - step)
    radius = radius + (fall.flare * share**1.3)[:, None]
    smooth = gaussian_filter(radius, (1.6, 2.0), mode=("nearest", "wrap"))
    out: Floats = np.maximum(smooth, radius - 0.004)
    return out


def _spanned(radius: Floats, length: Floats) -> Floats:
    """Radii of cloth that goes straight over what is hollow from waist to hem."""
    down = STEEPS[:, None] * length
    reach = (radius[None] - down[..., None]).max(axis=1)
    out: Floats = (reach[:, None] + down[..., None]).min(axis=0)
    return out


def _tube(rings: int) -> Ints:
    first = (np.arange(rings - 1)[:, None] * AROUND + np.arange(AROUND)).ravel()
    beside = (
        np.arange(rings - 1)[:, None] * AROUND + (np.arange(AROUND) + 1) % AROUND
    ).ravel()
    below, diagonal = first + AROUND, beside + AROUND
    return np.concatenate(
        [np.stack([first, below, diagonal], 1), np.stack([first, diagonal, beside], 1)]
    )
