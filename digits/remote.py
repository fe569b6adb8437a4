"""Ask a server for what it reads, as any script may: see /docs there."""

import time
from http import HTTPStatus
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from msgspec import DecodeError
from msgspec.json import decode

from digits.answer import problem_details
from digits.contract import Answer, ProblemDetails

PATIENCE = 120  # seconds for an answer
TRIES = 5  # where the server is busy and says how long to wait
BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


def ask(url, picture, mode, tries=TRIES):
    """The Answer to a picture's bytes, or ProblemDetails.

    url: of the server, without a path, http or https.
    """
    kind = {"Content-Type": "application/octet-stream"}
    request = Request(f"{url}/predict?mode={mode}", picture, kind)  # noqa: S310
    try:
        with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
            return decode(response.read(), type=Answer)
    except HTTPError as error:
        wait = error.headers.get("Retry-After", "")
        if error.code in BUSY and wait.isdecimal() and tries > 1:
            time.sleep(int(wait))
            return ask(url, picture, mode, tries - 1)
        return problem_of(error)
    except URLError as error:
        return problem_details(503, f"{url} does not answer: {error.reason}")
    except (DecodeError, HTTPException, OSError) as error:
        return problem_details(502, f"{url} is not a server of this program: {error}")


def problem_of(error):
    """An HTTPError's ProblemDetails; those of its status where a router in between answered."""
    try:
        return decode(error.read(), type=ProblemDetails)
    except (DecodeError, HTTPException, OSError):
        is_known = error.code in set(HTTPStatus)
        status = error.code if is_known else HTTPStatus.BAD_GATEWAY
        return problem_details(status, error.reason or f"{error.url} answers {error.code}")
