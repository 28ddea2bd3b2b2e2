"""The runbook: what each code of the doctor's means, and what mends it."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lumiku_kernel.errors import Problem

PAGE = "docs/runbook.md"
_FILE = Path(__file__).parent / "runbook.toml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One code: in words, and as commands to look and to mend with."""

    code: str
    title: str
    means: str
    shows: str
    look: tuple[str, ...]
    mend: tuple[str, ...]
    how: str
    wait: str

    def markdown(self) -> str:
        """As a section of the page."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f'<a id="{self.code.lower()}"></a>\n\n## {self.code} · {self.title}\n'
        yield f"{self.means}\n\n**It shows:** {self.shows}\n\n**Look:**\n"
        yield from ("```console", *(f"$ {one}" for one in self.look), "```")
        yield "\n**Mend:**\n"
        yield from ("```console", *(f"$ {one}" for one in self.mend), "```")
        yield f"\n{self.how}\n\n**To wait costs:** {self.wait}\n"

    def words(self) -> Iterator[str]:
        """For a terminal, a line each."""
        yield f"{self.code} · {self.title}"
        yield from ("", self.means, f"It shows: {self.shows}", "", "Look:")
        yield from (f"  {one}" for one in self.look)
        yield "Mend:"
        yield from (f"  {one}" for one in self.mend)
        yield from (self.how, "", f"To wait costs: {self.wait}")


@cache
def entries() -> Mapping[str, Entry]:
    """All entries by code, in the order in which a start would fail."""
    read = tomllib.loads(_FILE.read_text())
    lists = ("look", "mend")
    return {
        code: Entry(code, **(said | {name: tuple(said[name]) for name in lists}))
        for code, said in read.items()
    }


def entry(code: str) -> Entry:
    """The entry of a code, or 404 `no-such-check`."""
    found = entries().get(code.upper())
    if found is None:
        detail = f"There is no check {code}; there are {', '.join(entries())}."
        raise Problem(404, "no-such-check", detail, fix="lumiku doctor")
    return found


def page_of(code: str) -> str:
    """Where a code's entry stands in the documentation."""
    return f"{PAGE}#{code.lower()}"
