"""Workers, connections, settings, files and credits (classes C, D, E, F and N).

Rows that do not apply. C: Redis and its passwords (there is none), the illegal queue
name (queues are classes of slots), a host in five variables (one URL). D: process
managers and their lists (`lumiku up` keeps one worker process for all apps), `enqueue`
that answers null (the job is a row of the same transaction as its credits). E: ports
and addresses fixed at build time (nothing is built). F: a proxy that answers files
itself (they have no public path). N: payments priced by the client (there are none),
three services for credits (there is one ledger, whose rules are in tests/ledger).
"""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from tests.kernel.shop import Shop, good
from tests.kernel.site import Site, problem
from tests.regressions.house import app, opened

from lumiku_contracts import ENTRY_POINTS, Provider
from lumiku_kernel.doctor import examine
from lumiku_kernel.jobs.presence import Presence, attest
from lumiku_kernel.store import Store, now, sentinel
from lumiku_kernel.store.tables import balances, processes
from lumiku_kernel.visibility.gates import RECORDED

NEEDY = """
    from pydantic_settings import BaseSettings

    class Keys(BaseSettings):
        token: str

    def engine(settings): ...

    @hookimpl
    def lumiku_plugin() -> Plugin:
        made = Provider("acme", open=f"{__name__}:engine", offers=(), settings=Keys)
        models = (Model("plain", provider="acme", price=1),)
        return declared("needy", providers=(made,), models=models)
"""


def test_c_nothing_connects_when_a_plugin_is_imported(shop: Shop) -> None:
    shop.install("fine", good("fine"))
    program = (
        "import socket\n"
        "def refuse(*_, **__): raise AssertionError\n"
        "socket.socket.connect = socket.create_connection = refuse\n"
        "from importlib.metadata import entry_points\n"
        f"[p.load() for p in entry_points(group={ENTRY_POINTS!r})]\n"
    )

    ran = subprocess.run([sys.executable, "-c", program], check=False)

    assert ran.returncode == 0


def test_d_a_job_is_refused_before_any_charge_when_nobody_works(site: Site) -> None:
    browser = site.browser()
    before = browser.get("/api/auth/me").json()["user"]
    with site.host.store.write() as session:
        session.execute(update(processes).values(seen_at=0))
    site.refresh()
    try:
        answer = browser.post("/api/apps/acme-paint/make", json={})
    finally:
        with site.host.store.write() as session:
            session.execute(update(processes).values(seen_at=9_999_999_999.0))
        site.refresh()

    told = problem(answer, 503, answer.json()["code"])
    assert "worker" in told["detail"].lower()
    assert browser.get("/api/auth/me").json()["user"] == before


def test_d_a_missing_worker_is_an_error_with_its_command(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop) as room:
        (told,) = room.found("W01")

        assert (told.level, told.fix) == ("error", "lumiku work")


def test_e_a_missing_key_is_named_and_hides_its_own_models_only(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop, needy=NEEDY, fine=good("fine")) as room:
        _attest(room.store, {"acme": {"state": "not_configured", "settings": ["K"]}})
        (told,) = room.found("P01")

        assert "K missing: 1 enabled models need acme" in told.cause
        assert room.verdict("needy").blocking[0].code == "PROVIDER_NOT_CONFIGURED"
        assert room.verdict("fine").visible


def test_e_a_key_never_given_is_no_error_where_other_models_work(
    shop: Shop, tmp_path: Path
) -> None:
    both = NEEDY.replace("models = (", "models = (Model('own', price=1), ")
    with opened(tmp_path, shop, needy=both) as room:
        _attest(room.store, {"acme": {"state": "not_configured", "settings": ["K"]}})
        unset = [*room.found("P01"), *room.found("K03")]
        told = {one.cause for one in examine(room.settings, room.store)}
        with room.store.write() as session:  # as if it had been there once
            session.execute(update(processes).values(attested={"once": ["acme"]}))
        lost = [*room.found("P01"), *room.found("K03")]

        assert unset == []
        assert "acme is not set up (K missing: 1 enabled models need acme)." in told
        assert [one.level for one in lost] == ["error", "error"]
        assert "It was set before." in lost[0].cause
        assert room.verdict("needy").visible


def test_e_what_a_provider_does_without_is_named_with_the_command_that_brings_it(
    shop: Shop, tmp_path: Path
) -> None:
    quick = Provider("acme", open="json:loads", offers=("x",), better_with=("fast-x",))
    registry: Any = SimpleNamespace(providers={"acme": (None, quick)})
    slow = attest(registry)
    with opened(tmp_path, shop, needy=NEEDY) as room:
        _attest(room.store, slow)
        told = next(one for one in room.found("P01") if "fast-x" in one.cause)

        assert slow == {"acme": {"state": "ready", "without": ["fast-x"]}}
        assert told.level == "warn"
        assert "pip install fast-x" in told.fix
        assert room.verdict("needy").visible


def test_e_what_was_ready_once_is_handed_on_to_the_next_worker_process(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop, needy=NEEDY) as room:
        _attest(room.store, {"acme": {"state": "ready"}})
        for _ in range(2):
            with room.store.write() as session:
                session.execute(update(processes).values(seen_at=0.0))
            done = room.done.registry
            Presence(room.store, room.settings, "worker", done, None).appear()

        with room.store.read() as session:
            rows = session.execute(select(processes)).mappings().all()
        assert [row["attested"]["once"] for row in rows] == [["acme"]]
        assert [row["providers"]["acme"]["state"] for row in rows] == ["not_configured"]


def test_f_two_machines_that_began_with_an_empty_folder_each_are_told(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop, fine=good("fine")) as room:
        here, registry = room.settings, room.done.registry
        there = here.model_copy(update={"data_dir": tmp_path / "other"})
        sentinel.settle(room.store, there.data_dir)
        assert sentinel.written(there.data_dir) == sentinel.known(room.store)

        Presence(room.store, here, "server", registry, None).appear()
        assert room.found("F05") == []
        Presence(room.store, there, "worker", registry, None).appear()
        (told,) = room.found("F05")

    assert told.level == "error"
    assert f"has another data folder: {there.data_dir}." in told.cause


def _attest(store: Store, providers: dict[str, Any]) -> None:
    row = {"id": "prc_1", "role": "worker", "name": "one", "pid": 1}
    with store.write() as session:
        values = {"plugins": {}, "providers": providers, "slots": {"cpu": 1}}
        columns = processes.c.keys()
        more: dict[str, Any] = {k: 0 for k in columns if k not in {*row, *values}}
        more |= {"started_at": now(), "seen_at": now()}
        session.execute(insert(processes).values(**row, **values, **more))


def test_e_a_misspelt_setting_is_told_with_the_right_name(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUMIKU_DATABASE_ULR", "x")
    with opened(tmp_path, shop) as room:
        causes = [one.cause for one in room.found("C01")]

        assert any("LUMIKU_DATABASE_URL" in cause for cause in causes)


@pytest.mark.parametrize(
    ("settings", "level"),
    [
        ({"public_url": "https://a.example", "secure_cookies": False}, "warn"),
        ({"public_url": "http://a.example", "secure_cookies": True}, "error"),
        ({"host": "10.0.0.1"}, "warn"),
        ({"public_url": "a.example"}, "error"),
    ],
)
def test_e_addresses_that_contradict_each_other_are_told(
    shop: Shop, tmp_path: Path, settings: dict[str, object], level: str
) -> None:
    with opened(tmp_path, shop, more=settings) as room:
        (told,) = room.found("C02")

        assert told.level == level


def test_f_a_volume_that_is_not_mounted_is_told(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop) as room:
        folder = room.settings.data_dir
        known = sentinel.known(room.store)
        (folder / sentinel.NAME).unlink()
        told = [one for one in room.found("F01") if one.level == "error"]

        assert known is not None
        assert known in told[0].fix


def test_f_a_folder_of_another_installation_is_told(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop) as room:
        (room.settings.data_dir / sentinel.NAME).write_text("ins_other\n")

        (told,) = room.found("F01")

        assert "another installation" in told.cause


def test_f_the_id_is_given_once(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop) as room:
        first = sentinel.known(room.store)
        room.again()

        assert sentinel.known(room.store) == first
        assert sentinel.written(room.settings.data_dir) == first
        assert room.found("F01") == []


def test_n_a_balance_that_is_not_the_sum_of_its_entries_is_told(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop) as room:
        with room.store.write() as session:
            session.execute(insert(balances).values(purse="user:x", amount=5))

        causes = [one.cause for one in room.found("L01")]

        assert any("C3" in cause and "user:x" in cause for cause in causes)


def test_n_a_price_left_out_is_refused_at_load(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop, gift=app("gift", models="(Model('x'),)")) as room:
        gate = room.verdict("gift").blocking[0]

        assert gate.code == "MANIFEST_INVALID"
        assert "needs a price" in gate.detail


def test_every_recorded_code_has_a_command() -> None:
    assert all(command for _, command in RECORDED.values())
