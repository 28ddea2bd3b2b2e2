"""Pictures to be judged, as files: what the studio drew, its maps, and what it says.

They are kept outside the repository, by the content of the scene and of the engine, so
that only what has changed is drawn again.
"""

import json
import os
import shutil
import time
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

import lumiku_studio
from lumiku_contracts.images import MapKind, Quality
from lumiku_contracts.scene import Scene
from lumiku_studio import marks, render
from lumiku_studio.studio import ENGINE

SIZE: Final = (192, 256)
MAPS: Final = (
    MapKind.OPENPOSE, MapKind.DEPTH, MapKind.ALPHA, MapKind.SEGMENTATION,
)  # fmt: skip
WITNESSES: Final = {"photo", "text", "matte"}
"""Rooms of the package that draw nothing."""
LIBRARIES: Final = ("numpy", "scipy", "embreex", "mitsuba-oidn")
TO_XYZ: Final = (
    (0.4124, 0.3576, 0.1805),
    (0.2126, 0.7152, 0.0722),
    (0.0193, 0.1192, 0.9505),
)
WHITE: Final = (0.9505, 1.0, 1.089)
"""sRGB's primaries and its white."""
KEPT: Final = 3
"""Engines whose pictures are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A folder with `picture.png` and a file for each map, and the studio's joints."""

    folder: Path
    joints: Any
    """18 x 2 in pixels, COCO-18 order."""
    visible: Any
    """Whether each is in the picture and, for the face, before the head."""
    behind: Any
    """Metres behind what is seen in its place; NaN before the backdrop."""

    def map(self, kind: MapKind) -> Any:
        """A map as an array."""
        return np.asarray(Image.open(self.folder / f"{kind.value}.png"))

    @property
    def picture(self) -> Path:
        """The picture's file."""
        return self.folder / "picture.png"


def store() -> Path:
    """Where pictures of today's engine are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "lumiku-studio-check" / _engine()


def tidy() -> None:
    """Remove pictures of engines that were not asked for lately."""
    here = store()
    here.mkdir(parents=True, exist_ok=True)
    here.touch()
    kept = sorted(here.parent.iterdir(), key=lambda one: -one.stat().st_mtime)
    for old in kept[KEPT:]:
        shutil.rmtree(old)


@cache
def _engine() -> str:
    """A digest of everything that decides what a scene looks like."""
    home = Path(lumiku_studio.__file__).parent
    found = sha256()
    for path in sorted(home.rglob("*")):
        place = path.relative_to(home)
        draws = path.is_file() and place.parts[0] not in WITNESSES
        if draws and "__pycache__" not in place.parts:
            found.update(str(place).encode() + path.read_bytes())
    for name in LIBRARIES:
        found.update(version(name).encode())
    return found.hexdigest()[:16]


def drawn(
    scene: Scene,
    size: tuple[int, int] = SIZE,
    quality: Quality = Quality.PREVIEW,
    noise_seed: int = 0,
) -> Drawn:
    """The picture of a scene with its maps, drawn unless it is there."""
    said = json.dumps([scene.model_dump_json(), size, quality.value, noise_seed])
    folder = store() / sha256(said.encode()).hexdigest()[:24]
    if not (folder / "told.json").is_file():
        _draw(scene, size, quality, noise_seed, folder)
    told = json.loads((folder / "told.json").read_text())
    joints = np.array(told["skeleton"], float)
    behind = np.array([np.nan if x is None else x for x in told["behind"]], float)
    return Drawn(folder, joints[:, :2], joints[:, 2] > 0, behind)


def _draw(
    scene: Scene, size: tuple[int, int], quality: Quality, seed: int, folder: Path
) -> None:
    began = time.process_time()
    made = render(scene, size, quality=quality, noise_seed=seed, wanted=MAPS)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "picture.png").write_bytes(marks.png(made.image, ENGINE))
    for kind, image in made.maps.items():
        image.save(folder / f"{kind.value}.png")
    told = {
        "skeleton": made.skeleton,
        "behind": [None if np.isnan(x) else x for x in made.behind],
        "warnings": made.warnings,
        "cpu": round(time.process_time() - began, 3),
    }
    # Last, so that a folder without it is one that was not finished.
    (folder / "told.json").write_text(json.dumps(told))


def pixels(path: Path) -> Any:
    """A picture file as RGB numbers, 0 to 255."""
    return np.asarray(Image.open(path).convert("RGB")).astype(float)


def lab(path: Path) -> Any:
    """A picture file in CIE Lab, where distances are what people see."""
    part = pixels(path) / 255
    linear = np.where(part > 0.04045, ((part + 0.055) / 1.055) ** 2.4, part / 12.92)
    x, y, z = np.moveaxis(linear @ np.array(TO_XYZ).T / WHITE, -1, 0)
    fx, fy, fz = (
        np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 4 / 29) for t in (x, y, z)
    )
    return np.stack([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)], axis=-1)
