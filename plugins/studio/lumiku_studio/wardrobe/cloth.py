"""Garments: cut at rest from the loose suit of the template, then moved and folded."""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import GarmentKind
from lumiku_studio.arrays import Floats, Ints, Mask, Sparse
from lumiku_studio.body.mesh import (
    border_edges,
    clip,
    compact,
    normals,
    split,
)
from lumiku_studio.body.shape import Rest
from lumiku_studio.colour import written
from lumiku_studio.shading.stage import Order, Part
from lumiku_studio.skeleton.rig import Placed, skin
from lumiku_studio.wardrobe import folds, suit
from lumiku_studio.wardrobe.borne import borne
from lumiku_studio.wardrobe.chart import BELOW, legs
from lumiku_studio.wardrobe.cut import INNER, Cut, Layer, kept
from lumiku_studio.wardrobe.layering import SHOWN, Solids, bent, laid, rounded, spanned
from lumiku_studio.wardrobe.net import edge_keeping_mean, seamed, vertex_area
from lumiku_studio.wardrobe.prints import Cloth
from lumiku_studio.wardrobe.shaping import shaped
from lumiku_studio.wardrobe.unfolding import ironed, unfolded
from lumiku_studio.wardrobe.weave import unrolled, woven

LIP = 0.0035
SEAM = 1e-9  # of the field that is zero where sleeves are set in
HIDDEN = 0.05  # metres inside what is worn above, beyond which cloth is not drawn
RISEN = 1.0  # share of a fold that moves the surface; the rest tilts its light
DEEP = 0.007  # metres that no fold goes beyond, however pressed
LEAST = 0.003  # metres that cloth keeps from the suit under it
OVER_FLOOR = 0.002  # metres that cloth keeps from the floor it lies on
ARMPIT = 0.15  # of the field about a sleeve's seam, to which an armpit reaches
SETTLED = 16  # rounds that smooth it, once it is out of the body
BLENT = 0.06  # of either field, beside a seam, that has no folds
ON_SEAM = 0.3  # of `armpit`, from which trunk cloth is ironed with the sleeve
SOFTEN = 22  # rounds that let cloth bridge the crease of a lowered arm


@dataclass(frozen=True, slots=True, eq=False)
class Sewn:
    """A garment at rest, ready to be moved: vertices, weights and folds."""

    points: Floats
    under: Floats
    """Where the body's suit is under each vertex."""
    weights: Sparse
    suited: Sparse
    """The weights of the suit, which moves as the body does."""
    triangles: Ints
    shown: Mask
    """Triangles that nothing worn over it hides."""
    places: Floats
    """Places on the maps of trunk, arm and leg, n x 3 x 2."""
    uv: Floats
    mean: Sparse
    """Replaces vertices by their neighbours' mean."""
    area: Floats
    folds: Floats
    """How far folds rise, in metres."""
    even: Floats
    """How much of the folds shows: none where the maps of two limbs meet."""
    armpit: Floats
    """How near each vertex is to where a sleeve is set in, 0-1."""
    hem: Floats
    leg: Floats
    """The chart's `leg` of each vertex; infinite on sleeves."""
    arm: Floats
    colour: Floats
    print: Cloth
    cut: Cut
    kind: GarmentKind


def sew(rest: Rest, layer: Layer) -> Sewn:
    """Cut and shape a garment for a body."""
    cut, garment = layer.cut, layer.garment
    loose = suit.suit(rest)
    source, at = loose.points, loose.at
    loosened = shaped(cut, loose)
    field = kept(cut, at)
    hidden_by = np.full(len(source), -1.0)
    for over in layer.over:
        hidden_by = np.maximum(hidden_by, kept(over, at))
    close = np.clip(hidden_by / 0.03, 0, 1)[:, None]
    skin_tight = source + loose.outward * LEAST
    loosened = loosened * (1 - close) + skin_tight * close
    triangles, first = clip(loose.triangles, field)
    used, whole = compact(triangles)
    triangles, seam = split(whole, first[used] @ loose.sleeved)
    operator = seam @ first[used]
    under = operator @ source
    places = woven(rest, under)
    armed = {side: operator @ share for side, share in suit.shares().items()}
    sleeved = operator @ loose.sleeved
    limb = np.where(legs(rest, under, armed), 2, sleeved > SEAM).astype(int)
    which = np.sort(limb[triangles], axis=1)[:, 1]
    which = np.where(sleeved[triangles].sum(axis=1) > SEAM, 1, which)
    hem = operator @ field
    own = places[np.arange(len(under)), limb]
    window = np.clip(hem / 0.03, 0.25, 1)
    legged = operator @ at.leg - BELOW
    off = np.abs(sleeved) if cut.top is None else np.abs(legged)
    even = 1 - np.exp(-((off / BLENT) ** 2))
    points = operator @ loosened
    suited = (operator @ suit.weights()).tocsr()
    return Sewn(
        points=points,
        under=under,
        weights=borne(suited, cut),
        suited=suited,
        triangles=triangles,
        shown=~((operator @ hidden_by) > HIDDEN)[triangles].all(axis=1),
        places=places,
        uv=unrolled(places, which, triangles),
        mean=seamed(edge_keeping_mean(whole, len(used)), seam),
        area=vertex_area(points, triangles),
        folds=seam @ (folds.heights(own) * window * cut.folds * even)[: len(used)],
        even=even,
        armpit=np.exp(-((sleeved / ARMPIT) ** 2)),
        hem=hem,
        colour=np.tile(written(layer.colour), (len(under), 1)),
        leg=np.where(operator @ (at.limb == 1) > 0, np.inf, operator @ at.leg),
        arm=operator @ at.arm,
        print=Cloth(
            kind=garment.kind if cut is not INNER else GarmentKind.T_SHIRT,
            stuff=cut.stuff,
            pattern=layer.pattern,
            second=written(garment.second),
            relief=0.75 * cut.folds,
        ),
        cut=cut,
        kind=garment.kind,
    )


def worn(
    sewn: Sewn, placed: Placed, skirt_to: float = -1.0, below: Solids | None = None
) -> Part:
    """The garment on a posed body: folds deepen where cloth is pressed together.

    Trousers are left out above `skirt_to` (chart `leg`), where a skirt hides them; a
    top lies over `below`.
    """
    points = skin(placed, sewn.points, sewn.weights)
    pressed = 1 - vertex_area(points, sewn.triangles) / sewn.area
    pressed = np.clip(pressed, -0.5, 0.7)
    for _ in range(10):
        pressed = 0.4 * pressed + 0.6 * (sewn.mean @ pressed)
    shoulder = np.exp(-(((sewn.arm - 0.12) / 0.16) ** 2)) * (sewn.leg == np.inf)
    shoulder = np.maximum(np.maximum(shoulder, sewn.armpit), 0.12)[:, None] * 0.8
    for _ in range(SOFTEN):
        points = points + shoulder * (sewn.mean @ points - points)
    outward = normals(points, sewn.triangles)
    crease = np.clip(1 + 3.0 * pressed, 0.45, 2.4)
    height = np.clip(sewn.folds * crease, -DEEP, DEEP)
    points = points + outward * (height * RISEN)[:, None]
    points = _lifted(points, sewn, placed)
    for _ in range(SETTLED if sewn.cut.top is None else 0):
        points = points + 0.8 * sewn.armpit[:, None] * (sewn.mean @ points - points)
    if sewn.cut.sleeve is not None:
        sleeve = np.isinf(sewn.leg) | (sewn.armpit > ON_SEAM)
        points = ironed(points, sewn.triangles, sewn.mean, sleeve)
        points = unfolded(points, sewn.triangles, sewn.mean, ~sleeve)
    on_lap = bent(placed)
    if on_lap and sewn.cut.top is not None:
        points = spanned(points, sewn.points, sewn.leg, sewn.mean)
        points = rounded(points, sewn.points, sewn.leg, sewn.mean, placed)
    outward = normals(points, sewn.triangles)
    if below is not None:
        points = laid(points, sewn.leg, sewn.mean, below, on_lap=on_lap)
        outward = normals(points, sewn.triangles)
    points[:, 1] = np.maximum(points[:, 1], OVER_FLOOR)
    shade = np.clip(-height / 0.004, 0, 1) * 0.16
    seen = sewn.shown
    if sewn.cut.top is not None:
        low = (sewn.leg[sewn.triangles] > SHOWN).all(axis=1)
        seen = (seen | low) & (sewn.leg[sewn.triangles] > skirt_to).all(axis=1)
    points, triangles, extra = with_lip(points, outward, sewn.triangles[seen])
    detail = np.stack(
        [sewn.hem, shade, crease * sewn.even * np.clip(sewn.hem / 0.02, 0, 1)], axis=1
    )
    return Part(
        points=points,
        triangles=triangles,
        colour=np.concatenate([sewn.colour, sewn.colour[extra] * 0.7]),
        stuff=sewn.cut.stuff,
        segment=sewn.cut.segment,
        # As the cloth's own: a normal of its own along a hem would be dark in places.
        normals=np.concatenate([outward, outward[extra]]),
        detail=np.concatenate([detail, detail[extra] * [0, 1, 0] + [1, 0, 0]]),
        uv=sewn.uv[seen],
        print=sewn.print,
        order=_orders(sewn, np.r_[sewn.leg, sewn.leg[extra]][triangles]),
    )


def _orders(sewn: Sewn, leg: Floats) -> Ints:
    """Of each triangle: the sleeves of a top lie over what hangs from it."""
    own = sewn.cut.order
    sleeve = Order.SLEEVE if own is Order.TOP else own
    return np.where(np.isinf(leg).all(axis=1), sleeve, own)


def _lifted(points: Floats, sewn: Sewn, placed: Placed) -> Floats:
    """Vertices that softening has drawn into the body, back out of it."""
    body = skin(placed, sewn.under, sewn.suited)
    outward = normals(body, sewn.triangles)
    sunk = LEAST - ((points - body) * outward).sum(axis=1)
    out: Floats = points + outward * np.clip(sunk, 0, 0.05 * (1 - sewn.armpit))[:, None]
    return out


def with_lip(
    points: Floats, outward: Floats, triangles: Ints, thick: float = LIP
) -> tuple[Floats, Ints, Ints]:
    """Turn open edges inwards, so that cloth shows a thickness."""
    edges = border_edges(triangles)
    if not len(edges):
        return points, triangles, np.zeros(0, int)
    rim, which = np.unique(edges, return_inverse=True)
    which = which.reshape(edges.shape) + len(points)
    inner = points[rim] - outward[rim] * thick
    a, b, c, d = edges[:, 0], edges[:, 1], which[:, 1], which[:, 0]
    band = np.concatenate([np.stack([b, a, d], 1), np.stack([b, d, c], 1)])
    return np.concatenate([points, inner]), np.concatenate([triangles, band]), rim
