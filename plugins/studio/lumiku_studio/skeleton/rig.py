"""Bones: from rotations to placed joints, and from placed joints to moved vertices."""

from dataclasses import dataclass

import numpy as np

from lumiku_studio.arrays import Floats, Sparse
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template

Turns = dict[str, Floats]
"""Bone name to its rotation in the room; a bone not named follows its parent."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Every bone's rotation and head in the room."""

    rotations: Floats
    heads: Floats
    rest: Rest

    def at(self, bone: str) -> Floats:
        """Where a bone begins."""
        place: Floats = self.heads[template().bone(bone)]
        return place

    def turn(self, bone: str) -> Floats:
        """How a bone is turned in the room."""
        rotation: Floats = self.rotations[template().bone(bone)]
        return rotation

    def moved(self, step: Floats) -> "Placed":
        """The same, shifted by a vector."""
        return Placed(self.rotations, self.heads + step, self.rest)


def place(rest: Rest, turns: Turns, root: Floats | None = None) -> Placed:
    """Place all bones; `root` is where the first one begins, else where it rests."""
    body = template()
    rotations = np.empty((len(body.bones), 3, 3))
    heads = np.empty((len(body.bones), 3))
    for i, (bone, parent) in enumerate(zip(body.bones, body.parents, strict=True)):
        if parent < 0:
            rotations[i] = turns.get(bone, np.eye(3))
            heads[i] = rest.heads[i] if root is None else root
            continue
        rotations[i] = turns.get(bone, rotations[parent])
        heads[i] = heads[parent] + rotations[parent] @ (
            rest.heads[i] - rest.heads[parent]
        )
    return Placed(rotations, heads, rest)


def skin(placed: Placed, points: Floats, weights: Sparse) -> Floats:
    """Move rest points (n x 3) by their weights (n x bones): linear blend skinning."""
    count = len(placed.heads)
    shift = placed.heads - np.einsum("nij,nj->ni", placed.rotations, placed.rest.heads)
    packed = np.concatenate([placed.rotations.reshape(count, 9), shift], axis=1)
    mixed = weights @ packed
    turned = np.einsum("vij,vj->vi", mixed[:, :9].reshape(-1, 3, 3), points)
    out: Floats = turned + mixed[:, 9:]
    return out


def skin_body(placed: Placed) -> Floats:
    """All template vertices, moved."""
    return skin(placed, placed.rest.points, template().weights)
