"""Small on purpose: budgets of code lines, raised only by a page in docs/decisions.

Migrations are not counted and may be long: they are a record, not a room. So may tables
of tests be.
"""

from collections import Counter
from collections.abc import Container
from pathlib import Path

import pytest
from tests.architecture.sources import (
    CONTRACTS,
    KERNEL,
    MEMBERS,
    ROOT,
    code_lines,
    named,
    package,
    python,
)

from lumiku_kernel.store.tables import metadata

LONGEST = 300
CORE, PROVISIONAL = 620, 640
SCENE = ("scene", "images", "senses", "ground", "pose", "sets", "wardrobe")
ROOMS = {
    "plugins": 1450,
    "catalogue": 350,
    "flags": 450,
    "visibility": 1900,
    "accounts": 1200,
    "ledger": 700,
    "jobs": 5250,
    "store": 1530,
    "web": 5000,
    "cli": 2680,
    "doctor": 1680,
    "backup": 650,
    "uploads": 220,
    "outbound": 300,
}
REST = 1600
STUDIO = {
    "body": 870,
    "skeleton": 1775,
    "wardrobe": 2370,
    "hair": 1570,
    "props": 945,
    "scene": 1300,
    "tracing": 250,
    "shading": 1185,
    "maps": 180,
    "text": 470,
    "photo": 680,
    "matte": 205,
    "album": 340,
    "rest": 670,
}
"""docs/decisions/0009 says why."""
TABLES = 29


def is_present(path: Path) -> bool:
    """Whether it is code of today: migrations are not."""
    return "migrations" not in path.parts


def rooms(package: Path, known: Container[str]) -> Counter[str]:
    """Code lines of each room of a package; files outside the rooms are the rest."""
    counted: Counter[str] = Counter()
    for path in filter(is_present, python(package)):
        room = path.relative_to(package).parts[0]
        counted[room if room in known else "rest"] += code_lines(path)
    return counted


KERNEL_ROOMS = rooms(KERNEL, ROOMS)
STUDIO_ROOMS = rooms(ROOT / "plugins" / "studio" / "lumiku_studio", STUDIO)


@pytest.mark.parametrize(("room", "most"), {**ROOMS, "rest": REST}.items())
def test_a_room_of_the_kernel_keeps_to_its_budget(room: str, most: int) -> None:
    assert KERNEL_ROOMS[room] <= most


@pytest.mark.parametrize(("room", "most"), STUDIO.items())
def test_a_room_of_the_studio_keeps_to_its_budget(room: str, most: int) -> None:
    assert STUDIO_ROOMS[room] <= most


def test_the_contract_keeps_to_its_budgets() -> None:
    provisional = {CONTRACTS / f"{name}.py" for name in SCENE}
    core = set(python(CONTRACTS)) - provisional

    assert sum(map(code_lines, core)) <= CORE
    assert sum(map(code_lines, provisional)) <= PROVISIONAL


def test_the_kernel_has_at_most_29_tables() -> None:
    assert len(metadata.tables) <= TABLES


TABLES_OF_TESTS = {ROOT / "tests" / "faults" / "mutants.py"}
PRESENT = [
    path
    for path in python(*map(package, MEMBERS), ROOT / "tests", ROOT / "bench")
    if is_present(path) and path not in TABLES_OF_TESTS
]


@pytest.mark.parametrize("path", PRESENT, ids=named)
def test_no_file_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST


def test_lines_of_code_are_counted_without_words(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text('"""Says."""\n\n# why\nX = 1\n"""After X."""\n\n\ndef f():\n'
                    '    """Does."""\n    return (\n        1,\n    )\n')  # fmt: skip

    assert code_lines(path) == 5
