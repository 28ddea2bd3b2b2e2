"""The installation's own keys: with them, and the database, secrets are made again.

The first one signs; the others, which were first once, still verify.
"""

import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lumiku_kernel import filed
from lumiku_kernel.errors import Problem
from lumiku_kernel.settings import Settings

FILE = "secret.key"


Keys = tuple[bytes, ...]
"""The first one signs."""


def pepper(settings: Settings) -> Keys:
    """The lines of LUMIKU_SECRET_KEY, or of the data folder's file, made if missing.

    They are read again each time: who rotates them need restart nobody.
    """
    said = settings.fresh("secret_key")
    if said is None:
        path = settings.data_dir.resolve() / FILE
        if not path.exists():
            _make(path)
        said = path.read_text()
    found = tuple(line.strip().encode() for line in said.splitlines() if line.strip())
    if not found:
        detail = "LUMIKU_SECRET_KEY, or the file that it lies in, is empty."
        raise Problem(503, "secret-key-empty", detail, fix="lumiku secrets list")
    return found


def place(settings: Settings) -> Path | None:
    """The file that the keys lie in; None if the environment has them."""
    if settings.secret_key is not None:
        return filed.place(("LUMIKU_SECRET_KEY",))
    return settings.data_dir.resolve() / FILE


def mark(key: bytes) -> str:
    """A name for a key that says nothing of it."""
    return derive(key, "mark", "process").hex()[:12]


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """One process at a time changes the file."""
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(path: Path, keys: Keys) -> None:
    """Have other keys in the file: whole or not at all."""
    draft = _draft(path, b"\n".join(keys).decode() + "\n")
    draft.replace(path)


def mark_of(settings: Settings) -> str | None:
    """The mark of the key that signs; None without one. Makes none."""
    if settings.secret_key is None and not (settings.data_dir / FILE).is_file():
        return None
    try:
        return mark(pepper(settings)[0])
    except Problem:  # it is empty, which C03 of the doctor says
        return None


def derive(key: bytes, purpose: str, salt: str) -> bytes:
    """32 bytes that only the holder of the key can make from a salt."""
    return hmac.digest(key, f"{purpose}:{salt}".encode(), hashlib.sha256)


def _make(path: Path) -> None:
    """Whole or not at all, by whichever process is first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path, new_key().decode())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def new_key() -> bytes:
    """256 bits of chance."""
    return secrets.token_hex(32).encode()


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft
