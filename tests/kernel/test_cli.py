"""The command line: exit codes, listings, and each command's promise."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.kernel.command import lumiku
from tests.kernel.shop import Shop
from tests.kernel.site import ACME, DEAR, MUTE, PASSWORD

from lumiku_kernel.cli import COMMANDS
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store

PLUGINS = {"acme-paint": ACME, "acme-dear": DEAR, "acme-mute": MUTE}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder brought up by `lumiku migrate`, with an operator."""
    home = tmp_path_factory.mktemp("cli")
    shop = Shop(home / "shop")
    shop.folder.mkdir()
    for ident, source in PLUGINS.items():
        shop.install(ident, source)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(shop.folder))
        patch.setenv("LUMIKU_PLUGINS", ",".join(PLUGINS))
        patch.setenv("LUMIKU_DATA_DIR", str(home / "data"))
        assert lumiku("migrate").code == 0
        made = lumiku("users", "create", "boss@example.com", "--role", "operator")
        assert made.code == 0
        yield home / "data"


@pytest.fixture(autouse=True)
def data(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it for each test."""
    folder = tmp_path / "data"
    shutil.copytree(prepared, folder)
    monkeypatch.setenv("LUMIKU_DATA_DIR", str(folder))
    return folder


def test_help_exits_0_and_names_every_group() -> None:
    said = lumiku("--help")

    assert said.code == 0
    assert len(COMMANDS) > 5
    for name in ("up", "migrate", "seed", "why", "doctor", "users", "models", "run"):
        assert name in said.out


def test_help_imports_no_plugin_and_nothing_slow() -> None:
    program = (
        "import sys\nsys.argv = ['lumiku', '--help']\n"
        "from lumiku_kernel.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print(*sys.modules)"
    )

    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    modules = set(ran.stdout.splitlines()[-1].split())
    ours = {name for name in modules if name.startswith("lumiku_")}
    roots = {name.split(".")[0] for name in ours}
    assert roots == {"lumiku_contracts", "lumiku_kernel"}
    slow = {"PIL", "alembic", "dramatiq", "numpy", "sqlalchemy", "starlette"}
    slow |= {"opentelemetry", "requests"}
    assert slow & modules == set()


@pytest.mark.parametrize(
    "wrong",
    [
        ("nonsense",),
        ("why",),
        ("why", "acme-paint", "--tier", "silver"),
        ("users", "create", "a@example.com", "--role", "king"),
        ("users", "create", "a@example.com", "--tier", "silver"),
        ("models", "set", "acme-paint:plain"),
        ("models", "set", "acme-paint:plain", "--reason", "x", "--price", "-1"),
        ("run", "acme-paint", "make", "--set", "no-equals-sign"),
        ("run", "acme-paint", "make", "--input", "not-there.json"),
        ("config", "--explain", "LUMIKU_NOTHING"),
        ("work", "--queues", "gpu"),
        ("up", "--port", "many"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2(wrong: tuple[str, ...]) -> None:
    said = lumiku(*wrong)

    assert said.code == 2
    assert "Error" in said.err


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        (("users", "set", "nobody@example.com", "--tier", "pro"), "not-found"),
        (("users", "create", "no address"), "email-invalid"),
        (("users", "create", "boss@example.com"), "email-taken"),
        (("models", "set", "no:model", "--disable", "--reason", "x"), "not-found"),
        (("plugins", "disable", "nothing", "--reason", "x"), "not-found"),
        (("plugins", "show", "nothing"), "not-found"),
        (("keys", "revoke", "key_nothing"), "not-found"),
        (("jobs", "show", "job_nothing"), "not-found"),
        (("jobs", "retry", "job_nothing"), "not-found"),
        (("credits", "grant", "no@example.com", "5", "--reason", "x"), "not-found"),
        (("why", "acme-paint", "--as", "nobody@example.com"), "not-found"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else given,
)
def test_a_refusal_exits_1_with_its_code(refused: tuple[str, ...], code: str) -> None:
    said = lumiku(*refused)

    assert said.code == 1
    assert said.err.startswith(f"{code}: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LUMIKU_PORT", "many"),
        ("LUMIKU_REGISTRATION", "perhaps"),
        ("LUMIKU_WORKER_CONCURRENCY", "0"),
    ],
)
def test_a_wrong_setting_is_named_and_exits_1(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    said = lumiku("doctor")

    assert said.code == 1
    assert said.err.startswith("settings-invalid: ")
    assert name in said.err


@pytest.mark.parametrize(
    "asked", [("plugins", "list"), ("why", "acme-paint"), ("users", "list"), ("seed",)]
)
def test_a_database_that_is_not_set_up_names_the_command(
    asked: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUMIKU_DATA_DIR", str(tmp_path / "empty"))

    said = lumiku(*asked)

    assert said.code == 1
    assert said.err.startswith("migration-pending: ")
    assert "fix: lumiku migrate" in said.err


LISTINGS = [
    ("plugins", "list"),
    ("models", "list"),
    ("users", "list"),
    ("keys", "list"),
    ("jobs", "list"),
    ("doctor",),
    ("verify",),
]


@pytest.mark.parametrize("listing", LISTINGS, ids=" ".join)
def test_a_listing_is_a_table_or_json(listing: tuple[str, ...]) -> None:
    told = lumiku(*listing, "--json").json

    assert told.keys() == {"items", "next_cursor"}
    assert lumiku(*listing).out.strip() or listing == ("verify",)


def test_plugins_are_listed_with_their_state_and_models() -> None:
    rows = lumiku("plugins", "list", "--json").json["items"]
    plugins = {row["id"]: row for row in rows}

    assert plugins["acme-paint"].items() >= {"state": "ready", "models": 2}.items()
    assert plugins["acme-mute"].items() >= {"state": "ready", "models": 0}.items()


def test_doctor_exits_1_and_names_the_cure() -> None:
    said = lumiku("doctor", "--json")

    errors = [one for one in said.json["items"] if one["level"] == "error"]
    assert said.code == 1
    assert any("No worker process is alive" in one["cause"] for one in errors)
    assert any("acme-mute is seen by nobody: NO_MODELS" in e["cause"] for e in errors)
    assert all(one["fix"] for one in errors)


def test_doctor_warns_of_a_variable_that_nothing_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LUMIKU_PROT", "3000")

    causes = [one["cause"] for one in lumiku("doctor", "--json").json["items"]]

    assert "Nothing reads LUMIKU_PROT. Did you mean LUMIKU_PORT?" in causes


def test_an_account_is_made_with_a_password_from_standard_input() -> None:
    said = lumiku(
        "users", "create", "a@example.com", "--password-stdin", stdin=f"{PASSWORD}\n"
    )

    assert said.code == 0
    assert said.out.strip().startswith("usr_")
    assert "sign-in" not in said.out
    (row,) = [
        row
        for row in lumiku("users", "list", "--json").json["items"]
        if row["email"] == "a@example.com"
    ]
    assert (row["tier"], row["role"], row["available"]) == ("free", "user", 100)


def test_an_account_without_a_password_is_given_a_link() -> None:
    said = lumiku("users", "create", "a@example.com", "--tier", "pro")

    ident, link = said.out.split()
    assert ident.startswith("usr_")
    assert link.startswith("http://127.0.0.1:3000/sign-in/")


def test_a_short_password_makes_no_account() -> None:
    said = lumiku(
        "users", "create", "a@example.com", "--password-stdin", stdin="short\n"
    )

    assert (said.code, said.err.split(":")[0]) == (1, "password-length")
    assert "a@example.com" not in lumiku("users", "list").out


def test_a_quiet_key_is_the_key_alone() -> None:
    said = lumiku("keys", "create", "first", "--quiet")

    (key,) = said.out.splitlines()
    assert key.startswith("lk_")
    assert said.err == ""
    (row,) = lumiku("keys", "list", "--json").json["items"]
    assert row["name"] == "first"
    assert "operator" not in row["scopes"]
    assert lumiku("keys", "revoke", row["id"]).code == 0
    assert lumiku("keys", "list", "--json").json["items"] == []


def test_credits_are_granted_with_a_reason() -> None:
    granted = lumiku("credits", "grant", "boss@example.com", "50", "--reason", "thanks")
    taken = lumiku(
        "credits", "grant", "--reason", "oops", "--", "boss@example.com", "-30"
    )

    assert (granted.code, taken.code) == (0, 0)
    assert "120 available" in taken.out
    assert lumiku("credits", "grant", "boss@example.com", "5").code == 2
    assert lumiku("verify").code == 0


def test_the_example_of_settings_names_every_one() -> None:
    said = lumiku("config", "--example")

    for name in Settings.model_fields:
        assert f"LUMIKU_{name.upper()}" in said.out
    assert all(
        line.startswith("#") for line in said.out.splitlines() if line
    )  # nothing is set by it


def test_settings_do_not_show_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hidden@db/lumiku")

    said = lumiku("config")

    assert "DATABASE_URL" in said.out
    assert "hidden" not in said.out


def test_a_setting_is_explained() -> None:
    said = lumiku("config", "--explain", "LUMIKU_PORT")

    assert said.code == 0
    assert "Port to listen on." in said.out
    assert "default: 3000" in said.out


def test_the_openapi_document_is_printed() -> None:
    document = lumiku("openapi").json

    assert "/api/apps/acme-paint/make" in document["paths"]


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
