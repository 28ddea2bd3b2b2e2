"""Beards: short hairs on the lower face, placed by where the lips are."""

import numpy as np
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Beard
from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.body.bare import skin_of
from lumiku_studio.body.mesh import masked, surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.rotation import unit

HAIRS = 8500
SHARE = {Beard.MOUSTACHE: 0.36, Beard.GOATEE: 0.50, Beard.FULL: 1.0}
LENGTHS = {Beard.MOUSTACHE: 0.0075, Beard.GOATEE: 0.010, Beard.FULL: 0.013}
# A full beard's upper edge on the cheek: metres from the middle, over the lips' middle.
EDGE = (
    (0.0, 0.030, 0.046, 0.060, 0.070, 0.082),
    (0.012, 0.010, 0.014, 0.026, 0.038, 0.05),
)
THIN = 1.5  # exponent by which hairs are fewer towards its edges
THINNED = 0.024  # metres below that edge from which it is as dense as it gets
GOATEE = 0.019  # metres from the middle that a goatee is wide at its lower end
THROAT = 0.030  # metres over its lower end from which it is dense
CHIN = -0.056  # metres over the lips' middle where a goatee ends
# Before the ears hair runs down to the beard: metres below an ear's top to ahead of it.
BURNS = ((0.0, 0.03, 0.055, 0.07), (0.012, 0.013, 0.022, 0.036))
BURN_FADES = 0.014  # metres over which it does so, at its front and top
BEHIND, BACK_FADES = 0.008, 0.012
"""Metres behind an ear's front up to which a beard grows, and over which it thins."""
# Metres ahead of an ear's front to the lower edge: metres below the ear, or the neck.
JAW_AHEAD, BELOW_EAR = 0.055, -0.030
NECK = -0.066  # metres over the lips' middle where it ends
EAR = 0.3  # of a vertex from which it is the ear's
OFF_LIPS = 0.0012  # metres about the lips that stay bare
CLOSE = 0.003  # metres over which they begin to grow there
OVER_LIP, SHORTEST = 1.6, 0.0048
"""A moustache's hairs: of how far they root from the lips, and metres at least."""
STEPS = 5


def grown(rest: Rest, beard: Beard) -> Floats | None:
    """Hairs (n x k x 3) at rest, or none."""
    length = LENGTHS.get(beard)
    if length is None:
        return None
    skin = surface("body", 1)
    bare = skin_of(rest)
    points, still, outward = bare.points, bare.still, bare.outward
    field = share(rest, beard)
    dense = field[skin.triangles].mean(axis=1) ** THIN
    triangles = skin.triangles[dense > 0.05]
    a, b, c = (still[triangles[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) * dense[dense > 0.05]
    rng = np.random.default_rng(9)
    count = round(HAIRS * SHARE[beard])
    chosen = triangles[rng.choice(len(triangles), count, p=area / area.sum())]
    part = rng.dirichlet((1, 1, 1), count)[..., None]
    root = (points[chosen] * part).sum(axis=1)
    normal = unit((outward[chosen] * part).sum(axis=1))
    aside = np.sign(root[:, :1]) * np.minimum(np.abs(root[:, :1]) / 0.02, 1)
    over_mouth = (still[chosen] * part).sum(axis=1)[:, 1:2] > _lips(rest)[0][1]
    way = rng.normal(0, 0.30, (count, 3)) + np.array([0, -1.0, 0])
    way[:, :1] += aside * np.where(over_mouth, 1.1, 0.35)
    way = unit(way - (way * normal).sum(axis=1, keepdims=True) * normal + normal * 0.28)
    grown_out = 0.3 + 0.7 * field[chosen].mean(axis=1)
    reach = length * grown_out * rng.uniform(0.5, 1.1, count)
    off_lips, _ = cKDTree(still[mouth()]).query((still[chosen] * part).sum(axis=1))
    short = np.maximum(off_lips * OVER_LIP, SHORTEST)
    reach = np.where(over_mouth[:, 0], np.minimum(reach, short), reach)[:, None, None]
    step = np.linspace(0, 1, STEPS)[None, :, None]
    out: Floats = root[:, None] + way[:, None] * reach * step
    return out + normal[:, None] * 0.0006


def share(rest: Rest, beard: Beard) -> Floats:
    """How much of each vertex of the skin's surface a beard covers; stubble as full."""
    points = skin_of(rest).still
    if beard is Beard.NONE:
        return np.zeros(len(points))
    lips, width = _lips(rest)
    x, y, z = (points - lips).T
    side = np.abs(x)
    ear = (points - lips)[masked("ears") > 0.5]
    far = OFF_LIPS + CLOSE
    away, _ = cKDTree(points[mouth()]).query(points, distance_upper_bound=far)
    off_mouth = np.clip((away - OFF_LIPS) / CLOSE, 0, 1)
    edge = np.interp(side, *EDGE)
    edge = edge + 0.0018 * np.sin(side * 410 + y * 130)
    ahead, below = z - ear[:, 2].max(), ear[:, 1].max() - y
    front = (ahead > -BEHIND - BACK_FADES) & (masked("ears") < EAR)
    burn = np.clip((np.interp(below, *BURNS) - ahead) / BURN_FADES, 0, 1)
    burn *= np.clip(below / BURN_FADES, 0, 1)
    jaw = np.interp(ahead, (0, JAW_AHEAD), (ear[:, 1].min() + BELOW_EAR, NECK))
    full = np.maximum(np.clip((edge - y) / THINNED, 0, 1), burn)
    full *= np.clip((y - jaw) / THROAT, 0, 1)
    full *= np.clip((ahead + BEHIND) / BACK_FADES, 0, 1)
    full = full * full * (3 - 2 * full)
    bare = np.clip((side - 0.006) / 0.012, 0, 1)
    full *= np.where((y < -0.008) & (y > -0.022), np.maximum(bare, 0.35), 1)
    nose = np.clip((0.0180 - 0.3 * np.maximum(side - 0.010, 0) - y) / 0.004, 0, 1)
    lip = nose * np.clip((y + 0.004) / 0.006, 0, 1)
    lip = lip ** (1 / THIN)
    lip *= np.clip((width + 0.004 - side) / 0.010, 0, 1)
    round_mouth = np.clip((width + 0.011 - side) / 0.008, 0, 1) * (y < 0.006)
    beside = round_mouth * np.clip((y + 0.03) / 0.01, 0, 1)
    tapered = GOATEE + np.minimum(y + 0.035, 0.035) * 0.5
    round_mouth *= np.clip((tapered - side) / 0.010, 0, 1)
    round_mouth *= np.clip((y - CHIN) / 0.014, 0, 1)
    kept = {
        Beard.MOUSTACHE: lip,
        Beard.GOATEE: np.maximum(lip, round_mouth),
    }.get(beard, np.maximum(np.maximum(full, lip), beside))
    covered: Floats = kept * off_mouth * front * (y > NECK)
    return covered


def mouth() -> Mask:
    """Which vertices of the skin's surface are lips, or lie behind them."""
    out: Mask = np.maximum(masked("lips"), masked("inside-mouth")) > 0.3
    return out


def _lips(rest: Rest) -> tuple[Floats, float]:
    """The middle of the lips on the face, and half their width."""
    points = skin_of(rest).still[masked("lips") > 0.5]
    front = points[points[:, 2] > np.median(points[:, 2])]
    middle = np.array([0, front[:, 1].mean(), front[:, 2].max()])
    return middle, float(np.ptp(points[:, 0]) / 2)
