"""A support bundle says what is wrong, and gives nobody away."""

import io
import json
import stat
import zipfile
from pathlib import Path

import pytest
from tests.operations.acts import JOB
from tests.operations.installation import Installation, made

PERSON = "ana.canary@shop.example"
SECRETS = {
    "LUMIKU_SECRET_KEY": "canary-of-the-installation",
    "HUGGINGFACE_API_KEY": "hf_canary_of_a_provider",
    "REDIS_URL": "redis://:canary-of-redis@127.0.0.1:9/0",
    "LUMIKU_OPERATOR_WEBHOOK": "https://hooks.example/canary-of-a-hook",
    "LUMIKU_ARTIFACTS_SECRET": "canary-of-a-bucket",
    "SOME_TOKEN": "canary-of-a-stranger",
    "OTHER_KEY_FILE": "{home}/key",
}
SAID = (
    f"{PERSON} came with lk_canarycanarycanary and the header Bearer canary.of.bearer; "
    "cookie lumiku_session=canarysession123; postgresql://me:canarydsn@db/x; "
    "canary-of-the-installation hf_canary_of_a_provider canary-of-a-stranger"
)
PROMPT = "a canary in a prompt"


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One with a canary in all that is put in."""
    installation = made(tmp_path_factory.mktemp("bundle") / "home")
    for name, value in SECRETS.items():
        installation.set(name, value.format(home=installation.home))
    (installation.home / "key").write_text("canary-in-a-file\n")
    installation.ask("users", "create", PERSON, "--role", "operator")
    job = JOB.replace("'queued'", "'failed'").replace("'{}', '{}'", "'{0}', '{0}'")
    installation.sql(
        job.replace("{0}", json.dumps({"prompt": PROMPT})),
        f"UPDATE job SET error_code = 'provider-failed', error_detail = '{SAID}',"
        f" note = '{PROMPT}', result = '{json.dumps({'said': PROMPT})}'",
        "UPDATE plugin SET state = 'rejected', code = 'IMPORT_ERROR',"
        f" reason = '{SAID}' WHERE id = 'acme-fan'",
        f"UPDATE process SET name = '{PERSON}', rejected = "
        f"'{json.dumps({'acme-fan': {'code': 'X', 'reason': SAID}})}'",
        f"UPDATE transition SET cause = '{SAID}'",
        "UPDATE account SET name = 'Canary of a name'",
    )
    reason = f"for {PERSON}, whose password is canarypassword"
    for act in ("disable", "enable"):
        installation.ask("plugins", act, "studio", "--reason", reason)
    (installation.home / "server.log").write_text(f"{'x' * 2**20}\n{SAID}\nthe end\n")
    return installation


@pytest.fixture(scope="module")
def parts(there: Installation) -> dict[str, str]:
    """The files of a bundle, by name."""
    said = there.ask("support-bundle", "--out", "b.zip", "--log", "server.log")
    assert said.code == 0, said.err
    file = there.home / "b.zip"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_no_canary_is_in_a_bundle(parts: dict[str, str]) -> None:
    for name, text in parts.items():
        found = text.lower().find("canary")
        assert found < 0, (name, text[max(0, found - 80) : found + 80])
    assert parts["logs/0-server.log"].endswith("the end\n")


def test_a_bundle_says_what_is_wrong(parts: dict[str, str]) -> None:
    documents = {name: text for name, text in parts.items() if "json" in name}
    told = {name.removesuffix(".json"): json.loads(t) for name, t in documents.items()}

    assert {one["check"] for one in told["doctor"]} >= {"K01", "W01", "R01"}
    assert {one["app"] for one in told["visibility"]} >= {"pose-generator"}
    assert told["settings"]["secret_key"] == "set"  # noqa: S105 (that it is)
    assert told["schema"]["kernel_head"]
    (job,) = told["failed-jobs"]
    assert (job["error_code"], job["model"]) == (
        "provider-failed",
        "pose-generator:flux-controlnet-pro",
    )
    assert {one["role"] for one in told["processes"]} == {"server", "worker"}
    assert any(one["action"].startswith("flag") for one in told["audit"])
    assert told["about"]["packages"]["lumiku-kernel"] == told["about"]["release"]


def test_a_bundle_stays_small_however_long_a_log_is(
    there: Installation, tmp_path: Path
) -> None:
    long = tmp_path / "long.log"
    long.write_text("\n".join(f"line {n} {hash(n)}" for n in range(400_000)))

    said = there.ask(
        "support-bundle", "--out", str(tmp_path / "b.zip"), "--log", str(long)
    )

    assert said.code == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert all(one.file_size <= 2**20 for one in archive.infolist())
        assert archive.read("logs/0-long.log").endswith(b"line 399999 399999")


def test_a_log_that_is_not_there_is_said_and_harms_nothing(
    there: Installation,
) -> None:
    said = there.ask("support-bundle", "--out", "c.zip", "--log", "none.log")

    assert said.code == 0
    with zipfile.ZipFile(there.home / "c.zip") as archive:
        assert archive.read("logs/0-none.log") == (
            b"It cannot be read: No such file or directory."
        )
