"""Faces, hair and what covers it: whose they are, and that nothing pierces the body."""

import io
import itertools
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.spatial import cKDTree

from lumiku_contracts.images import ImageResult, MapKind
from lumiku_contracts.scene import (
    Appearance,
    Expression,
    FaceShape,
    HairStyle,
    Headwear,
    Pelvis,
    Pose,
    Scene,
    SkinTone,
    Torso,
)
from lumiku_contracts.scene import Head as HeadTurn
from lumiku_studio.album.sources import poses
from lumiku_studio.body.complexion import TONES
from lumiku_studio.body.likeness import expression_shares, feature_shares
from lumiku_studio.body.mesh import border_edges, masked, normals, surface
from lumiku_studio.body.shape import rest_shape
from lumiku_studio.body.template import template
from lumiku_studio.hair.drapes import DRAPES
from lumiku_studio.hair.gathered import TIES
from lumiku_studio.hair.styles import STYLES
from lumiku_studio.maps.control import PALETTE
from lumiku_studio.scene.figure import Figure, figure
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.stage import Segment
from lumiku_studio.wardrobe.trim import folded

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


ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "plugins/pose_generator/lumiku_pose_generator/poses.json"
BESIDE_THE_HEAD = ("call-me", "chin-rest-cute", "lie-front-chin", "phone-call")


@pytest.mark.parametrize("pose", BESIDE_THE_HEAD)
def test_hair_goes_behind_hands_and_forearms_beside_the_head(pose: str) -> None:
    person = figure(
        Scene(pose=poses(LIBRARY)[pose].pose, appearance=look(hair=HairStyle.LONG))
    )
    strands = max((hairs for hairs, _, _ in person.strands), key=len)
    skin = next(p for p in person.parts if p.segment is Segment.SKIN)
    limbs = template().influence("lowerarm", "wrist", "metacarpal", "finger")
    rows = surface("body", 1).operator @ limbs > 0.5
    assert skin.normals is not None
    places, outward = skin.points[rows], skin.normals[rows]

    free = strands[:, 2:].reshape(-1, 3)
    away, near = cKDTree(places).query(free)
    inside = ((free - places[near]) * outward[near]).sum(axis=1) < -0.001

    assert not (inside & (away < 0.04)).any()


def test_hair_lies_over_a_collar_and_not_under_it() -> None:
    shirt = [
        {"kind": "shirt", "colour": "#f0efe9"},
        {"kind": "jeans", "colour": "#4a6485"},
    ]
    person = figure(
        Scene(
            pose=POSES["contrapposto"],
            appearance=look(hair=HairStyle.LONG, outfit=shirt),
        )
    )
    strands = max((hairs for hairs, _, _ in person.strands), key=len)
    collar = next(
        p.points
        for p in person.parts
        if p.segment is Segment.TOP and len(p.points) < 2000 and p.uv is not None
    )
    placed = person.posed.placed
    neck, up = placed.at("neck01"), placed.turn("spine01")[:, 1]
    leaf = folded(collar)

    free = strands[:, 2:].reshape(-1, 3)
    away, near = cKDTree(leaf).query(free)
    level = leaf[near] - neck - ((leaf[near] - neck) @ up)[:, None] * up
    level /= np.linalg.norm(level, axis=1, keepdims=True)
    off = free - leaf[near]
    under = ((off * level).sum(axis=1) < -0.003) & (off @ up < -0.004) & (away < 0.03)

    assert under.mean() < 0.002


@pytest.mark.parametrize("style", list(TIES))
def test_no_drawn_back_hair_pierces_an_ear(style: HairStyle) -> None:
    person = posed("maya", "contrapposto", hair=style)
    skin = next(p for p in person.parts if p.segment is Segment.SKIN)
    ears = cKDTree(skin.points[masked("ears") > 0.5])

    strands = max((hairs for hairs, _, _ in person.strands), key=len)

    assert ears.query(strands)[0].min() > 0.005


def _over_the_chest(pose: Pose) -> Any:
    """Long hair from the neck's root, in the trunk's axes: left, up, front."""
    person = figure(Scene(pose=pose, appearance=look(hair=HairStyle.LONG)))
    strands = max((hairs for hairs, _, _ in person.strands), key=len)
    placed = person.posed.placed
    return (strands - placed.at("neck01")) @ placed.turn("spine01")


def test_hair_slides_off_the_shoulders_of_a_turned_head_and_off_a_bowed_back() -> None:
    turned = _over_the_chest(Pose(head=HeadTurn(turn=-66)))
    bowed = _over_the_chest(
        Pose(head=HeadTurn(nod=-50), torso=Torso(bend=36), pelvis=Pelvis(tilt=30))
    )

    assert np.percentile(np.abs(turned[..., 0]), 95) < 0.12
    assert ((bowed[..., 1] < -0.02) & (bowed[..., 2] < 0)).mean() < 0.03


@pytest.mark.parametrize("pose", MOVING)
@pytest.mark.parametrize("kind", list(DRAPES))
def test_a_hijab_lies_on_the_body_and_not_in_it(kind: Headwear, pose: str) -> None:
    person = posed("aisyah", pose, headwear=kind)

    cloth = next(p for p in person.parts if p.segment is Segment.HEADWEAR)

    used = cloth.points[np.unique(cloth.triangles)]
    placed = person.posed.placed
    neck = placed.at("neck01")
    aside = np.abs((used - neck) @ placed.turn("spine01"))[:, 0]
    # A lifted shoulder comes out through the cloth and hides what is beneath it.
    free = used[(aside < 0.06) | (pose != "arms-up")]
    assert pierced(free, person, 0.004, Segment.SKIN, Segment.TOP) < 0.03
    covered = cKDTree(used).query(neck + np.array([[0, 0, 0.07], [0, 0, -0.06]]))[0]
    assert covered.max() < 0.09


@pytest.mark.parametrize("kind", list(DRAPES))
def test_a_hijab_does_not_stand_off_beside_the_neck_when_arms_are_lifted(
    kind: Headwear,
) -> None:
    person = posed("aisyah", "arms-up", headwear=kind)
    placed = person.posed.placed
    cloth = next(p for p in person.parts if p.segment is Segment.HEADWEAR)
    solid = [p for p in person.parts if p.segment in {Segment.SKIN, Segment.TOP}]

    used = cloth.points[np.unique(cloth.triangles)]
    local = (used - placed.at("neck01")) @ placed.turn("spine01")
    beside = (np.abs(local[:, 0]) > 0.06) & (np.abs(local[:, 1] - 0.01) < 0.06)
    body = np.concatenate([p.points[np.unique(p.triangles)] for p in solid])
    away, _ = cKDTree(body).query(used[beside])

    assert beside.sum() > 50
    assert np.median(away) < 0.0235


@pytest.mark.parametrize("kind", list(DRAPES))
def test_the_edge_of_a_hijab_lies_on_the_shoulders(kind: Headwear) -> None:
    person = posed("aisyah", "contrapposto", headwear=kind)
    placed = person.posed.placed
    cloth = next(p for p in person.parts if p.segment is Segment.HEADWEAR)
    tops = [p for p in person.parts if p.segment is Segment.TOP]

    edge = cloth.points[np.unique(border_edges(cloth.triangles))]
    local = (edge - placed.at("neck01")) @ placed.turn("spine01")
    aside = (np.abs(local[:, 0]) > 0.10) & (local[:, 1] < 0.08)
    points = np.concatenate([p.points for p in tops])
    outward = np.concatenate([normals(p.points, p.triangles) for p in tops])
    near = cKDTree(points).query(edge[aside])[1]
    over = ((edge[aside] - points[near]) * outward[near]).sum(axis=1)

    spanned = 0.030 if kind is Headwear.KHIMAR else 0.016  # from arm to trunk
    assert np.percentile(over, 95) < spanned, over.max()


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
