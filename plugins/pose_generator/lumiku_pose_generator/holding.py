"""Things come into the hands of poses: only where a hand is free for them."""

from typing import Final

from lumiku_contracts import Refused
from lumiku_contracts.pose import Anchor, Arm, Contact, Hand, Pose, Reach
from lumiku_contracts.sets import Held, Hold, Prop
from lumiku_pose_generator.library import library

STILL: Final = frozenset({Contact.STANDING, Contact.STRIDING, Contact.SEATED})
"""How somebody may be who is given a thing."""
RESTING: Final = frozenset(
    {Anchor.HIP, Anchor.THIGH, Anchor.LAP, Anchor.BELLY, Anchor.BACK}
)
AT_EASE: Final = frozenset({Hand.RELAXED, Hand.FLAT, Hand.OPEN})
MOST_SWING, MOST_AWAY, MOST_BENT = 45, 26, 45
"""Degrees within which an arm hangs."""
ALIKE: Final = (
    frozenset({Prop.BOTTLE, Prop.CUP, Prop.CARD}),
    frozenset({Prop.SHOPPING_BAG, Prop.HANDBAG}),
    frozenset({Prop.BOX, Prop.CARD}),
)
"""Things that one hold holds as well as the other."""
CARRYING: Final = Arm(forward=4, away=12, elbow=10, hand=Hand.GRIP)
SHOWING: Final = Arm(
    reach=Reach(
        to=Anchor.CHEST,
        offset=(0.15, 0.03, 0.27),
        elbow=(1, -1, -0.2),
        fingers=(-0.1, 1, 0.15),
        palm=(0.1, -0.15, 1),
    ),
    hand=Hand.FLAT,
)
"""The palm to the viewer, and on it a screen."""
LENT: Final = {
    Prop.BOX: "product-chest",
    Prop.BOTTLE: "product-towards-viewer",
    Prop.CUP: "coffee-break",
    Prop.CARD: "coffee-break",
}
"""The pose of the library whose arms show how a thing is held."""
BAGS: Final = frozenset({Prop.SHOPPING_BAG, Prop.HANDBAG})
AT_WORK: Final = frozenset({Prop.DESK, Prop.LAPTOP})
"""What hands that seem to rest are on."""
OUTWARDS: Final = 37.0
"""Degrees that the face of a bag is turned to the side of its hand."""
CLEAR: Final = (0.06, -0.07, 0.0)
"""Metres by which a thing with a label is held further from a face."""
MOST_TURNED: Final = 72.0
"""Degrees from the camera up to which something flat is well seen."""


def holding(pose: Pose, prop: Prop, turned: float = 0.0) -> Pose:
    """The pose with the thing in it: as it is, exchanged, or put in a free hand.

    `turned` is how far the body is turned to its left of the camera, in degrees.
    Raises `Refused`: `product-not-held` where no hand is free, `product-not-seen`
    where what is held shows nothing.
    """
    for place, one in enumerate(pose.props):
        kind, hold = kind_of(one), one.hold if isinstance(one, Held) else _usual(one)
        if kind is prop:
            return _seen(pose, prop, hold, turned)
        if any({prop, kind} <= group for group in ALIKE):
            there = (*pose.props[:place], Held(prop=prop, hold=hold))
            other = pose.model_copy(update={"props": there + pose.props[place + 1 :]})
            return _seen(other, prop, hold, turned)
    hold = _free(pose, prop, turned)
    props = (*pose.props, Held(prop=prop, hold=hold))
    return pose.model_copy(update={**_arms(pose, prop, hold), "props": props})


def _free(pose: Pose, prop: Prop, turned: float) -> Hold:
    """Where there is room for a thing, or refuse."""
    free = [hold for hold in (Hold.RIGHT, Hold.LEFT) if resting(_arm(pose, hold))]
    if prop in BAGS:
        free.sort(key=lambda hold: abs(_facing(hold, turned)))
        free = [one for one in free if abs(_facing(one, turned)) <= MOST_TURNED]
    busy = any(kind_of(one) in AT_WORK for one in pose.props)
    if pose.contact in STILL and free and not busy:
        if prop is Prop.BOX and len(free) > 1:
            return Hold.BOTH
        standing = pose.contact is not Contact.SEATED
        if prop in {*LENT, Prop.PHONE} - {Prop.BOX} or (prop in BAGS and standing):
            return free[0]
    known = ", ".join(holders(prop))
    raise Refused(
        "product-not-held",
        f"No hand is free for a {prop.value} in this pose.",
        fix=f"Choose a pose that holds one ({known}) or in which somebody stands at "
        "ease, or place the product elsewhere.",
    )


def _arms(pose: Pose, prop: Prop, hold: Hold) -> dict[str, Arm]:
    """The arms that hold a thing in a free hand, or between both."""
    if hold is Hold.BOTH:
        lender = library()[LENT[prop]].pose
        return {"left_arm": lender.left_arm, "right_arm": lender.right_arm}
    own = _arm(pose, hold)
    if prop in BAGS:
        hangs = own.reach is None
        arm = own.model_copy(update={"hand": Hand.GRIP}) if hangs else CARRYING
    elif prop is Prop.PHONE:
        arm = SHOWING
    else:
        arm = library()[LENT[prop]].pose.right_arm
    return {f"{hold.value}_arm": arm}


def _seen(pose: Pose, prop: Prop, hold: Hold, turned: float) -> Pose:
    """The pose that holds a thing, so that the thing shows what is on it; or refuse."""
    own = _arm(pose, hold)
    goal = own.reach.to if own.reach else None
    before = goal is Anchor.CHEST
    palm = (own.reach.palm if own.reach else None) or (0, 0, -1)
    hidden = prop is Prop.PHONE and not (before and palm[2] >= 0)
    hidden |= prop in {Prop.BOTTLE, Prop.CUP} and goal is Anchor.MOUTH
    hidden |= prop is Prop.LAPTOP and hold is not Hold.BOTH
    hidden |= prop in BAGS and abs(_facing(hold, turned)) > MOST_TURNED
    if hidden:
        raise Refused(
            "product-not-seen",
            f"The {prop.value} of this pose is turned away from the viewer.",
            fix="Choose another pose, or place the product elsewhere.",
        )
    if prop is Prop.PHONE or (
        prop is Prop.CARD and hold is not Hold.BOTH and not before
    ):
        return pose.model_copy(update=_arms(pose, prop, hold))
    if prop in {Prop.BOTTLE, Prop.CUP} and goal is Anchor.CHEEK:
        return pose.model_copy(update={f"{hold.value}_arm": _beside(own)})
    return pose


def _beside(arm: Arm) -> Arm:
    """An arm led to the face, further from it: a thing with a label is larger."""
    if arm.reach is None:
        raise ValueError(arm)
    offset = tuple(a + b for a, b in zip(arm.reach.offset, CLEAR, strict=True))
    reach = arm.reach.model_copy(update={"offset": offset})
    return arm.model_copy(update={"reach": reach})


def _facing(hold: Hold, turned: float) -> float:
    """How far the face of a bag is turned from the camera."""
    out = {Hold.LEFT: OUTWARDS, Hold.RIGHT: -OUTWARDS, Hold.BOTH: 0.0}[hold]
    return (turned + out + 180) % 360 - 180


def resting(arm: Arm) -> bool:
    """Whether an arm does nothing: it hangs, or lies on the body."""
    if arm.hand not in AT_EASE:
        return False
    if arm.reach is not None:
        return arm.reach.to in RESTING
    swing, away, bent = abs(arm.forward), arm.away, arm.elbow
    return swing <= MOST_SWING and away <= MOST_AWAY and bent <= MOST_BENT


def holders(prop: Prop, most: int = 4) -> list[str]:
    """Poses of the library that hold such a thing."""
    return [
        entry.id
        for entry in library().values()
        if prop in (kind_of(one) for one in entry.pose.props)
    ][:most]


def _arm(pose: Pose, hold: Hold) -> Arm:
    return pose.left_arm if hold is Hold.LEFT else pose.right_arm


def _usual(prop: Prop) -> Hold:
    return Hold.BOTH if prop in {Prop.BOX, Prop.LAPTOP, Prop.CARD} else Hold.RIGHT


def kind_of(prop: Prop | Held) -> Prop:
    """What a pose holds, wherever."""
    return prop.prop if isinstance(prop, Held) else prop
