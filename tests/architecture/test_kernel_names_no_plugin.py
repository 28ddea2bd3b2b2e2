"""The kernel mentions no plugin, not even in a string, a template or a comment.

Ids without a hyphen may be ordinary words (a `studio` is also a room), so of those
only the package's name is looked for.
"""

import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from tests.architecture.sources import CONTRACTS, KERNEL, ROOT, named

from lumiku_contracts import ENTRY_POINTS

TEXT = {".css", ".html", ".js", ".py", ".svg", ".toml"}
FILES = [
    path
    for folder in (KERNEL, CONTRACTS)
    for path in sorted(folder.rglob("*"))
    if path.suffix in TEXT and "vendor" not in path.parts
]


def words() -> set[str]:
    """What no file of the kernel may say, in lower case."""
    found = set()
    for point in entry_points(group=ENTRY_POINTS):
        found.add(point.module.split(".")[0])
        if "-" in point.name:
            found |= {point.name.replace("-", sign) for sign in ("-", "_", " ", "")}
    return found


def test_there_are_plugins_to_look_for() -> None:
    ids = {project.parent.name for project in ROOT.glob("plugins/*/pyproject.toml")}

    assert {f"lumiku_{ident}" for ident in ids} <= words()
    assert {"pose-generator", "pose_generator"} <= words()


@pytest.mark.parametrize("path", FILES, ids=named)
def test_the_kernel_and_the_contract_name_no_plugin(path: Path) -> None:
    text = path.read_text().lower()

    said = [
        word
        for word in words()
        if re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text)
    ]

    assert said == []
