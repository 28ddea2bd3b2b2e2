"""Without Embree, OIDN and the extra that reads photographs: what still works, and how.

They are not installed in these environments; nothing is hidden by a trick.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.studio.bare import bare, here, run

QUICKER = ("embreex", "mitsuba-oidn", "drjit")
PHOTO = ("ai-edge-litert", "opencv-python-headless")
DRAW = """
import json, sys
from hashlib import sha256
from importlib.util import find_spec
from lumiku_contracts.images import MapKind
from lumiku_contracts.scene import Scene
from lumiku_studio import render
from lumiku_studio.scene.samples import AVATARS, POSES
kinds = (MapKind.ALPHA, MapKind.SEGMENTATION, MapKind.DEPTH, MapKind.OPENPOSE)
scene = Scene(pose=POSES["waving"], appearance=AVATARS["budi"])
made = render(scene, (60, 80), wanted=kinds)
print(json.dumps({
    "embree": find_spec("embreex") is not None,
    "oidn": find_spec("mitsuba_oidn") is not None,
    "warnings": made.warnings,
    "colours": len(made.image.getcolors(60 * 80)),
    "maps": {kind: made.maps[kind].convert("RGB").tobytes().hex() for kind in kinds},
}))
"""


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with neither Embree nor OIDN nor what reads photographs."""
    return bare(tmp_path_factory.mktemp("bare"), *QUICKER, *PHOTO)


def drawn(python: Path) -> dict[str, Any]:
    done = run(python, "-c", DRAW)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_without_embree_and_oidn_a_picture_is_drawn_with_the_same_maps(
    without: Path,
) -> None:
    plain, best = drawn(without), drawn(here())

    assert (plain["embree"], plain["oidn"]) == (False, False)
    assert best["embree"]
    assert sum("Embree" in words for words in plain["warnings"]) == 1
    assert sum("OIDN" in words for words in plain["warnings"]) == 1
    assert plain["colours"] > 200
    for kind, drawn_best in best["maps"].items():
        one, other = (bytes.fromhex(text) for text in (plain["maps"][kind], drawn_best))
        # An edge has fewer samples where rays are dear.
        near = 160 if kind == "alpha" else 3
        same = sum(abs(a - b) < near for a, b in zip(one, other, strict=True))
        assert same / len(one) > 0.985, kind


@pytest.mark.faults
def test_an_installation_without_them_makes_pictures_and_names_what_it_lacks(
    without: Path, tmp_path: Path
) -> None:
    data = {"LUMIKU_DATA_DIR": str(tmp_path / "data")}

    def lumiku(*words: str) -> "subprocess.CompletedProcess[str]":
        return run(without, "-m", "lumiku_kernel.cli", *words, **data)

    lumiku("migrate")
    lumiku("users", "create", "me@example.com", "--role", "operator")
    out = tmp_path / "out"
    made = lumiku(
        "run",
        "pose-generator",
        "generate",
        "--set",
        "size=[256,256]",
        "--out",
        str(out),
    )
    doctor = lumiku("doctor", "--json")

    assert made.returncode == 0, made.stdout + made.stderr
    pictures = [*out.rglob("*.png")]
    assert len(pictures) == 4
    assert {Image.open(one).size for one in pictures} == {(256, 256)}
    told = [one for one in json.loads(doctor.stdout)["items"] if one["check"] == "P01"]
    assert any("without embreex and mitsuba-oidn" in one["cause"] for one in told)
    assert any("pip install embreex mitsuba-oidn" in one["fix"] for one in told)
    eye = next(one for one in told if "cannot read photographs" in one["cause"])
    assert eye["fix"] == "make photo and restart the worker process"
