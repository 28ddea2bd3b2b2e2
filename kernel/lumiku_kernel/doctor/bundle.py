"""What somebody who helps has to know of an installation, and nothing of its people.

Settings, plugins, processes, verdicts, what the doctor says, failed jobs without what
was asked for, changes by operators, the end of logs. Secrets are taken out of all of
it, and addresses of people are masked.
"""

import io
import json
import os
import platform
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Table, inspect, select
from sqlmodel import Session

from lumiku_kernel import logs
from lumiku_kernel.accounts.pepper import FILE
from lumiku_kernel.clock import iso
from lumiku_kernel.doctor import examine
from lumiku_kernel.errors import Finding
from lumiku_kernel.flags.word import Local
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import audits, jobs, plugins, processes, transitions
from lumiku_kernel.visibility.lock import matrix
from lumiku_kernel.visibility.watch import take

MOST = 512 * 1024
"""Bytes of one part; of a log, the last ones."""
LATEST = 200
"""Rows of each kind, the newest."""
SOMEBODY = "somebody@…"
_ADDRESS = re.compile(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-]++(?:\.[\w-]++)+")
"""Each run of letters is looked at once: logs may have very long ones."""
_SECRET = re.compile(r"passw|secret|token|credential|key|auth", re.IGNORECASE)
JOB = (
    *("id", "plugin_id", "plugin_version", "worker", "model", "provider", "slot"),
    *("state", "attempt", "rescues", "price", "settled", "released", "items_total"),
    *("items_ok", "items_failed", "error_code", "request_id", "created_at"),
    *("started_at", "ended_at"),
)
"""Of a job: nothing of what was asked for, of what came of it, or of whose it is."""
AUDIT = ("at", "action")
TRANSITION = ("at", "app", "tier", "before", "after", "codes", "cause", "epoch")
PLUGIN = ("id", "dist", "version", "state", "code", "reason", "seen_at")
PROCESS = (
    *("id", "role", "name", "pid", "started_at", "seen_at", "looked_at", "epoch"),
    *("plugins", "providers", "slots", "rejected", "attested"),
)


def masked(text: str) -> str:
    """A text without secrets and without anybody's address."""
    return _ADDRESS.sub(SOMEBODY, logs.scrubbed(text))


def bundle(settings: Settings, store: Store, tails: Iterable[Path] = ()) -> bytes:
    """All of it as a ZIP; what cannot be read is said in its place."""
    _learn(settings)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _parts(settings, store):
            text = json.dumps(_clean(part), indent=1, ensure_ascii=False, default=str)
            archive.writestr(f"{name}.json", masked(text)[:MOST])
        for number, path in enumerate(tails):
            archive.writestr(f"logs/{number}-{path.name}", masked(_tail(path)))
    return packed.getvalue()


def _learn(settings: Settings) -> None:
    """Know each secret: of the settings, the key's file, and what variables hold."""
    told = [value for name, value in os.environ.items() if _SECRET.search(name)]
    files = (Path(v) for n, v in os.environ.items() if n.endswith("_FILE"))
    told += [file.read_text() for file in files if file.is_file()]
    place = settings.data_dir / FILE
    if place.is_file():
        told.append(place.read_text())
    lines = [line.strip() for text in told for line in text.splitlines()]
    logs.learn([*logs.secrets_of(settings), *lines])


def _clean(part: Any) -> Any:
    """The same, each text by itself: what JSON escapes would not be found later."""
    if isinstance(part, str):
        return masked(part)
    if isinstance(part, SecretStr):
        return logs.GONE
    if isinstance(part, Mapping):
        return {masked(str(name)): _clean(one) for name, one in part.items()}
    if isinstance(part, list | tuple | set | frozenset):
        return [_clean(one) for one in part]
    if part is None or isinstance(part, bool | int | float):
        return part
    return masked(str(part))


def _parts(settings: Settings, store: Store) -> Iterator[tuple[str, Any]]:
    yield "about", _about()
    yield "settings", _settings(settings)
    found = examine(settings, store)
    yield "doctor", [_line(one) for one in found]
    if not inspect(store.engine).has_table("process"):
        return  # nobody has set this database up
    yield "visibility", matrix(take(store, Local.of(settings)))
    with store.read() as session:
        yield "schema", _heads(store, session)
        yield "plugins", _rows(session, plugins, PLUGIN)
        yield "processes", _rows(session, processes, PROCESS)
        failed = jobs.c.error_code.is_not(None)
        yield "failed-jobs", _rows(session, jobs, JOB, failed, newest="created_at")
        yield "audit", _rows(session, audits, AUDIT, newest="id")
        yield "transitions", _rows(session, transitions, TRANSITION, newest="id")


def _about() -> dict[str, Any]:
    packages = {d.name: d.version for d in distributions() if d.name}
    return {
        "release": version("lumiku-kernel"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": os.cpu_count(),
        "packages": dict(sorted(packages.items())),
    }


def _settings(settings: Settings) -> dict[str, Any]:
    """Each setting; of a secret one only whether it is set."""
    told: dict[str, Any] = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        told[name] = "set" if isinstance(value, SecretStr) else value
    others = (n for n in os.environ if n.startswith("LUMIKU_"))
    return told | {"variables": sorted(others), "database": _kind(settings)}


def _kind(settings: Settings) -> str:
    return settings.database.partition(":")[0]


def _line(one: Finding) -> dict[str, Any]:
    told = {"check": one.check, "level": one.level, "cause": one.cause, "fix": one.fix}
    return told | {"evidence": one.evidence}


def _heads(store: Store, session: Session) -> dict[str, list[Any]]:
    """What each owner's table of revisions says."""
    names = inspect(store.engine).get_table_names()
    named = [n for n in names if n.endswith(("_version", "_head"))]
    heads = {}
    for name in named:
        quoted = store.engine.dialect.identifier_preparer.quote(name)
        rows = session.connection().exec_driver_sql(f"SELECT * FROM {quoted}")  # noqa: S608 (quoted)
        heads[name] = [list(row) for row in rows]
    return heads


def _rows(
    session: Session,
    table: Table,
    names: tuple[str, ...],
    which: Any = None,
    newest: str | None = None,
) -> list[dict[str, Any]]:
    statement = select(*(table.c[name] for name in names))
    if which is not None:
        statement = statement.where(which)
    if newest is not None:
        statement = statement.order_by(table.c[newest].desc())
    rows = session.execute(statement.limit(LATEST)).mappings()
    return [{n: _moment(n, value) for n, value in row.items()} for row in rows]


def _moment(name: str, value: Any) -> Any:
    timed = name == "at" or name.endswith("_at")
    return iso(value) if timed and isinstance(value, float) else value


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - MOST))
            return log.read(MOST).decode(errors="replace")
    except OSError as error:
        return f"It cannot be read: {error.strerror}."
