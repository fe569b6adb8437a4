"""Digits -> strips of several that touch, by any hand, and where each of them lies."""

from itertools import pairwise

import cv2
import numpy as np

from digits.normalise import DIGIT
from digits.strip import place_at, places_in, strip
from train.augment import bend, blur, change_pen
from train.compose import HEIGHT, lay, place, scaled
from train.forms import another_form, of_font
from train.glyphs import FINER, glyph, magnify
from train.negatives import FONTS as LETTERS
from train.negatives import pick, scribble, tick, turned, word

LENGTHS = (0.12, 0.5, 0.26, 0.08, 0.04)  # shares of strips of one digit, two, three …
NONE = 0.1  # share of strips without any digit
# Share of those whose digits are all drawn with even strokes, as letters are: were none, that alone
# would tell the two apart.
DRAWN = 0.25
TOUCHING = 0.85  # of neighbours
CLOSER = 3  # pixels of HEIGHT's that neighbours run into each other at most, beyond touching
SLANT = 0.15  # of a whole hand, horizontal shift for a step down, standard deviation
SLOPE = 0.15  # of a row, rise for run at most
EDGE = 12  # pixels of paper round a row, for pens and blur to reach into
PEN = (1.0, 3.6)  # pixels of MNIST's 20
STRETCH = 0.2  # natural logarithm, of a row's width at most


def write_strip(digits, rng, handwriting=None):
    """Write digits side by side as one mark.

    digits: train.data.Digits. rng: numpy.random.Generator. handwriting: as train.augment's.
    Returns (strip, labels, ends): (28, w, 1) float32; which digits it shows, and the first place
    (as digits.strip counts them) of each but the first.
    """
    while True:
        if rng.random() < NONE:
            ink, labels, middles = scaled(none(digits, rng, handwriting), 1 / FINER), [], []
        else:
            ink, labels, middles = write_several(digits, rng, handwriting)
        row, middles = change(ink, middles, rng)
        ends = [place_at(middle, 1, row.shape[1]) for middle in middles]
        spans = pairwise([0, *ends, places_in(row.shape[1])])
        if all(first < last for first, last in spans):  # or one lies over another
            return row, labels, ends


def write_several(digits, rng, handwriting):
    """Ink of digits side by side, their labels, and the columns where one gives way to the next."""
    chosen = rng.integers(len(digits.labels), size=rng.choice(len(LENGTHS), p=LENGTHS) + 1)
    labels = digits.labels[chosen].tolist()
    way, slant = rng.random(), rng.normal(0, SLANT)
    hands = [
        hand(digits.images[i], label, way, slant, rng, handwriting)
        for i, label in zip(chosen, labels, strict=True)
    ]
    glyphs, lefts, tops, _ = place(hands, rng, TOUCHING, FINER)
    for i in range(1, len(lefts)):
        closer = int(rng.integers(CLOSER, endpoint=True)) if rng.random() < 0.3 else 0
        lefts[i:] = [left - closer for left in lefts[i:]]
    rights = [left + each.shape[1] for left, each in zip(lefts, glyphs, strict=True)]
    middles = (np.array(rights[:-1]) + lefts[1:]) / 2 - min(lefts)
    return lay(glyphs, lefts, tops, rng.uniform(-SLOPE, SLOPE)), labels, middles


def change(ink, middles, rng):
    """Ink by another pen, narrower or broader, as a strip; its columns in shares of its width.

    Letters come this way too: were they sharper than digits, that alone would tell the two apart.
    """
    stretch = np.exp(rng.uniform(-STRETCH, STRETCH))
    ink = cv2.resize(np.pad(ink, EDGE), None, fx=stretch, fy=1, interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.5:
        ink = change_pen(ink, rng, PEN, HEIGHT / DIGIT)
    if rng.random() < 0.15:
        ink = blur(ink, rng)
    elif rng.random() < 0.3:
        ink = np.clip((ink - 0.5) * 4 + 0.5, 0, 1)
    ink[ink < 0.05] = 0
    columns = np.flatnonzero(ink.max(axis=0))
    if columns.size == 0:
        return strip(ink), []
    width = columns[-1] + 1 - columns[0]
    return strip(ink), [((middle + EDGE) * stretch - columns[0]) / width for middle in middles]


def none(digits, rng, handwriting):
    """A letter, a word or a scribble, (84, 84) float32."""
    way = rng.random()
    if handwriting and way < 0.4:
        return handwriting.letter(rng, int(rng.integers(1, 5)))
    if way < 0.65:
        return glyph(pick(rng, LETTERS), rng)
    if way < 0.75:
        return word(rng, LETTERS)
    if way < 0.85:
        return turned(digits, rng)
    return scribble(rng) if way < 0.93 else tick(rng)


def hand(image, label, way, slant, rng, handwriting):
    """A digit as the hand of this strip writes it, (84, 84) float32."""
    if way < DRAWN:
        fine = drawn(label, rng, handwriting)
    elif way < 0.6:
        fine = magnify(image)
    else:
        fine = another_form(image, label, rng, handwriting)
    if way < 0.9:
        fine = bend(fine, rng, 0.4)
    middle = fine.shape[0] / 2
    matrix = np.array([[1, slant, -slant * middle], [0, 1, 0]], np.float32)
    return cv2.warpAffine(fine, matrix, fine.shape[::-1])


def drawn(label, rng, handwriting):
    """A digit in even strokes, (84, 84) float32."""
    if handwriting and rng.random() < 0.5:
        return handwriting.digit(label, rng)
    return of_font(label, rng)
