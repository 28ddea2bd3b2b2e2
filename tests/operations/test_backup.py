"""An installation is taken into one file, and comes back whole or not at all."""

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import insert, update
from tests.jobs.buckets import peer_in
from tests.jobs.room import TRIAL, Room, settings_in
from tests.kernel import command
from tests.operations.contents import (
    BROKEN,
    NEWER,
    altered,
    files_in,
    resealed,
    revised,
    without,
)

from lumiku_kernel.store import now
from lumiku_kernel.store.copies import copy_database
from lumiku_kernel.store.tables import metadata, processes, uploads

Lumiku = Callable[..., str]


@pytest.fixture
def lumiku(room: Room, monkeypatch: pytest.MonkeyPatch) -> Lumiku:
    """What a command says; it must succeed, or fail with a code."""
    monkeypatch.syspath_prepend(str(TRIAL))
    monkeypatch.setenv("LUMIKU_DATA_DIR", str(room.settings.data_dir))
    monkeypatch.setenv("LUMIKU_PLUGINS", "trial")
    monkeypatch.setenv("LUMIKU_PLUGINS_TRIAL", "false")
    if not room.store.is_sqlite:
        monkeypatch.setenv("DATABASE_URL", room.store.url)

    def ask(*words: str, fails: str = "") -> str:
        done = command.lumiku(*words)
        said = done.out + done.err
        assert (done.code == 0) is (not fails), said
        assert fails in said, said
        return said

    return ask


def picture(room: Room) -> None:
    """A viewer with an upload."""
    viewer = room.viewer(100)
    made = room.shelf.bench / "x"
    made.write_bytes(b"a picture")
    room.shelf.place(made, "up/upl_1.png")
    row = {
        "id": "upl_1",
        "account_id": viewer.id,
        "key": "up/upl_1.png",
        "sha256": hashlib.sha256(b"a picture").hexdigest(),
        "size": 9,
        "media_type": "image/png",
    }
    counted = {one.name: 0 for one in uploads.columns if one.name not in row}
    with room.store.write() as session:
        session.execute(insert(uploads).values(**row, **counted))


def test_what_is_there_makes_way_only_when_told_to(
    room: Room, lumiku: Lumiku, tmp_path: Path
) -> None:
    picture(room)
    backup = tmp_path / "b.tar"
    lumiku("backup", "--out", str(backup))
    before = room.rows()
    late = room.viewer()
    with room.store.write() as session:
        session.execute(insert(processes).values(**PROCESS, seen_at=now()))

    lumiku("restore", str(backup), "--force", fails="target-in-use")
    with room.store.write() as session:
        session.execute(update(processes).values(seen_at=0.0))
    lumiku("restore", str(backup), fails="target-not-empty")
    assert room.rows()["account"] == before["account"] + 1
    room.store.close()
    lumiku("restore", str(backup), "--force")

    again = Room.open(room.settings)
    assert again.rows()["account"] == before["account"]
    assert again.broken() == []
    if again.store.path is not None:
        (aside,) = again.store.path.parent.glob("backups/replaced-*.db")
        kept = sqlite3.connect(aside)
        rows = kept.execute("SELECT count(*) FROM account WHERE id = ?", (late.id,))
        assert rows.fetchone() == (1,)
        kept.close()
    again.store.close()


PROCESS = {
    "id": "prc_1",
    "role": "worker",
    "name": "box:1",
    "pid": 1,
    "started_at": 0.0,
    "plugins": {},
    "rejected": {},
    "providers": {},
    "slots": {},
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_not_whole_is_refused_before_anything_changes(
    fault: str, room: Room, lumiku: Lumiku, tmp_path: Path
) -> None:
    code, change = BROKEN[fault]
    picture(room)
    lumiku("backup", "--out", str(tmp_path / "b.tar"))
    broken = altered(tmp_path / "b.tar", tmp_path / "c.tar", change)
    before = room.rows()

    lumiku("restore", str(broken), "--force", fails=code)

    assert room.rows() == before


def test_files_that_are_missing_or_damaged_already_are_named(
    room: Room, lumiku: Lumiku, tmp_path: Path
) -> None:
    picture(room)
    (file,) = room.settings.data_dir.glob("artifacts/**/*.png")
    file.write_bytes(b"a pictura")

    said = lumiku("backup", "--out", str(tmp_path / "b.tar"), fails="damaged")
    assert "upl_1" in said
    file.unlink()
    said = lumiku("backup", "--out", str(tmp_path / "c.tar"), fails="missing")
    assert "upl_1" in said


def test_a_backup_of_an_older_schema_is_brought_up_to_this_release(
    room: Room, lumiku: Lumiku, tmp_path: Path
) -> None:
    room.viewer(100)
    lumiku("backup", "--out", str(tmp_path / "b.tar"))

    def aged(name: str, content: bytes) -> bytes:
        if name.startswith("tables/"):
            table = metadata.tables[name[7:-6]]
            return content if table.name not in NEWER else without(content, table.name)
        return revised(name, content, revision="0004")

    aged_ = altered(tmp_path / "b.tar", tmp_path / "old.tar", aged)
    resealed(aged_, tmp_path / "older.tar")

    said = lumiku(
        "restore", str(tmp_path / "older.tar"), "--into", str(tmp_path / "new")
    )

    assert "revisions applied since: 0005" in said


def test_a_bucket_of_files_is_backed_up_and_restored(
    room: Room, lumiku: Lumiku, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with peer_in(tmp_path) as peer:
        for name, value in peer.environment("one").items():
            monkeypatch.setenv(name, value)
        more = {**peer.settings("one"), "database_url": room.settings.database_url}
        inside = settings_in(room.settings.data_dir, **more)
        picture(Room(inside, room.store, room.registry))
        backup, target = tmp_path / "b.tar", tmp_path / "elsewhere"
        lumiku("backup", "--out", str(backup))

        monkeypatch.setenv("LUMIKU_ARTIFACTS_URL", peer.environment("two")[URL])
        said = lumiku("restore", str(backup), "--into", str(target))

        assert "every file is as it was made" in " ".join(said.split())
        assert len(files_in(backup)) == 1
        assert not (target / "artifacts").exists()


URL = "LUMIKU_ARTIFACTS_URL"


def test_the_secret_key_goes_along_only_when_it_is_asked_for(
    room: Room, lumiku: Lumiku, tmp_path: Path
) -> None:
    (room.settings.data_dir / "secret.key").write_text("k" * 64)
    said = lumiku("backup", "--out", str(tmp_path / "a.tar"))
    lumiku("backup", "--out", str(tmp_path / "b.tar"), "--with-secret")

    assert "the secret key is not in it" in said
    for name, there in (("a", False), ("b", True)):
        target = tmp_path / f"to-{name}"
        lumiku("restore", str(tmp_path / f"{name}.tar"), "--into", str(target))
        key = target / "secret.key"
        assert (key.exists() and key.read_text().strip() == "k" * 64) is there


def test_tables_of_a_plugin_that_is_not_here_are_asked_about(
    room: Room, lumiku: Lumiku, tmp_path: Path
) -> None:
    with room.store.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("CREATE TABLE gone__version (version_num TEXT)")
        connection.exec_driver_sql("INSERT INTO gone__version VALUES ('g1')")
        connection.exec_driver_sql("CREATE TABLE gone__row (id TEXT PRIMARY KEY)")
        connection.exec_driver_sql(
            "INSERT INTO plugin (id, dist, version, state, seen_at) "
            "VALUES ('gone', 'acme-gone', '3.1', 'missing', 0)"
        )
    lumiku("backup", "--out", str(tmp_path / "b.tar"))
    words = ("restore", str(tmp_path / "b.tar"), "--into", str(tmp_path / "to"))

    said = lumiku(*words, fails="plugin-missing")
    assert "pip install 'acme-gone==3.1', or --without gone" in said
    lumiku(*words, "--without", "gone")


def test_a_copy_made_before_a_migration_is_the_database_again(
    room: Room, lumiku: Lumiku, tmp_path: Path
) -> None:
    copy = tmp_path / "before.db"
    if room.store.path is None:
        sqlite3.connect(copy).execute("CREATE TABLE a (b)").connection.close()
        lumiku("restore", str(copy), fails="backup-of-sqlite")
        return
    copy_database(room.store.path, copy)
    room.viewer()
    room.store.close()

    said = lumiku("restore", str(copy), "--force")

    assert "is the database again" in said
    again = Room.open(room.settings)
    assert again.rows()["account"] == 0
    assert again.broken() == []
    again.store.close()


def test_nobody_elses_tables_are_touched(
    room: Room, lumiku: Lumiku, tmp_path: Path
) -> None:
    if room.store.is_sqlite:
        pytest.skip("a SQLite file is ours alone, and is kept aside")
    lumiku("backup", "--out", str(tmp_path / "b.tar"))
    room.viewer()
    with room.store.connection() as connection:
        connection.exec_driver_sql("CREATE TABLE mine (id INTEGER)")
        connection.exec_driver_sql("INSERT INTO mine VALUES (1)")

    lumiku("restore", str(tmp_path / "b.tar"), "--force")

    with room.store.read() as session:
        found = session.connection().exec_driver_sql("SELECT id FROM mine").scalar()
    assert found == 1
    assert room.rows()["account"] == 0
    assert room.broken() == []
