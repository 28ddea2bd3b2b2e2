"""A thousand bad requests: no fault of ours, each refusal with a code, none charged."""

import pytest
from starlette.testclient import TestClient
from tests.inputs.bad import Writer
from tests.inputs.judge import Judge
from tests.inputs.schema import generated
from tests.kernel.conftest import site  # noqa: F401 (the fixture)
from tests.kernel.site import Site

from lumiku_kernel.accounts.keys import OPERATOR, SCOPES
from lumiku_kernel.ledger import verify

COUNT, OF_SCHEMA = 800, 200
SEED = 20
PLUGINS_FAULTS = tuple(
    f"/api/apps/acme-paint/{name}" for name in ("boom", "forget", "forget/quote")
)
"""Routes that answer 500 whatever they are asked, since their plugin fails."""


@pytest.fixture(scope="module")
def callers(site: Site) -> list[TestClient]:  # noqa: F811
    """A stranger, a browser, a program, and an operator's program."""
    browser, operator = site.browser(), site.browser("operator")
    return [
        site.client(),
        browser,
        site.program(browser),
        site.program(operator, (*SCOPES, OPERATOR)),
    ]


def held(callers: list[TestClient]) -> list[int]:
    found = (caller.get("/api/credits").json() for caller in callers[1:])
    return [one["available"] + one["reserved"] for one in found]


def available(caller: TestClient) -> int:
    return int(caller.get("/api/credits").json()["available"])


def test_bad_requests_are_refused_and_cost_nothing(
    site: Site,  # noqa: F811
    callers: list[TestClient],
) -> None:
    document = site.client().get("/openapi.json").json()
    judge, before, had = Judge(), held(callers), available(callers[1])

    for number, bad in enumerate(Writer(document, SEED).requests(COUNT)):
        judge.ask(callers[number % len(callers)], bad)

    assert judge.faults == [], "\n".join(judge.faults[:5])
    assert sum(judge.statuses.values()) == COUNT
    assert held(callers) == before
    assert had - available(callers[1]) <= judge.charged
    assert [one for one in verify.verify(site.host.store) if one.level != "ok"] == []


def test_what_schemathesis_makes_of_the_document_is_refused_or_done(
    site: Site,  # noqa: F811
    callers: list[TestClient],
) -> None:
    document = site.client().get("/openapi.json").json()
    for path in (*PLUGINS_FAULTS, "/api/sessions", "/api/auth/logout"):
        document["paths"].pop(path)
    judge = Judge()

    for number, bad in enumerate(generated(document, OF_SCHEMA)):
        judge.ask(callers[number % len(callers)], bad)

    assert judge.faults == [], "\n".join(judge.faults[:5])
    assert sum(judge.statuses.values()) >= OF_SCHEMA
