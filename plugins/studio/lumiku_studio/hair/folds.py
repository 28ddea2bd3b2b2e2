"""Folds of a hijab: how far its cloth stands off where."""

from dataclasses import dataclass

import numpy as np

from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.hair.drapes import Drape
from lumiku_studio.skeleton.rig import Placed
from lumiku_studio.wardrobe.layering import Solids

SWEPT = 0.0010  # metres that folds drawn back over the head's sides stand off
SWAG = 0.036  # metres from fold to fold below the chin
EYES_TO_CROWN = 0.118  # of the head whose opening the numbers below describe


@dataclass(frozen=True, slots=True, eq=False)
class Below:
    """What the cloth lies on: posed points of head, neck, shoulders and chest."""

    points: Floats
    head: Mask
    """Which of the points are skin of the head or the neck."""
    arms: tuple[Floats, Floats]
    """Of the upper arms, left and right; cloth that reaches them lies on them."""
    hands: Floats
    """Of forearms and hands, which cloth never covers."""
    eye_height: float
    """Over the head joint, at rest."""
    scale: float
    """The head's size against `EYES_TO_CROWN`."""
    solids: Solids
    """Head and neck, and all of the tops with their sleeves."""


def bun(turn: Floats, rise: Floats) -> Floats:
    """Where gathered hair lifts the cloth: the back of the head."""
    back = np.clip(-np.cos(turn), 0, 1) ** 1.5
    out: Floats = back * np.exp(-(((np.degrees(rise) - 22) / 28) ** 2))
    return out


def folds(
    how: Drape, points: Floats, placed: Placed, below: Below, run: Floats
) -> Floats:
    """Curves from ear to ear under the chin, falls from the head, one end laid over.

    `points` are rows of a cloth from its opening, `run` metres along its lines.
    """
    shape = points.shape[:2]
    points = points.reshape(-1, 3)
    head = in_head(points, placed, below).reshape(*shape, 3)
    chest = ((points - placed.at("neck01")) @ placed.turn("spine01")).reshape(*shape, 3)
    around = np.arange(shape[1]) / shape[1] * 2 * np.pi + np.pi / 2
    front = np.clip(np.cos(around) * 1.6, 0, 1)
    low = np.clip((0.06 - chest[..., 1]) / 0.10, 0, 1)
    warp = np.sin(around * 2 + 0.6) + 0.5 * np.sin(around * 3 + 2.0)
    curve = _ridges((run - 0.012 * warp) / SWAG)
    fading = np.clip((run - 0.018) / 0.03, 0, 1) * np.clip(1.6 - run / 0.085, 0, 1)
    fall = _ridges(around * 1.6 + 0.35 * np.sin(around * 3 + 0.5) + chest[..., 1] * 0.8)
    sweep = np.sin((head[..., 1] * 0.9 - head[..., 2] * 0.5) * 2 * np.pi / 0.07 + warp)
    aside = np.clip(np.abs(np.sin(around)) - 0.25, 0, 1)
    line = chest[..., 0] * 0.80 + (chest[..., 1] + 0.02) * 0.62
    laid = how.laid / (1 + np.exp(-line / 0.004)) * front * low
    out: Floats = (
        how.swags * curve * front * fading
        + how.pleats * fall * low
        + SWEPT * sweep * aside * (1 - low)
        + laid
    )
    return out


def _ridges(turns: Floats) -> Floats:
    """Round backs with narrow valleys between them, -0.5 to 0.5."""
    return np.asarray(np.abs(np.cos(turns * np.pi)) ** 0.8 - 0.5)


def in_head(points: Floats, placed: Placed, below: Below) -> Floats:
    """Coordinates of the head bone from the eyes, in the size of the opening."""
    local = (points - placed.at("head")) @ placed.turn("head")
    out: Floats = (local - [0, below.eye_height, 0]) / below.scale
    return out
