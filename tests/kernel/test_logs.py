"""Logs are for people at a terminal and for programs; secrets are for neither."""

import json
import logging
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from lumiku_kernel import logs
from lumiku_kernel.settings import Settings


@pytest.fixture
def quiet() -> Iterator[None]:
    """Whatever a test has set up is as before when it is over."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = before, level
    logging.getLogger("lumiku_kernel").setLevel(logging.NOTSET)
    logs.working_on()


@pytest.fixture
def lines(quiet: None, capfd: pytest.CaptureFixture[str]) -> "Lines":
    """A process that logs JSON."""
    del quiet
    secret = SecretStr("a-known-value")
    logs.start("test", Settings(log_format="json", artifacts_secret=secret))
    return Lines(capfd)


class Lines:
    """What was logged so far."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capfd = capfd

    def read(self) -> list[dict[str, object]]:
        """Each line as JSON."""
        return [json.loads(line) for line in self._capfd.readouterr().err.splitlines()]


@pytest.mark.parametrize(
    "said",
    [
        "the value is a-known-value",
        "key lk_abcdefghijklmnop was used",
        "Authorization: Bearer abc.def.ghi-jkl",
        "Cookie: lumiku_session=s3ss10nt0ken; x=y",
        "postgresql://lumiku:s3cr3t@db.example/lumiku is gone",
        "GET /sign-in/h-wP85ib8AXX9ZiYbkSVMgUny4mwxxm",
        "GET /x?token=s3cr3ttoken&a=b",
    ],
)
def test_what_is_secret_or_looks_so_is_not_logged(lines: Lines, said: str) -> None:
    logging.getLogger("lumiku_kernel.x").warning("%s", said)
    try:
        raise ValueError(said)  # noqa: TRY301 (it is about the log)
    except ValueError:
        logging.getLogger("another.library").exception("it failed")

    (plain, failed) = lines.read()
    for secret in ("a-known-value", "abcdefgh", "abc.def", "s3", "h-wP85ib8AXX9Zi"):
        assert secret not in json.dumps([plain, failed])
    assert logs.GONE in str(plain["event"])
    assert logs.GONE in str(failed["exception"])


def test_a_word_with_a_secret_name_is_not_logged(lines: Lines) -> None:
    given = {"password": "tiny", "headers": {"Authorization": "x", "accept": "a/b"}}
    logging.getLogger("lumiku_kernel.x").info("here", extra=given)

    (line,) = lines.read()
    assert line["password"] == logs.GONE
    assert line["headers"] == {"Authorization": logs.GONE, "accept": "a/b"}


def test_lines_say_what_they_are_about(lines: Lines) -> None:
    logs.working_on(job="job_1", request_id="req_1")
    logging.getLogger("plugin.stdout").info("painting")

    (line,) = lines.read()
    assert (line["process"], line["job"]) == ("test", "job_1")
    assert (line["request_id"], line["event"]) == ("req_1", "painting")


def test_a_terminal_is_shown_lines_for_people(
    quiet: None, capfd: pytest.CaptureFixture[str]
) -> None:
    del quiet
    logs.start("test", Settings(log_format="console"))
    logging.getLogger("lumiku_kernel.x").info("a plain line")

    said = capfd.readouterr().err
    assert "a plain line" in said
    assert not said.startswith("{")


def test_passwords_in_urls_are_secrets_of_the_settings() -> None:
    settings = Settings(database_url="postgresql://me:p%40ssword@host/x")

    assert {"p%40ssword", "p@ssword"} <= set(logs.secrets_of(settings))


def test_the_level_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "warning")

    assert Settings().log_level == "WARNING"
