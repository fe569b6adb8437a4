"""The HTTP interface: every way a picture comes in, and a Reading or a problem as JSON."""

import base64
import binascii
import json
from concurrent.futures import ThreadPoolExecutor, wait
from http import HTTPStatus

import cv2
import numpy as np
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from digits.image import Damaged, PictureError, TooManyPixels, UnknownFormat, even
from digits.read import MODES, read
from digits.saliency import saliency

STATUS = {
    UnknownFormat: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    TooManyPixels: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Damaged: HTTPStatus.UNPROCESSABLE_ENTITY,
}

SHOWN = 320  # pixels, the longest side of a step's picture
MOST_SHOWN = 100  # digits of one picture whose steps are sent
MOST_ASKED = 12  # digits whose saliency is found: some 40 times the work of reading one
HOT = (0, 80, 255)  # orange-red, as OpenCV orders blue, green and red
BLANK = np.zeros((1, 28, 28, 1), np.float32)  # an input to try the network with

WAYS_IN = (
    'Send JSON {"image": "<base64 or data: URL>"} as application/json, '
    "a file named image as multipart/form-data, or the picture's bytes as the body."
)


class Problem(Exception):
    """A request that cannot be answered; `detail` tells its sender what to do about it."""

    def __init__(self, status, detail):
        super().__init__(detail)
        self.status = HTTPStatus(status)
        self.detail = detail

    def as_dict(self):
        """The members of RFC 9457."""
        return {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }


def create_api(classifier, settings):
    """The blueprint of /predict, /healthz and /readyz, and the shape of every error."""
    api = Blueprint("api", __name__)
    # Requests come in side by side, but one thread of a process reads them all: threads that take
    # turns at the interpreter's lock are no faster together, and memory is that of one picture.
    reader = ThreadPoolExecutor(1)
    wait([reader.submit(classifier, BLANK)])  # warm before the first request

    @api.post("/predict")
    def predict():
        mode = request.args.get("mode", "auto")
        if mode not in MODES:
            raise Problem(400, f"There is no mode {mode!r}. Use one of: {', '.join(MODES)}.")
        steps = request.args.get("steps", "").split(",")
        pictures, several = pictures_of_request(settings)
        results = reader.submit(answer_all, pictures, mode, steps).result()
        if several:
            return as_json({"results": results})
        (result,) = results
        return as_json(result) if "verdict" in result else as_problem(result)

    def answer_all(pictures, mode, steps):
        """The answer for each picture, or its problem: a bad one does not fail the others."""
        answers, pixels = [], settings.max_pixels
        for picture in pictures:
            try:
                reading = read(content(picture), classifier, pixels, mode)
                answers.append(describe(reading, classifier, steps))
                pixels -= reading.pixels
            except PictureError as error:
                answers.append(Problem(STATUS[type(error)], str(error)).as_dict())
            except Problem as problem:
                answers.append(problem.as_dict())
        return answers

    @api.get("/healthz")
    def healthz():
        return as_json({"status": "alive"})

    @api.get("/readyz")
    def readyz():
        try:
            reader.submit(classifier, BLANK).result()
        except Exception as error:
            raise Problem(503, "The network does not answer. Try again shortly.") from error
        return as_json({"status": "ready", "model": classifier.version})

    @api.app_errorhandler(Problem)
    def problem(error):
        return as_problem(error.as_dict())

    @api.app_errorhandler(HTTPException)
    def http_error(error):
        if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            drain(request.environ["wsgi.input"], 4 * settings.max_bytes)
        response = problem(Problem(error.code, explain(error, settings)))
        if isinstance(error, MethodNotAllowed):
            response.allow.update(error.valid_methods)
        return response

    return api


def explain(error, settings):
    """What the sender of a request that Flask refused can do about it."""
    match error.code:
        case 404:
            return f"There is nothing at {request.path}. The page is at /, the API at /predict."
        case 405:
            methods = " or ".join(sorted(set(error.valid_methods) - {"OPTIONS", "HEAD"}))
            return f"{request.path} does not take {request.method}. Use {methods}."
        case 413:
            limit = f"{settings.max_bytes / 1e6:g} MB"
            return f"The request is larger than {limit} or has too many parts. Send less at once."
        case 500:
            return "Something went wrong here, not with your request. It has been logged."
        case _:
            return error.description


def drain(stream, most):
    """Read on and forget: who is still sending could not receive the answer."""
    while most > 0 and (chunk := stream.read(65536)):
        most -= len(chunk)


def pictures_of_request(settings):
    """What came in: a list of bytes and base64 strings, and whether several were asked for."""
    if "Transfer-Encoding" in request.headers:
        # A chunked body's end is known only when it has come, which may be never.
        raise Problem(411, "Send the request whole, with its Content-Length, and not in chunks.")
    if request.mimetype == "application/json":
        pictures, several = pictures_of_json(request.get_data())
    elif request.mimetype == "multipart/form-data":
        pictures = [file.read() for file in request.files.getlist("image")]
        pictures += request.form.getlist("image")
        several = len(pictures) > 1
    else:
        pictures, several = [request.get_data(parse_form_data=False)], False
    if not pictures:
        raise Problem(400, f"There is no image in the request. {WAYS_IN}")
    if len(pictures) > settings.max_images:
        raise Problem(413, f"At most {settings.max_images} images are read in one request.")
    return pictures, several


def pictures_of_json(body):
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"The body is not JSON. {WAYS_IN}") from error
    if not isinstance(fields, dict):
        raise Problem(400, f"The body is not a JSON object. {WAYS_IN}")
    if "images" not in fields:
        return [fields["image"]] if "image" in fields else [], False
    if not isinstance(fields["images"], list):
        raise Problem(400, '"images" is not a list of base64 strings or data: URLs.')
    return fields["images"], True


def content(picture):
    """The bytes of one picture: as they came, or out of base64 or a data: URL."""
    if isinstance(picture, str):
        picture = from_base64(picture)
    if not isinstance(picture, bytes):
        raise Problem(400, "The image is not a string. Send base64 or a data: URL.")
    if not picture:
        raise Problem(400, "The image is empty. Choose or send another.")
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


def describe(reading, classifier, steps):
    """A Reading in the words of the contract; and by name, the `steps` to it as pictures."""
    only = reading.digits[0] if len(reading.number) == 1 else None
    answer = {
        "number": reading.number,
        "verdict": reading.verdict,
        "digit": only.value if only else None,
        "confidence": reading.confidence,
        "probabilities": only.probabilities.tolist() if only else None,
        "top": top(only.probabilities) if only else [],
        "digits": [
            {
                "row": row,
                "digit": digit.value,
                "verdict": digit.verdict,
                "confidence": digit.confidence,
                "probabilities": digit.probabilities.tolist(),
                "is_digit": digit.is_digit,
                "box": digit.box._asdict(),
            }
            for row, members in enumerate(reading.rows)
            for digit in members.digits
        ],
        "model": classifier.version,
    }
    shown = [name for name in STEPS if name in steps]
    if shown:
        answer["steps"] = [
            {"name": name, "image": as_data_url(picture)}
            for name in shown
            for picture in STEPS[name](reading, classifier)
        ]
    return answer


# The way from the picture to the network's input, in order, and what the answer rests on: what can
# be asked for with ?steps=.
STEPS = {
    "grey": lambda reading, _: [reading.grey],
    "even": lambda reading, _: [255 - even(reading.grey)],
    "ink": lambda reading, _: [black_on_white(reading.ink)],
    "digit": lambda reading, _: [black_on_white(d.ink) for d in reading.digits[:MOST_SHOWN]],
    "input": lambda reading, _: [black_on_white(d.input) for d in reading.digits[:MOST_SHOWN]],
    "saliency": lambda reading, classifier: [
        glow(saliency(digit, classifier)) for digit in reading.digits[:MOST_ASKED]
    ],
}


def black_on_white(ink):
    """Ink as people write it, uint8."""
    return ((1 - ink) * 255).astype(np.uint8)


def glow(heat):
    """(h, w) in [0, 1] -> (h, w, 4) uint8 to lay over the digit: one colour, its alpha the heat."""
    alpha = np.rint(heat * 255).astype(np.uint8)
    return np.dstack([np.full((*heat.shape, 3), HOT, np.uint8), alpha])


def top(probabilities):
    best = np.argsort(-probabilities)[:3]
    return [{"digit": int(i), "probability": float(probabilities[i])} for i in best]


def as_data_url(picture):
    """(H, W) or (H, W, channels) uint8 as a PNG, at most SHOWN pixels along its longest side."""
    height, width = picture.shape[:2]
    factor = SHOWN / max(height, width)
    if factor < 1:
        size = max(1, round(width * factor)), max(1, round(height * factor))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    _, png = cv2.imencode(".png", picture)
    return "data:image/png;base64," + base64.b64encode(png).decode()


def as_json(answer):
    return Response(json.dumps(answer), mimetype="application/json")


def as_problem(problem):
    body = json.dumps(problem)
    return Response(body, problem["status"], mimetype="application/problem+json")
