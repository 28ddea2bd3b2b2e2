"""Harms to the data folder: a full disk, a foreign lock, a death in a checkpoint."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress

from tests.faults.nemesis import Harm
from tests.faults.town import Town


def disk_full(town: Town, _chance: random.Random) -> str:
    """Fill the disk of the data folder for 8 s."""
    filler = town.data.parent / "filler"
    free = shutil.disk_usage(town.data.parent).free
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        for _ in range(free // 4096 + 1):
            file.write(b"x" * 4096)
    time.sleep(8.0)
    filler.unlink()
    return "the disk"


LOCKER = """
import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
c.execute("BEGIN EXCLUSIVE")
time.sleep(8)
c.execute("ROLLBACK")
"""


def database_locked(town: Town, _chance: random.Random) -> str:
    """Another process holds SQLite's write lock for 8 s."""
    words = [sys.executable, "-c", LOCKER, str(town.data / "lumiku.db")]
    subprocess.run(words, check=True, timeout=60)
    return "the database"


def killed_in_checkpoint(town: Town, chance: random.Random) -> str:
    """Everybody dies while the log is being written back; all start again."""
    connection = sqlite3.connect(town.data / "lumiku.db", timeout=10)
    words = "PRAGMA wal_checkpoint(RESTART)"
    try:
        connection.execute(words).fetchall()
    except sqlite3.Error:  # busy: they are writing, which is what we want
        pass
    finally:
        connection.close()
    time.sleep(chance.uniform(0, 0.05))
    for member in [*town.servers, *town.workers]:
        member.signal(signal.SIGKILL)
    for member in [*town.servers, *town.workers]:
        member.replace()
    return "everybody"


FULL = Harm("disk full", disk_full)
LOCKED = Harm("database locked", database_locked)
CHECKPOINT = Harm("checkpoint killed", killed_in_checkpoint)
