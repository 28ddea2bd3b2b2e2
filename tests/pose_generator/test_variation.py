"""Variations differ for real, reproducibly, and stay the same pose."""

from itertools import combinations

import pytest

from lumiku_contracts.scene import Expression, Light, Scene
from lumiku_pose_generator.library import library
from lumiku_pose_generator.variation import vary

POSES = sorted(library())


def scene_of(pose_id: str) -> Scene:
    entry = library()[pose_id]
    return Scene(pose=entry.pose, camera=entry.camera)


def test_variation_0_is_the_plain_scene() -> None:
    assert vary(scene_of("waving"), 0, 3) == scene_of("waving")


@pytest.mark.parametrize("pose_id", POSES)
def test_ten_variations_are_ten_valid_scenes_seen_from_ten_sides(pose_id: str) -> None:
    scenes = [vary(scene_of(pose_id), number, 3) for number in range(10)]

    for scene in scenes:
        assert Scene.model_validate(scene.model_dump()) == scene
    for one, other in combinations(scenes, 2):
        assert abs(one.camera.yaw - other.camera.yaw) >= 1
        assert one.pose != other.pose


def test_the_same_seed_makes_the_same_variation() -> None:
    assert vary(scene_of("waving"), 4, 3) == vary(scene_of("waving"), 4, 3)
    assert vary(scene_of("waving"), 4, 3) != vary(scene_of("waving"), 4, 5)


def test_an_arm_that_is_led_somewhere_is_left_alone() -> None:
    plain = scene_of("arms-crossed")

    varied = vary(plain, 1, 3)

    assert varied.pose.left_arm == plain.pose.left_arm
    assert varied.pose.head != plain.pose.head


def test_a_camera_that_was_asked_for_is_not_turned() -> None:
    plain = scene_of("waving")

    varied = vary(plain, 1, 3, yaw=False)

    assert varied.camera.yaw == plain.camera.yaw
    assert varied.pose != plain.pose


def test_variations_differ_in_light_too_and_the_first_is_as_usual() -> None:
    plain = scene_of("waving")

    lights = [vary(plain, number, 3).light for number in range(10)]

    assert lights[0] == Light()
    assert len({light.turn for light in lights}) == len(lights)
    assert {light.turn > 0 for light in lights[1:]} == {True, False}
    assert all(light.warmth and light.contrast for light in lights[1:])
    assert lights == [vary(plain, number, 3).light for number in range(10)]


def test_a_face_that_was_asked_for_is_kept() -> None:
    plain = scene_of("waving")

    faces = {vary(plain, number, 3, face=False).expression for number in range(10)}

    assert faces == {plain.expression}
    assert vary(plain, 1, 3).expression is Expression.SMILE
