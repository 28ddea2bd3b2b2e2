"""What bears a person in a photograph: feet, a seat, the floor, knees, hands.

Heights are in lengths of a leg over the lowest part of the person.
"""

from dataclasses import dataclass

from lumiku_contracts.pose import Contact
from lumiku_studio.photo.frame import SIDES, Frame

ON_FLOOR, LOWEST, LOW, DEEP, KNEELS = 0.38, 0.32, 0.45, 0.62, 0.8
"""Heights of hips: on the floor, of the deepest squat, of who may lie on the floor, of
a deep squat, and of who kneels upright."""
UPRIGHT, STOOPED, LYING = 0.75, 0.7, 0.6
"""How much of the trunk's direction is upwards."""
FACING = 0.5
"""How much of the front's direction is up, or down."""
ASIDE = 0.7
BEHIND = 0.4
"""How much of a thigh's direction is to the back."""
SHIN_BACK, SHIN_FLAT, KNEE_LOW, KNEE_HIGH = 0.65, 0.5, 0.35, 0.4
HANDS_LOW, STRAIGHT, RAISED = 0.2, 50.0, 0.32
"""Height of a hand on the floor; degrees of an elbow that bears; hips of a plank."""
SITS, SITS_LOWER, BENT = 0.62, 0.8, 25.0
"""How much of seated thighs' direction is down at most, of both and of the lower one;
degrees of their knees."""
FOLDED, LEANS, BALANCED = 105.0, 0.35, 90.0
"""Degrees of the knees of a deep squat; how much the front of another squat looks down,
and its knees."""
SPREAD, SPREAD_FRONT = 0.65, 0.6
PLANTED, FAR = 0.18, 0.45
"""Height over the lower foot of one that stands; how far apart who strides steps."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """What bears the body; the sides are `L` and `R`."""

    contact: Contact
    planted: frozenset[str]
    laid: frozenset[str] = frozenset()
    hands: frozenset[str] = frozenset()
    """That the body leans on."""


def borne(frame: Frame) -> Bearing:
    """Say what bears somebody, from where their joints are."""
    hands = frozenset(s for s, _ in SIDES if frame.height(f"wrist{s}") < HANDS_LOW)
    if _is_down(frame):
        return _down(frame, hands)
    kneeling = frozenset(s for s, _ in SIDES if _kneels(frame, s))
    feet = _feet(frame)
    squats = _sits(frame) and _squats(frame)
    on_floor = _hips(frame) < (LOWEST if squats else ON_FLOOR)
    if len(kneeling) > on_floor and _hips(frame) < KNEELS:
        return Bearing(Contact.KNEELING, feet - kneeling)
    if on_floor:
        up = _raised(frame)
        return Bearing(Contact.FLOOR, up, laid=frozenset("LR") - up)
    if _sits(frame):
        return Bearing(Contact.CROUCHING if squats else Contact.SEATED, feet)
    if frame.up[1] < STOOPED:
        return Bearing(Contact.CROUCHING, feet)
    apart = frame.joint["ankleL"] - frame.joint["ankleR"]
    strides = abs(float(apart[2])) > FAR * frame.leg
    return Bearing(Contact.STRIDING if strides else Contact.STANDING, feet)


def _hips(frame: Frame) -> float:
    return min(frame.height(f"hip{side}") for side, _ in SIDES)


def _mean(frame: Frame, part: tuple[str, str], axis: int) -> float:
    """Of both sides' directions from one joint to another, along an axis."""
    start, end = part
    both = (frame.between(f"{start}{s}", f"{end}{s}")[axis] for s, _ in SIDES)
    return float(sum(both)) / 2


def _is_down(frame: Frame) -> bool:
    """Whether the trunk lies, or hands bear it."""
    up, front = float(frame.up[1]), float(frame.front[1])
    trailing = _mean(frame, ("hip", "knee"), 2) < -BEHIND
    prone = up < UPRIGHT and front < -FACING and trailing
    low = _hips(frame) < LOW
    supine = up < UPRIGHT and front > FACING and low
    aside = up < LYING and abs(float(frame.left[1])) > ASIDE and low
    return prone or supine or aside


def _down(frame: Frame, hands: frozenset[str]) -> Bearing:
    """Lying, or braced on the hands."""
    bent = [frame.bend(f"shoulder{s}", f"elbow{s}", f"wrist{s}") for s in hands]
    high = _hips(frame) > RAISED
    prone = frame.front[1] < -FACING
    if prone and hands and (high or min(bent) < STRAIGHT):
        return Bearing(Contact.BRACED, frozenset(), hands=hands)
    feet = _raised(frame) if frame.front[1] > FACING else frozenset()
    return Bearing(Contact.LYING, feet, hands=hands if prone else frozenset())


def _kneels(frame: Frame, side: str) -> bool:
    shin = frame.between(f"knee{side}", f"ankle{side}")
    flat = float(shin[2]) < -SHIN_BACK and abs(float(shin[1])) < SHIN_FLAT
    flat = flat and float(frame.between(f"hip{side}", f"knee{side}")[2]) > -BEHIND
    return flat and frame.height(f"knee{side}") < KNEE_LOW


def _raised(frame: Frame) -> frozenset[str]:
    """Legs whose foot stands on the floor, the knee well over it."""
    return frozenset(
        side
        for side, _ in SIDES
        if frame.height(f"knee{side}") > KNEE_HIGH
        and frame.height(f"ankle{side}") < PLANTED
    )


def _feet(frame: Frame) -> frozenset[str]:
    """Feet that are about as low as the lower one."""
    heights = {side: frame.height(f"ankle{side}") for side, _ in SIDES}
    low = min(heights.values())
    return frozenset(s for s, height in heights.items() if height - low < PLANTED)


def _sits(frame: Frame) -> bool:
    thighs = [float(frame.between(f"hip{s}", f"knee{s}")[1]) for s, _ in SIDES]
    knees = [frame.bend(f"hip{s}", f"knee{s}", f"ankle{s}") for s, _ in SIDES]
    low = sum(thighs) / 2 > -SITS and min(thighs) > -SITS_LOWER
    return low and min(knees) > BENT


def _squats(frame: Frame) -> bool:
    """Whether the feet bear who is as low as on a seat."""
    knees = [frame.bend(f"hip{s}", f"knee{s}", f"ankle{s}") for s, _ in SIDES]
    thigh = ("hip", "knee")
    left, right = (frame.between(f"hip{s}", f"knee{s}")[0] for s, _ in SIDES)
    astride = (left - right) / 2 > SPREAD and _mean(frame, thigh, 2) < SPREAD_FRONT
    folded = sum(knees) / 2 > FOLDED and _hips(frame) < DEEP
    leans = frame.front[1] < -LEANS and sum(knees) / 2 > BALANCED
    return bool(astride or folded or leans)
