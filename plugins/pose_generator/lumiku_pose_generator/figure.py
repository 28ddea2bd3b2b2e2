"""A pose as a simple drawn figure: what is shown until it has been rendered."""

from lumiku_pose_generator.bakery import Joint

WIDTH, HEIGHT = 192, 256
LIMBS = (
    ((8, 9, 10), 0.050), ((11, 12, 13), 0.050), ((2, 3, 4), 0.038), ((5, 6, 7), 0.038),
)  # fmt: skip
"""Joints of COCO-18 along each limb, and its width as a share of the trunk's unit."""
INK = "#6b7280"
TRUNK = (2, 5, 11, 8)
NECK, NOSE = 1, 0
SCALE = 3.2


def figure(skeleton: tuple[Joint, ...]) -> str:
    """An SVG of 192 x 256: trunk, limbs, and head of eighteen joints."""
    points = [(x * WIDTH, y * HEIGHT) for x, y, _ in skeleton]
    unit = SCALE * _unit(points)
    parts = [
        f'<polygon points="{_path(points, TRUNK)}" stroke-width="{unit * 0.055:.1f}"/>'
    ]
    parts += [
        f'<polyline points="{_path(points, limb)}" fill="none" '
        f'stroke-width="{unit * width:.1f}"/>'
        for limb, width in LIMBS
    ]
    neck, nose = points[NECK], points[NOSE]
    x, y = (nose[0] * 1.15 - neck[0] * 0.15, nose[1] * 1.15 - neck[1] * 0.15)
    parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{unit * 0.065:.1f}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        '<rect width="100%" height="100%" fill="#eceef1"/>'
        f'<g fill="{INK}" stroke="{INK}" stroke-linejoin="round" '
        f'stroke-linecap="round">{"".join(parts)}</g></svg>'
    )


def _unit(points: list[tuple[float, float]]) -> float:
    """The trunk's length in the picture, from the neck to the middle of the hips."""
    left, right = points[8], points[11]
    neck = points[NECK]
    x, y = (left[0] + right[0]) / 2 - neck[0], (left[1] + right[1]) / 2 - neck[1]
    return max(float((x * x + y * y) ** 0.5), 24.0)


def _path(points: list[tuple[float, float]], joints: tuple[int, ...]) -> str:
    return " ".join(f"{points[j][0]:.1f},{points[j][1]:.1f}" for j in joints)
