"""Names say what a thing is; words that say nothing are not used for it."""

import ast
import re
from pathlib import Path

import pytest
from tests.architecture.sources import MEMBERS, ROOT, named, package, python

BANNED = {
    "abstract",
    "common",
    "handler",
    "helper",
    "helpers",
    "impl",
    "info",
    "manager",
    "misc",
    "service",
    "services",
    "util",
    "utils",
}
FILES = python(*map(package, MEMBERS), ROOT / "tests", ROOT / "docs", ROOT / "bench")


def parts(name: str) -> set[str]:
    """The words of a name, however they are joined."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_the_words_of_a_name_are_found() -> None:
    assert parts("HTTPJobManager2") == {"http", "job", "manager"}
    assert parts("image_utils") == {"image", "utils"}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_module_and_no_class_has_an_empty_name(path: Path) -> None:
    names = [path.stem] + [
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    ]

    assert [name for name in names if parts(name) & BANNED] == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    text = path.read_text()

    said = ast.get_docstring(ast.parse(text))

    assert said or "strangers" in path.parts or not text.strip()
