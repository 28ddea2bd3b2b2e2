"""An author's loop: new files that work, served at once and again after every save."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.kernel.command import lumiku

PATIENCE = 90.0
"""Seconds after which something will not happen any more, on however busy a machine."""


def until(holds: Callable[[], Any], what: Callable[[], str]) -> Any:
    """Wait for something to be true, and return it; else fail with `what`."""
    end = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < end, f"never: {what()}"
        time.sleep(0.05)
    return found


def made(folder: Path, ident: str = "acme-cards") -> Path:
    """A new plugin's folder."""
    said = lumiku("new", str(folder / ident))
    assert said.code == 0, said.err
    return folder / ident


class Loop:
    """`lumiku dev` on a plugin, and its terminal."""

    def __init__(self, folder: Path) -> None:
        """Start it."""
        self.folder = folder
        self._log = folder.parent / "terminal"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "lumiku_kernel.cli", "dev", ".", "--port", "0"],
                env={"PATH": os.environ["PATH"]},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """All that it has printed."""
        return self._log.read_text(errors="replace")

    def says(self, pattern: str, times: int = 1) -> str:
        """Wait until it has printed a line with this so often; the last one's group."""

        def found() -> list[str]:
            assert self.process.poll() is None, self.said
            lines = re.findall(pattern, self.said, re.MULTILINE)
            return lines if len(lines) >= times else []

        return str(until(found, lambda: f"{pattern} in\n{self.said}")[-1])

    def save(self, file: str, before: str, after: str) -> None:
        """Change a file, as an editor does."""
        path = self.folder / file
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))

    def leave(self) -> None:
        """End it, and wait."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loop]:
    """One that is ready."""
    loop = Loop(made(tmp_path_factory.mktemp("author")))
    try:
        loop.says(r"^ready (http\S+)")
        yield loop
    finally:
        loop.leave()


@pytest.fixture(scope="module")
def author(loop: Loop) -> Iterator[httpx.Client]:
    """The author's browser."""
    address = loop.says(r"^ready (http\S+)")
    headers = {"Origin": address}
    with httpx.Client(
        base_url=address, headers=headers, timeout=PATIENCE, trust_env=False
    ) as client:
        client.post(loop.says(r"sign in, once: (\S+)"))
        yield client


def ready_again(loop: Loop) -> Callable[[], None]:
    """To be called after a save: waits until it is served."""
    times = loop.said.count("ready again")
    return lambda: (loop.says(r"^ready again", times + 1), None)[1]


def test_a_new_plugin_has_a_package_a_test_and_an_entry_point(tmp_path: Path) -> None:
    folder = made(tmp_path)

    assert 'acme-cards = "acme_cards"' in (folder / "pyproject.toml").read_text()
    assert (folder / "acme_cards" / "py.typed").is_file()
    assert (folder / "tests" / "test_acme_cards.py").is_file()
    for file in folder.rglob("*.*"):
        assert not re.search(r"@(id|name|package)@", file.read_text()), file


def test_a_new_plugins_own_test_passes(tmp_path: Path) -> None:
    folder = made(tmp_path)

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    said = lumiku("new", str(tmp_path), "--id", "acme-cards")

    assert said.code == 1
    assert "path-taken" in said.err
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("ident", "code"),
    [("Cards!", "id-invalid"), ("admin", "id-reserved"), ("json", "package-taken")],
)
def test_a_name_that_cannot_be_used_is_refused_with_another(
    tmp_path: Path, ident: str, code: str
) -> None:
    said = lumiku("new", str(tmp_path / "new"), "--id", ident)

    assert said.code == 1
    assert code in said.err
    assert "fix:" in said.err
    assert not (tmp_path / "new").exists()


def test_a_folder_without_a_plugin_is_refused_with_what_it_lacks(
    tmp_path: Path,
) -> None:
    assert "project-missing" in lumiku("dev", str(tmp_path)).err
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "acme"\n')
    assert "entry-point-missing" in lumiku("dev", str(tmp_path)).err


@pytest.mark.slow
def test_what_is_new_is_served_and_makes_a_picture(
    loop: Loop, author: httpx.Client
) -> None:
    cards = {one["id"]: one for one in author.get("/api/apps").json()["items"]}
    assert cards["acme-cards"]["runnable"]

    headers = {"Idempotency-Key": "first", "Prefer": "wait=60"}
    job = author.post(
        "/api/apps/acme-cards/draw", json={"pictures": 2}, headers=headers
    ).json()["job"]

    assert (job["state"], job["items"]["ok"]) == ("succeeded", 2), job
    assert author.get(job["artifacts"][0]["url"]).content.startswith(b"\x89PNG")
    assert author.get("/api/credits").json()["available"] > 900_000
    assert loop.says(r"^(acme-cards is visible and can run)")
    assert author.get("/apps/acme-cards").status_code == 200


@pytest.mark.slow
def test_a_save_is_served_without_a_command(loop: Loop, author: httpx.Client) -> None:
    wait = ready_again(loop)
    loop.save("acme_cards/__init__.py", "whose colour fades", "whose colour melts")
    loop.save("acme_cards/__init__.py", "A card", "The card")
    wait()

    def melted() -> bool:
        card = author.get("/api/apps/acme-cards").json()
        return bool(card["summary"] == "The card whose colour melts into another.")

    until(melted, lambda: "the new words are served")


@pytest.mark.slow
def test_a_wrong_field_is_answered_with_its_line_and_the_right_name(
    loop: Loop, author: httpx.Client
) -> None:
    lines = (loop.folder / "acme_cards" / "__init__.py").read_text().splitlines()
    number = 1 + next(n for n, line in enumerate(lines) if "color=" in line)

    loop.save("acme_cards/__init__.py", "color=", "colour=")
    told = loop.says(r"✗ (.*acme_cards/__init__.py:.*)")

    assert f"__init__.py:{number}: " in told
    assert "has no field “colour”; did you mean “color”?" in told
    assert author.get("/api/apps/acme-cards").status_code == 200  # as it was before
    wait = ready_again(loop)
    loop.save("acme_cards/__init__.py", "colour=", "color=")
    wait()


@pytest.mark.slow
def test_an_import_that_fails_shows_its_traceback(loop: Loop) -> None:
    loop.save("acme_cards/card.py", "import zlib", "import zlip")

    assert loop.says(r"✗ (.*card.py:\d+: ModuleNotFoundError: .*)").endswith("'zlip'")
    assert loop.says(r'File "(.*__init__.py)", line \d+')
    wait = ready_again(loop)
    loop.save("acme_cards/card.py", "import zlip", "import zlib")
    wait()


@pytest.mark.slow
def test_an_import_that_ends_the_process_is_said(loop: Loop) -> None:
    loop.save("acme_cards/card.py", "import zlib", "import zlib, os; os._exit(7)")

    loop.says(r"its import ended the process \(status 7\)")
    wait = ready_again(loop)
    loop.save("acme_cards/card.py", "import zlib, os; os._exit(7)", "import zlib")
    wait()


@pytest.mark.slow
def test_a_worker_that_names_nothing_is_said_before_any_job(loop: Loop) -> None:
    loop.save("acme_cards/__init__.py", "card:run", "card:rum")

    loop.says(r"Worker draw names acme_cards.card:rum")
    wait = ready_again(loop)
    loop.save("acme_cards/__init__.py", "card:rum", "card:run")
    wait()


@pytest.mark.slow
def test_an_app_that_is_hidden_is_told_why(loop: Loop) -> None:
    wait = ready_again(loop)
    loop.save("acme_cards/__init__.py", "models=(", "models=() and (")
    wait()

    assert loop.says(r"^(acme-cards is hidden: NO_MODELS)")
    assert loop.says(r"fix \(author\): (.*)")


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_it_leaves_nothing_behind(tmp_path: Path) -> None:
    loop = Loop(made(tmp_path))
    try:
        loop.says(r"^ready (http\S+)")
    finally:
        loop.leave()

    assert loop.process.returncode == 0, loop.said
    until(lambda: not _group_lives(loop.process.pid), lambda: "all are gone")
    assert {one.name for one in loop.folder.iterdir() if one.name[0] == "."} == {
        ".gitignore",
        ".lumiku",
    }
