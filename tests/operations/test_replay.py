"""The incident of the seed cannot happen unseen, link by link."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.operations.replay import Replay
from tests.operations.story import Story

pytestmark = pytest.mark.faults
LINKS = {
    "migration missing": "lumiku migrate",
    "package missing": "pip install acme-cards==0.1.0",
    "storage not mounted": "mount it",
    "model rows gone": "lumiku seed",
    "worker not started": "lumiku work",
    "key missing": "set ACME_PRESS_KEY for the worker process",
    "proxy without server-sent events": "nginx: proxy_buffering off;",
    "proxy without WebSocket": "nginx: proxy_http_version 1.1;",
}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """All of it, once."""
    said: list[str] = []
    replay = Replay(Path(tmp_path_factory.mktemp("replay")), said.append)
    try:
        yield replay.run()
    finally:
        replay.close()
        print("\n".join(said))  # noqa: T201 (the story, where a test fails)


@pytest.mark.parametrize(("link", "command"), LINKS.items())
def test_a_broken_link_is_named_with_the_command_that_mends_it(
    story: Story, link: str, command: str
) -> None:
    (told,) = (one for one in story.links if one.name == link)

    assert command in told.fix
    assert told.mended


def test_nothing_fails_and_nothing_is_lost_while_it_is_deployed(story: Story) -> None:
    assert story.ready
    assert story.failed == []
    assert story.asked > 0
    assert set(story.states) == {"succeeded"}
    assert story.verified


def test_the_new_app_is_seen_and_works(story: Story) -> None:
    assert story.seen
    assert story.made == "succeeded"
