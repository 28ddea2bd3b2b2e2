"""The whole library in the order it is shown: category by category."""

from importlib import import_module

from lumiku_pose_generator.categories import children
from lumiku_pose_generator.library import Entry


def written() -> tuple[Entry, ...]:
    """All poses; each category has a module of its name, its hyphens underlined."""
    leaves = [leaf.id for top in children(None) for leaf in children(top.id)]
    shelves = [
        import_module(f"shelves.{leaf.replace('-', '_')}").SHELF for leaf in leaves
    ]
    return tuple(entry for shelf in shelves for entry in shelf)
