"""Check 10: people are cut out of busy pictures, beside the cover the rays know."""

from collections.abc import Iterator
from itertools import islice
from math import lcm
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image
from tests.studio.check.drawn import drawn
from tests.studio.check.mapping import overlap
from tests.studio.check.subjects import Subject
from tests.studio.check.verdict import Verdict, at_least, at_most

from lumiku_contracts.images import MapKind, Quality
from lumiku_contracts.scene import Backdrop, BackdropKind, Scene, SetKind
from lumiku_studio.matte import cut_out

MATTE = "10 matte"
SIZE: Final = (480, 640)
OVERLAP, EDGE = 0.97, 0.08
BAND: Final = 64
"""Of the longer side: how wide the band about the edge is."""
BUSY: Final = (
    SetKind.SHOP, SetKind.CAFE, SetKind.STREET, SetKind.LIVING_ROOM,
    SetKind.OFFICE, SetKind.GARDEN, SetKind.MOSQUE, SetKind.BEACH,
)  # fmt: skip
POSES: Final = ("waving", "hands-on-hips", "standing-relaxed", "walking")
PEOPLE: Final = ("maya", "joko", "naomi")


def busy() -> Iterator[tuple[str, Scene]]:
    """Each person in each pose before some places, and each place with several."""
    for n in range(lcm(len(POSES), len(PEOPLE), len(BUSY))):
        subject = Subject(POSES[n % len(POSES)], PEOPLE[n % len(PEOPLE)])
        place = BUSY[n % len(BUSY)]
        backdrop = Backdrop(kind=BackdropKind.SET, set=place)
        scene = subject.scene.model_copy(update={"backdrop": backdrop})
        yield f"{subject} before {place.value}", scene


def judge_matte(count: int) -> Iterator[Verdict]:
    """The first `count` of the busy pictures."""
    shares, edges = [], []
    for name, scene in islice(busy(), count):
        made = drawn(scene, SIZE, Quality.STANDARD)
        exact = made.map(MapKind.ALPHA) / 255
        cut = cut_out(Image.open(made.picture).convert("RGB"))
        shares.append((overlap(cut > 0.5, exact > 0.5), name))
        band = _band(exact)
        edges.append(float(np.abs(cut - exact)[band].mean()))
    mean = float(np.mean([share for share, _ in shares]))
    low = [f"{name}: {share:.3f}" for share, name in shares if share < OVERLAP]
    what = f"people cut out of {len(shares)} busy pictures, IoU, mean"
    yield at_least(MATTE, what, mean, OVERLAP, *low)
    edge = float(np.mean(edges))
    yield at_most(MATTE, "error of the cover about the edge, mean", edge, EDGE)
    box = exact.copy()
    rows, columns = np.nonzero(exact > 0.5)
    box[rows.min() : rows.max(), columns.min() : columns.max()] = 1
    what = "control: the box about a person, IoU"
    yield at_most(MATTE, what, overlap(box > 0.5, exact > 0.5), OVERLAP)


def _band(exact: Any) -> Any:
    """Pixels near the person's edge."""
    reach = max(3, max(exact.shape) // BAND) | 1
    kernel = np.ones((reach, reach), np.uint8)
    inside = (exact > 0.5).astype(np.uint8)
    return cv2.dilate(inside, kernel) != cv2.erode(inside, kernel)
