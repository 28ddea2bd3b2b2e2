"""The free preview keeps nothing; a sheet shows one person in several ways."""

from typing import Any

import pytest

from lumiku_avatar_creator import lumiku_plugin, people, preview, sheet
from lumiku_avatar_creator.models import MODELS
from lumiku_avatar_creator.request import items
from lumiku_avatar_creator.sheet_request import SIDES, Sheet, check
from lumiku_avatar_creator.sheet_request import items as sheet_items
from lumiku_contracts import Item, NotFound, Refused, Viewer
from lumiku_contracts.images import Quality
from lumiku_contracts.scene import Expression
from lumiku_contracts.testing import FakeTask


def previewed(task: Any) -> Any:
    (spec,) = items(task.input)
    return preview.run(task, Item(0, spec.label, spec.data))


def test_a_preview_is_small_and_free_and_keeps_no_avatar(
    task_for: Any, caller: Any
) -> None:
    task = task_for({"text": "a man with a beard and a tail"})

    output = previewed(task)

    (request,) = task.images.asked
    assert request.quality is Quality.PREVIEW
    assert request.size == preview.SIZE
    assert output.meta["not_understood"] == ["tail"]
    assert all(one.preset for one in people.everybody(caller("usr_test")))
    (worker,) = (one for one in lumiku_plugin().workers if one.name == "preview")
    assert worker.free
    assert worker.interactive


def test_a_preview_by_a_remote_model_is_refused(task_for: Any) -> None:
    with pytest.raises(Refused) as refused:
        previewed(task_for({}, model="flux-dev-base"))

    assert refused.value.code == "preview-needs-studio"


def sheet_task(kind: str, caller: Any, avatar: str = "budi") -> Any:
    return FakeTask(
        Sheet.model_validate({"avatar": avatar, "kind": kind}),
        model=MODELS[0],
        viewer=Viewer("usr_test"),
        open_session=caller("usr_test").session,
    )


def drawn(task: Any) -> list[Any]:
    for place, spec in enumerate(sheet_items(task.input)):
        sheet.run(task, Item(place, spec.label, spec.data))
    return [request.scene for request in task.images.asked]


def test_a_turnaround_shows_the_same_person_from_three_sides(caller: Any) -> None:
    scenes = drawn(sheet_task("turnaround", caller))

    assert [scene.camera.yaw for scene in scenes] == list(SIDES.values())
    assert len({scene.appearance.model_dump_json() for scene in scenes}) == 1


def test_an_expression_sheet_shows_every_expression(caller: Any) -> None:
    scenes = drawn(sheet_task("expressions", caller))

    assert [scene.expression for scene in scenes] == list(Expression)


def test_a_sheet_of_somebody_elses_avatar_is_not_found(caller: Any) -> None:
    with pytest.raises(NotFound):
        check(caller("usr_test"), Sheet(avatar="avt_other"))
