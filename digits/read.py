"""One picture from bytes to answer: decode, find the ink, find the digits, normalise, classify."""

from dataclasses import dataclass, replace
from itertools import islice
from math import prod
from typing import NamedTuple

import cv2
import numpy as np

from digits.image import PictureError, decode
from digits.ink import find_ink
from digits.judge import DIGIT, SURE, Digit, judge
from digits.lines import erase_lines
from digits.number import find_numbers
from digits.panel import may_be_on_disc, on_panels
from digits.rings import erase_rings
from digits.segment import FAINT, Box, Character, segment
from digits.signs import SMALL
from digits.words import digits_of, judged, sureness

ROOM = 4_000_000  # pixels of the pictures that are held at once, beside the last of them
PLAIN = 0.9  # least confidence in one digit that needs no other reading
CRUMB = 0.15  # of what a digit and the lines around it are high, it is higher
TALL = 0.6  # of the digit's height: a mark that may be a digit by itself
WHOLE = 0.8  # the same of one that is nearly all of it
STACKED = 0.1  # of its rows, paper between marks that lie above each other: it may be a column
NONE_AMONG = 0.34  # of what a number is made of may be no digit: the sign of a currency, of three


class Row(list):
    """A number: a Digit or Sign each, from left to right."""

    @property
    def digits(self):
        return digits_of(self)

    @property
    def text(self):
        return "".join(each.text for each in self)

    @property
    def verdict(self):
        return verdict_of([digit.verdict for digit in self.digits], len(self))

    @property
    def confidence(self):
        """Probability that the best guesses are right, the digits taken as independent."""
        return prod((digit.confidence for digit in self.digits), start=1.0)


def verdict_of(verdicts, marks):
    """Of a number, by those of its digits and how many marks it has, signs included."""
    if marks < 2:
        return verdicts[0] if verdicts else "blank"
    if verdicts.count("not_a_digit") > len(verdicts) / 2:
        return "not_a_digit"
    return "number" if set(verdicts) == {"digit"} else "unsure"


@dataclass(frozen=True)
class Reading:
    """What a picture says."""

    grey: np.ndarray  # (H, W) uint8, the picture upright, at most LARGEST along a side
    ink: np.ndarray  # (H, W) float32, 0 paper … 1 ink
    rows: list[Row]  # in reading order; boxes in pixels of the picture as sent

    @property
    def digits(self):
        return [digit for row in self.rows for digit in row.digits]

    @property
    def number(self):
        return "\n".join(row.text for row in self.rows)

    @property
    def verdict(self):
        return self._whole.verdict

    @property
    def confidence(self):
        return self._whole.confidence

    @property
    def _whole(self):
        return Row(each for row in self.rows for each in row)


class Sight(NamedTuple):
    """What is seen of a picture before the network is asked."""

    size: tuple[int, int]  # (width, height) of the picture as sent, in pixels
    grey: np.ndarray  # as Reading's
    ink: np.ndarray  # as Reading's
    characters: list[Character]  # the digit that it shows, if it shows one; none on blank paper


def read(data, classifier, max_pixels, mode="auto"):
    """Read a picture.

    data: bytes of a PNG, JPEG, WebP, GIF, BMP or TIFF. classifier: (n, 28, 28, 1) float32 ->
    (n, 11) as model.load's. mode: "digit" takes the picture for one digit, "number" for rows of
    any, "auto" finds out. Returns a Reading. Raises digits.image.PictureError where it cannot be
    decoded.
    """
    (reading,) = read_many([data], classifier, max_pixels, mode)
    if isinstance(reading, PictureError):
        raise reading
    return reading


def read_many(pictures, classifier, max_pixels, mode="auto"):
    """Read pictures as `read` does, the network being shown what is on many of them at once.

    max_pixels: how many they may have together. Yields for each, in order, a Reading, or the
    PictureError where it cannot be decoded.
    """
    batch, room, taken = [], ROOM, 0
    for data in pictures:
        try:
            batch.append(decode(data, max_pixels, taken))
        except PictureError as error:
            batch.append(error)
            continue
        grey, size = batch[-1]
        taken += prod(size)
        room -= grey.size
        if room <= 0:
            yield from conclude(look(batch), classifier, mode)
            batch, room = [], ROOM
    yield from conclude(look(batch), classifier, mode)


def look(batch):
    """A Sight of each picture that was decoded, and of each PictureError that itself.

    Every step is taken for all pictures before the next: so a fifth less time goes by than picture
    by picture, where each step finds the processor's caches full of the others' code.
    """
    pictures = [each for each in batch if not isinstance(each, PictureError)]
    inks = [find_ink(grey) for grey, _ in pictures]
    found = [characters_of(ink) for ink in inks]
    sights = (
        Sight(size, grey, ink, characters)
        for (grey, size), ink, characters in zip(pictures, inks, found, strict=True)
    )
    return [each if isinstance(each, PictureError) else next(sights) for each in batch]


def characters_of(ink):
    """What `segment` finds; of several marks, those inside a ring that was drawn around them."""
    characters = segment(ink)
    if any(character.parts > 1 for character in characters):
        characters = segment(erase_rings(ink))
    return characters


def conclude(sights, classifier, mode):
    """A Reading of each Sight, and of each PictureError that itself."""
    looked_at = [] if mode == "number" else [each for each in sights if isinstance(each, Sight)]
    digits = iter(judge([each for sight in looked_at for each in sight.characters], classifier))
    for sight in sights:
        if isinstance(sight, PictureError):
            yield sight
            continue
        alone = Row(islice(digits, len(sight.characters)))
        is_plain = alone.confidence >= PLAIN and mode != "number"
        if not is_plain or any(may_be_on_disc(each.ink) for each in sight.characters):
            sight, alone = on_panels_of(sight, alone, classifier)
        found = MODES[mode](sight, alone, classifier)
        if alone.confidence < PLAIN and any(row is alone for row in found):
            sight, cleaned = without_lines(sight, alone, classifier)
            if cleaned is not alone:
                found = MODES[mode](sight, cleaned, classifier)
        rows = [Row(row) for row in found]
        if sight.size != sight.grey.shape[::-1]:
            scale = np.array(sight.size) / sight.grey.shape[::-1]
            rows = [Row(enlarge(each, scale) for each in row) for row in rows]
        yield Reading(sight.grey, sight.ink, rows)


def on_panels_of(sight, alone, classifier):
    """A Sight and what is alone in it; of what is light on dark panels, where there are some.

    Heavy digits may be like panels: what is plainly a digit, and no disc, is not asked.
    """
    ink = on_panels(sight.ink)
    if ink is sight.ink:
        return sight, alone
    sight = sight._replace(ink=ink, characters=segment(ink))
    return sight, Row(judge(sight.characters, classifier)) if alone else alone


def without_lines(sight, alone, classifier):
    """A Sight and what is alone in it; without boxes and rules, where that makes it surer.

    A crumb that they leave is none.
    """
    clean = erase_lines(erase_rings(sight.ink))
    if np.array_equal(clean, sight.ink):
        return sight, alone
    least = CRUMB * alone.digits[0].box.height
    characters = [each for each in segment(clean) if each.box.height >= least]
    cleaned = Row(judge(characters, classifier))
    is_surer = cleaned and cleaned.confidence > alone.confidence
    return (sight._replace(characters=characters), cleaned) if is_surer else (sight, alone)


def either(sight, alone, classifier):
    """As one digit where that is plain, or likelier than what it says as a number.

    One that is of tall marks side by side, or reaches three edges, rather is a number, or what
    lies beside one; one of marks above each other may be a column, and a low one beside a tall one
    a sign or a low digit in its row, and one beside plain digits at the picture's edge of a
    number. What is no digit is a number only where that is likelier than not.
    """
    if not alone:
        return []
    (digit,), (character,) = alone, sight.characters
    is_apart = character.parts > 1 and stands_apart(digit.ink, TALL, TALL)
    has_low = character.parts > 1 and stands_apart(digit.ink, WHOLE, 0)
    is_column = character.parts > 1 and rows_of_paper(digit.ink) >= STACKED
    is_cut_close = reaches_three_edges(character.box, sight.ink.shape)
    is_plain = not (is_apart or is_column or character.others or is_cut_close)
    may_have_sign = has_low or character.beside > 0
    if digit.confidence >= PLAIN and is_plain and not may_have_sign:
        return [alone]
    rows = find_numbers(sight.ink, classifier)
    is_signed = may_have_sign and len(rows) == 1 and has_sign_or_low(rows[0], digit)
    none = [digit.verdict == "not_a_digit" for row in rows for digit in judged(row)]
    is_several = len(none) > 1 or any(len(row) > 1 for row in rows)
    is_number = is_several and np.mean(none) <= NONE_AMONG
    is_none = digit.verdict == "not_a_digit"
    is_begun = character.others > 0 and len(rows) == 1 and begins_beside(rows[0], digit)
    is_number_so = is_apart or is_signed or is_cut_close or is_none or is_begun
    least = DIGIT if is_number_so else digit.confidence
    return rows if is_number and sureness(rows) > least else [alone]


def begins_beside(row, digit):
    """Whether all of a row are plain digits: those at the picture's edge are no desk, nor letters.

    A 1 there may be the edge of the paper.
    """
    return all(
        isinstance(each, Digit)
        and each.confidence >= SURE
        and (each.value != 1 or each.box == digit.box)
        for each in row
    )


def has_sign_or_low(row, digit):
    """Whether a row holds what is no digit, or lower than half of what all was taken for."""
    least = SMALL * digit.box.height
    return any(not isinstance(each, Digit) or each.box.height < least for each in row)


def reaches_three_edges(box, shape):
    """Whether a mark is cut out close; or it is a desk beside a page of small digits."""
    height, width = shape
    return [box.x, box.y, width - box.right, height - box.bottom].count(0) >= 3


def stands_apart(ink, tall, low):
    """Whether one digit's ink is of marks side by side, with paper between.

    tall, low: how high two of them are at least, of the digit's height.
    """
    _, _, marks, _ = cv2.connectedComponentsWithStats((ink >= FAINT).view(np.uint8))
    left, right, heights = marks[1:, 0], marks[1:, 0] + marks[1:, 2], marks[1:, 3]
    is_before = right[:, None] <= left
    is_pair = np.logical_and.outer(heights >= tall * len(ink), heights >= low * len(ink))
    return bool(((is_before | is_before.T) & is_pair).any())


def rows_of_paper(ink):
    """The share of one digit's rows of pixels that hold no ink."""
    return 1 - float((ink >= FAINT).any(axis=1).mean())


def numbers(sight, _, classifier):
    """Rows of digits; where there are none but ink is, as one digit."""
    found = find_numbers(sight.ink, classifier)
    return found or one_digit(sight, judge(sight.characters, classifier), classifier)


def one_digit(sight, alone, classifier):
    return [alone] if alone else []


MODES = {"auto": either, "digit": one_digit, "number": numbers}


def enlarge(each, scale):
    """A Digit or Sign, its box in pixels of the picture as sent, not of the reduced one."""
    box = each.box
    left, top = np.floor(scale * box[:2]).astype(int).tolist()
    right, bottom = np.rint(scale * np.add(box[:2], box[2:])).astype(int).tolist()
    return replace(each, box=Box(left, top, right - left, bottom - top))
