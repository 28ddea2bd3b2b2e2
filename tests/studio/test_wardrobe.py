"""Garments lie over the body, and their hems over what is worn below them."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Contact, Expression, Leg, Physique, Pose
from lumiku_studio.arrays import Floats
from lumiku_studio.body.mesh import border_edges, normals, surface, triangles_of
from lumiku_studio.body.template import template
from lumiku_studio.scene.dressing import dressed
from lumiku_studio.scene.figure import pose_of
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.stage import Part
from lumiku_studio.skeleton.posing import Posed
from lumiku_studio.wardrobe.clothing import Worn, clothing
from lumiku_studio.wardrobe.fitting import fitted
from lumiku_studio.wardrobe.folds import APART
from lumiku_studio.wardrobe.outfits import OUTFITS
from lumiku_studio.wardrobe.skirt import AROUND, FALLS, RINGS, Hips

DEEPEST = 0.003  # metres of cloth in the trunk
PRESSED = 0.02  # about a seat or a floor, where cloth and skin are pressed flat
HEM_DEEPEST = 0.004  # of a top's hem in what is worn below it
LEG_FARTHEST = 0.025  # of a leg out of a skirt: behind in a deep lunge
UNEVEN = 0.065  # of a top's hem from end to end, along the pelvis
SUNK = 0.001  # of a hem in the floor
WAIST_GAP = 0.008  # metres to the nearest point of a net of 10 mm
LOWEST, EDGE = -0.15, 0.001  # chart `leg` from which hems count; metres from them
CREASE, RAISED = 0.30, 0.36
"""Of a thigh or shin; where a thigh raised beyond level lies on the belly."""
OPEN = 5  # rings of a skirt next to its hem, beyond which there is no cloth
KINK = 0.001  # metres that a place of a seam lies beside the line of its neighbours
LUMP = 0.004  # metres of cloth between thighs below them
FREE = Leg(planted=False, ankle=28, away=2)
TESTED = {
    "standing": POSES["waving"],
    "seated": POSES["sitting"],
    "wide": POSES["lunge"],
    "kneeling": Pose(
        contact=Contact.KNEELING,
        left_leg=Leg(forward=88, knee=90),
        right_leg=Leg(forward=-4, knee=86, ankle=20, planted=False),
    ),
    "jumping": Pose(contact=Contact.JUMPING, lift=0.25, left_leg=FREE, right_leg=FREE),
}


def _inside(points: Floats, solid: Floats, outward: Floats, near: float) -> Floats:
    """How deep points are in the nearest surface; far ones are outside."""
    distance, which = cKDTree(solid).query(points)
    depth: Floats = -((points - solid[which]) * outward[which]).sum(axis=1)
    return np.where(distance < near, depth, -1.0)


def _raised(posed: Posed) -> bool:
    """Whether a knee is higher than its hip."""
    knees, hips = (
        [posed.placed.at(f"{bone}.{side}")[1] for side in "LR"]
        for bone in ("lowerleg01", "upperleg01")
    )
    return any(knee > hip for knee, hip in zip(knees, hips, strict=True))


def _in_trunk(worn: Worn, posed: Posed) -> float:
    faces = template().faces["body"]
    # A lifted shoulder presses on the neck: there skin meets skin.
    limbs = template().influence(
        "upperarm", "lowerarm", "wrist", "finger", "shoulder01", "neck", "head"
    )
    skin = np.unique(faces)
    skin = skin[limbs[skin] < 0.02]
    outward = normals(posed.points, triangles_of(faces))[skin]
    pressed = RAISED if _raised(posed) else CREASE
    deepest = 0.0
    for sewn, part in worn:
        # In the creases of groin and knee, skin presses on skin, cloth between.
        crease = np.minimum(np.abs(sewn.leg), np.abs(sewn.leg - 1)) < pressed
        lone = (sewn.arm < 0.02) & ~crease
        if posed.seat is not None:
            # On a seat both are pressed flat onto one another.
            high = part.points[: len(sewn.under), 1] - posed.seat.centre[1]
            lone &= np.abs(high) > PRESSED
        # A knee that kneels sinks a little into the floor, its cloth lies on it.
        lone &= part.points[: len(sewn.under), 1] > PRESSED
        points = part.points[: len(sewn.under)][lone]
        depth = _inside(points, posed.points[skin], outward, 0.03)
        deepest = max(deepest, depth.max())
    return deepest


def _hems_in_trousers(worn: Worn) -> float:
    clouds, ways = [], []
    for sewn, part in worn:
        if sewn.cut.top is not None:
            clouds.append(part.points[: len(sewn.leg)])
            ways.append(normals(clouds[-1], sewn.triangles))
    deepest = 0.0
    for sewn, part in worn:
        low = np.isfinite(sewn.leg) & (sewn.leg > -0.05)
        if clouds and sewn.cut.top is None and low.any():
            points = part.points[: len(sewn.leg)][low]
            solid, outward = np.concatenate(clouds), np.concatenate(ways)
            deepest = max(deepest, _inside(points, solid, outward, 0.05).max())
    return deepest


def _unevenness(worn: Worn, posed: Posed) -> float:
    """How far apart the highest and the lowest place of a top's hem are."""
    up = posed.placed.turn("root")[:, 1]
    most = 0.0
    for sewn, part in worn:
        low = np.isfinite(sewn.leg) & (sewn.leg > LOWEST) & (sewn.hem < EDGE)
        if sewn.cut.top is None and not sewn.cut.open and low.any():
            most = max(most, float(np.ptp(part.points[: len(low)][low] @ up)))
    return most


def _gap_at_waist(hanging: Part, worn: Worn) -> float:
    """How far the beginning of a skirt stands off the top that it goes with."""
    tops = [part.points for sewn, part in worn if sewn.cut.top is None]
    distance, _ = cKDTree(np.concatenate(tops)).query(hanging.points[:AROUND])
    return float(distance.max())


def _legs_out_of(hanging: Part, hem: float, hips: Hips, posed: Posed) -> float:
    skin = (surface("body", 0).operator @ posed.points)[hips.rows]
    legs = skin[(hips.leg > 0.5) & (hips.leg < hem - 0.1)]
    outward = normals(hanging.points, hanging.triangles)
    distance, which = cKDTree(hanging.points[: RINGS * AROUND]).query(legs)
    out = ((legs - hanging.points[which]) * outward[which]).sum(axis=1)
    covered = (distance < 0.06) & (which < (RINGS - OPEN) * AROUND)
    if posed.seat is not None:  # what is sat upon is folded, and has legs over it
        high = hanging.points[which, 1] - posed.seat.centre[1]
        covered &= np.abs(high) > PRESSED
    return float(np.where(covered, out, 0.0).max(initial=0.0))


@pytest.mark.parametrize("outfit", OUTFITS)
def test_cloth_lies_over_the_body_and_hems_over_what_is_below(outfit: str) -> None:
    for name, pose in TESTED.items():
        whole = AVATARS["maya"].model_copy(update={"outfit": OUTFITS[outfit]})
        look, _ = fitted(whole, pose)
        person = dressed(look, Expression.NEUTRAL)
        posed = pose_of(person, pose)

        clothes = clothing(
            person.tailored.garments, look.outfit, person.tailored.hips, posed
        )

        assert _in_trunk(clothes.cut, posed) <= DEEPEST, name
        assert _hems_in_trousers(clothes.cut) <= HEM_DEEPEST, name
        assert _unevenness(clothes.cut, posed) <= UNEVEN, name
        hung = [g.kind for g in look.outfit if g.kind in FALLS]
        for kind, part in zip(hung, clothes.hanging, strict=True):
            assert part.points[:, 1].min() > -SUNK, name
            assert person.tailored.hips is not None
            out = _legs_out_of(part, FALLS[kind].hem, person.tailored.hips, posed)
            assert out <= LEG_FARTHEST, (name, kind)
            assert _gap_at_waist(part, clothes.cut) <= WAIST_GAP, (name, kind)


def test_hands_lie_on_a_lap_of_cloth_and_not_in_it() -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS["abaya"]})
    person = dressed(look, Expression.NEUTRAL)
    posed = pose_of(person, POSES["sitting"])
    (lap,) = clothing(
        person.tailored.garments, look.outfit, person.tailored.hips, posed
    ).hanging

    hands = template().influence("finger", "metacarpal") > 0.6
    hands[template().faces["body"].max() + 1 :] = False
    outward = normals(lap.points, lap.triangles)[: RINGS * AROUND]
    depth = _inside(posed.points[hands], lap.points[: RINGS * AROUND], outward, 0.05)

    assert depth.max() < 0.012


def test_a_bent_knee_does_not_drag_the_hems_of_shorts() -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS["shorts"]})
    person = dressed(look, Expression.NEUTRAL)
    (shorts,) = (s for s in person.tailored.garments if s.cut.top is not None)
    shins = [n for n, b in enumerate(template().bones) if b.startswith("lowerleg")]

    assert shorts.weights[:, shins].nnz == 0
    assert shorts.suited[:, shins].nnz > 0


def test_cloth_lies_on_the_floor_and_not_in_it() -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS["stripes"]})
    person = dressed(look, Expression.NEUTRAL)
    laid = Leg(forward=82, away=52, rotate=60, knee=110, planted=False, laid=True)
    pose = Pose(contact=Contact.FLOOR, left_leg=laid, right_leg=laid)
    tailored = person.tailored

    worn = clothing(tailored.garments, look.outfit, None, pose_of(person, pose)).cut

    for sewn, part in worn:
        assert part.points[: len(sewn.under), 1].min() > 0


@pytest.mark.parametrize("outfit", ["skirt", "abaya"])
def test_the_hem_of_who_sits_lies_on_the_shoes_and_not_in_them(outfit: str) -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS[outfit]})
    person = dressed(look, Expression.NEUTRAL)
    cut, posed = person.tailored, pose_of(person, POSES["sitting"])
    assert cut.hips is not None

    (hung,) = clothing(cut.garments, look.outfit, cut.hips, posed).hanging

    body = surface("body", 0).operator @ posed.points
    outward = normals(body, surface("body", 0).triangles)[cut.hips.insteps]
    hem = hung.points[(RINGS - OPEN) * AROUND : RINGS * AROUND]
    depth = _inside(hem, body[cut.hips.insteps], outward, 0.05)
    assert depth.max() < 0


def test_no_trousers_are_drawn_where_the_knees_of_who_sits_are_under_an_abaya() -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS["abaya"]})
    person = dressed(look, Expression.NEUTRAL)
    posed = pose_of(person, POSES["sitting"])

    worn = clothing(person.tailored.garments, look.outfit, person.tailored.hips, posed)

    ((sewn, part),) = (one for one in worn.cut if one[0].cut.top is not None)
    drawn = np.unique(part.triangles)
    assert sewn.leg[drawn[drawn < len(sewn.leg)]].min() > 1 + CREASE


def test_no_lump_hangs_between_the_thighs_of_who_crouches() -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS["stripes"]})
    person = dressed(look, Expression.NEUTRAL)
    thigh = Leg(forward=112, away=20, knee=130)
    pose = Pose(contact=Contact.CROUCHING, left_leg=thigh, right_leg=thigh)

    worn = clothing(person.tailored.garments, look.outfit, None, pose_of(person, pose))

    ((sewn, part),) = (one for one in worn.cut if one[0].cut.top is not None)
    aside, low = np.abs(sewn.points[:, 0]), part.points[: len(sewn.leg), 1]
    thighs = low[(aside > 0.05) & (aside < 0.10) & (sewn.leg < 0.5)]
    assert low[aside < 0.02].min() > thighs.min() - LUMP


@pytest.mark.parametrize("proportions", [0.1, 0.72, 0.95])
def test_a_skirt_hangs_from_a_lean_body_without_trousers(proportions: float) -> None:
    lean = Physique(femininity=0, weight=0.2, proportions=proportions, asian=0.85)
    change = {"physique": lean, "outfit": OUTFITS["skirt"]}
    look = AVATARS["budi"].model_copy(update=change)
    person = dressed(look, Expression.NEUTRAL)
    cut, posed = person.tailored, pose_of(person, POSES["sitting"])

    (hung,) = clothing(cut.garments, look.outfit, cut.hips, posed).hanging

    assert np.isfinite(hung.points).all()


def test_sleeves_meet_the_trunk_along_one_smooth_line() -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS["stripes"]})
    person = dressed(look, Expression.NEUTRAL)
    posed = pose_of(person, POSES["waving"])
    worn = clothing(person.tailored.garments, look.outfit, None, posed).cut
    ((sewn, part),) = [one for one in worn if one[0].cut.top is None]

    on_sleeve = np.rint(sewn.uv[..., 1] / APART) == 1
    line = border_edges(sewn.triangles[on_sleeve.all(axis=1)])
    line = line[(sewn.hem[line] > 0.01).all(axis=1)]
    ahead = dict(line.tolist())
    bends = [
        _bend(part.points[[a, b, ahead[b]]]) for a, b in ahead.items() if b in ahead
    ]

    assert (on_sleeve.all(axis=1) | ~on_sleeve.any(axis=1)).all()
    assert len(bends) > 100
    assert np.percentile(bends, 95) < KINK


def _bend(corner: Floats) -> float:
    """Metres that the middle one of three points lies beside the line of the others."""
    way, along = corner[1] - corner[0], corner[2] - corner[0]
    length = max(float(np.linalg.norm(along)), 1e-9)
    return float(np.linalg.norm(np.cross(way, along))) / length
