"""One job of three items for each way to fail at each point.

`python -m tests.faults.failpoints [--backend postgres] [--short]` prints what became of
each. The points are in `points/`; the product's code has none.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.checker import Count, judge, table
from tests.faults.crowd import Crowd, Habits
from tests.faults.harvest import Harvest
from tests.faults.points.fault_points import ACTIONS, POINTS
from tests.faults.records import lines
from tests.faults.town import HERE, Plan, Town

LEASE = 2.0
PATIENCE = 90.0
FOLDER = HERE / "points"


@dataclass(frozen=True)
class Case:
    """A point, how it fails, and at which hit."""

    point: str
    action: str
    hit: int

    def __str__(self) -> str:
        """As it is printed, and named in the folder."""
        return f"{self.point}-{self.action}-{self.hit}"


def cases(*, short: bool) -> list[Case]:
    """All of them, or a few that cover each kind of process and of failure."""
    if short:
        return [Case(*words) for words in SHORT]
    return [
        Case(point, action, hit)
        for point in POINTS
        for action in ACTIONS
        for hit in (1, 2)
    ]


SHORT = (
    ("submit.after_reserve", "kill", 1),
    ("submit.after_commit", "kill", 1),
    ("submit.after_insert", "raise", 1),
    ("claim.after_commit", "kill", 1),
    ("provider.after", "kill", 2),
    ("artifact.after_put", "kill", 1),
    ("item_done.before_commit", "kill", 2),
    ("item_done.after_commit", "hang", 1),
    ("finish.after_ledger", "kill", 1),
    ("finish.before_commit", "raise", 1),
    ("finish.after_commit", "kill", 1),
)


@contextmanager
def kept_alive(town: Town) -> Iterator[None]:
    """Start again whoever dies, until the end."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            for member in town.members:
                if member.dead:
                    member.start()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    yield
    done.set()
    thread.join()


def run(
    chosen: Iterable[Case], folder: Path, *, backend: str = "sqlite"
) -> tuple[list[str], list[Count]]:
    """What went wrong, in words, and the counts of the whole run."""
    points = folder / "points"
    points.mkdir(parents=True)
    settings = {"FAULT_POINTS": str(points)}
    plan = Plan(
        backend=backend,
        workers=1,
        users=1,
        lease=LEASE,
        settings=settings,
        python_path=(str(FOLDER),),
    )
    town = Town(folder, plan)
    wrong = []
    try:
        town.open()
        with kept_alive(town):
            for number, case in enumerate(chosen):
                began = time.monotonic()
                said = _one(town, points, case, number)
                print(
                    f"{case}: {said or 'fine'}, {time.monotonic() - began:.1f} s",
                    flush=True,
                )
                if said:
                    wrong.append(f"{case}: {said}")
            harvest = Harvest(town)
            harvest.settle_the_unknown()
            harvest.gather()
        wrong += [f"there is no {one.name[8:]}" for one in points.glob("missing-*")]
        town.ask("verify")
    finally:
        town.close()
    return wrong, judge(folder)


def _one(town: Town, points: Path, case: Case, number: int) -> str:
    """Why a case went wrong, or nothing."""
    armed = {
        "case": str(case),
        "point": case.point,
        "action": case.action,
        "hit": case.hit,
        "seconds": 2 * LEASE,
    }
    slow = case.point.startswith(("renew", "sweep"))
    flaky = case.point.startswith(("wait", "due"))
    (points / "arming").write_text(json.dumps(armed))
    (points / "arming").replace(points / "armed")
    habits = Habits(
        jobs=case.hit,  # some points are passed once by each job
        seconds=0,
        threads=1,
        items=(3, 3),
        delay=(0.8, 1.0) if slow else (0.05, 0.1),
        cancels=0,
        follows=0,
        modes=("429-once",) if flaky else ("",),
    )
    crowd = Crowd(town, habits, number)
    crowd.start()
    crowd.join()
    took = Harvest(town).wait(PATIENCE)
    (points / "armed").unlink()
    if took >= PATIENCE:
        return "the job has not ended"
    hits = points / f"hits-{case}"
    if not hits.exists() or hits.stat().st_size < case.hit:
        return "the point was not reached"
    return _unmade(town, case.hit)


def _unmade(town: Town, count: int) -> str:
    """Why the last jobs were not made whole, or nothing."""
    said = [one for one in lines(town.folder / "history.jsonl") if one["kind"] == "ok"]
    jobs = [Harvest(town).job("user0", one["job"]) for one in said[-count:]]
    return "; ".join(
        f"{one['state']}: {one['error']}" for one in jobs if one["state"] != "succeeded"
    )


def main() -> int:
    """Run all, or the short list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only", default="", help="points whose name begins so")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lumiku-points-"))
    chosen = [
        case for case in cases(short=given.short) if case.point.startswith(given.only)
    ]
    wrong, counts = run(chosen, folder, backend=given.backend)
    print(table(counts))
    print("\n".join(wrong) or f"{len(chosen)} cases, all fine")
    return 1 if wrong or not all(one.fine for one in counts) else 0


if __name__ == "__main__":
    sys.exit(main())
