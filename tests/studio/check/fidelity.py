"""Checks 1 and 2: the witness finds the joints where the pose has them, and the pose.

The share of correct points alone is lenient, since legs are alike in many poses; so the
joints found have to bring back their own pose from among the whole library.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from PIL import Image
from tests.studio.check.drawn import SIZE, Drawn
from tests.studio.check.shelf import Shelf
from tests.studio.check.subjects import MOST_EXCEPTIONS, Subject, exceptions
from tests.studio.check.verdict import Verdict, at_least, at_most, holds, told
from tests.studio.check.witness import COCO, LANDMARKS, Seen, look, look_at

POSE, RETRIEVAL = "1 fidelity", "2 retrieval"
NEAR: Final = 0.1
"""Of the longer side of the joints' box: a joint found so near counts as correct."""
MEAN, EACH, FOUND, BY_CHANCE = 0.97, 0.90, 0.90, 0.10
AMONG: Final = 3
SHUFFLES: Final = 20
DEEP: Final = {"hip": 0.22, "shoulder": 0.16, "elbow": 0.11, "wrist": 0.10,
               "knee": 0.14, "ankle": 0.11}  # fmt: skip
"""Metres that a joint is below clothes at most; behind more it is hidden."""
FACE_DEEP: Final = 0.07
SURE: Final = 0.5
SLACK: Final = np.array(
    [DEEP.get(name.rpartition("-")[2], FACE_DEEP) for name in LANDMARKS]
)
Pair = tuple[Subject, Drawn]


def open_joints(drawn: Drawn) -> Any:
    """Which of the witness's joints nothing hides in a picture."""
    return drawn.visible[COCO] & ~(drawn.behind[COCO] > SLACK)


def correct(seen: Seen | None, drawn: Drawn) -> float:
    """The share of the unhidden joints that were found near where they are."""
    if seen is None:
        return 0.0
    return float((errors(seen, drawn) <= NEAR).mean())


def errors(seen: Seen, drawn: Drawn) -> Any:
    """How far off each unhidden joint is, in longer sides of the joints' box."""
    inside = drawn.joints[drawn.visible]
    longest = float(np.ptp(inside, axis=0).max())
    off = np.linalg.norm(seen.joints - drawn.joints[COCO], axis=1) / longest
    return off[open_joints(drawn)]


def judge_poses(pairs: Sequence[Pair]) -> Iterator[Verdict]:
    """Check 1, and what must fail it."""
    shares = {subject: correct(look(d.picture), d) for subject, d in pairs}
    listed = exceptions()
    kept = [share for one, share in shares.items() if one.pose not in listed]
    low = {one: share for one, share in shares.items() if share < EACH}
    poses = {one.pose for one in shares}
    yield told(POSE, "pictures judged", f"{len(pairs)} of {len(poses)} poses")
    everywhere = float(np.mean(list(shares.values())))
    yield at_least(POSE, "mean PCK@0.1 of all pictures", everywhere, MEAN)
    yield at_least(POSE, "mean PCK@0.1 without exceptions", float(np.mean(kept)), MEAN)
    unexpected = [f"{o}: {s:.2f}" for o, s in low.items() if o.pose not in listed]
    what = f"pictures below {EACH:.2f} that are no exceptions"
    yield holds(POSE, what, str(len(unexpected)), "0", *unexpected)
    named = poses & set(listed)
    share = len(named) / len(poses)
    notes = [f"{name}: {listed[name]}" for name in sorted(named)]
    yield at_most(POSE, "listed exceptions", share, MOST_EXCEPTIONS, *notes)
    yield told(POSE, "mean error, of the joints' box", f"{_mean_error(pairs):.4f}")


def _mean_error(pairs: Sequence[Pair]) -> float:
    found = [(look(d.picture), d) for _, d in pairs]
    rows = [errors(seen, d) for seen, d in found if seen is not None]
    return float(np.concatenate(rows).mean())


def judge_wrong_pictures(pairs: Sequence[Pair]) -> Iterator[Verdict]:
    """Controls: another pose's picture, an empty one and noise fail check 1."""
    other = [*pairs[len(pairs) // 3 :], *pairs[: len(pairs) // 3]]
    wrong = [
        correct(look(theirs.picture), mine)
        for (subject, mine), (them, theirs) in zip(pairs, other, strict=True)
        if subject.pose != them.pose
    ]
    what = "control: mean PCK@0.1 of another pose's picture"
    yield at_most(POSE, what, float(np.mean(wrong)), EACH - 0.05)
    noise = np.random.default_rng(1).integers(0, 255, (*SIZE[::-1], 3), np.uint8)
    empty = Image.new("RGB", SIZE, "#dbdbe0")
    for name, image in (("empty", empty), ("noise", Image.fromarray(noise))):
        found = correct(look_at(image), pairs[0][1])
        yield at_most(POSE, f"control: PCK@0.1 of a picture of {name}", found, 0.5)


def judge_retrieval(pairs: Sequence[Pair], shelf: Shelf) -> Iterator[Verdict]:
    """Check 2, and the same with the labels shuffled."""
    ranks, others = [], []
    chance = np.random.default_rng(2)
    for subject, drawn in pairs:
        order = shelf.ranked(look(drawn.picture), subject.camera, SURE)
        place = {name: n for n, name in enumerate(order)}
        ranks.append((subject, place.get(subject.pose, len(shelf.names))))
        wrong = [n for n in shelf.names if n != subject.pose]
        labels = chance.choice(wrong, SHUFFLES)
        others += [place.get(str(name), len(shelf.names)) < AMONG for name in labels]
    missed = [f"{one}: {place + 1}." for one, place in ranks if place >= AMONG]
    found = 1 - len(missed) / len(ranks)
    among = f"first {AMONG} of {len(shelf.names)}"
    yield at_least(RETRIEVAL, f"own pose among the {among}", found, FOUND, *missed)
    first = float(np.mean([place == 0 for _, place in ranks]))
    yield told(RETRIEVAL, "own pose first", f"{first:.3f}")
    rate = float(np.mean(others))
    yield at_most(RETRIEVAL, "control: shuffled labels", rate, BY_CHANCE)
