"""A picture is of the chosen avatar in the chosen pose, and says how it was made."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from lumiku_contracts import Item, NotFound, Refused
from lumiku_contracts.images import ControlMap, ImageRequest, ImageResult, MapKind
from lumiku_contracts.resources import Avatar
from lumiku_contracts.scene import BackdropKind, Expression, Framing
from lumiku_contracts.testing import FakeProvider, FakeTask
from lumiku_pose_generator.generate import run
from lumiku_pose_generator.library import library

TaskFor = Callable[..., FakeTask[Any]]
ItemOf = Callable[..., Item]

SKELETON = [[384, 80, 1]] * 18


@dataclass
class Cartographer(FakeProvider):
    """A provider that gives back the maps it is asked for, with a skeleton."""

    asked: list[ImageRequest] = field(default_factory=list)

    def generate(self, request: ImageRequest, **how: Any) -> ImageResult:
        """A pixel, and a pixel for each map."""
        result = super().generate(request, **how)
        maps = tuple(ControlMap(kind, result.picture) for kind in request.maps)
        meta = result.meta | {"skeleton": SKELETON}
        return replace(result, maps=maps, meta=meta, warnings=("props were left out",))


def test_the_scene_is_this_avatar_in_this_pose(
    task_for: TaskFor, item_of: ItemOf, maya: Avatar
) -> None:
    task = task_for(pose_ids=["sitting"])

    run(task, item_of(task))

    (request,) = task.images.asked
    assert request.scene is not None
    assert request.scene.pose == library()["sitting"].pose
    assert request.scene.appearance == maya.appearance
    assert request.size == (768, 1024)


def test_the_picture_comes_with_three_maps_that_all_say_how_they_were_made(
    task_for: TaskFor, item_of: ItemOf
) -> None:
    task = task_for(pose_ids=["sitting"], noise_seed=7)
    task.images = Cartographer()

    outputs = run(task, item_of(task))

    assert [output.kind for output in outputs] == [
        "image", "map-openpose", "map-depth", "map-alpha",
    ]  # fmt: skip
    for output in outputs:
        told = {name: value for name, value in output.meta.items() if name != "scene"}
        assert told == {
            "name": "sitting",
            "subject": [0, 0, 1, 1],
            "pose_id": "sitting",
            "skeleton": SKELETON,
            "noise_seed": 7,
            "model": "studio",
            "provider": "fake",
            "engine": "fake/1",
            "variation": 0,
            "avatar_id": "maya",
            "warnings": ["props were left out"],
        }


def test_maps_are_left_out_where_they_are_not_wanted(
    task_for: TaskFor, item_of: ItemOf
) -> None:
    task = task_for(control_maps=False)
    task.images = Cartographer()

    outputs = run(task, item_of(task))

    assert [output.kind for output in outputs] == ["image"]
    assert task.images.asked[0].maps == (MapKind.ALPHA,)  # where the person is


def test_the_request_decides_background_camera_and_face(
    task_for: TaskFor, item_of: ItemOf
) -> None:
    task = task_for(
        background={"mode": "transparent"},
        camera={"framing": "half", "yaw": -30},
        expression="smile",
        size="square",
    )

    run(task, item_of(task))

    (request,) = task.images.asked
    assert request.scene is not None
    assert request.scene.backdrop.kind is BackdropKind.TRANSPARENT
    assert request.scene.camera.framing is Framing.HALF
    assert request.scene.camera.yaw == -30
    assert request.scene.expression is Expression.SMILE
    assert request.size == (1024, 1024)


def test_a_second_call_for_the_same_item_asks_for_the_same_picture(
    task_for: TaskFor, item_of: ItemOf
) -> None:
    task = task_for(variations=2)

    run(task, item_of(task, 1))
    run(task, item_of(task, 1))

    assert task.images.asked[0] == task.images.asked[1]


def test_a_picture_can_be_made_again_from_its_own_noise_seed(
    task_for: TaskFor, item_of: ItemOf
) -> None:
    first = task_for(pose_ids=["waving"], variations=3)
    outputs = run(first, item_of(first, 2))
    seed = outputs[0].meta["noise_seed"]

    again = task_for(pose_ids=["waving"], variations=3, noise_seed=seed)
    again.key = "job_other:0"
    run(again, item_of(again, 2))

    assert again.images.asked == first.images.asked


def test_two_jobs_without_a_seed_have_their_own(
    task_for: TaskFor, item_of: ItemOf
) -> None:
    one, other = task_for(), task_for()
    other.key = "job_other:0"

    seeds = {run(task, item_of(task))[0].meta["noise_seed"] for task in (one, other)}

    assert len(seeds) == 2


def test_a_remote_model_is_given_words_and_control_maps(
    task_for: TaskFor, item_of: ItemOf
) -> None:
    task = task_for("flux-controlnet-standard", pose_ids=["sitting"])
    cartographer = Cartographer()
    task.providers = {"control-maps": cartographer}

    outputs = run(task, item_of(task))

    (request,) = task.images.asked
    assert [control.kind for control in request.controls] == [
        MapKind.OPENPOSE, MapKind.DEPTH,
    ]  # fmt: skip
    assert {control.weight for control in request.controls} == {0.8}
    assert "t-shirt" in request.prompt
    assert "27 years old" in request.prompt
    assert request.upstream == task.model.upstream
    assert outputs[0].meta["skeleton"] == SKELETON
    assert [output.kind for output in outputs] == ["image", "map-openpose", "map-depth"]


def test_a_model_that_reads_scenes_needs_no_words(
    task_for: TaskFor, item_of: ItemOf
) -> None:
    task = task_for()

    run(task, item_of(task))

    assert task.images.asked[0].prompt == ""


def test_a_model_for_another_job_is_refused(task_for: TaskFor, item_of: ItemOf) -> None:
    task = task_for("background-changer-sam")

    with pytest.raises(Refused) as refused:
        run(task, item_of(task))

    assert refused.value.code == "model-not-suitable"
    assert task.images.asked == []


def test_an_avatar_that_has_gone_meanwhile_ends_the_job(
    task_for: TaskFor, item_of: ItemOf
) -> None:
    task = task_for(avatar={"source": "avatar", "id": "avt_gone"})

    with pytest.raises(NotFound):
        run(task, item_of(task))
