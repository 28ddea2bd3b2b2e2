"""What is done with a plugin after a save, each in a process of its own."""

import importlib
import linecache
import re
import sys
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection

import typer

from lumiku_contracts import DeclarationError, Plugin, Tier
from lumiku_kernel.accounts import sessions, users
from lumiku_kernel.cli.project import Project
from lumiku_kernel.ledger.post import grant, holdings, open_purses
from lumiku_kernel.plugins.context import resolve
from lumiku_kernel.prepare import prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.up import say
from lumiku_kernel.web.serve import serve

AUTHOR = "author@lumiku.local"
PLENTY = 1_000_000
"""Credits the author never sees the end of."""


def take_in(project: Project, parent: Connection) -> None:
    """Import, migrate, reconcile, plant; then serve, when the parent says so.

    The parent is told a link that signs the author in. What is wrong is printed, with
    exit 1.
    """
    parent.send(_prepared(project))
    try:
        parent.recv()
    except EOFError:
        return
    serve(Settings())


def _prepared(project: Project) -> str:
    try:
        _declared(project)
    except (Exception, SystemExit) as error:
        for line in told(project, error):
            say(line)
        sys.exit(1)
    settings = Settings()
    store = Store(settings.database)
    done = prepare(settings, store)
    mine = next(one for one in done.registry.found if one.id == project.ident)
    if mine.state != "ready":
        say(f"✗ {mine.code}: {mine.reason}")
        sys.exit(1)
    if project.ident in done.failed:
        say(f"✗ its seeds failed: {done.failed[project.ident]}")
    link = f"{settings.url}/sign-in/{_author(store)}"
    store.close()
    return link


def _declared(project: Project) -> Plugin:
    module = importlib.import_module(project.value.partition(":")[0])
    plugin: Plugin = module.lumiku_plugin()
    return plugin


def _author(store: Store) -> str:
    """A token that signs the author in: an operator of every tier, never short."""
    with store.write() as session:
        known = users.find(session, AUTHOR)
        if known is None:
            ident = users.create(
                session, AUTHOR, name="Author", role="operator", tier=Tier.ENTERPRISE
            )
            open_purses(session, ident)
        else:
            ident = known["id"]
        held = holdings(session, ident)["available"]
        if held < PLENTY:
            grant(session, ident, PLENTY - held, actor="kernel", reason="lumiku dev")
        return sessions.sign_in_token(session, ident)


def look(project: Project) -> None:
    """Print why the app is, or is not, there, and what its workers cannot find."""
    from lumiku_kernel.cli.look import why

    try:
        plugin = _declared(project)
    except (Exception, SystemExit):
        return  # saved again, and broken, meanwhile; that is told already
    if plugin.kind == "app":
        try:
            why(project.ident, as_=AUTHOR, tier=None, as_json=False)
        except typer.Exit:
            say("  A model that this viewer can use makes it appear, here as anywhere.")
    else:
        say(f"{plugin.id} is ready; an extension has no card.")
    for where, dotted in _references(plugin):
        try:
            resolve(dotted)
        except (Exception, SystemExit) as error:
            say(f"✗ {where} names {dotted}, which cannot be found:")
            for line in told(project, error):
                say(line)
    sys.stdout.flush()


def _references(plugin: Plugin) -> Iterator[tuple[str, str]]:
    yield from ((f"Worker {one.name}", one.run) for one in plugin.workers)
    yield from ((f"Provider {one.name}", one.open) for one in plugin.providers)
    yield from ((f"Health {one.name}", one.check) for one in plugin.health)
    for one in plugin.resources:
        yield from ((f"Resource {one.kind}", name) for name in (one.get, one.list))


def told(project: Project, error: BaseException) -> Iterator[str]:
    """Where and what in a line, then the frames from the author's first one on."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if project.owns(frame.filename)]
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError) and error.filename:
        yield f"✗ {error.filename}:{error.lineno}: {said}"
        return
    if isinstance(error, DeclarationError) and own:
        yield f"✗ {own[-1].filename}:{_line(own[-1], error)}: {error}"
        return
    if not own:
        yield f"✗ {said}"
        return
    yield f"✗ {own[-1].filename}:{own[-1].lineno}: {said}"
    kept = frames[frames.index(own[0]) :]
    yield from (line.rstrip() for line in traceback.format_list(kept))


def _line(frame: traceback.FrameSummary, error: DeclarationError) -> int | None:
    """The line on which the field at fault is written, else that of the call."""
    name = re.match(r"has no field “(\w+)”", error.problem)
    if name is None or frame.lineno is None or frame.end_lineno is None:
        return frame.lineno
    for number in range(frame.lineno, frame.end_lineno + 1):
        if re.search(rf"\b{name[1]}\s*=", linecache.getline(frame.filename, number)):
            return number
    return frame.lineno
