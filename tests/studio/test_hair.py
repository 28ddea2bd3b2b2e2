"""Hair: every style grows, and falls clear of faces, hands, skin and cloth."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial import cKDTree
from tests.studio.people import MOVING, look, pierced, posed

from lumiku_contracts.scene import HairStyle, Pelvis, Pose, Scene, Torso
from lumiku_contracts.scene import Head as HeadTurn
from lumiku_studio.album.sources import poses
from lumiku_studio.body.mesh import masked, surface
from lumiku_studio.body.template import template
from lumiku_studio.hair.gathered import TIES
from lumiku_studio.hair.strays import in_company
from lumiku_studio.hair.styles import STYLES
from lumiku_studio.scene.figure import figure
from lumiku_studio.scene.samples import POSES
from lumiku_studio.shading.stage import Segment
from lumiku_studio.wardrobe.trim import folded

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "plugins/pose_generator/lumiku_pose_generator/poses.json"
BESIDE_THE_HEAD = ("call-me", "chin-rest-cute", "lie-front-chin", "phone-call")


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
def test_a_ponytail_is_a_round_bundle_that_narrows_to_its_tips(pose: str) -> None:
    tail, _, _ = posed("maya", pose, hair=HairStyle.PONYTAIL).strands[-1]

    middle, tips = (tail[:, row] - tail[:, row].mean(axis=0) for row in (8, -1))
    thin, wide = np.linalg.svd(middle, compute_uv=False)[[1, 0]] / len(tail) ** 0.5

    assert thin > 0.5 * wide, (thin, wide)
    across = np.linalg.norm(tips[:, [0, 2]], axis=1).mean()
    assert across < np.linalg.norm(middle[:, [0, 2]], axis=1).mean()


def test_a_hair_that_leaves_all_others_is_a_stray_and_its_tip_alone_is_none() -> None:
    lock = np.zeros((40, 10, 3)) + np.linspace(0, 0.05, 10)[:, None]
    stray, tip = (
        lock[:1] + np.linspace(0, 0.1, 10)[:, None] * [1, 0, 0],
        lock[:1].copy(),
    )
    tip[:, -1] += 0.03

    kept = in_company(np.concatenate([lock, stray, tip]))

    assert kept[:40].all()
    assert kept[40:].tolist() == [False, True]


@pytest.mark.parametrize("style", [HairStyle.BOB, HairStyle.LONG])
def test_hair_closes_behind_the_head(style: HairStyle) -> None:
    person = posed("maya", "contrapposto", hair=style)
    placed = person.posed.placed
    strands = max((hairs for hairs, _, _ in person.strands), key=len)

    local = (strands.reshape(-1, 3) - placed.at("head")) @ placed.turn("head")
    nape = (local[:, 2] < 0) & (np.abs(local[:, 1] + 0.065) < 0.025)
    across = np.histogram(local[nape, 0], np.linspace(-0.03, 0.03, 11))[0]

    assert across.min() > 0.25 * across.mean(), across
