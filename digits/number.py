"""Ink -> rows of digits, whichever way up: marks put in rows, and the classifier judges.

Digits of a row may touch and marks of one may be apart: a Lattice finds what its marks say.
"""

from dataclasses import replace
from itertools import islice, pairwise

import numpy as np

from digits.judge import BATCH, DIGIT, Digit, Unknown, judge
from digits.lattice import SETTLED, Lattice
from digits.lines import PRESENT, erase_lines
from digits.rings import erase_rings
from digits.rows import MOST_AREA, find_pieces, find_rows, split
from digits.segment import Box
from digits.signs import SMALL
from digits.strike import is_struck_out
from digits.strip import Places

WIDE = 1.1  # of its own height: wider marks are cut even where they are read with confidence
ROOMY = 0.6  # of its own height: a mark that wide may be two digits, whatever it is taken for
ONE = 0.5  # least probability, by its strip, of one digit in a mark that is not cut
WIDEST = 20  # of its own height, a mark that may be digits that touch
MOST_CUT = 80  # marks of one picture that may be several digits, the least sure ones
MOST_RUNS = 2000  # candidates judged in one picture, beside the marks as they are

UPRIGHT = 0.9  # least mean confidence in a picture that is not turned to see
FEW, MANY = 3, 300  # fewer digits tell no way up, and no number from dirt; more are rather texture
TURNED = 0.1  # so much surer must another way up be

BETWEEN = 0.3  # of the typical height, paper between a row and one of smaller digits at least
APART = 0.6  # of a row's height, a gap between words
WIDER = 1.5  # times the median gap of its row, that between words
LONG = 1.2  # of it, a word that is all one mark
LETTER = 0.3  # of it, the height of a letter
TELLS = 0.35  # of it, the longest side of a mark between digits that may mean something
MIDST = 0.3, 1.1  # its level at least and at most: what is higher is an apostrophe
LIKE = 0.7  # of the higher one's height, digits of one size at least


def find_numbers(ink, classifier):
    """Read rows of digits, whichever way up.

    ink: (H, W) float32, 0 paper … 1 ink. classifier: as model.load's.
    Returns rows from top to bottom, each a list of Digit and Sign from left to right, their boxes
    in pixels of the ink.
    """
    ink = erase_rings(ink)  # which looks at how high their contents are
    rows, turns = find_any_way_up(ink, classifier)
    rows = [without_trust_in_struck(row, np.rot90(ink, turns)) for row in rows]
    rows = among_others(without_clutter(rows))
    return [[turn_back(each, turns, ink.shape) for each in row] for row in rows] if turns else rows


def find_any_way_up(ink, classifier):
    """Rows of the ink as it is read best, clutter included, and by how many np.rot90 it is."""
    best, turns = find_upright(ink, classifier), 0
    sure = sureness(best)
    if sure >= UPRIGHT or not FEW <= count_digits(best) <= MANY:
        return best, turns
    for quarters in (1, 2, 3):
        turned = find_upright(np.ascontiguousarray(np.rot90(ink, quarters)), classifier)
        is_surer = sureness(turned) > max(sureness(best), sure + TURNED)
        if is_surer and count_digits(turned) >= FEW:
            best, turns = turned, quarters
    return best, turns


def find_upright(ink, classifier):
    """Rows of ink that is the right way up, clutter included."""
    clean = erase_lines(ink)
    pieces, height = find_pieces(clean)
    if not pieces:
        return []
    lines = ink - clean >= PRESENT  # that were erased
    smaller = find_smaller(pieces, height, ink.shape, classifier)
    pieces = [piece for piece in pieces if not any(holds(row, piece.box) for row in smaller)]
    large = [piece for piece in pieces if piece.box.height >= SMALL * height]
    digits = judge([piece.character for piece in large], classifier)
    whole = {piece.mark: digit for piece, digit in zip(large, digits, strict=True)}
    looked_at = [mark for mark in whole if may_be_several(whole[mark])]
    looked_at = sorted(looked_at, key=lambda mark: whole[mark].confidence)[:MOST_CUT]
    places = find_places({mark: whole[mark].ink for mark in looked_at}, classifier)
    to_cut = {mark for mark in looked_at if is_to_cut(whole[mark], places.get(mark))}
    rows = find_rows(pieces, height, lines)
    rows = [Lattice(row, to_cut, whole, places, height) for row in rows]
    wanted = list(islice(((row, run) for row in rows for run in row.runs()), MOST_RUNS))
    budget = MOST_AREA
    while wanted and budget > 0:  # a batch at a time: candidates may be as large as the picture
        batch, wanted = wanted[:BATCH], wanted[BATCH:]
        characters = [row.join(*run) for row, run in batch]
        budget -= sum(character.ink.size for character in characters)
        for (row, run), digit in zip(batch, judge(characters, classifier), strict=True):
            row.take(run, digit)
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


def with_smaller(rows, smaller):
    """Rows in reading order, and others from top to bottom put among them."""
    merged = []
    for row in rows:
        while smaller and row and is_above(smaller[0], row):
            merged.append(smaller.pop(0))
        merged.append(row)
    return merged + smaller


def is_above(row, other):
    one, two = (np.mean([e.box.y + e.box.height / 2 for e in part]) for part in (row, other))
    return one < two


def find_places(inks, classifier):
    """Places of the marks whose strips show digits, by mark; {} where no strips are read."""
    if not classifier.strip:
        return {}
    places = {mark: Places(ink, classifier.strip) for mark, ink in inks.items()}
    return {mark: each for mark, each in places.items() if each.shows_any}


def without_trust_in_struck(row, ink):
    """A row of the ink; where a word of it is struck out, its digits are unsure."""
    if len(judged(row)) < 2:
        return row
    parts = [row] if is_struck(row, ink) else words(row, height_of(row))
    return [doubt(each) if is_struck(part, ink) else each for part in parts for each in part]


def is_struck(part, ink):
    digits = judged(part)
    if len(digits) < 2:
        return False
    top, foot = np.median([(digit.box.y, digit.box.bottom) for digit in digits], axis=0)
    left, right = digits[0].box.x, max(digit.box.right for digit in digits)
    return is_struck_out(ink[int(top) : int(foot), left:right])


def doubt(each):
    if not isinstance(each, Digit):
        return each
    return replace(each, is_digit=min(each.is_digit, DIGIT))


def without_clutter(rows):
    """Rows that are mostly of digits; where there are none, all that hold anything."""
    rows = [without_words(row) for row in rows if digits_of(row)]
    return [row for row in rows if share_of_none(row) <= 0.5] or rows


def without_words(row):
    """A row without dirt and, where it holds a number, without words beside that.

    What was left out is dirt, or Unknown.
    """
    height = height_of(row)
    row = [Unknown.of(e.box, e.ink) if is_unknown(row, i, height) else e for i, e in enumerate(row)]
    parts = words(row, height)
    is_number = [len(judged(part)) >= FEW and share_of_none(part) == 0 for part in parts]
    if any(is_number):
        parts = [
            part
            for i, part in enumerate(parts)
            if is_number[i] or not is_word(part, height, is_first=i == 0)
        ]
    return [each for part in parts for each in part if each.text]


def is_unknown(row, place, height):
    """Whether what is left out there parts two digits, and is so large that it may mean something.

    What is higher up is an apostrophe, a degree's ring or dirt.
    """
    box = row[place].box
    if row[place].text or max(box.width, box.height) < TELLS * height:
        return False
    left = next(iter(digits_of(reversed(row[:place]))), None)
    right = next(iter(digits_of(row[place:])), None)
    if not (left and right and left.verdict == right.verdict == "digit"):
        return False
    is_level = MIDST[0] <= level(box, (left, right)) <= MIDST[1]
    return is_level and left.box.right <= box.x + box.width / 2 <= right.box.x


def level(box, digits):
    """Where the middle of a mark lies: 0 at the top of the digits beside it, 1 at their foot."""
    top, foot = np.mean([(digit.box.y, digit.box.bottom) for digit in digits], axis=0)
    return (box.y + box.height / 2 - top) / (foot - top)


def height_of(row):
    return float(np.median([digit.box.height for digit in judged(row)]))


def words(row, height):
    """A row apart where a gap is as wide as between words, and wider than most of it has."""
    gaps = [right.box.x - left.box.right for left, right in pairwise(row)]
    least = max(APART * height, WIDER * float(np.median(gaps or [0])))
    return split(row, lambda part, each: each.box.x > part[-1].box.right + least)


def is_word(part, height, is_first):
    """Whether more than half of it is no digits, or half of the first part, for labels precede.

    Letters lower than the digits are mostly left out. A single mark that is taken for none may
    have been a digit, and is narrower than a word.
    """
    letters = sum(is_letter(each, part, height) for each in part)
    digits = sum(each.text.isdecimal() for each in part)
    is_long = part[-1].box.right - part[0].box.x >= LONG * height
    is_more = letters > digits or (is_first and letters == digits)
    return is_more and (digits > 0 or letters > 1 or is_long)


def is_letter(each, part, height):
    """Whether it is no digit and high enough for a letter; an apostrophe begins at the top."""
    if isinstance(each, Unknown) or each.text not in ("", "?"):
        return False
    digits = judged(part)
    is_low = each.text or not digits or level(each.box, digits) >= MIDST[0]
    return is_low and each.box.height >= LETTER * height


def share_of_none(row):
    """How many of its digits are none; 0 where it has none at all."""
    none = [digit.verdict == "not_a_digit" for digit in judged(row)]
    return float(np.mean(none)) if none else 0.0


def among_others(rows):
    """The rows, their digits knowing of others beside them, where there are several that are some.

    In a part of a row that is apart, or of another size, there may as well be letters.
    """
    verdicts = [digit.verdict for row in rows for digit in digits_of(row)]
    if len(verdicts) - verdicts.count("not_a_digit") < 2:
        return rows
    return [with_others(row) for row in rows]


def with_others(row):
    parts = words(row, height_of(row))
    surest = max(parts, key=lambda part: sureness([part]))
    height = height_of(surest)
    return [
        replace(each, is_among=True)
        if part is surest and isinstance(each, Digit) and is_like(each.box.height, height)
        else each
        for part in parts
        for each in part
    ]


def is_like(height, other):
    return LIKE * max(height, other) <= min(height, other)


def digits_of(row):
    return [each for each in row if isinstance(each, Digit)]


def judged(row):
    return [each for each in digits_of(row) if not isinstance(each, Unknown)]


def count_digits(rows):
    return sum(len(digits_of(row)) for row in rows)


def sureness(rows):
    """Mean confidence in the digits."""
    sure = [digit.confidence for row in rows for digit in judged(row)]
    return float(np.mean(sure)) if sure else 0.0


def turn_back(each, turns, shape):
    """A Digit or Sign of ink that np.rot90 turned, its box in the ink as it was, of that shape."""
    box = each.box
    for quarter in reversed(range(turns)):
        width = shape[1 - quarter % 2]
        box = Box(width - box.bottom, box.x, box.height, box.width)
    return replace(each, box=box)


def may_be_several(digit):
    """Whether what a mark is taken for is doubtful, or it is wide; too wide a one is no number."""
    width = digit.box.width / digit.box.height
    return width <= WIDEST and (width > ROOMY or digit.confidence < SETTLED)


def is_to_cut(digit, places):
    """Whether a mark that may be several digits is cut; places: the mark's, or None."""
    if digit.box.width > WIDE * digit.box.height or digit.confidence < SETTLED:
        return True
    return places is not None and places.between(0, np.inf).sum() < ONE
