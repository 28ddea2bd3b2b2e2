"""What bears a person is read from their joints: feet, a seat, floor, knees, hands."""

from dataclasses import replace

import numpy as np
import pytest
from tests.studio.seen import seen

from lumiku_contracts.pose import Contact, Pose
from lumiku_pose_generator.library import library
from lumiku_studio.photo.bearing import borne
from lumiku_studio.photo.fit import fitted
from lumiku_studio.photo.frame import MARKS, framed
from lumiku_studio.skeleton.limits import strains

FEET = {Contact.STANDING, Contact.STRIDING, Contact.LUNGING, Contact.LEANING}
IN_THE_AIR = {Contact.JUMPING}
"""Joints do not say how far the floor is below somebody."""
HELD_OUT = {"shoe-show", "kerb-sit"}
"""One sits with a leg straight before them, which is a step as well; one sits so low
that it might be on the floor."""
KINDS = sorted({one.pose.contact for one in library().values()} - FEET - IN_THE_AIR)


@pytest.mark.parametrize("contact", KINDS)
def test_whatever_does_not_stand_is_not_read_as_standing(contact: Contact) -> None:
    wrong = {
        (name, yaw): borne(framed(seen(one.pose, yaw))).contact
        for name, one in library().items()
        for yaw in (-30, 20)
        if one.pose.contact is contact and name not in HELD_OUT
    }

    assert {what for what in wrong.values() if what is not contact} == set(), wrong


def test_who_stands_is_not_sat_down_or_laid_on_the_floor() -> None:
    standing = [one for one in library().values() if one.pose.contact in FEET]

    read = {one.id: borne(framed(seen(one.pose, -20))).contact for one in standing[::4]}

    assert {id_: what for id_, what in read.items() if what not in FEET} == {}


@pytest.mark.parametrize(
    "name", ["plank", "lie-back-dream", "lounge-side", "cobra", "cross-legged"]
)
def test_a_body_on_the_floor_is_read_within_what_joints_can_do(name: str) -> None:
    read, _, _ = fitted(seen(library()[name].pose, 30))

    assert strains(read) == ()
    assert Pose.model_validate_json(read.model_dump_json(warnings="error")) == read


def test_hands_that_bear_the_body_are_on_the_floor() -> None:
    read, _, _ = fitted(seen(library()["plank"].pose, 60))

    reaches = [arm.reach for arm in (read.left_arm, read.right_arm)]
    assert [reach.to for reach in reaches if reach is not None] == ["floor", "floor"]
    assert read.pelvis.tilt > 60


def test_one_who_kneels_and_stands_on_the_other_foot_does_both() -> None:
    read, _, _ = fitted(seen(library()["tie-shoelace"].pose, -20))

    assert (read.left_leg.planted, read.right_leg.planted) == (True, False)


def test_what_is_out_of_sight_is_told_as_a_guess() -> None:
    person = seen(Pose())
    assert fitted(person)[2] == ()
    unseen = person.visible.copy()
    unseen[list(MARKS["knee"])] = 0.2
    unseen[MARKS["wrist"][0]] = 0.02

    told = fitted(replace(person, visible=unseen))[2]

    assert [one.code for one in told] == ["legs-unseen", "arm-unseen"]


def test_who_is_between_two_readings_is_told_to_be() -> None:
    squat = fitted(seen(library()["squat"].pose, -20))[2]

    assert [one.code for one in squat] == ["sits-or-squats"]
    assert all(np.char.endswith([one.detail for one in squat], "."))
