"""H01: the checks that plugins declare of themselves, each plugin's in a child."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from lumiku_kernel.checkup import read
from lumiku_kernel.doctor.question import Question
from lumiku_kernel.errors import Finding

Declared = list[dict[str, str]]
SECONDS = 8.0
"""How long all plugins' checks may take together."""
AT_ONCE = 4


def checks(asked: Question) -> Iterator[Finding]:
    """H01: what each ready plugin says of itself, side by side and within bounds."""
    facts = asked.snapshot.configuration.plugins.values()
    declared = {
        one.id: one.declaration["health"]
        for one in facts
        if one.state == "ready" and one.declaration.get("health")
    }
    end = time.monotonic() + SECONDS
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = [pool.submit(_asked, *one, end) for one in declared.items()]
        for answer in told:
            yield from answer.result()


def _asked(plugin: str, declared: Declared, end: float) -> list[Finding]:
    show = f"lumiku plugins show {plugin}"
    left = end - time.monotonic()
    if left <= 0:
        cause = f"The checks of {plugin} were not asked: others took {SECONDS:g} s."
        return [Finding("H01", "warn", cause, show)]
    try:
        said = subprocess.run(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", "lumiku_kernel.checkup", json.dumps(declared)],
            capture_output=True,
            timeout=left,
            check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        ).stdout
        answers = read(said.decode(errors="replace"))
    except subprocess.TimeoutExpired:
        cause = f"The checks of {plugin} had not ended after {left:.1f} s."
        return [Finding("H01", "error", cause, show)]
    except (subprocess.CalledProcessError, ValueError, TypeError) as error:
        cause = f"The checks of {plugin} did not end well: {error}"[:300]
        return [Finding("H01", "error", cause, show)]
    return [
        Finding("H01", "ok", f"{plugin} is well: {name}.")
        if cause is None
        else Finding("H01", "error", f"{plugin}, {name}: {cause}", command)
        for name, cause, command in answers
    ]
