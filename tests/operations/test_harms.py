"""Whatever is broken is named, with a code, by the commands that operators have."""

from pathlib import Path

import pytest
from tests.operations import trial
from tests.operations.acts import APP
from tests.operations.harms import HARMS, Harm
from tests.operations.installation import Installation, copied, made


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One with nothing wrong; it is copied, never broken."""
    return made(tmp_path_factory.mktemp("whole") / "home")


@pytest.fixture
def there(whole: Installation, tmp_path: Path) -> Installation:
    """A copy, to be broken."""
    return copied(whole, tmp_path / "home")


def test_nothing_stands_against_an_installation_that_is_whole(
    there: Installation,
) -> None:
    said = there.ask("preflight", "--json")

    wrong = [one for one in said.json["items"] if one["level"] != "ok"]
    assert wrong == []
    assert said.code == 0
    assert said.json["ready"]
    assert said.json["lock"] == "visibility.lock"


@pytest.mark.parametrize("harm", HARMS, ids=lambda one: one.name.replace(" ", "-"))
def test_a_fault_is_named_with_its_code_and_a_command(
    harm: Harm, there: Installation
) -> None:
    harm.act(there)

    said = there.ask("preflight", "--json")

    wrong = [one for one in said.json["items"] if one["level"] != "ok"]
    named = [o for o in wrong if o["check"] == harm.code and harm.says in o["cause"]]
    assert named, wrong
    assert all(one["fix"] for one in named)
    assert said.code == any(one["level"] == "error" for one in wrong)
    if harm.why is not None:
        told = there.ask("why", APP, "--tier", "free", "--json")
        assert told.code == 1
        assert told.json["blocking"][0]["code"] == harm.why


def test_faults_have_names_of_their_own() -> None:
    assert len({harm.name for harm in HARMS}) == len(HARMS)


def test_a_practice_does_not_say_what_it_has_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["trial", "--data", str(tmp_path / "home"), "--draw", "7"]
    monkeypatch.setattr("sys.argv", words)

    assert trial.main() == 0

    harm, told = trial.drawn(7), capsys.readouterr().out
    assert harm.name not in told
    assert harm.code not in told
    said = Installation(tmp_path / "home").ask("preflight", "--json")
    assert harm.code in {o["check"] for o in said.json["items"] if o["level"] != "ok"}
