"""What runners die of is kept apart, for a while, and by its version alone."""

import pytest
from sqlalchemy import select
from tests.faults.house import until
from tests.kernel.shop import Shop, good
from tests.kernel.site import Site, problem

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.plugins import quarantine
from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.plugins.discovery import discover
from lumiku_kernel.plugins.prepare import record, tell
from lumiku_kernel.plugins.quarantine import Version
from lumiku_kernel.plugins.registry import commit
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import audits, plugins
from lumiku_kernel.visibility.verdict import judge
from lumiku_kernel.visibility.watch import take

THIS = Version("deadly", "1.0", "files")
FREE = Viewer("usr_a", Tier.FREE)


@pytest.fixture
def deadly(store: Store) -> Store:
    """A database that knows the plugin as ready."""
    record(store, [found()])
    return store


def found(version: str = "1.0", files: str = "files") -> Loaded:
    return Loaded("deadly", "acme-deadly", version, fingerprint=files)


def die(store: Store, *deaths: tuple[str, str], version: Version = THIS) -> bool:
    told = [
        quarantine.died(store, version, {"id": job, "account_id": account})
        for job, account in deaths
    ]
    return told[-1]


def row(store: Store) -> tuple[str, str | None]:
    with store.read() as session:
        one = session.execute(select(plugins).where(plugins.c.id == "deadly")).one()
        return one.state, one.code


def ends(store: Store) -> list[float]:
    held = select(audits).where(audits.c.action == quarantine.HELD)
    with store.read() as session:
        rows = session.execute(held.order_by(audits.c.id)).mappings()
        return [one["after"]["until"] - one["at"] for one in rows]


MANY = (("job_1", "usr_1"), ("job_2", "usr_2"), ("job_3", "usr_1"))


def test_three_deaths_for_two_accounts_keep_it_apart(deadly: Store) -> None:
    assert not die(deadly, *MANY[:2])
    assert die(deadly, MANY[2])

    assert row(deadly) == ("quarantined", "QUARANTINED")
    assert ends(deadly) == [pytest.approx(1800, abs=5)]


def test_one_account_alone_can_keep_no_plugin_from_others(deadly: Store) -> None:
    assert not die(deadly, *[(f"job_{n}", "usr_1") for n in range(9)])

    assert row(deadly) == ("ready", None)


def test_gate_2_says_so_and_names_the_command(deadly: Store) -> None:
    die(deadly, *MANY)

    verdict = judge(take(deadly), FREE, "deadly")

    gate = verdict.blocking[0]
    assert (gate.number, gate.code) == (2, "QUARANTINED")
    assert gate.fix is not None
    assert "lumiku plugins release deadly" in gate.fix.command


def test_it_is_remembered_when_the_process_starts_again(deadly: Store) -> None:
    die(deadly, *MANY)

    record(deadly, [found()])

    assert row(deadly) == ("quarantined", "QUARANTINED")


@pytest.mark.parametrize("fresh", [found("1.1"), found(files="mended")])
def test_another_version_is_free_of_it(deadly: Store, fresh: Loaded) -> None:
    die(deadly, *MANY)

    record(deadly, [fresh])

    assert row(deadly) == ("ready", None)


def test_deaths_of_different_versions_do_not_count_together(deadly: Store) -> None:
    die(deadly, *MANY[:2])

    assert not die(deadly, MANY[2], version=Version("deadly", "1.1", "files"))


def test_each_quarantine_is_twice_as_long_and_ends_by_itself(
    deadly: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "FIRST", 0.2)
    for _ in range(3):
        die(deadly, *MANY)
        until(lambda: quarantine.lapse(deadly) == ["deadly"], "it is over")
        assert row(deadly) == ("ready", None)

    first, second, third = ends(deadly)
    assert second / first == pytest.approx(2, rel=0.3)
    assert third / first == pytest.approx(4, rel=0.3)


def test_a_release_ends_it_and_is_audited(deadly: Store) -> None:
    die(deadly, *MANY)

    quarantine.release(deadly, "deadly", actor="cli", why="mended")

    assert row(deadly) == ("ready", None)
    record(deadly, [found()])
    assert row(deadly) == ("ready", None)
    assert not die(deadly, MANY[0])


def test_what_a_server_says_does_not_end_it(deadly: Store) -> None:
    die(deadly, *MANY)

    tell(deadly, "deadly", "ready", None, None)

    assert row(deadly) == ("quarantined", "QUARANTINED")


def test_only_operators_release_and_only_what_is_held(site: Site) -> None:
    path = "/api/admin/plugins/acme-paint/release"
    body = {"reason": "mended"}

    problem(site.browser().post(path, json=body), 403, "operator-only")
    operator = site.browser("operator")
    problem(operator.post(path, json=body), 404, "not-found")
    version = Version.of(
        next(o for o in site.host.registry.found if o.id == "acme-paint")
    )
    die(site.host.store, *MANY, version=version)
    site.refresh()
    problem(
        site.browser().get("/api/apps/acme-paint/colours"), 404, "app-not-available"
    )

    answer = operator.post(path, json=body)

    assert answer.json() == {"id": "acme-paint", "state": "ready"}
    assert site.browser().get("/api/apps/acme-paint/colours").status_code == 200


def test_the_same_files_have_the_same_fingerprint(shop: Shop) -> None:
    shop.install("deadly", good("deadly"))

    first, second = (commit(discover(points=shop.points)).found for _ in range(2))

    assert first[0].fingerprint == second[0].fingerprint != ""
