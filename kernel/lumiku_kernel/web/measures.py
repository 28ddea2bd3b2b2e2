"""What this server process counts of itself, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

COUNTED = CollectorRegistry()
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)

REQUESTS = Histogram(
    "lumiku_http_request_seconds",
    "Requests answered by this process, until the last byte.",
    ("method", "route", "status"),
    buckets=SECONDS,
    registry=COUNTED,
)
OPEN = Gauge(
    "lumiku_http_open", "Requests and sockets open in this process.", registry=COUNTED
)
EVENTS = Counter(
    "lumiku_events_delivered", "Events given to followers.", registry=COUNTED
)
FOLLOWERS = Gauge("lumiku_followers", "Lines that follow jobs here.", registry=COUNTED)
