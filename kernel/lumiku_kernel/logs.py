"""Logs of all processes: lines for people at a terminal, JSON for programs.

Whatever logs through the standard library goes through here. What is known to be
secret, and what looks like it, is taken out before a line is written.
"""

import io
import logging
import os
import re
import sys
import threading
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from pydantic import SecretStr
from pydantic_settings import BaseSettings
from structlog.typing import EventDict, Processor

from lumiku_kernel import filed
from lumiku_kernel.settings import Settings

GONE = "[redacted]"
SHORTEST = 6
"""A shorter value is no secret, and would be found everywhere."""
_KEYS = re.compile(
    r"authorization|cookie|passw|secret|token|credential|api.?key|(^|[_-])key$",
    re.IGNORECASE,
)
_SHAPES = tuple(
    (re.compile(pattern), rf"\g<1>{GONE}")
    for pattern in (
        r"\b(lk_)[\w-]{8,}",
        r"(?i)\b((?:bearer|basic) )[\w.+/=~-]{6,}",
        r"(lumiku_session=)[^;\s\"']+",
        r"(\w://[^/\s:@]*:)[^/\s@]+(?=@)",
        r"(?i)([?&](?:token|key|secret|signature|password)=)[^&\s\"']+",
        r"(/(?:files|sign-in)/)[\w.-]{16,}",
    )
)


class Secrets:
    """Values that nobody is to read."""

    def __init__(self) -> None:
        """None is known yet."""
        self._known: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._lock = threading.Lock()

    def learn(self, values: Iterable[str]) -> None:
        """Know these too."""
        with self._lock:
            new = {value for value in values if len(value) >= SHORTEST} - self._known
            if new:
                self._known |= new
                longest = sorted(self._known, key=len, reverse=True)
                self._pattern = re.compile("|".join(map(re.escape, longest)))

    def clean(self, text: str) -> str:
        """The text without the values that are known."""
        return text if self._pattern is None else self._pattern.sub(GONE, text)


SECRETS = Secrets()
_process: dict[str, Any] = {}
_work: dict[str, Any] = {}


def learn(values: Iterable[str]) -> None:
    """Have these values taken out of whatever is written."""
    SECRETS.learn(values)


filed.listen(learn)


def clean(text: str) -> str:
    """A text that leaves us, without the secrets that are known."""
    return SECRETS.clean(text)


def scrubbed(text: str) -> str:
    """A text for a log: without what is secret, and without what looks like it."""
    text = clean(text)
    for pattern, instead in _SHAPES:
        text = pattern.sub(instead, text)
    return text


def secrets_of(settings: BaseSettings) -> list[str]:
    """The values of secret settings; of a URL with a password, the password too."""
    found = []
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            text = value.get_secret_value()
            found += [text, *_passwords(text)]
    return found


def _passwords(url: str) -> list[str]:
    """The password of a URL as it is written, and as it is meant."""
    try:
        password = urlsplit(url).password or ""
    except ValueError:
        return []
    return [password, unquote(password)]


def working_on(**words: Any) -> None:
    """What every line of this process is about from now on, in all its threads."""
    _work.clear()
    _work.update(words)


def _place(_logger: Any, _name: str, event: EventDict) -> EventDict:
    return {**_process, **_work, **event}


def _redact(_logger: Any, _name: str, event: EventDict) -> EventDict:
    return {name: _redacted(name, value) for name, value in event.items()}


def _redacted(name: str, value: Any) -> Any:
    if name and isinstance(value, str | bytes) and value and _KEYS.search(name):
        return GONE
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, Mapping):
        return {key: _redacted(str(key), one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(name, one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return scrubbed(str(value))


SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _place,
)


def start(process: str, settings: Settings) -> None:
    """Log this process to standard error: ours from `level`, others' from WARNING.

    `log_format` is `console`, `json`, or `auto`: as there is somebody at a terminal.
    """
    learn(secrets_of(settings))
    form, level = settings.log_format, settings.log_level
    _process.update(process=process, pid=os.getpid())
    stream = sys.__stderr__ or sys.stderr
    pretty = form == "console" or (form == "auto" and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _redact,
                *_renderers(colours=stream.isatty(), pretty=pretty),
            ],
        )
    )
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    others = logging.DEBUG if level == "DEBUG" else logging.WARNING
    logging.basicConfig(level=others, handlers=[handler], force=True)
    logging.getLogger("lumiku_kernel").setLevel(level)
    logging.getLogger("plugin").setLevel(level)


def _renderers(*, colours: bool, pretty: bool) -> list[Processor]:
    if not pretty:
        return [structlog.processors.JSONRenderer(ensure_ascii=False)]
    plain = structlog.dev.plain_traceback
    show = structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain)
    return [_without_pid, show]


def _without_pid(_logger: Any, _name: str, event: EventDict) -> EventDict:
    event.pop("pid", None)
    return event


class Lines(io.TextIOBase):
    """Standard output of a process that logs: each line is one of the log's."""

    def __init__(self, name: str) -> None:
        """`name` of the logger."""
        super().__init__()
        self._log = logging.getLogger(name)
        self._rest = threading.local()

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, text: str) -> int:
        """Log the lines that are complete."""
        *lines, rest = (getattr(self._rest, "text", "") + text).split("\n")
        self._rest.text = rest
        for line in lines:
            if line.strip():
                self._log.info("%s", line)
        return len(text)


def take_prints() -> None:
    """Have what is printed in this process logged."""
    sys.stdout = Lines("plugin.stdout")
    sys.stderr = Lines("plugin.stderr")
