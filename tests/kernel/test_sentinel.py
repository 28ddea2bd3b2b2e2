"""The data folder and the database know each other by an id."""

from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Float, Integer, Table, insert

from lumiku_kernel.store import Store, sentinel
from lumiku_kernel.store.tables import accounts, artifacts, jobs


def row(table: Table, **given: Any) -> dict[str, Any]:
    """A row with something in every column that must have it."""
    blank = {Integer: 1, Float: 1.0, Boolean: False, JSON: {}}
    needed = {
        column.name: blank.get(type(column.type), "x")
        for column in table.columns
        if not column.nullable
    }
    return {**needed, **given}


def with_a_file(store: Store, folder: Path, key: str) -> None:
    """A database of an earlier release, whose newest file is called `key`."""
    with store.write() as session:
        session.execute(insert(accounts).values(row(accounts, id="usr_1")))
        session.execute(insert(jobs).values(row(jobs, id="job_1", account_id="usr_1")))
        mine = row(artifacts, account_id="usr_1", job_id="job_1", key=key)
        session.execute(insert(artifacts).values(mine))
    folder.mkdir()


def test_an_empty_folder_is_given_the_id_at_the_first_start(
    store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "data"

    sentinel.settle(store, folder)

    assert sentinel.written(folder) == sentinel.known(store) is not None


def test_a_release_that_knew_no_id_hands_over_the_folder_with_its_files(
    store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with_a_file(store, folder, "aa/one.png")
    (folder / "artifacts" / "aa").mkdir(parents=True)
    (folder / "artifacts" / "aa" / "one.png").write_bytes(b"x")

    sentinel.settle(store, folder)

    assert sentinel.written(folder) == sentinel.known(store)


def test_a_folder_without_the_files_is_not_adopted(
    store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with_a_file(store, folder, "aa/one.png")

    sentinel.settle(store, folder)

    assert sentinel.written(folder) is None
