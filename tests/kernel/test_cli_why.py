"""What the command line switches, deletes and brings back is what `why` says."""

import re
from pathlib import Path

import pytest
from tests.kernel.command import lumiku

from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store

pytestmark = pytest.mark.usefixtures("data")


def why(*arguments: str) -> tuple[int, str]:
    said = lumiku("why", *arguments)
    return said.code, said.out


def test_a_model_switched_off_takes_its_app_away_and_back() -> None:
    key = "acme-paint:plain"
    assert why("acme-paint")[0] == 0

    off = lumiku("models", "set", key, "--disable", "--reason", "too dear")
    gone = why("acme-paint")
    others = why("acme-paint", "--tier", "pro")
    on = lumiku("models", "set", key, "--enable", "--reason", "mended")

    assert (off.code, on.code) == (0, 0)
    assert gone[0] == 1
    assert "TIER_TOO_LOW" in gone[1]  # the dearer model is all that is left
    assert others[0] == 0
    assert why("acme-paint")[0] == 0


def test_a_plugin_switched_off_is_gone_and_back() -> None:
    off = lumiku("plugins", "disable", "acme-paint", "--reason", "a test")
    gone = why("acme-paint")
    on = lumiku("plugins", "enable", "acme-paint", "--reason", "a test")

    assert (off.code, on.code) == (0, 0)
    assert gone[0] == 1
    assert "FLAG_OFF" in gone[1]
    assert re.search(r"  The command line switched it at 20\S+: a test\n", gone[1])
    assert "lumiku plugins enable acme-paint" in gone[1]
    assert why("acme-paint")[0] == 0


def test_why_looks_through_an_accounts_eyes() -> None:
    lumiku("users", "create", "rich@example.com", "--tier", "pro")
    lumiku("users", "create", "poor@example.com")

    assert why("acme-dear", "--as", "rich@example.com")[0] == 0
    code, said = why("acme-dear", "--as", "poor@example.com")
    assert code == 1
    assert "acme-dear:gold needs the tier pro; yours is free" in said


def test_why_tells_of_one_model() -> None:
    code, said = why("acme-paint:fine", "--tier", "free")

    assert code == 0
    assert "acme-paint:fine is not usable: TIER_TOO_LOW" in said


def test_why_gives_the_whole_verdict_as_json() -> None:
    verdict = lumiku("why", "acme-mute", "--json").json

    assert verdict["visible"] is False
    assert [one["code"] for one in verdict["blocking"]] == ["NO_MODELS"]
    assert len(verdict["gates"]) == 15


def test_an_app_that_is_not_installed_exits_1() -> None:
    code, said = why("nothing")

    assert code == 1
    assert "NOT_INSTALLED" in said


def test_rows_deleted_by_hand_are_missed_and_brought_back(data: Path) -> None:
    """The incident: the app was installed, its rows were not, and nobody was told."""
    assert lumiku("seed", "--check").code == 0
    store = Store(Settings(data_dir=data).database)
    with store.write() as session:
        session.connection().exec_driver_sql("DELETE FROM model")
    store.close()

    missed = lumiku("seed", "--check")
    hidden = why("acme-paint")
    doctor = lumiku("doctor")
    still = lumiku("seed", "--dry-run")
    mended = lumiku("seed")

    assert missed.code == 1
    assert "would insert acme-paint:plain" in missed.out
    assert hidden[0] == 1
    assert "NO_MODELS" in hidden[1]
    assert "lumiku seed" in hidden[1]
    assert "acme-paint declares 2 models; 0 are stored" in " ".join(doctor.out.split())
    assert "would insert" in still.out
    assert (mended.code, "insert acme-paint:plain" in mended.out) == (0, True)
    assert why("acme-paint")[0] == 0
    assert lumiku("seed", "--check").code == 0


def test_an_operators_override_outlives_a_seed(data: Path) -> None:
    lumiku("models", "set", "acme-paint:plain", "--price", "9", "--reason", "dear")

    assert lumiku("seed").code == 0

    rows = lumiku("models", "list", "--json").json["items"]
    (price,) = [row["price"] for row in rows if row["key"] == "acme-paint:plain"]
    assert price == 9
    assert data.exists()


def test_migrating_again_changes_nothing() -> None:
    said = lumiku("migrate")

    assert said.code == 0
    assert "kernel revisions applied: none" in said.out
    assert "models changed: 0, seed rows changed: 0" in said.out
