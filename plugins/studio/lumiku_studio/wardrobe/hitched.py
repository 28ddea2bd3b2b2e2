"""Tops drawn up to the hips where thighs are bent, as who sits down draws them up.

A hem below the hip joints goes with both thighs and the pelvis at once: a bent thigh
would cut it out like a bodysuit's.
"""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from lumiku_studio.arrays import Floats, Ints, Sparse
from lumiku_studio.body.mesh import clip, compact
from lumiku_studio.wardrobe.cloth import Sewn
from lumiku_studio.wardrobe.cut import LEG_SCALE
from lumiku_studio.wardrobe.net import edge_keeping_mean, vertex_area
from lumiku_studio.wardrobe.weave import corners

HITCHED = -0.10
"""Chart `leg` of a hem that goes with the pelvis alone."""
WHOLE = 1 - 1e-6


def hitched(sewn: Sewn) -> Sewn:
    """The same garment with its hem no lower than the hips."""
    above = np.where(np.isfinite(sewn.leg), (HITCHED - sewn.leg) * LEG_SCALE, 1.0)
    if sewn.cut.top is not None or (above > 0).all():
        return sewn
    whole = (above[sewn.triangles] > 0).all(axis=1)
    triangles, operator = clip(sewn.triangles, above)
    used, triangles = compact(triangles)
    operator = operator[used]

    def along(values: Floats) -> Floats:
        out: Floats = operator @ values
        return out

    places = np.stack([along(sewn.places[:, limb]) for limb in range(3)], axis=1)
    cut = triangles[whole.sum() :]
    points = along(sewn.points)
    return replace(
        sewn,
        points=points,
        under=along(sewn.under),
        weights=(operator @ sewn.weights).tocsr(),
        suited=(operator @ sewn.suited).tocsr(),
        triangles=triangles,
        shown=np.r_[sewn.shown[whole], np.ones(len(cut), bool)],
        places=places,
        uv=np.concatenate(
            [sewn.uv[whole], corners(places, np.zeros(len(points)), cut)]
        ),
        mean=_mean(sewn, triangles, used),
        area=vertex_area(points, triangles),
        folds=along(sewn.folds),
        even=along(sewn.even),
        armpit=along(sewn.armpit),
        hem=np.minimum(along(sewn.hem), along(above)),
        colour=along(sewn.colour),
        leg=along(sewn.leg),
        arm=along(sewn.arm),
    )


def _mean(sewn: Sewn, triangles: Ints, used: Ints) -> Sparse:
    """The garment's own mean, made anew where the hem has taken neighbours away."""
    old = used[used < len(sewn.leg)]
    own = sewn.mean[old][:, old].tocsr()
    own.resize((len(used), len(used)))
    whole = np.asarray(own.sum(axis=1)).ravel() > WHOLE
    made = edge_keeping_mean(triangles, len(used))
    return (sp.diags(whole * 1.0) @ own + sp.diags(~whole * 1.0) @ made).tocsr()
