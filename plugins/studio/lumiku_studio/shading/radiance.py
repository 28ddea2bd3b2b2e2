"""How much light leaves what the rays met towards the eye."""

import numpy as np

from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.shading.lighting import BOUNCE, Softbox, ambient
from lumiku_studio.shading.stage import Hits, Stage, Stuff
from lumiku_studio.tracing.rays import NOTHING, Tracer

LIFT = 0.0022  # metres a ray starts off its surface, so as not to meet it again
BOX_SHIFT = np.float32(0.37)
SAMPLE_SEAM = 0.0012
PAINT = 1.05  # light that leaves a painted card, for a unit of its colour
# Per stuff: strength of the shine, its roughness, and how far light wraps (R, G, B).
SHINE = np.zeros(len(Stuff), np.float32)
ROUGH = np.full(len(Stuff), 0.6, np.float32)
WRAP = np.zeros((len(Stuff), 3), np.float32)
for _stuff, _gloss, _rough, _wrap in (
    (Stuff.FLOOR, 0.0, 0.9, (0, 0, 0)),
    (Stuff.SKIN, 0.030, 0.42, (0.22, 0.09, 0.05)),
    (Stuff.CLOTH, 0.010, 0.75, (0.04, 0.04, 0.04)),
    (Stuff.KNIT, 0.006, 0.85, (0.08, 0.08, 0.08)),
    (Stuff.DENIM, 0.012, 0.70, (0, 0, 0)),
    (Stuff.EYE, 0.05, 0.12, (0.08, 0.06, 0.05)),
    (Stuff.SHOE, 0.035, 0.40, (0, 0, 0)),
    (Stuff.PROP, 0.030, 0.45, (0, 0, 0)),
    (Stuff.CARD, 0.0, 0.9, (0.35, 0.35, 0.35)),
):
    SHINE[_stuff], ROUGH[_stuff], WRAP[_stuff] = _gloss, _rough, _wrap


def radiance(
    stage: Stage,
    tracer: Tracer,
    hits: Hits,
    rng: np.random.Generator,
    places: Floats,
    bounce: Mask,
) -> Floats:
    """Linear RGB of each hit; with `bounce` also light off the surroundings.

    `places` (n x 2, 0-1) say where on each softbox a hit looks for it.
    """
    hair = hits.stuff == Stuff.HAIR
    lifted = np.where(hair[:, None], hits.towards, hits.normals) * LIFT
    start = (hits.points + lifted).astype(np.float32)
    colour = _detailed(hits)
    out = np.zeros_like(colour)
    for number, box in enumerate(stage.boxes):
        spots = (places + number * BOX_SHIFT) % 1 * 2 - 1
        out += _from_box(tracer, hits, colour, start, hair, box, spots)
    out += colour * _surroundings(stage, tracer, hits, start, hair, rng, bounce)
    out += _catch_light(hits, stage.boxes[0])
    painted = hits.stuff == Stuff.PAINTED
    out[painted] = hits.colour[painted] * PAINT
    return out


def _detailed(hits: Hits) -> Floats:
    """The surface's own colour, with seams along hems and shade in the folds."""
    hem, fold = hits.detail[:, 0], hits.detail[:, 1]
    seam = np.abs(hem - 0.016) < SAMPLE_SEAM
    factor = np.where(seam, np.float32(0.80), np.float32(1)) * (1 - fold)
    out: Floats = hits.colour * factor[:, None]
    return out


def _from_box(
    tracer: Tracer,
    hits: Hits,
    colour: Floats,
    start: Floats,
    hair: Mask,
    box: Softbox,
    spots: Floats,
) -> Floats:
    """Light from one softbox, one shadow ray a hit."""
    place = (
        box.centre + (spots[:, :1] * box.across + spots[:, 1:] * box.along) * box.half
    )
    way = place - start
    square = (way * way).sum(axis=1)
    distance = np.sqrt(square)
    way /= distance[:, None]
    leaving = -(way @ box.facing)
    facing = (hits.normals * way).sum(axis=1)
    wrap = WRAP[hits.stuff]
    reach = np.where(hair, 1.0, facing + wrap[:, 0])
    lit = np.flatnonzero((reach > 0) & (leaving > 0))
    out = np.zeros_like(colour)
    if not len(lit):
        return out
    dark = tracer.blocked(
        start[lit],
        np.ascontiguousarray(way[lit]),
        (distance[lit] * 0.998).astype(np.float32),
    )
    lit = lit[~dark]
    power = leaving[lit] * (4 * box.half * box.half) / square[lit]
    light = power[:, None] * box.power
    cosine = facing[lit][:, None]
    soft = wrap[lit]
    diffuse = np.maximum(cosine + soft, 0) / (1 + soft) ** 2
    shine = np.zeros(len(lit), np.float32)
    glossy = np.flatnonzero(SHINE[hits.stuff[lit]] > 0)
    shine[glossy] = _shine(hits, lit[glossy], way[lit[glossy]], cosine[glossy, 0])
    threads = hair[lit]
    if threads.any():
        diffuse[threads], shine[threads] = _strand(
            hits, lit[threads], way[lit[threads]]
        )
    part = colour[lit] * diffuse / np.pi
    tint = np.where(threads[:, None], 0.35 + 1.6 * colour[lit], 1.0)
    out[lit] = light * (part + shine[:, None] * tint)
    return out


def _shine(hits: Hits, rows: Ints, way: Floats, cosine: Floats) -> Floats:
    """GGX highlights with Schlick's edge gain, times the cosine."""
    stuff = hits.stuff[rows]
    half = way + hits.towards[rows]
    half /= np.maximum(np.linalg.norm(half, axis=1, keepdims=True), 1e-6)
    nh = np.clip((hits.normals[rows] * half).sum(axis=1), 0, 1)
    nv = np.clip((hits.normals[rows] * hits.towards[rows]).sum(axis=1), 0.08, 1)
    vh = np.clip((hits.towards[rows] * half).sum(axis=1), 0, 1)
    nl = np.clip(cosine, 0, 1)
    a2 = ROUGH[stuff] ** 4
    spread = a2 / (np.pi * (nh * nh * (a2 - 1) + 1) ** 2)
    base = SHINE[stuff]
    fresnel = base + (base > 0) * (0.5 - base) * (1 - vh) ** 5
    k = (ROUGH[stuff] + 1) ** 2 / 8
    hidden = 1 / ((nl * (1 - k) + k) * (nv * (1 - k) + k) + 1e-4)
    out: Floats = spread * fresnel * hidden * nl / 4
    return out


def _strand(hits: Hits, rows: Ints, way: Floats) -> tuple[Floats, Floats]:
    """Kajiya and Kay's diffuse and highlight of hair; normals hold its direction."""
    along, eye = hits.normals[rows], hits.towards[rows]
    tl, te = (along * way).sum(axis=1), (along * eye).sum(axis=1)
    sl, se = np.sqrt(np.maximum(1 - tl * tl, 0)), np.sqrt(np.maximum(1 - te * te, 0))
    turned = np.maximum(sl * se - tl * te, 0)
    turned_other = np.maximum(sl * se - np.clip(tl + 0.12, -1, 1) * te, 0)
    front = np.clip((way * eye).sum(axis=1) * 0.5 + 0.75, 0.25, 1)
    highlight = (0.10 * turned**50 + 0.05 * turned_other**14) * front
    return (sl * 0.62 * front)[:, None] * np.ones(3, np.float32), highlight


def _surroundings(
    stage: Stage,
    tracer: Tracer,
    hits: Hits,
    start: Floats,
    hair: Mask,
    rng: np.random.Generator,
    bounce: Mask,
) -> Floats:
    """What one bounced ray a hit brings, or the open room where none is sent."""
    way = rng.standard_normal((len(start), 3), dtype=np.float32)
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
    way += np.where(hair[:, None], 0, hits.normals)
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
    out = ambient(way)
    rows = np.flatnonzero(bounce)
    if len(rows):
        met = tracer.nearest(start[rows], np.ascontiguousarray(way[rows]))
        found = met.triangle != NOTHING
        which = met.triangle[found]
        mean = stage.colour[stage.triangles[which, 0]]
        floor = (stage.stuff[which] == Stuff.FLOOR)[:, None]
        out[rows[found]] = mean * np.where(floor, BOUNCE * 1.35, BOUNCE)
    return out


def _catch_light(hits: Hits, box: Softbox) -> Floats:
    """The key softbox mirrored in the eyes."""
    out = np.zeros_like(hits.colour)
    eye = np.flatnonzero(hits.stuff == Stuff.EYE)
    if len(eye):
        n, to = hits.normals[eye], hits.towards[eye]
        mirrored = 2 * (n * to).sum(axis=1, keepdims=True) * n - to
        speed = mirrored @ box.facing
        away = ((box.centre - hits.points[eye]) @ box.facing) / np.where(
            np.abs(speed) < 1e-6, 1e-6, speed
        )
        place = hits.points[eye] + mirrored * away[:, None] - box.centre
        inside = (
            (np.abs(place @ box.across) < box.half)
            & (np.abs(place @ box.along) < box.half)
            & (away > 0)
        )
        out[eye[inside]] = 0.9
    return out
