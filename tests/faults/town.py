"""All processes of a run, black box: servers, worker processes, provider, peers.

Set up by the product's own commands; nothing of the product is imported here.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from tests.faults.history import History
from tests.faults.peers import PATIENCE, Postgres, Redis, free_port, spawn

HERE = Path(__file__).parent
WELCOME = 1_000_000
OK = 200


@dataclass
class Member:
    """A process that can be hurt, and started again as it was."""

    name: str
    words: Sequence[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    def start(self) -> None:
        """Start it, in a process group of its own."""
        with self.lock, self.log.open("ab") as log:
            self.starts += 1
            self.process = spawn(
                self.words,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def signal(self, number: int, *, group: bool = True) -> None:
        """Signal it, and all it has started."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                return
            with suppress(ProcessLookupError):
                if group:
                    os.killpg(self.process.pid, number)
                else:
                    os.kill(self.process.pid, number)

    def kill(self) -> None:
        """End it at once, with all it has started."""
        with self.lock:
            self.signal(signal.SIGKILL)
            if self.process is not None:
                self.process.wait()

    def replace(self) -> None:
        """Kill it, and start it again at once."""
        with self.lock:
            self.kill()
            self.start()

    def roll(self, patience: float = 40.0) -> None:
        """Ask it to stop, as a deployment does, then start it again."""
        with self.lock:
            self.signal(signal.SIGTERM, group=False)
            if self.process is not None:
                try:
                    self.process.wait(patience)
                except subprocess.TimeoutExpired:
                    self.kill()
            self.start()

    @property
    def dead(self) -> bool:
        """Whether it has ended by itself."""
        return self.process is not None and self.process.poll() is not None


@dataclass(frozen=True)
class Plan:
    """What a town is made of; `lease` in seconds."""

    backend: str = "sqlite"
    redis: bool = False
    servers: int = 1
    workers: int = 2
    slots: int = 3
    users: int = 3
    lease: float = 3.0
    settings: dict[str, str] = field(default_factory=dict)
    redis_port: int | None = None
    """Where ours look for Redis, if something stands in between."""
    python_path: tuple[str, ...] = ()


class Town:
    """The processes, and how to reach them."""

    def __init__(self, folder: Path, plan: Plan, *, data: Path | None = None) -> None:
        """Prepare everything and start it; `data` is where the data folder is."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.plan = folder, plan
        self.data = data or folder / "data"
        self.history = History(folder / "history.jsonl")
        self.postgres = Postgres() if plan.backend == "postgres" else None
        self.redis = Redis(folder / "redis") if plan.redis else None
        port = free_port()
        self.provider_url = f"http://127.0.0.1:{port}"
        self.environment = self._environment()
        log = str(folder / "provider.jsonl")
        self.provider = self._member(
            "provider",
            ["-m", "tests.faults.provider", "--port", str(port), "--log", log],
        )
        self.ports = [free_port() for _ in range(plan.servers)]
        self.servers = [
            self._member(f"server-{n}", [*LUMIKU, "serve"], LUMIKU_PORT=str(port))
            for n, port in enumerate(self.ports)
        ]
        self.workers = [
            self._member(f"worker-{n}", [*LUMIKU, "work"]) for n in range(plan.workers)
        ]
        self.keys: dict[str, str] = {}

    @property
    def urls(self) -> list[str]:
        """Where the servers are."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    @property
    def members(self) -> list[Member]:
        """Everybody."""
        return [self.provider, *self.servers, *self.workers]

    def open(self) -> None:
        """Prepare the database and the accounts; start all; wait until all is ready."""
        self.ask("migrate")
        self.ask("seed")
        with ThreadPoolExecutor(2) as pool:
            names = [f"user{n}" for n in range(self.plan.users)]
            self.keys = dict(zip(names, pool.map(self._enrol, names), strict=True))
        setup = {"users": list(self.keys), "welcome": WELCOME, "price": 3}
        (self.folder / "setup.json").write_text(json.dumps(setup))
        for member in self.members:
            member.start()
        end = time.monotonic() + PATIENCE * 2
        while not self.ready():
            dead = [one.name for one in self.members if one.dead]
            if dead or time.monotonic() > end:
                raise TimeoutError(f"{dead} are not ready: see {self.folder}")
            time.sleep(0.1)

    def ready(self) -> bool:
        """Whether all servers say that they are."""
        try:
            return all(
                httpx.get(f"{url}/readyz", trust_env=False, timeout=10).status_code
                == OK
                for url in self.urls
            )
        except httpx.TransportError:
            return False

    def ask(self, *words: str, said: str = "") -> str:
        """What one of the product's commands answers; raises if it fails."""
        answer = subprocess.run(
            [sys.executable, *LUMIKU, *words],
            env=self.environment,
            input=said,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 2,
            check=False,
        )
        if answer.returncode:
            raise RuntimeError(f"{words}: {answer.stdout}{answer.stderr}")
        return answer.stdout.strip()

    def misbehave(self, mode: str, share: float = 1.0) -> None:
        """Tell the provider how to treat those who ask."""
        word = {"mode": mode, "share": share}
        httpx.post(f"{self.provider_url}/mode", json=word, trust_env=False)

    def close(self) -> None:
        """Leave nothing running."""
        for member in self.members:
            member.signal(signal.SIGCONT)
            member.kill()
        for peer in (self.redis, self.postgres):
            if peer is not None:
                peer.close()
        self.history.close()

    def _enrol(self, name: str) -> str:
        email = f"{name}@example.org"
        words = ("users", "create", email, "--tier", "enterprise")
        self.ask(*words, "--password-stdin", said="a long enough passphrase 7\n")
        return self.ask("keys", "create", "faults", "--as", email, "--quiet")

    def _member(self, name: str, words: list[str], **more: str) -> Member:
        log = self.folder / f"{name}.log"
        return Member(name, [sys.executable, *words], self.environment | more, log)

    def _environment(self) -> dict[str, str]:
        plan = self.plan
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LUMIKU_", "DATABASE_", "REDIS_", "WORKER_"))
        }
        inherited = [part for part in (kept.get("PYTHONPATH"),) if part]
        root = str(HERE.parents[1])
        path = [*plan.python_path, str(HERE / "oracle"), *inherited, root]
        made = {
            **kept,
            "PYTHONPATH": os.pathsep.join(path),
            "ORACLE_URL": self.provider_url,
            "LUMIKU_DATA_DIR": str(self.data),
            "LUMIKU_PLUGINS": "oracle",
            "LUMIKU_LEASE_SECONDS": str(plan.lease),
            "LUMIKU_STOP_SECONDS": "1",
            "LUMIKU_RATE_LIMITS": "off",
            "LUMIKU_WORKER_CONCURRENCY": str(plan.slots),
            "LUMIKU_CPU_SLOTS": "1",
            "LUMIKU_WELCOME_CREDITS": str(WELCOME),
        }
        if self.postgres is not None:
            made["DATABASE_URL"] = self.postgres.url
        if self.redis is not None:
            port = plan.redis_port or self.redis.port
            made["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        return made | plan.settings


LUMIKU = ("-m", "lumiku_kernel.cli")
