"""Rows of digits as they were read -> without words and dirt; what is struck out is doubted.

What is apart in a row, as words are, is looked at by itself.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from digits.judge import DIGIT, Digit, Letter, Unknown, judge
from digits.rows import split
from digits.segment import Character
from digits.strike import is_struck_out

NUMBER = 2  # digits at least, beside which there may be words
LONG_ENOUGH = 3  # the same of words that hold digits: of numbers in pairs one may be unclear
JOINING = frozenset("+-×÷=/:")  # signs that belong to what follows them as well
TELLS = 0.35  # of a row's height, the longest side of a mark between digits that may mean something
LOW = 0.28  # of a row's height, a digit that is lower than others are
MIDST = 0.3, 1.1  # its level at least and at most: what is higher is an apostrophe
APART = 0.6  # of a row's height, a gap between words
WIDER = 1.5  # times the median gap of its row, that between words
LONG = 1.2  # of a row's height, a word that is all one mark
LETTER = 0.3  # of it, the height of a letter
LIKE = 0.7  # of the higher one's height, digits of one size at least


def without_trust_in_struck(row, ink):
    """A row of the ink; where a word of it is struck out, its digits are unsure."""
    if len(judged(row)) < 2:
        return row
    parts = [row] if is_struck(row, ink) else split_words(row, height_of(row))
    return [each for part in parts for each in (map(doubt, part) if is_struck(part, ink) else part)]


def is_struck(part, ink):
    digits = judged(part)
    if len(digits) < 2:
        return False
    top, foot = np.median([(digit.box.y, digit.box.bottom) for digit in digits], axis=0)
    left, right = digits[0].box.x, max(digit.box.right for digit in digits)
    return is_struck_out(ink[int(top) : int(foot), left:right])


def doubt(each):
    return replace(each, is_digit=min(each.is_digit, DIGIT)) if isinstance(each, Digit) else each


def with_low_digits(row, classifier):
    """A row; what was left out of it as too low is a digit, unsure, where it is rather that.

    Not a low 1, which is a comma or dirt as often, nor a raised nought, which is a degree's ring.
    """
    if not judged(row):
        return row
    height = height_of(row)
    low = [
        (each, level(each.box, digits))
        for part in split_words(row, height)
        if (digits := judged(part))
        for each in part
        if not each.text and each.box.height >= LOW * height
    ]
    found = {}
    digits = judge([Character(each.box, each.ink, 0.0) for each, _ in low], classifier)
    for (each, where), digit in zip(low, digits, strict=True):
        is_mark = digit.value == 1 or (digit.value == 0 and where < MIDST[0])
        if digit.verdict == "digit" and not is_mark:
            found[each.box] = doubt(digit)
    return [found.get(each.box, each) for each in row]


def without_clutter(rows):
    """Rows that are mostly of digits; where there are none, all that hold anything."""
    rows = [without_words(row) for row in rows if digits_of(row)]
    return [row for row in rows if share_of_none(row) <= 0.5] or rows


def without_words(row):
    """A row without dirt and, where it holds a number, without words before it and behind.

    What was left out is dirt, or Unknown.
    """
    height = height_of(row)
    row = [Unknown.of(e.box, e.ink) if is_unknown(row, i, height) else e for i, e in enumerate(row)]
    parts = split_words(row, height)
    are_numbers = [len(judged(part)) >= NUMBER and share_of_none(part) == 0 for part in parts]
    if any(are_numbers):
        longest = max(len(judged(part)) for part in parts if share_of_none(part) == 0)
        stays = [
            i
            for i, part in enumerate(parts)
            if are_numbers[i]
            or not is_word(part, height, is_first=i == 0)
            or (longest < LONG_ENOUGH and any(each.text.isdecimal() for each in part))
            or (i > 0 and not JOINING.isdisjoint((parts[i - 1][-1].text, part[0].text)))
        ]
        parts = parts[stays[0] : stays[-1] + 1]
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


def split_words(row, height):
    """A row apart where a gap is as wide as between words, and wider than most of it has."""
    gaps = [right.box.x - left.box.right for left, right in pairwise(row)]
    least = max(APART * height, WIDER * float(np.median(gaps or [0])))
    return split(row, lambda part, each: each.box.x > part[-1].box.right + least)


def is_word(part, height, is_first):
    """Whether more than half of it is no digits, or half of the first part, for labels precede.

    Letters lower than the digits are mostly left out. A single mark that one network takes for none
    may have been a digit, and is narrower than a word.
    """
    letters = sum(is_letter(each, part, height) for each in part)
    digits = sum(each.text.isdecimal() for each in part)
    is_long = part[-1].box.right - part[0].box.x >= LONG * height
    is_plain = any(isinstance(each, Letter) for each in part)
    is_more = letters > digits or (is_first and letters == digits)
    return is_more and (digits > 0 or letters > 1 or is_long or is_plain)


def is_letter(each, part, height):
    """Whether it is no digit and high enough for a letter; an apostrophe begins at the top."""
    if isinstance(each, Unknown) or each.text not in ("", "?"):
        return False
    digits = judged(part)
    is_low = each.text or not digits or level(each.box, digits) >= MIDST[0]
    return is_low and each.box.height >= LETTER * height


def level(box, digits):
    """Where the middle of a mark lies: 0 at the top of the digits beside it, 1 at their foot."""
    top, foot = np.mean([(digit.box.y, digit.box.bottom) for digit in digits], axis=0)
    return (box.y + box.height / 2 - top) / (foot - top)


def height_of(row):
    return float(np.median([digit.box.height for digit in judged(row)]))


def share_of_none(row):
    """How many of its digits are none; 0 where it has none at all."""
    none = [digit.verdict == "not_a_digit" for digit in judged(row)]
    return float(np.mean(none)) if none else 0.0


def among_others(rows):
    """The rows, their digits knowing of others beside them, where there are several that are some.

    In a part of a row that is apart, or of another size, there may as well be letters; and what is
    alone in its row, where others are not, may be an arrow's shaft, a staple or a bracket.
    """
    verdicts = [digit.verdict for row in rows for digit in digits_of(row)]
    if len(verdicts) - verdicts.count("not_a_digit") < 2:
        return rows
    counts = [len(judged(row)) for row in rows]
    least = min(NUMBER, max(counts))
    return [
        with_others(row) if count >= least else row for row, count in zip(rows, counts, strict=True)
    ]


def with_others(row):
    parts = split_words(row, height_of(row))
    surest = max(parts, key=lambda part: sureness([part]))
    height = height_of(surest)
    return [
        replace(each, is_among=True)
        if part is surest and isinstance(each, Digit) and is_same_size(each.box.height, height)
        else each
        for part in parts
        for each in part
    ]


def is_same_size(height, other):
    return LIKE * max(height, other) <= min(height, other)


def digits_of(row):
    return [each for each in row if isinstance(each, Digit)]


def judged(row):
    return [each for each in digits_of(row) if not isinstance(each, Unknown)]


def sureness(rows):
    """Mean confidence in the digits."""
    sure = [digit.confidence for row in rows for digit in judged(row)]
    return float(np.mean(sure)) if sure else 0.0
