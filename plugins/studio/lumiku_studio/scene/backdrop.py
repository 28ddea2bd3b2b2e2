"""What is behind and under the person: a seamless sweep, or a place with a floor."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Backdrop, BackdropKind, SetKind
from lumiku_studio.arrays import Floats
from lumiku_studio.colour import written
from lumiku_studio.props.stickers import Pictures, named
from lumiku_studio.rotation import about_y
from lumiku_studio.scene import paint
from lumiku_studio.shading.stage import PLAIN, Part, Segment, Stuff, Texture

BACK, RADIUS, HALF_WIDTH, TOP, FRONT = -1.9, 1.4, 16.0, 9.0, 7.0
BENDS = 24
FAR = -4.2  # metres behind the person where a painted card stands
MEETS = 0.9  # metres before the card over which the floor takes on its colour


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A floor's print: joints between its boards or slabs, and its grain."""

    slab: tuple[float, float]
    """Metres between joints, across and along; 0 for none."""
    joint: float
    """Share of light that joints lose."""
    grain: float
    far: Floats
    """The colour that it has where it meets the card."""

    def coloured(self, uv: Floats, colour: Floats) -> Floats:
        """The floor's colour at places in metres."""
        u, v = uv[:, 0], uv[:, 1]
        shade = 1 + self.grain * np.sin(u * 71 + np.sin(v * 53) * 2) * np.sin(v * 97)
        for place, size in ((u, self.slab[0]), (v, self.slab[1])):
            if size:
                away = np.abs(place / size % 1 - 0.5) * size
                shade = shade * (
                    1 - self.joint * np.clip(1 - (size / 2 - away) / 0.008, 0, 1)
                )
        near = np.clip((v - FAR) / MEETS, 0, 1)[:, None]
        mixed = colour * shade[:, None] * near + self.far * (1 - near)
        out: Floats = mixed.astype(np.float32)
        return out


# Floor colour, slabs across and along, joints, grain; and the tint of the light.
GROUNDS: Mapping[SetKind, tuple[str, tuple[float, float], float, float]] = {
    SetKind.SHOP: ("#d9d2c6", (0.6, 0.6), 0.10, 0.01),
    SetKind.CAFE: ("#8f6b4c", (0.16, 0.0), 0.25, 0.04),
    SetKind.STREET: ("#b5b2ac", (0.5, 0.5), 0.14, 0.03),
    SetKind.OFFICE: ("#b9bcc0", (0.0, 0.0), 0.0, 0.03),
    SetKind.BEACH: ("#dcc79c", (0.0, 0.0), 0.0, 0.04),
    SetKind.MOSQUE: ("#e4dccb", (0.75, 0.75), 0.12, 0.01),
    SetKind.LIVING_ROOM: ("#b08a63", (0.14, 0.0), 0.22, 0.04),
    SetKind.GARDEN: ("#7f9a58", (0.0, 0.0), 0.0, 0.14),
}


def behind(backdrop: Backdrop, yaw: float, pictures: Pictures) -> list[Part]:
    """The parts behind the person for a camera at `yaw` degrees."""
    if backdrop.kind is BackdropKind.TRANSPARENT:
        return []
    turn = about_y(yaw)
    if backdrop.kind is BackdropKind.SET:
        card = paint.painted(backdrop.set, backdrop.blur)
        colour, slab, joint, grain = GROUNDS[backdrop.set]
        tall, far = paint.TALL, card[-6:].mean(axis=(0, 1))
        return _place(
            turn, card, tall, Ground(slab, joint, grain, far), written(colour)
        )
    if backdrop.kind is BackdropKind.PICTURE and backdrop.picture is not None:
        card = named(pictures, backdrop.picture)[..., :3]
        low = card[-max(1, len(card) // 16) :].mean(axis=(0, 1))
        return _place(turn, card, 4.6, Ground((0, 0), 0, 0, low), low)
    return [_sweep(backdrop, turn)]


def _place(
    turn: Floats, card: Floats, tall: float, ground: Ground, colour: Floats
) -> list[Part]:
    """A floor that runs to an upright card."""
    half = max(tall * card.shape[1] / card.shape[0] / 2, 0.5)
    wide = 14.0
    floor = np.array(
        [[-wide, 0, FRONT], [wide, 0, FRONT], [wide, 0, FAR], [-wide, 0, FAR]]
    )
    quads = np.array([[0, 1, 2], [0, 2, 3]])
    level = floor[quads][..., [0, 2]]
    upright = np.array(
        [[-wide, 0, FAR], [wide, 0, FAR], [wide, tall, FAR], [-wide, tall, FAR]]
    )
    edge = 0.5 * wide / half
    seen = np.array(
        [[0.5 - edge, 0], [0.5 + edge, 0], [0.5 + edge, 1], [0.5 - edge, 1]]
    )
    above = upright + np.array([[0, tall, 0]] * 2 + [[0, 3.0, 0]] * 2)
    above[:2, 1], above[2:, 1] = tall, TOP
    sky = np.stack([seen[2], seen[2], seen[2], seen[2]])
    return [
        Part(
            floor @ turn.T, quads, colour, Stuff.FLOOR, Segment.BACKDROP,
            normals=np.tile([0, 1.0, 0], (4, 1)), uv=level, print=ground,
        ),
        Part(
            np.concatenate([upright, above]) @ turn.T,
            np.concatenate([quads, quads + 4]),
            np.full(3, PLAIN), Stuff.PAINTED, Segment.BACKDROP,
            normals=np.tile(turn[:, 2], (8, 1)),
            uv=np.concatenate([seen[quads], sky[quads] * [0, 1] + [0.5, 0]]),
            print=Texture(card),
        ),
    ]  # fmt: skip


def _sweep(backdrop: Backdrop, turn: Floats) -> Part:
    """The studio's seamless sweep, which is both floor and wall."""
    angle = np.linspace(0, np.pi / 2, BENDS)
    depth = np.r_[FRONT, 1.0, BACK - RADIUS * np.sin(angle), BACK - RADIUS]
    height = np.r_[0, 0, RADIUS - RADIUS * np.cos(angle), TOP]
    left = np.stack([np.full_like(depth, -HALF_WIDTH), height, depth], axis=1)
    right = left * [-1, 1, 1]
    points = np.stack([left, right], axis=1).reshape(-1, 3)
    first = np.arange(len(depth) - 1) * 2
    triangles = np.concatenate(
        [
            np.stack([first, first + 1, first + 3], axis=1),
            np.stack([first, first + 3, first + 2], axis=1),
        ]
    )
    slope = np.r_[0, 0, angle, np.pi / 2]
    normal = np.stack([np.zeros_like(slope), np.cos(slope), np.sin(slope)], axis=1)
    return Part(
        points=points @ turn.T,
        triangles=triangles,
        colour=_colours(backdrop, points),
        stuff=Stuff.FLOOR,
        segment=Segment.BACKDROP,
        normals=np.repeat(normal, 2, axis=0) @ turn.T,
    )


def _colours(backdrop: Backdrop, points: Floats) -> Floats:
    colour = written(backdrop.colour)
    if backdrop.kind is BackdropKind.GRADIENT:
        rise = np.clip(points[:, 1:2] / 3.0, 0, 1)
        end = colour * 0.28 if backdrop.second is None else written(backdrop.second)
        out: Floats = colour * (1 - rise) + end * rise
        return out
    return np.broadcast_to(colour, points.shape)
