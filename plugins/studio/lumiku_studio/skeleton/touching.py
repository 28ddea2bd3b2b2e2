"""Hands brought to what they touch: out of the body, onto it, and onto one another."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Hand
from lumiku_studio.arrays import Floats
from lumiku_studio.body.shape import Rest
from lumiku_studio.rotation import unit
from lumiku_studio.skeleton import closing, contact, meeting, resting
from lumiku_studio.skeleton.arms import SIDES, Draft
from lumiku_studio.skeleton.rig import skin_body

ROUNDS = 10
DRAWN = 8  # of them those in which hands may be drawn in, too
LAID_AGAIN = (0, 2, 4)  # those that turn palms along what is now below them
GIVING = 0.5  # of that, for fingers: they press
LIFTS = 4  # times that a hand is lifted whose fingers cannot bend out of the way
PRESSED = 0.002  # metres that a hand at rest keeps from bare skin: flesh gives way


@dataclass(frozen=True, slots=True)
class _Meant:
    """The sides whose hands mean to touch something."""

    lying: frozenset[str]
    """On the floor."""
    at_ease: frozenset[str]
    """On the body, with fingers that close on it."""
    shut: frozenset[str]
    """On the body, as they are."""
    pinching: frozenset[str]
    propped: frozenset[str]
    """At the head, over an elbow on the floor."""

    @property
    def at_rest(self) -> frozenset[str]:
        """On the body."""
        return self.at_ease | self.shut


def _meant(draft: Draft) -> _Meant:
    arms = {side: draft.arm(side) for side, _ in SIDES}
    resting_ = {side for side, arm in arms.items() if resting.rests(arm)}
    shut = {side for side in resting_ if arms[side].hand in resting.SHUT}
    return _Meant(
        lying=frozenset(side for side, arm in arms.items() if resting.on_floor(arm)),
        at_ease=frozenset(resting_ - shut),
        shut=frozenset(shut),
        pinching=frozenset(side for side in shut if arms[side].hand is Hand.PINCH),
        propped=frozenset(
            s for s in arms if contact.props(draft.pose.contact, arms[s])
        ),
    )


def touch(draft: Draft, ease: Floats) -> None:
    """Lead hands to where they touch; `ease` is what they keep from each vertex."""
    meant = _meant(draft)
    if meant.at_rest:
        ease = _pressed(ease)
    _lead(draft, meant, ease)
    meeting.meet(draft)
    for side in meant.lying:
        closing.close_on(draft, side, draft.fingers(side), _over_floor)
    _close(draft, meant.at_ease, ease)


def _lead(draft: Draft, meant: _Meant, ease: Floats) -> None:
    """Lead hands out of the body and onto what they touch."""
    for number in range(ROUNDS):
        if number in LAID_AGAIN:
            _lay(draft, meant.at_ease)
        points = skin_body(draft.placed())
        pushes = contact.hand_pushes(points, ease, meant.at_ease)
        found = contact.floor_pushes(points, meant.lying, meant.propped)
        for side, push in found.items():
            pushes[side] = pushes.get(side, 0) + push
        if number < DRAWN:
            free = meant.at_rest - pushes.keys()
            pushes |= resting.pulls(points, ease, free, meant.pinching)
        if not pushes and not (meant.at_ease and number < LAID_AGAIN[-1]):
            break
        _shift(draft, pushes)


def _close(draft: Draft, sides: frozenset[str], ease: Floats) -> None:
    """Lay fingers on the body; lift hands whose fingers cannot bend out of it."""
    for side in sides:
        closing.close(draft, side, ease)
    for _ in range(LIFTS if sides else 0):
        pushes = contact.hand_pushes(skin_body(draft.placed()), ease * GIVING)
        pushes = {side: push for side, push in pushes.items() if side in sides}
        if not pushes:
            break
        _shift(draft, pushes)
        for side in pushes:
            closing.close(draft, side, ease)


def _shift(draft: Draft, steps: Mapping[str, Floats]) -> None:
    for side, step in steps.items():
        draft.wrists[side] = draft.wrists[side] + step
        draft.lead(side)


def _over_floor(points: Floats) -> Floats:
    return points[:, 1] - contact.HAND_EASE


def _pressed(ease: Floats) -> Floats:
    """What hands at rest keep: less from bare skin, next to nothing from a hand."""
    out = np.where(ease <= contact.EASE, PRESSED, ease)
    out[resting.both()] = 0.0
    return out


def _lay(draft: Draft, sides: frozenset[str]) -> None:
    """Turn hands at rest so that their palms lie along what is below them."""
    placed = draft.placed()
    points = skin_body(placed)
    for side, sign in SIDES:
        if side not in sides:
            continue
        palm = placed.turn(f"wrist.{side}") @ _palm(draft.rest, side, sign)
        ground = resting.ground(points, side, palm)
        if ground is not None:
            draft.grounds[side] = ground
            draft.lead(side)


def _palm(rest: Rest, side: str, sign: float) -> Floats:
    """The way that a palm faces at rest."""
    wrist, index, little = (
        rest.head(f"{bone}.{side}") for bone in ("wrist", "finger2-1", "finger5-1")
    )
    out: Floats = unit(np.cross((index + little) / 2 - wrist, index - little)) * sign
    return out
