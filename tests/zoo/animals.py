"""Plugins that do harm, each in its own way, and the code each is to be refused with.

The sources are text: some of them are no Python, and none shall be imported here.
"""

from dataclasses import dataclass, field

HEAD = """\
import os, sys, time
from pathlib import Path
from pydantic import BaseModel
from lumiku_contracts import *

if "ZOO_DIARY" in os.environ:
    Path(os.environ["ZOO_DIARY"], __name__).touch()


class Wanted(BaseModel):
    text: str = "Hello"


def run(task, item):
    return Output(task.input.text.encode(), "text/plain", kind="export")


def app(ident, **more):
    models = (Model("plain", price=1),)
    workers = (Worker("make", accepts=Wanted, run=f"{__name__}:run"),)
    given = {"id": ident, "name": ident, "models": models, "workers": workers}
    return Plugin(**{**given, **more})

"""
END = """

@hookimpl
def lumiku_plugin():
    return app(IDENT)
"""


@dataclass(frozen=True)
class Animal:
    """One distribution: what it does, and what is to be said of it."""

    ident: str
    code: str | None
    source: str
    dist: str = ""
    requires: str = "lumiku-contracts>=0.1,<1"
    files: dict[str, str] = field(default_factory=dict)
    state: str = "rejected"

    @property
    def name(self) -> str:
        """Of its distribution."""
        return self.dist or f"zoo-{self.ident}"


def _with(parts: str) -> str:
    """A hook whose declaration has these parts."""
    return f"\n@hookimpl\ndef lumiku_plugin():\n    return app(IDENT, {parts})\n"


GOOD = """
def told(call) -> dict[str, str]:
    return {"heard": "by everybody"}
""" + _with("routes=(Route('GET', '/told', told),)")

MIGRATION = """\
from alembic import op
import sqlalchemy as sa
revision, down_revision = "0001", None


def upgrade():
"""
ENVIRONMENT = "from lumiku_contracts.tables import migrate\n\nmigrate()\n"


def _tables(*lines: str) -> dict[str, str]:
    body = "".join(f"    {line}\n" for line in lines)
    return {
        "migrations/env.py": ENVIRONMENT,
        "migrations/versions/0001_first.py": MIGRATION + body,
    }


ROUTES = """
def sleep(call) -> str:
    time.sleep(3600)

def drip(call) -> Stream:
    def chunks():
        yield b"first"
        time.sleep(3600)
    return Stream(chunks(), "text/plain")
"""
EVIL = """
def cookie(call) -> File:
    return File(b"x", "text/html\\r\\nSet-Cookie: stolen=1")

def page(call) -> File:
    return File(b"<script>alert(1)</script>", "text/html", name='a"\\r\\nX-Evil: 1')

def answer(call) -> dict[str, str]:
    return {"Set-Cookie": "a=b", "Location": "https://example.org"}

def leave(call) -> None:
    raise Refused("go", "Go.", status=302)

def starlette(call) -> None:
    from starlette.responses import RedirectResponse
    return RedirectResponse("https://example.org", headers={"Set-Cookie": "a=b"})
"""
LEAK = """
KEPT = []

def leak(call) -> str:
    door = call.session()
    door.__enter__()
    KEPT.append(door)
    return "leaked"
"""
ANIMALS = (
    Animal("import-error", "IMPORT_ERROR", "import not_there_at_all"),
    Animal("syntax-error", "IMPORT_ERROR", "def (:"),
    Animal("sys-exit", "IMPORT_ERROR", "sys.exit(3)"),
    Animal("os-exit", "IMPORT_CRASH", "os._exit(0)"),
    Animal("endless-loop", "IMPORT_TIMEOUT", "while True: pass"),
    Animal("segfault", "IMPORT_CRASH", "import ctypes; ctypes.string_at(0)"),
    Animal("five-gigabytes", "IMPORT_ERROR", "x = bytearray(5 * 1024**3)"),
    Animal(
        "unsayable",
        "IMPORT_ERROR",
        "class E(Exception):\n    def __str__(self): raise ValueError\nraise E",
    ),
    Animal("no-declaration", "MANIFEST_INVALID", "x = 1"),
    Animal("invalid-declaration", "MANIFEST_INVALID", _with("colour='red'")),
    Animal("wrong-range", "CONTRACT_RANGE", END, requires="lumiku-contracts>=99"),
    Animal("health", "MANIFEST_INVALID", END),
    Animal("impostor", "MANIFEST_INVALID", END.replace("IDENT", "'good'")),
    Animal("twin", "CONFLICT", END, dist="zoo-twin"),
    Animal("twin", "CONFLICT", END, dist="copycat-twin"),
    Animal("../../etc/passwd", "MANIFEST_INVALID", END, dist="zoo-path"),
    Animal(
        "catch-all",
        "MANIFEST_INVALID",
        "def h(call, x: str) -> str: ...\n" + _with("routes=(Route('GET','/{x}',h),)"),
    ),
    Animal(
        "climber",
        "MANIFEST_INVALID",
        "def h(call) -> str: ...\n" + _with("routes=(Route('GET','/../me',h),)"),
    ),
    Animal("nowhere", "MANIFEST_INVALID", END + "\ndel run\n"),
    Animal("no-template", "MANIFEST_INVALID", _with("pages=(Page('/', 'no.html'),)")),
    Animal(
        "misspelt-hook",
        "MANIFEST_INVALID",
        END + "\n@hookimpl\ndef lumiku_setpu(): ...\n",
    ),
    Animal("monkey-patch", "MONKEY_PATCH", "import json\njson.dumps = repr\n" + END),
    Animal(
        "raising-hook",
        "SETUP_FAILED",
        END + "\n@hookimpl\ndef lumiku_setup(ctx): raise SystemExit(4)\n",
    ),
    Animal(
        "sleeping-hook",
        "SETUP_FAILED",
        END + "\n@hookimpl\ndef lumiku_setup(ctx): time.sleep(3600)\n",
    ),
    Animal(
        "not-yet",
        "SETUP_RETRY",
        END + "\n@hookimpl\ndef lumiku_setup(ctx): raise Transient('Not yet.')\n",
        state="retry",
    ),
    Animal(
        "slow-listener",
        "HOOK_SWITCHED_OFF",
        END + "\n@hookimpl\ndef lumiku_job_event(event): time.sleep(0.4)\n",
        state="ready",
    ),
    Animal(
        "bad-migration",
        "MIGRATION_FAILED",
        _with("tables='PACKAGE:migrations'"),
        files=_tables("op.execute('CREATE NONSENSE')"),
    ),
    Animal(
        "trespasser",
        "MIGRATION_FAILED",
        _with("tables='PACKAGE:migrations'"),
        files=_tables("op.drop_table('account')"),
    ),
    Animal(
        "bad-seed",
        "SEED_FAILED",
        """
from sqlmodel import Field
from lumiku_contracts.tables import base

class Row(base(), table=True):
    __tablename__ = "bad_seed__row"
    id: int = Field(primary_key=True)
    word: str
"""
        + _with(
            "tables='PACKAGE:migrations', seeds=(Seed(Row, ('id',), ({'id': 1},)),)"
        ),
        files=_tables(
            "op.create_table('bad_seed__row', sa.Column('id', sa.Integer,"
            " primary_key=True), sa.Column('word', sa.String, nullable=False))"
        ),
        state="rejected",
    ),
    Animal(
        "sleepy-route",
        None,
        ROUTES
        + _with("routes=(Route('GET','/sleep',sleep), Route('GET','/drip',drip))"),
        state="ready",
    ),
    Animal(
        "evil-answers",
        None,
        EVIL
        + _with(
            "routes=tuple(Route('GET', '/' + f.__name__, f)"
            " for f in (cookie, page, answer, leave, starlette))"
        ),
        state="ready",
    ),
    Animal(
        "session-leak",
        None,
        LEAK + _with("routes=(Route('GET','/leak',leak),)"),
        state="ready",
    ),
    Animal(
        "giant-answer",
        None,
        "def giant(call) -> File: return File(bytes(200 * 2**20), 'text/plain')\n"
        + _with("routes=(Route('GET','/giant',giant),)"),
        state="ready",
    ),
    Animal("denied", "DENIED", END, state="left-out"),
)
