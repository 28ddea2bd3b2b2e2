"""What the release before wrote is there after its tables have changed."""
# ruff: noqa: S608, ISC004 (rows as somebody would write them by hand)

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text
from tests.backends import DATABASES

from lumiku_contracts import Tier
from lumiku_kernel.accounts.identity import Identities
from lumiku_kernel.accounts.tiers import Tiers
from lumiku_kernel.accounts.tokens import fingerprint
from lumiku_kernel.jobs.cancel import cancel
from lumiku_kernel.jobs.refund import refund
from lumiku_kernel.ledger.post import grant, holdings
from lumiku_kernel.ledger.verify import verify
from lumiku_kernel.store import Store, seals
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.migrate import KERNEL, KERNEL_VERSIONS, _config, migrate_kernel
from lumiku_kernel.store.tables import jobs

KEY = "lk_" + "k" * 43
SESSION = "s" * 43
LATE = 9_999_999_999.0


def job(ident: str, state: str, *, settled: int, ended: bool) -> list[str]:
    """A job of one item for 5 credits, with its movements and events."""
    columns = (
        "id, account_id, plugin_id, plugin_version, worker, model, slot, interactive, "
        "input, snapshot, price, settled, released, state, funding, attempt, attempts, "
        "rescues, epoch, not_before, deadline_at, items_total, items_ok, items_failed, "
        "next_seq, progress, note, request_id, created_at, ended_at"
    )
    done = "done" if ended else "queued"
    said = [
        f"INSERT INTO job ({columns}) VALUES ('{ident}', 'usr_a', 'paint', '1', 'p', "
        f"'paint:plain', 'cpu', false, '{{}}', '{{}}', 5, {settled}, 0, '{state}', 1, "
        f"0, 3, 0, 0, 0, {LATE}, 1, {int(ended)}, 0, {3 if ended else 2}, 0, '', '', "
        f"20, {30 if ended else 'NULL'})",
        f'INSERT INTO job_item (job_id, "index", label, data, price, state) '
        f"VALUES ('{ident}', 0, '', '{{}}', 5, '{done}')",
        f"INSERT INTO job_event VALUES ('{ident}', 1, 'queued', '{{}}', 20)",
        *moved(f"reserve:{ident}:1", "reserve", -5, "user:usr_a:reserved", ident),
    ]
    if ended:
        said += [
            f"INSERT INTO job_event VALUES ('{ident}', 2, '{state}', '{{}}', 30)",
            *moved(f"finalize:{ident}:1", "finalize", 5, None, ident),
        ]
    return said


def moved(
    once: str, kind: str, amount: int, to: str | None, job_id: str | None = None
) -> list[str]:
    """A movement out of, or into, the available; or from the reserved to us."""
    whose = f"'{job_id}', 1" if job_id else "NULL, NULL"
    first = "user:usr_a:available" if to else "user:usr_a:reserved"
    signed = amount if to else -amount
    return [
        'INSERT INTO ledger_txn (id, "once", kind, account_id, job_id, funding, actor, '
        f"reason, at) VALUES ('txn_{once}', '{once}', '{kind}', 'usr_a', {whose}, "
        "'kernel', 'job', 20)",
        f"INSERT INTO ledger_entry VALUES ('txn_{once}', '{first}', {signed})",
        f"INSERT INTO ledger_entry VALUES "
        f"('txn_{once}', '{to or 'sys:revenue'}', {-signed})",
    ]


WRITTEN = [
    "INSERT INTO account (id, email, name, tier, role, created_at) "
    "VALUES ('usr_a', 'ana@x.org', 'Ana', 'pro', 'user', 10)",
    "INSERT INTO session (token_hash, account_id, created_at, expires_at) "
    f"VALUES ('{fingerprint(SESSION)}', 'usr_a', 10, {LATE})",
    "INSERT INTO api_key (id, account_id, name, hint, secret_hash, scopes, created_at) "
    f"VALUES ('key_a', 'usr_a', 'first', 'lk_kkk', '{fingerprint(KEY)}', "
    "'[\"jobs:read\"]', 10)",
    *moved("welcome:usr_a", "grant", 100, "sys:issued"),
    *job("job_a", "succeeded", settled=5, ended=True),
    *job("job_b", "queued", settled=0, ended=False),
    "INSERT INTO balance VALUES ('user:usr_a:available', 90), "
    "('user:usr_a:reserved', 5), ('sys:issued', -100), ('sys:revenue', 5)",
]


@pytest.fixture(params=DATABASES)
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database that the release before has used, and this one has migrated."""
    url = f"sqlite:///{tmp_path / 'lumiku.db'}"
    if request.param == "postgres":
        cluster = request.getfixturevalue("cluster")
        url = cluster.url(cluster.database())
    store = Store(url)
    with store.connection() as connection:
        command.upgrade(_config(KERNEL, KERNEL_VERSIONS, connection), "0003")
        for statement in WRITTEN:
            connection.execute(text(statement.replace(":", r"\:")))
    assert migrate_kernel(store)
    yield store
    store.close()


def test_every_rule_holds_of_what_was_there(upgraded: Store) -> None:
    seals.seal(upgraded)

    found = [*verify(upgraded), *seals.check(upgraded)]

    assert [one.cause for one in found if one.level != "ok"] == []


def test_who_was_signed_in_still_is_and_a_key_opens_what_it_did(
    upgraded: Store,
) -> None:
    identities = Identities(upgraded)

    by_session, by_key = identities.look_up(SESSION), identities.look_up(KEY)

    assert (by_session.viewer.id, by_session.viewer.tier) == ("usr_a", Tier.PRO)
    assert (by_key.viewer.id, by_key.key_id) == ("usr_a", "key_a")
    assert by_key.scopes == frozenset({"jobs:read"})
    assert Tiers(upgraded).of(Tier.PRO).max_running == 16


def test_credits_are_what_they_were_and_go_on_moving(upgraded: Store) -> None:
    with upgraded.read() as session:
        assert holdings(session, "usr_a") == {"available": 90, "reserved": 5}

    cancel(upgraded, "job_b", "usr_a")
    refund(upgraded, "job_a", None, By("test", "it was ugly"))
    with upgraded.write() as session:
        grant(session, "usr_a", 10**10, actor="test", reason="more than 32 bits")

    with upgraded.read() as session:
        found = session.execute(select(jobs.c.id, jobs.c.state).order_by(jobs.c.id))
        assert [tuple(row) for row in found] == [
            ("job_a", "succeeded"),
            ("job_b", "canceled"),
        ]
        assert holdings(session, "usr_a") == {"available": 100 + 10**10, "reserved": 0}
    assert [one.cause for one in verify(upgraded) if one.level != "ok"] == []
