"""The runbook's page has an entry for each code, and its commands are ones that run."""

import re
import shlex
from pathlib import Path

import pytest
from tests.operations.acts import MODEL
from tests.operations.harms import HARMS
from tests.operations.installation import Installation, copied, made

from lumiku_kernel.doctor import FIRST, TABLE, entries, page_of

PAGE = Path(__file__).parents[2] / "docs" / "runbook.md"
NAMES = {
    "APP": "pose-generator",
    "PLUGIN": "pose-generator",
    "MODEL": MODEL,
    "EMAIL": "operator@lumiku.local",
    "PACKAGE": "acme-fan",
    "FILE": "/nowhere/lumiku.tar",
    "URL": "http://127.0.0.1:9",
}
STAYS = ("lumiku work", "lumiku serve")
"""They run until they are told to stop; that they start, other tests prove."""
REFUSES = {
    "lumiku plugins release PLUGIN --reason 'it is mended'": "not-found",
    "lumiku users approve EMAIL": "",
    "lumiku users refuse EMAIL --reason 'unknown here'": "",
    "lumiku users delete EMAIL --reason 'again'": "last-operator",
    "lumiku users create EMAIL --role operator": "email-taken",
    "lumiku restore FILE --force": "",
}
"""What rightly refuses to do anything to an installation that is whole."""
CURES = {
    "model rows are deleted": "lumiku seed",
    "one model's row is deleted": "lumiku seed",
    "the flag is off": "lumiku plugins enable APP --reason 'it is wanted'",
    "there is no operator": "lumiku users create EMAIL --role operator",
}


def sections() -> dict[str, list[str]]:
    """The commands of the page, by code, in their order."""
    parts = re.split(r"^## ([A-Z]\d\d) · ", PAGE.read_text(), flags=re.MULTILINE)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {
        code: re.findall(r"^\$ (.+)$", text, flags=re.MULTILINE) for code, text in pairs
    }


def words(command: str) -> list[str]:
    """A command's words, with names for those in capitals."""
    for name, value in NAMES.items():
        command = re.sub(rf"\b{name}\b", value, command)
    return shlex.split(command)


def test_the_page_has_an_entry_for_each_code_of_the_table() -> None:
    codes = {code for row in (*FIRST, *TABLE) for code in row.codes}

    assert set(sections()) == set(entries()) == codes
    assert {harm.code for harm in HARMS} <= codes
    for code in codes:
        anchor = page_of(code).partition("#")[2]
        assert f'<a id="{anchor}"></a>' in PAGE.read_text()


COMMANDS = sorted({one for code in sections().values() for one in code})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One with nothing wrong."""
    return made(tmp_path_factory.mktemp("whole") / "home")


def test_its_commands_run_as_they_stand(whole: Installation, tmp_path: Path) -> None:
    there = copied(whole, tmp_path / "home")
    for command in COMMANDS:
        program, *arguments = words(command)
        if program == "pip":
            assert arguments[0] == "install"
            continue
        if program == "kill":
            assert arguments == ["-TERM", "PID"]
            continue
        assert program == "lumiku"
        if command in STAYS:
            arguments.append("--help")
        said = there.ask(*arguments, stdin="correct horse battery\n")
        refused = REFUSES.get(command)
        assert said.code in {0, 1}, (command, said.err)
        assert "Traceback" not in said.err, command
        if said.code == 1 and refused is None:
            assert not said.err, (command, said.err)  # it found something wrong
        elif refused:
            assert refused in said.err, (command, said.err)


@pytest.mark.parametrize("name", CURES)
def test_what_it_says_mends_it_does(
    name: str, whole: Installation, tmp_path: Path
) -> None:
    harm = next(one for one in HARMS if one.name == name)
    cure = CURES[name]
    assert cure in sections()[harm.code]
    there = copied(whole, tmp_path / "home")
    harm.act(there)
    broken = there.ask("preflight", "--json").json["items"]
    assert harm.code in {one["check"] for one in broken if one["level"] != "ok"}

    program, *arguments = words(cure.replace("EMAIL", "new@shop.example"))
    said = there.ask(*arguments)

    assert program == "lumiku"
    assert said.code == 0, said.err
    after = there.ask("preflight", "--json").json["items"]
    wrong = [o for o in after if o["check"] == harm.code and o["level"] != "ok"]
    assert wrong == []


def test_an_entry_is_printed_in_the_terminal(tmp_path: Path) -> None:
    there = Installation(tmp_path)
    (tmp_path / "environment").write_text(f"LUMIKU_DATA_DIR={tmp_path / 'data'}\n")
    there.site.mkdir()

    said = there.ask("doctor", "--explain", "w01")
    none = there.ask("doctor", "--explain", "W99")

    assert said.code == 0
    assert said.out.startswith("W01 · Worker processes\n")
    assert "  lumiku work\n" in said.out
    assert (none.code, none.err.split(":")[0]) == (1, "no-such-check")
    assert not (tmp_path / "data").exists()
