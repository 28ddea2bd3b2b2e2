"""What a check says: its figure, the line it has to pass, and whether it did."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

BEGIN, END = "<!-- studio-check: begin -->", "<!-- studio-check: end -->"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the judgement."""

    check: str
    """The acceptance check it belongs to."""
    what: str
    figure: str
    line: str = ""
    """The pass line; empty for a figure that is only told."""
    passed: bool = True
    notes: tuple[str, ...] = ()
    """Which pictures, where something is to be looked at."""

    def __str__(self) -> str:
        """A line for a terminal, and its notes below."""
        word = "     " if not self.line else ("ok   " if self.passed else "FAILED")
        text = f"{word:6} {self.check:15} {self.what}: {self.figure}"
        text += f"  ({self.line})" if self.line else ""
        return "\n".join((text, *(f"{'':24}{note}" for note in self.notes)))


def at_least(
    check: str, what: str, value: float, least: float, *notes: str, digits: int = 3
) -> Verdict:
    """Passed from `least` upwards."""
    figure = f"{value:.{digits}f}"
    return Verdict(check, what, figure, f"≥ {least:g}", bool(value >= least), notes)


def at_most(
    check: str, what: str, value: float, most: float, *notes: str, digits: int = 3
) -> Verdict:
    """Passed up to `most`."""
    figure = f"{value:.{digits}f}"
    return Verdict(check, what, figure, f"≤ {most:g}", bool(value <= most), notes)


def holds(check: str, what: str, figure: str, line: str, *wrong: str) -> Verdict:
    """Passed unless something is `wrong`, which then stands below it."""
    return Verdict(check, what, figure, line, not wrong, wrong)


def told(check: str, what: str, figure: str, *notes: str) -> Verdict:
    """A figure that nothing depends on."""
    return Verdict(check, what, figure, notes=notes)


def as_json(form: str, verdicts: Iterable[Verdict]) -> str:
    """Everything that was found, for other programs."""
    found = [asdict(one) for one in verdicts]
    whole = {"form": form, "passed": all(one["passed"] for one in found)}
    return json.dumps({**whole, "verdicts": found}, indent=2, ensure_ascii=False) + "\n"


def write(page: Path, form: str, verdicts: Sequence[Verdict]) -> None:
    """Put the table between the marks of a page."""
    text = page.read_text("utf-8")
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    rows = [
        f"| {one.check} | {one.what} | {one.figure} | {one.line} | {_word(one)} |\n"
        for one in verdicts
    ]
    table = (
        f"\n{form}.\n\n| check | judged | figure | passes | |\n"
        f"|---|---|---:|---|---|\n{''.join(rows)}"
    )
    page.write_text(f"{head}{BEGIN}{table}{END}{tail}", "utf-8")


def _word(one: Verdict) -> str:
    if not one.line:
        return ""
    return "passed" if one.passed else "**failed**"
