"""One trace goes through all processes, to whoever is told and to the provider."""

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from tests.faults.house import House, family, until
from tests.jobs.receiver import Receiver, answering, receiving

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"
KINDS = {1: "internal", 2: "server", 3: "client", 5: "consumer"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are in /proc"),
]


@dataclass(frozen=True)
class Span:
    """A span as it came; `words` are its attributes."""

    process: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    failed: bool
    words: dict[str, Any]


def spans(receiver: Receiver) -> list[Span]:
    """All that have come, of the batches read by the protocol's own schema."""
    found = []
    for one in list(receiver.received):
        assert one.headers["content-type"] == "application/x-protobuf"
        for part in ExportTraceServiceRequest.FromString(one.body).resource_spans:
            about = _words(part.resource.attributes)
            assert about["service.name"] == "lumiku"
            found += [
                Span(
                    about["lumiku.process"],
                    span.name,
                    KINDS[span.kind],
                    span.trace_id.hex(),
                    span.span_id.hex(),
                    span.parent_span_id.hex(),
                    span.status.code == span.status.STATUS_CODE_ERROR,
                    _words(span.attributes),
                )
                for scope in part.scope_spans
                for span in scope.spans
            ]
    return found


def _words(pairs: Any) -> dict[str, Any]:
    return {
        pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in pairs
    }


def ask(house: House, headers: dict[str, str] | None = None, **body: Any) -> str:
    """Submit over HTTP, as programs do; the job's id."""
    with house.client(house.room.viewer()) as client:
        answer = client.post(
            "/api/apps/trial/write?secret=hush-hush",
            json={"model": "plain", **body},
            headers={"Idempotency-Key": "once", **(headers or {})},
        )
    assert answer.status_code == 202, answer.text
    ident: str = answer.json()["job"]["id"]
    return ident


def has_the_library(pid: int) -> bool:
    """Whether a process has loaded what spans are written with."""
    return "/google/_upb/" in Path(f"/proc/{pid}/maps").read_text()


@pytest.fixture
def collector() -> Iterator[Receiver]:
    """Takes what it is sent."""
    with receiving(answering(200)) as made:
        yield made


@pytest.fixture
def far() -> Iterator[Receiver]:
    """A remote side that plugins call."""
    with receiving(answering(200)) as made:
        yield made


@pytest.fixture
def house(tmp_path: Path, far: Receiver) -> Iterator[House]:
    """A house on SQLite whose app may call `far`."""
    told = {"TRIAL_FAR": far.url, "LUMIKU_OUTBOUND_PRIVATE": far.near}
    made = House(tmp_path / "house", None, **told, LUMIKU_LOG_FORMAT="json")
    yield made
    made.leave()


def test_one_trace_goes_from_the_request_to_the_provider(
    house: House, collector: Receiver, far: Receiver
) -> None:
    house.environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://{collector.near}/"
    process = house.up()

    job_id = ask(house, {"traceparent": PARENT}, items=1, ill="far")

    assert house.ended(job_id) == ["succeeded"]
    wanted = ("POST /api/apps/{app}/{worker}", "job", "item", "POST")

    def came() -> dict[str, Span]:
        by_name = {one.name: one for one in spans(collector) if one.trace == TRACE}
        return by_name if set(wanted) <= set(by_name) else {}

    by_name = until(came, "the spans of a job arrive")
    request, job, item, call = (by_name[name] for name in wanted)
    assert [(one.process, one.kind) for one in (request, job, item, call)] == [
        ("server", "server"),
        ("worker", "consumer"),
        ("runner", "internal"),
        ("runner", "client"),
    ]
    assert request.parent == PARENT.split("-")[2]
    assert [job.parent, item.parent, call.parent] == [request.id, job.id, item.id]
    about = {"lumiku.app": "trial", "lumiku.worker": "write", "lumiku.job": job_id}
    assert job.words == {
        **about,
        "lumiku.model": "trial:plain",
        "lumiku.epoch": 1,
        "lumiku.state": "succeeded",
    }
    assert item.words == {**about, "lumiku.item": 0}
    assert request.words["http.response.status_code"] == 202
    assert request.words["lumiku.job"] == job_id
    assert call.words["http.response.status_code"] == 200
    assert far.received[0].headers["traceparent"] == f"00-{TRACE}-{call.id}-01"
    assert not any(one.failed for one in by_name.values())
    told = b"".join(one.body for one in collector.received)
    assert b"hush" not in told
    assert b"lk_" not in told
    assert all(has_the_library(pid) for pid in family(process.pid))
    lines = [line for line in house.log(process).splitlines() if TRACE in line]
    assert any('"process": "server"' in line for line in lines)
    assert house.room.job(job_id)["traceparent"] == f"00-{TRACE}-{request.id}-01"


def test_spans_that_wait_are_sent_when_a_process_stops_and_probes_are_none(
    house: House, collector: Receiver
) -> None:
    house.environment["LUMIKU_OTLP_ENDPOINT"] = f"http://{collector.near}"
    process = house.up()

    with house.client(house.room.viewer()) as client:
        assert client.get("/readyz").status_code == 200
        for junk in (b"", b"junk", b"\xff", b"ff-" + PARENT[3:].encode()):
            answer = client.get("/api/nothing", headers={b"traceparent": junk})
            assert answer.status_code == 404
        os.killpg(process.pid, signal.SIGINT)
    assert process.wait(60) == 0

    found = spans(collector)
    assert [one.name for one in found] == ["GET unknown"] * 4
    assert len({one.trace for one in found} - {TRACE}) == 4
    assert not any(one.parent for one in found)


def test_a_failed_item_is_a_failed_span_without_its_words(
    house: House, collector: Receiver
) -> None:
    house.environment["LUMIKU_OTLP_ENDPOINT"] = f"http://{collector.near}"
    house.up()

    job_id = ask(house, items=1, fault="permanent")
    house.ended(job_id)
    until(
        lambda: {"job", "item"} <= {one.name for one in spans(collector)},
        "both spans arrive",
    )

    by_name = {one.name: one for one in spans(collector)}
    assert by_name["item"].failed
    assert by_name["item"].words["error.type"] == "not-this-one"
    assert by_name["job"].words["lumiku.state"] == "failed"
    assert b"cannot be made" not in b"".join(one.body for one in collector.received)


def test_a_collector_that_is_gone_harms_nothing_and_is_told_of_once(
    house: House, collector: Receiver
) -> None:
    house.environment["LUMIKU_OTLP_ENDPOINT"] = "http://127.0.0.1:9"
    process = house.up()

    jobs = [ask(house, items=2) for _ in range(3)]
    assert house.ended(*jobs) == ["succeeded"] * 3
    until(lambda: "traces are lost" in house.log(process), "it is said")
    os.killpg(process.pid, signal.SIGINT)

    assert process.wait(60) == 0
    lost = [one for one in house.log(process).splitlines() if "traces are lost" in one]
    servers = [line for line in lost if '"process": "server"' in line]
    assert len(servers) == 1
    assert "Traceback" not in house.log(process)
    assert not collector.received


def test_nothing_is_sent_carried_or_imported_without_an_endpoint(
    house: House, collector: Receiver, far: Receiver
) -> None:
    process = house.up()

    job_id = ask(house, {"traceparent": PARENT}, items=1, ill="far")

    assert house.ended(job_id) == ["succeeded"]
    assert house.room.job(job_id)["traceparent"] is None
    assert "traceparent" not in far.received[0].headers
    assert not collector.received
    for pid in family(process.pid):
        assert not has_the_library(pid)
    assert "trace_id" not in house.log(process)


def test_without_the_library_up_is_refused_with_the_command(house: House) -> None:
    (house.folder / "opentelemetry.py").write_text("")
    house.environment["PYTHONPATH"] += f":{house.folder}"
    house.environment["LUMIKU_OTLP_ENDPOINT"] = "http://127.0.0.1:9"

    for command in ("up", "serve", "work"):
        said = house.ask(command)

        assert said.returncode == 1
        assert "library-missing" in said.stderr
        assert "pip install 'lumiku-kernel[tracing]'" in said.stderr
        assert "Traceback" not in said.stderr
