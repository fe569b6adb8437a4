"""The HTTP interface: every way a picture comes in, and an answer or a problem as JSON."""

import base64
import binascii
import codecs
import contextlib
import sys
import time
from io import BytesIO
from math import ceil

import msgspec
import numpy as np
from flask import Blueprint, Request, Response, g, request
from werkzeug.exceptions import ClientDisconnected, HTTPException, MethodNotAllowed

from digits.answer import STEPS, describe, problem_details
from digits.card import describe_network
from digits.contract import Alive, Answers, Images, ProblemDetails, Ready
from digits.openapi import JSON, PROBLEM, VERSION, document
from digits.read import MODES, read_many
from digits.reader import Busy, Reader

BLANK = np.zeros((1, 28, 28, 1), np.float32)  # an input to try the network with
DRAINED = 1 << 20  # bytes at a time: gunicorn copies all that it holds, each time
PAUSE = 0.05  # seconds before a refusal, or who asks again at once would take the processor

ASKED = msgspec.json.Decoder(Images)

WAYS_IN = (
    'Send JSON {"image": "<base64 or data: URL>"} as application/json, '
    "a file named image as multipart/form-data, or the picture's bytes as the body."
)
TOO_LONG = "The images before it took the {seconds} s that a request may take. Send fewer at once."
NO_STRING = "The image is not a string. Send base64 or a data: URL."
WRONG = {  # by where msgspec finds it
    "`$.image`": NO_STRING,
    "`$.images`": '"images" is not a list of base64 strings or data: URLs.',
}


class RequestInMemory(Request):
    """A request whose files are written nowhere: Werkzeug puts large ones on the disk."""

    def _get_file_stream(self, *_, **__):
        return BytesIO()


class Problem(Exception):
    """A request that cannot be answered; `detail` tells its sender what to do about it."""

    def __init__(self, status, detail):
        super().__init__(detail)
        self.details = problem_details(status, detail)


def create_api(classifier, settings):
    """The blueprint of all that digits.openapi documents, and the shape of every error."""
    api = Blueprint("api", __name__)
    reader = Reader(settings.max_queue, settings.max_wait)

    @api.post("/predict")
    def predict():
        reader.check()  # before the body has been taken in
        mode = request.args.get("mode", "auto")
        if mode not in MODES:
            raise Problem(400, f"There is no mode {mode!r}. Use one of: {', '.join(MODES)}.")
        steps = steps_of_request()
        pictures, several = pictures_of_request(settings)
        asked = time.perf_counter()
        results = reader.do(answer_all, pictures, mode, steps)
        g.results = results  # for the log and the metrics
        g.seconds = {"wait": g.turn - asked, "read": time.perf_counter() - g.turn}
        return as_json(Answers(results) if several else results[0])

    def answer_all(pictures, mode, steps):
        """The answer for each picture, or its problem: a bad one does not fail the others.

        Nor does one beyond the time that a request may take.
        """
        g.turn = time.perf_counter()
        contents = [content_or_problem(picture) for picture in pictures]
        good = (each for each in contents if isinstance(each, bytes))
        readings = read_many(good, classifier, settings.max_pixels, mode)
        late = problem_details(413, TOO_LONG.format(seconds=settings.max_time))
        results, is_first = [], True  # which is read however long it takes
        for each in contents:
            if isinstance(each, bytes):
                is_late = not is_first and time.perf_counter() - g.turn > settings.max_time
                each = late if is_late else describe(next(readings), classifier, steps)
                is_first = False
            results.append(each)
        return results

    contract = document(settings)
    network = describe_network(classifier, settings)

    @api.get("/openapi.json")
    def openapi():
        return as_json(contract)

    @api.get("/model")
    def model():
        return as_json(network)

    @api.get("/healthz")
    def healthz():
        return as_json(Alive("alive"))

    @api.get("/readyz")
    def readyz():
        try:
            reader.do_anyway(classifier, BLANK)
        except Exception as error:
            raise Problem(503, "The network does not answer. Try again shortly.") from error
        return as_json(Ready("ready", classifier.version))

    @api.after_request
    def add_version(response):
        response.headers["API-Version"] = VERSION
        return response

    @api.app_errorhandler(Problem)
    def problem(error):
        drain(4 * settings.max_bytes)
        return as_json(error.details)

    @api.app_errorhandler(Busy)
    def busy(error):
        response = problem(Problem(503, "Too many requests are waiting. Try again shortly."))
        time.sleep(PAUSE)
        response.retry_after = max(1, ceil(error.seconds))
        return response

    @api.app_errorhandler(HTTPException)
    def http_error(error):
        told = Problem(error.code, explain(error, settings))
        is_gone = isinstance(error, ClientDisconnected)  # and sends no more that could be read
        response = as_json(told.details) if is_gone else problem(told)
        if isinstance(error, MethodNotAllowed):
            response.allow.update(error.valid_methods)
        return response

    return api


def explain(error, settings):
    """What the sender of a request that Flask refused can do about it."""
    match error.code:
        case 404:
            return (
                f"There is nothing at {request.path}. The page is at /, what scripts ask at /docs."
            )
        case 405:
            methods = " or ".join(sorted(set(error.valid_methods) - {"OPTIONS", "HEAD"}))
            return f"{request.path} does not take {request.method}. Use {methods}."
        case 413:
            limit = f"{settings.max_bytes / 1e6:g} MB"
            return f"The request is larger than {limit} or has too many parts. Send less at once."
        case 429:
            return f"The limit is {error.description}. Wait as long as Retry-After says."
        case 500:
            return "Something went wrong here, not with your request. It has been logged."
        case _:
            return error.description


def drain(most):
    """Read on and forget: who is still sending could not receive the answer."""
    if "Transfer-Encoding" in request.headers:
        return  # a chunked body may have no end
    request.max_content_length = sys.maxsize  # or reading on would be refused, too
    with contextlib.suppress(HTTPException, OSError):  # who is gone needs no answer
        while most > 0 and (chunk := request.stream.read(DRAINED)):
            most -= len(chunk)


def steps_of_request():
    asked = ",".join(request.args.getlist("steps")).split(",")
    names = [name for each in asked if (name := each.strip())]
    for name in names:
        if name not in STEPS:
            raise Problem(400, f"There is no step {name!r}. Use any of: {', '.join(STEPS)}.")
    return names


def pictures_of_request(settings):
    """What came in: a list of bytes and base64 strings, and whether several were asked for."""
    if "Transfer-Encoding" in request.headers:
        # A chunked body's end is known only when it has come, which may be never.
        raise Problem(411, "Send the request whole, with its Content-Length, and not in chunks.")
    if request.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise Problem(415, "Send the body as it is, not compressed, without Content-Encoding.")
    if request.mimetype == "application/json":
        pictures, several = pictures_of_json(request.get_data())
    elif request.mimetype == "multipart/form-data":
        pictures = [file.read() for file in request.files.getlist("image")]
        pictures += request.form.getlist("image")
        several = len(pictures) > 1
    else:
        pictures, several = [request.get_data(parse_form_data=False)], False
        # The page sends any file as octet-stream: who chose it cannot change that.
        if pictures[0][:1] == b"{" and request.mimetype != "application/octet-stream":
            raise Problem(415, "That looks like JSON: send it as Content-Type: application/json.")
    if not pictures:
        raise Problem(400, f"There is no image in the request. {WAYS_IN}")
    if len(pictures) > settings.max_images:
        raise Problem(413, f"At most {settings.max_images} images are read in one request.")
    return pictures, several


def pictures_of_json(body):
    try:
        asked = ASKED.decode(body.removeprefix(codecs.BOM_UTF8))  # PowerShell's
    except msgspec.ValidationError as error:
        _, _, place = str(error).partition(" - at ")
        raise Problem(400, WRONG.get(place, f"The body is not a JSON object. {WAYS_IN}")) from error
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"The body is not JSON. {WAYS_IN}") from error
    if asked.images is msgspec.UNSET:
        return [] if asked.image is msgspec.UNSET else [asked.image], False
    if asked.image is not msgspec.UNSET:
        raise Problem(400, "Send image or images, not both.")
    return asked.images, True


def content_or_problem(picture):
    try:
        return content(picture)
    except Problem as problem:
        return problem.details


def content(picture):
    """The bytes of one picture: as they came, or out of base64 or a data: URL."""
    if isinstance(picture, str):
        picture = from_base64(picture)
    if not isinstance(picture, bytes):
        raise Problem(400, NO_STRING)
    return picture


def from_base64(text):
    if text[:5].lower() == "data:":
        kind, comma, text = text.partition(",")
        kind = kind.lower()
        if not kind.startswith("data:image/"):
            raise Problem(415, "The data: URL is not of an image: it must begin data:image/.")
        if not comma or not kind.endswith(";base64"):
            raise Problem(400, "The data: URL is not base64: it needs ;base64, before the data.")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Problem(400, "The image is not base64, or the end of it is missing.") from error


def as_json(answer):
    """A response of any of the contract's types, or of a dict."""
    if isinstance(answer, ProblemDetails):
        answer.request_id = g.request_id
        return Response(msgspec.json.encode(answer), answer.status, mimetype=PROBLEM)
    return Response(msgspec.json.encode(answer), mimetype=JSON)
