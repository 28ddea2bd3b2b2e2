"""A plugin's declaration, read in a process with no environment and no network."""

import os
import subprocess
import sys

HEAVY = {"PIL", "alembic", "lumiku_kernel", "numpy", "sqlmodel", "starlette"}
READING = """
import importlib, socket, sys
def refuse(*_): raise AssertionError("the network was touched")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
print(importlib.import_module(sys.argv[1]).lumiku_plugin().id)
heavy = set(sys.argv[2:]) & set(sys.modules)
assert not heavy, heavy
"""


def id_alone(module: str, *heavy: str) -> str:
    """The id a plugin declares; `heavy` are more modules that it may not bring."""
    read = subprocess.run(
        [sys.executable, "-c", READING, module, *HEAVY, *heavy],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert read.returncode == 0, read.stderr
    return read.stdout.strip()
