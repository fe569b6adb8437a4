"""One line of JSON on stdout for each request, and the id that names it there and in its answer."""

import contextlib
import logging
import re
import secrets
import sys
import time
from collections import Counter
from datetime import UTC, datetime

import msgspec
from flask import g, request

WELL_FORMED = re.compile(r"[\w.-]{1,64}", re.ASCII)


def log(app):
    """Log every request of the app: never a picture, a query, an address or an unknown path."""

    @app.before_request
    def begin():
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
        g.begin = time.perf_counter()

    @app.after_request
    def end(response):
        response.headers["X-Request-ID"] = g.request_id
        with contextlib.suppress(OSError):  # a disk that is full; a reader of the log that is gone
            sys.stdout.write(msgspec.json.encode(line(response)).decode() + "\n")
            sys.stdout.flush()
        return response


def line(response):
    """What is told of a request."""
    told = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "id": g.request_id,
        "method": request.method,
        "path": request.url_rule and request.url_rule.rule,
        "status": response.status_code,
        "bytes": response.content_length,
        "ms": round(1000 * (time.perf_counter() - g.begin), 1),
    }
    if "results" in g:
        told["verdicts"] = Counter(outcome_of(result) for result in g.results)
        told["model"] = next((r.model for r in g.results if hasattr(r, "model")), None)
    return told


def outcome_of(result):
    """The verdict of an answer; "refused" of a problem."""
    return getattr(result, "verdict", "refused")


class Discreet(logging.Filter):
    """Of requests that never reach the app, gunicorn's log tells their kind, and no more."""

    def filter(self, record):
        text, kind = str(record.msg), sys.exc_info()[0]
        if text.startswith("Invalid request from"):
            record.msg = f"Refused what is not an HTTP request: {kind.__name__}"
        elif text.startswith("Error handling request"):
            record.msg, record.args = "Error handling a request", ()
        elif text.startswith("Socket error") and issubclass(kind, BlockingIOError):
            record.msg = "Gave up a client that sent or took no more"
            record.exc_info = None
        return True
