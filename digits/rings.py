"""Ink -> ink without the rings and boxes that are drawn round what is written.

A ring is a mark of its own that is closed, a gap aside, and holds what is large enough for a digit.
A nought may hold strokes as well, and an outlined digit's outer line goes round its inner ones:
these are left.
"""

from functools import cache

import cv2
import numpy as np

from digits.normalise import fit
from digits.segment import FAINT, Box

MOST_MARKS = 100  # looked at, the largest
ENCLOSED = 0.2  # of a ring's height, that of what it is drawn round
TALL = 0.3  # the same of what may be one digit
ROUND = 0.8  # as wide as it is high is a ring that is no nought
MUCH = 0.2  # of a ring's ink, what is written in it has at least; where it is no nought:
LITTLE = 0.06
CLOSE = 0.2  # of an outline's height, from it to a loop in it at most
CONVEX = 0.9  # of its hull, what such a loop encloses at least
THIN_LOOP = 0.85  # of what it encloses, its own ink at most
CIRCLE = 0.88  # as wide as it is high is a ring that is drawn round a bar
BAR = 2.5  # times as long as it is wide is one
SLASH = 3.5  # times as long as it is wide is a slash
SPANNING = 0.5  # of a circle's height, the length of one
LEANING = 0.4  # to the right for a step up
AS_HIGH = 0.25  # natural logarithm, by which heights of digits differ at most
FINE = 40  # pixels of a ring's shortest side, of which its ends may be GAP apart
GAP = 9
HOLLOW = (0.08, 0.12)  # of a ring that is wide, and of another, so much is paper at least
ROUNDED = 0.92  # of the box around it, at most so much is within a ring: an ellipse has 0.79
MARGIN = 0.2  # of a box, on each side, in which all its own ink is


def erase_rings(ink):
    """Take rings, and boxes by themselves, off what is written in them.

    Boxes that a stroke touches, or one that is parted, are left: their lines are looked at.
    """
    _, labels, marks, _ = cv2.connectedComponentsWithStats((ink >= FAINT).view(np.uint8))
    outline = cache(lambda mark: outline_of(labels, mark, Box(*marks[mark, :4])))
    rings = [
        ring
        for ring, inside in go_round(marks)
        if is_ring(labels, ring, Box(*marks[ring, :4]))
        and not may_be_digit(marks, ring, inside, [outline(mark) for mark in inside])
    ]
    return np.where(np.isin(labels, rings), np.float32(0), ink) if rings else ink


def go_round(marks):
    """Those of (n, 5) marks, the first being the paper, in whose boxes what is written lies; that.

    It is two marks of enough ink, or a tall one, of enough in a narrow nought: specks are neither.
    """
    large = 1 + np.argsort(-marks[1:, 2:4].prod(axis=1))[:MOST_MARKS]
    low, high, areas = marks[large, :2], marks[large, :2] + marks[large, 2:4], marks[large, 4]
    widths, heights = marks[large, 2], marks[large, 3]
    is_within = (low[:, None] < low).all(axis=2) & (high < high[:, None]).all(axis=2)
    is_within &= heights >= ENCLOSED * heights[:, None]
    is_tall = is_within & (heights >= TALL * heights[:, None])
    wide = is_wide(widths, heights)
    holds_ink = is_within @ areas >= np.where(wide, LITTLE, MUCH) * areas
    is_several, is_one = is_within.sum(axis=1) > 1, is_tall.any(axis=1)
    found = np.flatnonzero(holds_ink & (is_several | is_one) | wide & is_one)
    return [(large[i], large[is_within[i]]) for i in found]


def may_be_digit(marks, ring, inside, outlines):
    """Whether what goes round others may be a digit: a nought with strokes in it, or an outline.

    outlines: of those inside, as outline_of's. An outline's loops lie closer to it than digits to
    a ring. Noughts are narrower than circles, but a circle with a slash in it is one where it is
    alone, or as high as digits beside it.
    """
    x, y, width, height, _ = marks[ring]
    left, top, right, bottom = (*marks[inside, :2].T, *(marks[inside, :2] + marks[inside, 2:4]).T)
    gap = np.min([left - x, top - y, x + width - right, y + height - bottom])
    if gap < CLOSE * height and all(is_loop(*each) for each in outlines):
        return True
    if width < CIRCLE * height:
        return all(is_bar(outline) for outline, _ in outlines)
    is_slashed = all(is_slash(outline, height) for outline, _ in outlines)
    return is_slashed and stands_as_digits_do(marks, ring, inside)


def outline_of(labels, mark, box):
    """A mark's outline, as cv2.findContours', and how much ink it has."""
    is_ink = labels[box.slices] == mark
    return largest_outline(is_ink.view(np.uint8)), int(is_ink.sum())


def largest_outline(mask):
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return max(outlines, key=cv2.contourArea)


def is_loop(outline, amount):
    """Whether a mark is closed and convex, and paper is in it."""
    within, hull = cv2.contourArea(outline), cv2.contourArea(cv2.convexHull(outline))
    return within >= CONVEX * hull and amount <= THIN_LOOP * within


def is_bar(outline):
    _, sides, _ = cv2.minAreaRect(outline)
    return max(sides) >= BAR * min(sides)


def is_slash(outline, height):
    """Whether it is a bar that leans to the right, and half as long as the circle is high."""
    _, sides, _ = cv2.minAreaRect(outline)
    is_long = max(sides) >= max(SLASH * min(sides), SPANNING * height)
    right, down, *_ = cv2.fitLine(outline, cv2.DIST_L2, 0, 0.01, 0.01).ravel()
    return is_long and right * down < 0 and abs(right) >= LEANING * abs(down)


def stands_as_digits_do(marks, ring, inside):
    """Whether others as high lie beside a mark, or none but those inside it are in the picture."""
    _, top, _, height, _ = marks[ring]
    outside = np.delete(marks, [0, ring, *inside], axis=0)
    outside = outside[outside[:, 3] >= ENCLOSED * height]
    is_level = abs(outside[:, 1] + outside[:, 3] / 2 - top - height / 2) <= height / 2
    is_as_high = abs(np.log(outside[:, 3] / height)) <= AS_HIGH
    return not len(outside) or bool((is_level & is_as_high).any())


def is_wide(width, height):
    """Whether a ring of that size is no nought, which is narrower."""
    return width >= ROUND * height


def is_ring(labels, mark, box):
    """Whether a mark is closed round much paper, a gap between its ends aside.

    It fills less of its box than another box would; or nothing of it is in the middle.
    """
    ink = (labels[box.slices] == mark).astype(np.float32)
    side, above = round(MARGIN * box.width), round(MARGIN * box.height)
    is_empty = not ink[above : box.height - above, side : box.width - side].any()
    mask = fit(ink, FINE * max(ink.shape) // min(ink.shape)) > 0.02
    mask = cv2.dilate(np.pad(mask.view(np.uint8), GAP), np.ones((GAP, GAP), np.uint8))
    outline = largest_outline(mask)
    hull, within = cv2.contourArea(cv2.convexHull(outline)), cv2.contourArea(outline)
    _, _, width, height = cv2.boundingRect(outline)
    hole = within - cv2.countNonZero(mask)
    is_one = hull < ROUNDED * width * height or is_empty
    least = HOLLOW[0 if is_wide(*box[2:]) else 1]
    return is_one and within > hull / 2 and hole > least * hull
