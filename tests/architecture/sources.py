"""The repository as the architecture tests read it: members, files, lines of code."""

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CONTRACTS = ROOT / "contracts" / "lumiku_contracts"
KERNEL = ROOT / "kernel" / "lumiku_kernel"
MEMBERS = sorted(
    project.parent
    for pattern in ("*/pyproject.toml", "plugins/*/pyproject.toml")
    for project in ROOT.glob(pattern)
)
WITH_DOCSTRINGS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
NO_CODE = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
)


def package(member: Path) -> Path:
    """The one package of a member."""
    (found,) = member.glob("lumiku_*")
    return found


def python(*folders: Path) -> list[Path]:
    """Their Python files."""
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def code_lines(path: Path) -> int:
    """Lines that hold code: no blanks, no comments, no docstrings."""
    text = path.read_text()
    held = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(held - set(_docstrings(ast.parse(text))))


def _docstrings(tree: ast.Module) -> Iterator[int]:
    """Lines of strings that stand alone: docstrings, and those after a constant."""
    for node in ast.walk(tree):
        if not isinstance(node, WITH_DOCSTRINGS):
            continue
        for inner in node.body:
            if (
                isinstance(inner, ast.Expr)
                and isinstance(inner.value, ast.Constant)
                and isinstance(inner.value.value, str)
            ):
                yield from range(inner.lineno, (inner.end_lineno or 0) + 1)


def named(path: Path) -> str:
    """The file as people call it."""
    return path.relative_to(ROOT).as_posix()
