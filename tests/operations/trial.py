"""Breaks an installation without saying how, for somebody to practise on.

`python -m tests.operations.trial --data DIR --draw SEED` makes an installation in DIR,
if there is none, and does one of the harms to it. `--reveal` says afterwards which.
"""

import argparse
import random
import sys
from pathlib import Path

from tests.operations.harms import HARMS, Harm
from tests.operations.installation import Installation, made

WORDS = """\
Something is wrong with the installation in {home}. Find what, with these alone:

  cd {home}; set -a; . ./environment; set +a
  lumiku doctor      lumiku doctor --explain CODE      lumiku why APP
  lumiku preflight   docs/runbook.md                   the operators' console

A server and a worker process are said to run there. Three commands should do.
"""


def drawn(seed: int) -> Harm:
    """One of the harms; the same for the same seed."""
    return random.Random(seed).choice(HARMS)  # noqa: S311 (no secret)


def main() -> int:
    """Break, or reveal."""
    words = argparse.ArgumentParser(prog="python -m tests.operations.trial")
    words.add_argument("--data", type=Path, required=True, help="the installation")
    words.add_argument("--draw", type=int, required=True, help="any number")
    words.add_argument("--reveal", action="store_true", help="say what it was")
    said = words.parse_args()
    harm, home = drawn(said.draw), said.data.resolve()
    if said.reveal:
        sys.stdout.write(f"{harm.code}: {harm.name}\n")
        return 0
    there = Installation(home)
    if not (home / "environment").exists():
        if home.exists() and any(home.iterdir()):
            sys.stderr.write(f"{home} is not empty, and no installation of ours\n")
            return 2
        there = made(home)
    harm.act(there)
    sys.stdout.write(WORDS.format(home=home))
    return 0


if __name__ == "__main__":
    sys.exit(main())
