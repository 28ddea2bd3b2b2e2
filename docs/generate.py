"""Tables of the docs that are read from the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent


def problem_codes() -> list[tuple[str, str, str]]:
    """`(code, status, detail)` of every problem that our code can raise."""
    found: dict[str, tuple[str, str]] = {}
    for folder in ("contracts", "kernel", "plugins"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for code, status, detail in _raised(ast.parse(path.read_text())):
                found.setdefault(code, (status, detail))
    return [(code, *found[code]) for code in sorted(found)]


def _raised(tree: ast.AST) -> Iterator[tuple[str, str, str]]:
    said = _assigned(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        given = [_words(one, said) for one in node.args]
        if node.func.id == "Problem" and len(given) > 1 and given[1]:
            yield given[1], given[0], "".join(given[2:3])
        if node.func.id == "Refused" and given and given[0]:
            named = {one.arg: _words(one.value, said) for one in node.keywords}
            yield given[0], named.get("status", "422"), "".join(given[1:2])


def _assigned(tree: ast.AST) -> dict[str, list[tuple[int, str]]]:
    """What each name was set to, and in which line."""
    found: dict[str, list[tuple[int, str]]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            found.setdefault(name, []).append((node.lineno, _words(node.value, {})))
    return found


def _words(node: ast.expr, said: dict[str, list[tuple[int, str]]]) -> str:
    """A literal's text, an f-string's fixed parts, a name's last value before here."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (
            one.value if isinstance(one, ast.Constant) else "…" for one in node.values
        )
        return "".join(map(str, parts))
    if isinstance(node, ast.Name):
        before = [
            text for line, text in sorted(said.get(node.id, [])) if line < node.lineno
        ]
        return before[-1] if before else ""
    return ""


def operations() -> list[tuple[str, str, str]]:
    """`(method, path, summary)` of the kernel's own API."""
    from lumiku_kernel.web.api import start  # noqa: PLC0415
    from lumiku_kernel.web.app import KERNEL  # noqa: PLC0415

    return [
        (one.method, one.path, (one.handler.__doc__ or "").strip().split("\n")[0])
        for one in (*KERNEL, *start.ENDPOINTS)
    ]
