"""Checks 4, 5 and 6: poses differ, can be believed, and people stay who they are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any, Final

import numpy as np
from PIL import Image
from tests.studio.check.drawn import Drawn, lab
from tests.studio.check.mapping import LEGEND
from tests.studio.check.shelf import Shelf
from tests.studio.check.subjects import PEOPLE, Subject
from tests.studio.check.verdict import Verdict, at_least, at_most, holds

from lumiku_contracts.images import MapKind
from lumiku_contracts.pose import Arm, Pose
from lumiku_pose_generator.categories import categories
from lumiku_pose_generator.library import count, library
from lumiku_studio.skeleton.distinct import distances
from lumiku_studio.skeleton.gates import refusals

DISTINCT, PHYSICS, IDENTITY = "4 distinctness", "5 physics", "6 identity"
APART, ALIKE = 0.03, 0.97
POSES, CATEGORIES, LEAST_IN_ONE = 150, 33, 3
SMALL: Final = (96, 128)
LAB, STEADY = 6.0, 0.90
ENOUGH: Final = 120
"""Pixels of a segment from which its colour is judged."""
LIMBS: Final = ((2, 3), (3, 4), (5, 6), (6, 7), (8, 9), (9, 10), (11, 12), (12, 13))
STRETCH: Final = 0.01
EARS: Final = (16, 17)
ARMS: Final = ((2, 3), (3, 4), (5, 6), (6, 7))
HEAD: Final = 0.11
"""Metres: half a head and half an arm."""
Pair = tuple[Subject, Drawn]


def judge_distinctness(pairs: Sequence[Pair], shelf: Shelf) -> Iterator[Verdict]:
    """Poses are apart in joints and in outline, and there are enough of them."""
    apart = distances(shelf.spreads)
    one, other = np.unravel_index(apart.argmin(), apart.shape)
    closest = f"closest: {shelf.names[one]} and {shelf.names[other]}"
    what = f"body heights between the closest of {len(shelf.names)} poses"
    yield at_least(DISTINCT, what, float(apart.min()), APART, closest)
    yield _outlines(pairs)
    empty = [one.id for one in categories() if count(one.id) < LEAST_IN_ONE]
    yield at_least(DISTINCT, "poses", len(library()), POSES, digits=0)
    figure = f"{len(categories())}, {len(empty)} with less than {LEAST_IN_ONE} poses"
    wrong = empty if len(categories()) == CATEGORIES else [*empty, "their number"]
    yield holds(DISTINCT, "categories", figure, f"{CATEGORIES}, 0", *wrong)


def _outlines(pairs: Sequence[Pair]) -> Verdict:
    groups: dict[tuple[str, bool], list[Pair]] = defaultdict(list)
    for subject, drawn in pairs:
        groups[subject.person, subject.turned].append((subject, drawn))
    most, found = (0.0, ""), []
    for group in groups.values():
        masks = np.array([_outline(drawn) for _, drawn in group], np.float32)
        both = masks @ masks.T
        area = np.diag(both)
        share = both / np.maximum(area[:, None] + area[None] - both, 1)
        np.fill_diagonal(share, 0)
        a, b = np.unravel_index(share.argmax(), share.shape)
        most = max(most, (float(share[a, b]), f"{group[a][0]} and {group[b][0].pose}"))
        for a, b in zip(*np.nonzero(np.triu(share) >= ALIKE), strict=True):
            found.append(f"{group[a][0]} and {group[b][0].pose}: {share[a, b]:.3f}")
    what = "most overlap of two poses' outlines, IoU"
    return holds(DISTINCT, what, f"{most[0]:.3f} ({most[1]})", f"< {ALIKE}", *found)


def _outline(drawn: Drawn) -> Any:
    alpha = Image.fromarray(drawn.map(MapKind.ALPHA))
    return (np.asarray(alpha.resize(SMALL, Image.Resampling.BOX)) > 127).ravel()


def judge_physics(poses: Sequence[str], shelf: Shelf) -> Iterator[Verdict]:
    """The library's gates, with two poses they must refuse; and no arm in a head."""
    refused = refusals({name: library()[name].pose for name in poses})
    what = f"poses that the gates refuse, of {len(poses)} on two bodies"
    line = "0: contact, penetration, limits, balance"
    yield holds(PHYSICS, what, str(len(refused)), line, *refused)
    broken = Pose(left_arm=Arm(elbow=170))
    caught = len(refusals({"broken": broken, "sunk": Pose(left_arm=Arm(away=-45))}))
    what = "control: refusals of two broken poses"
    yield at_least(PHYSICS, what, caught, 2, digits=0)
    near = _from_heads(shelf)
    inside = [f"{name}: {metres:.3f}" for name, metres in near.items() if metres < HEAD]
    what = f"metres from arms' bones to the middle of the head, of {len(near)} poses"
    yield at_least(PHYSICS, what, min(near.values()), HEAD, *inside)


def _from_heads(shelf: Shelf) -> dict[str, float]:
    """How near the arms of each pose come to the middle between the ears."""
    head = shelf.joints[:, list(EARS)].mean(axis=1)
    nearest = np.full(len(head), np.inf)
    for a, b in ARMS:
        start, along = shelf.joints[:, a], shelf.joints[:, b] - shelf.joints[:, a]
        share = ((head - start) * along).sum(axis=1) / (along**2).sum(axis=1)
        place = start + np.clip(share, 0, 1)[:, None] * along
        nearest = np.minimum(nearest, np.linalg.norm(head - place, axis=1))
    return dict(zip(shelf.names, nearest.tolist(), strict=True))


def colours(drawn: Drawn) -> dict[str, Any]:
    """The median colour (CIE Lab) of each segment that can be seen well."""
    seen = lab(drawn.picture)
    segments = drawn.map(MapKind.SEGMENTATION)[..., :3]
    found = {}
    for name, colour in LEGEND.items():
        inside = (segments == colour).all(axis=2)
        if inside.sum() >= ENOUGH:
            found[name] = np.median(seen[inside], axis=0)
    return found


def judge_identity(pairs: Sequence[Pair], shelf: Shelf) -> Iterator[Verdict]:
    """Colours and lengths belong to the person, not to the pose."""
    people = {who: [(s, d) for s, d in pairs if s.person == who] for who in PEOPLE}
    middles: dict[str, dict[str, Any]] = {}
    kept: dict[str, list[dict[str, Any]]] = {}
    for who, own in people.items():
        found = [(subject, colours(drawn)) for subject, drawn in own]
        names = {name for _, seen in found for name in seen}
        middles[who] = {
            name: np.median([seen[name] for _, seen in found if name in seen], axis=0)
            for name in sorted(names)
        }
        kept[who] = [seen for _, seen in found]
        what = f"{who}: segments within {LAB:g} Lab of their median, share"
        yield at_least(IDENTITY, what, _within(kept[who], middles[who]), STEADY)
    for one, other in permutations(PEOPLE, 2):
        what = f"control: {one}'s segments within {LAB:g} Lab of {other}'s, share"
        share = _within(kept[one], middles[other])
        yield at_most(IDENTITY, what, share, STEADY - 0.4)
    a, b = np.array(LIMBS).T
    lengths = np.linalg.norm(shelf.joints[:, a] - shelf.joints[:, b], axis=2)
    stretch = float((np.ptp(lengths, axis=0) / lengths.mean(axis=0)).max())
    yield at_most(IDENTITY, "limbs stretched by a pose, share", stretch, STRETCH)


def _within(seen: list[dict[str, Any]], middle: dict[str, Any]) -> float:
    """The share of segments whose colour is near a person's own."""
    off = [
        np.linalg.norm(colour - middle[name])
        for colours_of_one in seen
        for name, colour in colours_of_one.items()
        if name in middle
    ]
    return float((np.array(off) < LAB).mean())
