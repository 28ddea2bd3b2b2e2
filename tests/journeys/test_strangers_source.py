"""A stranger's app is short, shown in the contract's README, and needs that only."""

import pytest
from tests.journeys.machine import STRANGERS


def test_the_smallest_app_is_one_file_of_at_most_25_lines() -> None:
    source = (STRANGERS / "echo" / "acme_echo.py").read_text()

    assert len(source.splitlines()) <= 25


def test_the_readme_of_the_contract_shows_that_very_file() -> None:
    readme = STRANGERS.parent.parent / "contracts" / "README.md"
    source = (STRANGERS / "echo" / "acme_echo.py").read_text()
    entry = '[project.entry-points."lumiku.plugins"]\necho = "acme_echo"\n'

    text = readme.read_text()

    assert f"```python\n{source}```" in text
    assert f"```toml\n{entry}```" in text
    assert entry in (STRANGERS / "echo" / "pyproject.toml").read_text()


@pytest.mark.parametrize("name", ["echo", "mute"])
def test_a_stranger_depends_on_the_contract_and_on_nothing_else_of_ours(
    name: str,
) -> None:
    project = (STRANGERS / name / "pyproject.toml").read_text()

    assert 'dependencies = ["lumiku-contracts>=0.1,<1"]' in project
    assert "lumiku_kernel" not in (STRANGERS / name / f"acme_{name}.py").read_text()
