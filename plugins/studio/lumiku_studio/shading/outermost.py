"""What is seen where two layers all but touch: the one that is worn over the other.

Cloth lies millimetres over skin and other cloth, and is cut coarser than that. Where
what is worn below pokes through, what is worn over it is shown all the same.
"""

import numpy as np

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.rotation import unit
from lumiku_studio.shading.stage import Stage
from lumiku_studio.tracing.rays import NOTHING, Met, Tracer

DEEP = np.float32(0.009)  # metres by which a layer may poke through what is over it
REACH = np.float32(0.030)  # metres along a ray in which that is looked for
PAST = np.float32(2e-6)  # metres beyond a hit from which a ray goes on
DEEPEST = 3  # surfaces that it goes on through
ALONGSIDE = 0.6  # cosine between two layers from which they lie on each other


def seen(stage: Stage, tracer: Tracer, eye: Floats, way: Floats) -> Met:
    """What is seen from an eye along unit directions (n x 3, `float32`).

    Distances are of what each ray meets first: light reaches that.
    """
    eye = eye.astype(np.float32)
    met = tracer.nearest(np.broadcast_to(eye, way.shape).copy(), way)
    rows = np.flatnonzero(met.triangle != NOTHING)
    rows = rows[stage.order.take(met.triangle[rows]) > 0]
    beyond = np.full(len(rows), PAST)
    for _ in range(DEEPEST):
        ahead = way[rows]
        origins = eye + ahead * (met.distance[rows] + beyond)[:, None]
        close = np.flatnonzero(tracer.blocked(origins, ahead, REACH - beyond))
        if not len(close):
            break
        rows, beyond = rows[close], beyond[close]
        under = tracer.nearest(origins[close], ahead[close])
        beyond += under.distance
        _show(met, stage, rows, under, ahead[close], beyond)
        on = np.flatnonzero((under.triangle != NOTHING) & (beyond + PAST < REACH))
        rows, beyond = rows[on], beyond[on] + PAST
    return met


def _show(
    met: Met, stage: Stage, rows: Ints, under: Met, way: Floats, beyond: Floats
) -> None:
    """Put what is worn over what `rows` show in its place, where it lies beneath."""
    shown = met.triangle[rows]
    over = stage.order.take(under.triangle) > stage.order.take(shown)
    at = np.flatnonzero(over & (under.triangle != NOTHING))
    outer, inner = (_facing(stage, x[at]) for x in (under.triangle, shown))
    towards = -np.einsum("ij,ij->i", outer, way[at])
    good = np.einsum("ij,ij->i", outer, inner) > ALONGSIDE
    at = at[good & (towards > 0) & (beyond[at] * towards < DEEP)]
    met.triangle[rows[at]] = under.triangle[at]
    met.u[rows[at]], met.v[rows[at]] = under.u[at], under.v[at]


def _facing(stage: Stage, which: Ints) -> Floats:
    """The way out of triangles, unit vectors."""
    a, b, c = stage.points.take(stage.triangles.take(which, axis=0).T, axis=0)
    return unit(np.cross(b - a, c - a))
