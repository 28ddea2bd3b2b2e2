"""How much light leaves what the rays met towards the eye.

All vectors are columns, 3 x n: arithmetic runs along rows of many hits.
"""

import numpy as np

from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.shading.glints import catch_light
from lumiku_studio.shading.hits import Hits, dot, lengthened
from lumiku_studio.shading.lighting import BOUNCE, Softbox, ambient
from lumiku_studio.shading.stage import COLOUR, Stage, Stuff
from lumiku_studio.tracing.rays import NOTHING, Tracer

LIFT = 0.0022  # metres a ray starts off its surface, so as not to meet it again
SHEEN = np.float32(0.20)  # how much of hair's highlight has the light's colour
BOX_SHIFT = np.float32(0.37)
SAMPLE_SEAM = 0.0012
PAINT = 1.05  # light that leaves a painted card, for a unit of its colour
# Per stuff: strength of the shine, its roughness, and how far light wraps (R, G, B).
SHINE = np.zeros(len(Stuff), np.float32)
ROUGH = np.full(len(Stuff), 0.6, np.float32)
WRAP = np.zeros((3, len(Stuff)), np.float32)
for _stuff, _gloss, _rough, _wrap in (
    (Stuff.FLOOR, 0.0, 0.9, (0, 0, 0)),
    (Stuff.SKIN, 0.026, 0.45, (0.22, 0.09, 0.05)),
    (Stuff.CLOTH, 0.010, 0.75, (0.04, 0.04, 0.04)),
    (Stuff.KNIT, 0.006, 0.85, (0.08, 0.08, 0.08)),
    (Stuff.DENIM, 0.012, 0.70, (0, 0, 0)),
    (Stuff.EYE, 0.0, 0.12, (0.08, 0.06, 0.05)),  # its shine is a catchlight
    (Stuff.SHOE, 0.035, 0.40, (0, 0, 0)),
    (Stuff.PROP, 0.030, 0.45, (0, 0, 0)),
    (Stuff.CARD, 0.0, 0.9, (0.35, 0.35, 0.35)),
):
    SHINE[_stuff], ROUGH[_stuff], WRAP[:, _stuff] = _gloss, _rough, _wrap


def radiance(
    stage: Stage,
    tracer: Tracer,
    hits: Hits,
    rng: np.random.Generator,
    places: Floats,
    bounce: Mask,
) -> Floats:
    """Linear RGB of each hit; with `bounce` also light off the surroundings.

    `places` (2 x n, 0-1) say where on each softbox a hit looks for it.
    """
    out = hits.colour * PAINT
    rows = np.flatnonzero(hits.stuff != Stuff.PAINTED)
    if len(rows) == len(hits.stuff):
        return _lit(stage, tracer, hits, rng, places, bounce)
    if len(rows):
        out[:, rows] = _lit(
            stage, tracer, hits.some(rows), rng, places[:, rows], bounce[rows]
        )
    return out


def _lit(
    stage: Stage,
    tracer: Tracer,
    hits: Hits,
    rng: np.random.Generator,
    places: Floats,
    bounce: Mask,
) -> Floats:
    """The same where the lights have an effect."""
    hair = hits.stuff == Stuff.HAIR
    start = hits.points + np.where(hair, hits.towards, hits.normals) * LIFT
    origins = np.ascontiguousarray(start.T)
    colour = _detailed(hits)
    out = colour * _surroundings(stage, tracer, hits, origins, hair, rng, bounce)
    for number, box in enumerate(stage.boxes):
        spots = (places + number * BOX_SHIFT) % 1 * 2 - 1
        lit, light = _from_box(tracer, hits, colour, start, origins, hair, box, spots)
        for row, more in zip(out, light, strict=True):
            row[lit] += more
    eye = np.flatnonzero(hits.stuff == Stuff.EYE)
    if len(eye):
        seen = hits.some(eye)
        out[:, eye] += catch_light(
            stage.eyes, stage.boxes[0], seen.points, seen.towards
        )
    return out


def _detailed(hits: Hits) -> Floats:
    """The surface's own colour, with seams along hems and shade in the folds."""
    hem, fold = hits.detail
    seam = np.abs(hem - 0.016) < SAMPLE_SEAM
    out: Floats = hits.colour * (np.where(seam, np.float32(0.80), 1) * (1 - fold))
    return out


def _from_box(
    tracer: Tracer,
    hits: Hits,
    colour: Floats,
    start: Floats,
    origins: Floats,
    hair: Mask,
    box: Softbox,
    spots: Floats,
) -> tuple[Ints, Floats]:
    """The hits that one softbox lights, and by how much; one shadow ray a hit."""
    across, along = box.across * box.half, box.along * box.half
    way = (box.centre[:, None] + np.outer(across, spots[0])) - start
    way += np.outer(along, spots[1])
    square = dot(way, way)
    distance = np.sqrt(square)
    way /= distance
    leaving = -(box.facing @ way)
    facing = dot(hits.normals, way)
    reach = np.where(hair, 1, facing + WRAP[0].take(hits.stuff))
    lit = np.flatnonzero((reach > 0) & (leaving > 0))
    way = way.take(lit, axis=1)
    dark = tracer.blocked(
        origins.take(lit, axis=0),
        np.ascontiguousarray(way.T),
        distance.take(lit) * np.float32(0.998),
    )
    bright = np.flatnonzero(~dark)
    lit, way = lit.take(bright), way.take(bright, axis=1)
    stuff, cosine = hits.stuff.take(lit), facing.take(lit)
    soft = WRAP.take(stuff, axis=1)
    diffuse = np.maximum(cosine + soft, 0) / (1 + soft) ** 2
    shine = np.zeros(len(lit), np.float32)
    glossy = np.flatnonzero(SHINE.take(stuff) > 0)
    shine[glossy] = _shine(
        hits.some(lit.take(glossy)), way.take(glossy, axis=1), cosine.take(glossy)
    )
    part = colour.take(lit, axis=1)
    tint = np.ones_like(part)
    threads = np.flatnonzero(stuff == Stuff.HAIR)
    if len(threads):
        diffuse[:, threads], shine[threads] = _strand(
            hits.some(lit.take(threads)), way.take(threads, axis=1)
        )
        tint[:, threads] = SHEEN + np.float32(1.9) * part[:, threads]
    power = leaving.take(lit) * (4 * box.half * box.half) / square.take(lit)
    light = part * diffuse * np.float32(1 / np.pi) + shine * tint
    light *= np.outer(box.power, power)
    return lit, light


def _shine(hits: Hits, way: Floats, cosine: Floats) -> Floats:
    """GGX highlights with Schlick's edge gain, times the cosine."""
    half = lengthened(way + hits.towards)
    nh = np.clip(dot(hits.normals, half), 0, 1)
    nv = np.clip(dot(hits.normals, hits.towards), 0.08, 1)
    vh = np.clip(dot(hits.towards, half), 0, 1)
    nl = np.clip(cosine, 0, 1)
    rough, base = ROUGH.take(hits.stuff), SHINE.take(hits.stuff)
    a2 = rough**4
    spread = a2 / (np.pi * (nh * nh * (a2 - 1) + 1) ** 2)
    fresnel = base + (0.5 - base) * (1 - vh) ** 5
    k = (rough + 1) ** 2 / 8
    hidden = 1 / ((nl * (1 - k) + k) * (nv * (1 - k) + k) + 1e-4)
    out: Floats = spread * fresnel * hidden * nl / 4
    return out


def _strand(hits: Hits, way: Floats) -> tuple[Floats, Floats]:
    """Kajiya and Kay's diffuse and highlight of hair; normals hold its direction."""
    along, eye = hits.normals, hits.towards
    tl, te = dot(along, way), dot(along, eye)
    sl, se = np.sqrt(np.maximum(1 - tl * tl, 0)), np.sqrt(np.maximum(1 - te * te, 0))
    turned = np.maximum(sl * se - tl * te, 0)
    turned_other = np.maximum(sl * se - np.clip(tl + 0.12, -1, 1) * te, 0)
    front = np.clip(dot(way, eye) * 0.5 + 0.75, 0.25, 1)
    highlight = (0.10 * turned**50 + 0.05 * turned_other**14) * front
    return sl * 0.62 * front, highlight


def _surroundings(
    stage: Stage,
    tracer: Tracer,
    hits: Hits,
    origins: Floats,
    hair: Mask,
    rng: np.random.Generator,
    bounce: Mask,
) -> Floats:
    """What one bounced ray a hit brings, or the open room where none is sent."""
    way = _anywhere(rng, len(origins))
    way = lengthened(way + hits.normals * ~hair)
    out = ambient(way)
    rows = np.flatnonzero(bounce)
    if len(rows):
        leaving = np.ascontiguousarray(way.take(rows, axis=1).T)
        met = tracer.nearest(origins.take(rows, axis=0), leaving)
        found = np.flatnonzero(met.triangle != NOTHING)
        which = met.triangle.take(found)
        mean = stage.looks.take(stage.triangles[:, 0].take(which), axis=0)[:, COLOUR]
        floor = stage.stuff.take(which) == Stuff.FLOOR
        much = np.where(floor, np.float32(BOUNCE * 1.35), np.float32(BOUNCE))
        out[:, rows.take(found)] = mean.T * much
    return out


def _anywhere(rng: np.random.Generator, count: int) -> Floats:
    """Unit vectors in all directions alike."""
    chance = rng.random((2, count), dtype=np.float32)
    rise, turn = chance[0] * 2 - 1, chance[1] * np.float32(2 * np.pi)
    level = np.sqrt(1 - rise * rise)
    return np.stack([level * np.cos(turn), rise, level * np.sin(turn)])
