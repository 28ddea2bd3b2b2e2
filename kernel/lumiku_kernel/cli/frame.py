"""What all commands share: the app, its groups, and how things are printed."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Lumiku: a small kernel that hosts AI content apps as plugins.",
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit.")]


def group(name: str, help_: str) -> typer.Typer:
    """A group of commands, added to the app."""
    made = typer.Typer(no_args_is_help=True, help=help_)
    app.add_typer(made, name=name)
    return made


def say(text: str) -> None:
    """A line on standard output."""
    print(text)


def show(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool
) -> None:
    """A listing: JSON, or a table of these columns."""
    if as_json:
        print(
            json.dumps(
                {"items": list(rows), "next_cursor": None}, indent=2, default=str
            )
        )
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(column))) for column in columns))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def findings(found: Sequence[Any], *, as_json: bool) -> None:
    """The lines of `doctor` and `verify`; exit 1 if one is an error."""
    rows = [
        {"level": one.level, "check": one.check, "cause": one.cause, "fix": one.fix}
        | {"evidence": dict(one.evidence)}
        for one in found
    ]
    show(rows, ("level", "check", "cause", "fix"), as_json=as_json)
    if any(one.level == "error" for one in found):
        raise typer.Exit(1)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def fail(code: str, detail: str, fix: str | None) -> None:
    """A problem, on standard error."""
    print(f"{code}: {detail}", file=sys.stderr)
    if fix:
        print(f"  fix: {fix}", file=sys.stderr)


def log_to_stderr(process: str) -> None:
    """Log a long-lived process, as the settings say."""
    from lumiku_kernel import logs
    from lumiku_kernel.settings import Settings

    logs.start(process, Settings())
