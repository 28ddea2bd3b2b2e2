"""What a sentence asks to be other than in the pose it begins from.

Rules are patterns over concepts, so that one serves both languages. Left and right are
the person's own.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from lumiku_contracts.pose import Arm, Pose
from lumiku_contracts.scene import Expression
from lumiku_contracts.sets import Camera, Framing, Held, Hold, Prop

HAND = (
    r"(?:(?P<side>left|right|both|one) (?:hand|arm)|(?:hand|arm) (?P<side2>left|right"
    r"|both|one)|(?P<pair>hands_together)|(?P<bare>hand|arm))"
)
PLACE = (
    r"(?P<place>hip|chin|cheek|ear|crown|nape|chest|heart|belly|knee|thigh|shoulder)"
)
THING = r"(?P<thing>box|bottle|phone|cup|bag|laptop|product|drink)"
GIVES = r"(?:hold|show)(?: (?!hand\b|,)\w+)?"
SIGN = r"(?P<sign>thumbsup|peace|ok|heartsign)"
PROPS: Mapping[str, Prop] = {
    "box": Prop.BOX,
    "product": Prop.BOX,
    "bottle": Prop.BOTTLE,
    "phone": Prop.PHONE,
    "cup": Prop.CUP,
    "drink": Prop.CUP,
    "bag": Prop.HANDBAG,
    "laptop": Prop.LAPTOP,
}
TWO_HANDED = frozenset({Prop.BOX, Prop.LAPTOP})
HANGING = frozenset({Prop.HANDBAG, Prop.SHOPPING_BAG})
PAIRED = frozenset({"hip", "knee", "thigh"})
"""Where both hands go when no one hand is named."""
RAISED = 60.0
"""Degrees of an arm's lift from which a hand counts as raised."""
LOOKS: Mapping[str, dict[str, float]] = {
    "left": {"turn": 38},
    "right": {"turn": -38},
    "up": {"nod": -18},
    "down": {"nod": 20},
    "away": {"turn": 30},
}
VIEWS: Mapping[str, dict[str, Any]] = {
    "full": {"framing": Framing.FULL},
    "half": {"framing": Framing.HALF},
    "closeup": {"framing": Framing.PORTRAIT},
    "threequarter": {"framing": Framing.THREE_QUARTER},
    "fromside": {"yaw": 85},
    "fromback": {"yaw": 165},
    "fromabove": {"pitch": 24},
    "frombelow": {"pitch": -10},
}
FACES = ("smile", "laugh", "serious", "surprised")
SIDES: Mapping[str, tuple[str, ...]] = {
    "left": ("left",),
    "right": ("right",),
    "both": ("left", "right"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A pose, its camera and face, and what has been done to them so far."""

    pose: Pose
    camera: Camera
    expression: Expression | None = None
    told: tuple[str, ...] = ()
    words: frozenset[int] = field(default_factory=frozenset)
    """Places in the sentence that have been heeded."""


Rule = Callable[[Change, re.Match[str]], tuple[Change, str] | None]


@cache
def goals() -> dict[str, Arm]:
    """Arms by what they do."""
    text = files(__package__).joinpath("goals.json").read_text("utf-8")
    return {name: Arm.model_validate(arm) for name, arm in json.loads(text).items()}


def edited(start: Change, concepts: list[str]) -> Change:
    """All that the concepts of a sentence ask for; `""` stands for idle words."""
    stream, places = "", []
    for place, concept in enumerate(concepts):
        if concept:
            places.append((len(stream), place))
            stream += concept + " "
    change = start
    for pattern, rule in RULES:
        for match in re.finditer(rf"(?<!\S){pattern}(?!\S)", stream):
            made = rule(change, match)
            if made is None:
                continue
            here = {place for at, place in places if match.start() <= at < match.end()}
            done, told = made
            change = Change(
                done.pose,
                done.camera,
                done.expression,
                (*change.told, *([] if told in change.told else [told])),
                change.words | here,
            )
    return change


def mirrored(pose: Pose) -> Pose:
    """The same pose with the sides exchanged."""
    flipped: dict[str, Any] = {
        "left_arm": pose.right_arm,
        "right_arm": pose.left_arm,
        "left_leg": pose.right_leg,
        "right_leg": pose.left_leg,
        "torso": _negated(pose.torso, "side", "twist"),
        "head": _negated(pose.head, "turn", "tilt"),
        "pelvis": _negated(pose.pelvis, "turn", "side"),
        "gaze": _negated(pose.gaze, "turn"),
        "props": tuple(map(_in_other_hand, pose.props)),
    }
    return pose.model_copy(update=flipped)


def _negated(part: Any, *names: str) -> Any:
    return part.model_copy(update={name: -getattr(part, name) for name in names})


def _in_other_hand(prop: Prop | Held) -> Prop | Held:
    other = {Hold.LEFT: Hold.RIGHT, Hold.RIGHT: Hold.LEFT}
    if isinstance(prop, Prop) or prop.hold not in other:
        return prop
    return prop.model_copy(update={"hold": other[prop.hold]})


def _with(change: Change, **parts: Any) -> Change:
    pose = change.pose.model_copy(update=parts)
    return Change(pose, change.camera, change.expression)


def _sides(match: re.Match[str], otherwise: str) -> str:
    found = match.groupdict()
    if found.get("pair"):
        return "both"
    side = found.get("side") or found.get("side2") or otherwise
    return "right" if side == "one" else side


def _named(match: re.Match[str]) -> bool:
    return bool(match["side"] or match["side2"])


def _arms(change: Change, side: str, goal: str) -> Change:
    return _with(change, **{f"{one}_arm": goals()[goal] for one in SIDES[side]})


def _hands(side: str) -> str:
    return "both hands" if side == "both" else f"the {side} hand"


def _done(change: Change, match: re.Match[str], does: Callable[[Arm], bool]) -> bool:
    """Whether the arms that are named, or any if none is, do so already."""
    sides = SIDES[_sides(match, "both")]
    there = [does(getattr(change.pose, f"{side}_arm")) for side in sides]
    return all(there) if match.groupdict().get("side") or len(sides) < 2 else any(there)


def _is_up(arm: Arm) -> bool:
    return max(arm.away, arm.forward) >= RAISED


def _place(change: Change, match: re.Match[str]) -> tuple[Change, str]:
    place = match["place"]
    side = _sides(match, "both" if place in PAIRED else "right")
    if _done(
        change, match, lambda arm: arm.reach is not None and arm.reach.to == place
    ):
        return change, f"a hand to the {place}"
    return _arms(change, side, place), f"{_hands(side)} to the {place}"


def _hold(change: Change, match: re.Match[str]) -> tuple[Change, str]:
    prop = PROPS[match["thing"]]
    if any(_prop(one) is prop for one in change.pose.props) and not _named(match):
        return change, f"holding a {prop}"
    side = _sides(match, "both" if prop in TWO_HANDED else "right")
    if side != "both" and prop in HANGING:
        goal = "hang"
    else:
        goal = "hold-both" if side == "both" else "hold"
    other = tuple(p for p in change.pose.props if _prop(p) not in PROPS.values())
    held = Held(prop=prop, hold=Hold(side))
    made = _with(_arms(change, side, goal), props=(*other, held))
    return made, f"{_hands(side)} {'hold' if side == 'both' else 'holds'} a {prop}"


def _prop(one: Prop | Held) -> Prop:
    return one if isinstance(one, Prop) else one.prop


def _look(change: Change, match: re.Match[str]) -> tuple[Change, str]:
    way, head = match["way"], change.pose.head
    if way == "camera":
        torso = change.pose.pelvis.turn + change.pose.torso.twist
        turn = min(max(change.camera.yaw - torso, -60.0), 60.0)
        to: dict[str, float] = {"turn": turn, "nod": 0}
    else:
        to = LOOKS[way]
    side = " (the person's own)" if way in {"left", "right"} else ""
    made = _with(change, head=head.model_copy(update=to))
    return made, f"the head turned {'to the camera' if way == 'camera' else way}{side}"


def _view(change: Change, match: re.Match[str]) -> tuple[Change, str]:
    camera = change.camera.model_copy(update=VIEWS[match["view"]])
    said = match["view"].replace("from", "from the ").replace("quarter", "-quarter")
    return Change(change.pose, camera, change.expression), f"the camera: {said}"


def _face(change: Change, match: re.Match[str]) -> tuple[Change, str] | None:
    if match["face"] not in {one.value for one in Expression}:
        return None
    face = Expression(match["face"])
    return Change(change.pose, change.camera, face), f"the face: {face.value}"


def _sign(change: Change, match: re.Match[str]) -> tuple[Change, str] | None:
    shape = goals()[match["sign"]].hand
    side = _sides(match, "right")
    if _done(change, match, lambda arm: arm.hand == shape):
        return change, f"a hand shows {shape.value}"
    return _arms(change, side, match["sign"]), f"{_hands(side)} shows {shape.value}"


def _raise(change: Change, match: re.Match[str]) -> tuple[Change, str]:
    side = _sides(match, "right")
    if _done(change, match, _is_up):
        return change, "a hand raised"
    return _arms(change, side, "raise"), f"{_hands(side)} raised"


def _aside(change: Change, match: re.Match[str]) -> tuple[Change, str] | None:
    """Point to the side that is named, if the pose points to the other."""
    points = {
        side: getattr(change.pose, f"{side}_arm").hand == "point"
        for side in ("left", "right")
    }
    if points["left"] == points["right"]:
        return None
    told = f"pointing {match['way']} (the person's own)"
    if points[match["way"]]:
        return change, told
    return _with(change, **dict(mirrored(change.pose))), told


RULES: tuple[tuple[str, Rule], ...] = (
    (r"point(?: hand)?(?: away)? (?P<way>left|right)(?! hand| arm)", _aside),
    (rf"(?:{HAND} )?(?:raise )?{SIGN}", _sign),
    (rf"{HAND} (?:raise )?(?:infront )?{PLACE}", _place),
    (rf"{HAND} raise", _raise),
    (rf"raise {HAND}", _raise),
    (rf"{GIVES} {THING}(?: infront)?(?: chest)?(?: camera)?(?: {HAND})?", _hold),
    (rf"{HAND} (?:hold|show) {THING}", _hold),
    (r"look (?:away )?(?P<way>left|right|up|down|camera|away)(?! hand| arm)", _look),
    (rf"(?P<view>{'|'.join(VIEWS)})", _view),
    (rf"(?P<face>{'|'.join(FACES)})", _face),
)
"""In the order they are tried; a later one may refine an earlier one's pose."""
