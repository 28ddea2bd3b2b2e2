"""Seats and the floor: how flesh and cloth lie flat on them."""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Contact, Held, Pose, Prop
from lumiku_studio.arrays import Floats
from lumiku_studio.rotation import unit
from lumiku_studio.skeleton import footing
from lumiku_studio.skeleton.anchors import trunk
from lumiku_studio.skeleton.rig import Placed

SUNK = 0.040  # metres that the lowest of a body sinks, so that it bears on its thighs
SOFT = 0.006  # metres over a seat within which flesh and cloth begin to give way
EDGE = 0.05  # metres beyond a seat's edge over which they are free again
FLESH, HANGING = 0.13, 0.32
"""Metres under a seat's top from which nothing is brought up to it: limbs, and cloth
that hangs."""
BEHIND, ALONG = 0.14, 0.55
"""Metres behind the hips, and the share of the thighs, that a seat bears."""
AHEAD = 0.16  # of the thighs' length that a seat's middle is before the hips
DISC = 0.19
HALF = (0.225, 0.21)
"""Metres: a stool's radius; half the width and depth of a chair or a block."""


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """What somebody sits on."""

    kind: Prop | None
    """A chair, a stool, or a block."""
    centre: Floats
    """The middle of its top."""
    frame: Floats
    """Across, up and ahead, as columns."""

    def bears(self, points: Floats, deep: float = FLESH) -> Floats:
        """Points (n x 3) as they lie on the seat, pressed flat; others as they are."""
        across, over, ahead = ((points - self.centre) @ self.frame).T
        if self.kind is Prop.STOOL:
            beyond = np.hypot(across, ahead) - DISC
        else:
            aside = np.clip(np.abs([across, ahead]) - np.array(HALF)[:, None], 0, None)
            beyond = np.hypot(*aside)
        share = np.clip(1 - beyond / EDGE, 0, 1) * (over > -deep)
        lift = SOFT * np.logaddexp(0, over / SOFT) - over
        out = points.copy()
        out[:, 1] += share * share * (3 - 2 * share) * lift
        return out


def on_floor(points: Floats, pose: Pose) -> Floats:
    """A body's vertices, flesh that lies on the floor pressed flat."""
    if pose.contact not in footing.ON_FLESH:
        return points
    out, lies = points.copy(), footing.flesh()
    over = (points[lies, 1] - footing.EASE) / SOFT
    out[lies, 1] = footing.EASE + SOFT * np.logaddexp(0, over)
    return out


def seat(placed: Placed, points: Floats, pose: Pose) -> Seat | None:
    """The seat of a pose under a body's skin, behind its knees; None without one."""
    if pose.contact is not Contact.SEATED:
        return None
    held = (prop.prop if isinstance(prop, Held) else prop for prop in pose.props)
    kind = next((p for p in held if p in {Prop.CHAIR, Prop.STOOL}), None)
    way = placed.turn("root")[:, 2] * [1, 0, 1]
    ahead = unit(way)
    hips, knees = (
        (placed.at(f"{bone}.L") + placed.at(f"{bone}.R")) / 2
        for bone in ("upperleg01", "lowerleg01")
    )
    body = points[trunk()]
    along, length = (body - hips) @ ahead, float((knees - hips) @ ahead)
    borne = (along > -BEHIND) & (along < max(length, 0.2) * ALONG)
    centre = hips + ahead * (length * AHEAD)
    centre[1] = float(body[borne][:, 1].min()) + SUNK
    frame = np.stack([np.cross([0, 1.0, 0], ahead), [0, 1.0, 0], ahead], axis=1)
    return Seat(kind, centre, frame)
