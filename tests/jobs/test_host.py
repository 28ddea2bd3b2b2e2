"""A process that is told to stop stops, however often and in whatever way."""

import os
import signal
import subprocess
import sys

import pytest

CHILD = """
import threading
from lumiku_kernel.jobs.host import when_told

told = threading.Event()
when_told(told.set)

def spin() -> None:
    while not told.is_set():
        sum(range(500))

for _ in range(3):
    threading.Thread(target=spin, daemon=True).start()
print("ready", flush=True)
told.wait()
"""


@pytest.mark.parametrize("turn", range(3))
def test_a_storm_of_signals_still_stops_a_process(turn: int) -> None:
    del turn
    child = subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()

    for n in range(300):
        if child.poll() is None:
            os.kill(child.pid, (signal.SIGINT, signal.SIGTERM)[n % 2])

    try:
        assert child.wait(30) == 0
    finally:
        child.kill()
        child.stdout.close()


def test_the_end_of_its_parent_stops_a_process() -> None:
    reading, writing = os.pipe()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdout=subprocess.PIPE,
        pass_fds=(reading,),
        env={**os.environ, "LUMIKU_PARENT_FD": str(reading)},
    )
    assert child.stdout is not None
    child.stdout.readline()

    os.close(writing)

    try:
        assert child.wait(30) == 0
    finally:
        child.kill()
        child.stdout.close()
        os.close(reading)
