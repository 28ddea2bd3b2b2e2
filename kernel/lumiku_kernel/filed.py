"""Secrets that lie in files: NAME_FILE says where, as container hosts mount them.

A file is read again whenever its secret is used, so that a new secret counts without a
restart. A file that cannot be read any more leaves the secret that was known before.
"""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args
from urllib.parse import unquote, urlsplit

from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from lumiku_contracts import Refused

SUFFIX: Final = "_FILE"
DATABASE = ("LUMIKU_DATABASE_PASSWORD", "DATABASE_PASSWORD")
DATABASE_URL = ("LUMIKU_DATABASE_URL", "DATABASE_URL")
REDIS = ("LUMIKU_REDIS_PASSWORD", "REDIS_PASSWORD")
REDIS_URL = ("LUMIKU_REDIS_URL", "REDIS_URL")
log = logging.getLogger(__name__)
_listening: list[Callable[[list[str]], None]] = []
_known: dict[Path, str] = {}
_lost: set[Path] = set()


def variables(name: str, field: FieldInfo, prefix: str) -> tuple[str, ...]:
    """The variables by which a field is set, the first one first."""
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return tuple(str(one) for one in alias.choices)
    return (alias,) if isinstance(alias, str) else (f"{prefix}{name}".upper(),)


def is_secret(field: FieldInfo) -> bool:
    """Whether a field holds a secret."""
    kind = field.annotation
    return kind is SecretStr or SecretStr in get_args(kind)


def place(names: tuple[str, ...]) -> Path | None:
    """The file that holds a secret, if one of its variables names one."""
    for name in names:
        said = os.environ.get(name + SUFFIX)
        if said:
            return Path(said)
    return None


def now(names: tuple[str, ...]) -> str | None:
    """What the secret's file says at this moment; None if it lies in no file."""
    path = place(names)
    if path is None:
        return None
    try:
        text = path.read_text().strip()
    except OSError as error:
        if path not in _lost:
            _lost.add(path)
            log.warning("%s cannot be read any more: %s", path, error.strerror)
        return _known.get(path)
    _lost.discard(path)
    if _known.get(path) != text:
        _known[path] = text
        for told in _listening:
            told([text, *filter(None, (_password(text),))])
    return text


def listen(told: Callable[[list[str]], None]) -> None:
    """Call `told` with each secret that is read from a file and was not known."""
    _listening.append(told)


def given(
    settings: type[BaseSettings], prefix: str, *, strict: bool = True
) -> dict[str, str]:
    """What files say of a class's secrets, by the name each is given under.

    `settings-invalid` for a secret that is set twice; `secret-file-unreadable`, or
    without `strict` nothing of that secret.
    """
    found = {}
    for name, field in settings.model_fields.items():
        names = variables(name, field, prefix)
        path = place(names) if is_secret(field) else None
        if path is None:
            continue
        twice = next((one for one in names if os.environ.get(one)), None)
        if twice is not None:
            detail = f"{twice} is set, and {twice}{SUFFIX} too: which one counts?"
            raise Refused("settings-invalid", detail, fix=f"unset {twice}")
        text = now(names)
        if text is not None:
            found[name if field.validation_alias is None else names[0]] = text
        elif strict:
            detail = f"{path} cannot be read; {names[0]}{SUFFIX} names it."
            fix = f"ls -l {path}"
            raise Refused("secret-file-unreadable", detail, fix=fix)
    return found


class Files(PydanticBaseSettingsSource):
    """The source of settings that reads secrets from files."""

    def get_field_value(
        self, field: FieldInfo, field_name: str
    ) -> tuple[Any, str, bool]:
        """Nothing by itself: `__call__` knows all."""
        del field
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """The secrets that lie in files."""
        return dict(given(self.settings_cls, self.config.get("env_prefix") or ""))


def database_password() -> str | None:
    """The password for the next connection, if a file holds it."""
    secret = now(DATABASE)
    return secret if secret is not None else _password(now(DATABASE_URL))


def redis_password() -> str | None:
    """The same for Redis."""
    secret = now(REDIS)
    return secret if secret is not None else _password(now(REDIS_URL))


def _password(url: str | None) -> str | None:
    try:
        secret = urlsplit(url).password if url else None
    except ValueError:  # it is no URL
        return None
    return None if secret is None else unquote(secret)


def told(settings: type[BaseSettings], prefix: str) -> Iterator[Mapping[str, Any]]:
    """Of each secret: its variable, where it lies, since when. Never what it is."""
    for name, field in settings.model_fields.items():
        if not is_secret(field):
            continue
        names = variables(name, field, prefix)
        path = place(names)
        here = next((one for one in names if os.environ.get(one)), None)
        kept = path is not None and path.exists()
        yield {
            "name": names[0],
            "from": str(path) if path else "environment" if here else "",
            "changed_at": path.stat().st_mtime if path and kept else None,
        }
