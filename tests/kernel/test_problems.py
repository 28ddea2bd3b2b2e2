"""Every error is an RFC 9457 document with a stable code, and betrays nothing."""

import json
import logging
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.kernel.site import Site, problem


@pytest.fixture(scope="module")
def viewer(site: Site) -> TestClient:
    return site.browser()


@pytest.fixture(scope="module")
def program(site: Site, viewer: TestClient) -> TestClient:
    return site.program(viewer)


def test_a_path_that_is_not_there(viewer: TestClient) -> None:
    problem(viewer.get("/api/nowhere"), 404, "not-found")


def test_a_path_elsewhere_that_is_not_there(viewer: TestClient) -> None:
    problem(viewer.get("/nowhere"), 404, "not-found")


def test_a_method_the_path_does_not_take_names_those_it_takes(
    viewer: TestClient,
) -> None:
    answer = viewer.delete("/api/keys")

    problem(answer, 405, "method-not-allowed")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_a_body_that_says_it_is_too_large(viewer: TestClient) -> None:
    problem(viewer.post("/api/keys", json={"name": "x" * 20_000}), 413, BIG)


def test_a_body_that_turns_out_too_large(viewer: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(200):
            yield b" " * 100

    headers = {"Content-Type": "application/json"}

    problem(viewer.post("/api/keys", content=chunks(), headers=headers), 413, BIG)


BIG = "body-too-large"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_browsers_body_that_is_not_json(viewer: TestClient, kind: str) -> None:
    answer = viewer.post("/api/keys", content="a=b", headers={"Content-Type": kind})

    problem(answer, 415, "unsupported-media-type")


def test_an_unknown_field_is_refused_by_name(viewer: TestClient) -> None:
    answer = viewer.post("/api/keys", json={"name": "a", "scope": ["jobs:read"]})

    (fault,) = problem(answer, 422, "invalid-input")["errors"]
    assert (fault["field"], fault["code"]) == ("scope", "extra_forbidden")


def test_an_unknown_parameter_is_refused_by_name(viewer: TestClient) -> None:
    for path in ("/api/jobs?colour=red", "/api/apps?included=locked"):
        assert problem(viewer.get(path), 422, "invalid-input")["errors"]


@pytest.mark.parametrize("limit", ["0", "101", "many", "-1"])
def test_a_page_has_1_to_100_items(viewer: TestClient, limit: str) -> None:
    problem(viewer.get(f"/api/jobs?limit={limit}"), 422, "invalid-input")


def test_what_was_sent_is_not_sent_back(site: Site) -> None:
    who = {"email": "a@example.com", "password": "p" * 2000}

    answer = site.client().post("/api/auth/register", json=who)

    problem(answer, 422, "invalid-input")
    assert "ppp" not in answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_somebody_unknown_is_asked_to_sign_in(site: Site, method: str) -> None:
    answer = site.client().request(method, "/api/keys")

    problem(answer, 401, "not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_nobody_knows(site: Site) -> None:
    stranger = site.client(Authorization="Bearer lk_nobody")

    problem(stranger.get("/api/jobs"), 401, "key-invalid")


def test_a_session_nobody_knows(site: Site) -> None:
    stranger = site.client(Cookie="lumiku_session=nobody")

    problem(stranger.get("/api/jobs"), 401, "session-expired")


def test_a_route_for_operators_only(viewer: TestClient) -> None:
    problem(viewer.get("/api/apps/acme-paint/staff"), 403, "operator-only")


def test_a_plugins_refusal_passes_as_it_is(viewer: TestClient) -> None:
    answer = viewer.get("/api/apps/acme-paint/refused")

    told = problem(answer, 409, "too-blue")
    assert (told["detail"], told["fix"]) == ("It is too blue.", "Paint it.")


def test_a_plugins_fault_is_named_by_its_request_id_alone(
    viewer: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = viewer.get("/api/apps/acme-paint/boom")

    told = problem(answer, 500, "internal-error")
    assert "secret of the plugin" not in answer.text
    assert "request id" in told["detail"]
    (record,) = [one for one in caplog.records if one.exc_info]
    assert told["request_id"] in record.getMessage()


def test_even_a_fault_has_the_security_headers(viewer: TestClient) -> None:
    fine, fault = (
        viewer.get(f"/api/apps/acme-paint/{name}") for name in ("colours", "boom")
    )

    for name in ("x-content-type-options", "content-security-policy"):
        assert fault.headers[name] == fine.headers[name]


MAKE = "/api/apps/acme-paint/make"


@pytest.mark.parametrize("text", ["{", "[" * 9_000, '{"a":NaN}', b"\xff\xfe", "{}{}"])
def test_a_body_that_is_no_json(program: TestClient, text: str | bytes) -> None:
    answer = program.post(MAKE, content=text, headers={"Idempotency-Key": "a"})

    problem(answer, 400, "json-invalid")


@pytest.mark.parametrize("text", ["[]", "1", '"a"', "null"])
def test_a_request_must_be_an_object(program: TestClient, text: str) -> None:
    answer = program.post(MAKE, content=text, headers={"Idempotency-Key": "b"})

    problem(answer, 422, "invalid-input")


@pytest.mark.parametrize("model", [5, ["a"], {"a": 1}, "", "nobody", "x:y", True])
def test_a_model_that_is_not_there(program: TestClient, model: object) -> None:
    answer = program.post(MAKE, json={"model": model}, headers={"Idempotency-Key": "c"})

    problem(answer, 422, "unknown-model")


@pytest.mark.parametrize(
    "value", ["\\ud800", "\\udfff\\ud800"], ids=["half", "backwards"]
)
@pytest.mark.parametrize("name", ["text", "model", "other"])
def test_half_a_character_is_the_senders_fault(
    program: TestClient, name: str, value: str
) -> None:
    answer = program.post(
        MAKE, content=f'{{"{name}":"{value}"}}', headers={"Idempotency-Key": "d"}
    )

    assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize("key", ["", " ", "é".encode(), b"a\x7f", "x" * 256])
def test_an_idempotency_key_is_visible_ascii(
    program: TestClient, key: str | bytes
) -> None:
    answer = program.post(MAKE, json={}, headers={"Idempotency-Key": key})

    problem(answer, 400, "idempotency-key-invalid")


def test_a_program_that_spends_must_send_an_idempotency_key(
    program: TestClient,
) -> None:
    answer = program.post(MAKE, json={})

    assert problem(answer, 400, "idempotency-key-missing")["fix"]


def test_an_input_that_would_not_survive_being_stored_is_the_plugins_fault(
    program: TestClient,
) -> None:
    forget = MAKE.replace("/make", "/forget")

    answer = program.post(forget, json={}, headers={"Idempotency-Key": "f"})

    problem(answer, 500, "plugin-error")
    assert not program.get("/api/jobs").json()["items"]


def test_a_key_used_for_another_request_is_refused(program: TestClient) -> None:
    headers = {"Idempotency-Key": "once"}
    first = program.post(MAKE, json={"text": "a"}, headers=headers)
    again = program.post(MAKE, json={"text": "a"}, headers=headers)

    other = program.post(MAKE, json={"text": "b"}, headers=headers)

    assert first.json()["job"]["id"] == again.json()["job"]["id"]
    assert again.headers["idempotency-replayed"] == "true"
    problem(other, 422, "idempotency-key-reused")


@pytest.mark.parametrize(
    "path",
    [
        "/api/jobs/%00",
        "/api/jobs/..%2f..%2fetc",
        "/api/artifacts/%F0%9F%98%80",
        "/api/apps/%E2%80%AE/make",
        "/api/jobs?cursor=%00",
        "/api/jobs/job_1/events?after=99999999999999999999",
        "/api/apps/acme-paint/visibility?x=1",
        "/api/admin/audit?cursor=99999999999999999999999",
    ],
)
def test_an_odd_address_is_no_fault_of_ours(site: Site, path: str) -> None:
    for client in (site.browser(), site.browser("operator")):
        assert client.get(path).status_code < 500


@pytest.mark.parametrize("field", ["email", "password", "name"])
@pytest.mark.parametrize("value", ["\x00", "a\nb@example.com", "\ud800", "é" * 90])
def test_an_odd_account_is_no_fault_of_ours(site: Site, field: str, value: str) -> None:
    who = {"email": f"o{id(value)}@example.com", "password": "long enough"}
    text = json.dumps({**who, field: value})
    headers = {"Content-Type": "application/json"}

    answer = site.client().post("/api/auth/register", content=text, headers=headers)

    assert answer.status_code < 500, answer.text
