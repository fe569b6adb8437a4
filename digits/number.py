"""Ink -> rows of digits, whichever way up: marks put in rows, and the classifier judges.

Digits of a row may touch and marks of one may be apart: a Lattice finds what its marks say.
"""

from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import numpy as np

from digits.judge import BATCH, Digit, Letter, judge
from digits.lattice import SETTLED, Lattice
from digits.lines import PRESENT, erase_lines
from digits.rings import erase_rings
from digits.rows import MOST_AREA, Piece, find_pieces, find_rows
from digits.segment import Box
from digits.signs import SMALL
from digits.strip import Places
from digits.words import (
    among_others,
    digits_of,
    sureness,
    with_low_digits,
    without_clutter,
    without_trust_in_struck,
)

WIDE = 1.1  # of its own height: wider marks are cut even where they are read with confidence
ROOMY = 0.6  # of its own height: a mark that wide may be two digits, whatever it is taken for
ONE = 0.5  # least probability, by its strip, of one digit in a mark that is not cut
WIDEST = 20  # of its own height, a mark that may be digits that touch
MOST_CUT = 80  # marks of one picture that may be several digits, the least sure ones
MOST_RUNS = 2000  # candidates judged in one picture, beside the marks as they are

UPRIGHT = 0.9  # least mean confidence in a picture that is not turned to see
FEW, MANY = 3, 300  # fewer digits tell no way up, and no number from dirt; more are rather texture
TURNED = 0.1  # so much surer must another way up be
HOPEFUL = 0.5  # least mean confidence in its marks as they are, for it to be read
LEGIBLE = 0.85  # least mean confidence in it: of most words a few letters are digits some way up
TELLING = 2  # different digits beside others at least, but for 1s, which dashes are that lie

BETWEEN = 0.3  # of the typical height, paper between a row and one of smaller digits at least


class Marks(NamedTuple):
    """The marks of ink, none cut or joined."""

    pieces: list[Piece]
    height: float  # of a digit on the page, in pixels
    lines: np.ndarray  # (H, W) bool, where lines were erased
    whole: dict[int, Digit]  # by mark, of those that are not small

    @property
    def is_hopeful(self):
        """Whether those that are no wider than a digit are mostly read as some."""
        sure = [each.confidence for each in self.whole.values() if width_of(each) <= WIDE]
        return not sure or np.mean(sure) >= HOPEFUL


def find_numbers(ink, classifier):
    """Read rows of digits, whichever way up.

    ink: (H, W) float32, 0 paper … 1 ink. classifier: as model.load's.
    Returns rows from top to bottom, each a list of Digit and Sign from left to right, their boxes
    in pixels of the ink.
    """
    ink = erase_rings(ink)  # which looks at how high their contents are
    rows, turns = find_any_way_up(ink, classifier)
    rows = [without_trust_in_struck(row, np.rot90(ink, turns)) for row in rows]
    rows = [with_low_digits(row, classifier) for row in rows]
    rows = among_others(without_clutter(rows))
    return [[turn_back(each, turns, ink.shape) for each in row] for row in rows] if turns else rows


def find_any_way_up(ink, classifier):
    """Rows of the ink as it is read best, clutter included, and by how many np.rot90 it is."""
    best, turns = find_upright(ink, classifier), 0
    sure = sureness(best)
    if sureness(without_signs(best)) >= UPRIGHT or not FEW <= count_digits(best) <= MANY:
        return best, turns
    for quarters in (1, 2, 3):
        marks = marks_of(np.ascontiguousarray(np.rot90(ink, quarters)), classifier)
        if not marks.is_hopeful:
            continue
        turned = find_rows_of(marks, classifier)
        is_surer = sureness(turned) > max(sureness(best), sure + TURNED, LEGIBLE)
        if is_surer and count_digits(turned) >= FEW and count_telling(turned) >= TELLING:
            best, turns = turned, quarters
    return best, turns


def without_signs(rows):
    """Rows without the letter that each begins or ends with: € and £ are 3 and 7 on their heads."""
    for end, rest in ((0, slice(1, None)), (-1, slice(-1))):
        if all(row and isinstance(row[end], Letter) for row in rows):
            rows = [row[rest] for row in rows]
    return rows


def find_upright(ink, classifier):
    """Rows of ink that is the right way up, clutter included."""
    return find_rows_of(marks_of(ink, classifier), classifier)


def marks_of(ink, classifier):
    clean = erase_lines(ink)
    pieces, height = find_pieces(clean)
    large = [piece for piece in pieces if piece.box.height >= SMALL * height]
    digits = judge([piece.character for piece in large], classifier)
    whole = {piece.mark: digit for piece, digit in zip(large, digits, strict=True)}
    return Marks(pieces, height, ink - clean >= PRESENT, whole)


def find_rows_of(marks, classifier):
    """Rows of Marks that are the right way up, clutter included."""
    if not marks.pieces:
        return []
    pieces, height, lines, whole = marks
    smaller = find_smaller(pieces, height, lines.shape, classifier)
    pieces = [piece for piece in pieces if not any(holds(row, piece.box) for row in smaller)]
    whole = {piece.mark: whole[piece.mark] for piece in pieces if piece.mark in whole}
    looked_at = [mark for mark in whole if may_be_several(whole[mark])]
    looked_at = sorted(looked_at, key=lambda mark: whole[mark].confidence)[:MOST_CUT]
    strips = find_places({mark: whole[mark].ink for mark in looked_at}, classifier)
    places = {mark: strip for mark, strip in strips.items() if strip.shows_any}
    unseen = strips.keys() - places.keys()
    letters = [mark for mark in unseen if whole[mark].verdict == "not_a_digit"]
    whole |= {mark: Letter.of(whole[mark]) for mark in letters}
    to_cut = {mark for mark in looked_at if is_to_cut(whole[mark], places.get(mark))}
    rows = find_rows(pieces, height, lines)
    rows = [Lattice(row, to_cut, whole, places, height) for row in rows]
    judge_runs(rows, classifier)
    return with_smaller([row.best() for row in rows], smaller)


def find_smaller(pieces, height, shape, classifier):
    """Clear numbers, as find_upright's, above or below those of the typical height, and smaller."""
    boxes = np.array([piece.box for piece in pieces])
    is_small = boxes[:, 3] < SMALL * height
    tops, feet = boxes[~is_small, 1] - BETWEEN * height, boxes[~is_small].T[[1, 3]].sum(axis=0)
    middles = boxes[:, 1] + boxes[:, 3] / 2
    is_level = (tops <= middles[:, None]) & (middles[:, None] <= feet + BETWEEN * height)
    apart = np.flatnonzero(is_small & ~is_level.any(axis=1))
    if not FEW <= len(apart) <= MANY:
        return []
    ink = np.zeros(shape, np.float32)
    for i in apart:
        ink[pieces[i].box.slices] += pieces[i].character.ink
    rows = find_upright(ink, classifier)
    return [row for row in rows if len(digits_of(row)) >= FEW and sureness([row]) >= UPRIGHT]


def holds(row, box):
    """Whether a row has a digit or sign in whose box another lies."""
    return any(each.box.union(box) == each.box for each in row)


def may_be_several(digit):
    """Whether what a mark is taken for is doubtful, or it is wide; too wide a one is no number."""
    width = width_of(digit)
    return width <= WIDEST and (width > ROOMY or digit.confidence < SETTLED)


def width_of(digit):
    """In units of its height."""
    return digit.box.width / digit.box.height


def find_places(inks, classifier):
    """What the strips of marks show, by mark; {} where no strips are read."""
    strip = classifier.strip
    return {mark: Places(ink, strip) for mark, ink in inks.items()} if strip else {}


def is_to_cut(digit, places):
    """Whether a mark that may be several digits is cut; places: the mark's, or None."""
    if isinstance(digit, Letter):
        return False
    if width_of(digit) > WIDE or digit.confidence < SETTLED:
        return True
    return places is not None and places.between(0, np.inf).sum() < ONE


def judge_runs(rows, classifier):
    """Tell Lattices what their runs are taken for, as many as are judged in one picture."""
    wanted = list(islice(((row, run) for row in rows for run in row.runs()), MOST_RUNS))
    budget = MOST_AREA
    while wanted and budget > 0:  # a batch at a time: candidates may be as large as the picture
        batch, wanted = wanted[:BATCH], wanted[BATCH:]
        characters = [row.join(*run) for row, run in batch]
        budget -= sum(character.ink.size for character in characters)
        for (row, run), digit in zip(batch, judge(characters, classifier), strict=True):
            row.take(run, digit)


def with_smaller(rows, smaller):
    """Rows in reading order, and others from top to bottom put among them."""
    merged, at = [], 0
    for row in rows:
        while at < len(smaller) and row and is_above(smaller[at], row):
            merged.append(smaller[at])
            at += 1
        merged.append(row)
    return merged + smaller[at:]


def is_above(row, other):
    one, two = (np.mean([e.box.y + e.box.height / 2 for e in part]) for part in (row, other))
    return one < two


def count_digits(rows):
    return sum(len(digits_of(row)) for row in rows)


def count_telling(rows):
    """Different digits that tell the way up: the letters of a word would lie in rows of one."""
    rows = [digits_of(row) for row in rows]
    return len({digit.value for row in rows if len(row) > 1 for digit in row} - {1})


def turn_back(each, turns, shape):
    """A Digit or Sign of ink that np.rot90 turned, its box in the ink as it was, of that shape."""
    box = each.box
    for quarter in reversed(range(turns)):
        width = shape[1 - quarter % 2]
        box = Box(width - box.bottom, box.x, box.height, box.width)
    return replace(each, box=box)
