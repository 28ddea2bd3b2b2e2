"""The installation's own key: with it, and the database, secrets are made again."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from lumiku_kernel.settings import Settings

FILE = "secret.key"


def pepper(settings: Settings) -> bytes:
    """The operator's LUMIKU_SECRET_KEY, or the data folder's, made if missing."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.data_dir.resolve() / FILE
    if not path.exists():
        _make(path)
    return path.read_bytes().strip()


def mark_of(settings: Settings) -> str | None:
    """What tells one key from another and says nothing of it; None without a key."""
    if settings.secret_key is None and not (settings.data_dir / FILE).is_file():
        return None
    return derive(pepper(settings), "mark", "process").hex()[:12]


def derive(key: bytes, purpose: str, salt: str) -> bytes:
    """32 bytes that only the holder of the key can make from a salt."""
    return hmac.digest(key, f"{purpose}:{salt}".encode(), hashlib.sha256)


def _make(path: Path) -> None:
    """Whole or not at all, by whichever process is first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
