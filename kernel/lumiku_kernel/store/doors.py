"""Ways by which processes on many machines tell each other that they have written."""

import hashlib
import secrets
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.client import PubSub
from redis.credentials import CredentialProvider
from redis.retry import Retry
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from lumiku_kernel.filed import redis_password
from lumiku_kernel.store import postgres
from lumiku_kernel.store.engine import Store

PATIENCE = 1.0
"""Seconds a Redis that hangs is waited for."""
STILL_THERE = 20
"""Seconds of silence after which Redis is asked whether it is there."""


class Door(Protocol):
    """Carries one word between processes; it may lose it."""

    name: str
    failures: tuple[type[Exception], ...]

    def open(self) -> None:
        """Begin to hear, if it does not yet; costs nothing if it does."""
        ...

    def hear(self, seconds: float) -> None:
        """Wait so long for another's word; returns at the first. One thread's."""
        ...

    def tell(self) -> None:
        """Say the word to all others. One thread's, perhaps not that which hears."""
        ...

    def close(self) -> None:
        """Hear no more until it is opened again."""
        ...


class RedisDoor:
    """PUBLISH and SUBSCRIBE: nothing is kept, nothing can be lost but time."""

    name = "Redis"
    failures: tuple[type[Exception], ...] = (redis.RedisError, OSError)

    def __init__(self, url: str, store: Store) -> None:
        """Nothing is connected yet."""
        self._client = client(url)
        self._channel = f"lumiku:{_sign(store.engine)}"
        self._me = secrets.token_hex(8).encode()
        self._heard: PubSub | None = None

    def open(self) -> None:
        """Subscribe, and wait for the answer."""
        if self._heard is None:
            heard: PubSub = self._client.pubsub()  # type: ignore[no-untyped-call]
            heard.subscribe(self._channel)
            if heard.get_message(timeout=PATIENCE) is None:
                heard.close()
                raise redis.TimeoutError("no answer to SUBSCRIBE")
            self._heard = heard

    def hear(self, seconds: float) -> None:
        """Wait for a message that is not ours."""
        assert self._heard is not None  # noqa: S101 (it is open)
        message = self._heard.get_message(timeout=seconds)
        while message is not None and message["data"] == self._me:
            message = self._heard.get_message(timeout=seconds)

    def tell(self) -> None:
        """One command."""
        self._client.publish(self._channel, self._me)

    def close(self) -> None:
        """Drop the subscription."""
        if self._heard is not None:
            self._heard.close()
            self._heard = None


class NotifyDoor:
    """NOTIFY and LISTEN of the database itself, on a connection of its own."""

    name = "PostgreSQL"
    failures: tuple[type[Exception], ...] = (psycopg.Error, SQLAlchemyError, OSError)

    def __init__(self, store: Store) -> None:
        """Nothing is connected yet."""
        self._engine = store.engine
        self._me = secrets.token_hex(8)
        self._heard: psycopg.Connection[Any] | None = None

    def open(self) -> None:
        """Connect and listen."""
        if self._heard is None:
            words, named = self._engine.dialect.create_connect_args(self._engine.url)
            how = {**named, **postgres.password_of_now()}
            self._heard = psycopg.connect(*words, **how, autocommit=True)
            self._heard.execute("LISTEN lumiku")

    def hear(self, seconds: float) -> None:
        """Wait for a notification that is not ours."""
        assert self._heard is not None  # noqa: S101 (it is open)
        for word in self._heard.notifies(timeout=seconds):
            if word.payload != self._me:
                return

    def tell(self) -> None:
        """One statement, in no transaction of anybody's."""
        alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with alone.connect() as connection:
            connection.execute(
                text("SELECT pg_notify('lumiku', :me)"), {"me": self._me}
            )

    def close(self) -> None:
        """Drop the connection."""
        if self._heard is not None:
            self._heard.close()
            self._heard = None


def client(url: str) -> "redis.Redis":
    """A client that tries once and waits shortly."""
    return redis.Redis.from_url(
        **fresh(url),
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        socket_keepalive=True,
        health_check_interval=STILL_THERE,
        retry=Retry(NoBackoff(), 0),
        client_name="lumiku",
    )


class Credentials(CredentialProvider):
    """Asked at each new connection: the file may have another password by now."""

    def __init__(self, user: str | None) -> None:
        """Of this user, or of the nameless one."""
        self._user = user

    def get_credentials(self) -> tuple[str] | tuple[str, str]:
        """The password as its file has it."""
        secret = redis_password() or ""
        return (secret,) if self._user is None else (self._user, secret)


def fresh(url: str) -> dict[str, Any]:
    """What a client of Redis is made of: the URL, and who it asks for the password."""
    if redis_password() is None:
        return {"url": url}
    parts = urlsplit(url)
    where = parts.netloc.rpartition("@")[2]
    bare = urlunsplit(parts._replace(netloc=where))
    return {"url": bare, "credential_provider": Credentials(parts.username or None)}


def silent(url: str) -> str | None:
    """Why a Redis does not answer; None if it does."""
    try:
        with client(url) as asked:
            asked.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        return str(error)
    return None


def _sign(engine: Engine) -> str:
    """The same in all processes of one database; rings of others' cost them a look."""
    named = f"{engine.url.database} {engine.url.query.get('dbname', '')}"
    return hashlib.sha256(named.encode()).hexdigest()[:12]
