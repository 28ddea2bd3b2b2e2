"""What makes a face somebody's: its outline, its small differences, its expression."""

from collections.abc import Iterator, Mapping

import numpy as np

from lumiku_contracts.scene import Appearance, Expression, FaceShape

UNITS = "expression/units/asian/"

# Shares of local targets; `*` stands for both sides, `l-` and `r-`.
PLEASANT: Mapping[str, float] = {
    "forehead/forehead-trans-backward": 0.1,
    "cheek/*cheek-volume-incr": 0.2,
    "mouth/mouth-angles-up": 0.25,
    "eyes/*eye-height2-incr": 0.3,
    "eyes/*eye-height1-incr": 0.2,
    "eyes/*eye-height3-incr": 0.2,
}
FEMININE: Mapping[str, float] = {
    "eyes/*eye-scale-incr": 0.4,
    "nose/nose-scale-horiz-decr": 0.25,
    "mouth/mouth-upperlip-volume-incr": 0.3,
    "mouth/mouth-lowerlip-volume-incr": 0.2,
}
MASCULINE: Mapping[str, float] = {
    "eyes/*eye-scale-incr": 0.1,
    "chin/chin-width-incr": 0.1,
}
SHAPES: Mapping[FaceShape, Mapping[str, float]] = {
    FaceShape.OVAL: {"head/head-oval": 0.35},
    FaceShape.ROUND: {
        "head/head-round": 0.55,
        "cheek/*cheek-volume-incr": 0.35,
        "chin/chin-height-decr": 0.3,
    },
    FaceShape.SQUARE: {
        "head/head-square": 0.5,
        "chin/chin-width-incr": 0.4,
        "chin/chin-bones-incr": 0.4,
    },
    FaceShape.HEART: {
        "head/head-triangular": 0.45,
        "chin/chin-width-decr": 0.35,
        "cheek/*cheek-bones-incr": 0.3,
    },
    FaceShape.LONG: {
        "head/head-oval": 0.4,
        "chin/chin-height-incr": 0.4,
        "forehead/forehead-scale-vert-incr": 0.35,
        "nose/nose-scale-vert-incr": 0.25,
    },
}
# Axes along which faces differ: the ends of each, and how far it goes.
AXES: tuple[tuple[str, str, float], ...] = (
    ("nose/nose-scale-horiz-decr", "nose/nose-scale-horiz-incr", 0.45),
    ("nose/nose-scale-vert-decr", "nose/nose-scale-vert-incr", 0.35),
    ("nose/nose-point-down", "nose/nose-point-up", 0.4),
    ("nose/nose-hump-decr", "nose/nose-hump-incr", 0.4),
    ("nose/nose-width2-decr", "nose/nose-width2-incr", 0.4),
    ("mouth/mouth-scale-horiz-decr", "mouth/mouth-scale-horiz-incr", 0.35),
    ("mouth/mouth-upperlip-volume-decr", "mouth/mouth-upperlip-volume-incr", 0.4),
    ("mouth/mouth-lowerlip-volume-decr", "mouth/mouth-lowerlip-volume-incr", 0.4),
    ("mouth/mouth-trans-down", "mouth/mouth-trans-up", 0.25),
    ("eyes/*eye-scale-decr", "eyes/*eye-scale-incr", 0.35),
    ("eyes/*eye-trans-in", "eyes/*eye-trans-out", 0.3),
    ("eyes/*eye-corner1-down", "eyes/*eye-corner1-up", 0.4),
    ("eyebrows/eyebrows-angle-down", "eyebrows/eyebrows-angle-up", 0.3),
    ("cheek/*cheek-bones-decr", "cheek/*cheek-bones-incr", 0.4),
    ("cheek/*cheek-inner-decr", "cheek/*cheek-inner-incr", 0.4),
    ("chin/chin-width-decr", "chin/chin-width-incr", 0.3),
    ("chin/chin-height-decr", "chin/chin-height-incr", 0.3),
    ("chin/chin-prominent-decr", "chin/chin-prominent-incr", 0.35),
    ("forehead/forehead-temple-decr", "forehead/forehead-temple-incr", 0.3),
)
SHUT = 1.12  # of a lid, for it to meet the other on eyes of all shapes
# Shares of `UNITS`; `*` stands for `left` and `right`.
SMILING: Mapping[str, float] = {
    "mouth-corner-puller": 0.72,
    "eye-*-slit": 0.18,
}
EXPRESSIONS: Mapping[Expression, Mapping[str, float]] = {
    Expression.NEUTRAL: {"mouth-corner-puller": 0.32, "eye-*-slit": 0.05},
    Expression.SMILE: SMILING,
    Expression.LAUGH: {
        "mouth-corner-puller": 0.85,
        "mouth-open": 0.27,
        "mouth-upward-retraction": 0.4,
        "eye-*-slit": 0.35,
        "eyebrows-*-up": 0.2,
    },
    Expression.SERIOUS: {"eyebrows-*-down": 0.22, "mouth-compression": 0.15},
    Expression.SURPRISED: {
        "mouth-open": 0.4,
        "eye-*-opened-up": 0.6,
        "eyebrows-*-up": 0.7,
    },
    Expression.THOUGHTFUL: {
        "eyebrows-left-up": 0.3,
        "eyebrows-right-down": 0.2,
        "mouth-pursing": 0.25,
        "eye-*-slit": 0.12,
    },
    Expression.WINK: {
        **SMILING,
        "eye-*-slit": 0.08,
        "eye-left-closure": SHUT,
        "eyebrows-right-up": 0.2,
    },
    Expression.CALM: {"mouth-corner-puller": 0.35, "eye-*-closure": SHUT},
}


def feature_shares(look: Appearance) -> Iterator[tuple[str, float]]:
    """Names and shares of the local targets that make a face."""
    feminine = look.physique.femininity
    yield from _sides(PLEASANT, 1, ("l-", "r-"))
    yield from _sides(FEMININE, feminine, ("l-", "r-"))
    yield from _sides(MASCULINE, 1 - feminine, ("l-", "r-"))
    yield from _sides(SHAPES[look.face], 1, ("l-", "r-"))
    if look.features:
        drawn = np.random.default_rng(look.features).normal(0, 0.6, len(AXES))
        for (low, high, reach), place in zip(AXES, np.clip(drawn, -1, 1), strict=True):
            name, share = (low, -place) if place < 0 else (high, place)
            yield from _sides({name: share * reach}, 1, ("l-", "r-"))


def expression_shares(expression: Expression) -> Iterator[tuple[str, float]]:
    """Names and shares of the local targets of an expression."""
    for name, share in _sides(EXPRESSIONS[expression], 1, ("left", "right")):
        yield UNITS + name, share


def closed(expression: Expression, side: str) -> float:
    """How far the eye on a `side`, left or right, is shut, 0-1."""
    worn = EXPRESSIONS[expression]
    return min(max(worn.get(f"eye-{s}-closure", 0.0) for s in ("*", side)), 1.0)


def _sides(
    shares: Mapping[str, float], strength: float, sides: tuple[str, str]
) -> Iterator[tuple[str, float]]:
    for name, share in shares.items():
        for side in sides if "*" in name else ("",):
            yield name.replace("*", side), share * strength
