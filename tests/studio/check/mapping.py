"""Check 3: control maps agree with the picture and with each other."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from tests.studio.check.drawn import Drawn
from tests.studio.check.subjects import Subject
from tests.studio.check.verdict import Verdict, at_least, at_most
from tests.studio.check.witness import silhouette

from lumiku_contracts.images import MapKind

MAPS = "3 maps"
OPENPOSE: Final = (
    (255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0),
    (85, 255, 0), (0, 255, 0), (0, 255, 85), (0, 255, 170), (0, 255, 255),
    (0, 170, 255), (0, 85, 255), (0, 0, 255), (85, 0, 255), (170, 0, 255),
    (255, 0, 255), (255, 0, 170), (255, 0, 85),
)  # fmt: skip
"""The colours of joints that OpenPose's models were trained on, nose to left ear."""
LEGEND: Final = {
    "skin": (230, 180, 150), "hair": (90, 50, 20), "top": (200, 180, 60),
    "bottom": (60, 60, 200), "shoes": (200, 60, 60), "headwear": (150, 60, 150),
}  # fmt: skip
"""Colours of the segmentation map, for what belongs to a person."""
THING: Final = (60, 180, 60)
EYES: Final = (255, 255, 255)
THINGS: Final = 0.03
"""Of what is seen: with more furniture or boxes it is no outline of a person."""
WHOLE: Final = 0.75
"""Of the largest disc: a smaller one is covered in part by the next."""
OFF, OVERLAP, PARSED = 2.0, 0.90, 0.6
TRUNK: Final = (2, 5, 11, 8)
WRISTS: Final = ((4, 3), (7, 6))
CLOSE: Final = 0.10
"""Metres below what is seen: a wrist that is not hidden."""
Pair = tuple[Subject, Drawn]


def parsed(openpose: Any) -> dict[int, Any]:
    """Where each joint is drawn, by its colour; what others cover is left out."""
    found = {}
    for joint, colour in enumerate(OPENPOSE):
        rows, columns = np.nonzero((openpose[..., :3] == colour).all(axis=2))
        if len(rows):
            place = np.array([columns.mean() + 0.5, rows.mean() + 0.5])
            found[joint] = (len(rows), place)
    most = max((size for size, _ in found.values()), default=0)
    return {j: place for j, (size, place) in found.items() if size >= WHOLE * most}


def judge_maps(pairs: Sequence[Pair]) -> Iterator[Verdict]:
    """Joints by colour, silhouettes, and what is in front of what."""
    worst, drawn_joints, read = 0.0, 0, 0
    for _, drawn in pairs:
        places = parsed(drawn.map(MapKind.OPENPOSE))
        for joint, place in places.items():
            worst = max(worst, float(np.linalg.norm(place - drawn.joints[joint])))
        read += len(places)
        drawn_joints += int(drawn.visible.sum())
    share = read / drawn_joints
    what = "joints read from the OpenPose maps by colour"
    yield at_least(MAPS, f"{what}, share", share, PARSED)
    yield at_most(MAPS, f"{what}, farthest off in pixels", worst, OFF, digits=2)
    yield from _silhouettes(pairs)
    yield from _order(pairs)


def person(drawn: Drawn) -> Any:
    """Which pixels the maps say are the person, without what they hold or sit on."""
    segments = drawn.map(MapKind.SEGMENTATION)[..., :3]
    colours = (*LEGEND.values(), EYES)
    return np.any([(segments == colour).all(axis=2) for colour in colours], axis=0)


def box_of(mask: Any) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is true."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def overlap(one: Any, other: Any) -> float:
    """Intersection over union of two masks."""
    return float((one & other).sum() / max((one | other).sum(), 1))


def _silhouettes(pairs: Sequence[Pair]) -> Iterator[Verdict]:
    shares = []
    for subject, drawn in pairs:
        mine = drawn.map(MapKind.ALPHA) > 127
        body = person(drawn)
        if (mine & ~body).sum() > THINGS * mine.sum():
            continue
        shares.append((overlap(mine, silhouette(drawn.picture, box_of(mine))), subject))
    mean = float(np.mean([share for share, _ in shares]))
    low, which = min(shares, key=lambda one: one[0])
    what = f"alpha and the witness's silhouette, IoU of {len(shares)}"
    yield at_least(MAPS, f"{what}, mean", mean, OVERLAP, f"least: {which}: {low:.3f}")
    mirrored = [
        overlap(d.map(MapKind.ALPHA)[:, ::-1] > 127, d.map(MapKind.ALPHA) > 127)
        for _, d in pairs
    ]
    what = "control: alpha and its mirror image, IoU"
    yield at_most(MAPS, f"{what}, mean", float(np.mean(mirrored)), OVERLAP)


def _order(pairs: Sequence[Pair]) -> Iterator[Verdict]:
    """Hands before the trunk are brighter in the depth map than the trunk."""
    right, wrong = 0, []
    for subject, drawn in pairs:
        for wrist, elbow in WRISTS:
            nearer = _nearer(drawn, wrist, elbow)
            if nearer is not None:
                right += nearer
                wrong += [] if nearer else [str(subject)]
    what = f"hands before the trunk that are nearer by depth, of {right + len(wrong)}"
    share = right / max(right + len(wrong), 1)
    yield at_least(MAPS, what, share, 1.0, *wrong)


def _nearer(drawn: Drawn, wrist: int, elbow: int) -> bool | None:
    """Whether a wrist is nearer than the trunk; None if it is not before it."""
    place, trunk = drawn.joints[wrist], drawn.joints[list(TRUNK)]
    if not drawn.visible[wrist] or not drawn.behind[wrist] < CLOSE:
        return None
    tall, wide = drawn.map(MapKind.DEPTH).shape[:2]
    y, x = np.mgrid[:tall, :wide] + 0.5
    inside = _within(trunk, x, y)
    row, column = int(place[1]), int(place[0])
    if not inside[row, column]:
        return None
    depth = drawn.map(MapKind.DEPTH).astype(float)
    forearm = _from_line(drawn.joints[elbow], place, x, y) < 0.035 * tall
    cloth = (drawn.map(MapKind.SEGMENTATION)[..., :3] == LEGEND["top"]).all(axis=2)
    bare = inside & cloth & ~forearm
    if bare.sum() < 30:
        return None
    here = depth[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
    return bool(np.median(here) > np.median(depth[bare]))


def _within(corners: Any, x: Any, y: Any) -> Any:
    """Which pixels a convex outline holds."""
    sides = []
    for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        sides.append((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) > 0)
    return np.all(sides, axis=0) | ~np.any(sides, axis=0)


def _from_line(a: Any, b: Any, x: Any, y: Any) -> Any:
    """How far pixels are from the line between two points."""
    along = b - a
    share = ((x - a[0]) * along[0] + (y - a[1]) * along[1]) / max(along @ along, 1e-9)
    share = np.clip(share, 0, 1)
    return np.hypot(x - a[0] - share * along[0], y - a[1] - share * along[1])
