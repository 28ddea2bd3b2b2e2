"""Each member's wheel holds one typed package, and each list of versions no address."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder
from tests.architecture.sources import MEMBERS, ROOT, named

LISTS = sorted(
    path
    for pattern in ("*.txt", "*.lock", "deploy/**/*.txt", "contracts/*.lock")
    for path in ROOT.glob(pattern)
)
ADDRESS = re.compile(r"://|--(extra-)?index-url|--find-links|--trusted-host|git@")


@pytest.fixture(scope="module", params=MEMBERS, ids=named)
def wheel(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> ZipFile:
    builder = WheelBuilder(str(request.param))
    folder = tmp_path_factory.mktemp("wheel")
    (made,) = builder.build(directory=str(folder), versions=["standard"])
    return ZipFile(made)


def test_a_wheel_holds_exactly_one_package(wheel: ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}

    packages = {top for top in tops if not top.endswith(".dist-info")}

    assert len(packages) == 1
    assert all(top.startswith("lumiku_") for top in packages)


def test_its_package_is_typed(wheel: ZipFile) -> None:
    (package,) = {name.split("/")[0] for name in wheel.namelist() if ".py" in name}

    assert f"{package}/py.typed" in wheel.namelist()


def test_it_holds_no_caches_and_no_tests(wheel: ZipFile) -> None:
    names = wheel.namelist()

    assert [name for name in names if "__pycache__" in name or "/test_" in name] == []


def test_it_names_no_address_to_install_from(wheel: ZipFile) -> None:
    (metadata,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
    lines = wheel.read(metadata).decode().splitlines()

    needs = [line for line in lines if line.startswith("Requires-Dist:")]

    assert [line for line in needs if "@" in line or "://" in line] == []


def test_nobody_requires_the_kernel() -> None:
    for member in MEMBERS:
        text = (member / "pyproject.toml").read_text()
        if member.name != "kernel":
            assert "lumiku-kernel" not in text, member


@pytest.mark.parametrize("path", LISTS, ids=named)
def test_no_list_of_versions_names_an_address(path: Path) -> None:
    lines = path.read_text().splitlines()

    assert [line for line in lines if ADDRESS.search(line)] == []


def test_there_are_lists_to_look_at() -> None:
    assert ROOT / "constraints.txt" in LISTS
    assert ROOT / "workspace.txt" in LISTS
