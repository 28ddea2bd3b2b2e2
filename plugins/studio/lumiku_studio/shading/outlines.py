"""Smooth outlines: the share of a pixel that each surface takes, in shown colours.

Few rays a pixel, averaged as light, leave stairs where a dark thing stands before a
bright one. So pixels on an edge are asked again, by rays that only say what they meet;
each takes the clean colour of a pixel close by that shows the same surface. Gaps among
hairs that are narrower than a pixel or two are closed: there are more hairs than drawn.
"""

import numpy as np
from scipy.ndimage import (
    binary_closing,
    binary_dilation,
    binary_erosion,
    distance_transform_edt,
    uniform_filter,
)

from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.shading.film import Film, Shot
from lumiku_studio.shading.spending import about_eyes, close_to_floor, face
from lumiku_studio.shading.stage import Segment
from lumiku_studio.tracing.rays import NOTHING

PLACES = np.stack(
    [(1, 3, 5, 7, 9, 11, 13, 15, 1, 3, 5, 7, 9, 11, 13, 15),
     (5, 1, 7, 3, 13, 9, 15, 11, 11, 15, 9, 13, 3, 7, 1, 5)],
    axis=1,
).astype(np.float32) / np.float32(16)  # fmt: skip
"""Where in a pixel it is asked, 0-1 across and down; evenly spread."""
CONTACT = 0.025  # metres above the floor where an outline is dark by its own shadow
STEP = 0.02  # metres of depth between neighbours of one kind that make an edge
OTHER = 10.0  # metres that another kind of surface counts as
MIXED = 0.05  # metres that a neighbour counts as, which is on an edge itself
UNCLEAN = 1.0  # metres that one counts as whose own rays met the backdrop, too
FARTHEST = 12  # pixels away that hair's and the backdrop's clean colour is taken from
COMB, ALIKE = 9, 0.6
"""Pixels in which hairs are compared, and the square of their mean way."""
RIM = 2  # pixels of hair beside the backdrop whose colour is not hair's alone
WHOLE = 0.01  # share of a pixel by which it may miss to be clean
THROUGH = (Segment.BACKDROP, Segment.SKIN, Segment.TOP)
"""What is seen through gaps among hairs."""
WORN = (Segment.TOP, Segment.BOTTOM, Segment.SHOES, Segment.HEADWEAR)
CALMED = 2  # pixels
ALL_WAYS = np.ones((3, 3), bool)
AROUND = tuple((y, x) for y in (-1, 0, 1) for x in (-1, 0, 1))


def edges(film: Film) -> Mask:
    """Pixels whose neighbour shows another kind of surface, or one far behind it."""
    out = np.zeros_like(film.person)
    # Between lips and teeth, as among hairs, a pixel's own rays say it best.
    whole = (film.segment == Segment.HAIR) | (
        (film.segment == Segment.SKIN) & face(film.segment)
    )
    for axis in (0, 1):
        one = [slice(None), slice(None)]
        two = [slice(None), slice(None)]
        one[axis], two[axis] = slice(None, -1), slice(1, None)
        a, b = tuple(one), tuple(two)
        differ = film.segment[a] != film.segment[b]
        deep = np.abs(film.depth[a] - film.depth[b]) > STEP
        differ |= deep & ~(whole[a] & whole[b])
        out[a] |= differ
        out[b] |= differ
    out |= _unclean(film)
    # Eyes got enough rays; where they are small, all of their pixels are edges.
    out &= ~about_eyes(film.segment)
    return out


def smooth(
    film: Film, shot: Shot, shown: Floats, *, cut_out: bool
) -> tuple[Floats, Floats]:
    """Colours (h x w x 3) and cover (h x w), 0-1, with smooth outlines.

    `shown` has the colours of each pixel, as eyes see them. `cut_out` leaves the
    backdrop's colours out, for a picture that is transparent where it is.
    """
    # Beside soles the floor is darkest where only a mixed pixel shows it.
    touching = close_to_floor(film, shot.view, CONTACT)
    edge = edges(film) & ~binary_dilation(touching, iterations=1)
    rows, columns = np.nonzero(edge)
    shown = shown.copy()
    _calm(film, shown)
    colours, cover = shown.copy(), film.alpha.copy()
    if not len(rows):
        return colours, cover
    segment, depth = _met(film, shot, rows, columns)
    _close(film, (rows, columns), segment, depth)
    chosen = _likest(film, edge, (rows, columns), segment, depth)
    solid = segment != Segment.BACKDROP
    counted = (solid if cut_out else np.ones_like(solid))[..., None]
    total = (_even(film, shown, chosen) * counted).sum(axis=0)
    colours[rows, columns] = total / np.maximum(counted.sum(axis=0), 1)
    cover[rows, columns] = solid.mean(axis=0)
    return colours, cover


def _calm(film: Film, colours: Floats) -> None:
    """Even out, in place, the skin beside cloth: its line of shadow is dotted."""
    skin = film.segment == Segment.SKIN
    beside = binary_dilation(np.isin(film.segment, WORN), iterations=CALMED) & skin
    rows, columns = np.nonzero(beside & ~about_eyes(film.segment))
    total, count = np.zeros((len(rows), 3), np.float32), np.zeros(len(rows))
    for y in range(-CALMED, CALMED + 1):
        for x in range(-CALMED, CALMED + 1):
            row = np.clip(rows + y, 0, film.height - 1)
            column = np.clip(columns + x, 0, film.width - 1)
            alike = skin[row, column]
            alike &= np.abs(film.depth[row, column] - film.depth[rows, columns]) < STEP
            total += colours[row, column] * alike[:, None]
            count += alike
    colours[rows, columns] = total / count[:, None]


def _even(film: Film, shown: Floats, chosen: Ints) -> Floats:
    """Colours of pixels (by number), each the mean of those around of its surface.

    A line of shadow beside an outline is narrower than a pixel, and would be dashed.
    """
    which, back = np.unique(chosen, return_inverse=True)
    rows, columns = np.divmod(which, film.width)
    mixed = _unclean(film)
    total, count = np.zeros((len(which), 3), np.float32), np.zeros(len(which))
    for y, x in AROUND:
        row = np.clip(rows + y, 0, film.height - 1)
        column = np.clip(columns + x, 0, film.width - 1)
        own = ~mixed[row, column]
        alike = film.segment[row, column] == film.segment[rows, columns]
        apart = np.abs(film.depth[row, column] - film.depth[rows, columns])
        alike &= (apart < STEP) & (own | (not y and not x))
        total += shown[row, column] * alike[:, None]
        count += alike
    out: Floats = (total / count[:, None])[back.reshape(chosen.shape)]
    return out


def _unclean(film: Film) -> Mask:
    """Pixels of which the backdrop takes a part."""
    out: Mask = (film.alpha > WHOLE) & (film.alpha < 1 - WHOLE)
    return out


def _close(film: Film, pixels: tuple[Ints, Ints], segment: Ints, depth: Floats) -> None:
    """Take, in place, for hair what is met through narrow gaps among hairs."""
    hair = film.segment == Segment.HAIR
    closed = binary_closing(np.pad(hair, 1), ALL_WAYS)[1:-1, 1:-1]
    within = (binary_erosion(closed | hair, ALL_WAYS) & _combed(film, hair))[pixels]
    few = np.flatnonzero(within)
    gaps = np.isin(segment[:, few], THROUGH)
    segment[:, few] = np.where(gaps, Segment.HAIR, segment[:, few])
    here = film.depth[pixels[0][few], pixels[1][few]]
    depth[:, few] = np.where(gaps, here, depth[:, few])


def _combed(film: Film, hair: Mask) -> Mask:
    """Where hairs run alike: among coils gaps are as they should be."""
    near = uniform_filter(hair.astype(np.float32), COMB) + np.float32(1e-6)
    ways = (uniform_filter(film.normal[..., k] * hair, COMB) / near for k in range(3))
    out: Mask = sum(way * way for way in ways) > ALIKE
    return out


def _met(film: Film, shot: Shot, rows: Ints, columns: Ints) -> tuple[Ints, Floats]:
    """Kind and distance of what is met at each place of each pixel, places x n."""
    places = PLACES if shot.tracer.quick else PLACES[::4]
    across, down = places.T[:, :, None]
    way = shot.view.rays((columns + across).ravel(), (rows + down).ravel())
    met = shot.seen(way)
    segment = np.zeros(len(way), film.segment.dtype)
    found = met.triangle != NOTHING
    segment[found] = shot.stage.segment[met.triangle[found]]
    depth = np.where(segment != Segment.BACKDROP, met.distance, 0).astype(np.float32)
    shape = (len(places), len(rows))
    return segment.reshape(shape), depth.reshape(shape)


def _likest(
    film: Film,
    edge: Mask,
    pixels: tuple[Ints, Ints],
    segment: Ints,
    depth: Floats,
) -> Ints:
    """For each place, the pixel among its pixel and those around that shows it best."""
    rows, columns = pixels
    best = np.full(segment.shape, np.inf, np.float32)
    penalty = MIXED * edge + UNCLEAN * _unclean(film)
    out = np.zeros(segment.shape, np.int64)
    for y, x in AROUND:
        row = np.clip(rows + y, 0, film.height - 1)
        column = np.clip(columns + x, 0, film.width - 1)
        unlike = np.abs(film.depth[row, column] - depth)
        unlike += OTHER * (film.segment[row, column] != segment)
        away = 0.001 * (abs(y) + abs(x))
        unlike += (penalty[row, column] + away).astype(np.float32)
        nearer = unlike < best
        best = np.where(nearer, unlike, best)
        out = np.where(nearer, row * film.width + column, out)
    own = rows * film.width + columns
    out = np.where(best < OTHER, out, own)
    for kind in (Segment.HAIR, Segment.BACKDROP):
        clean = (film.segment == kind) & ~edge
        wanted = (segment == kind) & (best >= UNCLEAN)
        if kind is Segment.HAIR:  # the backdrop has been spread into its rim
            open_ = film.segment == Segment.BACKDROP
            clean &= ~binary_dilation(open_, iterations=RIM)
            wanted = (segment == kind) & ~clean.ravel()[out]
        few = np.flatnonzero(wanted.any(axis=0))
        if len(few) and clean.any():
            near = _nearest(clean, (rows[few], columns[few]), own[few])
            out[:, few] = np.where(wanted[:, few], near, out[:, few])
    return out


def _nearest(clean: Mask, pixels: tuple[Ints, Ints], otherwise: Ints) -> Ints:
    """The clean pixel nearest to each, or what is given where none is close by."""
    rows, columns = pixels
    top, left = max(rows.min() - FARTHEST, 0), max(columns.min() - FARTHEST, 0)
    near = clean[top : rows.max() + FARTHEST, left : columns.max() + FARTHEST]
    away, (row, column) = distance_transform_edt(~near, return_indices=True)
    at = rows - top, columns - left
    found = (row[at] + top) * clean.shape[1] + column[at] + left
    return np.where(away[at] < FARTHEST, found, otherwise)
