"""Secrets lie in files, are turned over while processes run, and are told to nobody."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import select, text
from tests.backends import Cluster, RedisServer
from tests.kernel.command import lumiku
from tests.kernel.site import Site

from lumiku_contracts import Refused
from lumiku_kernel import filed, logs
from lumiku_kernel.accounts import links
from lumiku_kernel.accounts.pepper import mark, pepper, place
from lumiku_kernel.jobs import signing, webhooks
from lumiku_kernel.settings import Settings, unknown_names
from lumiku_kernel.store import Store
from lumiku_kernel.store.doors import NotifyDoor, client
from lumiku_kernel.store.tables import webhooks as table


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filed, "_known", {})
    monkeypatch.setattr(filed, "_lost", set())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a host mounts a secret."""
    return tmp_path / "secret"


def test_a_secret_is_read_from_a_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("postgresql://me:hidden@db/lumiku\n")
    monkeypatch.setenv("DATABASE_URL_FILE", str(file))

    assert Settings().database == "postgresql+psycopg://me:hidden@db/lumiku"
    assert unknown_names(()) == []


def test_a_password_of_its_own_completes_the_address(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("p@ss/word")
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", str(file))
    monkeypatch.setenv("DATABASE_URL", "postgres://me@db:5432/lumiku")

    assert Settings().database == "postgresql+psycopg://me:p%40ss%2Fword@db:5432/lumiku"


def test_a_secret_that_is_set_twice_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("one")
    monkeypatch.setenv("LUMIKU_SECRET_KEY", "two")
    monkeypatch.setenv("LUMIKU_SECRET_KEY_FILE", str(file))

    with pytest.raises(Refused) as told:
        Settings()

    assert told.value.code == "settings-invalid"
    assert "two" not in told.value.detail


def test_a_file_that_cannot_be_read_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL_FILE", str(file))

    said = lumiku("config")

    assert (said.code, said.err.split(":")[0]) == (1, "secret-file-unreadable")
    assert str(file) in said.err


def test_a_file_that_is_gone_for_a_moment_leaves_the_secret_as_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("one")
    monkeypatch.setenv("LUMIKU_SECRET_KEY_FILE", str(file))
    settings = Settings()

    file.unlink()
    assert pepper(settings) == (b"one",)
    file.write_text("two\none")

    assert pepper(settings) == (b"two", b"one")


def test_an_empty_key_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("one")
    monkeypatch.setenv("LUMIKU_SECRET_KEY_FILE", str(file))
    settings = Settings()
    file.write_text("\n")

    with pytest.raises(Refused) as told:
        pepper(settings)

    assert told.value.code == "secret-key-empty"


def test_what_a_file_says_is_taken_out_of_logs(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("newest-secret-of-all")
    monkeypatch.setenv("REDIS_PASSWORD_FILE", str(file))

    filed.redis_password()

    assert "newest" not in logs.scrubbed("it was newest-secret-of-all")


@pytest.fixture
def here(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Commands work on the site's data; its key is as it was afterwards."""
    settings = site.host.settings
    monkeypatch.setenv("LUMIKU_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("LUMIKU_PLUGINS", settings.plugins or "")
    pepper(settings)
    path = place(settings)
    assert path is not None
    before = path.read_text()
    yield settings
    path.write_text(before)


def test_a_rotated_key_leaves_links_and_webhooks_good(
    site: Site, here: Settings
) -> None:
    browser = site.browser()
    account = browser.get("/api/auth/me").json()["user"]["id"]
    link = links.Link("art_1", account, 2**33)
    old, token = pepper(here), links.sign(pepper(here), link)
    salt = signing.new_salt(old)
    secret = signing.secret_of(old, salt)
    with site.host.store.write() as session:
        ends = ("job.failed",)
        ident = webhooks.create(session, account, "https://a.example", ends, salt)
        webhooks.rotate(session, ident, signing.new_salt(old))

    said = lumiku("secrets", "rotate")

    assert said.code == 0, said.err
    fresh = pepper(here)
    assert fresh[1:] == old
    assert said.out.startswith(f"{mark(fresh[0])} signs; ")
    assert links.read(fresh, token, 0.0) == link
    assert links.read(fresh[:1], token, 0.0) is None
    assert links.read(fresh[:1], links.sign(fresh, link), 0.0) == link
    with site.host.store.write() as session:
        mine = select(table).where(table.c.id == ident)
        row = session.execute(mine).mappings().one()
        webhooks.remove(session, ident)
    assert signing.secret_of(fresh[:1], row["previous_secret"]) == secret
    assert secret not in str(dict(row))

    early, done = lumiku("secrets", "retire"), lumiku("secrets", "retire", "--links")

    assert (early.code, early.err.split(":")[0]) == (1, "secret-in-use")
    assert done.code == 0, done.err
    assert pepper(here) == fresh[:1]
    for key in (*old, *fresh):
        everything = said.out + early.err + done.out + lumiku("secrets", "list").out
        assert key.decode() not in everything


def test_a_webhook_whose_key_is_nowhere_is_told(site: Site, here: Settings) -> None:
    account = site.browser().get("/api/auth/me").json()["user"]["id"]
    with site.host.store.write() as session:
        salt = signing.new_salt((b"lost long ago",))
        ends = ("job.failed",)
        ident = webhooks.create(session, account, "https://a.example", ends, salt)

    rows = lumiku("secrets", "list", "--json").json["items"]

    (lost,) = [row for row in rows if row["does"] == "is lacking"]
    assert lost["webhooks"] == 1
    assert place(here) is not None
    with site.host.store.write() as session:
        webhooks.remove(session, ident)


@pytest.mark.usefixtures("here")
def test_a_key_of_the_environment_is_not_turned_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LUMIKU_SECRET_KEY", "from the environment")

    said = lumiku("secrets", "rotate")

    assert (said.code, said.err.split(":")[0]) == (1, "secret-in-environment")


def test_new_connections_take_the_databases_new_password(
    cluster: Cluster, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = cluster.folder / "data" / "pg_hba.conf"
    kept = door.read_text()
    door.write_text(f"host all keyed 127.0.0.1/32 scram-sha-256\n{kept}")
    cluster.ask("SELECT pg_reload_conf()")
    cluster.ask("CREATE ROLE keyed LOGIN PASSWORD 'first'")
    file.write_text("first")
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", str(file))
    url = cluster.url().replace("postgres@", "keyed@")
    monkeypatch.setenv("DATABASE_URL", url)
    store = Store(Settings().database)
    try:
        with store.read() as session:
            assert session.execute(text("SELECT current_user")).scalar_one() == "keyed"
        cluster.ask("ALTER ROLE keyed PASSWORD 'second'")
        file.write_text("second")
        store.engine.dispose()

        with store.read() as session:
            assert session.execute(text("SELECT 1")).scalar_one() == 1
        listening = NotifyDoor(store)
        listening.open()
        listening.close()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(cluster.dsn().replace("postgres@", "keyed:first@"))
    finally:
        store.close()
        door.write_text(kept)
        cluster.ask("SELECT pg_reload_conf()")
        cluster.ask("DROP ROLE keyed")


def test_new_connections_take_redis_new_password(
    redis_server: RedisServer, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("first")
    monkeypatch.setenv("REDIS_PASSWORD_FILE", str(file))
    monkeypatch.setenv("REDIS_HOST", "127.0.0.1")
    monkeypatch.setenv("REDIS_PORT", str(redis_server.port))
    redis_server.ask("CONFIG", "SET", "requirepass", "first")
    with client(Settings().redis or "") as asked:
        try:
            assert asked.ping()
            asked.config_set("requirepass", "second")
            file.write_text("second")
            asked.connection_pool.disconnect()

            assert asked.ping()
            file.write_text("wrong")
            asked.connection_pool.disconnect()
            with pytest.raises(redis.AuthenticationError):
                asked.ping()
        finally:
            file.write_text("second")
            asked.connection_pool.disconnect()
            asked.config_set("requirepass", "")


def test_plugins_refuse_values_and_never_tell_them(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("sqlserver://me:hidden@db")
    monkeypatch.setenv("DATABASE_URL_FILE", str(file))

    said = lumiku("config")

    assert said.code == 1
    assert "hidden" not in said.err + said.out
