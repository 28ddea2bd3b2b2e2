"""Releases of the product, each in a folder of its own as it would be installed.

The release before is taken from the history of this repository. What both need from
others is linked from the environment that the tests run in: nothing is fetched.
"""

import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from sysconfig import get_path

import pytest

ROOT = Path(__file__).parents[2]
BEFORE = "dd93f5f27336c2e51384e54ed8bb286a040e9ee0"
"""The commit of release 0.1.0."""
TRIAL = ROOT / "tests" / "faults" / "trial"
OURS = ("lumiku", "_editable_impl_lumiku", "__editable__.lumiku")
SCRIPT = """#!/bin/sh
exec "{python}" -m {module} "$@"
"""


@dataclass(frozen=True)
class Release:
    """A folder with a Python, in which one release is installed."""

    folder: Path
    version: str

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def site(self) -> Path:
        """Where its packages are."""
        return next(self.folder.glob("lib/python*/site-packages"))

    def add(
        self,
        name: str,
        version: str,
        place: Path,
        points: Mapping[str, str] | None = None,
        requires: Iterable[str] = ("lumiku-contracts",),
    ) -> None:
        """Install the distribution `name`, whose modules lie in the folder `place`."""
        told = self.site / f"{name.replace('-', '_')}-{version}.dist-info"
        told.mkdir()
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += [f"Requires-Dist: {one}" for one in requires]
        (told / "METADATA").write_text("\n".join(lines) + "\n")
        entries = [f"{key} = {value}" for key, value in (points or {}).items()]
        (told / "entry_points.txt").write_text(
            "\n".join(["[lumiku.plugins]", *entries]) + "\n"
        )
        (self.site / f"{name}.pth").write_text(f"{place}\n")


def new(folder: Path) -> Release:
    """What is in this repository now."""
    return _installed(folder, ROOT)


def before(folder: Path) -> Release:
    """Release 0.1.0; skips where the history does not go back so far."""
    known = subprocess.run(
        ["git", "cat-file", "-e", f"{BEFORE}^{{commit}}"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if known.returncode:
        pytest.skip(f"the history of this clone lacks release 0.1.0 ({BEFORE[:7]})")
    tree = folder.with_name(f"{folder.name}-source")
    tree.mkdir()
    parts = ("contracts", "kernel")
    packed = subprocess.run(
        ["git", "archive", BEFORE, *parts],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    subprocess.run(["tar", "x"], cwd=tree, input=packed.stdout, check=True)  # noqa: S607
    return _installed(folder, tree)


def _installed(folder: Path, tree: Path) -> Release:
    made = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(made, check=True)
    said = tomllib.loads((tree / "kernel" / "pyproject.toml").read_text())
    release = Release(folder, said["project"]["version"])
    for one in Path(get_path("purelib")).iterdir():
        if not one.name.startswith(OURS) and one.name != "__pycache__":
            (release.site / one.name).symlink_to(one)
    for part in ("contracts", "kernel"):
        project = tomllib.loads((tree / part / "pyproject.toml").read_text())["project"]
        needs = project["dependencies"]
        release.add(project["name"], project["version"], tree / part, requires=needs)
    release.add("lumiku-trial", f"{release.version}", TRIAL, {"trial": "lumiku_trial"})
    for name, module in (("lumiku", "lumiku_kernel.cli"), ("pip", "pip")):
        script = folder / "bin" / name
        script.write_text(SCRIPT.format(python=release.python, module=module))
        script.chmod(0o755)
    return release
