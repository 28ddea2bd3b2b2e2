"""The harms a nemesis knows; each returns to whom it was done."""

import random
import signal
import time

from tests.faults.nemesis import Harm
from tests.faults.peers import Redis
from tests.faults.town import Town


def kill_worker(town: Town, chance: random.Random) -> str:
    """SIGKILL a worker process and its runners; start it again at once."""
    member = chance.choice(town.workers)
    member.replace()
    return member.name


def kill_server(town: Town, chance: random.Random) -> str:
    """SIGKILL a server; start it again at once."""
    member = chance.choice(town.servers)
    member.replace()
    return member.name


def freeze_worker(town: Town, chance: random.Random) -> str:
    """SIGSTOP a worker process for 1.5 leases: a zombie that wakes and writes."""
    member = chance.choice(town.workers)
    alone = chance.random() < 0.5  # its runners go on without it
    member.signal(signal.SIGSTOP, group=not alone)
    time.sleep(town.plan.lease * 1.5)
    member.signal(signal.SIGCONT)
    return member.name


def roll(town: Town, _chance: random.Random) -> str:
    """Restart everything in turn, as a deployment does."""
    for member in [*town.servers, *town.workers]:
        member.roll()
    return "everybody"


def _redis(town: Town) -> Redis:
    if town.redis is None:
        raise RuntimeError("this town has no Redis")
    return town.redis


def redis_restarted(town: Town, _chance: random.Random) -> str:
    """SIGKILL Redis and start it again."""
    redis = _redis(town)
    redis.kill()
    time.sleep(1.0)
    redis.start()
    return "redis"


def redis_flushed(town: Town, _chance: random.Random) -> str:
    """FLUSHALL."""
    return _redis(town).command("FLUSHALL")


def redis_paused(town: Town, _chance: random.Random) -> str:
    """CLIENT PAUSE for 10 s."""
    said = _redis(town).command("CLIENT", "PAUSE", "10000", "ALL")
    time.sleep(10.0)
    return said


def redis_frozen(town: Town, _chance: random.Random) -> str:
    """SIGSTOP for 8 s: connections stay open and nobody answers."""
    redis = _redis(town)
    redis.signal(signal.SIGSTOP)
    time.sleep(8.0)
    redis.signal(signal.SIGCONT)
    return "redis"


def redis_cut(town: Town, _chance: random.Random) -> str:
    """Cut all its connections, five times."""
    for _ in range(5):
        _redis(town).command("CLIENT", "KILL", "TYPE", "normal")
        _redis(town).command("CLIENT", "KILL", "TYPE", "pubsub")
        time.sleep(1.0)
    return "its clients"


def redis_full(town: Town, _chance: random.Random) -> str:
    """No memory for 6 s: every write is refused."""
    _redis(town).command("CONFIG", "SET", "maxmemory", "1")
    time.sleep(6.0)
    return _redis(town).command("CONFIG", "SET", "maxmemory", "0")


def redis_read_only(town: Town, _chance: random.Random) -> str:
    """A replica of nobody for 6 s: READONLY, as after a fail-over."""
    _redis(town).command("REPLICAOF", "127.0.0.1", "1")
    time.sleep(6.0)
    return _redis(town).command("REPLICAOF", "NO", "ONE")


def redis_absent(seconds: float) -> Harm:
    """Gone for as long."""

    def act(town: Town, _chance: random.Random) -> str:
        redis = _redis(town)
        redis.kill()
        time.sleep(seconds)
        redis.start()
        return "redis"

    return Harm(f"redis absent {seconds:g} s", act)


def postgres_restarted(town: Town, _chance: random.Random) -> str:
    """`pg_ctl restart -m immediate`: all connections die, recovery at start."""
    if town.postgres is None:
        raise RuntimeError("this town has no PostgreSQL")
    town.postgres.restart()
    return "postgres"


def postgres_backend_killed(town: Town, _chance: random.Random) -> str:
    """SIGKILL one backend: PostgreSQL restarts all of them."""
    if town.postgres is None:
        raise RuntimeError("this town has no PostgreSQL")
    town.postgres.kill_a_backend()
    return "a backend"


def postgres_cut(town: Town, _chance: random.Random) -> str:
    """`pg_terminate_backend` of everybody, five times."""
    if town.postgres is None:
        raise RuntimeError("this town has no PostgreSQL")
    for _ in range(5):
        town.postgres.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = 'lumiku' AND pid <> pg_backend_pid()"
        )
        time.sleep(1.0)
    return "all connections"


def provider_does(mode: str, seconds: float, share: float = 1.0) -> Harm:
    """The provider misbehaves for as long."""

    def act(town: Town, _chance: random.Random) -> str:
        town.misbehave(mode, share)
        time.sleep(seconds)
        town.misbehave("ok")
        return "provider"

    return Harm(f"provider {mode}", act)


KILL_WORKER = Harm("worker killed", kill_worker)
KILL_SERVER = Harm("server killed", kill_server)
FREEZE_WORKER = Harm("worker frozen", freeze_worker)
ROLL = Harm("rolling restart", roll)
REDIS = (
    Harm("redis restarted", redis_restarted),
    Harm("redis flushed", redis_flushed),
    Harm("redis paused", redis_paused),
    Harm("redis frozen", redis_frozen),
    Harm("redis cut", redis_cut),
    Harm("redis full", redis_full),
    Harm("redis read-only", redis_read_only),
)
POSTGRES = (
    Harm("postgres restarted", postgres_restarted),
    Harm("postgres backend killed", postgres_backend_killed),
    Harm("postgres cut", postgres_cut),
)
