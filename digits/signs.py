"""Marks of a row -> the signs among them: points, commas, dashes and such, where they are clear.

They are told by their shape and place alone: by lengths in shares of the row's height and in widths
of its pen, which were settled on composed numbers (train.compose.signed).
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from digits.normalise import INK, stroke_width
from digits.segment import FAINT, Box, together

SMALL = 0.5  # of a row's height, that of a mark that is rather a part of something
STUB = 0.7  # of it, that of a comma at most
OVER = 1.05  # of it, that of a bracket at least
BOW = 0.05  # of a bracket's height, how far its middle stands out at least
CLOSING = (".", ",")  # such a sign at a row's end is none of its number, nor is what follows
DOT = 0.3  # of it, that of a dot of a colon or such at most
LEVEL = 0.2  # of it, how much above or below digits' feet a dot ends that stands where they do
DRAWN = 0.6  # of the pen's width: what is narrower is hardly drawn
HIGHER = 1.2  # of it, that of a slash: a 1 is hardly ever so high, and ends where others do
CLOSES = 1.2  # of the height of the digit before it, that of a bracket that closes a row


@dataclass(frozen=True)
class Sign:
    """A mark between digits that is none."""

    box: Box
    text: str  # one of . , - : / + × ÷ = ( ) %, or none where a mark is left out
    ink: np.ndarray | None = None  # (h, w) float32, of a mark that is left out


class Mark(NamedTuple):
    """What may be a sign, and how it lies to the nearest digits."""

    box: Box
    ink: np.ndarray
    is_first: bool  # whether no digit is to its left
    is_last: bool  # whether none is to its right
    gap: float  # pixels of paper beside it
    middle: float  # where its middle lies: 0 at the top of the digits, 1 at their foot
    hangs: float  # pixels that it ends below them
    is_alone: bool  # whether none of the marks next to it stands over half of its columns


def find_signs(characters, height, pen):
    """The signs of a row.

    characters: a row's Characters from left to right. height: of the row, and pen: the width of
    its strokes, in pixels. Returns {place: Sign}, and None where a mark is one more of a sign's.
    """
    marks = {
        place: mark
        for place in range(len(characters))
        if (mark := mark_at(place, characters, height, pen))
    }
    signs, is_closed = {}, False
    for place, mark in marks.items():
        if text := sign_of(mark, height, pen):
            is_closed = is_closed or (mark.is_last and text in CLOSING)
            signs[place] = Sign(mark.box, "", mark.ink) if is_closed else Sign(mark.box, text)
    for is_one, text in ((is_dot, ":"), (is_dash, "=")):
        ones = {
            place: mark.box
            for place, mark in marks.items()
            if (text == "=" or not (mark.is_first or mark.is_last))
            and 0 <= mark.middle <= 1
            and is_one(mark, height, pen)
        }
        for place, box in ones.items():
            other = ones.get(place + 1)
            if other and share_columns(box, other):
                signs |= {place: Sign(box.union(other), text), place + 1: None}
    signs |= find_divisions(marks, height, pen) | find_dotted(characters, height, pen)
    signs |= find_brackets(characters, height) | find_closing(characters, height)
    return signs | find_percents(characters, pen)


def find_divisions(marks, height, pen):
    """Signs of division, by place: a dash with a dot above it and one below."""
    signs = {}
    for place in marks:
        three = [marks[each] for each in range(place, place + 3) if each in marks]
        if len(three) < 3:
            continue
        upper, bar, lower = sorted(three, key=lambda mark: mark.middle)
        are_dots = is_dot(upper, height, pen) and is_dot(lower, height, pen)
        is_between = share_columns(upper.box, bar.box) and share_columns(bar.box, lower.box)
        if are_dots and is_between and is_dash(bar, height, pen):
            box = upper.box.union(bar.box).union(lower.box)
            signs |= {place: Sign(box, "÷"), place + 1: None, place + 2: None}
    return signs


def find_dotted(characters, height, pen):
    """An exclamation or question mark at a row's end, by place: left out, as CLOSING signs are."""
    digit = next_digit(reversed(characters[:-2]), height)
    if not digit:
        return {}
    place = len(characters) - 2
    box, ink = together(characters[place:])
    stroke, dot = sorted((each.box for each in characters[place:]), key=lambda box: box.y)
    is_below = share_columns(stroke, dot) and dot.y - stroke.bottom >= pen / 2
    is_level = abs(dot.bottom - digit.bottom) <= LEVEL * height
    is_drawn = min(dot[2:]) >= DRAWN * pen and dot.height <= DOT * height and is_round(dot)
    if stroke.height < SMALL * height or not (is_below and is_level and is_drawn):
        return {}
    return {place: Sign(box, "", ink), place + 1: None}


def find_brackets(characters, height):
    """Pairs of brackets, by place: slim marks higher than digits that bow away from each other."""
    bows = [bow(each.ink) if each.box.height >= OVER * height else 0 for each in characters]
    signs, opened = {}, None
    for place, each in enumerate(bows):
        if each >= BOW:
            opened = place
        elif each <= -BOW and opened is not None:
            signs[opened] = Sign(characters[opened].box, "(")
            signs[place] = Sign(characters[place].box, ")")
            opened = None
    return signs


def find_closing(characters, height):
    """A bracket at a row's end, by place, that may have no other, as of an item in a list.

    It goes beyond the digit before it above and below, and is clearly higher.
    """
    digit = next_digit(reversed(characters[:-1]), height)
    if not digit:
        return {}
    box, ink, *_ = characters[-1]
    is_beyond = box.y < digit.y and digit.bottom < box.bottom
    is_closing = is_beyond and box.height >= CLOSES * digit.height and bow(ink) <= -BOW
    return {len(characters) - 1: Sign(box, ")")} if is_closing else {}


def bow(ink):
    """How far the middle of an upright mark stands out to the left, in its heights.

    Negative to the right; 0 where it is wide, or one of its ends stands out too.
    """
    height, width = ink.shape
    if height < 3 or width > height / 2:
        return 0.0
    ink = ink >= FAINT
    left, right = ink.argmax(axis=1), width - 1 - ink[:, ::-1].argmax(axis=1)
    top, middle, foot = (float(part.mean()) for part in np.array_split((left + right) / 2, 3))
    least, most = sorted((top - middle, foot - middle), key=abs)
    return least / height if least * most > 0 else 0.0


def find_percents(characters, pen):
    """Percent signs after a mark, by place: of two marks or three, one of them a ring or dot."""
    signs = {}
    for place in range(1, len(characters)):
        for count in (3, 2):
            run = characters[place : place + count]
            wide = max(each.box.right for each in run) - min(each.box.x for each in run)
            if len(run) < count or wide > 1.4 * max(each.box.height for each in run):
                continue
            tallest = max(each.box.height for each in characters[:place])
            if is_percent(run, tallest, pen) if count == 3 else is_joined_percent(run):
                rest = dict.fromkeys(range(place + 1, place + count))
                signs |= {place: Sign(together(run)[0], "%")} | rest
    return signs


def is_percent(run, tallest, pen):
    """Whether it is a small ring or dot, a slash, and another ring or dot beyond it and lower.

    tallest: pixels, the height of the highest mark before it.
    """
    one, slash, other = run
    most = min(0.6 * slash.box.height, 0.85 * tallest)
    are_rings = all(
        max(each.box.width, each.box.height) <= 2 * min(each.box.width, each.box.height)
        and each.box.height <= most
        and (is_hollow(each.ink) or (each.ink >= FAINT).mean() >= 0.6)
        for each in (one, other)
    )
    high, middle, low = (each.box.y + each.box.height / 2 for each in run)
    is_between = min(middle - high, low - middle) >= 0.04 * slash.box.height
    return are_rings and is_between and leans(slash.ink, pen)


def is_joined_percent(run):
    """Whether two marks have two holes, and a straight stroke from corner to corner.

    Where both rings touch the slash, 9 and 6 that touch may look like them.
    """
    _, ink = together(run)
    tall, wide = ink.shape
    middles, heights = holes(ink)
    is_large = heights >= 0.1 * tall
    if is_large.sum() != 2 or min(each.box.height for each in run) > 0.6 * tall:
        return False
    are_apart = (np.ptp(middles[is_large], axis=0) >= (0.3 * wide, 0.3 * tall)).all()
    right, down = points = np.argwhere(ink.T >= INK).T
    ends = points.T[[each(right / wide - down / tall) for each in (np.argmin, np.argmax)]]
    return bool(are_apart and drawn_along(ink, ends[np.newaxis]) >= 0.9)


def drawn_along(ink, lines):
    """The share of straight lines, (n, 2, 2) int, from (x, y) to (x, y), that is ink."""
    line = cv2.polylines(np.zeros(ink.shape, np.uint8), lines, False, 1)
    return (ink >= INK)[line > 0].mean()


def mark_at(place, characters, height, pen):
    """A Mark, or None where no digit is beside it or it is hardly drawn."""
    box, ink, *_ = characters[place]
    left = next_digit(reversed(characters[:place]), height)
    right = next_digit(characters[place + 1 :], height)
    beside = [each for each in (left, right) if each]
    if not beside or min(box.width, box.height) < DRAWN * pen or ink.max() < INK:
        return None
    gap = min(max(box.x, each.x) - min(box.right, each.right) for each in beside)
    top, foot = np.mean([(each.y, each.bottom) for each in beside], axis=0)
    middle = (box.y + box.height / 2 - top) / (foot - top)
    next_ones = [each.box for each in characters[max(place - 1, 0) : place + 2] if each.box != box]
    shared = (min(box.right, each.right) - max(box.x, each.x) for each in next_ones)
    is_alone = all(columns <= box.width / 2 for columns in shared)
    return Mark(box, ink, not left, not right, gap, middle, box.bottom - foot, is_alone)


def next_digit(characters, height):
    """The box of the first that is not small, or None."""
    return next((each.box for each in characters if each.box.height >= SMALL * height), None)


def sign_of(mark, height, pen):
    """The text of a Mark that is clearly a sign, or None."""
    box = mark.box
    if is_plus(mark, height, pen):
        return "+"
    is_between = not (mark.is_first or mark.is_last)
    if mark.is_alone and is_between and is_times(mark, height):
        return "×"
    if box.height >= SMALL * height and not is_stub(box, height):
        return "/" if is_between and is_slash(mark, height, pen) else None
    if mark.gap < pen / 2:
        return "." if is_display_point(mark, height, pen) else None
    if is_dash(mark, height, pen):
        is_dirt = not is_between and box.width < 0.22 * height
        # The top of a 5 may lie by itself.
        return "-" if 0.25 <= mark.middle <= 0.8 and not is_dirt else None
    # Thinner than the pen that wrote the digits, and upright: it is a scratch.
    is_scratch = box.width < 0.8 * pen and box.height > 2 * box.width
    is_low = mark.middle >= (0.65 if is_round(box) else 0.8)
    if is_scratch or not is_low or box.width > 0.42 * height:
        return None
    if mark.is_first:
        return "." if is_leading_point(mark, height, pen) else None
    is_long = box.height > 1.2 * box.width or box.height >= 0.28 * height
    if is_long and mark.hangs > 0.08 * height:
        return ","
    return "." if box.height <= 0.42 * height else None


def is_leading_point(mark, height, pen):
    """Whether it is as clear a point as dirt before a number hardly is."""
    is_level = abs(mark.hangs) <= 0.25 * height
    is_near = mark.gap <= 0.6 * height
    return is_round(mark.box) and is_level and is_near and mark.box.height <= 2.6 * pen


def is_display_point(mark, height, pen):
    """Whether it is a display's point, which all but touches the digit before it."""
    wide, high = mark.box.width, mark.box.height
    is_square = max(wide, high) <= 1.25 * min(wide, high) and (mark.ink >= FAINT).mean() >= 0.6
    is_level = abs(mark.hangs) <= 0.08 * height
    return is_square and is_level and not mark.is_first and pen <= high <= 2.5 * pen


def is_stub(box, height):
    """Whether it is upright and between small and a digit's height, as a long comma is."""
    return SMALL * height <= box.height <= STUB * height and box.width <= 0.75 * box.height


def is_plus(mark, height, pen):
    """Whether it is a bar and an upright that cross in their middles, and lower than digits."""
    tall, wide = mark.ink.shape
    is_small = 0.3 * height <= tall <= 0.85 * height
    if not is_small or not 0.7 <= wide / tall <= 1.4 or min(tall, wide) < 3 * pen:
        return False
    ink = mark.ink >= INK
    bar, upright = (np.flatnonzero(ink.mean(axis=axis) > 0.6) for axis in (1, 0))
    if not (len(bar) and len(upright)):
        return False
    row, column = bar.mean(), upright.mean()
    rows, columns = np.ogrid[:tall, :wide]
    is_cross = (abs(rows - row) <= pen) | (abs(columns - column) <= pen)
    is_central = abs(row / tall - 0.5) < 0.2 and abs(column / wide - 0.5) < 0.2
    return is_central and ink[is_cross].sum() >= 0.95 * ink.sum()


def is_times(mark, height):
    """Whether it is two strokes that cross in their middles, corner to corner, and is low."""
    tall, wide = mark.ink.shape
    pen = stroke_width(mark.ink)
    is_small = 0.3 * height <= tall <= 0.78 * height and 0.25 <= mark.middle <= 0.75
    if not is_small or min(tall, wide) < 3.2 * pen:
        return False
    ink = mark.ink >= INK
    right, down = points = np.argwhere(ink.T).T
    corners = right / wide + down / tall, right / wide - down / tall
    ends = points.T[[[each.argmin(), each.argmax()] for each in corners]]
    (a, b), middles = ends[:, 1] - ends[:, 0], ends.mean(axis=1)
    is_cross = abs(a[0] * b[1] - a[1] * b[0]) >= 0.6 * np.hypot(*a) * np.hypot(*b)
    is_central = np.hypot(*(middles[0] - middles[1])) <= 0.25 * max(tall, wide)
    broad = cv2.polylines(np.zeros(ink.shape, np.uint8), ends, False, 1, round(2 * pen) + 1)
    is_drawn = drawn_along(mark.ink, ends) >= 0.9 and broad[ink].mean() >= 0.95
    return is_cross and is_central and is_drawn


def is_slash(mark, height, pen):
    """Whether it is a straight stroke that leans to the right and is higher than digits."""
    is_high = mark.box.height >= HIGHER * height and mark.hangs >= 0.05 * height
    return is_high and leans(mark.ink, pen)


def leans(ink, pen):
    """Whether it is a straight stroke that leans to the right."""
    rows, columns = np.nonzero(ink >= INK)
    if len(rows) < 2:
        return False
    (across, _), axes = np.linalg.eigh(np.cov(columns, -rows))
    right, up = axes[:, 1]
    is_leaning = right * up > 0 and 0.2 * abs(up) <= abs(right) <= 1.2 * abs(up)
    return is_leaning and np.sqrt(max(across, 0)) <= 0.45 * pen


def is_dash(mark, height, pen):
    """Whether it is a bar, or one of the two of an equals sign."""
    box = mark.box
    is_flat = box.width >= 1.8 * box.height and box.height <= 2.5 * pen
    return is_flat and box.width <= height


def is_round(box):
    return max(box.width, box.height) <= 1.6 * min(box.width, box.height)


def is_hollow(ink):
    """Whether it has a hole, however small."""
    return len(holes(ink)[0]) > 0


def holes(ink):
    """The paper within ink that no paper around it reaches: (n, 2) middles, x and y, (n,) heights.

    In pixels of the ink with one pixel of paper around it.
    """
    paper = np.pad(ink < FAINT, 1, constant_values=True).view(np.uint8)
    _, labels, stats, middles = cv2.connectedComponentsWithStats(paper, connectivity=4)
    others = [0, labels[0, 0]]  # what is drawn, and the paper around it
    heights = np.delete(stats[:, cv2.CC_STAT_HEIGHT], others)
    return np.delete(middles, others, axis=0), heights


def is_dot(mark, height, pen):
    """Whether it may be one of a colon's two."""
    return mark.gap >= pen / 2 and is_round(mark.box) and mark.box.height <= DOT * height


def share_columns(one, other):
    """Whether two boxes share columns."""
    return one.x < other.right and other.x < one.right
