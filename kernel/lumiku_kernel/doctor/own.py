"""H01: the checks that plugins declare of themselves, each plugin's in a child."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from lumiku_kernel.doctor.question import Question
from lumiku_kernel.errors import Finding
from lumiku_kernel.plugins.context import resolve

SECONDS = 10.0
"""How long one plugin's checks may take together."""


def checks(asked: Question) -> Iterator[Finding]:
    """H01: what each ready plugin says of itself."""
    for fact in asked.snapshot.configuration.plugins.values():
        declared = fact.declaration.get("health", ())
        if fact.state == "ready" and declared:
            yield from _asked(fact.id, declared)


def _asked(plugin: str, declared: list[dict[str, str]]) -> Iterator[Finding]:
    try:
        told = subprocess.run(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", "lumiku_kernel.doctor.own", json.dumps(declared)],
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        ).stdout
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        cause = f"The checks of {plugin} did not end well: {error}"[:300]
        yield Finding("H01", "error", cause, f"lumiku plugins show {plugin}")
        return
    for name, cause, command in json.loads(told.splitlines()[-1]):
        if cause is None:
            yield Finding("H01", "ok", f"{plugin} is well: {name}.")
        else:
            yield Finding("H01", "error", f"{plugin}, {name}: {cause}", command)


def _answer(check: str) -> tuple[str | None, str]:
    """The cause and the command, or None and nothing when it is well."""
    try:
        said: Any = resolve(check)()
    except Exception as error:
        return f"its check raised {type(error).__name__}: {error}"[:300], ""
    return (None, "") if said is None else (str(said[0])[:300], str(said[1])[:300])


if __name__ == "__main__":
    asked_for = json.loads(sys.argv[1])
    answers = [[one["name"], *_answer(one["check"])] for one in asked_for]
    sys.stdout.write(f"\n{json.dumps(answers)}\n")
