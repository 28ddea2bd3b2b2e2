"""Installs distributions into a folder as pip would, and runs a real system on it."""

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
from tests.faults.house import family, until
from tests.zoo.animals import HEAD, Animal


def install(folder: Path, animal: Animal, *, version: str = "1.0") -> str:
    """Put a distribution there in the place of an older one; its module's name."""
    module = "zoo_" + re.sub(r"\W+", "_", animal.name.removeprefix("zoo-"))
    remove(folder, module)
    text = HEAD + animal.source
    text = text.replace("IDENT", repr(animal.ident)).replace("PACKAGE", module)
    files = {f"{module}/{path}": inner for path, inner in animal.files.items()}
    files[f"{module}/__init__.py" if files else f"{module}.py"] = text
    info = f"{module}-{version}.dist-info"
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {animal.name}\nVersion: {version}\n"
        f"Requires-Dist: {animal.requires}\n"
    )
    entry = f"[lumiku.plugins]\n{animal.ident} = {module}\n"
    files[f"{info}/entry_points.txt"] = entry
    record = "".join(
        f"{path},sha256={hashlib.sha256(inner.encode()).hexdigest()},{len(inner)}\n"
        for path, inner in files.items()
    )
    for path, inner in {**files, f"{info}/RECORD": record}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(inner)
    return module


def remove(folder: Path, module: str) -> None:
    """Take a distribution away."""
    for path in sorted(folder.glob(f"{module}*"), reverse=True):
        if path.name.split("-")[0].split(".")[0] == module:
            _delete(path)


def _delete(path: Path) -> None:
    if path.is_dir():
        for inner in path.iterdir():
            _delete(inner)
        path.rmdir()
    else:
        path.unlink()


class Zoo:
    """A folder of distributions, a data folder, and `lumiku up` on both."""

    def __init__(self, home: Path, **settings: str) -> None:
        """Nothing is installed and nothing runs."""
        self.home, self.cages, self.diary = home, home / "cages", home / "diary"
        self.cages.mkdir(parents=True)
        self.diary.mkdir()
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LUMIKU_", "DATABASE_", "REDIS_", "WORKER_"))
        }
        self.environment = {
            **kept,
            "PYTHONPATH": str(self.cages),
            "ZOO_DIARY": str(self.diary),
            "LUMIKU_DATA_DIR": str(home / "data"),
            "LUMIKU_STOP_SECONDS": "1",
            "LUMIKU_RATE_LIMITS": "off",
            "LUMIKU_CPU_SLOTS": "1",
            "LUMIKU_WORKER_CONCURRENCY": "1",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a short command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "lumiku_kernel.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def plugins(self) -> dict[str, dict[str, Any]]:
        """What `lumiku plugins list --json` says, by id."""
        said = self.ask("plugins", "list", "--json")
        assert said.returncode == 0, said.stderr
        return {one["id"]: one for one in json.loads(said.stdout)["items"]}

    def up(self) -> float:
        """Start everything; the seconds until it says that it is ready."""
        began, log = time.monotonic(), self.home / "up.log"
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "lumiku_kernel.cli", "up", "--port", "0"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

        def ready() -> re.Match[str] | None:
            assert self.process is not None
            assert self.process.poll() is None, log.read_text(errors="replace")
            return re.search(r"^ready (\S+)$", self.log(), re.MULTILINE)

        self.url = until(ready, "lumiku up is ready")[1]
        return time.monotonic() - began

    def log(self) -> str:
        """What has been said so far."""
        return (self.home / "up.log").read_text(errors="replace")

    def client(self) -> httpx.Client:
        """A program of a new viewer."""
        name = f"visitor{time.monotonic_ns()}@example.com"
        browser = httpx.Client(base_url=self.url, timeout=60, trust_env=False)
        answer = browser.post(
            "/api/auth/register",
            json={"email": name, "password": "correct horse"},
            headers={"Origin": self.url},
        )
        assert answer.status_code == httpx.codes.CREATED, answer.text
        browser.headers["Origin"] = self.url
        return browser

    def close(self) -> None:
        """End everything."""
        if self.process is None or self.process.poll() is not None:
            return
        members = family(self.process.pid)
        for pid in [self.process.pid, *members]:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                continue
        self.process.wait()
