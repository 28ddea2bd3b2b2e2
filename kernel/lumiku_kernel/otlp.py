"""Spans by OpenTelemetry, sent as OTLP over HTTP; needs the extra `tracing`."""

import logging
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, Literal

from structlog.contextvars import bound_contextvars

from lumiku_kernel.errors import Problem

try:
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import (
        BatchSpanProcessor,
        SpanExporter,
        SpanExportResult,
    )
    from opentelemetry.trace.propagation.tracecontext import (
        TraceContextTextMapPropagator,
    )
except ImportError as error:
    detail = "LUMIKU_OTLP_ENDPOINT needs a library that is not installed."
    fix = "pip install 'lumiku-kernel[tracing]'"
    raise Problem(503, "library-missing", detail, fix=fix) from error

Kind = Literal["internal", "server", "client", "consumer"]
Word = str | int | None
NAMES: Final = {
    "method": "http.request.method",
    "route": "http.route",
    "status": "http.response.status_code",
    "host": "server.address",
    "error": "error.type",
}
"""Words that have a name elsewhere; the others are ours."""
EVERY_MS = 200
"""Spans wait so long for company; a runner may be ended at any time."""
SECONDS, STOP_SECONDS = 5.0, 2.0
"""For sending a batch, and for the last ones when the process stops."""

log = logging.getLogger(__name__)


class Patient(SpanExporter):
    """Sends, and says once when that fails and once when it works again."""

    def __init__(self, to: SpanExporter) -> None:
        """Nothing has failed yet."""
        self._to = to
        self._lost = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send them, or lose them; never raises."""
        try:
            result = self._to.export(spans)
        except Exception:
            log.debug("spans could not be sent", exc_info=True)
            result = SpanExportResult.FAILURE
        lost = result is not SpanExportResult.SUCCESS
        if lost != self._lost:
            self._lost = lost
            if lost:
                log.warning("traces are lost: LUMIKU_OTLP_ENDPOINT takes none")
            else:
                log.info("traces arrive again")
        return result

    def shutdown(self) -> None:
        """Send no more."""
        self._to.shutdown()


class Traces:
    """The spans of one process."""

    def __init__(self, process: str, endpoint: str) -> None:
        """`endpoint` is what `/v1/traces` is put behind."""
        about = {"service.name": "lumiku", "lumiku.process": process}
        about["process.pid"] = str(os.getpid())
        to = f"{endpoint.rstrip('/')}/v1/traces"
        # What it has to say of failures, it says for each; we say it for all.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        self._provider = TracerProvider(
            resource=Resource.create(about), shutdown_on_exit=False
        )
        self._provider.add_span_processor(
            BatchSpanProcessor(
                Patient(OTLPSpanExporter(endpoint=to, timeout=SECONDS)),
                schedule_delay_millis=EVERY_MS,
            )
        )
        self._tracer = self._provider.get_tracer("lumiku_kernel")
        self._carrier = TraceContextTextMapPropagator()

    def stop(self) -> None:
        """Send the last ones, while there is time."""
        last = threading.Thread(target=self._provider.shutdown, daemon=True)
        last.start()
        last.join(STOP_SECONDS)

    @contextmanager
    def span(
        self, name: str, kind: Kind, parent: str | None, words: Mapping[str, Word]
    ) -> Iterator[None]:
        """As `traces.span`; the lines that are logged within have its trace's id."""
        within = self._carrier.extract({"traceparent": parent}) if parent else None
        with self._tracer.start_as_current_span(
            name,
            within,
            trace.SpanKind[kind.upper()],
            record_exception=False,  # what exceptions say may be secret
            set_status_on_exception=False,
        ) as one:
            self.note(None, words)
            ident = trace.format_trace_id(one.get_span_context().trace_id)
            with bound_contextvars(trace_id=ident):
                try:
                    yield
                except Exception as fault:
                    self.note(None, {"error": type(fault).__name__})
                    raise

    def note(self, name: str | None, words: Mapping[str, Word]) -> None:
        """As `traces.note`; an error, or a status of 500 and more, is one."""
        one = trace.get_current_span()
        if name is not None:
            one.update_name(name)
        for word, value in words.items():
            if value is not None:
                one.set_attribute(NAMES.get(word, f"lumiku.{word}"), value)
        status = words.get("status")
        if words.get("error") or (isinstance(status, int) and 500 <= status < 600):  # noqa: PLR2004 (HTTP)
            one.set_status(trace.StatusCode.ERROR)

    def here(self) -> str | None:
        """As `traces.here`."""
        carried: dict[str, str] = {}
        self._carrier.inject(carried)
        return carried.get("traceparent")
