"""A job makes a portrait and one avatar, however often it is called."""

from typing import Any

import pytest

from lumiku_avatar_creator import people
from lumiku_avatar_creator.generate import run
from lumiku_avatar_creator.presets import presets
from lumiku_avatar_creator.request import Generate, items
from lumiku_contracts import Item, NotFound, Refused
from lumiku_contracts.scene import Framing
from lumiku_contracts.testing import FakeTask


def item_of(task: FakeTask[Generate]) -> Item:
    (spec,) = items(task.input)
    return Item(0, spec.label, spec.data)


def test_the_portrait_is_of_the_person_from_the_hips_up(task_for: Any) -> None:
    task = task_for({"preset": "budi"})

    output = run(task, item_of(task))

    (request,) = task.images.asked
    assert request.scene.appearance == presets()["budi"].appearance
    assert request.scene.camera.framing is Framing.HALF
    assert (output.kind, output.width, output.height) == ("image", 768, 1024)


def test_the_new_avatar_can_be_used_at_once_and_by_its_owner_only(
    task_for: Any, caller: Any
) -> None:
    task = task_for({"name": "Rani", "attributes": {"hair": "long"}})

    ident = run(task, item_of(task)).meta["avatar_id"]

    avatar = people.get(caller("usr_test"), ident)
    assert (avatar.name, avatar.preset) == ("Rani", False)
    assert avatar.appearance == task.images.asked[0].scene.appearance
    with pytest.raises(NotFound):
        people.get(caller("usr_other"), ident)


def test_a_second_call_for_the_same_item_makes_no_second_avatar(
    task_for: Any, caller: Any
) -> None:
    task = task_for({})

    first = run(task, item_of(task)).meta["avatar_id"]
    second = run(task, item_of(task)).meta["avatar_id"]

    own = [one for one in people.everybody(caller("usr_test")) if not one.preset]
    assert first == second
    assert [one.id for one in own] == [first]


def test_another_job_makes_another_avatar(task_for: Any, caller: Any) -> None:
    for key in ("job_one:0", "job_other:0"):
        task = task_for({}, key=key)
        run(task, item_of(task))

    own = [one for one in people.everybody(caller("usr_test")) if not one.preset]
    assert len(own) == 2


def test_a_failed_picture_leaves_no_avatar(
    task_for: Any, caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = task_for({})
    monkeypatch.setattr(task.images, "generate", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        run(task, item_of(task))

    assert all(one.preset for one in people.everybody(caller("usr_test")))


def test_the_picture_says_how_it_was_made(task_for: Any) -> None:
    task = task_for({"noise_seed": 7})

    meta = run(task, item_of(task)).meta

    assert meta["avatar_id"].startswith("avt_")
    assert meta["noise_seed"] == 7
    assert meta["model"] == "studio"
    assert {"provider", "engine", "name"} <= set(meta)


def test_added_garments_are_told(task_for: Any) -> None:
    outfit = [{"kind": "tunic", "colour": "#222222"}]
    task = task_for({"attributes": {"outfit": outfit}})

    meta = run(task, item_of(task)).meta

    assert meta["warnings"] == ["Added to the outfit: trousers."]


def test_a_remote_model_is_given_words(task_for: Any) -> None:
    task = task_for({"preset": "aisyah"}, model="flux-dev-base")

    run(task, item_of(task))

    (request,) = task.images.asked
    assert f"{presets()['aisyah'].appearance.age} years old" in request.prompt
    assert "hijab" in request.prompt
    assert request.upstream == task.model.upstream


def test_a_viewer_who_has_not_signed_in_owns_nothing(task_for: Any) -> None:
    task = task_for({}, user_id=None)

    with pytest.raises(Refused) as refused:
        run(task, item_of(task))

    assert refused.value.code == "sign-in-first"
    assert task.images.asked == []
