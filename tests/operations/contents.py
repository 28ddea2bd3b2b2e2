"""What lies in a backup, and backups with other bytes than they were made with."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path


def content_of(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    """The bytes of a member."""
    file = tar.extractfile(member)
    assert file is not None
    return file.read()


def files_in(backup: Path) -> dict[str, str]:
    """The digest of each file in it."""
    with tarfile.open(backup) as tar:
        return {
            one.name.removeprefix("files/"): hashlib.sha256(
                content_of(tar, one)
            ).hexdigest()
            for one in tar
            if one.name.startswith("files/")
        }


def altered(
    backup: Path, out: Path, change: Callable[[str, bytes], bytes | None]
) -> Path:
    """A copy with other bytes in some members; for None they are left out."""
    with tarfile.open(backup) as tar, tarfile.open(out, "w") as other:
        for one in tar:
            content = change(one.name, content_of(tar, one))
            if content is not None:
                one.size = len(content)
                other.addfile(one, io.BytesIO(content))
    return out


def revised(name: str, content: bytes, **changes: str) -> bytes:
    """The manifest of a backup with other words."""
    if name != "manifest.json":
        return content
    text = json.loads(content)
    for key, value in changes.items():
        if key == "revision":
            text["owners"]["kernel"]["revision"] = value
        else:
            text[key] = value
    return json.dumps(text).encode()


BROKEN: dict[str, tuple[str, Callable[[str, bytes], bytes | None]]] = {
    "a picture was changed": (
        "backup-unreadable",
        lambda name, content: (
            content[:-1] + b"!" if name.startswith("files/") else content
        ),
    ),
    "a row was changed": (
        "backup-unreadable",
        lambda name, content: (
            content.replace(b"100", b"900") if "ledger_entry" in name else content
        ),
    ),
    "a table is missing": (
        "backup-unreadable",
        lambda name, content: None if name == "tables/job.jsonl" else content,
    ),
    "it was not finished": (
        "backup-unreadable",
        lambda name, content: None if name == "manifest.json" else content,
    ),
    "it is of a release to come": (
        "backup-newer",
        lambda name, content: revised(name, content, revision="0999"),
    ),
    "it is of another format": (
        "backup-newer",
        lambda name, content: revised(name, content, format="2"),
    ),
}


NEWER = {
    "account": ("awaiting_at",),
    "api_key": ("lineage",),
    "sign_in": ("made_by", "created_at"),
    "circuit": ("retries",),
}


def without(content: bytes, table: str) -> bytes:
    gone = NEWER[table]
    lines = [json.loads(line) for line in content.splitlines()]
    kept = [{k: v for k, v in line.items() if k not in gone} for line in lines]
    return b"".join(json.dumps(line).encode() + b"\n" for line in kept)


def resealed(backup: Path, out: Path) -> None:
    """The same with the digests and columns of what is in it."""
    found: dict[str, str] = {}
    with tarfile.open(backup) as tar:
        for one in tar:
            content = content_of(tar, one)
            found[one.name] = hashlib.sha256(content).hexdigest()

    def sealed(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        text = json.loads(content)
        for table in text["tables"]:
            member = f"tables/{table['name']}.jsonl"
            table["sha256"] = found.get(member, hashlib.sha256().hexdigest())
            for column in NEWER.get(table["name"], ()):
                table["columns"].pop(column, None)
        return json.dumps(text).encode()

    altered(backup, out, sealed)
