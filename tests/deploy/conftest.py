"""One image for all tests here, and the production set that runs from it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.deploy.dockerfile import Image
from tests.deploy.stage import Stage, staged, until


@pytest.fixture(scope="session")
def image() -> Iterator[Image]:
    """What the Dockerfile makes."""
    with tempfile.TemporaryDirectory(prefix="lumiku-image-") as folder:
        made = Image(Path(folder))
        made.build(Path(folder) / "build.log")
        yield made


@pytest.fixture(scope="module")
def stage(image: Image) -> Iterator[Stage]:
    """Prepared servers and nginx; nothing of ours runs yet."""
    with staged(image) as made:
        yield made


@pytest.fixture(scope="module")
def site(stage: Stage) -> Stage:
    """Everything runs and is healthy."""
    done = stage.run("migrate")
    assert done.returncode == 0, done.stdout + done.stderr
    stage.start("server")
    stage.start("worker")
    until(lambda: stage.well("server"), "the server is healthy")
    until(lambda: stage.well("worker"), "the worker is healthy")
    return stage
