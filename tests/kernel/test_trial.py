"""What ends, hangs or eats the process that imports it is found out in a child."""

from importlib.metadata import entry_points
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.kernel.shop import HEAD, Shop, good

from lumiku_contracts.words import PLUGIN_ID
from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.plugins.discovery import discover
from lumiku_kernel.plugins.fingerprint import fingerprint
from lumiku_kernel.plugins.trial import Trial
from lumiku_kernel.store.migrate import prefix_of

DEADLY = {
    "leaves without a word": ("import os\nos._exit(0)", "IMPORT_CRASH", "status 0"),
    "is killed": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "IMPORT_CRASH",
        "signal 9",
    ),
    "has a segmentation fault": (
        "import ctypes\nctypes.string_at(0)",
        "IMPORT_CRASH",
        "signal 11",
    ),
    "never comes back": ("while True: pass", "IMPORT_TIMEOUT", "more than 1 s"),
    "sleeps": ("import time\ntime.sleep(60)", "IMPORT_TIMEOUT", "more than 1 s"),
    "eats memory": ("x = bytearray(5 * 1024**3)", "IMPORT_ERROR", "MemoryError"),
    "leaves politely": ("import sys\nsys.exit(3)", "IMPORT_ERROR", "SystemExit: 3"),
}


def tried(shop: Shop, memory: Path) -> dict[str, Loaded]:
    trial = Trial(memory, seconds=1.0)
    return {one.id: one for one in discover(points=shop.points, trial=trial)}


@pytest.mark.parametrize("habit", DEADLY)
def test_a_deadly_plugin_is_blamed_and_its_neighbours_are_ready(
    shop: Shop, tmp_path: Path, habit: str
) -> None:
    source, code, reason = DEADLY[habit]
    shop.install("aaa", good("aaa"))
    shop.install("bad", source)
    shop.install("zzz", good("zzz"))

    found = tried(shop, tmp_path / "trial.json")

    assert found["bad"].code == code
    assert reason in (found["bad"].reason or "")
    assert [found[ident].state for ident in ("aaa", "zzz")] == ["ready", "ready"]


def test_what_has_failed_is_not_tried_again_until_it_changes(
    shop: Shop, tmp_path: Path
) -> None:
    sentinel = tmp_path / "imported"
    module = shop.install(
        "bad", f"open({str(sentinel)!r}, 'a').write('x')\nimport os\nos._exit(1)"
    )
    memory = tmp_path / "trial.json"
    first, second = tried(shop, memory), tried(shop, memory)
    seen = sentinel.read_text()

    (shop.folder / f"{module}.py").write_text(HEAD + dedent(good("bad")))
    mended = tried(shop, memory)

    assert [one["bad"].code for one in (first, second)] == ["IMPORT_CRASH"] * 2
    assert seen == "x"
    assert mended["bad"].state == "ready"


def test_what_has_passed_is_imported_without_another_child(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.install("fine", good("fine"))
    memory = tmp_path / "trial.json"
    tried(shop, memory)
    monkeypatch.setattr("subprocess.Popen", None)

    again = tried(shop, memory)

    assert again["fine"].state == "ready"


def test_an_unreadable_memory_is_made_anew(shop: Shop, tmp_path: Path) -> None:
    shop.install("fine", good("fine"))
    memory = tmp_path / "trial.json"
    memory.write_text("{not json")

    found = tried(shop, memory)

    assert found["fine"].state == "ready"
    assert memory.read_text().startswith("{")


def test_our_own_plugins_survive_their_trial(tmp_path: Path) -> None:
    points = list(entry_points(group="lumiku.plugins"))
    prints = {point.name: fingerprint(point) for point in points}

    found = Trial(tmp_path / "trial.json").run(points, prints)

    assert found == {}


NAMED = """
    @hookimpl
    def lumiku_plugin() -> Plugin:
        made = Provider("acme", open={!r}, offers=())
        return declared("bad", providers=(made,), workers=(
            Worker("make", accepts=Wanted, run={!r}),))
"""


@pytest.mark.parametrize(
    ("open_", "run", "said"),
    [
        ("json:loads", "json:nowhere", "Worker make.run: “json:nowhere”"),
        ("json:nowhere", "json:loads", "Provider acme.open: “json:nowhere”"),
        ("json:loads", "json:__name__", "“json:__name__” is no function"),
    ],
)
def test_a_name_that_nothing_answers_to_is_told(
    shop: Shop, tmp_path: Path, open_: str, run: str, said: str
) -> None:
    shop.install("bad", NAMED.format(open_, run))

    found = tried(shop, tmp_path / "trial.json")["bad"]

    assert found.code == "MANIFEST_INVALID"
    assert said in (found.reason or "")


def test_what_is_installed_where_jobs_run_only_need_not_be_here(
    shop: Shop, tmp_path: Path
) -> None:
    (shop.folder / "acme_heavy.py").write_text("import no_such_library\n")
    shop.install("bad", NAMED.format("acme_heavy:open", "acme_heavy:run"))

    assert tried(shop, tmp_path / "trial.json")["bad"].state == "ready"


PATCHES = {
    "a module's function": "import json\njson.dumps = repr",
    "a class's method": "import httpx\nhttpx.Client.send = lambda *_, **__: None",
    "a builtin": "import builtins\nbuiltins.open = print",
    "the code of a function": (
        "import json\njson.loads.__code__ = (lambda s, **kw: None).__code__"
    ),
    "how sessions run": (
        "from sqlalchemy.orm import Session\nSession.execute = lambda *_, **__: None"
    ),
    "the log": "import logging\nlogging.Logger.handle = lambda *_: None",
}


@pytest.mark.parametrize("patch", PATCHES)
def test_replacing_what_everybody_uses_is_refused_and_taken_back(
    shop: Shop, tmp_path: Path, patch: str
) -> None:
    shop.install("bad", f"{PATCHES[patch]}\n{dedent(good('bad'))}")
    shop.install("zzz", good("zzz"))

    found = tried(shop, tmp_path / "trial.json")

    assert found["bad"].code == "MONKEY_PATCH"
    assert found["zzz"].state == "ready"


def test_a_thread_that_ends_the_process_later_is_not_blamed_on_the_last(
    shop: Shop, tmp_path: Path
) -> None:
    late = "import os, threading, time\nthreading.Timer(0.05, os._exit, (9,)).start()"
    late += "\ntime.sleep(0.2)\n"
    shop.install("bad", late + dedent(good("bad")))
    shop.install("zzz", good("zzz"))

    found = tried(shop, tmp_path / "trial.json")

    assert (found["bad"].code, found["zzz"].state) == ("IMPORT_CRASH", "ready")


IDS = st.from_regex(PLUGIN_ID, fullmatch=True).filter(lambda ident: len(ident) <= 40)


@given(IDS, IDS)
def test_no_plugins_tables_begin_as_anothers_do(one: str, other: str) -> None:
    assume(one != other)

    assert not f"{prefix_of(one)}row".startswith(prefix_of(other))
