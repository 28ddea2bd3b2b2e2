"""Asks a plugin's own checks, in a process that knows nothing else.

`python -m lumiku_kernel.checkup JSON`: of each check its name and `module:function`.
Nothing of the kernel's is imported, so that it starts quickly.
"""

import json
import sys
from functools import reduce
from importlib import import_module
from typing import Any, Final

BEGIN: Final = "lumiku-checkup "
"""What the line of answers begins with; plugins may print before and after it."""
LONGEST: Final = 300


def answer(check: str) -> tuple[str | None, str]:
    """The cause and the command, or None and nothing when it is well."""
    module, _, name = check.partition(":")
    try:
        thing: Any = import_module(module)
        said = reduce(getattr, name.split("."), thing)()
    except Exception as error:
        return f"its check raised {type(error).__name__}: {error}"[:LONGEST], ""
    if said is None:
        return None, ""
    return str(said[0])[:LONGEST], str(said[1])[:LONGEST]


def read(told: str) -> list[tuple[str, str | None, str]]:
    """Of each check its name, cause and command; ValueError if nothing was answered."""
    lines = (line for line in told.splitlines() if line.startswith(BEGIN))
    line = next(lines, "").removeprefix(BEGIN)
    return [(name, cause, command) for name, cause, command in json.loads(line)]


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    answers = [(one["name"], *answer(one["check"])) for one in asked]
    sys.stdout.write(f"\n{BEGIN}{json.dumps(answers)}\n")
