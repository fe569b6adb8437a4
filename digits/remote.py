"""Ask a server for what it reads, as any script may: see /docs there."""

import time
from http import HTTPStatus
from http.client import HTTPException, IncompleteRead
from random import uniform
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import HTTPRedirectHandler, Request, build_opener

from msgspec import DecodeError
from msgspec.json import decode

from digits.answer import problem_details
from digits.contract import Answer, ProblemDetails

PATIENCE = 120  # seconds for an answer
BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
# Seconds since a server last answered any picture, for which it is asked again: where it is busy,
# longer than a minute's rate makes one of many wait; where it is not there, as long as it restarts.
BUSY_FOR, GONE_FOR = 120, 10
LONGEST = 60  # seconds that a server may have one wait
PAUSE = 2  # seconds, where it does not say how long
QUIET = 5  # seconds without an answer that need no word


class Server:
    """A server of this program, which threads may ask side by side.

    url: without the path, http or https. tell: is called with words, once each time it is waited
    for.
    """

    def __init__(self, url, tell):
        self.url, self._tell = url, tell
        self._answered, self._is_waited_for = time.monotonic(), False

    def ask(self, picture, mode):
        """The Answer to a picture's bytes, or ProblemDetails."""
        kind = {"Content-Type": "application/octet-stream"}
        request = Request(f"{self.url}/predict?mode={mode}", picture, kind)  # noqa: S310
        while True:
            answer, wait, patience = self._try(request)
            now = time.monotonic()
            if wait is None:
                self._answered, self._is_waited_for = now, False
                return answer
            if wait > LONGEST or now + wait > self._answered + patience:
                return answer
            if not self._is_waited_for and now + wait > self._answered + QUIET:
                self._is_waited_for = True
                self._tell(f"Waiting for {self.url}: {answer.detail}")
            time.sleep(wait)

    def _try(self, request):
        """An answer; and the seconds to wait before another try, None where that is it."""
        try:
            with OPENER.open(request, timeout=PATIENCE) as response:
                return decode(response.read(), type=Answer), None, 0
        except HTTPError as error:
            wait = wait_of(error) if error.code in BUSY else None
            return problem_of(error), wait, BUSY_FOR
        except (IncompleteRead, OSError) as error:
            words = f"{self.url} does not answer: {getattr(error, 'reason', error)}"
            return problem_details(503, words), PAUSE, GONE_FOR
        except (DecodeError, HTTPException) as error:
            words = f"{self.url} is not a server of this program: {error}"
            return problem_details(502, words), None, 0


class Stay(HTTPRedirectHandler):
    """Not followed: a POST would become a GET."""

    def redirect_request(self, *_):
        return None


OPENER = build_opener(Stay)


def wait_of(error):
    """The seconds that a server has one wait; not all at once, where it does not say how long."""
    told = error.headers.get("Retry-After", "")
    return float(told) if told.isdecimal() else uniform(PAUSE / 2, PAUSE)  # noqa: S311


def problem_of(error):
    """An HTTPError's ProblemDetails; those of its status where a router in between answered."""
    try:
        return decode(error.read(), type=ProblemDetails)
    except (DecodeError, HTTPException, OSError):
        is_known = error.code in set(HTTPStatus)
        status = error.code if is_known else HTTPStatus.BAD_GATEWAY
        words = error.reason or f"{error.url} answers {error.code}"
        if place := error.headers.get("Location"):
            address = urljoin(error.url, place).partition("/predict")[0]
            words = f"The server redirects to {address}: use that address."
        return problem_details(status, words)
