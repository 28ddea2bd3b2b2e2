"""A key that comes while a worker process runs is taken, and not told."""

from pathlib import Path

import pytest
from sqlalchemy import select
from tests.backends import Backend
from tests.faults.house import House, until

from lumiku_kernel.store.tables import processes


@pytest.mark.slow
def test_a_worker_process_attests_a_key_that_comes_while_it_runs(
    tmp_path: Path,
) -> None:
    file = tmp_path / "key"
    house = House(
        tmp_path / "house",
        Backend(),
        LUMIKU_PLUGINS="trial,huggingface",
        HUGGINGFACE_API_KEY_FILE=str(file),
    )

    def word() -> dict[str, object]:
        mine = select(processes.c.providers).where(processes.c.role == "worker")
        with house.room.store.read() as session:
            found: dict[str, dict[str, object]] = session.execute(mine).scalar_one()
        return found["huggingface"]

    try:
        worker = house.work()
        assert word()["settings"] == ["HUGGINGFACE_API_KEY_FILE"]
        renewed = "providers are opened anew"

        file.write_text("hf_the_first_key")
        until(lambda: word()["state"] != "not_configured", "the key is attested")
        file.write_text("hf_the_second_key")
        until(lambda: house.log(worker).count(renewed) == 2, "another key is noticed")

        assert worker.poll() is None
        assert "hf_the" not in house.log(worker)
    finally:
        house.leave()
