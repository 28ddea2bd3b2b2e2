"""The library as providers of `pose-from-text` and `pose-from-photo` are told of it."""

from functools import cache

from lumiku_contracts.senses import Known
from lumiku_pose_generator.bakery import baked
from lumiku_pose_generator.categories import categories, family
from lumiku_pose_generator.library import library


@cache
def spoken() -> tuple[Known, ...]:
    """Every pose with what is said of it in both languages, and its joints."""
    made, every = baked(), categories()
    known = []
    for entry in library().values():
        above = [one for one in every if entry.category in family(one.id)]
        known.append(
            Known(
                id=entry.id,
                title=f"{entry.name}, {entry.name_id}",
                tags=", ".join((*entry.tags, *entry.tags_id)),
                told=f"{entry.description} {entry.description_id}",
                shelf=", ".join(f"{one.name}, {one.name_id}" for one in above[-1:]),
                pose=entry.pose,
                camera=entry.camera,
                skeleton=made[entry.id].skeleton if entry.id in made else (),
            )
        )
    return tuple(known)
