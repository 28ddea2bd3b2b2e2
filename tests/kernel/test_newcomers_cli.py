"""On the command line, operators let newcomers in, and the doctor says who waits."""

import pytest
from sqlalchemy import func, select
from tests.kernel.command import lumiku
from tests.kernel.guests import Door, ask, sign_in, who
from tests.kernel.site import Site, problem

from lumiku_kernel.store.tables import audits


@pytest.fixture
def here(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands work on the site's data."""
    settings = site.host.settings
    monkeypatch.setenv("LUMIKU_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("LUMIKU_PLUGINS", settings.plugins or "")


@pytest.mark.usefixtures("here")
def test_commands_let_in_refuse_and_link(site: Site, door: Door) -> None:
    door("approval")
    welcome, unwanted = who(), who()
    for one in (welcome, unwanted):
        ask(site, one)

    waiting = lumiku("users", "list", "--waiting", "--json").json["items"]
    let_in = lumiku("users", "approve", welcome["email"])
    sent_off = lumiku("users", "refuse", unwanted["email"], "--reason", "unknown")
    again = lumiku("users", "approve", welcome["email"])
    made = lumiku("users", "link", welcome["email"])
    ended = lumiku("users", "link", welcome["email"], "--revoke")

    assert {one["email"] for one in waiting} >= {welcome["email"], unwanted["email"]}
    assert (let_in.code, sent_off.code) == (0, 0)
    assert (again.code, again.err.split(":")[0]) == (1, "not-waiting")
    assert sign_in(site, welcome).status_code == 200
    problem(sign_in(site, unwanted), 401, "login-failed")
    path = "/sign-in/" + made.out.strip().rpartition("/")[2]
    assert ended.out == f"1 links of {welcome['email']} ended\n"
    problem(site.client().get(path), 404, "link-used")
    with site.host.store.read() as session:
        told = select(func.count()).where(audits.c.actor == "cli")
        assert session.execute(told).scalar_one() >= 4


@pytest.mark.usefixtures("here")
def test_the_doctor_says_who_waits(site: Site, door: Door) -> None:
    door("approval")
    ask(site, who())

    said = lumiku("doctor", "--json").json["items"]

    (line,) = [one for one in said if one["check"] == "A05"]
    assert line["level"] == "warn"
    assert line["fix"] == "lumiku users list --waiting"
