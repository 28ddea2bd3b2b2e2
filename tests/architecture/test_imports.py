"""Importing a plugin does nothing: no network, no environment, nothing heavy."""

import subprocess
import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest

from lumiku_contracts import ENTRY_POINTS

HEAVY = {"PIL", "cv2", "embreex", "numpy", "scipy", "torch", "trimesh"}
POINTS = sorted(entry_points(group=ENTRY_POINTS))
IMPORTING = """
import importlib, os, socket, sys

def refuse(*_, **__):
    raise AssertionError("a plugin went to the network")

class Watched(dict):
    def _watch(name):
        def look(self, *given):
            frame = sys._getframe(1)
            while frame.f_globals["__name__"] == "os":
                frame = frame.f_back
            if frame.f_globals["__name__"].startswith("lumiku_"):
                raise AssertionError("a plugin read the environment")
            return getattr(dict, name)(self, *given)
        return look
    get, __getitem__, __contains__, __iter__, items, keys = map(
        _watch, ("get", "__getitem__", "__contains__", "__iter__", "items", "keys")
    )

socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
os.environ = Watched(os.environ)
plugin = importlib.import_module(sys.argv[1]).lumiku_plugin()
assert plugin.id == sys.argv[2]
print(*sys.modules)
"""
BUILDING = """
import sys
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.prepare import prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.web.app import build

settings = Settings()
store = Store(settings.database)
prepare(settings, store)
app = build(Host(settings, "server"))
print(*app.state.site.host.registry.ready)
print(*sys.modules)
"""


def run(program: str, *arguments: str, **environment: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def roots(line: str) -> set[str]:
    return {name.split(".")[0] for name in line.split()}


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_a_plugin_is_imported_without_network_and_environment(
    point: EntryPoint,
) -> None:
    (modules,) = run(IMPORTING, point.module, point.name)

    assert roots(modules) & HEAVY == set()
    assert "lumiku_kernel" not in roots(modules)
    others = {other.module.split(".")[0] for other in POINTS if other != point}
    assert roots(modules) & others == set()


def test_a_server_process_holds_nothing_heavy(tmp_path: Path) -> None:
    ready, modules = run(BUILDING, LUMIKU_DATA_DIR=str(tmp_path))

    assert set(ready.split()) == {point.name for point in POINTS}
    assert roots(modules) & HEAVY == set()
