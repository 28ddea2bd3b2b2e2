"""What an image holds, in MB by package, and what could be left out of it.

    python deploy/sizes.py VENV [--write PAGE]

VENV is what `deploy/image/packages` and `deploy/image/wheels` have made. With `--write`
the table of the page is written anew, between its marks.
"""
# ruff: noqa: INP001, T201 (a script that prints)

import argparse
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from lock import MACHINES, OURS, closure
from packaging.utils import canonicalize_name

MB = 1e6
SMALL = 2.0
"""Packages of fewer MB are summed up."""
BEGIN, END = "<!-- sizes -->", "<!-- /sizes -->"
PARTS = {
    "the embedded studio (a server beside workers needs none)": {
        name: extras for name, extras in OURS.items() if name != "lumiku-studio"
    },
    "what reads photographs": OURS | {"lumiku-studio": ()},
    "files in an object store": OURS | {"lumiku-kernel": ("tracing",)},
    "traces": OURS | {"lumiku-kernel": ("s3",)},
}
"""What could be left out, and the members and extras that then stay."""


def table(venv: Path) -> Iterator[str]:
    """The lines of a page in Markdown."""
    (site,) = venv.glob("lib/python*/site-packages")
    files = {
        canonicalize_name(one.name): list(_files(one))
        for one in distributions(path=[str(site)])
    }
    sizes = {name: sum(map(_size, paths)) for name, paths in files.items()}
    total = sum(sizes.values())
    yield "| Package | MB |"
    yield "|---|---:|"
    large = {name: size for name, size in sizes.items() if size >= SMALL * MB}
    for name, size in sorted(large.items(), key=lambda pair: -pair[1]):
        yield f"| {name} | {size / MB:.0f} |"
    rest = total - sum(large.values())
    yield f"| {len(sizes) - len(large)} smaller ones | {rest / MB:.0f} |"
    yield f"| **All** | **{total / MB:.0f}** |"
    yield ""
    yield "| What could be left out | MB |"
    yield "|---|---:|"
    whole = closure(OURS, MACHINES[0])
    for words, roots in PARTS.items():
        gone = whole - closure(roots, MACHINES[0])
        yield f"| {words} | {sum(sizes.get(one, 0) for one in gone) / MB:.0f} |"
    everything = [path for paths in files.values() for path in paths]
    tests = [one for one in everything if "tests" in one.relative_to(site).parts[:-1]]
    compiled = [one for one in everything if one.suffix == ".pyc"]
    yield f"| tests that packages bring along | {sum(map(_size, tests)) / MB:.0f} |"
    words = "compiled modules; each start then compiles them again"
    yield f"| {words} | {sum(map(_size, compiled)) / MB:.0f} |"


def _files(one: Distribution) -> Iterator[Path]:
    for path in one.files or ():
        place = Path(str(path.locate()))
        if ".." not in path.parts and place.is_file():
            yield place


def _size(path: Path) -> int:
    return path.stat().st_size


def main() -> None:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(prog="sizes", description=__doc__)
    parser.add_argument("venv", type=Path)
    parser.add_argument("--write", type=Path, help="a page whose tables are rewritten")
    given = parser.parse_args()
    told = "\n".join(table(given.venv))
    print(told)
    if given.write is not None:
        text = given.write.read_text()
        marked = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
        new = marked.sub(lambda _: f"{BEGIN}\n{told}\n{END}", text)
        given.write.write_text(new)


if __name__ == "__main__":
    main()
