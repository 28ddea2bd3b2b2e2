"""An installation to be broken: a home with data, a database, a package, variables.

A stranger's plugin lies in `site/`, so that a package can go; the database lies beside
the data folder, so that the folder can go without it.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any
from unittest.mock import patch

from tests.kernel.command import Said, lumiku
from tests.kernel.shop import HEAD, good

from lumiku_kernel.jobs.presence import Presence
from lumiku_kernel.plugins import load
from lumiku_kernel.plugins.fingerprint import codes
from lumiku_kernel.prepare import first_operator, prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store

STRANGER = "acme-fan"
MODULE = "acme_fan"
OWN = ("LUMIKU_", "DATABASE_", "REDIS_", "WORKER_", "OTEL_", "HUGGINGFACE_")
AGES = 9_999_999_999.0
"""Alive until the year 2286."""


@dataclass(frozen=True)
class Installation:
    """A folder with all of it; `environment` is its file of that name."""

    home: Path

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.home / "data"

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.home / "db" / "lumiku.db"

    @property
    def site(self) -> Path:
        """Where the stranger's package is installed."""
        return self.home / "site"

    @property
    def lock(self) -> Path:
        """What each tier shall be able to use."""
        return self.home / "visibility.lock"

    @property
    def environment(self) -> dict[str, str]:
        """The variables, as its file says."""
        lines = (self.home / "environment").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def set(self, name: str, value: str | None) -> None:
        """Set a variable, or take it out."""
        kept = {n: v for n, v in self.environment.items() if n != name}
        if value is not None:
            kept[name] = value
        text = "".join(f"{n}={v}\n" for n, v in kept.items())
        (self.home / "environment").write_text(text)

    def sql(self, *statements: str) -> list[Any]:
        """Change rows by hand, as nobody should; the rows of the last statement."""
        with closing(sqlite3.connect(self.database, timeout=30)) as raw, raw:
            rows: list[Any] = []
            for one in statements:
                rows = raw.execute(one).fetchall()
            return rows

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be where its commands are run."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(OWN)}
        before = Path.cwd()
        codes.cache_clear()
        with (
            patch.dict(os.environ, kept | self.environment, clear=True),
            patch("sys.path", [str(self.site), *_path()]),
        ):
            os.chdir(self.home)
            try:
                yield
            finally:
                os.chdir(before)

    def ask(self, *arguments: str, stdin: str = "") -> Said:
        """Run `lumiku` there."""
        with self.entered():
            return lumiku(*arguments, stdin=stdin)


def _path() -> list[str]:
    import sys  # noqa: PLC0415 (as it is then)

    return sys.path


def made(home: Path, *, alive: bool = True) -> Installation:
    """A new one, prepared; with `alive`, as if a server and a worker process ran."""
    there = Installation(home)
    for folder in (there.data, there.database.parent, there.site):
        folder.mkdir(parents=True)
    _install(there.site, "1.0")
    words = {
        "LUMIKU_DATA_DIR": str(there.data),
        "DATABASE_URL": f"sqlite:///{there.database}",
        "HUGGINGFACE_API_KEY": "hf_of_an_installation",
        "LUMIKU_DISK_FLOOR_MB": "1",
        "PYTHONPATH": str(there.site),
    }
    text = "".join(f"{name}={value}\n" for name, value in words.items())
    (home / "environment").write_text(text)
    with there.entered():
        settings = Settings()
        store = Store(settings.database)
        prepare(settings, store)
        first_operator(settings, store)
        if alive:
            registry = load(settings, store)
            for role in ("server", "worker"):
                Presence(store, settings, role, registry, None).appear()
        store.close()
    if alive:
        able = '{"huggingface": {"state": "ready"}, "studio": {"state": "ready"}}'
        there.sql(
            f"UPDATE process SET seen_at = {AGES}, looked_at = {AGES}",
            f"UPDATE process SET providers = '{able}' WHERE role = 'worker'",
        )
    said = there.ask("visibility", "lock", str(there.lock))
    assert said.code == 0, said.err
    return there


def _install(site: Path, version: str) -> None:
    (site / f"{MODULE}.py").write_text(HEAD + dedent(good(STRANGER)))
    about = site / f"{MODULE}-{version}.dist-info"
    about.mkdir()
    lines = ("Metadata-Version: 2.1", f"Name: {STRANGER}", f"Version: {version}")
    needs = "Requires-Dist: lumiku-contracts>=0.1,<1"
    (about / "METADATA").write_text("\n".join((*lines, needs, "")))
    (about / "entry_points.txt").write_text(
        f"[lumiku.plugins]\n{STRANGER} = {MODULE}\n"
    )
    (about / "RECORD").write_text(f"{MODULE}.py,,\n{about.name}/METADATA,,\n")


def upgraded(there: Installation) -> None:
    """Put the next version of the stranger's package there."""
    uninstalled(there)
    _install(there.site, "2.0")


def uninstalled(there: Installation) -> None:
    """Take the stranger's package away."""
    for about in there.site.glob("*.dist-info"):
        shutil.rmtree(about)


def copied(there: Installation, home: Path) -> Installation:
    """The same elsewhere; nothing of it knows where it was."""
    shutil.copytree(there.home, home)
    text = (home / "environment").read_text()
    other = Installation(home)
    (home / "environment").write_text(text.replace(str(there.home), str(home)))
    told = f"REPLACE(attested, '{there.home}', '{home}')"
    other.sql(f"UPDATE process SET attested = {told}")
    return other
