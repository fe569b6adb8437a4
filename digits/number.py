"""Ink -> rows of digits, whichever way up: marks put in rows, and the classifier judges.

Digits of a row may touch and marks of one may be apart: a Lattice finds what its marks say.
"""

from dataclasses import replace
from itertools import islice, pairwise

import cv2
import numpy as np

from digits.judge import BATCH, DIGIT, Digit, Unknown, judge
from digits.lattice import SETTLED, Lattice, Piece, middle_of
from digits.lines import PRESENT, erase_lines
from digits.rings import erase_rings
from digits.segment import SOLID, Box, Character, find_marks, run_off, typical_height
from digits.signs import SMALL, is_stub
from digits.strike import is_struck_out
from digits.strip import Places

WIDE = 1.1  # of its own height: wider marks are cut even where they are read with confidence
ROOMY = 0.6  # of its own height: a mark that wide may be two digits, whatever it is taken for
ONE = 0.5  # least probability, by its strip, of one digit in a mark that is not cut
WIDEST = 20  # of its own height, a mark that may be digits that touch
MOST_PIECES = 700  # in one picture; of more, the largest are looked at
MOST_CUT = 80  # marks of one picture that may be several digits, the least sure ones
MOST_RUNS = 2000  # candidates judged in one picture, beside the marks as they are
MOST_AREA = 2_000_000  # pixels that marks take together, and again what is made of them

UPRIGHT = 0.9  # least mean confidence in a picture that is not turned to see
FEW, MANY = 3, 300  # fewer digits tell no way up, and no number from dirt; more are rather texture
TURNED = 0.1  # so much surer must another way up be

SPECK = 0.1  # of the typical height, the longest side of a mark that is one
BETWEEN = 0.3  # of the typical height, paper between a row and one of smaller digits at least
TALL = 3.0  # of the typical height: what is higher is no digit
LEVEL = 0.4  # of the lower one's height: digits of one row lie side by side for at least that
HANGING = 0.2  # the same of what may be a long comma
PARTED = 0.8  # of the height of two neighbours, that of a line between them
APART = 0.6  # of a row's height, a gap between words
WIDER = 1.5  # times the median gap of its row, that between words
LONG = 1.2  # of it, a word that is all one mark
LETTER = 0.3  # of it, the height of a letter
TELLS = 0.35  # of it, the longest side of a mark between digits that may mean something
MIDST = 0.3, 1.1  # its level at least and at most: what is higher is an apostrophe
LIKE = 0.7  # of the higher one's height, digits of one size at least
COLUMNS = 3.5  # of the typical height, the widest gap within a number
NEAR = 2.0  # of that height, how far apart the middles of neighbours in a row are
TELLING = 8  # neighbours that tell how a page's rows slope
FAR = 0.8  # of the typical height: what is small and farther off is beside no digit


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


def find_pieces(ink):
    """Connected ink that may be of digits, and how high a digit typically is, in pixels.

    That is the median height, each mark counting as much as it has ink. Marks that run off the
    picture are kept where they are of that height, specks and what is far too tall are not.
    """
    _, labels, marks = find_marks(ink)
    off = run_off(marks, ink.shape)
    areas, sizes = marks[:, cv2.CC_STAT_AREA], marks[:, 2:4]
    is_solid = areas > SOLID * sizes.prod(axis=1)
    counts = (areas > 0) & ~(off & is_solid)
    inside = counts & ~off
    if not counts.any():
        return [], 0
    height = typical_height(marks[inside if inside.any() else counts])
    counts &= (sizes.max(axis=1) >= SPECK * height) & (sizes[:, 1] <= TALL * height)
    counts &= ~off | (sizes[:, 1] >= SMALL * height) & (sizes[:, 1] <= 2 * height)
    chosen = np.flatnonzero(counts)
    is_small = sizes[chosen, 1] < SMALL * height
    chosen = chosen[np.lexsort((-areas[chosen], is_small))[:MOST_PIECES]]
    chosen = chosen[np.cumsum(sizes[chosen].prod(axis=1)) <= MOST_AREA]
    if inside.any():
        whole = chosen[inside[chosen] & (sizes[chosen, 1] >= SMALL * height)]
        chosen = chosen[~off[chosen] | levels_with(marks[chosen], marks[whole])]
    pieces = []
    for mark in chosen.tolist():
        box = Box(*marks[mark, :4].tolist())
        own = ink[box.slices] * (labels[box.slices] == mark)
        pieces.append(Piece(Character(box, own, 0.0), mark))
    return pieces, height


def levels_with(marks, others):
    """(n,) whether each mark lies level with one of the others."""
    top, bottom = marks[:, 1], marks[:, 1] + marks[:, 3]
    middles = others[:, 1] + others[:, 3] / 2
    return ((top[:, None] <= middles) & (middles <= bottom[:, None])).any(axis=1)


def find_rows(pieces, height, lines):
    """Lists of pieces, top to bottom, each from left to right.

    lines: (H, W) bool, where lines were erased.

    Each large piece is linked to the next one to its right that lies level with it, along the
    page's slope; a small one is of the row of the large one it is nearest to, where it is near or
    stands between two of that row.
    """
    boxes = np.array([piece.box for piece in pieces], float)
    large = np.flatnonzero(boxes[:, 3] >= SMALL * height)
    if large.size == 0:
        return []
    boxes[:, 1] -= slope_of(boxes[large]) * (boxes[:, 0] + boxes[:, 2] / 2)
    low, high = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    small = np.flatnonzero(boxes[:, 3] < SMALL * height)
    level = np.minimum.outer(high[large, 1], high[large, 1])
    level = level - np.maximum.outer(low[large, 1], low[large, 1])
    level /= np.minimum.outer(boxes[large, 3], boxes[large, 3])
    middles = (low + high)[large] / 2
    down = np.abs(np.subtract.outer(middles[:, 1], middles[:, 1]))
    right = middles[None, :, 0] - middles[:, None, 0]
    is_level, is_close = level >= LEVEL, (right != 0) & (abs(right) <= FAR * height)
    hangs = [is_stub(pieces[i].box, height) for i in large] & ~(is_level & is_close).any(axis=1)
    is_level |= (level >= HANGING) & is_close & np.logical_or.outer(hangs, hangs)
    distance = np.where((right > 0) & is_level, right + 2 * down, np.inf)
    row_of = np.arange(len(large))
    for i, next_one in enumerate(distance.argmin(axis=1)):
        if np.isfinite(distance[i, next_one]):
            row_of[row_of == row_of[next_one]] = row_of[i]
    rows = {row: large[row_of == row].tolist() for row in np.unique(row_of)}
    for i in small:
        gaps = np.maximum(0, np.maximum(low[large] - high[i], low[i] - high[large]))
        nearest = int(gaps.sum(axis=1).argmin())
        row = row_of[nearest]
        is_near, is_beside = gaps[nearest].sum() <= FAR * height, gaps[nearest, 1] == 0
        if is_near or (is_beside and is_within(boxes[i], boxes[large[row_of == row]], height)):
            rows[row].append(i)
    ordered = sorted(rows.values(), key=lambda row: (low + high)[row, 1].mean())
    in_order = (sorted((pieces[i] for i in row), key=middle_of) for row in ordered)
    return [
        cell for row in in_order for part in columns(row, height) for cell in cells(part, lines)
    ]


def is_within(box, others, height):
    """Whether a mark stands between two of a row's digits, and these in one number."""
    left = others[others[:, 0] + others[:, 2] <= box[0]]
    right = others[others[:, 0] >= box[0] + box[2]]
    if not (len(left) and len(right)):
        return False
    return right[:, 0].min() - left[:, ::2].sum(axis=1).max() <= COLUMNS * height


def slope_of(boxes):
    """How far rows go down for one step to the right: 0 where few digits tell.

    boxes: (n, 4) float64, each digit's left, top, width and height.
    The median of the ways from each digit to its nearest neighbour to the right (the docstrum,
    O'Gorman 1993).
    """
    middles = boxes[:, :2] + boxes[:, 2:] / 2
    right, down = (np.subtract.outer(axis, axis).T for axis in middles.T)
    distance = np.where(right > np.abs(down), np.hypot(right, down), np.inf)
    nearest = distance.argmin(axis=1)
    each = np.arange(len(boxes))
    known = distance[each, nearest] <= NEAR * np.median(boxes[:, 3])
    if known.sum() < TELLING:
        return 0.0
    return float(np.median(down[each, nearest][known] / right[each, nearest][known]))


def columns(row, height):
    """A row apart where a gap is as wide as between columns."""
    return split(
        row, lambda part, each: each.box.x > max(e.box.right for e in part) + COLUMNS * height
    )


def cells(row, lines):
    """A row apart where uprights of a table part it; not where each digit has a box of its own."""

    def is_parted(part, right):
        left = part[-1].box
        top, bottom = min(left.y, right.box.y), max(left.bottom, right.box.bottom)
        between = lines[top:bottom, left.right : right.box.x]
        return between.any(axis=1).mean() >= PARTED

    parts = split(row, is_parted)
    least = SMALL * max(piece.box.height for piece in row)
    digits = [sum(piece.box.height >= least for piece in part) for part in parts]
    is_table = sum(count > 1 for count in digits) > len(parts) / 2
    return parts if is_table else [row]


def split(row, is_apart):
    """A row in parts: a new one begins with each piece that is apart from the part before it."""
    parts = [row[:1]]
    for each in row[1:]:
        if is_apart(parts[-1], each):
            parts.append([])
        parts[-1].append(each)
    return parts


def may_be_several(digit):
    """Whether what a mark is taken for is doubtful, or it is wide; too wide a one is no number."""
    width = digit.box.width / digit.box.height
    return width <= WIDEST and (width > ROOMY or digit.confidence < SETTLED)


def is_to_cut(digit, places):
    """Whether a mark that may be several digits is cut; places: the mark's, or None."""
    if digit.box.width > WIDE * digit.box.height or digit.confidence < SETTLED:
        return True
    return places is not None and places.between(0, np.inf).sum() < ONE
