"""Cloth under a hand: pressed in where it would cover the hand that lies on it."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.template import template
from lumiku_studio.shading.stage import Part
from lumiku_studio.skeleton.contact import around, ways_out
from lumiku_studio.skeleton.footing import skin_mask
from lumiku_studio.skeleton.posing import Posed

SIDES = ("L", "R")
NEAR = 0.06  # metres about a hand within which cloth may lie on it
UNDER, BESIDE = 0.011, 0.024  # metres beside a finger: wholly pressed, no more pressed
CLEAR = 0.0015  # metres between cloth and the hand on it
EACH = 2  # of so many vertices of a hand one presses: they are dense
SLEEVE = 0.016, 0.02, 0.045  # likewise of a forearm and what is worn on it
SKIN, BELOW = 0.001, 0.009  # metres over the skin that cloth is pressed to at most


def pressed(part: Part, posed: Posed, *, sleeveless: bool = False) -> Part:
    """A garment that lies below the hands of its wearer, not over them.

    One that is `sleeveless` also lies below the sleeves of forearms, and over trousers.
    """
    points = part.points.copy()
    least = BELOW if sleeveless else SKIN
    for side in SIDES:
        hand = _Limb(_hand(side), _body(), CLEAR, UNDER, BESIDE, least)
        _press(points, posed, side, hand)
        if sleeveless:
            arm = _Limb(_forearm(side), _trunk(), *SLEEVE, least)
            _press(points, posed, side, arm)
    return replace(part, points=points)


@dataclass(frozen=True, slots=True, eq=False)
class _Limb:
    """The vertices that press, those of skin they may press cloth to, and metres."""

    own: Ints
    skin: Ints
    clear: float
    under: float
    beside: float
    least: float


def _press(points: Floats, posed: Posed, side: str, limb: _Limb) -> None:
    hand = posed.points[limb.own]
    near = np.flatnonzero(
        ((points > hand.min(axis=0) - NEAR) & (points < hand.max(axis=0) + NEAR)).all(1)
    )
    if not len(near):
        return
    close = cKDTree(hand).query(points[near], distance_upper_bound=NEAR)[0] < NEAR
    near = near[close]
    if not len(near):
        return
    below = limb.skin[cKDTree(posed.points[limb.skin]).query(points[near])[1]]
    own = np.isin(below, around(side))
    near, below = near[own], below[own]
    if not len(near):
        return
    out = ways_out(posed.points)[below]
    away = hand[None] - points[near][:, None]
    height = np.einsum("vhk,vk->vh", away, out)
    aside = np.sqrt(np.maximum((away**2).sum(axis=2) - height**2, 0))
    share = np.clip((limb.beside - aside) / (limb.beside - limb.under), 0, 1)
    sunk = np.where(np.abs(height) < NEAR, (height - limb.clear) * share, 0.0)
    step = np.minimum(sunk.min(axis=1), 0.0)
    room = ((points[near] - posed.points[below]) * out).sum(axis=1) - limb.least
    points[near] += np.maximum(step, -np.maximum(room, 0.0))[:, None] * out


@lru_cache(maxsize=2)
def _hand(side: str) -> Ints:
    own = template().influence("wrist", "metacarpal", "finger", side=side) > 0.6
    return np.flatnonzero(skin_mask() & own)[::EACH]


@lru_cache(maxsize=2)
def _forearm(side: str) -> Ints:
    own = template().influence("lowerarm02", "wrist", side=side) > 0.5
    return np.flatnonzero(skin_mask() & own)


@lru_cache(maxsize=1)
def _body() -> Ints:
    """The skin without hands."""
    hands = template().influence("metacarpal", "finger") > 0.1
    return np.flatnonzero(skin_mask() & ~hands)


@lru_cache(maxsize=1)
def _trunk() -> Ints:
    """The skin without arms."""
    names = ("upperarm", "lowerarm", "wrist", "metacarpal", "finger")
    return np.flatnonzero(skin_mask() & (template().influence(*names) < 0.1))
