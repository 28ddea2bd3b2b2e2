"""What each tier can use is agreed in a file, and checked before traffic comes."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from tests.kernel.command import Said, lumiku

from lumiku_contracts import Free, Model, Plugin, Provider, Tier
from lumiku_kernel.catalogue.models import reconcile
from lumiku_kernel.catalogue.overrides import override
from lumiku_kernel.errors import Problem
from lumiku_kernel.flags.change import switch
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.plugins.prepare import record
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.migrate import migrate_kernel
from lumiku_kernel.store.tables import models, processes
from lumiku_kernel.visibility.chronicle import Chronicle
from lumiku_kernel.visibility.lock import changes, dump, parse, usable
from lumiku_kernel.visibility.watch import take

WHO: dict[str, Any] = {"actor": "usr_boss", "reason": "a test"}
APP = Plugin(
    "app",
    name="App",
    models=(
        Model("plain", price=1),
        Model("fine", price=5, tier=Tier.PRO),
        Model("far", price=Free, provider="acme"),
    ),
    providers=(Provider("acme", open="json:loads", offers=("text",)),),
)
AGREED = """\
[app]
free = ["app:far", "app:plain"]
basic = ["app:plain", "app:far"]
pro = ["app:far", "app:fine", "app:plain"]
enterprise = ["app:far", "app:fine", "app:plain"]
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder from which `lumiku` is called."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LUMIKU_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def stocked(home: Path) -> Store:
    """Its database: one app, one worker process that has every key."""
    store = Store(Settings(data_dir=home / "data").database)
    migrate_kernel(store)
    record(store, [Loaded("app", "acme-app", "1.0", plugin=APP)])
    reconcile(store, [(APP, "1.0")])
    attest(store, {"state": "ready"})
    return store


def attest(store: Store, word: dict[str, Any]) -> None:
    with store.write() as session:
        session.execute(delete(processes))
        session.execute(
            insert(processes).values(
                id="prc_1",
                role="worker",
                name="box:1",
                pid=1,
                started_at=now(),
                seen_at=now(),
                plugins={"app": "1.0"},
                providers={"acme": word},
                slots={"cpu": 1, "io": 1},
            )
        )


def check(*arguments: str) -> Said:
    return lumiku("visibility", "check", "--json", *arguments)


def found(said: Said) -> list[tuple[str, str, str]]:
    return [(one["tier"], one["model"], one["fix"]) for one in said.json["items"]]


def test_what_is_written_is_what_is_found(stocked: Store, home: Path) -> None:
    written = lumiku("visibility", "lock")
    text = (home / "visibility.lock").read_text()

    assert (written.code, check().code) == (0, 0)
    assert parse(text) == usable(take(stocked))
    assert parse(AGREED)["app"]["free"] == ["app:far", "app:plain"]


def test_the_order_of_keys_means_nothing(stocked: Store, home: Path) -> None:
    del stocked
    (home / "agreed").write_text(AGREED)

    assert check("--lock", "agreed").code == 0


def test_each_difference_is_named_with_its_gate_and_its_fix(
    stocked: Store, home: Path
) -> None:
    (home / "visibility.lock").write_text(AGREED)
    override(stocked, "app:fine", enabled=False, **WHO)

    said = check()

    assert said.code == 1
    (first, second) = said.json["items"]
    assert (first["tier"], first["model"], first["gate"]) == ("pro", "app:fine", 10)
    assert "MODEL_DISABLED" in first["cause"]
    assert first["fix"].startswith("lumiku models set app:fine --enable")
    assert second["tier"] == "enterprise"


def test_a_provider_without_its_key_is_named_with_the_setting(
    stocked: Store, home: Path
) -> None:
    (home / "visibility.lock").write_text(AGREED)
    attest(stocked, {"state": "not_configured", "settings": ["ACME_KEY"]})

    said = lumiku("visibility", "check")

    assert said.code == 1
    assert said.out.count("app:far") == len(Tier)
    assert "ACME_KEY" in said.out
    assert "4 differences from visibility.lock" in said.out


def test_without_a_lock_it_is_checked_against_what_is_declared(stocked: Store) -> None:
    well = check()
    attest(stocked, {"state": "not_configured", "settings": ["ACME_KEY"]})
    dead = check()
    with stocked.write() as session:
        session.execute(delete(models).where(models.c.key == "app:plain"))
    gone = check()
    override(stocked, "app:far", enabled=False, **WHO)

    assert well.code == 0
    assert found(dead) == [
        (tier.word, "app:far", "set ACME_KEY for the worker process and restart it")
        for tier in Tier
    ]
    assert ("free", "app:plain", "lumiku seed") in found(gone)
    assert "app:far" not in {model for _, model, _ in found(check())}


def test_an_app_that_an_operator_has_switched_off_is_no_surprise_without_a_lock(
    stocked: Store, home: Path
) -> None:
    switch(stocked, enabled_key("app"), on=False, **WHO)

    assert check().code == 0
    (home / "visibility.lock").write_text(AGREED)
    said = check()
    assert said.code == 1
    assert {one["gate"] for one in said.json["items"]} == {7}


def test_more_than_was_agreed_is_a_difference_too(stocked: Store, home: Path) -> None:
    (home / "visibility.lock").write_text(AGREED)
    override(stocked, "app:fine", tier=Tier.FREE, **WHO)

    said = check()

    assert found(said) == [
        ("free", "app:fine", "lumiku visibility lock"),
        ("basic", "app:fine", "lumiku visibility lock"),
    ]
    assert {one["usable"] for one in said.json["items"]} == {True}


def test_an_app_or_a_model_that_is_gone_is_named(stocked: Store, home: Path) -> None:
    del stocked
    more = AGREED.replace('free = ["', 'free = ["app:never", "')
    (home / "visibility.lock").write_text(more + '[lost]\nfree = ["lost:a"]\n')

    said = check()

    causes = {one["model"]: one["cause"] for one in said.json["items"]}
    assert causes["app:never"].startswith("NO_SUCH_MODEL")
    assert causes["lost:a"].startswith("NOT_INSTALLED")


@pytest.mark.parametrize("text", ["[", "app = 1", '[app]\ngold = ["app:a"]\n'])
def test_a_lock_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Problem) as told:
        parse(text)

    assert told.value.code == "lock-invalid"


def test_a_lock_that_is_not_there_is_refused(stocked: Store) -> None:
    del stocked
    said = check("--lock", "nowhere")

    assert said.code == 1
    assert "no-lock" in said.err


def test_two_locks_are_compared(stocked: Store, home: Path) -> None:
    del stocked
    (home / "a").write_text(AGREED)
    (home / "b").write_text(AGREED.replace('free = ["app:far", ', "free = ["))

    same = lumiku("visibility", "diff", "a", "a", "--json")
    other = lumiku("visibility", "diff", "a", "b", "--json")

    assert (same.code, same.json["items"]) == (0, [])
    assert other.code == 1
    row = {"app": "app", "tier": "free", "model": "app:far", "change": "removed"}
    assert other.json["items"] == [row]
    assert list(changes(parse(dump(parse(AGREED))), parse(AGREED))) == []


def test_the_matrix_has_every_app_and_tier(stocked: Store) -> None:
    override(stocked, "app:plain", enabled=False, **WHO)
    override(stocked, "app:far", enabled=False, **WHO)

    rows = lumiku("visibility", "matrix", "--json").json["items"]
    table = lumiku("visibility", "matrix").out

    assert rows[0]["tiers"]["free"]["codes"] == ["TIER_TOO_LOW"]
    assert rows[0]["tiers"]["pro"]["models"] == ["app:fine"]
    assert "TIER_TOO_LOW" in table
    assert "1 models" in table


def test_the_past_is_explained_from_what_was_written(stocked: Store) -> None:
    chronicle = Chronicle(stocked)
    chronicle.note(take(stocked))
    switch(stocked, enabled_key("app"), on=False, **WHO)
    chronicle.note(take(stocked))
    switch(stocked, enabled_key("app"), on=True, **WHO)

    ask = ("why", "app", "--tier", "free")
    now_ = lumiku(*ask)
    then = lumiku(*ask, "--at", str(stocked.now()))
    as_json = lumiku(*ask, "--at", str(stocked.now()), "--json")
    before = lumiku(*ask, "--at", "1971-01-01")
    nonsense = lumiku(*ask, "--at", "yesterday")

    assert now_.code == 0
    assert then.code == 1
    assert "app was hidden for the tier free since" in then.out
    assert "because the flag app.enabled was turned off by usr_boss: a test" in then.out
    assert as_json.json["codes"] == ["FLAG_OFF"]
    assert (before.code, nonsense.code) == (1, 2)
    rows = json.loads(lumiku("visibility", "history", "--json").out)["items"]
    assert [row["after"] for row in rows].count("hidden") == len(Tier)


def test_a_row_spoilt_by_hand_spoils_no_snapshot(stocked: Store) -> None:
    with stocked.write() as session:
        mine = models.c.key == "app:plain"
        session.execute(update(models).where(mine).values(price=None, tier="gold"))
        mine = models.c.key == "app:fine"
        session.execute(update(models).where(mine).values(tier="gold"))

    listed = lumiku("models", "list", "--json").json["items"]
    codes = {one["key"]: one["code"] for one in listed}

    assert codes["app:plain"] == "PRICE_MISSING"
    assert codes["app:fine"] == "TIER_UNKNOWN"
    assert codes["app:far"] is None
