"""Where rays are spent: many where light changes from pixel to pixel, few elsewhere."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_dilation, uniform_filter

from lumiku_contracts.images import Quality
from lumiku_studio.arrays import Ints, Mask
from lumiku_studio.shading.film import Film
from lumiku_studio.shading.stage import Segment
from lumiku_studio.tracing.camera import View

SAMPLES = {
    Quality.PREVIEW: (1, 2, 2, 4),
    Quality.STANDARD: (1, 4, 3, 12),
    Quality.HIGH: (8, 16, 16, 16),
}
"""Rays a pixel: of every fourth of the far and the near backdrop, of the person, of
eyes, which are looked at closely, and at most of heads."""
ENOUGH = 0.9  # rays per pixel of the whole picture that a person may cost
HANDS = 0.05  # the same of other skin: fingers are small, and dark between
FINE = 0.15  # rays per pixel of the whole picture that a head may cost beyond that
NEAR = 0.17  # metres above the floor from which a shadow on it is crisp
REACH = 12  # share of the height about what is so near, that is exposed in full
AROUND = 11  # share of the height about the person where shadows need more rays
ABOUT_EYES = 3.0  # share of an eye's size about it that is seen as closely
FACE = 5.0  # times the root of the eyes' pixels that a face reaches from them
TRACE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How many rays each pixel gets, and where few of them do."""

    rays: Ints
    behind: Mask
    """Where there is only backdrop, of which not every pixel gets one."""


def planned(segment: Ints, low: Mask, quality: Quality, *, quick: bool) -> Plan:
    """What to spend on a picture, by what each pixel's centre shows.

    `low` are pixels of the person close to the floor. Without `quick` rays, each
    pixel gets one at most.
    """
    person = binary_dilation(segment != Segment.BACKDROP, iterations=2)
    shadow = _about(low) & ~person
    whole = person | shadow
    around = uniform_filter(whole.astype(np.float32), len(segment) // AROUND) > 0
    sparse = np.zeros_like(person)
    sparse[::2, ::2] = True
    few, close, many, most = SAMPLES[quality] if quick else (1, 1, 1, 1)
    if quality is not Quality.HIGH:
        many = min(many, max(2, round(ENOUGH / max(float(person.mean()), 1e-6))))
    eyes = about_eyes(segment)
    head = _head(segment) & ~eyes
    fine = int(np.clip(FINE / max(float(head.mean()), 1e-6), many, most))
    bare = (segment == Segment.SKIN) & ~eyes & ~head
    hands = int(np.clip(HANDS / max(float(bare.mean()), 1e-6), many, most))
    rays = np.where(sparse, np.where(around, close, few), 0).astype(np.uint8)
    for mask, count in (
        (shadow, close),
        (person, many),
        (bare, hands),
        (head, fine),
        (eyes, most),
    ):
        rays[mask] = count
    behind: Mask = ~whole
    return Plan(rays, behind)


def _head(segment: Ints) -> Mask:
    """Hair, and faces as far as eyes show where they are."""
    out: Mask = (segment == Segment.HAIR) | face(segment)
    return out


def face(segment: Ints) -> Mask:
    """What is about eyes, as far as a face reaches where they are of their size."""
    eyes = segment == Segment.EYES
    size = FACE * float(np.sqrt(eyes.sum()))
    near = uniform_filter(eyes.astype(np.float32), 2 * round(size) + 1) > TRACE
    out: Mask = near & (segment != Segment.BACKDROP)
    return out


def about_eyes(segment: Ints) -> Mask:
    """Eyes with their lids and lashes."""
    shown: Mask = segment == Segment.EYES
    reach = round(float(np.sqrt(shown.sum())) / ABOUT_EYES)
    out: Mask = binary_dilation(shown, iterations=max(reach, 2)) & (
        segment != Segment.BACKDROP
    )
    return out


def close_to_floor(film: Film, view: View, within: float = NEAR) -> Mask:
    """Pixels that show what is `within` metres of the floor, as soles are."""
    person = film.person
    rows, columns = np.nonzero(person)
    way = view.rays(columns + 0.5, rows + 0.5)
    height = view.eye[1] + way[:, 1] * film.depth[rows, columns]
    out = np.zeros_like(person)
    out[rows, columns] = height < within
    return out


def _about(low: Mask) -> Mask:
    """What is about pixels that are `low`: where shadows are crisp."""
    reach = max(3, len(low) // REACH)
    out: Mask = uniform_filter(low.astype(np.float32), (reach, 2 * reach)) > TRACE
    return out
