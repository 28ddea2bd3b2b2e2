"""The doctor: each check has a stable id, a cause, evidence and a command."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from sqlalchemy import text, update
from tests.kernel.command import lumiku
from tests.kernel.shop import Shop, good
from tests.regressions.house import Room, opened

from lumiku_contracts import Tier
from lumiku_kernel.accounts import users
from lumiku_kernel.doctor import ESSENTIAL, FIRST, TABLE, entries, examine, ready
from lumiku_kernel.store.migrate import KERNEL_VERSIONS
from lumiku_kernel.store.tables import accounts, artifacts, plugins
from lumiku_kernel.visibility.watch import take

ASKED = {
    *("K01", "K03", "K04", "K05", "K06", "C01", "C02", "C03", "D01", "D02", "D03"),
    *("S01", "S02", "W01", "W02", "P01", "R01", "P02", "F01", "F02", "F03"),
    *("A01", "A02", "A03", "A04", "A05", "L01", "V01", "X02", "H01", "N01"),
    *("K07", "C03", "F04", "F05"),
}
BEYOND = {"V03", "X01", "E01"}
"""Asked with a lock, or by a public address."""


def levels(room: Room) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in examine(room.settings, room.store):
        found.setdefault(one.check, set()).add(one.level)
    return found


def test_every_check_of_the_catalogue_is_asked(shop: Shop, tmp_path: Path) -> None:
    dear = good("dear").replace("'dear')", "'dear', models=(Model('x', 1, tier=1),))")
    with opened(tmp_path, shop, fine=good("fine"), dear=dear) as room:
        asked = set(levels(room))

    assert asked | {"K04", "H01"} == ASKED
    rows = (*FIRST, *TABLE)
    documented = {
        ident
        for row in rows
        for ident in re.findall(r"\b[A-Z]\d\d\b", (row.ask.__doc__ or ""))
    }
    told = {code for row in rows for code in row.codes}
    assert documented == told == ASKED | BEYOND == set(entries())


def test_whatever_is_wrong_has_a_command(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop, bad="raise ValueError", fine=good("fine")) as room:
        found = examine(room.settings, room.store)

    assert [one.check for one in found if one.level != "ok" and not one.fix] == []
    assert all(one.cause.endswith((".", "?")) or one.level != "ok" for one in found)


def test_a_healthy_room_has_no_error_but_that_nobody_works(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop, fine=good("fine")) as room:
        found = levels(room)

    bad = {check for check, said in found.items() if "error" in said}
    assert bad - {"X02"} == {"W01", "A01"}  # the shop's wheels have no list of files


def test_readiness_asks_only_what_is_cheap(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop, fine=good("fine")) as room:
        told = ready(room.settings, room.store, take(room.store))

    assert {one.check for one in told} >= {"K01", "S01", "W01", "F01"}
    assert not {"A03", "D03", "L01", "X02"} & {one.check for one in told}
    assert {"F01", "D02"} <= ESSENTIAL


def test_asking_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop, fine=good("fine")) as room:
        before = dump(room)
        examine(room.settings, room.store)

        assert dump(room) == before


def dump(room: Room) -> list[str]:
    with room.store.connection() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        return list(raw.iterdump())


def test_a_password_hash_that_cannot_be_read_is_told(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop) as room:
        with room.store.write() as session:
            ident = users.create(session, "a@example.com")
            mine = update(accounts).where(accounts.c.id == ident)
            session.execute(mine.values({"password": "sha1:nothing"}))

        (told,) = room.found("A03")

    assert told.fix == "lumiku users set a@example.com --password-stdin"


def test_an_operator_with_a_worn_password_is_told(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop) as room:
        with room.store.write() as session:
            hashed = PasswordHash.recommended().hash("changeme")  # of before the rule
            users.create(session, "o@example.com", role="operator", password=hashed)

        (told,) = room.found("A03")

    assert "everybody knows" in told.cause


def test_a_quarantine_and_a_switched_off_hook_are_told(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop, one=good("one"), two=good("two")) as room:
        for ident, state, code in (
            ("one", "quarantined", "QUARANTINED"),
            ("two", "ready", "HOOK_SWITCHED_OFF"),
        ):
            mine = update(plugins).where(plugins.c.id == ident)
            with room.store.write() as session:
                session.execute(mine.values(state=state, code=code, reason="Because."))

        told = {one.evidence["plugin"]: one for one in room.found("K01")}

    assert (told["one"].level, told["two"].level) == ("error", "warn")
    assert "lumiku plugins release one" in told["one"].fix


def test_a_database_of_a_newer_release_is_told_without_a_second_question(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop) as room:
        newer = f"UPDATE {KERNEL_VERSIONS} SET version_num = 'from-2031'"  # noqa: S608
        with room.store.write() as session:
            session.execute(text(newer))

        *_, told = examine(room.settings, room.store)

    assert (told.check, told.level) == ("D02", "error")
    assert "from-2031" in told.cause


def test_an_artifact_without_its_file_is_told(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop) as room:
        with closing(room.store.engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA foreign_keys=OFF")
            columns = artifacts.columns.keys()
            values = ", ".join("1" if name != "key" else "'a/b'" for name in columns)
            names = ", ".join(columns)
            raw.cursor().execute(f"INSERT INTO artifact ({names}) VALUES ({values})")  # noqa: S608
            raw.cursor().execute("PRAGMA foreign_keys=ON")

        (told,) = room.found("F02")

    assert told.cause == "1 of the 1 newest artifacts have no file."


def test_it_can_be_asked_for_one_viewer(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dear = good("dear").replace(
        "'dear')", "'dear', models=(Model('x', price=1, tier='pro'),))"
    )
    with opened(tmp_path, shop, dear=dear) as room:
        with room.store.write() as session:
            users.create(session, "poor@example.com", tier=Tier.BASIC)
        monkeypatch.setenv("LUMIKU_DATA_DIR", str(room.settings.data_dir))
        monkeypatch.setenv("LUMIKU_PLUGINS", "dear")

        said = lumiku("doctor", "--json", "--user", "poor@example.com")

    told = [one for one in said.json["items"] if "hidden from usr_" in one["cause"]]
    assert said.code == 1
    assert [(one["check"], one["evidence"]["code"]) for one in told] == [
        ("V01", "TIER_TOO_LOW")
    ]
