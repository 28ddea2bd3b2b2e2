"""Prometheus learns what each tier sees."""

import json
import re
from pathlib import Path

import pytest
import yaml
from sqlalchemy import update
from tests.kernel.site import Site

from lumiku_kernel.store.tables import balances
from lumiku_kernel.web.proof import Proof


def test_an_app_that_is_switched_off_is_seen_by_no_tier(site: Site) -> None:
    operator = site.browser("operator")
    before = operator.get("/metrics").text

    operator.post("/api/admin/plugins/acme-paint/disable", json={"reason": "a test"})
    site.refresh()
    after = operator.get("/metrics").text

    line = 'lumiku_app_visible{app="acme-paint",tier="enterprise"}'
    hidden = 'lumiku_app_hidden{app="acme-paint",code="FLAG_OFF"} 1.0'
    assert hidden in after
    assert hidden not in before
    assert f"{line} 1.0" in before
    assert f"{line} 0.0" in after
    assert 'lumiku_processes{role="server"}' in after


def test_only_operators_read_them(site: Site) -> None:
    assert site.browser().get("/metrics").status_code == 403


def test_they_tell_of_jobs_queues_credits_and_requests(site: Site) -> None:
    operator, viewer = site.browser("operator"), site.browser()
    operator.post("/api/admin/plugins/acme-paint/enable", json={"reason": "a test"})
    site.refresh()
    made = viewer.post("/api/apps/acme-paint/make", json={"model": "plain"})
    assert made.status_code == 202, made.text

    text = operator.get("/metrics").text
    lines = dict(
        line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")
    )

    assert float(lines['lumiku_jobs{app="acme-paint",state="queued"}']) >= 1
    depths = [float(lines[f'lumiku_queue_depth{{slot="{s}"}}']) for s in ("cpu", "io")]
    assert sum(depths) >= 1
    assert float(lines["lumiku_credits_reserved"]) >= 3
    assert float(lines["lumiku_disk_free_bytes"]) > 0
    labels = 'method="POST",route="/api/apps/{app}/{worker}",status="202"'
    assert float(lines[f"lumiku_http_request_seconds_count{{{labels}}}"]) >= 1
    assert lines["lumiku_followers"] == "0.0"
    assert len([line for line in lines if line.startswith("lumiku_")]) > 20


def asked() -> dict[str, str]:
    """Every query of the alerts and of the dashboard, by its name."""
    folder = Path(__file__).parent.parent.parent / "deploy" / "monitoring"
    (group,) = yaml.safe_load((folder / "alerts.yaml").read_text())["groups"]
    board = json.loads((folder / "dashboard.json").read_text())
    return {rule["alert"]: rule["expr"] for rule in group["rules"]} | {
        f"{panel['title']} {one['refId']}": one["expr"]
        for panel in board["panels"]
        for one in panel["targets"]
    }


@pytest.mark.parametrize("query", asked().values(), ids=asked().keys())
def test_alerts_and_dashboard_ask_for_what_is_told(site: Site, query: str) -> None:
    text = site.browser("operator").get("/metrics").text
    told = set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
    told |= set(re.findall(r"^(\w+)[{ ]", text, re.MULTILINE))

    wanted = set(re.findall(r"lumiku_\w+", query))

    assert wanted
    assert wanted <= told


def test_models_that_nobody_can_use_are_told(site: Site) -> None:
    text = site.browser("operator").get("/metrics").text

    assert re.search(r'lumiku_app_models\{app="acme-paint",state="usable"\} \d', text)
    assert re.search(r'lumiku_app_models\{app="acme-paint",state="dead"\} \d', text)


def test_a_broken_ledger_is_told_by_the_server_that_looks(site: Site) -> None:
    host = site.app.state.site.host
    operator, proof = site.browser("operator"), Proof(host)

    def broken() -> str:
        text = operator.get("/metrics").text
        lines = [t for t in text.splitlines() if t.startswith("lumiku_verify_broken")]
        return str(lines[0])

    proof.look()
    before = broken()
    mine = balances.c.purse.endswith(":available")
    with host.store.write() as session:
        session.execute(
            update(balances).where(mine).values(amount=balances.c.amount + 1)
        )
    proof.look()  # it was looked at just now
    soon, after = broken(), Proof(host)
    after.look()
    found = broken()
    with host.store.write() as session:
        session.execute(
            update(balances).where(mine).values(amount=balances.c.amount - 1)
        )
    Proof(host).look()

    assert [before, soon, broken()] == ["lumiku_verify_broken 0.0"] * 3
    assert float(found.split()[1]) >= 1
