"""What an operator reads who does not know the product: names, figures, commands."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.operations.harms import HARMS
from tests.operations.installation import Installation, copied, made

from lumiku_kernel.cli.settings import masked
from lumiku_kernel.doctor.files import sized
from lumiku_kernel.store.copies import copy_database
from lumiku_kernel.visibility.gates import RECORDED


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One with nothing wrong."""
    return made(tmp_path_factory.mktemp("whole") / "home")


@pytest.fixture
def there(whole: Installation, tmp_path: Path) -> Installation:
    """A copy to be broken."""
    return copied(whole, tmp_path / "home")


def harm(name: str, there: Installation) -> None:
    next(one for one in HARMS if one.name == name).act(there)


def told(there: Installation, check: str, level: str | None = None) -> dict[str, Any]:
    """The first thing wrong by this code."""
    items = there.ask("preflight", "--json").json["items"]
    bad = [one for one in items if one["check"] == check and one["level"] != "ok"]
    return next(one for one in bad if level in (None, one["level"]))


def unfolded(text: str) -> str:
    """A table's text without the breaks that its columns make."""
    return re.sub(r"\s+", "", text)


def test_a_table_prints_brackets_as_they_are(there: Installation) -> None:
    said = '{"huggingface": {"state": "failed", "reason": "install a-b[photo]"}}'
    there.sql(f"UPDATE process SET providers = '{said}' WHERE role = 'worker'")  # noqa: S608

    table = there.ask("preflight").out

    assert "P01" in table
    assert "installa-b[photo]" in unfolded(table)


def test_a_former_operator_is_named_by_the_command_that_helps(
    there: Installation,
) -> None:
    there.ask("users", "create", "aaa@shop.example")
    there.ask("users", "create", "boss@shop.example", "--role", "operator")
    there.ask("users", "set", "operator@lumiku.local", "--role", "user")
    there.ask("users", "set", "boss@shop.example", "--tier", "pro")
    there.sql("UPDATE account SET role = 'user'")

    line = told(there, "A01")
    taken = there.ask("users", "create", "boss@shop.example", "--role", "operator")

    assert line["fix"] == "lumiku users set boss@shop.example --role operator"
    assert "email-taken" in taken.err
    assert f"fix: {line['fix']}" in taken.err
    assert there.ask(*line["fix"].split()[1:]).code == 0
    assert "A01" not in {
        one["check"]
        for one in there.ask("preflight", "--json").json["items"]
        if one["level"] != "ok"
    }


def test_a_lock_names_what_vanished_and_both_ways_on(there: Installation) -> None:
    harm("the lock is otherwise", there)
    items = there.ask("preflight", "--json").json["items"]
    gone, new = sorted(
        (one for one in items if one["check"] == "V03"), key=lambda one: one["cause"]
    )

    assert gone["cause"].startswith("pose-generator:flux-controlnet-max has vanished")
    assert "pose-generator:flux-controlnet-pro is usable by" in new["cause"]
    for one in (gone, new):
        assert one["fix"].startswith("meant: lumiku visibility lock; not meant: ")
    assert "install the release of pose-generator that declares it" in gone["fix"]
    there.lock.write_text(
        re.sub(r"(lumiku-pose-generator==)[^\"]+", r"\g<1>7.0", there.lock.read_text())
    )
    assert "pip install lumiku-pose-generator==7.0" in told(there, "V03")["fix"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:hid@db:5/shop", "postgresql://me:********@db:5/shop"),
        ("redis://:hid@ring:6379/0", "redis://:********@ring:6379/0"),
        ("redis://ring:6379/0", "redis://ring:6379/0"),
        ("postgresql://db/shop?password=hid", "postgresql://db/shop?…"),
        ("redis://:hi@d@ring:1/0", "redis://:********@ring:1/0"),
    ],
)
def test_an_address_is_shown_but_for_its_password(url: str, shown: str) -> None:
    assert masked(url) == shown


def test_a_setting_says_where_its_value_comes_from(there: Installation) -> None:
    there.set("REDIS_URL", "redis://:secret@127.0.0.1:9/0")
    by_variable = there.ask("config", "--explain", "REDIS_URL").out
    there.set("REDIS_URL", None)
    (there.home / "url").write_text("redis://:secret@10.0.0.9:6379/0")
    there.set("REDIS_URL_FILE", str(there.home / "url"))
    by_file = there.ask("config", "--explain", "REDIS_URL").out
    by_default = there.ask("config", "--explain", "LUMIKU_PORT").out

    assert "redis://:********@127.0.0.1:9/0" in by_variable
    assert "from: the environment variable REDIS_URL" in by_variable
    assert f"from: the file {there.home / 'url'}" in by_file
    assert "10.0.0.9" in by_file
    assert "from: the default" in by_default
    assert "secret@" not in by_variable + by_file


def test_a_newer_database_is_not_mended_by_migrating(there: Installation) -> None:
    harm("the database is of a release to come", there)
    backups = there.database.parent / "backups"
    backups.mkdir(exist_ok=True)
    copy = backups / "before-9.1.0-20310101T000000Z.db"
    shutil.copy(there.database, copy)

    line = told(there, "D02")

    assert "newer than this program" in line["cause"]
    assert "kernel_version" not in line["cause"]
    assert line["fix"].startswith(
        "install the release that migrated it (release 9.1.0)"
    )
    assert f"lumiku restore {copy} --force" in line["fix"]
    assert "lumiku migrate" not in line["fix"]


def test_a_missing_column_is_mended_by_a_command(there: Installation) -> None:
    backups = there.database.parent / "backups"
    backups.mkdir(exist_ok=True)
    (backups / "before-9.1.0-20310101T000000Z.db").write_bytes(b"")  # nothing in it
    harm("a column is gone", there)
    without = told(there, "D03")
    copy = backups / "before-0.1.0-20200101T000000Z.db"
    copy_database(there.database, copy)

    line = told(there, "D03")

    assert line["cause"] == "The column `times` of table flag_use is missing."
    assert without["fix"].startswith("lumiku restore FILE --force (FILE is what")
    assert line["fix"].startswith(f"lumiku restore {copy} --force (")


def test_a_disk_that_is_full_today_is_an_error_in_figures_for_people(
    there: Installation,
) -> None:
    harm("the disk fills fast", there)

    line = told(there, "F04", "error")

    assert "36.4 TiB a day are kept: room for less than a day." in line["cause"]
    assert "is uploads of viewers" in line["cause"]
    assert line["fix"].startswith("lumiku retention --now; ")
    assert [sized(n) for n in (0, 1536, 40e12)] == ["0.0 B", "1.5 KiB", "36.4 TiB"]


def test_a_demanded_plugin_is_installed_or_no_longer_demanded(
    there: Installation,
) -> None:
    there.set("LUMIKU_PLUGINS_REQUIRED", "poster-editor")

    line = told(there, "K01")
    why = there.ask("why", "poster-editor").out

    assert line["fix"] == (
        "install it, or take poster-editor out of LUMIKU_PLUGINS_REQUIRED"
    )
    assert "NOT_INSTALLED" in why
    assert "add a Model" not in why


def test_a_process_of_other_code_is_ended_by_its_number(there: Installation) -> None:
    harm("the worker runs other code", there)
    ((name, pid),) = there.sql("SELECT name, pid FROM process WHERE role = 'worker'")

    line = told(there, "W01")

    assert f"The worker {name} (process {pid}, since 20" in line["cause"]
    assert line["fix"].startswith(f"on {name.split(':')[0]}: kill -TERM {pid} (")


def test_a_process_of_another_version_is_ended_by_its_number(
    there: Installation,
) -> None:
    harm("the worker is of a release long ago", there)
    ((pid,),) = there.sql("SELECT pid FROM process WHERE role = 'worker'")

    items = there.ask("preflight", "--json").json["items"]
    (line,) = (one for one in items if "9.0.0, servers" in one["cause"])

    assert f"kill -TERM {pid}" in line["fix"]


def test_a_newer_package_says_when_it_takes_effect(there: Installation) -> None:
    harm("a package is newer", there)

    line = told(there, "K07")
    listed = there.ask("plugins", "list").out

    assert "2.0 takes effect when a worker process with 2.0 starts" in line["cause"]
    assert "acme-fan: 2.0 is installed here, 1.0 is in force" in listed


def test_a_flag_that_is_off_says_who_when_and_why(there: Installation) -> None:
    there.ask("plugins", "disable", "pose-generator", "--reason", "too dear [now]")

    line = told(there, "V01")

    assert "The command line switched it at 20" in line["cause"]
    assert line["cause"].endswith(": too dear [now]")
    assert line["fix"] == (
        "lumiku plugins enable pose-generator --reason 'it is wanted'"
    )


def test_no_command_has_quotes_that_a_shell_does_not_know() -> None:
    assert [word for _, word in RECORDED.values() if "reason “" in word] == []
    kernel = Path(__file__).parents[2] / "kernel"
    texts = [*kernel.rglob("*.py"), *kernel.rglob("*.toml")]
    assert [one for one in texts if "--reason “" in one.read_text()] == []


def test_a_redis_that_is_gone_is_told_once(
    there: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    there.set("REDIS_URL", "redis://127.0.0.1:9/0")

    said = there.ask("doctor")

    assert "R01" in said.out
    assert "is gone" not in said.err + caplog.text
