"""python -m train.scenes: how numbers are read where people have them: beside words, in boxes …

They are composed of MNIST's digits and of words by hands that training does not see, photographed
in uneven light, and read from the JPEG as the server reads it.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

import model
from digits.read import read
from train import compose, data
from train.compose import HEIGHT, lay
from train.handwriting import Handwriting, HandwritingError
from train.negatives import smooth
from train.options import add_model, whole
from train.paper import light

MAX_PIXELS = 25_000_000
LENGTHS = (2, 6)  # digits in a number
UNITS = ("kg", "km", "cm", "mm", "m", "ml", "l", "g", "t", "h", "min", "pcs", "EUR", "€", "£")
LABELS = ("No.", "Nr", "Tel", "Total", "Sum", "Room", "Page", "Qty", "x =", "#", "Bus", "A", "to")
WORDS = (
    *("Monday", "March", "milk", "bread", "thank you"),
    *("closed", "Anna", "street", "please", "yes"),
)
APART = (0.3, 0.9)  # of a digit's height, between a word and a number
CLOSE = (0.12, 0.4)  # the same between a number and its sign
PEN = (3, 7)  # pixels, of lines
PITCH = 1.8  # of a digit's height, from row to row


class Hand:
    """Who writes a scene. digits: train.data.Digits. hands: Handwriting. rng: numpy's Generator."""

    def __init__(self, digits, hands, rng):
        self.digits, self.hands, self.rng = digits, hands, rng

    def number(self, lengths=LENGTHS):
        """Digits side by side, none touching: their ink, (h, w) float32, and which they are."""
        count = self.rng.integers(*lengths, endpoint=True)
        chosen = self.rng.integers(len(self.digits.labels), size=count)
        ink = compose.write(self.digits.images[chosen], self.rng, touching=0)
        return ink, "".join(map(str, self.digits.labels[chosen]))

    def word(self, words):
        """One of the words: its ink, and how many pixels that reaches below the foot of digits."""
        text = words[self.rng.integers(len(words))]
        return self.hands.word(text, HEIGHT * self.rng.uniform(0.8, 1.1), self.rng)

    def in_line(self, parts, gap):
        """Parts side by side, each its ink and how many pixels that reaches below the foot."""
        lefts = [0]
        for ink, _ in parts[:-1]:
            lefts.append(lefts[-1] + ink.shape[1] + self.pixels(*gap))
        tops = [round(below) - len(ink) for ink, below in parts]
        return lay([ink for ink, _ in parts], lefts, tops, self.rng.uniform(-0.04, 0.04))

    def below(self, inks):
        """Inks one below the other, each beginning about where the first does."""
        lefts = [self.pixels(0, 0.3) for _ in inks]
        tops = [round(row * PITCH * HEIGHT) for row in range(len(inks))]
        return lay(inks, lefts, tops, 0)

    def pixels(self, least, most):
        """Some share of a digit's height."""
        return round(self.rng.uniform(least, most) * HEIGHT)

    def line(self, ink, *points):
        """Draw a line over ink, through (x, y), as a hand draws it."""
        points = np.array(points) + self.rng.normal(0, 0.03 * HEIGHT, (len(points), 2))
        width = int(self.rng.integers(*PEN))
        cv2.polylines(ink, [np.round(points).astype(int)], False, 1.0, width, cv2.LINE_AA)
        return ink


# What is written: a Hand -> its ink, (h, w) float32, and the number that should be read, or None.


def by_itself(hand):
    return hand.number()


def after_sign(hand):
    ink, text = hand.number()
    return hand.in_line([hand.word("$€£"), (ink, 0)], CLOSE), text


def percent(hand):
    ink, text = hand.number((1, 3))
    return hand.in_line([(ink, 0), hand.word("%")], CLOSE), f"{text}%"


def with_unit(hand):
    ink, text = hand.number()
    return hand.in_line([(ink, 0), hand.word(UNITS)], APART), text


def with_label(hand):
    ink, text = hand.number()
    return hand.in_line([hand.word(LABELS), (ink, 0)], APART), text


def under_heading(hand):
    ink, text = hand.number()
    return hand.below([hand.word(WORDS)[0], ink]), text


def in_code(hand):
    """Letters among digits, as in A4B7: not to be accepted as a number."""
    parts = [hand.number((1, 2)), hand.number((1, 2))]
    letters = [hand.word("ABCDEFGHKMNPRTUVWXY") for _ in parts]
    (one, _), (two, _) = parts
    return hand.in_line([letters[0], (one, 0), letters[1], (two, 0)], CLOSE), None


def words(hand):
    return hand.word(WORDS)[0], None


def struck_out(hand):
    ink, _ = hand.number()
    ink = np.pad(ink, HEIGHT // 2)
    height, width = ink.shape
    left, right = hand.pixels(0, 0.4), width - hand.pixels(0, 0.4)
    return hand.line(ink, (left, height / 2), (width / 2, height / 2), (right, height / 2)), None


def beside_scribble(hand):
    ink, text = hand.number()
    sheet = np.zeros((HEIGHT, 2 * HEIGHT), np.float32)
    points = hand.rng.uniform(4, (2 * HEIGHT - 4, HEIGHT - 4), (9, 2)).astype(np.float32)
    parts = [(ink, 0), (hand.line(sheet, *smooth(points)), 0)]
    return hand.in_line(parts, (1, 2)), text


def underlined(hand):
    ink, text = hand.number()
    ink = np.pad(ink, ((0, HEIGHT // 2), (HEIGHT // 4,) * 2))
    foot = len(ink) - hand.pixels(0.1, 0.35)
    return hand.line(ink, (2, foot), (ink.shape[1] / 2, foot), (ink.shape[1] - 2, foot)), text


def boxed(hand):
    ink, text = hand.number()
    around = hand.pixels(0.3, 0.7)
    ink = np.pad(ink, around)
    right, foot = ink.shape[1] - 4, len(ink) - 4
    return hand.line(ink, (4, 4), (right, 4), (right, foot), (4, foot), (4, 4)), text


def ringed(hand):
    ink, text = hand.number((1, 3))
    ink = np.pad(ink, round(0.45 * max(ink.shape)))
    middle, size = np.array(ink.shape[::-1]) / 2, np.array(ink.shape[::-1]) / 2 - 4
    angles = np.linspace(0, 2 * np.pi, 60)[:, np.newaxis]
    way = middle + size * np.hstack([np.cos(angles), np.sin(angles)])
    width = int(hand.rng.integers(*PEN))
    return cv2.polylines(ink, [np.round(way).astype(int)], True, 1.0, width, cv2.LINE_AA), text


def a_digit_a_box(hand):
    parts = [hand.number((1, 1)) for _ in range(hand.rng.integers(3, 7))]
    side = round(1.6 * HEIGHT)
    ink = np.zeros((side + 8, side * len(parts) + 8), np.float32)
    for place, (digit, _) in enumerate(parts):
        top, left = 4 + (side - len(digit)) // 2, 4 + place * side + (side - digit.shape[1]) // 2
        ink[top : top + len(digit), left : left + digit.shape[1]] = digit
        cv2.rectangle(ink, (4 + place * side, 4), (4 + (place + 1) * side, 4 + side), 1.0, 2)
    return ink, "".join(text for _, text in parts)


def table(hand):
    wide, high = round(6 * HEIGHT), round(1.7 * HEIGHT)
    ink, texts = np.zeros((3 * high + 8, 2 * wide + 8), np.float32), []
    for row, column in np.ndindex(3, 2):
        digits, text = hand.number((2, 4))
        top = 4 + row * high + (high - len(digits)) // 2
        left = 4 + column * wide + hand.pixels(0.3, 0.8)
        ink[top : top + len(digits), left : left + digits.shape[1]] = digits
        cv2.rectangle(ink, *corners_of(row, column, high, wide), 1.0, 2)
        texts.append(text)
    return ink, "\n".join(texts)


def corners_of(row, column, high, wide):
    """A cell's, (x, y) each."""
    return (4 + column * wide, 4 + row * high), (4 + (column + 1) * wide, 4 + (row + 1) * high)


def column_of_digits(hand):
    inks, texts = zip(*(hand.number((1, 1)) for _ in range(5)), strict=True)
    return hand.below(inks), "\n".join(texts)


def column_of_numbers(hand):
    inks, texts = zip(*(hand.number() for _ in range(5)), strict=True)
    return hand.below(inks), "\n".join(texts)


# What it is written on: its ink and numpy's Generator -> brightness, (H, W) float32 in [0, 1].


def paper(ink, rng):
    return 1 - ink * rng.uniform(0.4, 0.95)


def ruled(ink, rng):
    sheet = paper(ink, rng)
    sheet[int(rng.integers(HEIGHT)) :: round(1.7 * HEIGHT)] *= 0.75
    return sheet


def squared(ink, rng):
    sheet = paper(ink, rng)
    pitch = int(rng.integers(HEIGHT // 2, HEIGHT))
    sheet[::pitch] *= 0.8
    sheet[:, ::pitch] *= 0.8
    return sheet


def shaded(ink, rng):
    """Half of it lies in a shadow with a sharp edge."""
    x, y = np.meshgrid(*(np.linspace(-1, 1, side) for side in ink.shape[::-1]))
    edge = x * np.cos(angle := rng.uniform(0, 7)) + y * np.sin(angle) > rng.uniform(-0.5, 0.5)
    edge = cv2.GaussianBlur(edge.astype(np.float32), (0, 0), 2)
    return paper(ink, rng) * (1 - rng.uniform(0.3, 0.55) * edge)


def blackboard(ink, rng):
    return rng.uniform(0.15, 0.3) + rng.uniform(0.3, 0.6) * ink


def upside_down(ink, rng):
    return np.rot90(paper(ink, rng), 2)


def sideways(ink, rng):
    return np.rot90(paper(ink, rng), rng.choice([1, 3]))


SCENES = [  # what is written, and on what
    *((write, paper) for write in (by_itself, after_sign, percent, with_unit, with_label)),
    *((write, paper) for write in (under_heading, in_code, words, struck_out, beside_scribble)),
    *((write, paper) for write in (underlined, boxed, ringed, a_digit_a_box, table)),
    *((write, paper) for write in (column_of_digits, column_of_numbers)),
    *((by_itself, on) for on in (ruled, squared, shaded, blackboard)),
    *((column_of_numbers, on) for on in (shaded, upside_down, sideways)),
]
NAMES = {
    f"{write.__name__}, {on.__name__}".replace("_", " ").removesuffix(", paper"): (write, on)
    for write, on in SCENES
}


def main():
    options = arguments()
    try:
        mnist = data.load(options.mnist)
        hands = Handwriting(options.handwriting, unseen=True)
        classifier = model.load(options.model)
    except (data.DataError, HandwritingError, model.ModelError) as error:
        raise SystemExit(str(error)) from error
    digits = mnist.validation if options.validation else mnist.test
    print(f"{classifier.version}, {options.count} photographs of each scene\n")
    print(f"{'':40s}exact %   accepted and wrong %")
    for name in options.only or NAMES:
        hand = Hand(digits, hands, np.random.default_rng(0))
        scenes = [compose_one(hand, *NAMES[name]) for _ in range(options.count)]
        outcomes = [outcome(*scene, classifier) for scene in scenes]
        exact, wrong = 100 * np.mean(outcomes, axis=0)
        exact = "" if np.isnan(exact) else f"{exact:.0f}"
        print(f"{name:40s}{exact:>7s}{wrong:23.0f}", flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="python -m train.scenes", description=__doc__)
    data.add_arguments(parser)
    add_model(parser)
    parser.add_argument("--handwriting", type=Path, required=True, help="a folder of fonts")
    parser.add_argument("--count", type=whole(), default=60, help="photographs of each scene")
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="SCENE", help="as printed")
    parser.add_argument("--validation", action="store_true", help="of digits to develop with")
    return parser.parse_args()


def compose_one(hand, write, on):
    """A JPEG's bytes, and what should be read in it."""
    ink, text = write(hand)
    return photograph(ink, on, hand.rng), text


def photograph(ink, on, rng):
    """Ink on some ground, with room around it, in some light: a JPEG's bytes."""
    room = rng.integers(HEIGHT, 4 * HEIGHT, (2, 2))
    scene = on(np.pad(ink, room), rng)
    scale = rng.uniform(0.6, 1.6)
    scene = cv2.resize(scene, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    scene = cv2.GaussianBlur(scene, (0, 0), rng.uniform(0.3, 1.2)) * light(scene.shape, rng)
    scene = 255 * scene + rng.normal(0, rng.uniform(0, 5), scene.shape)
    _, jpeg = cv2.imencode(".jpg", np.clip(scene, 0, 255).astype(np.uint8))
    return jpeg.tobytes()


def outcome(jpeg, text, classifier):
    """Whether it is read exactly, NaN where nothing is to be; and whether accepted wrongly."""
    reading = read(jpeg, classifier, MAX_PIXELS)
    is_accepted = reading.verdict in ("digit", "number")
    return (
        np.nan if text is None else reading.number == text,
        is_accepted and reading.number != text,
    )


if __name__ == "__main__":
    main()
