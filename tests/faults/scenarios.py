"""The runs by name: what is done to whom, how often, and what it must come to."""

from dataclasses import dataclass, field

from tests.faults import disk, harms
from tests.faults.crowd import Habits
from tests.faults.nemesis import Harm
from tests.faults.town import Plan
from tests.faults.wire import Wire


@dataclass(frozen=True)
class Form:
    """How large a run is."""

    jobs: int
    blows: int
    lease: float = 3.0
    limits: dict[str, float] = field(default_factory=dict)
    rate: float = 6.0
    """Jobs a second at most; two cores also start all that was killed anew."""


@dataclass(frozen=True)
class Scenario:
    """A run: the harms, one each `gap` seconds, and its two forms."""

    name: str
    title: str
    harms: tuple[Harm, ...]
    gap: tuple[float, float]
    short: Form
    full: Form
    plan: Plan = field(default_factory=Plan)
    habits: Habits = field(default_factory=Habits)
    needs: tuple[str, ...] = ()
    """Of `redis`, `postgres`, `sqlite`."""
    wire: bool = False
    """Whether a line that can be cut lies between ours and Redis."""
    disk: int = 0
    """MiB of a small disk for the data folder; 0: where everything is."""


FULL_LEASE = 30.0
RECOVERED = {"recovery p95 s": 45.0, "recovery max s": 60.0}
ANSWERED = {"tries not answered, %": 0.1, "refused": 0.0}
MODES = ("500", "429", "503", "closed", "truncated", "html", "junk")
SCENARIOS = {
    one.name: one
    for one in (
        Scenario(
            "F1",
            "worker processes killed",
            (harms.KILL_WORKER,),
            (2.0, 5.0),
            Form(60, 6),
            Form(2000, 40, FULL_LEASE, RECOVERED),
        ),
        Scenario(
            "F2",
            "servers killed",
            (harms.KILL_SERVER,),
            (3.0, 8.0),
            Form(60, 4),
            Form(1000, 20, FULL_LEASE),
            plan=Plan(servers=2, workers=1),
        ),
        Scenario(
            "F3",
            "zombies",
            (harms.FREEZE_WORKER,),
            (1.0, 3.0),
            Form(50, 4, 2.0),
            Form(500, 20, 5.0),
            habits=Habits(delay=(0.3, 1.5)),
        ),
        Scenario(
            "F4",
            "rolling restarts",
            (harms.ROLL,),
            (2.0, 4.0),
            Form(60, 2),
            Form(800, 10, FULL_LEASE),
            plan=Plan(servers=2),
        ),
        Scenario(
            "F5",
            "Redis killed, flushed, paused, cut, full, read-only, absent",
            (*harms.REDIS, harms.redis_absent(10)),
            (1.0, 2.0),
            Form(100, 8, limits=ANSWERED),
            Form(1500, 40, FULL_LEASE, ANSWERED),
            plan=Plan(redis=True),
            needs=("redis",),
        ),
        Scenario(
            "F5-absent",
            "Redis gone for 60 s",
            (harms.redis_absent(60),),
            (5.0, 6.0),
            Form(40, 1, limits=ANSWERED),
            Form(300, 2, FULL_LEASE, ANSWERED),
            plan=Plan(redis=True),
            needs=("redis",),
        ),
        Scenario(
            "F6",
            "a bad line to Redis",
            tuple(Harm(f"wire {how}", wire) for how, wire in Wire.HARMS.items()),
            (1.0, 2.0),
            Form(60, 4, limits=ANSWERED),
            Form(600, 16, FULL_LEASE, ANSWERED),
            plan=Plan(redis=True),
            needs=("redis",),
            wire=True,
        ),
        Scenario(
            "F7",
            "PostgreSQL restarted, cut, a backend killed",
            harms.POSTGRES,
            (3.0, 6.0),
            Form(60, 3),
            Form(600, 20, FULL_LEASE),
            needs=("postgres",),
        ),
        Scenario(
            "F8",
            "SQLite locked by another, and killed in a checkpoint",
            (
                disk.LOCKED,
                disk.CHECKPOINT,
            ),
            (1.0, 3.0),
            Form(50, 3),
            Form(500, 16, FULL_LEASE),
            needs=("sqlite",),
        ),
        Scenario(
            "F9",
            "the disk is full",
            (disk.FULL,),
            (3.0, 6.0),
            Form(60, 2),
            Form(500, 8, FULL_LEASE),
            disk=320,
            plan=Plan(settings={"LUMIKU_DISK_FLOOR_MB": "20"}),
            needs=("sqlite",),
        ),
        Scenario(
            "F11",
            "a provider that misbehaves",
            tuple(harms.provider_does(mode, 4.0, 0.5) for mode in MODES),
            (0.5, 1.0),
            Form(60, 7),
            Form(800, 28, FULL_LEASE),
        ),
        Scenario(
            "F11-slow",
            "a provider that hangs or drips",
            (),
            (1.0, 1.0),
            Form(12, 0),
            Form(120, 0, FULL_LEASE),
            habits=Habits(
                worker="hasty", cancels=0.0, modes=("hang", "drip", "401", "ok")
            ),
        ),
        Scenario(
            "F13",
            "jobs that kill their runner",
            (),
            (1.0, 1.0),
            Form(4, 0, limits={"jobs succeeded": 0, "jobs partial": 0}),
            Form(20, 0, FULL_LEASE, {"jobs succeeded": 0, "jobs partial": 0}),
            plan=Plan(users=1),  # of two, its plugin would be kept apart
            habits=Habits(crash="exit", cancels=0.0, items=(1, 1)),
        ),
        Scenario(
            "F13-memory",
            "jobs that eat all memory",
            (),
            (1.0, 1.0),
            Form(2, 0, limits={"jobs succeeded": 0, "jobs partial": 0}),
            Form(10, 0, FULL_LEASE, {"jobs succeeded": 0, "jobs partial": 0}),
            plan=Plan(users=1, settings={"LUMIKU_RUNNER_MEMORY_MB": "512"}),
            habits=Habits(crash="memory", cancels=0.0, items=(1, 1), threads=1),
        ),
        Scenario(
            "F14",
            "everything at once",
            (
                harms.KILL_WORKER,
                harms.KILL_SERVER,
                harms.FREEZE_WORKER,
                *(harms.provider_does(mode, 2.0, 0.3) for mode in ("500", "closed")),
            ),
            (2.0, 6.0),
            Form(60, 6),
            Form(5000, 200, FULL_LEASE),
            plan=Plan(servers=2, users=20),
            habits=Habits(cancels=0.1),
        ),
    )
}
