"""A job goes by the flags as they were when it was accepted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.kernel.shop import Shop

pytestmark = pytest.mark.slow
PLUGIN = """
    def run(task, item):
        from openfeature import api
        client = api.get_client("lumiku")
        said = [task.flag("new"), client.get_boolean_value("acme-kept.new", False)]
        said.append(task.flag("old"))
        return Result({"said": said})

    @hookimpl
    def lumiku_plugin() -> Plugin:
        flags = (Flag("new"), Flag("old", default=True), Flag("idle"))
        return declared("acme-kept", flags=flags)
"""


@pytest.fixture
def lumiku(tmp_path: Path) -> "Lumiku":
    """The command line with a data folder and a plugin of its own."""
    shop = Shop(tmp_path / "shop")
    shop.folder.mkdir()
    shop.install("acme-kept", PLUGIN)
    return Lumiku(tmp_path)


class Lumiku:
    """Runs commands, each in a process of its own."""

    def __init__(self, folder: Path) -> None:
        """The shop is there; nothing is migrated."""
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(folder / "shop"),
            "LUMIKU_DATA_DIR": str(folder / "data"),
            "LUMIKU_PLUGINS": "acme-kept",
        }

    def __call__(self, *arguments: str) -> str:
        """What a command says; it must not fail."""
        ran = subprocess.run(
            [sys.executable, "-m", "lumiku_kernel.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout


def test_a_task_and_openfeatures_client_are_told_the_same(lumiku: Lumiku) -> None:
    lumiku("migrate")
    lumiku("users", "create", "boss@example.com", "--role", "operator")
    lumiku("flags", "set", "acme-kept.new", "on", "--reason", "a test")

    told = lumiku("run", "acme-kept", "make")
    listed = lumiku("flags", "list", "--json")

    result = told[told.index("{") : told.rindex("}") + 1]
    assert json.loads(result) == {"said": [True, True, True]}
    assert '"evaluations": 2' in listed
    assert listed.count('"evaluations": 1') == 1
