"""An environment like this one in which some distributions are not installed."""

import os
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import distribution
from pathlib import Path

PATIENCE = 300.0
"""Seconds a busy machine is given for one command."""
OWN = ("LUMIKU_", "DATABASE_", "REDIS_", "WORKER_", "PYTHON")


def bare(home: Path, *absent: str) -> Path:
    """Make a virtual environment without those, of links; gives its interpreter.

    Of an absent distribution neither modules nor metadata are there.
    """
    venv.create(home / "venv", with_pip=False)
    (site,) = (home / "venv").glob("lib/python*/site-packages")
    gone = {entry for name in absent for entry in _entries(name)}
    for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if entry.name not in gone and entry.name != "__pycache__":
            (site / entry.name).symlink_to(entry)
    return home / "venv" / "bin" / "python"


def _entries(name: str) -> set[str]:
    """What a distribution has put into site-packages; nothing if it is not there."""
    try:
        files = distribution(name).files or []
    except ModuleNotFoundError:
        return set()
    return {file.parts[0] for file in files} - {".."}


def run(
    python: Path, *words: str, **settings: str
) -> "subprocess.CompletedProcess[str]":
    """Run a module or code there to its end."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(OWN)}
    return subprocess.run(
        [python, *words],
        env=kept | settings,
        cwd=python.parent,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def here() -> Path:
    """This interpreter."""
    return Path(sys.executable)
