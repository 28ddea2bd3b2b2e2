"""Eight processes spend from one account: what there is, and not a credit more."""

import json
import subprocess
import sys

from tests.jobs.room import Room

from lumiku_kernel.ledger.verify import verify

SPEND = """
import json, sys
from lumiku_kernel.errors import Problem
from lumiku_kernel.ledger.post import reserve
from lumiku_kernel.store import Store, new_id

url, account, price = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = Store(url)
with store.read() as session:
    session.connection()
print("ready", flush=True)
sys.stdin.readline()
granted, said = 0, {}
while not said.get("insufficient-credits"):
    try:
        with store.write() as session:
            reserve(session, account, price, job_id=new_id("job"), funding=1)
        granted += price
    except Problem as problem:
        said[problem.code] = said.get(problem.code, 0) + 1
print(json.dumps({"granted": granted, "said": said}))
"""


def test_eight_processes_get_exactly_what_there_is_and_no_error_of_the_database(
    room: Room,
) -> None:
    viewer = room.viewer(100)
    command = [sys.executable, "-c", SPEND, room.store.url, viewer.id or "", "1"]
    spenders = [
        subprocess.Popen(
            command,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(8)
    ]
    for one in spenders:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in spenders:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()

    told = [one.communicate(timeout=120) for one in spenders]

    assert [err for _, err in told] == [""] * 8
    assert [one.returncode for one in spenders] == [0] * 8
    done = [json.loads(out) for out, _ in told]
    assert sum(one["granted"] for one in done) == 100
    assert all(one["said"] == {"insufficient-credits": 1} for one in done)
    assert room.credits(viewer) == (0, 100)
    found = {one.check for one in verify(room.store) if one.level != "ok"}
    assert found <= {"C6"}  # these fundings have no jobs
