"""A hijab: cloth drawn over head, neck and chest, seen from a point within the neck.

What lies under it is star-shaped from there, so that the drape is one radius for each
direction: a skin stretched over the body. Rows from the opening round the face to the
lower edge are laid on it, evened, folded, and kept off what they cover.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, grey_dilation, grey_erosion
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Headwear
from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.hair import weft
from lumiku_studio.hair.drapes import DRAPES, Drape
from lumiku_studio.hair.folds import Below, bun
from lumiku_studio.hair.folds import folds as folds_of
from lumiku_studio.hair.hem import LIFTED, cut, hanging, lowest, slid
from lumiku_studio.hair.opening import Opening, opening
from lumiku_studio.hair.stretch import directions, radii, taut
from lumiku_studio.shading.stage import Order, Part, Segment, Stuff
from lumiku_studio.skeleton.rig import Placed

EDGE_OFF = 0.0048  # metres over the skin at the face
HEM_OFF = 0.0050  # metres over the tops on which the lower edge lies
LEAST = 0.0045  # metres over anything that cloth keeps everywhere
FALLING = 0.07  # metres from the hem over which cloth comes down on the body
RISE = 0.5  # metres that it may stand off farther for each from its edge
HELD = 0.09  # metres beyond which nothing is drawn down
PRESSED = ((0.015, 0.05), (0.0, 0.15))
"""How far cloth stands off at most, by the metres that a hand is away."""
GIVES = 0.016  # metres that it gives way to a hand
HUG = 0.05  # metres from the face within which it leaves the skin
HAIR = 0.016  # metres that gathered hair lifts it
ROUNDS, WIDE = 7, 1.6
DEEPEST = 0.04  # metres that it is lifted out of what it would be in
SPANNED = (1, 9)  # rows and lines over which the hem spans a hollow
LIFTED_WITH = (3, 5)  # rows and lines that are lifted together
KEPT = 2  # rounds in which it is kept off the body
HIDDEN = 0.010  # metres within the opening from which skin is not drawn
BORNE = (0.115, 0.50)
"""Metres from the spine of what the cloth lies on: arm lifted, hanging."""
HEAD_RISE, HEAD_SIZE = 0.06, 0.15  # metres: a ball about the head, over its joint
LAIN = ((0.55, 0.85), (0.08, 0.40))
"""Metres from the neck within which cloth lies on an arm, by how much it hangs."""


@dataclass(frozen=True, slots=True, eq=False)
class Hijab:
    """A hijab as it is worn in a pose."""

    parts: list[Part]
    face: Opening
    centre: Floats
    frame: Floats
    hem: Floats
    """The rise of its lower edge for each column of directions."""

    def covers(self, points: Floats, margin: float = HIDDEN) -> Mask:
        """Which points of the head and the neck lie under it, some metres within."""
        turn, rise = weft.seen(points, self.centre, self.frame)
        ends = np.linspace(-np.pi, np.pi, len(self.hem), endpoint=False)
        edge = np.interp(turn, ends, self.hem, period=2 * np.pi)
        out: Mask = (self.face.beyond(points) > margin) & (rise > edge + margin / 0.1)
        return out


def drape(below: Below, placed: Placed, kind: Headwear, colour: Floats) -> Hijab:
    """The scarf on a posed head."""
    hang = hanging(placed)
    how = slid(DRAPES[kind], hang)
    centre = (placed.at("neck03") + placed.at("head")) / 2
    frame = placed.turn("spine01")
    face = opening(below, placed)
    skin, filled = _filled(how, below, placed, hang, centre, frame)
    turn, rise = directions()
    laid = _at(filled, turn, rise, centre, frame)
    hem, reach = lowest(how, laid, placed, hang, below.hands)

    def lies(turn: Floats, rise: Floats) -> Floats:
        radius = weft.looked_up(filled, turn, rise)
        return _at(radius, turn, rise, centre, frame)

    points = weft.rows(face, hem, centre, frame, lies)
    points = _joined(points, face)
    for _ in range(ROUNDS):
        points = weft.evened(points, WIDE)
        points = _over(points, skin, centre, frame)
    run = weft.run(points)
    folds = folds_of(how, points, placed, below, run)
    edge = run[-1] - run
    folds *= np.clip(run / 0.03, 0, 1) * np.clip(edge / 0.05, 0.25, 1)
    points = points + weft.outward(points) * folds[..., None]
    points = _kept_off(points, below, KEPT)
    points = _kept_off(cut(points, reach, placed), below, 1)
    parts = [_piece(points, folds, face, colour)]
    if how.pin:
        parts.append(_pin(points, weft.outward(points)))
    return Hijab(parts, face, centre, frame, hem)


def _at(
    radius: Floats, turn: Floats, rise: Floats, centre: Floats, frame: Floats
) -> Floats:
    flat = np.cos(rise)
    way = np.stack([flat * np.sin(turn), np.sin(rise), flat * np.cos(turn)], axis=-1)
    out: Floats = centre + (way * radius[..., None]) @ frame.T
    return out


def _filled(
    how: Drape,
    below: Below,
    placed: Placed,
    hang: tuple[float, float],
    centre: Floats,
    frame: Floats,
) -> tuple[Floats, Floats]:
    """How far the body reaches in each direction, and cloth that spans its hollows."""
    turn, rise = directions()
    root = placed.at("neck01")
    lain = [
        arm[np.linalg.norm(arm - root, axis=1) < np.interp(h, *LAIN)]
        for arm, h in zip(below.arms, hang, strict=True)
    ]
    borne = below.points[_bears(below.points, placed, hang)]
    skin = radii(np.concatenate([borne, *lain]), centre, frame)
    degrees = np.degrees(rise)
    low = np.clip((-degrees - 12) / 20, 0, 1)
    skin = skin + LEAST + (how.on_chest - LEAST) * low
    skin += HAIR * bun(turn, rise) * (how.off / 0.008)
    wide = gaussian_filter(
        grey_dilation(skin, size=(5, 7), mode="nearest"), 3.0, mode=("nearest", "wrap")
    )
    about = np.interp(degrees, (-30, -8), (how.hold, how.hold * how.cheeks))
    behind = np.clip(0.2 - np.cos(turn), 0, 1)
    hold = about + (how.hold - about) * behind
    return skin, wide + np.maximum(taut(skin) - wide, 0) * hold


def _bears(points: Floats, placed: Placed, hang: tuple[float, float]) -> Mask:
    """What the cloth lies on: not a lifted arm's shoulder, which would raise it."""
    local = (points - placed.at("neck01")) @ placed.turn("spine01")
    most = np.where(local[:, 0] > 0, *(np.interp(h, LIFTED, BORNE) for h in hang))
    middle = placed.at("head") + placed.turn("head")[:, 1] * HEAD_RISE
    head = np.linalg.norm(points - middle, axis=1) < HEAD_SIZE
    out: Mask = head | (np.abs(local[:, 0]) < most)
    return out


def _joined(points: Floats, face: Opening) -> Floats:
    """Rows whose first lies on the curve round the face; the others follow."""
    edge = face.curve + face.ways * EDGE_OFF
    share = np.clip(1 - weft.run(points) / HUG, 0, 1)[..., None]
    out: Floats = points + (edge - points[0]) * share * share * (3 - 2 * share)
    return out


def _over(points: Floats, skin: Floats, centre: Floats, frame: Floats) -> Floats:
    """Rows that are nowhere nearer than the body reaches; the first is where it was."""
    turn, rise = weft.seen(points, centre, frame)
    least = weft.looked_up(skin, turn, rise)
    away = points - centre
    far = np.linalg.norm(away, axis=2)
    steep = np.clip((np.degrees(rise) + 50) / 20, 0, 1)
    more = np.maximum(least / far - 1, 0) * steep
    out: Floats = points + away * more[..., None]
    out[0] = points[0]
    return out


def _kept_off(points: Floats, below: Below, rounds: int) -> Floats:
    """Rows off all that they lie on, close to it near the edge and near hands."""
    solids = below.solids
    tree, hands = _tree(solids.points), _tree(below.hands)
    run = weft.run(points)
    most = HEM_OFF + RISE * (run[-1] - run)
    touched, _ = hands.query(points, distance_upper_bound=PRESSED[0][1])
    pressed = HEM_OFF + np.interp(touched, *PRESSED)
    for _ in range(rounds):
        away, near = tree.query(points)
        facing = solids.outward[near]
        over = ((points - solids.points[near]) * facing).sum(axis=2)
        over = np.where(away < HELD, over, LEAST)
        held = np.maximum(over - most, 0)
        held = grey_erosion(held, size=SPANNED, mode=("nearest", "wrap"))
        held = np.maximum(held, np.minimum(over - pressed, GIVES))
        lifted = np.clip(LEAST - over, 0, DEEPEST)
        lifted = grey_dilation(lifted, size=LIFTED_WITH, mode=("nearest", "wrap"))
        shift = (lifted - held) * np.clip(run / 0.02, 0, 1)
        moved = gaussian_filter(
            facing * shift[..., None], (1, 2, 0), mode=("nearest", "wrap", "nearest")
        )
        points = points + moved
    return points


def _tree(points: Floats) -> cKDTree:
    return cKDTree(points, compact_nodes=False, balanced_tree=False)


def _piece(points: Floats, folds: Floats, face: Opening, colour: Floats) -> Part:
    run = weft.run(points)
    shade = np.clip(-folds / 0.006, 0, 1) * 0.10
    near = np.minimum(run, run[-1] - run)
    rows, before, after = weft.rolled(points, face)
    near = np.pad(near, ((before, after), (0, 0)))
    shade = np.pad(shade, ((before, after), (0, 0)))
    return Part(
        points=rows.reshape(-1, 3),
        triangles=weft.net(len(rows)),
        colour=colour,
        stuff=Stuff.CLOTH,
        segment=Segment.HEADWEAR,
        order=Order.SCARF,
        detail=np.stack(
            [np.where(near > 0.03, 1.0, near + 0.009).ravel(), shade.ravel()], axis=1
        ),
    )


def _pin(points: Floats, facing: Floats) -> Part:
    """A small round pin below the chin."""
    column = int(points.shape[1] * 0.735)
    row = int(np.searchsorted(weft.run(points)[:, column], 0.05))
    centre, ahead = points[row, column], facing[row, column]
    across = np.cross([0.1, 1.0, 0.2], ahead)
    across /= np.linalg.norm(across)
    up = np.stack([across, np.cross(ahead, across), ahead], axis=1)
    angle = np.linspace(0, 2 * np.pi, 13)[:-1]
    ring = np.stack([np.cos(angle), np.sin(angle), np.zeros(12)], axis=1) * 0.0048
    disc = np.concatenate([ring, ring * 0.6 + [0, 0, 0.0026], [[0, 0, 0.0032]]])
    k = np.arange(12)
    n = (k + 1) % 12
    triangles = np.concatenate(
        [
            np.stack([k, n, n + 12], axis=1),
            np.stack([k, n + 12, k + 12], axis=1),
            np.stack([k + 12, n + 12, np.full(12, 24)], axis=1),
        ]
    )
    gold = np.array([0.62, 0.44, 0.20])
    return Part(centre + disc @ up.T, triangles, gold, Stuff.SHOE, Segment.HEADWEAR)
