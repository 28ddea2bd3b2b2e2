"""The page for authors speaks of everything an author may use; its code is run too."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import lumiku_contracts
from lumiku_contracts import plugin

PAGE = (Path(__file__).parents[2] / "docs" / "writing-a-plugin.md").read_text()
DECLARED = [
    thing
    for thing in vars(plugin).values()
    if isinstance(thing, type)
    and thing.__module__ == plugin.__name__
    and is_dataclass(thing)
]


@pytest.mark.parametrize("name", lumiku_contracts.__all__)
def test_every_public_name_stands_in_the_tutorial(name: str) -> None:
    assert re.search(rf"\b{name}\b", PAGE)


@pytest.mark.parametrize("part", DECLARED, ids=lambda part: part.__name__)
def test_every_field_of_a_declaration_stands_there_with_its_meaning(
    part: type,
) -> None:
    section = PAGE.split(f"\n### {part.__name__}\n")[1].split("\n## ")[0]

    for field in fields(part):
        (row,) = re.findall(rf"^\| `{field.name}` \|.*$", section, re.MULTILINE)[:1]
        assert not row.endswith("|  |"), row
