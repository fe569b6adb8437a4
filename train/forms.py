"""A digit in another form, as others are taught it, or as type and displays have it.

MNIST's writers were Americans: ones with a flag and crossed sevens, the rule elsewhere, are drawn
here, and so are slashed noughts.
"""

import cv2
import numpy as np

from digits.normalise import FRAME, stroke_width
from train.glyphs import FINER, SIDE, by_hand, glyph, magnify, strokes_of

DRAWN = 0.12  # share of digits that are drawn as one of the FONTS has it
BY_HANDS = 0.12  # share that are drawn as another hand has it
SEGMENTS = 0.02  # share that are a display's
FONTS = ("futural", "scripts", "rowmans", "rowmand", "timesi", "timesr")

# A display's segments in a box from 0 to 1, by the letters that data sheets call them.
SEGMENT = {
    "a": ((0, 0), (1, 0)),
    "b": ((1, 0), (1, 0.5)),
    "c": ((1, 0.5), (1, 1)),
    "d": ((0, 1), (1, 1)),
    "e": ((0, 0.5), (0, 1)),
    "f": ((0, 0), (0, 0.5)),
    "g": ((0, 0.5), (1, 0.5)),
}
# Which of them each digit lights, in one form or several.
DISPLAYED = [
    ["abcdef"],
    ["bc"],
    ["abdeg"],
    ["abcdg"],
    ["bcfg"],
    ["acdfg"],
    ["acdefg", "cdefg"],
    ["abc", "abcf"],
    ["abcdefg"],
    ["abcdfg", "abcfg"],
]


def another_form(digit, label, rng, handwriting=None):
    """The digit, at times as others are taught it. (84, 84) float32.

    Every letter is drawn with even strokes: were no digit, they alone would tell it from letters.
    """
    if handwriting and rng.random() < BY_HANDS:
        return handwriting.digit(label, rng)
    chance = rng.random()
    if chance < DRAWN:
        return of_font(label, rng)
    if label == 1 and chance < 0.4:
        return flagged_one(rng)
    if label == 7 and chance < 0.3:
        return cross_seven(digit, rng)
    if label == 0 and chance < 0.24:
        return slash_nought(digit, rng)
    if chance > 1 - SEGMENTS:
        return seven_segments(label, rng)
    return magnify(digit)


def of_font(label, rng):
    """As a hand might write it that had learned from one of the FONTS."""
    font = FONTS[rng.integers(len(FONTS))]
    return glyph(by_hand(strokes_of(font, str(label)), rng), rng)


def flagged_one(rng):
    """A one as much of the world is taught it: a stem, a flag to its left, at times a foot."""
    top = np.array([rng.uniform(13, 17), rng.uniform(3, 5)])
    bottom = np.array([top[0] + rng.uniform(-3, 2), rng.uniform(22, 24)])
    angle = np.radians(rng.uniform(22, 45))  # between flag and vertical
    flag = np.exp(rng.uniform(*np.log([3, 14]))) * np.array([-np.sin(angle), np.cos(angle)])
    lines = [(top, bottom), (top, top + flag)]
    if rng.random() < 0.12:
        foot = np.array([rng.uniform(2, 6), 0])
        lines.append((bottom - foot, bottom + foot))
    return draw(np.zeros((SIDE, SIDE), np.float32), lines, rng.uniform(1.3, 3.5))


def cross_seven(digit, rng):
    """A bar across the stem."""
    rows = np.flatnonzero(digit.max(axis=1) >= 0.5)
    row = round(rows[0] + rng.uniform(0.45, 0.6) * (rows[-1] - rows[0]))
    column = float(digit[row] @ np.arange(FRAME)) / max(float(digit[row].sum()), 1e-6)
    half = np.array([rng.uniform(2.5, 5), rng.uniform(-1, 1)])
    middle = np.array([column, row])
    return draw(magnify(digit), [(middle - half, middle + half)], stroke_width(digit))


def slash_nought(digit, rng):
    """A stroke through it from low left to high right, within its ring or beyond it."""
    rows, columns = (np.flatnonzero(digit.max(axis=axis) >= 0.5) for axis in (1, 0))
    middle = np.array([columns[0] + columns[-1], rows[0] + rows[-1]]) / 2 + rng.normal(0, 0.8, 2)
    angle = np.radians(rng.uniform(20, 60))  # between slash and vertical
    reach = rng.uniform(0.45, 1.25) * (rows[-1] - rows[0]) / 2
    half = reach * np.array([np.tan(angle), -1])
    pen = rng.uniform(0.5, 1) * stroke_width(digit)
    return draw(magnify(digit), [(middle - half, middle + half)], pen)


def seven_segments(label, rng):
    """As a display shows it, with or without the ends that some leave out of 6, 7 and 9."""
    forms = DISPLAYED[label]
    lit = forms[rng.integers(len(forms))]
    size = np.array([rng.uniform(8, 12), rng.uniform(16, 20)])
    slant = np.array([[1, 0], [-rng.uniform(0, 0.2), 1]])
    gap, middle = rng.uniform(0, 0.2), (FRAME - 1) / 2
    lines = []
    for name in lit:
        ends = (np.array(SEGMENT[name]) - 0.5) * size @ slant + middle
        inward = gap * (ends[1] - ends[0])
        lines.append((ends[0] + inward, ends[1] - inward))
    return draw(np.zeros((SIDE, SIDE), np.float32), lines, rng.uniform(1.3, 3.2))


def draw(fine, lines, width):
    """Add straight strokes to fine ink: (x, y) to (x, y), and width, in the frame's pixels."""
    for ends in lines:
        start, end = (np.round((point + 0.5) * FINER).astype(int).tolist() for point in ends)
        cv2.line(fine, start, end, 1.0, max(1, round(width * FINER)))
    return fine
