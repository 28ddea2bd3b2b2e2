"""The body every person is made from: one CC0 mesh, its bones, and its shape targets.

What it holds and where it comes from stands in `asset/PROVENANCE.json`.
"""

import io
import json
import lzma
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import scipy.sparse as sp

from lumiku_studio.arrays import Floats, Ints, Sparse

BASE_UNIT = 1e-5
DELTA_UNIT = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """What all bodies share; metres, y up, facing +z, the left side at +x."""

    base: Floats
    """Vertices, then one point per bone: its head. (n + bones) x 3."""
    faces: dict[str, Ints]
    """Quads of each mesh."""
    uv: Floats
    uv_faces: Ints
    bones: tuple[str, ...]
    parents: tuple[int, ...]
    weights: Sparse
    """Vertices x bones."""
    masks: dict[str, Floats]
    """Square pictures over `uv`, 0.0-1.0, first row at v = 1."""
    targets: dict[str, int]
    target_places: Ints
    target_rows: Ints
    target_deltas: tuple[Ints, Ints, Ints]

    @property
    def count(self) -> int:
        """The number of vertices, bones not counted."""
        return len(self.base) - len(self.bones)

    def bone(self, name: str) -> int:
        """The place of a bone in `bones`."""
        return self.bones.index(name)

    def add_target(self, name: str, weight: float, points: Floats) -> None:
        """Move `points` (shaped as `base`) by a share of one target."""
        number = self.targets.get(name)
        if number is None:
            raise KeyError(name)
        span = slice(self.target_places[number], self.target_places[number + 1])
        rows = self.target_rows[span]
        for axis, deltas in enumerate(self.target_deltas):
            points[rows, axis] += deltas[span] * (weight * DELTA_UNIT)

    def influence(self, *prefixes: str, side: str = "") -> Floats:
        """How much the bones with these prefixes (on `side`) move each vertex, 0-1."""
        return _influence(self, prefixes, side)


@lru_cache(maxsize=128)
def _influence(body: Template, prefixes: tuple[str, ...], side: str) -> Floats:
    columns = [
        i
        for i, bone in enumerate(body.bones)
        if bone.startswith(prefixes) and bone.endswith(side)
    ]
    out = np.asarray(body.weights[:, columns].sum(axis=1)).ravel()
    out.flags.writeable = False
    return out


@lru_cache(maxsize=1)
def template() -> Template:
    """The template, read once per process (about a tenth of a second)."""
    packed = (files("lumiku_studio") / "asset" / "body.npz.xz").read_bytes()
    with np.load(io.BytesIO(lzma.decompress(packed))) as stored:
        kept = {name.replace("__", "/"): stored[name] for name in stored.files}
    words = json.loads(kept["words"].tobytes())
    bones = tuple(words["bones"])
    base = kept["base"] * BASE_UNIT
    columns = kept["weight_bones"].astype(np.int32)
    values = kept["weight_values"].astype(np.float64)
    rows = np.repeat(np.arange(len(columns)), columns.shape[1])
    shape = (len(columns), len(bones))
    weights = sp.csr_matrix((values.ravel(), (rows, columns.ravel())), shape=shape)
    weights = sp.diags(1 / values.sum(1)) @ weights
    return Template(
        base=base,
        faces={
            k[6:]: v.astype(np.int64) for k, v in kept.items() if k.startswith("faces/")
        },
        uv=kept["uv"] / 65535.0,
        uv_faces=kept["uv_faces"].astype(np.int64),
        bones=bones,
        parents=tuple(int(p) for p in kept["parents"]),
        weights=weights.tocsr(),
        masks={k[6:]: v / 255.0 for k, v in kept.items() if k.startswith("masks/")},
        targets={name: i for i, name in enumerate(words["targets"])},
        target_places=kept["target_places"],
        target_rows=kept["target_rows"].astype(np.int64),
        target_deltas=tuple(kept[f"target_deltas/{axis}"] for axis in range(3)),
    )
