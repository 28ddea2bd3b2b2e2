"""`python -m tests.studio.check [--full | --poses N] [--json FILE] [--write PAGE]`.

Judges the studio's pictures by eyes that are not its own; 1 if a pass line was broken.
The reduced form takes a minute; pictures once drawn are kept in the cache folder.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.studio.check.drawn import Drawn, drawn, store, tidy
from tests.studio.check.exports import judge_exports
from tests.studio.check.fidelity import (
    judge_poses,
    judge_retrieval,
    judge_wrong_pictures,
)
from tests.studio.check.large import LARGE
from tests.studio.check.likeness import (
    judge_distinctness,
    judge_identity,
    judge_physics,
)
from tests.studio.check.mapping import judge_maps
from tests.studio.check.offline import blocked
from tests.studio.check.photographs import judge_matte
from tests.studio.check.sentences import judge_sentences
from tests.studio.check.shelf import shelf
from tests.studio.check.subjects import Subject, everything, sample
from tests.studio.check.substance import PLAIN, judge_determinism, judge_substance
from tests.studio.check.verdict import Verdict, as_json, at_most, holds, told, write

from lumiku_contracts.images import Quality
from lumiku_pose_generator.library import library
from lumiku_studio.photo import weights

MACHINE = "12 machine"
CPU, GIB = 6.0, 1.5
BUSY, BUSY_FULL = 8, 24
EVERY = 20


def pictures(subjects: Sequence[Subject]) -> list[tuple[Subject, Drawn]]:
    """Draw what is to be judged, and say how far it is."""
    made, began = [], time.monotonic()
    for number, subject in enumerate(subjects, 1):
        made.append((subject, drawn(subject.scene)))
        if number % EVERY == 0 or number == len(subjects):
            text = f"{number} of {len(subjects)} in {time.monotonic() - began:.0f} s\n"
            sys.stderr.write(text)
    return made


def judge(subjects: Sequence[Subject], *, full: bool) -> Iterator[Verdict]:
    """Everything, one check after another."""
    tries = blocked()
    pairs, poses = pictures(subjects), shelf()
    yield from judge_poses(pairs)
    yield from judge_wrong_pictures(pairs)
    yield from judge_retrieval(pairs, poses)
    yield from judge_maps(pairs)
    yield from judge_distinctness(pairs, poses)
    whole = tuple(library()) if full else tuple({s.pose: 0 for s in subjects})
    yield from judge_physics(whole, poses)
    yield from judge_identity(pairs, poses)
    said = _elsewhere()
    large = drawn(PLAIN.scene, LARGE, Quality.STANDARD)
    yield from judge_substance(large)
    yield from judge_determinism(said["small"], tuple(said["digests"]))
    yield from judge_sentences()
    yield from judge_matte(BUSY_FULL if full else BUSY)
    yield from judge_exports(large)
    wrong = [*tries, *said["tries"]]
    yield holds(MACHINE, "tries to reach a network", str(len(wrong)), "0", *wrong)
    yield at_most(MACHINE, "memory for 768 x 1024, GiB", said["gib"], GIB, digits=2)
    what = "CPU seconds of a warm 768 x 1024"
    if full:
        yield at_most(MACHINE, what, said["cpu"], CPU, digits=1)
    else:
        yield told(MACHINE, what, f"{said['cpu']:.1f}")


def _elsewhere() -> dict[str, Any]:
    """What another process draws, one that hashes otherwise."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.studio.check.large"],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        stdout=subprocess.PIPE,
        check=True,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def main() -> int:
    """Judge, print, and perhaps keep what was found."""
    parser = argparse.ArgumentParser(prog="tests.studio.check", description=__doc__)
    parser.add_argument("--full", action="store_true", help="every pose, four pictures")
    parser.add_argument("--sides", type=int, default=2, help="1: as the library shows")
    parser.add_argument("--poses", type=int, help="so many poses instead of the sample")
    parser.add_argument("--draw", action="store_true", help="draw, and judge nothing")
    parser.add_argument("--json", type=Path, help="where the findings go as JSON")
    parser.add_argument("--write", type=Path, help="a page whose table is rewritten")
    given = parser.parse_args()
    if (missing := weights.lacking()) is not None:
        parser.error(f"the witness is not here yet: {missing}. Or: make photo")
    subjects = everything(given.sides) if given.full else sample(given.poses)
    tidy()
    if given.draw:
        pictures(subjects)
        return 0
    poses = len({subject.pose for subject in subjects})
    form = f"{poses} poses in {len(subjects)} pictures, engine {store().name}"
    found = []
    for verdict in judge(subjects, full=given.full):
        sys.stdout.write(f"{verdict}\n")
        sys.stdout.flush()
        found.append(verdict)
    if given.json is not None:
        given.json.write_text(as_json(form, found), "utf-8")
    if given.write is not None:
        write(given.write, form, found)
    failed = [one.what for one in found if not one.passed]
    sys.stdout.write("all pass\n" if not failed else f"{len(failed)} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
