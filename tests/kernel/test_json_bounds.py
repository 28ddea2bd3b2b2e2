"""How deep JSON nests, how long its numbers are, how much a WebSocket says."""

import json

import pytest
from tests.kernel.site import Site, problem

from lumiku_kernel.web import json_text
from lumiku_kernel.web.middleware import bounds


def nested(deep: int) -> str:
    return "[" * deep + "]" * deep


@pytest.mark.parametrize("deep", [33, 100, 1000])
def test_json_nests_at_most_32_deep(site: Site, deep: int) -> None:
    program = site.program(site.browser())
    for text in (nested(deep), '{"a":' * deep + "1" + "}" * deep):
        answer = program.post("/api/keys", content=text)

        problem(answer, 400, "json-too-deep")


@pytest.mark.parametrize(
    "text",
    [nested(32), json.dumps(nested(500)), json.dumps(['"[{' * 50]), "[[],{}]" * 40],
)
def test_what_is_not_deep_passes(text: str) -> None:
    json_text.check(text.encode())


@pytest.mark.parametrize("number", [10**16, -(10**17), 2**63, 10**400])
def test_an_integer_has_at_most_16_digits(site: Site, number: int) -> None:
    program = site.program(site.browser())
    answer = program.post("/api/keys", content=json.dumps({"name": "a", "n": number}))

    problem(answer, 422, "number-too-long")


@pytest.mark.parametrize("text", ["0.12345678901234567890", '"12345678901234567890"'])
def test_a_long_fraction_and_a_text_of_digits_pass(text: str) -> None:
    json_text.check(text.encode())


def test_a_websocket_that_says_too_much_is_closed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "BURST", 5)
    monkeypatch.setattr(bounds, "MESSAGES", 0)

    with site.browser().websocket_connect("/api/events/ws") as peer:
        for _ in range(8):
            peer.send_text("nonsense")
        told = [peer.receive() for _ in range(5)]

    assert (told[-1]["code"], told[-1]["reason"]) == (1008, "too-many-messages")
