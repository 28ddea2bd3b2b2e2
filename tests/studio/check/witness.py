"""The witness: networks that were trained on photographs, and know nothing of us.

It takes files and says where a person's joints are, and which pixels are the person's.
Nothing here imports what draws.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from lumiku_studio.photo import people as reading
from lumiku_studio.photo import weights

LANDMARKS: Final = {
    "nose": (0, 0), "right-eye": (14, 5), "left-eye": (15, 2), "right-ear": (16, 8),
    "left-ear": (17, 7), "right-shoulder": (2, 12), "left-shoulder": (5, 11),
    "right-elbow": (3, 14), "left-elbow": (6, 13), "right-wrist": (4, 16),
    "left-wrist": (7, 15), "right-hip": (8, 24), "left-hip": (11, 23),
    "right-knee": (9, 26), "left-knee": (12, 25), "right-ankle": (10, 28),
    "left-ankle": (13, 27),
}  # fmt: skip
"""Each joint's number among COCO's eighteen, and among the witness's thirty-three."""
COCO: Final = np.array([coco for coco, _ in LANDMARKS.values()])
MARKS: Final = np.array([mark for _, mark in LANDMARKS.values()])
SIDE: Final = 256


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One person, as the witness sees them."""

    joints: Any
    """17 x 2 in pixels, in the order of `LANDMARKS`."""
    sure: Any
    """17, from 0 to 1."""


def look(path: Path) -> Seen | None:
    """The largest person in a picture file, or None where there is nobody."""
    kept = path.with_name(f"seen-{_eyes()}.npy")
    if kept.is_file():
        found = np.load(kept)
        return Seen(found[:, :2], found[:, 2]) if len(found) else None
    seen = look_at(Image.open(path).convert("RGB"))
    rows = np.zeros((0, 3))
    if seen is not None:
        rows = np.concatenate([seen.joints, seen.sure[:, None]], axis=1)
    np.save(kept, rows)
    return seen


def look_at(picture: Image.Image) -> Seen | None:
    """As `look`, for a picture at hand."""
    found = reading.people(picture)
    if not found:
        return None
    return Seen(found[0].points[MARKS], found[0].visible[MARKS])


def silhouette(path: Path, box: tuple[int, int, int, int]) -> Any:
    """Which pixels the witness takes for a person, looking at a square about a box."""
    picture = Image.open(path).convert("RGB")
    left, top, right, bottom = box
    side = round(1.15 * max(right - left, bottom - top))
    corner = (round((left + right - side) / 2), round((top + bottom - side) / 2))
    pixels = np.pad(np.asarray(picture), ((side, side), (side, side), (0, 0)), "edge")
    x, y = corner[0] + side, corner[1] + side
    square = Image.fromarray(pixels[y : y + side, x : x + side])
    small = square.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    network = weights.network("selfie_segmentation.tflite")
    (mask,) = network(np.asarray(small) / 255.0).values()
    cover = Image.fromarray(mask[..., 0].astype(np.float32))
    large = np.asarray(cover.resize((side, side), Image.Resampling.BICUBIC))
    whole = np.zeros(pixels.shape[:2], np.float32)
    whole[y : y + side, x : x + side] = large
    return whole[side : side + picture.height, side : side + picture.width] > 0.5


@cache
def _eyes() -> str:
    """A digest of the witness itself."""
    code = Path(reading.__file__).read_bytes() + Path(__file__).read_bytes()
    return sha256(code + str(weights.WEIGHTS).encode()).hexdigest()[:12]
