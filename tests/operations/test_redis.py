"""A Redis that lets nobody in any more is named, and nothing depends on it."""

from pathlib import Path

import redis
from tests.backends import RedisServer
from tests.kernel.command import Said
from tests.operations.installation import made

TODAY = "of-today"


def test_a_password_that_was_revoked_is_named_as_that(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    there = made(tmp_path / "home")
    address = f"127.0.0.1:{redis_server.port}/0"
    redis_server.ask("CONFIG", "SET", "requirepass", TODAY)
    try:
        there.set("REDIS_URL", f"redis://:of-yesterday@{address}")
        wrong = there.ask("preflight", "--json")
        there.set("REDIS_URL", f"redis://{address}")
        without = there.ask("preflight", "--json")
        there.set("REDIS_URL", f"redis://:{TODAY}@{address}")
        right = there.ask("preflight", "--json")
    finally:
        with redis.Redis.from_url(redis_server.url, password=TODAY) as again:
            again.config_set("requirepass", "")

    def said(answer: Said) -> list[tuple[str, str]]:
        items = answer.json["items"]
        return [(o["level"], o["cause"]) for o in items if o["check"] == "R01"]

    ((level, cause),) = said(wrong)
    assert level == "warn"
    assert "refuses the password of REDIS_URL" in cause
    assert "of-yesterday" not in wrong.out
    assert "wants a password, and REDIS_URL has none" in said(without)[0][1]
    assert said(right) == [("ok", "Redis answers.")]
    assert wrong.code == without.code == 0
