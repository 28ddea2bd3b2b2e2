"""Beards: short hairs on the lower face, placed by where the lips are."""

import numpy as np

from lumiku_contracts.scene import Beard
from lumiku_studio.arrays import Floats
from lumiku_studio.body.mesh import masked, normals, surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.rotation import unit

HAIRS = 6500
LENGTHS = {Beard.MOUSTACHE: 0.007, Beard.GOATEE: 0.008, Beard.FULL: 0.010}
# A full beard's upper edge on the cheek: metres from the middle, over the lips' middle.
EDGE = ((0.0, 0.032, 0.05, 0.066, 0.082), (0.012, 0.010, 0.024, 0.050, 0.075))
NECK = -0.062  # metres over the lips' middle where it ends
STEPS = 5


def grown(rest: Rest, beard: Beard) -> Floats | None:
    """Hairs (n x k x 3) at rest, or none."""
    length = LENGTHS.get(beard)
    if length is None:
        return None
    skin = surface("body", 1)
    points = skin.operator @ rest.points
    outward = normals(points, skin.triangles)
    field = share(rest, beard, points)
    dense = field[skin.triangles].mean(axis=1)
    triangles = skin.triangles[dense > 0.05]
    a, b, c = (points[triangles[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) * dense[dense > 0.05]
    rng = np.random.default_rng(9)
    count = HAIRS if beard is Beard.FULL else HAIRS // 3
    chosen = triangles[rng.choice(len(triangles), count, p=area / area.sum())]
    part = rng.dirichlet((1, 1, 1), count)[..., None]
    root = (points[chosen] * part).sum(axis=1)
    normal = unit((outward[chosen] * part).sum(axis=1))
    aside = np.sign(root[:, :1]) * np.minimum(np.abs(root[:, :1]) / 0.02, 1)
    way = aside * [0.35, 0, 0] + [0, -1.0, 0] + rng.normal(0, 0.22, (count, 3))
    way = unit(way - (way * normal).sum(axis=1, keepdims=True) * normal + normal * 0.28)
    reach = length * rng.uniform(0.6, 1.1, (count, 1, 1))
    step = np.linspace(0, 1, STEPS)[None, :, None]
    out: Floats = root[:, None] + way[:, None] * reach * step
    return out + normal[:, None] * 0.0006


def share(rest: Rest, beard: Beard, points: Floats) -> Floats:
    """How much of each skin point such a beard covers, 0-1; stubble as a full one."""
    if beard is Beard.NONE:
        return np.zeros(len(points))
    lips, width = _lips(rest)
    x, y, z = (points - lips).T
    side = np.abs(x)
    front = z > -0.105
    mouth = (side / (width * 1.05)) ** 2 + ((y + 0.001) / 0.0125) ** 2
    off_mouth = np.clip((mouth - 1) * 3, 0, 1)
    edge = np.interp(side, *EDGE)
    full = np.clip((edge - y) / 0.010, 0, 1) * np.clip((y - NECK) / 0.012, 0, 1)
    bare = np.clip((side - 0.006) / 0.012, 0, 1)
    full *= np.where((y < -0.008) & (y > -0.022), np.maximum(bare, 0.35), 1)
    nose = np.clip((0.0165 - y) / 0.003, 0, 1)
    lip = nose * np.clip((y + 0.004) / 0.006, 0, 1)
    lip *= np.clip((width + 0.002 - side) / 0.006, 0, 1)
    chin = np.clip((0.022 - side) / 0.006, 0, 1) * (y < -0.010)
    ends = np.clip(1 - np.abs(side - width - 0.001) / 0.005, 0, 1) * (y < 0.008)
    kept = {
        Beard.MOUSTACHE: lip,
        Beard.GOATEE: np.maximum(lip, np.maximum(chin, ends) * full),
    }.get(beard, full)
    covered: Floats = kept * off_mouth * front * (y > NECK)
    return covered


def _lips(rest: Rest) -> tuple[Floats, float]:
    """The middle of the lips on the face, and half their width."""
    skin, rows = surface("body", 1), masked("lips") > 0.5
    points = (skin.operator @ rest.still)[rows]
    front = points[points[:, 2] > np.median(points[:, 2])]
    middle = np.array([0, front[:, 1].mean(), front[:, 2].max()])
    return middle, float(np.ptp(points[:, 0]) / 2)
