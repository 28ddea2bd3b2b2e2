"""A stranger's distribution in three files, without pip."""

from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, distributions
from itertools import count
from pathlib import Path
from textwrap import dedent

CONTRACTS = "lumiku-contracts>=0.1,<1"
_NUMBERS = count()


@dataclass
class Shop:
    """A folder on the path where strangers' distributions lie."""

    folder: Path
    modules: list[str] = field(default_factory=list)

    def install(
        self,
        ident: str,
        source: str,
        *,
        dist: str | None = None,
        requires: str | None = CONTRACTS,
        version: str = "1.0",
    ) -> str:
        """Put a module and its metadata there; the module's name."""
        module = f"stranger_{next(_NUMBERS)}"
        (self.folder / f"{module}.py").write_text(HEAD + dedent(source))
        info = self.folder / f"{module}-{version}.dist-info"
        info.mkdir()
        lines = [f"Name: {dist or f'acme-{ident}'}", f"Version: {version}"]
        lines += [f"Requires-Dist: {requires}"] if requires else []
        (info / "METADATA").write_text("\n".join(lines) + "\n")
        entry = f"[lumiku.plugins]\n{ident} = {module}\n"
        (info / "entry_points.txt").write_text(entry)
        self.modules.append(module)
        return module

    @property
    def points(self) -> list[EntryPoint]:
        """The entry points of what lies there, and of nothing else."""
        found = distributions(path=[str(self.folder)])
        return [point for dist in found for point in dist.entry_points]


HEAD = """\
from pydantic import BaseModel
from lumiku_contracts import *


class Wanted(BaseModel):
    text: str = "Hello"


def run(task, item):
    return Output(task.input.text.encode(), "text/plain", kind="export")


def declared(ident, **more):
    models = (Model("plain", price=1),)
    workers = (Worker("make", accepts=Wanted, run=f"{__name__}:run"),)
    given = {"id": ident, "name": ident, "models": models, "workers": workers}
    return Plugin(**{**given, **more})


"""


def good(ident: str) -> str:
    """The source of a plugin with nothing wrong."""
    return f"""
    @hookimpl
    def lumiku_plugin() -> Plugin:
        return declared({ident!r})
    """
