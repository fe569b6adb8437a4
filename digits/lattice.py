"""A row's marks, cut and joined every likely way: which sequence of digits they most likely are.

Over-segmentation and a search for the best way through, as LeCun, Bottou, Bengio and Haffner (1998,
section VII) read cheques: each row's ink becomes a sequence of pieces, neighbouring pieces are put
together to candidates, and dynamic programming (Viterbi 1967) finds the sequence of candidates that
costs least: each what the network that reads single digits says of it, and the one that reads
strips of the stretch of its mark; and what joining and cutting were found to be worth on composed
numbers (python -m train.numbers).
"""

from dataclasses import replace
from functools import reduce
from itertools import pairwise

import cv2
import numpy as np

from digits.cut import cuts
from digits.judge import DIGIT, Digit, Letter
from digits.normalise import stroke_width
from digits.rows import Piece, middle_of
from digits.segment import FAINT, Box, Character, together
from digits.signs import SMALL, Sign, find_signs

SETTLED = 0.95  # least confidence in a mark that is neither joined nor cut
LONGEST_RUN = 8  # pieces in a candidate
WIDEST_RUN = 1.6  # of the row's height
LOWEST = 0.45  # of a row's height, that of a digit in it
RARER = 100  # times, in the odds, candidates are digits than marks that people bring
BORNE_OUT = 0.9  # probability that a strip shows a digit there, with which no more is asked
UNLIKELY = 1e-4  # least probability that is told from none

TRUST = 0.6  # in what a strip shows, of what both networks say
CUT = 0.3  # cost of cutting ink, and for each height of ink that is cut through:
THROUGH = 0.6
RIGHTLY_CUT = 0.92  # probability that what was cut out is a digit, were one network sure of it
DOUBTED = 30  # times rarer is it a digit, in the odds, than that network says
JOIN = 0.3  # cost of joining marks, and for each height of paper between them:
PAPER = 6.0
NOUGHT = 1.3  # times as wide as it is high, a digit that others' marks may be parts of
ABOVE = 0.4  # of the narrower of two marks, what stands above the other where both are one digit
LEFT_OUT = 1.5  # cost of leaving a small mark out
CROSSES = ("+", "×")  # signs whose shape a heavy 4 or 8 may have


def signs_in(row, whole, height, pen):
    """The signs of a row by mark, as find_signs'; no cross that is rather a digit."""
    signs = find_signs([piece.character for piece in row], height, pen)
    digits = {mark for mark, digit in whole.items() if digit.verdict == "digit"}
    return {
        row[place].mark: sign
        for place, sign in signs.items()
        if not (sign and sign.text in CROSSES and row[place].mark in digits)
    }


def enclosing_marks(row):
    """By mark that lies within another, as a slash in a nought does, that other one.

    What lies in a wide one may be a number in a box.
    """
    boxes = np.array([piece.box for piece in row])
    low, high = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    is_in = (low < low[:, None]).all(axis=2) & (high[:, None] < high).all(axis=2)
    is_in &= boxes[:, 2] <= NOUGHT * boxes[:, 3]
    pairs = ((row[i], row[other]) for i, other in np.argwhere(is_in))
    return {piece.mark: other.mark for piece, other in pairs if goes_round(other, piece)}


def goes_round(piece, other):
    """Whether all of another piece's ink, whose box lies in this one's, lies within its outline."""
    ink = (piece.character.ink >= FAINT).view(np.uint8)
    outlines, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    within = cv2.drawContours(np.zeros_like(ink), outlines, -1, 1, cv2.FILLED)
    window = other.box.relative_to(piece.box).slices
    return bool(within[window][other.character.ink >= FAINT].all())


def cut_up(row, to_cut, places):
    """The row with those marks cut."""
    pieces = []
    for piece in row:
        pieces += parts(piece, places.get(piece.mark)) if piece.mark in to_cut else [piece]
    return sorted(pieces, key=middle_of)


def parts(piece, places):
    """A piece cut wherever it might be; itself where that is nowhere. places: its Places or None"""
    ink, found = piece.character.ink, []
    columns, changes = np.arange(ink.shape[1]), places.changes() if places else ()
    left, cost = np.zeros(len(ink), int), 0.0
    for right, next_cost in [*cuts(ink, changes), (np.full(len(ink), ink.shape[1]), 0.0)]:
        own = ink * ((columns >= left[:, None]) & (columns < right[:, None]))
        x, y, width, height = cv2.boundingRect((own > 0).view(np.uint8))
        if width:
            box = Box(piece.box.x + x, piece.box.y + y, width, height)
            part = Character(box, own[y : y + height, x : x + width].copy(), 0.0)
            cost = CUT + THROUGH * cost if found else 0.0
            found.append(Piece(part, piece.mark, (left.mean(), right.mean()), cost))
        left, cost = right, next_cost
    return found if len(found) > 1 else [piece]


def overlap(run):
    """Whether marks stand above each other, as the strokes of an open 4 do: digits hardly ever."""
    pairs = [(left.box, right.box) for left, right in pairwise(run)]
    return len(run) > 1 and all(
        left.right - right.x >= ABOVE * min(left.width, right.width) for left, right in pairs
    )


def rarer(probability, times):
    """What is left of it where it is rarer by so much in the odds (Saerens et al. 2002)."""
    odds = probability / max(1 - probability, 1e-9) / times
    return odds / (1 + odds)


def doubted(is_digit):
    """How likely what was cut out is a digit where no strip bears it out: none not for that alone.

    A letter's pieces may look like digits, and what is a digit is mostly surely one.
    """
    return max(RIGHTLY_CUT * rarer(is_digit, DOUBTED), min(is_digit, DIGIT))


class Lattice:
    """A row's pieces from left to right, and what runs of them are taken for.

    row: its marks, Pieces. to_cut: those that are cut. whole: a Digit for each that is not small,
    by mark. places: the Places of some, by mark. height: of a digit on the page.
    """

    def __init__(self, row, to_cut, whole, places, height):
        # Where one mark is all there is, what is cut out of it may as well be part of a letter.
        self.ink_alone = float(sum(d.ink.sum() for d in whole.values())) if len(whole) == 1 else 0.0
        large = [whole[piece.mark] for piece in row if piece.mark in whole]
        self.height = float(np.median([digit.box.height for digit in large] or [height]))
        pen = float(np.median([stroke_width(digit.ink) for digit in large] or [0]))
        signs = signs_in(row, whole, self.height, pen)
        self.enclosing = enclosing_marks(row)
        self.places = places
        self.letters = {mark for mark, digit in whole.items() if isinstance(digit, Letter)}
        self.pieces = cut_up(row, to_cut - signs.keys(), places)
        self.signs = {i: signs[p.mark] for i, p in enumerate(self.pieces) if p.mark in signs}
        where = {}
        for place, piece in enumerate(self.pieces):
            where.setdefault(piece.mark, []).append(place)
        single = [there[0] for there in where.values() if len(there) == 1]
        self.cut = set(range(len(self.pieces))) - set(single)
        self.digits, self.prices, self.shown = {}, {}, {}
        for mark in where.keys() & whole.keys() - self.enclosing.keys():
            first, last = where[mark][0], where[mark][-1]
            if last - first < len(where[mark]):
                self.take((first, last + 1), whole[mark], is_whole=True)
        self.uncut = set(self.digits)
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
                box = reduce(Box.union, (piece.box for piece in run))
                if stop > start + 1 and box.width > WIDEST_RUN * self.height:
                    break
                is_settled = self.settled.issuperset(range(start, stop)) and not overlap(run)
                if is_settled or (start, stop) in self.digits:
                    continue
                if self.is_torn_out(run) or self.holds_letters(run):
                    continue
                if box.height >= LOWEST * self.height or self.is_borne_out((start, stop)):
                    yield start, stop

    def join(self, start, stop):
        """A run of pieces as one Character, what it was cut off from lying beside it."""
        box, ink = together([piece.character for piece in self.pieces[start:stop]])
        beside = self.ink_alone / float(ink.sum()) - 1 if self.ink_alone else 0.0
        return Character(box, ink, beside)

    def take(self, run, digit, is_whole=False):
        """Keep what a run is taken for, and what that costs, in the light of its mark's strip.

        A candidate costs the negative logarithm of the probability that it is its best guess. The
        network that reads single digits supposes that nearly all it is shown are some, as people's
        pictures are: of candidates fewer are. That there is one digit, and of what was cut out,
        which, are weighted geometric means of what the two networks say. What either sees is a
        digit: a cut may have spoilt it for the one, and the other may not know the hand.
        """
        one = rarer(digit.is_digit, RARER)
        seen = self.seen(run)
        if seen is not None:
            there = min(float(seen.sum()), 1.0)
            one = one ** (1 - TRUST) * there**TRUST
            shares = digit.probabilities ** (1 - TRUST) * seen**TRUST
            if not is_whole and there > UNLIKELY and shares.any():
                is_digit = 1 - (1 - digit.is_digit) * (1 - there)
                digit = replace(digit, probabilities=shares / shares.sum(), is_digit=is_digit)
                if there >= BORNE_OUT:
                    digit = replace(digit, beside=0.0)
        self.digits[run] = digit
        self.prices[run] = -np.log(max(one * digit.probabilities.max(), UNLIKELY))

    def is_torn_out(self, run):
        """Whether a run holds a mark without the one that it lies within."""
        marks = {piece.mark for piece in run}
        return any(self.enclosing.get(mark, mark) not in marks for mark in marks)

    def holds_letters(self, run):
        """Whether a run holds more than one: of a broken digit's strokes one may look like some."""
        return len({piece.mark for piece in run} & self.letters) > 1

    def is_borne_out(self, run):
        seen = self.seen(run)
        return seen is not None and seen.sum() >= BORNE_OUT

    def seen(self, run):
        """What its mark's strip shows there, as Places.between's; None where there is no strip."""
        if run not in self.shown:
            pieces = self.pieces[slice(*run)]
            places = self.places.get(pieces[0].mark)
            if places and all(piece.mark == pieces[0].mark for piece in pieces):
                lefts, rights = zip(*(piece.span for piece in pieces), strict=True)
                self.shown[run] = places.between(min(lefts), max(rights))
            else:
                self.shown[run] = None
        return self.shown[run]

    def best(self):
        """The cheapest sequence of digits and signs that takes in every piece."""
        count = len(self.pieces)
        costs, ways = [0.0] + [np.inf] * count, [None] * (count + 1)
        for (start, stop), cost, each in sorted(self.options(), key=lambda option: option[0]):
            if costs[start] + cost < costs[stop]:
                costs[stop], ways[stop] = costs[start] + cost, (start, each)
        found, stop = [], count
        while stop:
            start, each = ways[stop]
            if isinstance(each, Digit) and self.is_cut_out(start, stop):
                each = replace(each, is_digit=doubted(each.is_digit))
            found.append(each)
            stop = start
        return [each for each in reversed(found) if each is not None]

    def is_cut_out(self, start, stop):
        """Whether a run was cut out of marks, and no strip bears it out."""
        is_cut = (start, stop) not in self.uncut and not self.cut.isdisjoint(range(start, stop))
        return is_cut and self.seen((start, stop)) is None

    def options(self):
        """What runs of pieces may be, and what that costs: a Sign without text is left out."""
        for (start, stop), digit in self.digits.items():
            yield (start, stop), self.prices[start, stop] + self.cost(start, stop), digit
        for place, piece in enumerate(self.pieces):
            if place in self.signs:
                yield (place, place + 1), 0.0, self.signs[place]
            elif self.may_be_left_out(place):
                yield (place, place + 1), LEFT_OUT, Sign(piece.box, "", piece.character.ink)
            elif (place, place + 1) not in self.digits:  # beyond what is judged of one picture
                yield (place, place + 1), -np.log(UNLIKELY), None
        for start, stop in self.uncut:
            if stop - start > 1 and all(map(self.may_be_left_out, range(start, stop))):
                digit = self.digits[start, stop]
                yield (start, stop), (stop - start) * LEFT_OUT, Sign(digit.box, "", digit.ink)

    def may_be_left_out(self, place):
        is_small = self.pieces[place].box.height < SMALL * self.height
        return is_small and not (place in self.cut and self.is_borne_out((place, place + 1)))

    def cost(self, start, stop):
        """Of cutting the run off from what comes before it, and of joining its pieces."""
        before = self.pieces[start - 1] if start else None
        first = self.pieces[start]
        cost = first.cost if before and before.mark == first.mark else 0.0
        right = first.box.right
        for one, other in pairwise(self.pieces[start:stop]):
            if other.mark != one.mark:
                cost += JOIN + PAPER * max(0, other.box.x - right) / self.height
            right = max(right, other.box.right)
        return cost
