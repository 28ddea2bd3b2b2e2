"""Who sits or lies is borne by seat or floor: nobody hovers, no seat cuts cloth."""

import numpy as np
import pytest

from lumiku_contracts.scene import (
    Appearance,
    Arm,
    Expression,
    Leg,
    Pelvis,
    Pose,
    Prop,
    Scene,
    Torso,
)
from lumiku_contracts.scene import Contact as On
from lumiku_studio.arrays import Floats
from lumiku_studio.body.shape import rest_shape
from lumiku_studio.body.template import template
from lumiku_studio.scene.dressing import dressed
from lumiku_studio.scene.figure import figure, pose_of
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.stage import Segment
from lumiku_studio.skeleton import footing
from lumiku_studio.skeleton.posing import solve
from lumiku_studio.skeleton.seated import HALF
from lumiku_studio.skeleton.validity import faults, measure
from lumiku_studio.tracing.rays import tracer
from lumiku_studio.wardrobe.cloth import worn
from lumiku_studio.wardrobe.layering import KNEE
from lumiku_studio.wardrobe.outfits import OUTFITS

STEP = 0.01  # metres between the rays that ask how high a body is over its seat
BELOW, OVER = 0.15, 0.12
TOUCHING, THROUGH = 0.008, -0.004
BORNE = 0.35  # share of what is over a seat that lies on it
CUT = 12  # rays, each a square centimetre, that may meet cloth within a seat
UP = np.array([0, 1, 0], np.float32)
WORN = {Segment.SKIN, Segment.TOP, Segment.BOTTOM}
CROSSED = (
    Leg(forward=86, away=2, knee=88),
    Leg(forward=112, away=-11, rotate=-6, knee=70, ankle=-20, planted=False),
)
SEATED = {
    "on a block": POSES["sitting"],
    "legs crossed": Pose(
        contact=On.SEATED, props=(Prop.CHAIR,), left_leg=CROSSED[0],
        right_leg=CROSSED[1],
    ),
    "bent forwards": Pose(
        contact=On.SEATED, props=(Prop.STOOL,), torso=Torso(bend=24),
        pelvis=Pelvis(tilt=10), left_leg=Leg(forward=86, away=18, knee=92),
        right_leg=Leg(forward=86, away=18, knee=88),
    ),
    "leaning back": Pose(
        contact=On.SEATED, props=(Prop.CHAIR,), pelvis=Pelvis(tilt=-14),
        left_leg=Leg(forward=84, away=10, knee=70), right_leg=Leg(forward=84, knee=84),
    ),
}  # fmt: skip


def heights(look: Appearance, pose: Pose) -> Floats:
    """How high a dressed body is over its seat, in metres, at each place of it."""
    aside = Arm(away=60)
    pose = pose.model_copy(update={"left_arm": aside, "right_arm": aside})
    person = figure(Scene(pose=pose, appearance=look), every=3)
    parts = [part for part in person.parts if part.segment in WORN]
    starts = np.cumsum([0, *(len(part.points) for part in parts[:-1])])
    rays = tracer(
        np.concatenate([part.points for part in parts]),
        np.concatenate([p.triangles + n for p, n in zip(parts, starts, strict=True)]),
    )
    seat = person.posed.seat
    assert seat is not None
    across, ahead = np.meshgrid(
        *(np.arange(-half, half, STEP) for half in HALF), indexing="ij"
    )
    flat = np.stack([across, np.full_like(across, -BELOW), ahead], axis=-1)
    origins = (seat.centre + flat.reshape(-1, 3) @ seat.frame.T).astype(np.float32)
    if seat.kind is Prop.STOOL:
        origins = origins[np.hypot(across, ahead).ravel() < min(HALF) - 2 * STEP]
    met = rays.nearest(origins, np.tile(UP, (len(origins), 1)))
    found: Floats = np.where(met.triangle >= 0, met.distance - BELOW, np.inf)
    return found


@pytest.mark.parametrize(("who", "outfit"), [("maya", "skirt"), ("budi", "weekend")])
@pytest.mark.parametrize("name", SEATED)
def test_who_sits_lies_flat_on_the_seat_and_not_in_it(
    name: str, who: str, outfit: str
) -> None:
    look = AVATARS[who].model_copy(update={"outfit": OUTFITS[outfit]})

    over = heights(look, SEATED[name])

    near = over < OVER
    assert (over[near] < TOUCHING).mean() > BORNE
    assert (over < THROUGH).sum() <= CUT


LYING = {
    "on the side": Pose(
        contact=On.LYING, pelvis=Pelvis(side=91), torso=Torso(side=-26),
        left_leg=Leg(forward=10, away=0, knee=24, ankle=-35, planted=False, laid=True),
        right_leg=Leg(forward=64, away=0, knee=78, ankle=-35, planted=False, laid=True),
    ),
    "on the back": Pose(
        contact=On.LYING, pelvis=Pelvis(tilt=-90),
        left_leg=Leg(forward=3, knee=4, ankle=-35, planted=False, laid=True),
        right_leg=Leg(forward=58, knee=106),
    ),
    "on the floor": Pose(
        contact=On.FLOOR, pelvis=Pelvis(tilt=-8),
        left_leg=Leg(forward=128, knee=118), right_leg=Leg(forward=128, knee=118),
    ),
}  # fmt: skip
PALM = 0.003  # square metres that a body lies on at least: half a palm
TIP = 0.005  # metres over the lowest flesh within which it bears


@pytest.mark.parametrize("who", ["maya", "budi"])
@pytest.mark.parametrize("name", LYING)
def test_who_lies_is_borne_by_more_than_a_point(name: str, who: str) -> None:
    rest = rest_shape(AVATARS[who], Expression.NEUTRAL)
    pose = LYING[name]

    posed = solve(rest, pose, sole=0.02)

    corners = posed.points[template().faces["body"][:, :3]]
    low = (corners[..., 1] < footing.EASE + TIP).all(axis=1)
    flat = corners[low] * [1, 0, 1]
    area = np.linalg.norm(
        np.cross(flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]), axis=1
    )
    assert float(area.sum()) > PALM
    assert not any(
        fault.code in {"no-contact", "floor-penetration"}
        for fault in faults(pose, measure(posed, pose, 0.02))
    )


CORNER = 0.004  # metres that a place of cloth stands out of its neighbours


@pytest.mark.parametrize("outfit", ["weekend", "office"])
def test_knees_of_trousers_are_round_when_they_are_knelt_on(outfit: str) -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS[outfit]})
    leg = Leg(forward=72, away=7, knee=150, ankle=-62, plumb=True, planted=False)
    pose = Pose(contact=On.KNEELING, left_leg=leg, right_leg=leg)
    person = dressed(look, Expression.NEUTRAL, 3)
    (sewn,) = (s for s in person.tailored.garments if s.cut.top is not None)

    cloth = worn(sewn, pose_of(person, pose).placed).points[: len(sewn.leg)]

    out = np.linalg.norm(sewn.mean @ cloth - cloth, axis=1)
    assert out[np.abs(sewn.leg - 1) < KNEE].max() < CORNER
