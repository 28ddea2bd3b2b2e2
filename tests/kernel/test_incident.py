"""The incident, played again: an app is gone, and one sentence says why.

It took a finished product 35 documents to find out that an app without model rows is
not shown. Here the rows are deleted in a running system, by hand, and the rest of what
was found on the way is done to it too. The app is a stranger's.
"""

import socket
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.faults.house import House, until
from tests.kernel.ear import Ear, listening
from tests.kernel.shop import Shop

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.accounts import users
from lumiku_kernel.accounts.keys import OPERATOR, SCOPES, create_key
from lumiku_kernel.ledger.post import grant, open_purses

pytestmark = pytest.mark.slow

APP = "acme-cards"
KEY = "LUMIKU_ACME_CARDS__SECRET"
SOURCE = """
    from pydantic_settings import BaseSettings

    class Keys(BaseSettings):
        secret: str

    def open_engine(settings):
        return settings.secret

    @hookimpl
    def lumiku_plugin() -> Plugin:
        return declared(
            "acme-cards",
            models=(
                Model("plain", price=1),
                Model("fine", price=2, tier="basic"),
                Model("remote", price=3, provider="acme"),
            ),
            providers=(
                Provider(
                    "acme",
                    open=f"{__name__}:open_engine",
                    offers=("text",),
                    settings=Keys,
                ),
            ),
        )
"""


class Scene:
    """A house with the stranger's app, and an ear that hears its webhook."""

    def __init__(self, house: House, shop: Shop, ear: Ear) -> None:
        """Nothing runs yet."""
        shop.install(APP, SOURCE)
        self.house, self.ear = house, ear
        path = f"{house.environment['PYTHONPATH']}:{shop.folder}"
        house.environment |= {
            "PYTHONPATH": path,
            "LUMIKU_PLUGINS": f"{APP},trial",
            "LUMIKU_OPERATOR_WEBHOOK": ear.url,
            KEY: "hush",
        }

    def account(self, role: str = "user") -> Viewer:
        """A new account with 50 credits."""
        with self.house.room.store.write() as session:
            email = f"{role}{time.monotonic_ns()}@example.org"
            ident = users.create(session, email, role=role)
            open_purses(session, ident)
            grant(session, ident, 50, actor="test", reason="welcome")
        return Viewer(ident, Tier.FREE, role)

    def client(self, role: str = "user") -> httpx.Client:
        """A program of a new account's."""
        scopes = (*SCOPES, OPERATOR) if role == "operator" else SCOPES
        with self.house.room.store.write() as session:
            ident = self._id(role)
            _, secret = create_key(session, ident, "test", scopes=scopes)
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx.Client(
            base_url=self.house.url, headers=headers, timeout=90, trust_env=False
        )

    def _id(self, role: str) -> str:
        return self._made.setdefault(role, self.account(role).id or "")

    _made: dict[str, str]

    def serve(self) -> None:
        """A server process, and no worker process."""
        assert self.house.ask("migrate").returncode == 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.house.environment["LUMIKU_PORT"] = str(port)
        self.house.url = f"http://127.0.0.1:{port}"
        self.house.run("serve")
        until(self._answers, "the server answers")

    def _answers(self) -> bool:
        try:
            httpx.get(f"{self.house.url}/livez", trust_env=False)
        except httpx.TransportError:
            return False
        return True

    def by_hand(self, statement: str) -> None:
        """As somebody with a shell on the database would."""
        path = self.house.room.store.path
        assert path is not None
        connection = sqlite3.connect(path, timeout=30)
        with connection:
            connection.execute(statement)
        connection.close()


@pytest.fixture
def scene(tmp_path: Path, shop: Shop) -> Iterator[Scene]:
    if sys.platform != "linux":
        pytest.skip("processes are looked up in /proc")
    house = House(tmp_path / "house")
    with listening() as ear:
        made = Scene(house, shop, ear)
        made._made = {}
        yield made
        house.leave()


def cards(client: httpx.Client) -> dict[str, Any]:
    return {one["id"]: one for one in client.get("/api/apps").json()["items"]}


def verdict(operator: httpx.Client, tier: str = "free", **query: str) -> Any:
    asked = {"as_tier": tier, **query}
    return operator.get(f"/api/admin/apps/{APP}/visibility", params=asked).json()


def blocked(operator: httpx.Client, tier: str = "free") -> list[str]:
    return [one["code"] for one in verdict(operator, tier)["blocking"]]


def test_model_rows_are_deleted_by_hand_and_one_command_brings_them_back(
    scene: Scene,
) -> None:
    house, ear = scene.house, scene.ear
    house.up()
    viewer, operator = scene.client(), scene.client("operator")
    assert APP in cards(viewer)
    written = "/api/admin/visibility/history"
    until(lambda: operator.get(written).json()["items"], "the first verdicts are kept")

    began = time.time()
    scene.by_hand(f"DELETE FROM model WHERE plugin_id = '{APP}'")  # noqa: S608
    until(lambda: blocked(operator) == ["NO_MODELS"], "the server says NO_MODELS")
    seen = time.time() - began
    until(lambda: ear.told("app.hidden", APP), "the operator's webhook is told")
    told = ear.moments[0] - began

    (gate,) = verdict(operator)["blocking"]
    assert gate["fix"]["command"] == "lumiku seed"
    assert "declares 3 models and none of them is stored" in gate["detail"]
    assert APP not in cards(viewer)
    gone = viewer.post(
        f"/api/apps/{APP}/make", json={}, headers={"Idempotency-Key": "1"}
    )
    assert gone.json()["code"] == "app-not-available"
    cause = ear.told("app.hidden", APP)[0]["cause"]
    assert cause.startswith("models deleted by hand: acme-cards:plain")
    assert house.ask("doctor").returncode == 1
    hidden_at = str(time.time())

    assert house.ask("seed").returncode == 0
    until(lambda: APP in cards(viewer), "the app is back")
    until(lambda: ear.told("app.visible", APP), "the webhook is told of that, too")
    why = house.ask("why", APP, "--tier", "free", "--at", hidden_at)
    assert why.returncode == 1
    assert "because models deleted by hand" in why.stdout
    assert verdict(operator, at=hidden_at)["codes"] == ["NO_MODELS"]
    print(f"hand to verdict {seen:.2f} s, hand to webhook {told:.2f} s")  # noqa: T201


def test_only_models_of_a_higher_tier_are_enabled(scene: Scene) -> None:
    house = scene.house
    house.up()
    viewer, operator = scene.client(), scene.client("operator")
    for model in ("plain", "remote"):
        done = house.ask(
            "models", "set", f"{APP}:{model}", "--disable", "--reason", "a test"
        )
        assert done.returncode == 0, done.stderr

    until(lambda: blocked(operator) == ["TIER_TOO_LOW"], "the server says so")

    (gate,) = verdict(operator)["blocking"]
    assert "add or enable a free model" in gate["fix"]["command"]
    assert APP not in cards(viewer)
    assert verdict(operator, "basic")["visible"]
    assert "the viewer's tier were basic" in verdict(operator)["would_be_visible_if"]
    why = house.ask("why", APP, "--tier", "free")
    assert why.returncode == 1
    assert "TIER_TOO_LOW" in why.stdout


def test_without_a_worker_process_the_app_is_seen_and_nothing_is_charged(
    scene: Scene,
) -> None:
    scene.serve()
    viewer = scene.client()

    card = cards(viewer)[APP]
    answer = viewer.post(
        f"/api/apps/{APP}/make", json={}, headers={"Idempotency-Key": "1"}
    )
    doctor = scene.house.ask("doctor", "--json")

    assert (card["runnable"], card["degraded"]) == (False, ["NO_WORKER"])
    assert (answer.status_code, answer.json()["code"]) == (503, "no-worker")
    assert answer.json()["fix"] == "lumiku work"
    assert answer.headers["retry-after"]
    assert viewer.get("/api/credits").json() == {"available": 50, "reserved": 0}
    assert viewer.get("/api/jobs").json()["items"] == []
    assert doctor.returncode == 1
    assert "No worker process is alive" in doctor.stdout


def test_a_provider_without_its_key_is_named_beside_the_living_models(
    scene: Scene,
) -> None:
    house = scene.house
    del house.environment[KEY]
    house.up()
    viewer, operator = scene.client(), scene.client("operator")

    found = verdict(operator)
    models = {one["key"]: one for one in found["models"]}
    choices = viewer.get(f"/api/apps/{APP}/models").json()["items"]
    doctor = house.ask("doctor", "--json")
    check = house.ask("visibility", "check")
    why = house.ask("why", f"{APP}:remote")

    assert APP in cards(viewer)
    assert models[f"{APP}:remote"]["code"] == "PROVIDER_NOT_CONFIGURED"
    assert KEY in models[f"{APP}:remote"]["fix"]["command"]
    assert {one["id"]: one["reason"] for one in choices} == {
        "plain": None,
        "fine": "tier-too-low",
        "remote": "not-available-now",
    }
    assert f"lacks its setting {KEY}" in models[f"{APP}:remote"]["detail"]
    for said in (doctor, check):
        assert said.returncode == 1
        assert KEY in said.stdout.replace("\n", "")
    assert KEY in why.stdout


CHANGES: dict[str, tuple[str, ...]] = {
    "flag-off": ("plugins", "disable", "trial"),
    "model-disabled": ("models", "set", "trial:plain", "--disable"),
    "tier-too-low": ("models", "set", "trial:plain", "--tier", "pro"),
}


@pytest.mark.parametrize("code", CHANGES)
def test_a_job_that_may_no_longer_be_run_ends_and_costs_nothing(
    scene: Scene, code: str
) -> None:
    house = scene.house
    assert house.ask("migrate").returncode == 0
    viewer = scene.account()
    job_id = house.room.submit(viewer, items=2)
    assert house.ask(*CHANGES[code], "--reason", "a test").returncode == 0
    reserved = house.room.credits(viewer)

    house.work()
    house.ended(job_id)

    job = house.room.job(job_id)
    assert reserved == (48, 2)
    if code == "model-disabled":  # the app is there still, by its other models
        assert "trial:plain" in job["error_detail"]
    assert (job["state"], job["error_code"]) == ("failed", code)
    assert house.room.credits(viewer) == (50, 0)
    assert house.begun(job_id) == []
    house.assert_sound()
