"""The merchant's own product is in the picture, or it is said why it cannot be."""

from typing import Any

import pytest
from pydantic import ValidationError
from tests.pose_generator.wares import UPLOAD, jar, png

from lumiku_contracts import Refused
from lumiku_contracts.images import Made, Picture
from lumiku_contracts.pose import Hand, Pose
from lumiku_contracts.resources import Avatar
from lumiku_contracts.scene import GarmentKind, Headwear, Scene
from lumiku_contracts.sets import Framing, Held, Hold, Prop
from lumiku_pose_generator import change
from lumiku_pose_generator.generate import run
from lumiku_pose_generator.holding import LENT, holding
from lumiku_pose_generator.library import library
from lumiku_pose_generator.models import MODELS
from lumiku_pose_generator.product import ON_THE_FLOOR, THINGS, Where
from lumiku_pose_generator.request import Generate, items, price
from lumiku_pose_generator.staging import check, staged
from lumiku_pose_generator.wanted import of_library

STANDING = "standing-relaxed"


def asked(where: str, pose: str = STANDING, **more: Any) -> Generate:
    ware = {"upload_id": UPLOAD, "where": where, **more.pop("product", {})}
    return Generate.model_validate({"product": ware, "pose_ids": [pose], **more})


def scene_of(request: Generate, avatar: Avatar) -> Scene:
    return staged(request, of_library(library()[request.chosen[0]]), avatar)


def refusal(request: Generate, avatar: Avatar) -> str:
    with pytest.raises(Refused) as refused:
        scene_of(request, avatar)
    assert refused.value.fix
    return refused.value.code


@pytest.mark.parametrize("where", sorted(set(THINGS) - ON_THE_FLOOR - {Where.LAPTOP}))
def test_somebody_who_stands_at_ease_is_given_the_thing(
    where: str, maya: Avatar
) -> None:
    scene = scene_of(asked(where), maya)

    (thing,) = scene.things
    (held,) = scene.pose.props
    assert isinstance(held, Held)
    assert held.prop is thing.prop is THINGS[Where(where)]
    assert thing.decal is not None
    assert scene.pose != library()[STANDING].pose
    assert Scene.model_validate(scene.model_dump()) == scene


@pytest.mark.parametrize("where", sorted(ON_THE_FLOOR))
def test_what_stands_on_the_floor_is_seen_whole_and_leaves_the_pose(
    where: str, maya: Avatar
) -> None:
    scene = scene_of(asked(where, "waving"), maya)

    assert scene.pose == library()["waving"].pose
    assert library()["waving"].camera.framing is Framing.HALF
    assert scene.camera.framing is Framing.FULL
    close = asked(where, camera={"framing": "portrait"})
    assert refusal(close, maya) == "product-not-seen"


def test_the_front_of_a_t_shirt_is_printed(maya: Avatar) -> None:
    scene = scene_of(asked("shirt", "waving", product={"width": 0.5}), maya)

    top, *rest = scene.appearance.outfit
    assert top.kind is GarmentKind.T_SHIRT
    assert top.decal is not None
    assert (top.decal.picture, top.decal.width) == ("product", 0.5)
    assert all(piece.decal is None for piece in rest)


@pytest.mark.parametrize(
    ("look", "code"),
    [
        ({"outfit": ()}, "product-needs-a-top"),
        ({"headwear": Headwear.KHIMAR}, "product-needs-a-top"),
    ],
)
def test_a_chest_that_is_not_free_is_not_printed(
    look: dict[str, Any], code: str, maya: Avatar
) -> None:
    worn = maya.appearance.model_copy(update=look)

    assert refusal(asked("shirt"), maya.model_copy(update={"appearance": worn})) == code


@pytest.mark.parametrize(
    ("where", "pose", "code"),
    [
        ("bottle", "arms-crossed", "product-not-held"),
        ("box", "hand-on-heart", "product-not-held"),  # one hand is not enough
        ("laptop", STANDING, "product-not-held"),
        ("bag", "sitting", "product-not-held"),
        ("box", "laptop-seated", "product-not-held"),  # its hands are at work
        ("bottle", "plank", "product-not-held"),
        ("bottle", "back-glance", "product-not-seen"),
        ("phone", "phone-call", "product-not-seen"),
        ("cup", "sip-drink", "product-not-seen"),
        ("laptop", "laptop-carry", "product-not-seen"),
        ("shirt", "back-glance", "product-not-seen"),
        ("shirt", "arms-crossed", "product-not-seen"),
        ("shirt", "plank", "product-not-seen"),
    ],
)
def test_what_makes_no_sense_is_refused(
    where: str, pose: str, code: str, maya: Avatar
) -> None:
    camera = {"yaw": 0} if pose == "plank" else {}

    assert refusal(asked(where, pose, camera=camera), maya) == code


def test_a_thing_that_a_pose_holds_is_kept_or_exchanged_where_it_is() -> None:
    pose = library()["product-chest"].pose
    assert holding(pose, Prop.BOX) == pose

    other = holding(pose, Prop.CARD)
    assert other.props == (Held(prop=Prop.CARD, hold=Hold.BOTH),)
    assert (other.left_arm, other.right_arm) == (pose.left_arm, pose.right_arm)

    beside = holding(library()["product-beside-face"].pose, Prop.CARD)
    assert beside.right_arm != library()["product-beside-face"].pose.right_arm


def test_a_bag_hangs_from_the_hand_that_the_camera_sees() -> None:
    turned_left, turned_right = (
        holding(Pose(), Prop.SHOPPING_BAG, turned) for turned in (50, -50)
    )

    assert turned_left.props == (Held(prop=Prop.SHOPPING_BAG, hold=Hold.RIGHT),)
    assert turned_left.right_arm.hand is Hand.GRIP
    assert turned_right.props == (Held(prop=Prop.SHOPPING_BAG, hold=Hold.LEFT),)


def test_a_picture_is_as_tall_as_a_bag_that_hangs_needs(maya: Avatar) -> None:
    assert library()["ok-sign"].camera.framing is Framing.HALF
    assert scene_of(asked("bag", "ok-sign"), maya).camera.framing is Framing.FULL
    on_arm = scene_of(asked("handbag", "handbag-forearm"), maya)
    assert on_arm.camera.framing is Framing.THREE_QUARTER
    close = asked("bag", "ok-sign", camera={"framing": "three-quarter"})
    assert refusal(close, maya) == "product-not-seen"


def test_poses_that_lend_their_arms_are_in_the_library() -> None:
    assert set(LENT.values()) <= set(library())


def test_a_batch_is_refused_with_the_poses_that_cannot(call: Any) -> None:
    request = asked("bottle").model_copy(
        update={"pose_ids": (STANDING, "arms-crossed", "plank")}
    )

    with pytest.raises(Refused) as refused:
        check(call, request)

    assert refused.value.code == "product-not-held"
    assert "2 of the 3 poses" in refused.value.detail
    assert "Arms Crossed, High Plank" in refused.value.detail


def test_a_model_that_would_invent_the_product_is_refused() -> None:
    (flux,) = (one for one in MODELS if one.id == "flux-controlnet-standard")

    with pytest.raises(Refused) as refused:
        price(asked("box"), flux)

    assert refused.value.code == "product-needs-studio"


@pytest.mark.parametrize(
    "ware",
    [
        {"where": "box"},
        {"upload_id": "upl_1", "where": "hat"},
        {"upload_id": "art_1", "where": "box"},
        {"upload_id": "upl_1", "where": "box", "width": 3},
        {"upload_id": "upl_1", "where": "box", "color": "red"},
    ],
)
def test_a_product_that_says_too_little_or_nonsense_is_refused(
    ware: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError):
        Generate.model_validate({"product": ware})


def test_an_outfit_names_no_picture_that_is_not_there() -> None:
    worn = {"kind": "t-shirt", "colour": "#ffffff", "decal": {"picture": "product"}}

    with pytest.raises(ValidationError, match="not there"):
        Generate.model_validate({"outfit": [worn]})
    assert asked("box", outfit=[worn]).outfit


def test_several_products_have_pictures_of_their_own(
    call: Any, task_for: Any, item_of: Any
) -> None:
    wares = [{"upload_id": f"upl_{name}", "where": "box"} for name in "abc"]
    task = task_for(products=wares, pose_ids=[STANDING, "waving"], variations=2)
    specs = items(task.input)
    assert len({spec.label for spec in specs}) == len(specs) == 2 * 3 * 2
    assert len(price(task.input, MODELS[0])) == len(specs)
    given = {one["upload_id"]: Picture(png(jar()), "image/png", 1, 1) for one in wares}
    task.resources = {**task.resources, "upload": given}

    made = [run(task, item_of(task, place))[0].meta for place in (0, 2, 5)]

    shown = [meta["product"]["upload_id"] for meta in made]
    assert shown == ["upl_a", "upl_b", "upl_c"]
    assert [meta["name"] for meta in made] == [
        f"{STANDING}-product-1", f"{STANDING}-product-2", f"{STANDING}-product-3-2",
    ]  # fmt: skip
    with pytest.raises(ValidationError):
        asked("box", products=wares)
    unseen = [*wares, {"upload_id": UPLOAD, "where": "shirt"}]
    hidden = {"products": unseen, "pose_ids": ["cobra"]}
    with pytest.raises(Refused) as refused:
        check(call, Generate.model_validate(hidden))
    assert refused.value.code in {"product-not-seen", "product-not-held"}


def test_the_picture_goes_with_the_request_and_is_told_for_another_time(
    task_for: Any, item_of: Any
) -> None:
    task = task_for(product={"upload_id": UPLOAD, "where": "box"}, pose_ids=[STANDING])
    given = Picture(png(jar()), "image/png", 300, 400)
    task.resources = {**task.resources, "upload": {UPLOAD: given}}

    outputs = run(task, item_of(task))

    (request,) = task.images.asked
    assert set(request.pictures) == {"product"}
    meta = outputs[0].meta
    assert meta["product"] == {"upload_id": UPLOAD, "where": "box", "width": 0.8}

    asked_ = {
        "artifact_id": "art_1",
        "background": {"mode": "solid", "color": "#aabbcc"},
    }
    again = task_for()
    again.input = change.Change.model_validate(asked_)
    made = Made(outputs[0], "image", meta)  # type: ignore[arg-type]
    again.resources = {"artifact": {"art_1": made}, "upload": {UPLOAD: given}}
    change.run(again, item_of(task))
    assert again.images.asked[0].pictures == request.pictures
    assert again.images.asked[0].scene.things == request.scene.things
