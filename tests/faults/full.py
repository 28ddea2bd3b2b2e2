"""`make faults-full`: every scenario in its full form, on both databases.

It takes hours. Each part is one command of its own; what is printed here says which.
"""

import os
import subprocess
import sys

from tests.faults.scenarios import SCENARIOS

BACKENDS = ("sqlite", "postgres")


def parts() -> list[tuple[dict[str, str], list[str]]]:
    """The commands, with what they want of the environment."""
    found: list[tuple[dict[str, str], list[str]]] = []
    for backend in BACKENDS:
        redis = ["--redis"] if backend == "postgres" else []
        found += [
            ({}, ["-m", "tests.faults.run", name, "--backend", backend, *redis])
            for name in SCENARIOS
        ]
        found.append(({}, ["-m", "tests.faults.failpoints", "--backend", backend]))
    large = {"HYPOTHESIS_PROFILE": "large"}
    found.append((large, ["-m", "pytest", "-q", "tests/ledger/test_model.py"]))
    found.append(({}, ["-m", "tests.faults.mutants"]))
    return found


def main() -> int:
    """Run all; 1 if any has failed."""
    broken = []
    for more, words in parts():
        print("$", *(f"{k}={v}" for k, v in more.items()), "python", *words, flush=True)
        done = subprocess.run(
            [sys.executable, *words], env={**os.environ, **more}, check=False
        )
        if done.returncode:
            broken.append(" ".join(words))
    print("all is well" if not broken else "broken:\n" + "\n".join(broken))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
