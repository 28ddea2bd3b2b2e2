"""The command line: exit codes, listings, and each command's promise."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.kernel.command import lumiku
from tests.kernel.site import PASSWORD

from lumiku_kernel.cli import COMMANDS
from lumiku_kernel.settings import Settings

pytestmark = pytest.mark.usefixtures("data")


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
