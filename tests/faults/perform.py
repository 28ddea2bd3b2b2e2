"""Does a scenario, gathers what the API says then, and has it judged."""

import json
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.faults.checker import Count, judge
from tests.faults.crowd import Crowd
from tests.faults.harvest import Harvest
from tests.faults.nemesis import Nemesis, schedule
from tests.faults.scenarios import Form, Scenario
from tests.faults.town import Town
from tests.faults.wire import Wire

MOUNT, UMOUNT = ("mount", "-t", "tmpfs", "-o"), ("umount", "-l")
HEALED = 120.0
"""Seconds after the last fault within which every job must have ended."""


def form_of(scenario: Scenario, size: str, jobs: int | None, blows: int | None) -> Form:
    """The short or the full form, perhaps with other numbers."""
    form = scenario.full if size == "full" else scenario.short
    return replace(
        form,
        jobs=form.jobs if jobs is None else jobs,
        blows=form.blows if blows is None else blows,
    )


def run(
    scenario: Scenario,
    form: Form,
    folder: Path,
    *,
    backend: str = "sqlite",
    redis: bool = False,
    seed: int = 1,
) -> list[Count]:
    """Do it, and count."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = replace(
        scenario.plan,
        backend=backend,
        redis=redis or scenario.plan.redis,
        lease=form.lease,
    )
    blows = schedule(scenario.harms, form.blows, scenario.gap, seed)
    lasting = max((blows[-1].at if blows else 0.0) + 5.0, form.jobs / form.rate)
    habits = replace(scenario.habits, jobs=form.jobs, seconds=lasting)
    with small_disk(folder, scenario.disk) as data:
        town = Town(folder, plan, data=data)
        wire = Wire(town) if scenario.wire else None
        try:
            town.open()
            crowd, nemesis = Crowd(town, habits, seed), Nemesis(town, blows, seed)
            crowd.start()
            nemesis.start()
            nemesis.join()
            crowd.join()
            took, sound = _end(town, folder)
        finally:
            if wire is not None:
                wire.close()
            town.close()
    counts = judge(folder, limits=form.limits)
    counts.append(Count("seconds until all ended", round(took, 1), HEALED))
    counts.append(Count("verify complains", float(bool(sound)), 0, sound[:300]))
    return counts


def _end(town: Town, folder: Path) -> tuple[float, str]:
    harvest = Harvest(town)
    until = time.monotonic() + HEALED
    while not town.ready() and time.monotonic() < until:
        time.sleep(0.2)
    harvest.settle_the_unknown()
    took = harvest.wait(HEALED)
    harvest.strangers()
    harvest.gather()
    dead = [one.name for one in town.members if one.dead]
    said = ""
    try:
        town.ask("verify")
    except RuntimeError as error:
        said = str(error)
    path = town.data / "lumiku.db"
    if path.exists():
        connection = sqlite3.connect(path)
        word = connection.execute("PRAGMA integrity_check").fetchone()[0]
        connection.close()
        said += "" if word == "ok" else word
    (folder / "end.json").write_text(json.dumps({"dead": dead, "verify": said}))
    return took, said + (f" dead: {dead}" if dead else "")


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path | None]:
    """A data folder on a disk of so many MiB, or None for none; root can mount it."""
    if not megabytes:
        yield None
        return
    place = folder / "disk"
    place.mkdir()
    mount = (*MOUNT, f"size={megabytes}m", "tmpfs", str(place))
    subprocess.run(mount, check=True)
    try:
        yield place / "data"
    finally:
        subprocess.run((*UMOUNT, str(place)), check=False)


def hindrance(
    scenario: Scenario, backend: str, missing: Callable[[str], str | None]
) -> str | None:
    """Why a scenario cannot be run here, or None; `missing` asks for a peer."""
    for need in scenario.needs:
        if need in {"sqlite", "postgres"} and need != backend:
            return f"{scenario.name} is about {need}"
        if need == "redis" and (why := missing("redis")):
            return why
    if backend == "postgres" and (why := missing("postgres")):
        return why
    return "nothing can be mounted here" if scenario.disk and not _mounts() else None


def _mounts() -> bool:
    with tempfile.TemporaryDirectory() as place:
        if subprocess.run((*MOUNT, "size=1m", "tmpfs", place), check=False).returncode:
            return False
        subprocess.run((*UMOUNT, place), check=True)
    return True
