"""From a scene to a finished picture and its maps: the engine's one road."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from lumiku_contracts.errors import TaskCancelled
from lumiku_contracts.images import Cancelled, MapKind, Progress, Quality
from lumiku_contracts.scene import (
    Appearance,
    BackdropKind,
    Camera,
    Expression,
    Pose,
    Scene,
)
from lumiku_studio import marks
from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.colour import toned
from lumiku_studio.maps.control import draw
from lumiku_studio.maps.hands import Hands, Skeleton
from lumiku_studio.props.placing import props
from lumiku_studio.props.stickers import Pictures
from lumiku_studio.scene.backdrop import behind
from lumiku_studio.scene.dressing import dressed
from lumiku_studio.scene.figure import Figure, figure, pose_of
from lumiku_studio.scene.framing import check_size, faced, framed
from lumiku_studio.shading.denoise import develop
from lumiku_studio.shading.film import (
    TILE,
    TILE_PIXELS,
    Film,
    Shot,
    blank,
    expose,
    expose_centres,
    window,
)
from lumiku_studio.shading.lighting import boxes
from lumiku_studio.shading.outlines import smooth
from lumiku_studio.shading.spending import close_to_floor, planned
from lumiku_studio.shading.stage import Part, Stage, join
from lumiku_studio.skeleton.fingers import fingers
from lumiku_studio.skeleton.keypoints import FACE, NAMES, joints
from lumiku_studio.tracing.camera import View, view
from lumiku_studio.tracing.rays import Tracer, tracer
from lumiku_studio.tracing.sheer import Sheer

ENGINE = "lumiku-studio 0.1.0"
SOME = 4  # of so many points of a hair one, from its tip, decides how it is framed
COARSE = 3  # of so many hairs a preview draws one
SLOWER = "Rays are traced without Embree on this machine: slower, with plainer light."
BEHIND = (
    0.045  # metres that a joint of face or hand may lie behind a surface and be seen
)


@dataclass(frozen=True, slots=True, eq=False)
class Render:
    """A picture, its maps, and the person's joints in it."""

    image: Image.Image
    """RGB, or RGBA before a transparent backdrop."""
    maps: dict[MapKind, Image.Image]
    skeleton: Skeleton
    """Eighteen joints in COCO-18 order: x and y in pixels, whether it is seen."""
    hands: Hands
    """21 points of each hand in OpenPose's order, likewise."""
    warnings: tuple[str, ...]
    behind: tuple[float, ...]
    """Metres that each joint lies behind what is seen in its place; NaN where that is
    no part of the person."""

    def png(self) -> bytes:
        """The picture as a file that says a computer made it."""
        return marks.png(self.image, ENGINE)


def _unheard(_fraction: float, _note: str) -> None:
    """Progress that nobody follows."""


def render(
    scene: Scene,
    size: tuple[int, int] = (768, 1024),
    *,
    quality: Quality = Quality.STANDARD,
    noise_seed: int = 0,
    wanted: tuple[MapKind, ...] = (),
    pictures: Pictures | None = None,
    progress: Progress = _unheard,
    cancelled: Cancelled = lambda: False,
) -> Render:
    """Draw a scene at `size` (width, height); equal arguments give equal pixels.

    Raises `Refused`: `uncovered`, `not-adult`, `joint-limits`, `size-out-of-range`,
    `no-picture`; `TaskCancelled` between two tiles.
    """
    check_size(size)
    progress(0.02, "dressing")
    every = COARSE if quality is Quality.PREVIEW else 1
    person = figure(scene, pictures, every=every)
    _stop_if(cancelled)
    progress(0.15, "building the set")
    scene = scene.model_copy(
        update={"camera": faced(scene.camera, person.posed.placed)}
    )
    camera = frame(person, scene.camera, size)
    stage = _stage(scene, person, camera, pictures or {})
    rays = _rays(stage)
    film = blank(*size)
    centre = person.posed.placed.at("root").astype(np.float32)
    shot = Shot(stage, rays, camera, centre, MapKind.NORMAL in wanted)
    behind = _expose_all(film, shot, quality, noise_seed, progress, cancelled)
    progress(0.9, "developing")
    warning = develop(film, behind, quality)
    _stop_if(cancelled)
    warnings = [*person.posed.warnings]
    if warning:
        warnings.append(warning)
    if not rays.quick:
        warnings.append(SLOWER)
    skeleton = _skeleton(person, camera, film)
    hands = _hands(person, camera, film)
    drawn = {kind: draw(kind, film, skeleton, hands) for kind in wanted}
    cut_out = scene.backdrop.kind is BackdropKind.TRANSPARENT
    image = _developed(film, shot, cut_out=cut_out)
    progress(1.0, "done")
    deep = _behind(person, camera, film)
    return Render(image, drawn, skeleton, hands, tuple(warnings), deep)


def frame(person: Figure, camera: Camera, size: tuple[int, int]) -> View:
    """The camera that shows a person as asked."""
    seen = [part for part in person.parts if not part.scenery]
    points = [part.points[_used(part)] for part in seen]
    points += [hair[:, ::-SOME].reshape(-1, 3) for hair, _, _ in person.strands]
    shown = framed(camera.framing, np.concatenate(points), person.posed.placed)
    return view(camera, shown, size)


def _used(part: Part) -> Mask:
    """The points that belong to a triangle."""
    used = np.zeros(len(part.points), bool)
    used[part.triangles] = True
    return used


def _stage(scene: Scene, person: Figure, camera: View, pictures: Pictures) -> Stage:
    parts = person.with_hair(camera.eye, float(camera.pixel))
    parts += behind(scene.backdrop, scene.camera.yaw, pictures)
    return join(parts, boxes(scene.camera.yaw, scene.light))


def _rays(stage: Stage) -> Tracer:
    rays = tracer(stage.points, stage.triangles)
    if not stage.sheer.any():
        return rays
    return Sheer(rays, stage.points, stage.triangles, stage.sheer)


def _stop_if(cancelled: Cancelled) -> None:
    if cancelled():
        raise TaskCancelled


def _expose_all(
    film: Film,
    shot: Shot,
    quality: Quality,
    noise_seed: int,
    progress: Progress,
    cancelled: Cancelled,
) -> Mask:
    """Expose a film tile by tile; returns where there is only backdrop."""
    step = max(TILE, TILE_PIXELS // film.width)
    tops = range(0, film.height, step)
    tiles = [slice(top, min(top + step, film.height)) for top in tops]
    seen, columns = window(film, shot)
    for rows in tiles:
        _stop_if(cancelled)
        inside = slice(max(rows.start, seen.start), min(rows.stop, seen.stop))
        if inside.start < inside.stop:
            expose_centres(film, shot, inside, columns)
    low = close_to_floor(film, shot.view)
    plan = planned(film.segment, low, quality, quick=shot.tracer.quick)
    for index, rows in enumerate(tiles):
        _stop_if(cancelled)
        rng = np.random.Generator(np.random.SFC64([noise_seed, index]))
        for samples in np.unique(plan.rays[rows]):
            r, c = np.nonzero(plan.rays[rows] == samples)
            if samples:
                expose(film, shot, (r + rows.start, c), int(samples), rng)
        progress(0.2 + 0.7 * (index + 1) / len(tiles), "rendering")
    return plan.behind


def _developed(film: Film, shot: Shot, *, cut_out: bool) -> Image.Image:
    light = film.light
    if cut_out:
        light = light / np.maximum(film.alpha[..., None], 1e-3)
    colour, cover = smooth(film, shot, toned(light), cut_out=cut_out)
    if cut_out:
        alpha = cover[..., None]
        colour = np.concatenate([colour * (alpha > 0), alpha], axis=2)
    return Image.fromarray((np.clip(colour, 0, 1) * 255 + 0.5).astype(np.uint8))


def _skeleton(person: Figure, camera: View, film: Film) -> Skeleton:
    points = joints(person.posed.placed, person.posed.points)
    hidden = [name in FACE for name in NAMES]
    return _seen(points, camera, film, np.array(hidden))


def _hands(person: Figure, camera: View, film: Film) -> Hands:
    found = fingers(person.posed.placed, person.posed.points)
    every = np.ones(21, bool)
    return {side: _seen(at, camera, film, every) for side, at in found.items()}


def _seen(points: Floats, camera: View, film: Film, hidden: Mask) -> Skeleton:
    """Points in pixels; those that may be `hidden` are not seen behind a surface."""
    pixels, _ = camera.project(points)
    away = np.linalg.norm(points - camera.eye, axis=1)
    out: Skeleton = []
    for (x, y), distance, may_hide in zip(pixels, away, hidden, strict=True):
        seen = 0 <= x < film.width and 0 <= y < film.height
        if seen and may_hide:
            depth = float(film.depth[int(y), int(x)])
            seen = depth == 0 or depth > distance - BEHIND
        out.append((round(float(x), 2), round(float(y), 2), bool(seen)))
    return out


def _behind(person: Figure, camera: View, film: Film) -> tuple[float, ...]:
    points = joints(person.posed.placed, person.posed.points)
    pixels, _ = camera.project(points)
    away = np.linalg.norm(points - camera.eye, axis=1)
    out = []
    for (x, y), distance in zip(pixels, away, strict=True):
        inside = 0 <= x < film.width and 0 <= y < film.height
        depth = float(film.depth[int(y), int(x)]) if inside else 0.0
        out.append(round(float(distance) - depth, 4) if depth else float("nan"))
    return tuple(out)


def skeleton(
    pose: Pose,
    look: Appearance,
    camera: Camera | None = None,
    size: tuple[int, int] = (768, 1024),
) -> Skeleton:
    """The eighteen joints of a pose in pixels, without a picture.

    Seen from where the picture would be, up to what hair and cloth add to the frame;
    joints behind the body count as visible.
    """
    person = dressed(look, Expression.NEUTRAL)
    posed = pose_of(person, pose)
    things = [part for part in props(pose, posed) if not part.scenery]
    points = [posed.points, *(part.points for part in things)]
    where = faced(camera or Camera(), posed.placed)
    shown = framed(where.framing, np.concatenate(points), posed.placed)
    seen = view(where, shown, size)
    pixels, _ = seen.project(joints(posed.placed, posed.points))
    inside = np.all((pixels >= 0) & (pixels < np.array(size)), axis=1)
    return [
        (round(float(x), 2), round(float(y), 2), bool(shown))
        for (x, y), shown in zip(pixels, inside, strict=True)
    ]
