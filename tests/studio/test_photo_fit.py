"""A pose that is seen in full is read back as it was: from joints alone, no network."""

import pytest
from tests.studio.seen import seen

from lumiku_contracts.pose import Arm, Contact, Leg, Pose
from lumiku_contracts.sets import Framing
from lumiku_studio.photo.fit import fitted


@pytest.mark.parametrize(
    ("forward", "away", "knee"),
    [(86, 20, 80), (86, 4, 84), (60, 30, 60), (20, 10, 30), (110, 12, 100)],
)
def test_a_lifted_and_spread_leg_is_read_back_as_it_was_posed(
    forward: float, away: float, knee: float
) -> None:
    lifted = Leg(forward=forward, away=away, knee=knee, rotate=0, planted=False)
    pose = Pose(left_leg=lifted, contact=Contact.JUMPING)

    read, _, _ = fitted(seen(pose))

    assert read.left_leg.forward == pytest.approx(forward, abs=5)
    assert read.left_leg.away == pytest.approx(away, abs=5)
    assert read.left_leg.knee == pytest.approx(knee, abs=8)
    assert read.right_leg.forward == pytest.approx(0, abs=5)


@pytest.mark.parametrize("yaw", [-40, 0, 25])
def test_arms_are_read_back_from_any_side(yaw: float) -> None:
    pose = Pose(left_arm=Arm(away=80, forward=10, elbow=60, rotate=20))

    read, camera, _ = fitted(seen(pose, yaw))

    assert camera.yaw == pytest.approx(yaw, abs=4)
    assert camera.framing is Framing.FULL
    assert read.left_arm.away == pytest.approx(80, abs=15)
    assert read.left_arm.elbow == pytest.approx(60, abs=10)
    assert read.right_arm.away < 25


def test_what_was_read_can_be_written_down() -> None:
    read, _, _ = fitted(seen(Pose(left_leg=Leg(forward=70, knee=90, planted=False))))

    assert Pose.model_validate_json(read.model_dump_json(warnings="error")) == read
    assert read.right_leg.planted is True
    assert read.left_leg.planted is False
