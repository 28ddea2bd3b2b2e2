"""Faces, hair and what covers it: whose they are, and that nothing pierces the body."""

import io
import itertools
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.spatial import cKDTree

from lumiku_contracts.images import ImageResult, MapKind
from lumiku_contracts.scene import (
    Appearance,
    Beard,
    Expression,
    Eyewear,
    FaceShape,
    Gaze,
    HairStyle,
    Headwear,
    Pose,
    Scene,
    SkinTone,
)
from lumiku_contracts.scene import Head as HeadTurn
from lumiku_studio.body.complexion import TONES
from lumiku_studio.body.likeness import expression_shares, feature_shares
from lumiku_studio.body.mesh import normals
from lumiku_studio.body.shape import rest_shape
from lumiku_studio.body.template import template
from lumiku_studio.hair import beard
from lumiku_studio.hair.drapes import DRAPES
from lumiku_studio.hair.gathered import TIES
from lumiku_studio.hair.growth import STYLES
from lumiku_studio.maps.control import PALETTE
from lumiku_studio.scene.figure import Figure, figure
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.stage import Segment, Stuff

MOVING = ("contrapposto", "arms-up", "sitting")


def look(who: str = "maya", **changed: Any) -> Appearance:
    return Appearance.model_validate(AVATARS[who].model_dump() | changed)


@cache
def posed(who: str, pose: str, **changed: Any) -> Figure:
    return figure(Scene(pose=POSES[pose], appearance=look(who, **changed)))


def pierced(points: Any, person: Figure, deeper: float, *into: Segment) -> float:
    """The share of points deeper than some metres within what the person shows."""
    solid = [part for part in person.parts if part.segment in into]
    places = np.concatenate([part.points for part in solid])
    outward = np.concatenate([normals(part.points, part.triangles) for part in solid])
    away, near = cKDTree(places).query(points)
    inside = ((points - places[near]) * outward[near]).sum(axis=1) < -deeper
    return float((inside & (away < 0.04)).mean())


@pytest.mark.parametrize("expression", list(Expression))
def test_an_expression_moves_the_face_and_nothing_else(expression: Expression) -> None:
    rest = rest_shape(look(), expression)

    moved = np.linalg.norm(rest.points - rest.still, axis=1) > 1e-5

    body = template()
    assert moved.any()
    assert body.influence("head", "neck", "eye")[moved].min() > 0.2
    assert rest.still[moved][:, 2].min() > rest.head("head")[2] - 0.06


def test_every_target_that_makes_a_face_is_in_the_asset() -> None:
    known = template().targets
    for shape, femininity in itertools.product(FaceShape, (0, 1)):
        physique = look().physique.model_copy(update={"femininity": femininity})
        face = look(face=shape, features=7, physique=physique.model_dump())
        assert {name for name, _ in feature_shares(face)} <= set(known)
    for expression in Expression:
        assert {name for name, _ in expression_shares(expression)} <= set(known)


def test_other_features_are_another_face_and_the_same_are_the_same() -> None:
    plain, one, again, other = (
        rest_shape(look(features=n), Expression.NEUTRAL).points for n in (0, 5, 5, 6)
    )

    assert (one == again).all()
    for a, b in itertools.combinations((plain, one, other), 2):
        assert np.abs(a - b).max() > 0.001


def test_skin_tones_go_from_light_to_dark_by_steps_one_can_see() -> None:
    light = [float(np.mean(TONES[tone])) for tone in SkinTone]

    assert all(a - b > 0.02 for a, b in itertools.pairwise(light))
    assert light[-1] > 0.15


@pytest.mark.parametrize("kind", [b for b in Beard if b is not Beard.NONE])
def test_a_beard_leaves_lips_eyes_and_throat_free(kind: Beard) -> None:
    rest = rest_shape(look("budi"), Expression.NEUTRAL)

    share = beard.share(rest, kind, rest.still)

    eye = rest.head("eye.L")[1]
    grown = rest.still[share > 0.3]
    assert len(grown) > 20
    assert grown[:, 1].max() < eye + 0.01
    assert grown[:, 1].min() > eye - 0.16


def test_every_hair_style_can_be_grown() -> None:
    assert set(STYLES) | set(TIES) | {HairStyle.NONE} == set(HairStyle)


@pytest.mark.parametrize("pose", MOVING)
@pytest.mark.parametrize("style", [HairStyle.LONG, HairStyle.WAVY, HairStyle.PONYTAIL])
def test_hair_that_falls_stays_out_of_skin_and_cloth(
    style: HairStyle, pose: str
) -> None:
    person = posed("maya", pose, hair=style)

    strands = max((hairs for hairs, _, _ in person.strands), key=len)

    free = strands[:, 5:].reshape(-1, 3)
    assert pierced(free, person, 0.004, Segment.SKIN, Segment.TOP) < 0.01


@pytest.mark.parametrize("style", [HairStyle.BOB, HairStyle.LONG, HairStyle.WAVY])
def test_loose_hair_leaves_the_face_free_however_the_head_leans(
    style: HairStyle,
) -> None:
    for turn, tilt, nod in ((0, 35, 0), (-40, -20, 10), (10, 0, -25)):
        leaning = Pose(head=HeadTurn(turn=turn, tilt=tilt, nod=nod))
        person = figure(Scene(pose=leaning, appearance=look(hair=style)))
        placed = person.posed.placed
        strands = max((hairs for hairs, _, _ in person.strands), key=len)
        local = (strands - placed.at("head")) @ placed.turn("head")
        rise = local[..., 1] - (placed.rest.head("eye.L") - placed.rest.head("head"))[1]
        before = (np.abs(local[..., 0]) < 0.045) & (local[..., 2] > 0.06)
        before &= (rise > -0.10) & (rise < 0.01)
        assert before.mean() < 0.002, (turn, tilt, nod)


@pytest.mark.parametrize("pose", MOVING)
@pytest.mark.parametrize("kind", list(DRAPES))
def test_a_hijab_lies_on_the_body_and_not_in_it(kind: Headwear, pose: str) -> None:
    person = posed("aisyah", pose, headwear=kind)

    cloth = next(p for p in person.parts if p.segment is Segment.HEADWEAR)

    used = cloth.points[np.unique(cloth.triangles)]
    assert pierced(used, person, 0.004, Segment.SKIN, Segment.TOP) < 0.03
    neck = person.posed.placed.at("neck01")
    covered = cKDTree(used).query(neck + np.array([[0, 0, 0.07], [0, 0, -0.06]]))[0]
    assert covered.max() < 0.09


def irises(person: Figure) -> Any:
    """Where pupils are, from the middle of each eye, in the head's frame."""
    eyes = next(p for p in person.parts if p.segment is Segment.EYES)
    placed = person.posed.placed
    local = (eyes.points - placed.at("head")) @ placed.turn("head")
    found = []
    for sign in (1, -1):
        side = np.sign(local[:, 0]) == sign
        points, colour = local[side], np.asarray(eyes.colour)[side]
        middle = points.mean(axis=0)
        found.append(points[colour.max(axis=1) < 0.01].mean(axis=0) - middle)
    return np.array(found)


def seeing(turn: float, lift: float, expression: Expression) -> Figure:
    pose = POSES["contrapposto"].model_copy(update={"gaze": Gaze(turn=turn, lift=lift)})
    return figure(Scene(pose=pose, appearance=look(), expression=expression))


@pytest.mark.parametrize(("turn", "lift"), [(25, 0), (-25, 0), (0, -20), (0, 20)])
def test_both_irises_go_as_far_as_the_gaze_asks(turn: float, lift: float) -> None:
    straight = irises(seeing(0, 0, Expression.SMILE))
    turned = irises(seeing(turn, lift, Expression.SMILE))

    assert np.abs(straight[:, :2]).max() < 0.001
    asked = 0.0135 * np.sin(np.radians([turn, lift]))
    assert np.abs(turned[:, :2] - asked).max() < 0.0015


def test_the_upper_lids_follow_a_look_down_but_closed_eyes_stay_closed() -> None:
    def lids(lift: float, expression: Expression) -> Any:
        person = seeing(0, lift, expression)
        placed = person.posed.placed
        return (person.posed.points - placed.at("head")) @ placed.turn("head")

    level, down = lids(0, Expression.NEUTRAL), lids(-20, Expression.NEUTRAL)
    sunk = level[:, 1] - down[:, 1]
    eye = level[template().influence("eye") > 0.5].mean(axis=0)
    assert 0.002 < sunk.max() < 0.012
    assert abs(level[sunk.argmax()] - eye)[1] < 0.02
    closed, still = lids(0, Expression.CALM), lids(-20, Expression.CALM)
    body = template().influence("eye") == 0
    assert np.abs(closed - still)[body].max() < 1e-6


def test_upper_lashes_are_where_the_lid_is_open_and_closed() -> None:
    def roots(expression: Expression) -> Any:
        person = figure(Scene(appearance=look(), expression=expression))
        hairs = min((hairs for hairs, _, _ in person.strands), key=len)[:, 0]
        away, _ = cKDTree(person.parts[0].points).query(hairs)
        assert away.max() < 0.002
        return hairs

    opened, closed = roots(Expression.NEUTRAL), roots(Expression.CALM)

    middle = np.argsort(-(opened - closed)[:, 1])[:40]
    assert (opened - closed)[middle, 1].min() > 0.004
    assert (opened - closed)[middle, 1].max() < 0.016


@pytest.mark.parametrize("features", [0, 5, 37, 131])
def test_no_brow_and_no_cheek_comes_through_sunglasses(features: int) -> None:
    person = figure(
        Scene(appearance=look("budi", features=features, eyewear=Eyewear.SUNGLASSES))
    )

    pane = next(
        p
        for p in person.parts
        if p.segment is Segment.HEADWEAR and p.stuff is Stuff.EYE
    )
    placed = person.posed.placed

    def local(points: Any) -> Any:
        return (points - placed.at("head")) @ placed.turn("head")

    skin, glass = local(person.parts[0].points), local(pane.points)
    skin = skin[skin[:, 2] > glass[:, 2].min() - 0.05]
    apart, near = cKDTree(skin[:, :2]).query(glass[:, :2])
    assert (skin[near, 2] - glass[:, 2])[apart < 0.003].max() < 0


def test_glasses_stand_before_the_eyes() -> None:
    person = posed("budi", "standing-relaxed", eyewear=Eyewear.ROUND)

    rims = next(p for p in person.parts if p.segment is Segment.HEADWEAR).points
    eyes = next(p for p in person.parts if p.segment is Segment.EYES).points
    assert rims[:, 2].max() > eyes[:, 2].max()
    assert abs(rims[:, 0].mean() - eyes[:, 0].mean()) < 0.004


def lab_medians(result: ImageResult) -> dict[Segment, Any]:
    shown = Image.open(io.BytesIO(result.picture.content)).convert("RGB")
    drawn = next(m for m in result.maps if m.kind is MapKind.SEGMENTATION)
    map_image = np.asarray(Image.open(io.BytesIO(drawn.picture.content))).astype(int)
    away = np.abs(map_image[:, :, None] - PALETTE.astype(int)[None, None])
    where = away.sum(axis=3).argmin(axis=2)
    lab = np.asarray(shown, float) / 255
    linear = np.where(lab <= 0.04045, lab / 12.92, ((lab + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = linear @ to_xyz.T / [0.9505, 1, 1.089]
    f = np.cbrt(np.maximum(xyz, 1e-6))
    values = np.stack(
        [
            116 * f[..., 1] - 16,
            500 * (f[..., 0] - f[..., 1]),
            200 * (f[..., 1] - f[..., 2]),
        ],
        axis=-1,
    )
    wanted = (Segment.SKIN, Segment.TOP, Segment.BOTTOM, Segment.HAIR)
    return {one: np.median(values[where == one], axis=0) for one in wanted}


def test_the_same_person_has_the_same_colours_in_two_poses_and_others_differ(
    draw: Callable[..., ImageResult],
) -> None:
    def seen(who: str, pose: str) -> dict[Segment, Any]:
        scene = Scene(pose=POSES[pose], appearance=AVATARS[who])
        return lab_medians(draw(scene, MapKind.SEGMENTATION))

    one, again = seen("maya", "standing-relaxed"), seen("maya", "hands-on-hips")
    other = seen("budi", "standing-relaxed")

    for segment in one:
        assert np.linalg.norm(one[segment] - again[segment]) < 6, segment
    assert max(np.linalg.norm(one[s] - other[s]) for s in one) > 12
