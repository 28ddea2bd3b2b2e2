"""`python -m tests.faults.run F1 --backend postgres --jobs 2000 --kills 40 --seed 7`.

Prints the schedule and a table; the files of the run stay in the folder it names.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.checker import table
from tests.faults.peers import Postgres, Redis
from tests.faults.perform import form_of, hindrance, run
from tests.faults.scenarios import SCENARIOS


def missing(peer: str) -> str | None:
    """Why a peer cannot be run here, or None."""
    return {"redis": Redis.missing, "postgres": Postgres.missing}[peer]()


def main() -> int:
    """Run the scenarios named, or all; 1 if a pass line was broken."""
    parser = argparse.ArgumentParser(prog="tests.faults.run", description=__doc__)
    parser.add_argument("scenario", nargs="*", metavar="SCENARIO")
    parser.add_argument("--backend", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--redis", action="store_true", help="with Redis beside it")
    parser.add_argument("--size", choices=("short", "full"), default="full")
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--kills", type=int, help="blows of the nemesis")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    unknown = set(given.scenario) - set(SCENARIOS)
    if unknown:
        parser.error(f"{sorted(unknown)} not in {', '.join(SCENARIOS)}")
    broken = []
    for name in given.scenario or SCENARIOS:
        scenario = SCENARIOS[name]
        why = hindrance(scenario, given.backend, missing)
        if why is not None:
            print(f"{name} is left out: {why}", flush=True)
            continue
        folder = Path(tempfile.mkdtemp(prefix=f"lumiku-{name}-"))
        began = time.monotonic()
        print(f"=== {name} {scenario.title}: {given.backend}, {folder}", flush=True)
        counts = run(
            scenario,
            form_of(scenario, given.size, given.jobs, given.kills),
            folder,
            backend=given.backend,
            redis=given.redis,
            seed=given.seed,
        )
        print(table(counts))
        print(f"=== {name} took {time.monotonic() - began:.0f} s", flush=True)
        broken += [name for one in counts if not one.fine]
    if broken:
        print(f"broken: {', '.join(sorted(set(broken)))}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
