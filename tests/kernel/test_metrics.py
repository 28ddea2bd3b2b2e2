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
