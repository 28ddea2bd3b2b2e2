"""Prometheus learns what each tier sees."""

from tests.kernel.site import Site


def test_an_app_that_is_switched_off_is_seen_by_no_tier(site: Site) -> None:
    operator = site.browser("operator")
    before = operator.get("/metrics").text

    operator.post("/api/admin/plugins/acme-paint/disable", json={"reason": "a test"})
    site.refresh()
    after = operator.get("/metrics").text

    line = 'lumiku_app_visible{app="acme-paint",tier="enterprise"}'
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
