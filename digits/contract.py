"""The contract of the API: the types of what comes in and of what goes out.

They check what is asked and write what is answered, and digits/openapi.py publishes them.
"""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

REF = "#/components/schemas/{name}"  # where the document has a type

Step = Literal["grey", "even", "ink", "digit", "input", "saliency"]
DigitVerdict = Literal["digit", "unsure", "not_a_digit"]
Verdict = Literal["digit", "number", "unsure", "not_a_digit", "blank"]

BASE64 = "A picture as base64, or as a data: URL of an image in base64."
DRAWING = "data:image/png;base64,iVBORw0KGgo…"


def number(description, example, low=0, high=None, type=float):
    return Annotated[type, Meta(description=description, examples=[example], ge=low, le=high)]


def digit_from_0(description):
    return number(description, 3, high=9, type=int)


def probability(description):
    return number(description, 0.9987, high=1)


def ten(description):
    example = [0.0, 0.0, 0.0, 0.9987, 0.0, 0.0008, 0.0, 0.0, 0.0005, 0.0]
    each = Annotated[float, Meta(ge=0, le=1)]
    meta = Meta(description=description, examples=[example], min_length=10, max_length=10)
    return Annotated[list[each], meta]


def text(description, example, type=str):
    return Annotated[type, Meta(description=description, examples=[example])]


def one_of(*types):
    """The schema of a value of one of these types."""
    refs = [{"$ref": REF.format(name=type.__name__)} for type in types]
    return refs[0] if len(refs) == 1 else {"anyOf": refs}


class Images(Struct):
    """One picture as `image`, or several as `images`, not both. Other members are ignored."""

    image: text(BASE64, DRAWING) | UnsetType = UNSET
    # Any, not str: a member that is no string is one problem in the list, and fails no others.
    images: (
        Annotated[
            list[Any],
            Meta(
                description="Several pictures, answered in the same order in `results`.",
                extra_json_schema={
                    "items": {"type": "string", "description": BASE64, "examples": [DRAWING]},
                    "minItems": 1,
                },
            ),
        ]
        | UnsetType
    ) = UNSET


class Box(Struct):
    """A rectangle in pixels of the picture as sent, after its EXIF orientation."""

    x: number("Its left edge, from the picture's left.", 31, type=int)
    y: number("Its top edge, from the picture's top.", 20, type=int)
    width: number("Its width.", 90, 1, type=int)
    height: number("Its height.", 140, 1, type=int)


class Guess(Struct):
    digit: digit_from_0("The digit.")
    probability: probability("That it is this one, if it is a digit.")


class Digit(Struct):
    """One digit of the picture, or what was taken for one."""

    row: number("The row of the page that it is in, from 0.", 0, type=int)
    digit: digit_from_0("The best guess.")
    verdict: text("What to make of it.", "digit", DigitVerdict)
    confidence: probability(
        "That `digit` is right: its probability times `is_digit`, halved where there is much other"
        " ink. Calibrated: of answers given with 0.9, nine in ten are right."
    )
    probabilities: ten("Of each digit, if it is one. They sum to 1.")
    is_digit: probability("That it is a digit at all.")
    box: Box


class Picture(Struct):
    """One step from the picture to the network's input."""

    name: text("Which step.", "ink", Step)
    image: text("A PNG as a data: URL, 320 pixels at most along a side.", DRAWING)


class Answer(Struct):
    """What one picture says."""

    number: text(
        'The digits in reading order, rows joined by a line feed, "?" for a mark that is no digit,'
        " . , - : / + × ÷ = ( ) % where they are clear; empty where the picture is blank.",
        "3",
    )
    verdict: text(
        "`digit`: one, and sure enough. `number`: several, or one with signs, each sure enough."
        " `unsure`: a best guess. `not_a_digit`: most likely none. `blank`: no ink.",
        "digit",
        Verdict,
    )
    digit: (
        digit_from_0("The best guess, even when unsure; null for none, several, or with signs.")
        | None
    )
    confidence: probability("That `number` is right; of several digits, the product of theirs.")
    probabilities: ten("Those of the one digit; null where `digit` is.") | None
    top: Annotated[
        list[Guess], Meta(description="The three likeliest values of the one digit.", max_length=3)
    ]
    digits: Annotated[list[Digit], Meta(description="Each digit, row by row from left to right.")]
    model: text("The network that read it.", "mnist_cnn@ab65da6ca642")
    steps: (
        Annotated[list[Picture], Meta(description="What `steps` asked for, in their order.")]
        | UnsetType
    ) = UNSET


class ProblemDetails(Struct):
    """Why there is no answer (RFC 9457)."""

    type: text("The kind of problem; `about:blank` means that `status` says it all.", "about:blank")
    title: text("The status in words.", "Unprocessable Entity")
    status: number("The HTTP status.", 422, 400, 599, int)
    detail: text("What is wrong, and what to do about it.", "The picture is damaged.")
    request_id: (
        text("What the server's log calls the request; `X-Request-ID` too.", "f81d4fae7dec11d0")
        | UnsetType
    ) = UNSET


class Answers(Struct):
    """What several pictures say."""

    results: Annotated[
        list[Any],
        Meta(
            description="In the order of the pictures, an answer or a problem for each.",
            extra_json_schema={"items": one_of(Answer, ProblemDetails)},
        ),
    ]


class Alive(Struct):
    status: Literal["alive"]


class Ready(Struct):
    status: Literal["ready"]
    model: text("The network that answers.", "mnist_cnn@ab65da6ca642")


class Limits(Struct):
    """What one request may hold."""

    bytes: number("Of the whole request.", 10_000_000, 1, type=int)
    pixels: number("Of all its pictures together.", 25_000_000, 1, type=int)
    images: number("Pictures.", 64, 1, type=int)
    seconds: number("Of reading; what is left of a list by then is refused.", 10, 1, type=int)
    formats: text("What is decoded; everything else is refused.", ["PNG", "JPEG"], list[str])


class OperatingPoint(Struct):
    """The thresholds of the verdicts."""

    is_digit: probability("Below this `is_digit`, the verdict is `not_a_digit`.")
    confidence: probability("Below this `confidence`, one that is alone is `unsure`.")
    among: probability("Below this `confidence`, one among others is `unsure`.")


class Network(Struct):
    """The network that answers. What its card does not say is null."""

    model: text("Its name and the beginning of its hash, as in every answer.", "mnist_cnn@ab65da…")
    sha256: text("The hash of the trained network, a Keras .h5 file.", "ab65da…") | None
    made: text("The day it was trained.", "2026-11-21") | None
    architecture: text(
        "`input` and `output`, the number of `parameters` and of `towers` that read side by side,"
        " and `layers`, tower by tower.",
        {"parameters": 1343754, "towers": 2},
        dict[str, Any],
    )
    training: (
        text("How many digits of each set it learned from.", {"mnist": 55000}, dict[str, int])
        | None
    )
    scores: text(
        "`test`: MNIST's test digits; `validation`, of each tower: digits and what is none,"
        " as they are and distorted.",
        {"test": {"digits": 10000, "misses": 37, "accuracy": 0.9963}},
        dict[str, Any],
    )
    calibration: text(
        "What was fitted to each tower so that its probabilities mean what they say.",
        [{"temperature": 0.9989, "slope": 0.9115, "offset": 1.9331}],
        list[dict[str, float]],
    )
    strip: (
        text(
            "The network that reads digits that touch, and of its `test`, by itself, how many"
            " `strips` of some digits or none there were, and how many it got `right`.",
            {"model": "mnist_strip@ab65da…", "parameters": 473259},
            dict[str, Any],
        )
        | None
    )
    operating_point: OperatingPoint
    limits: Limits
