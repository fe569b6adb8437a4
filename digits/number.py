"""Ink -> rows of digits: marks joined and cut every likely way, and the classifier judges.

Over-segmentation and a search for the best way through, as LeCun, Bottou, Bengio and Haffner (1998,
section VII) read cheques: each row's ink becomes a sequence of pieces, neighbouring pieces are put
together to candidates, and dynamic programming (Viterbi 1967) finds the sequence of candidates that
costs least: each the negative logarithm of the network's probability that it is its best guess, and
what joining and cutting were found to be worth on composed numbers (python -m train.numbers).
"""

from dataclasses import replace
from functools import reduce
from itertools import islice
from typing import NamedTuple

import cv2
import numpy as np

from digits.cut import cuts
from digits.judge import BATCH, Digit, judge
from digits.lines import PRESENT, erase_lines
from digits.normalise import stroke_width
from digits.segment import SOLID, Box, Character, find_marks, run_off, typical_height
from digits.signs import SMALL, Sign, find_signs

SETTLED = 0.95  # least confidence in a mark that is neither joined nor cut
WIDE = 1.1  # of the row's height: wider marks are cut even where they are read with confidence
WIDEST = 20  # of its own height, a mark that may be digits that touch
MOST_PIECES = 700  # in one picture; of more, the largest are looked at
MOST_CUT = 80  # marks of one picture that are cut, the least sure ones
MOST_RUNS = 2000  # candidates judged in one picture, beside the marks as they are
MOST_AREA = 2_000_000  # pixels that marks take together, and again what is made of them
LONGEST_RUN = 8  # pieces in a candidate
WIDEST_RUN = 1.6  # of the row's height
RARER = 100  # times, in the odds, candidates are digits than marks that people bring
UNLIKELY = 1e-4  # least probability that is told from none

CUT = 0.5  # cost of cutting ink, and for each height of ink that is cut through:
THROUGH = 1.0
RIGHTLY_CUT = 0.92  # probability that a digit that was cut out is one, were the network sure
JOIN = 0.3  # cost of joining marks, and for each height of paper between them:
PAPER = 6.0
LEFT_OUT = 1.5  # cost of leaving a small mark out

UPRIGHT = 0.9  # least mean confidence in a picture that is not turned to see
FEW, MANY = 3, 300  # fewer digits do not tell which way is up; more are rather texture
TURNED = 0.1  # so much surer must another way up be

SPECK = 0.1  # of the typical height, the longest side of a mark that is one
LOWEST = 0.45  # of a row's height, that of a digit in it
TALL = 3.0  # of it: what is higher is no digit
LEVEL = 0.4  # of the lower one's height: digits of one row lie side by side for at least that
PARTED = 0.8  # of the height of two neighbours, that of a line between them
APART = 0.6  # of a row's height, a gap between words
LONG = 1.2  # of it, a word that is all one mark
LETTER = 0.3  # of it, the height of a letter
COLUMNS = 3.5  # of the typical height, the widest gap within a number
NEAR = 2.0  # of that height, how far apart the middles of neighbours in a row are
TELLING = 8  # neighbours that tell how a page's rows slope
FAR = 0.8  # of the typical height: what is small and farther off belongs to no digit


class Piece(NamedTuple):
    """Ink that is taken apart no further."""

    character: Character
    mark: int  # the connected ink that it is of
    cost: float = 0.0  # of the cut between it and the piece of the same mark before it

    @property
    def box(self):
        return self.character.box


def find_numbers(ink, classifier):
    """Read rows of digits, whichever way up.

    ink: (H, W) float32, 0 paper … 1 ink. classifier: as model.load's.
    Returns rows from top to bottom, each a list of Digit and Sign from left to right, their boxes
    in pixels of the ink.
    """
    return among_others(without_clutter(find_any_way_up(ink, classifier)))


def find_any_way_up(ink, classifier):
    """As find_numbers, clutter included."""
    best = find_upright(ink, classifier)
    sure = sureness(best)
    if sure >= UPRIGHT or not FEW <= count_digits(best) <= MANY:
        return best
    for turns in (1, 2, 3):
        turned = find_upright(np.ascontiguousarray(np.rot90(ink, turns)), classifier)
        is_surer = sureness(turned) > max(sureness(best), sure + TURNED)
        if is_surer and count_digits(turned) >= FEW:
            best = [[turn_back(each, turns, ink.shape) for each in row] for row in turned]
    return best


def find_upright(ink, classifier):
    """As find_any_way_up, of ink that is the right way up."""
    clean = erase_lines(ink)
    pieces, height = find_pieces(clean)
    if not pieces:
        return []
    lines = ink - clean >= PRESENT  # that were erased
    large = [piece for piece in pieces if piece.box.height >= SMALL * height]
    digits = judge([piece.character for piece in large], classifier)
    whole = {piece.mark: digit for piece, digit in zip(large, digits, strict=True)}
    doubtful = sorted(whole, key=lambda mark: whole[mark].confidence)[:MOST_CUT]
    to_cut = {mark for mark in doubtful if is_to_cut(whole[mark])}
    rows = [Lattice(row, to_cut, whole, height) for row in find_rows(pieces, height, lines)]
    wanted = list(islice(((row, run) for row in rows for run in row.runs()), MOST_RUNS))
    budget = MOST_AREA
    while wanted and budget > 0:  # a batch at a time: candidates may be as large as the picture
        batch, wanted = wanted[:BATCH], wanted[BATCH:]
        characters = [row.join(*run) for row, run in batch]
        budget -= sum(character.ink.size for character in characters)
        for (row, run), digit in zip(batch, judge(characters, classifier), strict=True):
            row.digits[run] = digit
    return [row.best() for row in rows]


def without_clutter(rows):
    """Rows that are mostly of digits; where there are none, all that hold anything."""
    rows = [without_words(row) for row in rows if digits_of(row)]
    return [row for row in rows if share_of_none(row) <= 0.5] or rows


def without_words(row):
    """A row without what was left out and, where it holds a number, without words beside that."""
    height = np.median([digit.box.height for digit in digits_of(row)])
    parts = split(row, lambda part, each: each.box.x > part[-1].box.right + APART * height)
    is_number = [len(digits_of(part)) >= FEW and share_of_none(part) == 0 for part in parts]
    if any(is_number):
        parts = [
            part
            for i, part in enumerate(parts)
            if is_number[i] or not is_word(part, height, is_first=i == 0)
        ]
    return [each for part in parts for each in part if each.text]


def is_word(part, height, is_first):
    """Whether more than half of it is no digits, or half of the first part, for labels precede.

    Letters lower than the digits are mostly left out. A single mark that is taken for none may
    have been a digit, and is narrower than a word.
    """
    letters = sum(e.text in ("", "?") and e.box.height >= LETTER * height for e in part)
    digits = sum(each.text.isdecimal() for each in part)
    is_long = part[-1].box.right - part[0].box.x >= LONG * height
    is_more = letters > digits or (is_first and letters == digits)
    return is_more and (digits > 0 or letters > 1 or is_long)


def share_of_none(row):
    """How many of its digits are none; 0 where it has none at all."""
    none = [digit.verdict == "not_a_digit" for digit in digits_of(row)]
    return float(np.mean(none)) if none else 0.0


def among_others(rows):
    """The rows, their digits knowing of each other where there are several that are some."""
    verdicts = [digit.verdict for row in rows for digit in digits_of(row)]
    if len(verdicts) - verdicts.count("not_a_digit") < 2:
        return rows
    return [
        [replace(each, is_among=True) if isinstance(each, Digit) else each for each in row]
        for row in rows
    ]


def digits_of(row):
    return [each for each in row if isinstance(each, Digit)]


def count_digits(rows):
    return sum(len(digits_of(row)) for row in rows)


def sureness(rows):
    """Mean confidence in the digits."""
    sure = [digit.confidence for row in rows for digit in digits_of(row)]
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
    page's slope; a small one is of the row of the large one it is nearest to.
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
    distance = np.where((right > 0) & (level >= LEVEL), right + 2 * down, np.inf)
    row_of = np.arange(len(large))
    for i, next_one in enumerate(distance.argmin(axis=1)):
        if np.isfinite(distance[i, next_one]):
            row_of[row_of == row_of[next_one]] = row_of[i]
    rows = {row: large[row_of == row].tolist() for row in np.unique(row_of)}
    for i in small:
        gaps = np.maximum(0, np.maximum(low[large] - high[i], low[i] - high[large]))
        nearest = int(gaps.sum(axis=1).argmin())
        if gaps[nearest].sum() <= FAR * height:
            rows[row_of[nearest]].append(i)
    ordered = sorted(rows.values(), key=lambda row: (low + high)[row, 1].mean())
    in_order = (sorted((pieces[i] for i in row), key=middle_of) for row in ordered)
    return [
        cell for row in in_order for part in columns(row, height) for cell in cells(part, lines)
    ]


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


def middle_of(piece):
    box = piece.box
    return box.x + box.width / 2, box.y + box.height / 2


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


def price(digit):
    """What taking a candidate for its best guess costs.

    The network's probability that it is a digit supposes that nearly all are, as people's pictures
    are. Of candidates fewer are, and the odds are shifted by that (Saerens et al. 2002).
    """
    odds = digit.is_digit / max(1 - digit.is_digit, 1e-9) / RARER
    return -np.log(max(odds / (1 + odds) * digit.probabilities.max(), UNLIKELY))


def is_to_cut(digit):
    """Whether what a mark is taken for is doubtful, or it is wide; too wide a one is no number."""
    width = digit.box.width / digit.box.height
    return width <= WIDEST and (width > WIDE or digit.confidence < SETTLED)


def cut_up(row, to_cut):
    """The row with those marks cut."""
    pieces = []
    for piece in row:
        pieces += parts(piece) if piece.mark in to_cut else [piece]
    return sorted(pieces, key=middle_of)


def parts(piece):
    """A piece cut wherever it might be; itself where that is nowhere."""
    ink, found = piece.character.ink, []
    columns = np.arange(ink.shape[1])
    left, cost = np.zeros(len(ink), int), 0.0
    for right, next_cost in [*cuts(ink), (np.full(len(ink), ink.shape[1]), 0.0)]:
        own = ink * ((columns >= left[:, None]) & (columns < right[:, None]))
        x, y, width, height = cv2.boundingRect((own > 0).view(np.uint8))
        if width:
            box = Box(piece.box.x + x, piece.box.y + y, width, height)
            part = Character(box, own[y : y + height, x : x + width].copy(), 0.0)
            found.append(Piece(part, piece.mark, CUT + THROUGH * cost if found else 0.0))
        left, cost = right, next_cost
    return found if len(found) > 1 else [piece]


class Lattice:
    """A row's pieces from left to right, and what runs of them are taken for.

    row: its marks, Pieces. to_cut: those that are cut. whole: a Digit for each that is not small,
    by mark. height: of a digit on the page.
    """

    def __init__(self, row, to_cut, whole, height):
        # Where one mark is all there is, what is cut out of it may as well be part of a letter.
        self.ink_alone = float(sum(d.ink.sum() for d in whole.values())) if len(whole) == 1 else 0.0
        large = [whole[piece.mark] for piece in row if piece.mark in whole]
        self.height = float(np.median([digit.box.height for digit in large] or [height]))
        pen = float(np.median([stroke_width(digit.ink) for digit in large] or [0]))
        found = find_signs([piece.character for piece in row], self.height, pen)
        signs = {row[place].mark: sign for place, sign in found.items()}
        self.pieces = cut_up(row, to_cut - signs.keys())
        self.signs = {i: signs[p.mark] for i, p in enumerate(self.pieces) if p.mark in signs}
        places = {}
        for place, piece in enumerate(self.pieces):
            places.setdefault(piece.mark, []).append(place)
        single = [places_of[0] for places_of in places.values() if len(places_of) == 1]
        self.digits = {
            (places[mark][0], places[mark][-1] + 1): whole[mark]
            for mark in places.keys() & whole.keys()
            if places[mark][-1] - places[mark][0] < len(places[mark])
        }
        self.cut = set(range(len(self.pieces))) - set(single)
        self.whole = set(self.digits)
        self.settled = {
            place
            for place in single
            if (digit := self.digits.get((place, place + 1))) and digit.confidence >= SETTLED
        }

    def runs(self):
        """Runs of pieces, from start to stop, that might be a digit and are not judged yet."""
        for start in range(len(self.pieces)):
            for stop in range(start + 1, min(start + LONGEST_RUN, len(self.pieces)) + 1):
                if stop - 1 in self.signs:
                    break
                run = self.pieces[start:stop]
                left = min(piece.box.x for piece in run)
                right = max(piece.box.right for piece in run)
                if stop > start + 1 and right - left > WIDEST_RUN * self.height:
                    break
                top = min(piece.box.y for piece in run)
                is_low = max(piece.box.bottom for piece in run) - top < LOWEST * self.height
                is_settled = self.settled.issuperset(range(start, stop))
                if not (is_low or is_settled or (start, stop) in self.digits):
                    yield start, stop

    def join(self, start, stop):
        """A run of pieces as one Character, what it was cut off from lying beside it."""
        run = self.pieces[start:stop]
        box = reduce(Box.union, (piece.box for piece in run))
        ink = np.zeros((box.height, box.width), np.float32)
        for character, *_ in run:
            place = character.box._replace(x=character.box.x - box.x, y=character.box.y - box.y)
            ink[place.slices] = np.maximum(ink[place.slices], character.ink)
        beside = self.ink_alone / float(ink.sum()) - 1 if self.ink_alone else 0.0
        return Character(box, ink, beside)

    def best(self):
        """The cheapest sequence of digits and signs that takes in every piece."""
        count = len(self.pieces)
        costs, ways = [0.0] + [np.inf] * count, [None] * (count + 1)
        for (start, stop), cost, found in sorted(self.options(), key=lambda option: option[0]):
            if costs[start] + cost < costs[stop]:
                costs[stop], ways[stop] = costs[start] + cost, (start, found)
        found, stop = [], count
        while stop:
            start, each = ways[stop]
            if isinstance(each, Digit) and self.is_cut_out(start, stop):
                each = replace(each, is_digit=RIGHTLY_CUT * each.is_digit)
            found.append(each)
            stop = start
        return [each for each in reversed(found) if each is not None]

    def is_cut_out(self, start, stop):
        return (start, stop) not in self.whole and not self.cut.isdisjoint(range(start, stop))

    def options(self):
        """What runs of pieces may be, and what that costs: a Sign without text is left out."""
        for (start, stop), digit in self.digits.items():
            yield (start, stop), price(digit) + self.cost(start, stop), digit
        for place, piece in enumerate(self.pieces):
            if place in self.signs:
                yield (place, place + 1), 0.0, self.signs[place]
            elif piece.box.height < SMALL * self.height:
                yield (place, place + 1), LEFT_OUT, Sign(piece.box, "")
            elif (place, place + 1) not in self.digits:  # beyond what is judged of one picture
                yield (place, place + 1), -np.log(UNLIKELY), None

    def cost(self, start, stop):
        """Of cutting the run off from what comes before it, and of joining its pieces."""
        before = self.pieces[start - 1] if start else None
        first = self.pieces[start]
        cost = first.cost if before and before.mark == first.mark else 0.0
        right = first.box.right
        for left_one, piece in zip(
            self.pieces[start:stop], self.pieces[start + 1 : stop], strict=False
        ):
            if piece.mark != left_one.mark:
                gap = max(0, piece.box.x - right)
                cost += JOIN + PAPER * gap / self.height
            right = max(right, piece.box.right)
        return cost
