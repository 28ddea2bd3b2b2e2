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


def parts() -> list[tuple[str, str, list[tuple[str, str, str, str]]]]:
    """`(class, its docstring, [(field, type, default, meaning)])` of a declaration."""
    text = (ROOT / "contracts" / "lumiku_contracts" / "plugin.py").read_text()
    found = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and _is_declared(node):
            said = " ".join((ast.get_docstring(node) or "").split())
            found.append((node.name, said, list(_fields(node))))
    # The whole first, then what it is made of.
    return sorted(found, key=lambda one: one[0] != "Plugin")


def _is_declared(node: ast.ClassDef) -> bool:
    names = {one.id for one in node.decorator_list if isinstance(one, ast.Name)}
    return "declared" in names


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str, str, str]]:
    """Each field, with the string that stands below it."""
    for one, below in zip(node.body, [*node.body[1:], None], strict=True):
        if not isinstance(one, ast.AnnAssign) or not isinstance(one.target, ast.Name):
            continue
        meaning = ""
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            meaning = str(below.value.value)
        yield one.target.id, _type(one.annotation), _default(one.value), meaning


def _type(node: ast.expr) -> str:
    """The annotation without what only pydantic reads."""
    if isinstance(node, ast.BinOp):
        return f"{_type(node.left)} | {_type(node.right)}".replace("Price.FREE", "Free")
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if ast.unparse(node.value) == "Annotated":
            return _type(inner[0])
        if ast.unparse(node.value) == "Literal":
            return " | ".join(ast.unparse(one) for one in inner)
    names = {"Price.FREE": "Free", "TierWord": "Tier", "Id": "str", "ModelId": "str"}
    names |= {"Dotted": "module:name"}
    text = ast.unparse(node)
    return names.get(text, text)


def _default(node: ast.expr | None) -> str:
    if node is None:
        return "required"
    text = ast.unparse(node)
    return {"Field(default_factory=dict)": "{}"}.get(text, text)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A table of Markdown; bars within a cell are kept from ending it."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n"
        for line in lines
    )
