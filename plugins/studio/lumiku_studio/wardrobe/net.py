"""Nets of cloth: the means and areas of their vertices."""

import numpy as np
import scipy.sparse as sp

from lumiku_studio.arrays import Floats, Ints, Sparse
from lumiku_studio.body.mesh import border_edges, crossed, neighbour_mean, summed


def edge_keeping_mean(triangles: Ints, count: int) -> Sparse:
    """As `neighbour_mean`, but open edges are smoothed along themselves only."""
    inner = neighbour_mean(triangles, count)
    edges = border_edges(triangles)
    if not len(edges):
        return inner
    rows, columns = np.r_[edges[:, 0], edges[:, 1]], np.r_[edges[:, 1], edges[:, 0]]
    links = sp.csr_matrix(
        (np.full(len(rows), 0.5), (rows, columns)), shape=(count, count)
    )
    rim = np.zeros(count, bool)
    rim[edges.ravel()] = True
    return (sp.diags((~rim).astype(float)) @ inner + links).tocsr()


def seamed(mean: Sparse, seam: Sparse) -> Sparse:
    """A mean for a mesh that is split along a seam: what `seam` adds goes along."""
    out: Sparse = (seam @ mean).tocsr()
    out.resize((seam.shape[0], seam.shape[0]))
    return out


def vertex_area(points: Floats, triangles: Ints) -> Floats:
    """The area around each vertex."""
    area = np.sqrt((crossed(points, triangles) ** 2).sum(axis=0))
    out: Floats = np.maximum(summed(area[None], triangles, len(points))[0], 1e-10)
    return out
