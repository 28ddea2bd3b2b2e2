"""`python -m bench [--write PAGE]`: measure, print, and perhaps keep the figures."""

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.beside import following, queues, reserving, working
from bench.figures import drawing, enqueueing, idling, listing, searching, starting
from bench.processes import site
from bench.table import Figure, plain, write
from bench.tap import tapping


def measure(folder: Path, pictures: int, sends: int) -> Iterator[Figure]:
    """Everything, one after another."""
    cores = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start"
    note = f"{cores}, Python {platform.python_version()}"
    yield Figure("machine", platform.machine(), note)
    with site(folder / "whole") as made:
        yield from starting(made)
        yield from idling(made)
        yield from listing(made)
        yield from searching(made)
        if pictures:
            yield from drawing(made, pictures)
            yield from tapping(made)
    with site(folder / "trial", plugins="trial") as made:
        made.start()
        yield from enqueueing(made, sends)
        yield from following(made)
        yield from working(made)
        yield from queues(folder, made, sends)
    yield from reserving(folder / "purse")


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--write", type=Path, help="a page whose table is rewritten")
    parser.add_argument("--pictures", type=int, default=3, help="0 leaves them out")
    parser.add_argument("--sends", type=int, default=60, help="jobs sent one by one")
    given = parser.parse_args()
    figures = []
    with tempfile.TemporaryDirectory(prefix="lumiku-bench-") as folder:
        for figure in measure(Path(folder), given.pictures, given.sends):
            print(plain(figure), flush=True)
            figures.append(figure)
    if given.write is not None:
        write(given.write, figures)


if __name__ == "__main__":
    main()
