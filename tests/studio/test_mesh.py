"""Meshes: borders, outlines and sums are what counting by hand gives."""

import numpy as np
from scipy.spatial import ConvexHull

from lumiku_studio.body.mesh import border_edges, clip, compact, surface
from lumiku_studio.skeleton.mass import hull


def test_border_edges_are_those_of_one_triangle_whichever_way_it_turns() -> None:
    rng = np.random.default_rng(1)
    whole = surface("tights", 1).triangles
    for share in (1.0, 0.9, 0.1):
        triangles = whole[rng.random(len(whole)) < share]
        turned = rng.random(len(triangles)) < 0.3
        triangles = np.where(turned[:, None], triangles[:, ::-1], triangles)
        sides = np.concatenate([triangles[:, [k, (k + 1) % 3]] for k in range(3)])
        _, uses = np.unique(np.sort(sides, axis=1), axis=0, return_counts=True)
        found = np.sort(border_edges(triangles), axis=1)
        assert len(found) == (uses == 1).sum()
        assert len(np.unique(found, axis=0)) == len(found)


def test_the_outline_of_a_cloud_has_the_area_that_qhull_finds() -> None:
    rng = np.random.default_rng(2)
    for count in (3, 10, 3000):
        cloud = rng.standard_normal((count, 2))
        x, y = hull(cloud).T
        area = ((x * np.roll(y, -1)) - (np.roll(x, -1) * y)).sum() / 2
        assert np.isclose(area, ConvexHull(cloud).volume)
    assert len(hull(np.zeros((4, 2)))) > 0


def test_a_clipped_mesh_ends_where_the_field_is_zero() -> None:
    triangles = surface("tights", 1).triangles
    field = np.random.default_rng(3).standard_normal(int(triangles.max()) + 1)
    kept, operator = clip(triangles, field)
    at = operator @ field
    assert at[kept].min() > -1e-12
    assert np.abs(at[len(field) :]).max() < 1e-12
    used, renumbered = compact(kept)
    assert (used[renumbered] == kept).all()
