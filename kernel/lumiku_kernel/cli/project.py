"""A plugin's folder on disk, made known to Python without installing it."""

import os
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from lumiku_contracts import ENTRY_POINTS
from lumiku_kernel.errors import Problem

LEFT_OUT = frozenset({"__pycache__", "node_modules", "build", "dist", "venv"})
Stamps = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Project:
    """What its pyproject.toml says of the plugin in it."""

    folder: Path
    source: Path
    dist: str
    version: str
    requires: tuple[str, ...]
    ident: str
    value: str

    @classmethod
    def read(cls, path: Path) -> "Project":
        """The project in `path`, or a `Problem` that says what it lacks."""
        folder = path.resolve()
        said = _pyproject(folder)
        points = said.get("entry-points", {}).get(ENTRY_POINTS, {})
        if len(points) != 1:
            detail = (
                f"{folder / 'pyproject.toml'} declares {len(points)} entry points "
                f"of “{ENTRY_POINTS}”; there must be one."
            )
            fix = f'[project.entry-points."{ENTRY_POINTS}"]'
            raise Problem(422, "entry-point-missing", detail, fix=fix)
        ((ident, value),) = points.items()
        return cls(
            folder,
            _source(folder, value),
            said["name"],
            said.get("version", "0"),
            tuple(said.get("dependencies", ())),
            ident,
            value,
        )

    @property
    def home(self) -> Path:
        """Where `lumiku dev` keeps its data."""
        return self.folder / ".lumiku"

    def lay_out(self) -> None:
        """Write its metadata, as pip would have, to a folder of its own."""
        info = self.home / "installed" / f"{canonicalize_name(self.dist)}.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (self.home / ".gitignore").write_text("*\n")
        lines = ["Metadata-Version: 2.1", f"Name: {self.dist}"]
        lines += [f"Version: {self.version}"]
        lines += [f"Requires-Dist: {one}" for one in self.requires]
        (info / "METADATA").write_text("\n".join(lines) + "\n")
        entry = f"[{ENTRY_POINTS}]\n{self.ident} = {self.value}\n"
        (info / "entry_points.txt").write_text(entry)

    def go_on_path(self) -> None:
        """Have Python find it, here and in the processes that are started from here."""
        mine = [str(self.source), str(self.home / "installed")]
        # In front: a copy of it that is installed is not what is being written.
        sys.path[:0] = mine
        others = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join([*mine, *filter(None, [others])])

    def stamps(self) -> Stamps:
        """Time and size of each file of the project."""
        return dict(_stamps(self.folder))

    def owns(self, filename: str) -> bool:
        """Whether a file is the author's."""
        return Path(filename).resolve().is_relative_to(self.source)


def _pyproject(folder: Path) -> dict[str, Any]:
    file = folder / "pyproject.toml"
    try:
        said = tomllib.loads(file.read_text())
    except FileNotFoundError as error:
        fix = f"lumiku new {folder}"
        raise Problem(
            404, "project-missing", f"There is no {file}.", fix=fix
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise Problem(422, "project-unreadable", f"{file}: {error}") from error
    project: dict[str, Any] = said.get("project", {})
    if "name" not in project:
        raise Problem(422, "project-nameless", f"{file} has no [project] name.")
    return project


def _source(folder: Path, value: str) -> Path:
    """The folder from which the entry point's module is imported."""
    top = value.partition(":")[0].partition(".")[0]
    for place in (folder, folder / "src"):
        if (place / top).is_dir() or (place / f"{top}.py").is_file():
            return place
    detail = f"Neither {folder} nor its folder src has a module “{top}”."
    raise Problem(404, "module-missing", detail)


def _stamps(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    for place, folders, files in os.walk(folder):
        folders[:] = [
            name for name in folders if not (name in LEFT_OUT or name.startswith("."))
        ]
        for name in files:
            path = os.path.join(place, name)  # noqa: PTH118 (twice as quick as a Path)
            try:
                stat = os.stat(path)  # noqa: PTH116
            except FileNotFoundError:
                continue  # an editor's file that is gone again
            yield path, (stat.st_mtime_ns, stat.st_size)
