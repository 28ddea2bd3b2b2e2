"""Many processes on one database: each credit is spent once, each job taken once."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.jobs.room import TRIAL, Room

from lumiku_contracts import Tier
from lumiku_kernel.jobs import finish, states
from lumiku_kernel.store import Store

CROWD = 8
SPEND = """
import json, sys
from pathlib import Path
from tests.jobs.room import Room, settings_in
from lumiku_contracts import Refused, Tier, Viewer

folder, url, account = sys.argv[1:]
room = Room.open(settings_in(Path(folder), database_url=url or None))
viewer, got, refused = Viewer(account, Tier.FREE), 0, []
asked = room.quote(items=1)
print("ready", flush=True)
sys.stdin.readline()
while not refused:
    try:
        room.accept(viewer, asked)
        got += 1
    except Refused as told:
        refused.append(told.code)
room.store.close()
print(json.dumps([got, refused]), flush=True)
"""


def test_eight_processes_spend_what_an_account_has_and_no_more(room: Room) -> None:
    viewer = room.viewer(100)
    url = "" if room.store.is_sqlite else room.settings.database
    arguments = [str(room.settings.data_dir), url, viewer.id or ""]
    crowd = [
        subprocess.Popen(
            [sys.executable, "-c", SPEND, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=TRIAL.parents[2],
        )
        for _ in range(CROWD)
    ]
    try:
        for one in crowd:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n", one.communicate()[1]
        said = [one.communicate("go\n", timeout=120) for one in crowd]
    finally:
        for one in crowd:
            one.kill()

    told = [out for out, _ in said]
    assert all(one.returncode == 0 for one in crowd), said
    granted = [int(out.strip("[ \n").split(",")[0]) for out in told]
    assert sum(granted) == 100
    assert all('["insufficient-credits"]' in out for out in told)
    assert room.credits(viewer) == (0, 100)
    assert room.broken() == []


def test_eight_claimers_take_each_of_two_hundred_jobs_once(room: Room) -> None:
    viewer = room.viewer(200, Tier.ENTERPRISE)
    jobs = {room.submit(viewer, items=1) for _ in range(200)}

    def take_all(number: int) -> list[str]:
        mine = Room(room.settings, Store(room.settings.database), room.registry)
        taken = []
        try:
            while (job := mine.try_claim(f"prc_{number}")) is not None:
                taken.append(job["id"])
                with mine.store.write() as session:  # its place is free again
                    running = (states.RUNNING,)
                    finish.end(
                        session, job["id"], epoch=job["epoch"], from_states=running
                    )
        finally:
            mine.store.close()
        return taken

    taken: Counter[str] = Counter()
    while taken.total() < len(jobs):  # who finds all others' gives up early
        with ThreadPoolExecutor(CROWD) as pool:
            for some in pool.map(take_all, range(CROWD)):
                taken.update(some)

    assert taken == Counter(jobs)
