"""The servers that tests share: each is started once, when the first test asks."""

from collections.abc import Iterator

import pytest
from tests.backends import Backend, Cluster, RedisServer, postgres
from tests.backends import redis_server as a_redis_server


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL; whoever stops it starts it again."""
    with postgres() as running:
        yield running


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis; whoever stops it starts it again."""
    with a_redis_server() as running:
        yield running


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """Embedded; `postgres`, `postgres+redis`, `sqlite+redis` by indirect parameter."""
    words = getattr(request, "param", "sqlite").split("+")
    url = request.getfixturevalue("redis_server").url if "redis" in words else None
    if "postgres" not in words:
        yield Backend(redis=url)
        return
    with request.getfixturevalue("cluster").lent() as database:
        yield Backend(database, url)
