"""A mark of several digits -> a strip, as high as MNIST's frame, and where in it a digit stands.

A network that is moved along a row of digits reads those that no cut parts well (Matan, Burges,
LeCun and Denker 1992). Of each place, two pixels wide, it tells which digit stands there, if any
does; each digit of a row has one or more places, side by side.
"""

from itertools import pairwise

import numpy as np

from digits.normalise import DIGIT, FRAME, crop_to_ink, fit, widen

SIDE = 12  # pixels of paper to the left and right of the ink
STEP = 2  # pixels from place to place
BEFORE = 3  # pixels of the strip, to the middle of the first place
FLOOR = 1e-7  # of probabilities, or a logarithm would be infinite
NONE = 10  # what a place shows that shows no digit


def strip(ink):
    """Scale ink to the height of a digit in MNIST's frame, however wide it is then.

    ink: (H, W) float32, 0 paper … 1 ink. Returns (28, w, 1) float32 in [0, 1].
    """
    crop = crop_to_ink(ink)
    if crop is None:
        return np.zeros((FRAME, 2 * SIDE, 1), np.float32)
    side = max(DIGIT, round(DIGIT * crop.shape[1] / crop.shape[0]))
    row = fit(widen(crop, side), side)
    above = (FRAME - len(row)) // 2
    sides = (above, FRAME - len(row) - above), (SIDE, SIDE)
    return np.pad(row / row.max(), sides)[..., np.newaxis]


def places_in(pixels):
    """How many places a strip of so many pixels has."""
    return (pixels - 4) // STEP


def place_at(column, width, pixels):
    """The first place whose middle is to the right of a column of ink.

    column: from the ink's left, in pixels of which the ink is `width` wide. pixels: width of the
    strip.
    """
    at = SIDE + column * (pixels - 2 * SIDE) / width
    return int(np.ceil((at - BEFORE) / STEP))


def column_at(place, width, pixels):
    """The column of ink, from its left, in the middle of a place: as `place_at` has them."""
    return (BEFORE + STEP * place - SIDE) * width / (pixels - 2 * SIDE)


class Places:
    """What a network takes the places of a mark for.

    ink: (H, W) float32, cut out to the mark. network: (1, 28, w, 1) float32 -> (1, n, 11), as
    model.build_strip's.
    """

    def __init__(self, ink, network):
        row = strip(ink)
        self._size = ink.shape[1], row.shape[1]
        answers = np.log(np.maximum(network(row[np.newaxis])[0].astype(np.float64), FLOOR))
        self._none = answers[:, NONE]
        self._odds = answers[:, :NONE] - answers[:, NONE:]

    @property
    def shows_any(self):
        """Whether there is a digit at all, rather than none; if not, it may not know the hand."""
        return np.exp(self._none.sum()) < 0.5

    def changes(self):
        """Columns of the ink where one digit gives way to the next, were each place by itself."""
        kinds = np.where(self._odds.max(axis=1) > 0, self._odds.argmax(axis=1), NONE)
        return [
            column_at((last + first) / 2, *self._size)
            for last, first in pairwise(np.flatnonzero(kinds != NONE))
            if first > last + 1 or kinds[first] != kinds[last]
        ]

    def between(self, left, right):
        """(10,) float64, the probability that there is one digit between two columns, of each kind.

        Some places side by side are the digit's, the others none's (as in connectionist temporal
        classification, Graves et al. 2006, but for where it lies).
        """
        width = self._size[0]
        start = place_at(left, *self._size) if left > 0 else 0
        stop = place_at(right, *self._size) if right < width else len(self._none)
        if stop <= start:
            return np.zeros(10)
        odds, none = self._odds[start:stop], self._none[start:stop].sum()
        upto = odds.cumsum(axis=0)
        begun = np.logaddexp.accumulate(odds - upto, axis=0)  # where its first place may be
        return np.exp(np.minimum(none + upto + begun, 0)).sum(axis=0)
