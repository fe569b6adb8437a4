"""What was read, or why nothing was, in the words of the contract."""

import base64
from http import HTTPStatus

import cv2
import numpy as np
from msgspec import UNSET

from digits.contract import Answer, Box, Digit, Guess, Picture, ProblemDetails
from digits.image import Damaged, Empty, PictureError, TooManyPixels, UnknownFormat, reduce
from digits.ink import even
from digits.saliency import saliency

STATUS = {
    Empty: HTTPStatus.BAD_REQUEST,
    UnknownFormat: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    TooManyPixels: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Damaged: HTTPStatus.UNPROCESSABLE_ENTITY,
}

SHOWN = 320  # pixels, the longest side of a step's picture
MOST_SHOWN = 100  # digits of one picture whose steps are sent
MOST_ASKED = 12  # digits whose saliency is found: some 40 times the work of reading one
HOT = (0, 80, 255)  # orange-red, as OpenCV orders blue, green and red


def problem_details(status, detail):
    """The ProblemDetails of an HTTP status; `detail` tells what to do about it."""
    status = HTTPStatus(status)
    return ProblemDetails("about:blank", status.phrase, status.value, detail)


def describe(reading, classifier, steps=()):
    """A Reading as the contract's Answer; and by name, the `steps` to it as pictures.

    Of a PictureError instead, ProblemDetails.
    """
    if isinstance(reading, PictureError):
        return problem_details(STATUS[type(reading)], str(reading))
    number = reading.number
    digits = [
        describe_digit(digit, row)
        for row, members in enumerate(reading.rows)
        for digit in members.digits
    ]
    only = digits[0] if len(number) == 1 else None
    shown = [name for name in STEPS if name in steps]
    return Answer(
        number=number,
        verdict=reading.verdict,
        digit=only.digit if only else None,
        confidence=reading.confidence,
        probabilities=only.probabilities if only else None,
        top=top(only.probabilities) if only else [],
        digits=digits,
        model=classifier.version,
        steps=[
            Picture(name, as_data_url(picture))
            for name in shown
            for picture in STEPS[name](reading, classifier)
        ]
        if shown
        else UNSET,
    )


def top(probabilities):
    best = sorted(range(len(probabilities)), key=probabilities.__getitem__, reverse=True)[:3]
    return [Guess(digit, probabilities[digit]) for digit in best]


def describe_digit(digit, row):
    return Digit(
        row=row,
        digit=digit.value,
        verdict=digit.verdict,
        confidence=digit.confidence,
        probabilities=digit.probabilities.tolist(),
        is_digit=digit.is_digit,
        box=Box(*digit.box),
    )


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


def as_data_url(picture):
    """(H, W) or (H, W, channels) uint8 as a PNG, at most SHOWN pixels along its longest side."""
    _, png = cv2.imencode(".png", reduce(picture, SHOWN))
    return "data:image/png;base64," + base64.b64encode(png).decode()
