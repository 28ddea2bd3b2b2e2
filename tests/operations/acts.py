"""What may be done to an installation behind its back, rows and all."""

import json
import shutil
from collections.abc import Callable

from tests.operations.installation import Installation

APP = "pose-generator"
MODEL = "pose-generator:flux-controlnet-pro"


def by_sql(*statements: str) -> Callable[[Installation], object]:
    """Rows changed by hand."""
    return lambda there: there.sql(*statements)


def by_environment(name: str, value: str | None) -> Callable[[Installation], object]:
    """A variable that is otherwise."""
    return lambda there: there.set(name, value)


def unmounted(there: Installation) -> None:
    """The data folder is an empty one."""
    shutil.move(there.data, there.home / "data.elsewhere")
    there.data.mkdir()


def another_ones(there: Installation) -> None:
    """The data folder is of another installation."""
    (there.data / "install-id").write_text("ins_of_another_one\n")


def a_file(there: Installation) -> None:
    """The data folder is a file."""
    ident = (there.data / "install-id").read_text()
    shutil.rmtree(there.data)
    there.data.write_text(ident)


def other_code(there: Installation) -> None:
    """The worker process says it runs other code."""
    ((ident, told),) = there.sql(
        "SELECT id, attested FROM process WHERE role = 'worker'"
    )
    said = json.loads(told)
    said["code"]["kernel"] = "0123456789ab"
    there.sql(
        f"UPDATE process SET attested = '{json.dumps(said)}' WHERE id = '{ident}'"
    )


def other_folder(there: Installation) -> None:
    """The worker process says it has another data folder."""
    ((ident, told),) = there.sql(
        "SELECT id, attested FROM process WHERE role = 'worker'"
    )
    said = json.loads(told) | {"root": None, "folder": "/srv/worker"}
    there.sql(
        f"UPDATE process SET attested = '{json.dumps(said)}' WHERE id = '{ident}'"
    )


def other_key(there: Installation) -> None:
    """The worker process says it has another secret key."""
    ((ident, told),) = there.sql(
        "SELECT id, attested FROM process WHERE role = 'worker'"
    )
    said = json.loads(told) | {"key": "ba9876543210"}
    there.sql(
        f"UPDATE process SET attested = '{json.dumps(said)}' WHERE id = '{ident}'"
    )


def keyless(there: Installation) -> None:
    """A worker process without the key, where one before it has had it."""
    ((ident, told, word),) = there.sql(
        "SELECT id, providers, attested FROM process WHERE role = 'worker'"
    )
    lacking = {"state": "not_configured", "settings": ["HUGGINGFACE_API_KEY"]}
    providers = json.dumps(json.loads(told) | {"huggingface": lacking})
    attested = json.dumps(json.loads(word) | {"once": ["huggingface"]})
    there.set("HUGGINGFACE_API_KEY", None)
    there.sql(
        f"UPDATE process SET providers = '{providers}', attested = '{attested}' "
        f"WHERE id = '{ident}'"
    )


def drifted(there: Installation) -> None:
    """The lock names a model that is not there."""
    text = there.lock.read_text()
    there.lock.write_text(text.replace("flux-controlnet-pro", "flux-controlnet-max"))


def an_account(there: Installation, email: str, password: str) -> None:
    """An operator whose password was written by hand."""
    there.ask("users", "create", email, "--role", "operator")
    there.sql(f"UPDATE account SET password = '{password}' WHERE email = '{email}'")


OVERRIDE = (
    "INSERT INTO model_override (key, enabled, tier) SELECT key, {enabled}, {tier} "
    f"FROM model WHERE plugin_id = '{APP}'"
)
ACCOUNT = "(SELECT id FROM account LIMIT 1)"
ARTIFACT = (
    "INSERT INTO upload (id, account_id, key, sha256, size, media_type, width, height,"
    f" created_at) VALUES ('upl_big', {ACCOUNT}, 'a/b', '', 40000000000000,"
    " 'image/png', 1, 1, (julianday('now') - 2440587.5) * 86400 - 3600)"
)
JOB = (
    "INSERT INTO job (id, account_id, plugin_id, plugin_version, worker, model,"
    " provider, slot, interactive, rank, turn, input, snapshot, price, settled,"
    " released, state,"
    " funding, attempt, attempts, rescues, epoch, not_before, deadline_at, items_total,"
    " items_ok, items_failed, next_seq, progress, note, request_id, created_at)"
    f" VALUES ('job_old', {ACCOUNT}, '{APP}', '0.1.0', 'generate', '{MODEL}',"
    " 'huggingface', 'io', 0, 0, 0, '{}', '{}', 0, 0, 0, 'queued', 1, 0, 3, 0, 0, 0,"
    " 9999999999, 0, 0, 0, 1, 0, '', '',"
    " (julianday('now') - 2440587.5) * 86400 - 3600)"
)
PICTURE = (
    "INSERT INTO artifact (id, account_id, job_id, item, position, epoch, kind, key,"
    f" sha256, size, media_type, meta, created_at) VALUES ('art_lost', {ACCOUNT},"
    " 'job_none', 0, 0, 0, 'image', 'no/where', '', 1, 'image/png', '{}', 1)"
)
CIRCUIT = (
    "INSERT INTO circuit (name, state, calls, failed, timeouts, window_at, open_until,"
    f" detail, at) VALUES ('{MODEL}', 'open', 9, 9, 0, 0, 9999999999,"
    " 'The provider answers 401: the key was revoked.', 0)"
)
WEBHOOK = (
    "INSERT INTO webhook (id, account_id, url, events, secret, failing_since, detail,"
    f" created_at) VALUES ('whk_a', {ACCOUNT}, 'https://shop.example/hook', '[]',"
    " {secret}, {since}, '', 1)"
)
