"""The figures as a plain table, and where a document keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what was measured, what came out, and in what unit or how."""

    what: str
    value: str
    note: str = ""


def middle_and_most(values: Sequence[float], digits: int = 1) -> str:
    """The median and the largest of some numbers."""
    return f"{median(values):.{digits}f} / {max(values):.{digits}f}"


def plain(figure: Figure) -> str:
    """A line for a terminal, in columns."""
    return f"{figure.what:<32} {figure.value:>14}  {figure.note}".rstrip()


def markdown(figures: Sequence[Figure]) -> str:
    """A table for a page."""
    rows = [f"| {one.what} | {one.value} | {one.note} |" for one in figures]
    return "\n".join(["| measured | figure | |", "|---|---:|---|", *rows])


def write(path: Path, figures: Sequence[Figure]) -> None:
    """Put the table between the page's two marks, or at its end."""
    text = path.read_text() if path.exists() else "# Performance\n"
    before, found, rest = text.partition(BEGIN)
    after = rest.partition(END)[2] if found else "\n"
    table = f"{BEGIN}\n{markdown(figures)}\n{END}"
    path.write_text(f"{before.rstrip()}\n\n{table}{after}")
