"""The mark of a plugin's code: the same for the same files, and no other's trouble."""

import shutil
import sys
from importlib import invalidate_caches
from pathlib import Path

import pytest
from tests.kernel.shop import Shop, good
from tests.regressions.house import opened

from lumiku_kernel.doctor import examine
from lumiku_kernel.jobs.presence import Presence
from lumiku_kernel.plugins.fingerprint import UNREAD, code_of, codes


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two files, on the path."""
    folder = tmp_path / "here" / "acme_marked"
    (folder / "inner").mkdir(parents=True)
    (folder / "__init__.py").write_text("one = 1\n")
    (folder / "inner" / "two.py").write_text("two = 2\n")
    monkeypatch.syspath_prepend(str(folder.parent))
    return folder


def mark() -> str:
    return code_of({"marked": "acme_marked.inner"})["marked"]


def test_the_same_files_have_one_mark_wherever_and_whenever(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = mark()
    there = tmp_path / "there"
    shutil.copytree(package, there / package.name, copy_function=shutil.copyfile)
    shutil.rmtree(package)
    monkeypatch.syspath_prepend(str(there))

    assert mark() == here

    (there / package.name / "inner" / "two.py").write_text("two = 3\n")
    assert mark() != here


def test_a_file_that_cannot_be_read_is_told_and_stops_nobody(
    shop: Shop, tmp_path: Path
) -> None:
    """Such as the link to nowhere that an editor leaves beside a file it changes."""
    with opened(tmp_path, shop, fine=good("fine"), marked=good("marked")) as room:
        unread = {one.id: one.module for one in room.done.registry.found}["marked"]
        folder = shop.folder / unread
        folder.mkdir()
        (shop.folder / f"{unread}.py").rename(folder / "__init__.py")
        path = folder / ".#__init__.py"
        path.symlink_to(tmp_path / "nowhere")
        codes.cache_clear()
        sys.modules.pop(unread)
        invalidate_caches()

        Presence(room.store, room.settings, "worker", room.done.registry, None).appear()
        told = [one for one in examine(room.settings, room.store) if one.check == "K01"]
        codes.cache_clear()

    (found,) = [one for one in told if one.level == "warn"]
    assert found.cause.startswith("Files of marked cannot be read: ")
    assert str(path) in found.cause


def test_a_package_that_is_not_there_has_a_mark_too() -> None:
    assert not code_of({"gone": "acme_gone"})["gone"].startswith(UNREAD)
