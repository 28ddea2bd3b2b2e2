"""What the pages tell newcomers to type into a shell does what they say."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.journeys.machine import Machine

ROOT = Path(__file__).parents[2]
HERE = "http://127.0.0.1:3000"
"""Where the pages say that the server is."""
PATIENCE = 120.0
Shell = Callable[[str], Path]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """Types lines where a server runs; gives the folder that they were typed in."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    with machine.up() as url:
        environment = {**machine.environment, "PATH": programs, "LUMIKU_URL": url}

        def typed(lines: str) -> Path:
            folder = tmp_path_factory.mktemp("typed")
            done = subprocess.run(
                ["/bin/bash", "-euo", "pipefail", "-c", lines.replace(HERE, url)],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            (folder / "said").write_text(done.stdout)
            return folder

        yield typed


def lines_of(page: str, containing: str) -> str:
    """The lines to type, without their prompts, of the one block that has a text."""
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    (block,) = (one for one in blocks if containing in one)
    return re.sub(r"^\$ ", "", block, flags=re.MULTILINE)


def test_the_readmes_command_makes_its_pictures(shell: Shell) -> None:
    folder = shell(lines_of("README.md", "lumiku run"))

    pictures = [path.read_bytes() for path in (folder / "pictures").rglob("*.png")]
    assert len(pictures) >= 2
    assert all(one.startswith(b"\x89PNG") for one in pictures)


def test_the_readmes_request_is_answered_by_a_picture(shell: Shell) -> None:
    folder = shell(lines_of("README.md", "first.png"))

    assert (folder / "first.png").read_bytes().startswith(b"\x89PNG")


def test_the_first_request_of_the_api_page_is_accepted(shell: Shell) -> None:
    key = "KEY=$(lumiku keys create page --quiet)\n"

    folder = shell(key + lines_of("docs/http-api.md", "order-17"))

    assert '"state":"queued"' in (folder / "said").read_text()
