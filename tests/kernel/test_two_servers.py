"""What one server process does counts in another within two seconds."""

from pathlib import Path

import httpx
import pytest
from tests.backends import Backend, free_port
from tests.faults.house import House, until

from lumiku_kernel.accounts.keys import create_key

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("backend", ["sqlite", "postgres"], indirect=True)
def test_a_key_revoked_in_one_process_is_dead_in_another(
    tmp_path: Path, backend: Backend
) -> None:
    house = House(tmp_path / "house", backend)
    try:
        first, second = free_port(), free_port()
        for port in (first, second):
            house.serve(port)
        viewer = house.room.viewer()
        with house.room.store.write() as session:
            ident, secret = create_key(session, viewer.id or "", "program")
            _, master = create_key(session, viewer.id or "", "owner")

        def ask(port: int, method: str, path: str, key: str) -> int:
            headers = {"Authorization": f"Bearer {key}"}
            url = f"http://127.0.0.1:{port}{path}"
            answer = httpx.request(
                method, url, headers=headers, timeout=60, trust_env=False
            )
            return answer.status_code

        assert ask(second, "GET", "/api/jobs", secret) == 200
        assert ask(first, "DELETE", f"/api/keys/{ident}", master) == 204

        # It is remembered for two seconds where the bell is not heard at all, so this
        # ends whether or not somebody asks meanwhile.
        until(lambda: ask(second, "GET", "/api/jobs", secret) == 401, "the key is dead")
        assert ask(second, "GET", "/api/jobs", master) == 200
    finally:
        house.leave()
