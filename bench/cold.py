"""`python -m bench.cold [--image FOLDER]`: the production set, from nothing to ready.

Each step begins when the one before is done, as `deploy/compose.yaml` has it. FOLDER
keeps the image (what `deploy/Dockerfile` makes) for another time.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.backends import postgres, redis_server
from tests.deploy.dockerfile import Image
from tests.deploy.stage import staged, until

from bench.table import Figure, plain


def timed(step: str, act: Callable[[], object], note: str) -> Figure:
    """How long a step takes."""
    began = time.monotonic()
    act()
    return Figure(step, f"{time.monotonic() - began:.1f} s", note)


def measure(image: Image) -> Iterator[Figure]:
    """Every step, and their sum."""
    began = time.monotonic()
    with postgres(), redis_server():
        seconds = time.monotonic() - began
        note = "initdb, PostgreSQL, Redis, both answer"
    yield Figure("servers, the first time", f"{seconds:.1f} s", note)
    with staged(image) as stage:
        whole = time.monotonic()
        note = "all revisions, models and seeds of an empty database"
        yield timed("migrate", lambda: stage.run("migrate"), note)
        stage.start("server")
        stage.start("worker")
        note = "healthy by its health check"
        yield timed(
            "server", lambda: until(lambda: stage.well("server"), "server"), note
        )
        note = "healthy too, and its runners are warm or warming"
        yield timed(
            "worker", lambda: until(lambda: stage.well("worker"), "worker"), note
        )
        seconds = time.monotonic() - whole
        yield Figure("migrate to ready", f"{seconds:.1f} s", "the three together")
        note = "what every later start begins with: nothing to change"
        yield timed("migrate again", lambda: stage.run("migrate"), note)


def main() -> None:
    """Build if need be, measure, print."""
    parser = argparse.ArgumentParser(prog="bench.cold", description=__doc__)
    parser.add_argument("--image", type=Path, help="where the image is, or will be")
    given = parser.parse_args()
    cores = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    with tempfile.TemporaryDirectory(prefix="lumiku-cold-") as folder:
        image = Image(given.image or Path(folder) / "image")
        if not Path(image.inside("/opt/lumiku")).exists():
            log = Path(folder) / "build.log"
            print(plain(timed("image", lambda: image.build(log), cores)), flush=True)
        for figure in measure(image):
            print(plain(figure), flush=True)


if __name__ == "__main__":
    main()
