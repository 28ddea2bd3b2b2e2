"""Files in an object store that speaks S3, through obstore; needs the extra `s3`."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.artifacts import CHUNK, Unkept, key_of
from lumiku_kernel.settings import Settings

try:
    import obstore
    from obstore.exceptions import BaseError
    from obstore.store import S3Store
except ImportError as error:
    detail = "LUMIKU_ARTIFACTS_URL needs a library that is not installed."
    fix = "pip install 'lumiku-kernel[s3]'"
    raise Problem(503, "library-missing", detail, fix=fix) from error

TRIES = {"max_retries": 4, "retry_timeout": timedelta(seconds=20)}
AWAY = (BaseError, OSError)
CLIENT = {"timeout": "60s", "connect_timeout": "5s"}
RETRY_AFTER = {"Retry-After": "10"}


@dataclass(frozen=True)
class Bucket:
    """A bucket, or what lies below a prefix of one; `bench` is a local folder."""

    name: str
    prefix: str
    bench: Path
    options: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> "Bucket":
        """The bucket that the settings name."""
        parts = urlsplit(settings.artifacts_url or "")
        secret = settings.artifacts_secret
        given = {
            "endpoint": settings.artifacts_endpoint,
            "region": settings.artifacts_region,
            "access_key_id": settings.artifacts_key_id,
            "secret_access_key": secret.get_secret_value() if secret else None,
        }
        options: dict[str, Any] = {
            name: value for name, value in given.items() if value
        }
        if settings.artifacts_endpoint:
            options["virtual_hosted_style_request"] = False
        bench = settings.data_dir.resolve() / "making"
        place = (parts.netloc, parts.path.strip("/"), bench)
        return cls(*place, options=tuple(options.items()))

    @cached_property
    def _store(self) -> S3Store:
        plain = dict(self.options).get("endpoint", "").startswith("http://")
        client: Any = {**CLIENT, "allow_http": plain}
        return S3Store(
            self.name,
            prefix=self.prefix or None,
            client_options=client,
            retry_config=TRIES,  # type: ignore[arg-type]
            **dict(self.options),
        )

    def prepare(self) -> None:
        """Make the local folder; the bucket is the operator's to make."""
        self.bench.mkdir(parents=True, exist_ok=True)

    def keep(self, made: Path, *, job_id: str, name: str, media_type: str) -> str:
        """Send a finished file there; it is removed here."""
        key = key_of(job_id, name, media_type)
        self._put(made, key, media_type)
        return key

    def place(self, made: Path, key: str) -> None:
        """Send a file there under a key; it is removed here."""
        self._put(made, key, mimetypes.guess_type(key)[0] or "application/octet-stream")

    def _put(self, made: Path, key: str, media_type: str) -> None:
        try:
            kind = {"Content-Type": media_type}
            obstore.put(self._store, key, made, attributes=kind)
        except AWAY as error:
            raise self._away(error) from error
        made.unlink()

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`; it is asked for at once."""
        if end is not None and end <= start:
            return iter(())
        part = {"offset": start} if end is None else (start, end)
        options: Any = {"range": part} if part != {"offset": 0} else None
        try:
            found = obstore.get(self._store, key, options=options)
        except FileNotFoundError as error:
            raise FileNotFoundError(key) from error
        except AWAY as error:
            raise self._away(error) from error
        return self._chunks(found.stream(min_chunk_size=CHUNK))

    def _chunks(self, stream: Any) -> Iterator[bytes]:
        try:
            for part in stream:
                yield bytes(part)
        except AWAY as error:
            raise self._away(error) from error

    def size(self, key: str) -> int | None:
        """How many bytes there are; None if there is no such file."""
        try:
            return int(obstore.head(self._store, key)["size"])
        except FileNotFoundError:
            return None
        except AWAY as error:
            raise self._away(error) from error

    def remove(self, key: str) -> None:
        """Forget a file."""
        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return
        except AWAY as error:
            raise self._away(error) from error

    def older(self, before: float) -> Iterator[str]:
        """The keys of files last written before a moment."""
        try:
            for page in obstore.list(self._store):
                for one in page:
                    if one["last_modified"].timestamp() < before:
                        yield one["path"]
        except AWAY as error:
            raise self._away(error) from error

    def _away(self, error: Exception) -> Unkept:
        """For people without the store's own words, which name what is private."""
        del error
        detail = f"The storage of files does not answer as it should ({self.name})."
        return Unkept(503, "storage-unavailable", detail, headers=RETRY_AFTER)
