"""Who may register, who waits for an operator's word, and links that sign in once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import update
from tests.kernel.guests import ALL, WHY, Door, ask, me, operator_of, sign_in, who
from tests.kernel.site import PASSWORD, Site, problem

from lumiku_kernel import newcomers
from lumiku_kernel.accounts import users
from lumiku_kernel.errors import Problem
from lumiku_kernel.ledger.post import holdings
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.tables import accounts

BY = By("tests", "a test")


@pytest.mark.parametrize(
    ("said", "door"),
    [
        ({}, "open"),
        ({"host": "::1"}, "open"),
        ({"host": "127.0.0.2"}, "open"),
        ({"public_url": "http://localhost:8080"}, "open"),
        ({"host": ALL}, "closed"),
        ({"host": "::"}, "closed"),
        ({"host": "10.1.2.3"}, "closed"),
        ({"public_url": "https://shop.example"}, "closed"),
        ({"host": ALL, "registration": "open"}, "open"),
        ({"registration": "approval"}, "approval"),
        ({"registration": "closed"}, "closed"),
    ],
)
def test_the_door_is_closed_where_others_can_reach_it(
    said: dict[str, Any], door: str
) -> None:
    settings = Settings(**said)

    assert settings.door == door
    assert ("is not set" in newcomers.told(settings)) == (
        door == "closed" and "registration" not in said
    )


def found(site: Site, email: str) -> dict[str, Any]:
    with site.host.store.read() as session:
        return users.named(session, email)


def test_behind_a_closed_door_a_known_and_an_unknown_address_look_alike(
    site: Site, door: Door
) -> None:
    known = {"email": me(site.browser())["email"], "password": PASSWORD}
    door("closed")

    answers = [
        problem(ask(site, one), 403, "registration-closed") for one in (known, who())
    ]

    first, second = ({k: v for k, v in a.items() if k != "request_id"} for a in answers)
    assert first == second


def test_whoever_must_be_let_in_waits_and_cannot_sign_in(
    site: Site, door: Door
) -> None:
    door("approval")
    given = who()

    answer = ask(site, given)

    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert "set-cookie" not in answer.headers
    problem(sign_in(site, given), 403, "approval-pending")


def test_a_request_for_an_account_does_not_say_whether_there_is_one(
    site: Site, door: Door
) -> None:
    known = {"email": me(site.browser())["email"], "password": PASSWORD}
    door("approval")
    waiting = who()
    ask(site, waiting)

    answers = [ask(site, one) for one in (known, waiting, who())]

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    names = [{*answer.headers} for answer in answers]
    assert names[0] == names[1] == names[2]


def test_only_who_has_the_password_learns_that_somebody_waits(
    site: Site, door: Door
) -> None:
    door("approval")
    given = who()
    ask(site, given)

    guess = sign_in(site, {**given, "password": "not the one"})

    problem(guess, 401, "login-failed")


def test_an_operator_lets_somebody_in_once(site: Site, door: Door) -> None:
    door("approval")
    operator, given = operator_of(site), who()
    ask(site, given)
    listed = operator.get("/api/admin/users?state=waiting").json()["items"]
    (row,) = [one for one in listed if one["email"] == given["email"]]
    assert (row["state"], row["available"]) == ("waiting", 0)

    path = f"/api/admin/users/{row['id']}/approve"
    after = operator.post(path, json=WHY)

    assert (after.status_code, after.json()["state"]) == (200, "active")
    came = sign_in(site, given)
    assert came.json()["credits"] == {"available": 100, "reserved": 0}
    problem(operator.post(path, json=WHY), 409, "not-waiting")
    log = operator.get("/api/admin/audit").json()["items"]
    mine = [one["action"] for one in log if one["subject"] == row["id"]]
    assert mine == ["user.approve", "user.ask"]


def test_nothing_is_kept_of_somebody_who_is_refused(site: Site, door: Door) -> None:
    door("approval")
    operator, given = operator_of(site), who()
    ask(site, given)
    ident = found(site, given["email"])["id"]

    answer = operator.post(f"/api/admin/users/{ident}/refuse", json=WHY)

    assert answer.status_code == 204
    problem(sign_in(site, given), 401, "login-failed")
    with site.host.store.read() as session:
        assert users.find(session, given["email"]) is None
    problem(
        operator.post(f"/api/admin/users/{ident}/refuse", json=WHY), 404, "not-found"
    )
    assert ask(site, given).status_code == 202


def test_a_viewer_lets_nobody_in(site: Site, door: Door) -> None:
    door("approval")
    given = who()
    ask(site, given)
    path = f"/api/admin/users/{found(site, given['email'])['id']}"
    door("open")
    viewer = site.browser()

    for verb in ("approve", "refuse", "links"):
        problem(viewer.post(f"{path}/{verb}", json=WHY), 403, "operator-only")


def test_whoever_waits_is_given_no_credits_no_link_and_no_access(
    site: Site, door: Door
) -> None:
    door("approval")
    operator, given = operator_of(site), who()
    ask(site, given)
    path = f"/api/admin/users/{found(site, given['email'])['id']}"

    gift = operator.post(f"{path}/credits", json={**WHY, "amount": 5})
    link = operator.post(f"{path}/links", json=WHY)
    enabled = operator.patch(path, json={**WHY, "disabled": False})

    for answer in (gift, link, enabled):
        problem(answer, 409, "approval-pending")


def test_the_page_says_who_may_register(site: Site, door: Door) -> None:
    form = 'action="/register"'
    pages = {}
    for word in ("open", "approval", "closed"):
        door(word)
        pages[word] = site.client().get("/register").text
    door("approval")
    sent = site.client().post("/register", data=who(), follow_redirects=True)

    assert form in pages["open"]
    assert "Ask for an account" in pages["approval"]
    assert form not in pages["closed"]
    assert "made by the operator" in pages["closed"]
    assert form not in sent.text
    assert "Now wait for the operator" in sent.text


def test_who_waits_too_long_is_forgotten(store: Store, settings: Settings) -> None:
    for one in ("old@example.com", "new@example.com"):
        asking = newcomers.Newcomer(one, PASSWORD)
        assert newcomers.register(settings, store, asking) is None
    old = accounts.c.email == "old@example.com"
    with store.write() as session:
        past = now() - (settings.waiting_days + 1) * 86400.0
        session.execute(update(accounts).where(old).values(awaiting_at=past))

    assert newcomers.lapse(settings, store) == 1

    with store.read() as session:
        assert users.find(session, "old@example.com") is None
        assert users.find(session, "new@example.com") is not None


@pytest.fixture
def settings() -> Settings:
    return Settings(registration="approval")


def test_two_operators_at_once_give_one_welcome(
    store: Store, settings: Settings
) -> None:
    newcomers.register(settings, store, newcomers.Newcomer("a@example.com", PASSWORD))
    with store.read() as session:
        ident = users.named(session, "a@example.com")["id"]

    def approve(_: int) -> str:
        try:
            newcomers.approve(store, ident, 100, BY)
        except Problem as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(4) as crowd:
        said = sorted(crowd.map(approve, range(4)))

    assert said == ["done", "not-waiting", "not-waiting", "not-waiting"]
    with store.read() as session:
        assert holdings(session, ident)["available"] == 100


def test_no_more_than_a_bound_may_wait(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newcomers, "MOST_WAITING", 1)
    newcomers.register(settings, store, newcomers.Newcomer("a@example.com", PASSWORD))

    for email in ("a@example.com", "b@example.com"):
        with pytest.raises(Problem) as told:
            newcomers.register(settings, store, newcomers.Newcomer(email, PASSWORD))
        assert told.value.code == "registration-full"
