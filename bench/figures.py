"""What is measured, each as a few lines of the table."""

import time
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from statistics import median

import httpx

from bench.processes import Site, cpu_seconds, peak_bytes
from bench.table import Figure, middle_and_most

_keys = count()


def starting(made: Site) -> Iterator[Figure]:
    """The first start on an empty folder, and the next; the site is left running."""
    first = made.start()
    made.stop()
    second = made.start()
    yield Figure("lumiku up, first start", f"{first:.1f} s", "until ready")
    yield Figure("lumiku up, second start", f"{second:.1f} s", "until ready")


def idling(made: Site, seconds: float = 10.0) -> Iterator[Figure]:
    """What the processes use while nobody asks for anything."""
    pids = {name: made.pid(name) for name in ("serve", "work")}
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    time.sleep(seconds)
    for name, pid in pids.items():
        used = cpu_seconds(pid) - before[name]
        what = {"serve": "server", "work": "worker process"}[name]
        yield Figure(f"idle {what}", f"{used:.2f} s", f"CPU seconds in {seconds:.0f} s")


def start_job(client: httpx.Client, path: str, body: object, **headers: str) -> str:
    """Start a job; its id."""
    sent = {"Idempotency-Key": f"bench-{next(_keys)}", **headers}
    answer = client.post(f"/api/apps/{path}", json=body, headers=sent)
    answer.raise_for_status()
    ident: str = answer.json()["job"]["id"]
    return ident


def events(client: httpx.Client, job_id: str) -> dict[str, float]:
    """The moment of each type of event of a job that has ended."""
    wait = {"Prefer": "wait=60"}
    job = client.get(f"/api/jobs/{job_id}", headers=wait).json()["job"]
    if job["state"] != "succeeded":
        raise RuntimeError(f"{job_id} {job['state']}: {job['error']}")
    items = client.get(f"/api/jobs/{job_id}/events").json()["items"]
    return {one["type"]: datetime.fromisoformat(one["at"]).timestamp() for one in items}


def enqueueing(made: Site, sends: int = 60) -> Iterator[Figure]:
    """From the job's row to its claim, one job at a time on an idle machine."""
    with made.client() as client:
        events(client, start_job(client, "trial/write", {}))  # warms a runner
        waits, answers = [], []
        for _ in range(sends):
            began = time.perf_counter()
            job_id = start_job(client, "trial/write", {})
            answers.append((time.perf_counter() - began) * 1000)
            at = events(client, job_id)
            waits.append((at["started"] - at["queued"]) * 1000)
            time.sleep(0.05)
    note = f"ms, p50 / max of {sends}"
    yield Figure("idle enqueue to start", middle_and_most(waits), note)
    yield Figure("POST of a job", middle_and_most(answers), f"{note}, to the 202")


VEILED: dict[str, object] = {
    "size": [768, 1024],
    "avatar": {"source": "preset", "id": "aisyah"},
    "outfit": [
        {"kind": "abaya", "colour": "#2f4a4d"},
        {"kind": "trousers", "colour": "#24383a"},
        {"kind": "loafers", "colour": "#2a2320"},
    ],
    "background": {"mode": "scene", "scene": "cafe"},
}
DRAWN: dict[str, tuple[str, dict[str, object]]] = {
    "a picture": ("pose-generator/generate", {"size": [768, 1024]}),
    "an abaya in a café": ("pose-generator/generate", VEILED),
    "a small picture": ("pose-generator/generate", {"size": "preview"}),
    "an avatar's preview": ("avatar-creator/preview", {"text": "a woman in a shirt"}),
}


def drawing(made: Site, pictures: int = 3) -> Iterator[Figure]:
    """Pictures from a runner that has made one already."""
    with made.client() as client:
        for what, (road, body) in DRAWN.items():
            yield from _drawn((made, client), what, road, body, pictures)
    peak = max(map(peak_bytes, made.runners())) / 1024**2
    yield Figure("runner's peak memory", f"{peak:.0f} MiB", "VmHWM, all of these")


def _drawn(
    at: tuple[Site, httpx.Client], what: str, road: str, body: object, pictures: int
) -> Iterator[Figure]:
    made, client = at
    events(client, start_job(client, road, body))
    runners = made.runners()
    used, walls, dims = [], [], set()
    for _ in range(pictures):
        cpu, wall = sum(map(cpu_seconds, runners)), time.perf_counter()
        job_id = start_job(client, road, body)
        events(client, job_id)
        walls.append(time.perf_counter() - wall)
        used.append(sum(map(cpu_seconds, runners)) - cpu)
        job = client.get(f"/api/jobs/{job_id}").json()["job"]
        dims |= {f"{one['width']} x {one['height']}" for one in job["artifacts"]}
    note = f"{', '.join(sorted(dims))}, warm, p50 / max of {pictures}"
    yield Figure(f"CPU seconds, {what}", middle_and_most(used, 2), note)
    yield Figure(f"wall seconds, {what}", middle_and_most(walls, 2), "same run")


WORDS = ("sitting", "tangan di pinggang", "hijab", "product box", "lari", "zzz")


def searching(made: Site, rounds: int = 20) -> Iterator[Figure]:
    """Searches of Pose Generator's library, beside a static answer."""
    path = "/api/apps/pose-generator/library"
    with made.client() as client:
        walls: dict[str, list[float]] = {"static": [], "search": []}
        for word in WORDS * rounds:
            for name, (road, query) in {
                "static": ("/livez", {}),
                "search": (path, {"search": word}),
            }.items():
                began = time.perf_counter()
                client.get(road, params=query).raise_for_status()
                walls[name].append((time.perf_counter() - began) * 1000)
    more = median(walls["search"]) - median(walls["static"])
    note = f"ms over /livez, median of {len(walls['search'])}, by turns"
    yield Figure("search of the pose library", f"{more:.2f}", note)


def listing(made: Site, rounds: int = 300) -> Iterator[Figure]:
    """`/api/apps` beside a static answer of the same server, by turns."""
    server = made.pid("serve")
    with made.client() as client:
        tag = client.get("/api/apps").headers.get("etag")
        fresh = {"If-None-Match": tag} if tag else {}
        kinds = {
            "static": ("/livez", {}),
            "200": ("/api/apps", {}),
            "304": ("/api/apps", fresh),
        }
        walls: dict[str, list[float]] = {name: [] for name in kinds}
        used = dict.fromkeys(kinds, 0.0)
        statuses: dict[str, int] = {}
        for _ in range(rounds // 50):
            for name, (path, headers) in kinds.items():
                cpu = cpu_seconds(server)
                for _ in range(50):
                    began = time.perf_counter()
                    answer = client.get(path, headers=headers)
                    walls[name].append((time.perf_counter() - began) * 1000)
                    statuses[name] = answer.status_code
                used[name] += cpu_seconds(server) - cpu
    base = median(walls["static"])
    yield Figure("/livez", f"{base:.2f} ms", f"median of {rounds}, keep-alive")
    for name in ("200", "304"):
        ratio = median(walls[name]) / base
        cpu = used[name] / max(used["static"], 1 / 100)
        yield Figure(
            f"/api/apps ({statuses[name]}) beside /livez",
            f"{ratio:.2f} x",
            f"wall, by turns; the server's CPU {cpu:.2f} x",
        )
