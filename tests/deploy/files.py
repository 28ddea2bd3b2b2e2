"""The files of deploy/, and tools that read them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.backends import lacking
from tests.deploy.dockerfile import ROOT

from lumiku_kernel.cli.settings import described
from lumiku_kernel.settings import Settings
from lumiku_kernel.web.app import KERNEL

DEPLOY = ROOT / "deploy"
SETTINGS = {
    name for row in described(Settings.model_construct()) for name in row["names"]
}
PATHS = {one.path for one in KERNEL if one.method == "GET"}
ROLES = {"serve", "work", "migrate"}


def tool(name: str) -> str:
    """A program of the development environment, or of the machine."""
    found = shutil.which(
        name, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    )
    if found is None:
        lacking(name)
    return found or name


def ran(*words: str, cwd: Path = ROOT) -> str:
    """What a tool says; it must be content."""
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
