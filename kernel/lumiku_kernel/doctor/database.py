"""Is the database there, is it of this release, and is it what the code expects."""

import time
from collections.abc import Iterator
from importlib.metadata import version

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from lumiku_kernel.doctor.question import Question
from lumiku_kernel.errors import Finding, Problem
from lumiku_kernel.store import Store
from lumiku_kernel.store.copies import newest
from lumiku_kernel.store.doors import silent
from lumiku_kernel.store.migrate import (
    KERNEL,
    KERNEL_VERSIONS,
    prefix_of,
    standing,
)
from lumiku_kernel.store.tables import metadata

REFUSALS = (
    ("WRONGPASS", "refuses the password of REDIS_URL"),
    ("invalid username-password", "refuses the password of REDIS_URL"),
    ("NOAUTH", "wants a password, and REDIS_URL has none"),
    ("Authentication required", "wants a password, and REDIS_URL has none"),
    ("Connection refused", "does not listen where REDIS_URL says"),
    ("Name or service not known", "has a host in REDIS_URL that nobody knows"),
    ("Temporary failure in name", "has a host in REDIS_URL that nobody knows"),
    ("Timeout", "does not answer in time"),
)
"""What a Redis says that cannot be used, and what it means."""
SKEW = 5.0
"""Seconds between two clocks that are still said to agree."""


def reached(store: Store) -> Iterator[Finding]:
    """D01: the database answers, and its clock is ours."""
    try:
        apart = abs(store.now() - time.time())
        kind = store.kind()
    except Problem as refused:
        yield Finding("D01", "error", refused.detail, refused.fix or "")
        return
    except SQLAlchemyError as error:
        said = str(error).split("\n", maxsplit=1)[0]
        cause = f"The database cannot be reached: {said}"
        yield Finding("D01", "error", cause, "lumiku config --explain DATABASE_URL")
        return
    told = {"seconds_apart": round(apart, 3), "kind": kind}
    if apart > SKEW:
        cause = f"The database's clock and ours are {apart:.0f} s apart."
        yield Finding("D01", "warn", cause, "timedatectl set-ntp true", told)
    else:
        yield Finding("D01", "ok", f"The database answers: {kind}.", evidence=told)


def writable(asked: Question) -> Iterator[Finding]:
    """D01: we may write, and make tables, which `lumiku migrate` must."""
    try:
        with asked.store.connection() as connection:
            connection.execute(text("CREATE TABLE lumiku_trial (one integer)"))
            connection.execute(text("DROP TABLE lumiku_trial"))
            connection.rollback()
    except SQLAlchemyError as error:
        said = str(error).split("\n", maxsplit=1)[0]
        path = asked.store.path
        fix = (
            "lumiku config --explain DATABASE_URL"
            if path is None
            else f"chown -R $(id -u) {path.parent}"
        )
        yield Finding("D01", "error", f"The database takes no changes: {said}", fix)
    else:
        yield Finding("D01", "ok", "We may write to the database.")


def redis(asked: Question) -> Iterator[Finding]:
    """R01: Redis answers, where one is configured; without it all goes on, slower."""
    url = asked.settings.redis
    if url is None:
        yield Finding("R01", "ok", "No Redis is configured, and none is needed.")
        return
    if (fault := silent(url)) is None:
        yield Finding("R01", "ok", "Redis answers.")
        return
    kind = next((k for words, k in REFUSALS if words in fault), "does not answer")
    cause = f"Redis {kind}: {fault}; processes look at the database instead."
    fix = "lumiku config --explain REDIS_URL"
    yield Finding("R01", "warn", cause, fix, {"kind": kind})


def schema(store: Store) -> Iterator[Finding]:
    """D02: the kernel's revisions are applied; 503 if they are far beyond ours."""
    try:
        found = standing(store, KERNEL, KERNEL_VERSIONS)
    except Problem as newer:
        yield Finding("D02", "error", newer.detail, _newer(store))
        return
    if found.lacking:
        cause = f"The database lacks the revisions {', '.join(found.lacking[::-1])}."
        told = {"lacking": found.lacking}
        yield Finding("D02", "error", cause, "lumiku migrate", told)
    elif found.beyond is not None:
        cause = f"The database is of the next release (revision {found.beyond})."
        fix = "install the release that migrated it here too"
        yield Finding("D02", "warn", cause, fix, {"revision": found.beyond})
    else:
        yield Finding("D02", "ok", "The kernel's tables are up to date.")


def _newer(store: Store) -> str:
    """What mends a database that is newer than the program."""
    copy = newest(store)
    release = copy.name.split("-")[1] if copy is not None else None
    known = release is not None and release != version("lumiku-kernel")
    which = f" (release {release})" if known else ""
    return (
        f"install the release that migrated it{which}; only in an emergency: "
        f"{_back(store)}"
    )


def _back(store: Store) -> str:
    """The command that brings the newest copy back, and what it costs."""
    copy = newest(store)
    file = "FILE" if copy is None else str(copy)
    of = "FILE is what lumiku backup wrote; " if copy is None else ""
    return f"lumiku restore {file} --force ({of}what came after it is lost)"


def differences(asked: Question) -> Iterator[Finding]:
    """D03: each table and column of the kernel is there; none is left of nobody."""
    there = inspect(asked.store.engine)
    names, wrong = set(there.get_table_names()), 0
    for name, table in metadata.tables.items():
        columns = {c["name"] for c in there.get_columns(name)} if name in names else ()
        lacking = sorted({column.name for column in table.columns} - set(columns))
        if lacking:
            wrong += 1
            several = "columns" if len(lacking) > 1 else "column"
            quoted = ", ".join(f"`{one}`" for one in lacking)
            verb = "are" if len(lacking) > 1 else "is"
            cause = f"The table {name} is missing."
            if name in names:
                cause = f"The {several} {quoted} of table {name} {verb} missing."
            told = {"table": name, "columns": lacking}
            yield Finding("D03", "error", cause, _back(asked.store), told)
    ours = tuple(prefix_of(one) for one in asked.snapshot.configuration.plugins)
    left = sorted(n for n in names if "__" in n and not n.startswith(("_", *ours)))
    if left:
        cause = f"Tables of plugins that nobody knows are left: {', '.join(left)}."
        fix = "install their plugin again, or drop them after a copy"
        yield Finding("D03", "warn", cause, fix, {"tables": left})
    if not wrong and not left:
        yield Finding("D03", "ok", "The database is what the code expects.")
