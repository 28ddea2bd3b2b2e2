"""Writes the hashed lists that images are built from: `make lock`.

What is installed is the production set: the members of the workspace and whatever they
need, at the versions of `constraints.txt`. Wheels only: an archive of sources would run
its own code to be built. The hashes come from the package index through pip, for each
kind of machine and each Python named here; no address is written.
"""
# ruff: noqa: INP001, S603, T201 (a script that runs pip and says so)

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
IMAGE = ROOT / "deploy" / "image"
PYTHONS = ("3.11", "3.12", "3.13")
MACHINES = ("x86_64", "aarch64")
GLIBC = range(5, 37)
"""Minor versions of glibc 2 whose wheels run on the image's Debian."""
OURS = {
    "lumiku-avatar-creator": (),
    "lumiku-console": (),
    "lumiku-contracts": ("tables",),
    "lumiku-huggingface": (),
    "lumiku-kernel": ("s3", "tracing"),
    "lumiku-pose-generator": (),
    "lumiku-studio": ("photo",),
}
"""What an image holds of ours, with extras: a setting must not want a library."""
LISTS = {
    "requirements.txt": (OURS, "What an image holds beside our own wheels."),
    "build-requirements.txt": ({"hatchling": ()}, "What builds our own wheels."),
}


def main() -> int:
    """Write all lists."""
    versions = dict(pinned(ROOT / "constraints.txt"))
    for name, (roots, says) in LISTS.items():
        needed = {machine: closure(roots, machine) for machine in MACHINES}
        wanted = {one: versions[one] for one in set().union(*needed.values())}
        hashes: dict[str, set[str]] = {one: set() for one in wanted}
        for machine in MACHINES:
            mine = {one: wanted[one] for one in needed[machine]}
            for python in PYTHONS:
                for one, digest in _digests(mine, machine, python):
                    hashes[one].add(digest)
        lines = [f"# {says} Written by: make lock"]
        for one in sorted(wanted):
            where = [machine for machine in MACHINES if one in needed[machine]]
            lines.append(_line(one, wanted[one], where, sorted(hashes[one])))
        (IMAGE / name).write_text("\n".join(lines) + "\n")
        print(f"{name}: {len(wanted)} packages")
    return 0


def pinned(path: Path) -> Iterator[tuple[str, str]]:
    """Names and versions of a list of constraints."""
    for line in path.read_text().splitlines():
        name, found, version = line.partition("==")
        if found:
            yield canonicalize_name(name), version.strip()


def closure(roots: dict[str, tuple[str, ...]], machine: str) -> set[str]:
    """Names of what `roots` need on a machine, without those of ours."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    todo = list(roots.items())
    while todo:
        name, extras = todo.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        for said in distribution(name).requires or ():
            need = Requirement(said)
            if need.marker is None or any(
                need.marker.evaluate({"platform_machine": machine, "extra": extra})
                for extra in (*extras, "")
            ):
                todo.append((canonicalize_name(need.name), tuple(sorted(need.extras))))
    return {name for name, _ in seen if name not in OURS}


def _digests(
    wanted: dict[str, str], machine: str, python: str
) -> Iterator[tuple[str, str]]:
    """`(name, SHA-256)` of the wheel that pip would take of each."""
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in reversed(GLIBC)]
    platforms += [f"manylinux{old}_{machine}" for old in ("2014", "2010", "1")]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        asked = [sys.executable, "-m", "pip", "install", "-qq", "--dry-run"]
        asked += ["--disable-pip-version-check", "--ignore-installed", "--no-deps"]
        asked += ["--only-binary", ":all:", "--target", folder]
        asked += ["--python-version", python, "--implementation", "cp"]
        asked += [word for one in platforms for word in ("--platform", one)]
        asked += ["--report", str(report)]
        asked += [f"{name}=={version}" for name, version in sorted(wanted.items())]
        if subprocess.run(asked, check=False).returncode:
            sys.exit(
                f"pip finds no wheels for Python {python} on {machine}; see above."
            )
        for one in json.loads(report.read_text())["install"]:
            digest = one["download_info"]["archive_info"]["hashes"]["sha256"]
            yield canonicalize_name(one["metadata"]["name"]), digest


def _line(name: str, version: str, machines: list[str], hashes: list[str]) -> str:
    where = ""
    if len(machines) < len(MACHINES):
        named = " or ".join(f'platform_machine == "{one}"' for one in machines)
        where = f" ; {named}"
    parts = [f"{name}=={version}{where}", *(f"--hash=sha256:{one}" for one in hashes)]
    return " \\\n    ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
