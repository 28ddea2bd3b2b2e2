"""The incident of the seed, replayed: a finished app that nobody sees in production.

An old release runs with users and jobs. A new one with a new plugin is deployed while
they go on, with each of the seven links broken in turn: `lumiku preflight` has to name
it within ten seconds, with the command that mends it, and that command has to mend it.
Then the traffic is switched over. `python -m tests.operations.replay` tells the story.
"""

import json
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from tests.backends import Backend
from tests.operations import cards, release
from tests.operations.front import HOLDING, WELL, Nginx
from tests.operations.load import Load
from tests.operations.stage import Process, Stage
from tests.operations.story import Link, Story

PASSWORD = "a-long-password"  # noqa: S105 (of nobody)
WHO = "ana@example.org"
QUICK = 10.0
"""Seconds within which a broken link is named."""
TIERS = ("free", "basic", "pro", "enterprise")
AGREED = {
    "acme-cards": {tier: ["acme-cards:plain"] for tier in TIERS},
    "trial": {
        tier: ["trial:dear", "trial:gift", "trial:plain"]
        + (["trial:royal"] if tier == "enterprise" else [])
        for tier in TIERS
    },
}
"""What the operator wants each tier to see."""
Say = Callable[[str], None]


class Replay:
    """The installation, its two releases, and what is done to it."""

    def __init__(self, folder: Path, say: Say) -> None:
        """Build the two releases and the new plugin's wheel."""
        self._say, self.story = say, Story()
        self.folder = folder
        database = folder / "database" / "lumiku.db"
        self.stage = Stage(folder, Backend(f"sqlite:///{database}"))
        self.database = database
        self.old = release.before(folder / "release-0.1")
        self.new = release.new(folder / "release-0.2")
        self.door = Nginx(folder / "door")
        wheels = cards.wheel(self.new, folder)
        self.stage.environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
        self._data = self.stage.environment["LUMIKU_DATA_DIR"]
        self._workers: list[Process] = []

    def run(self) -> Story:
        """Everything, in order."""
        server, worker, key = self._long_ago()
        load = Load(self.stage.front.url, key, threads=2)
        with load.running():
            load.goes_on("the old release")
            self._links(load)
            beside = self._ready(load)
            self._switch(load, server, worker, beside)
            self._look(key)
            load.goes_on("the new release")
        self.story.asked, self.story.failed = load.asked, load.failed
        self.story.states = load.ended()
        done = self.stage.shell(self.new, "lumiku verify")
        self.story.verified = done.returncode == 0
        self._tell()
        return self.story

    def _long_ago(self) -> tuple[Process, Process, str]:
        """The old release with its people."""
        stage, old = self.stage, self.old
        stage.ask(old, "lumiku migrate")
        for who, more in ((WHO, ""), ("boss@example.org", " --role operator")):
            made = f"lumiku users create {who} --password-stdin{more}"
            stage.ask(old, f"echo {PASSWORD} | {made}")
        stage.ask(old, f"lumiku credits grant {WHO} 100000 --reason replay")
        key = stage.ask(old, f"lumiku keys create first --as {WHO} --quiet")
        server, worker = stage.serve(old), stage.work(old)
        server.until(
            lambda: server.ready("W01"), "the server has seen the worker process"
        )
        stage.front.point(server.port)
        self._say(f"release {old.version} runs behind nginx; {WHO} starts jobs")
        said = AGREED | {"packages": {"acme-cards": "acme-cards==0.1.0"}}
        (stage.folder / "visibility.lock").write_text(_toml(said))
        self._say("visibility.lock says what the new release has to show, and of what")
        return server, worker, key

    # The seven links, in the order in which a deployment meets them.

    def _links(self, load: Load) -> None:
        self._prove(load, "migration missing", "D02", self._command)
        self._prove(load, "package missing", "K07", self._command)
        self._command("lumiku migrate")
        self._say("the new package has tables too: lumiku migrate")
        self._unmounted(load)
        self._rowless(load)
        self._serve()
        self._keyless(load)
        self._deaf(load)

    def _serve(self) -> None:
        """A new server beside the old, behind a door that viewers do not know yet."""
        self._beside = self.stage.serve(self.new)
        self.door.point(self._beside.port, HOLDING)

    def _unmounted(self, load: Load) -> None:
        elsewhere = self.folder / "mnt"
        elsewhere.mkdir()
        self.stage.environment["LUMIKU_DATA_DIR"] = str(elsewhere)

        def mount(fix: str) -> None:
            assert fix.startswith("mount it"), fix
            shutil.rmtree(elsewhere)
            elsewhere.symlink_to(self._data)

        self._prove(load, "storage not mounted", "F01", mount)

    def _rowless(self, load: Load) -> None:
        with sqlite3.connect(self.database, timeout=30) as connection:
            connection.execute("DELETE FROM model WHERE plugin_id = 'acme-cards'")
        connection.close()
        self._prove(load, "model rows gone", "S01", self._command)

    def _keyless(self, load: Load) -> None:
        """No worker process of the new release; then one that lacks the key."""

        def work(fix: str) -> None:
            assert fix.endswith("lumiku work"), fix
            self._workers.append(self.stage.work(self.new))

        about = "acme-cards"
        self._prove(load, "worker not started", "W01", work, about=about)

        def give(fix: str) -> None:
            assert fix.startswith("set ACME_PRESS_KEY for the worker process"), fix
            self.stage.environment["ACME_PRESS_KEY"] = "acme-secret"
            self._workers.append(self.stage.work(self.new))
            # The other one last: servers of the old release look for its version only.
            self._workers.pop(0).stop()

        self._prove(load, "key missing", "P01", give)

    def _deaf(self, load: Load) -> None:
        url = f" --public-url {self.door.url}"
        given: list[str] = []

        def configure(fix: str) -> None:
            given.append(f"      {fix.removeprefix('nginx: ')}\n")
            self.door.point(self._beside.port, HOLDING + "".join(given))

        for way in ("server-sent events", "WebSocket"):
            name = f"proxy without {way}"
            self._prove(load, name, "E01", configure, more=url, about=way)

    def _command(self, fix: str) -> None:
        self.stage.ask(self.new, fix)

    def _prove(
        self,
        load: Load,
        name: str,
        code: str,
        mend: Callable[[str], None],
        *,
        more: str = "",
        about: str = "",
    ) -> None:
        """Have a broken link named; do what is said; have it named no more."""
        load.during = name
        told, seconds = self._preflight(more)
        found = [one for one in against(told, code) if about in one["cause"]]
        assert found, f"{name}: {[(o['check'], o['cause']) for o in against(told)]}"
        first = found[0]
        mend(first["fix"])
        again, _ = self._preflight(more)
        mended = first["cause"] not in {one["cause"] for one in against(again, code)}
        link = Link(name, code, first["cause"], first["fix"], seconds, mended)
        self.story.links.append(link)
        self._say(f"\n{name}: named after {seconds:.1f} s")
        self._say(f"  {code}  {first['cause']}")
        self._say(f"  fix: {first['fix']}")
        self._say(
            "  done, and it is mended" if mended else "  done, and it is NOT mended"
        )

    def _preflight(self, more: str = "") -> tuple[dict[str, Any], float]:
        """What it says, and after how many seconds."""
        began = time.monotonic()
        done = self.stage.shell(self.new, f"lumiku preflight --json{more}")
        seconds = time.monotonic() - began
        try:
            return json.loads(done.stdout), seconds
        except ValueError as error:
            raise AssertionError(done.stdout + done.stderr) from error

    # Then nothing is broken.

    def _ready(self, load: Load) -> Process:
        load.during = "nothing is broken"
        told, seconds = self._preflight(f" --public-url {self.door.url}")
        self.story.ready = told["ready"]
        stand = [f"{one['check']} {one['cause']}" for one in against(told)]
        said = "ready" if told["ready"] else f"not ready: {stand}"
        self._say(f"\npreflight after {seconds:.1f} s: {said}")
        return self._beside

    def _switch(
        self, load: Load, server: Process, worker: Process, beside: Process
    ) -> None:
        """Servers first, then worker processes, under load."""
        load.goes_on("nginx is told of the new server")
        self.stage.front.point(beside.port, WELL)
        load.goes_on("the old server ends")
        server.stop()
        load.goes_on("the old worker process ends")
        worker.stop()
        load.goes_on("the new release")
        self._say("traffic goes to the new release; the old processes have ended")

    def _look(self, key: str) -> None:
        """As a viewer: the new app is there, and works."""
        bearer = {"Authorization": f"Bearer {key}"}
        with httpx.Client(
            base_url=self.stage.front.url, headers=bearer, timeout=90, trust_env=False
        ) as client:
            apps = client.get("/api/apps").json()["items"]
            self.story.seen = "acme-cards" in {one["id"] for one in apps}
            wanted = {"Prefer": "wait=60", "Idempotency-Key": "replay-card"}
            path = "/api/apps/acme-cards/draw"
            answer = client.post(path, json={}, headers=wanted)
            self.story.made = str(answer.json().get("job", answer.json()).get("state"))
        self._say(
            f"{WHO} sees acme-cards: {self.story.seen}; a card: {self.story.made}"
        )

    def _tell(self) -> None:
        story = self.story
        self._say(
            f"\n{story.asked} requests during all this, {len(story.failed)} failed; "
            f"accepted jobs: {story.states}; verify: "
            f"{'clean' if story.verified else 'NOT clean'}"
        )
        for one in story.failed[:10]:
            self._say(f"  {one}")

    def close(self) -> None:
        """Leave nothing running."""
        self.door.close()
        self.stage.close()


def against(told: dict[str, Any], code: str = "") -> list[dict[str, Any]]:
    """What stands against the release, of one code or of all."""
    return [
        one
        for one in told["items"]
        if one["level"] == "error" and (not code or one["check"] == code)
    ]


def _toml(said: dict[str, dict[str, Any]]) -> str:
    parts = []
    for name, values in said.items():
        lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        parts.append("\n".join([f"[{name}]", *lines]) + "\n")
    return "\n".join(parts)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Tell the story; 0 if it ends well."""
    folder = Path(tempfile.mkdtemp(prefix="lumiku-replay-"))
    replay = Replay(folder, _print)
    try:
        story = replay.run()
    finally:
        replay.close()
        shutil.rmtree(folder, ignore_errors=True)
    well = story.ready and story.seen and story.verified and not story.failed
    return 0 if well and all(one.mended for one in story.links) else 1


if __name__ == "__main__":
    sys.exit(main())
