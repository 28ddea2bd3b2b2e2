"""`new` and `dev`: a plugin's first files, and a kernel that follows every save."""

from pathlib import Path
from typing import Annotated

import typer

from lumiku_kernel.cli.frame import app, say


@app.command("new")
def new(
    path: Annotated[Path, typer.Argument(help="A folder that is not there yet.")],
    ident: Annotated[
        str | None,
        typer.Option("--id", help="The plugin's id; else the folder's name."),
    ] = None,
) -> None:
    """Write a plugin that works at once: package, test, README."""
    from lumiku_kernel.cli.scaffold import write

    name, written = write(path, ident)
    for file in written:
        say(str(file))
    say(f"{name} is ready; next: lumiku dev {path}")


@app.command("dev")
def dev(
    path: Annotated[
        Path, typer.Argument(help="The folder of pyproject.toml.")
    ] = Path(),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 3000,
) -> None:
    """Serve a plugin from its folder, and again after every save."""
    from lumiku_kernel.cli.project import Project
    from lumiku_kernel.cli.workbench import Workbench

    Workbench(Project.read(path)).run(host, port)
