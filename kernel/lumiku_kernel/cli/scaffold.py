"""Writes a plugin's first files: a distribution that works at once."""

import keyword
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from lumiku_contracts.words import PLUGIN_ID, RESERVED
from lumiku_kernel.errors import Problem

TEMPLATES = Path(__file__).parent / "scaffold"
LONGEST = 40


def write(folder: Path, ident: str | None) -> tuple[str, list[Path]]:
    """Write the files into `folder`; the plugin's id and what was written.

    Nothing is overwritten: 409 `path-taken` if anything is there already.
    """
    name = ident or _kebab(folder.resolve().name)
    package = _checked(name).replace("-", "_")
    _importable(package)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        detail = f"{folder} is there already, and is not empty."
        raise Problem(409, "path-taken", detail, fix="lumiku new ANOTHER-PATH")
    words = {"@id@": name, "@package@": package, "@name@": _title(name)}
    written = []
    for source, target in _places(package):
        text = (TEMPLATES / source).read_text()
        for mark, word in words.items():
            text = text.replace(mark, word)
        path = folder / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        written.append(path)
    return name, written


def _places(package: str) -> Iterator[tuple[str, str]]:
    yield "pyproject.toml.txt", "pyproject.toml"
    yield "README.md.txt", "README.md"
    yield "gitignore.txt", ".gitignore"
    yield "init.py.txt", f"{package}/__init__.py"
    yield "card.py.txt", f"{package}/card.py"
    yield "typed.txt", f"{package}/py.typed"
    yield "test.py.txt", f"tests/test_{package}.py"


def _kebab(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _title(ident: str) -> str:
    return ident.replace("-", " ").title()


def _checked(ident: str) -> str:
    if not re.fullmatch(PLUGIN_ID, ident) or len(ident) > LONGEST:
        detail = (
            f"“{ident}” is no plugin's id: small letters, digits and single hyphens, "
            f"a letter first, at most {LONGEST}."
        )
        raise Problem(422, "id-invalid", detail, fix="lumiku new PATH --id acme-cards")
    if ident in RESERVED:
        detail = f"The id “{ident}” is the kernel's own."
        raise Problem(422, "id-reserved", detail, fix=f"--id acme-{ident}")
    return ident


def _importable(package: str) -> None:
    """Refuse the name of a package that something else is imported by."""
    if keyword.iskeyword(package) or find_spec(package) is not None:
        detail = f"Python already means something else by “{package}”."
        fix = f"--id acme-{package.replace('_', '-')}"
        raise Problem(422, "package-taken", detail, fix=fix)
