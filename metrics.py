"""What Prometheus may know at /metrics, of all workers together."""

import os
import time

from flask import Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from logs import outcome_of

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1)
PREDICT = "api.predict"  # the endpoint
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def measure(app, version):
    """Count and time every request of the app, and tell at /metrics."""
    keep_folder()
    registry = CollectorRegistry()
    requests = Counter(
        "digits_requests",
        "Requests, by what was asked and what was answered",
        ["endpoint", "status"],
        registry=registry,
    )
    seconds = Histogram(
        "digits_seconds",
        "Time of a /predict: until its turn to be read, of being read, and whole",
        ["stage"],
        registry=registry,
        buckets=SECONDS,
    )
    verdicts = Counter(
        "digits_verdicts",
        "Pictures, by verdict; refused ones too",
        ["verdict"],
        registry=registry,
    )
    confidence = Histogram(
        "digits_confidence",
        "Confidence of the answers",
        registry=registry,
        buckets=SHARES,
    )
    queue = Gauge(
        "digits_queue",
        "Calls of /predict that are not answered yet",
        registry=registry,
        multiprocess_mode="livesum",
    )
    info = Gauge(
        "digits_model",
        "The network that answers",
        ["model"],
        registry=registry,
        multiprocess_mode="livemax",
    )
    info.labels(version).set(1)

    @app.before_request
    def begin():
        if request.endpoint == PREDICT:
            queue.inc()

    @app.teardown_request
    def end(_):
        if request.endpoint == PREDICT:
            queue.dec()

    @app.after_request
    def count(response):
        requests.labels(request.endpoint or "none", response.status_code).inc()
        if "results" in g:
            for stage, took in (g.seconds | {"whole": time.perf_counter() - g.begin}).items():
                seconds.labels(stage).observe(took)
            for result in g.results:
                verdicts.labels(outcome_of(result)).inc()
                if hasattr(result, "confidence"):
                    confidence.observe(result.confidence)
        return response

    @app.get("/metrics")
    def metrics():
        return Response(generate_latest(of_all(registry)), content_type=CONTENT_TYPE_LATEST)


def of_all(registry):
    """The registry to tell from: that of all workers where gunicorn.conf.py gave them a folder."""
    if FOLDER not in os.environ:
        return registry
    keep_folder()
    everyone = CollectorRegistry()
    MultiProcessCollector(everyone)
    return everyone


def keep_folder():
    """Make the workers' folder anew where someone tidied /tmp: without it none could start."""
    if FOLDER in os.environ:
        os.makedirs(os.environ[FOLDER], exist_ok=True)
