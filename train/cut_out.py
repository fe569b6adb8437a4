"""A digit cut out of a pair that touches: it lost an edge to its neighbour, or kept one of its.

The cuts are serving's own; of them, the one that divides the two hands' ink best is taken.
"""

import numpy as np

from digits.cut import cuts
from digits.normalise import crop_to_ink
from train.augment import bend, finish
from train.compose import lay, place
from train.glyphs import magnify, on_sheet

CUT_OUT = 0.09  # share of the digits in training that come from such a pair
WRONG = 0.2  # of the digit's ink, lost or kept by mistake, at most
LONGEST = 60  # pixels, as MNIST's 20 of 28 in 84


def cut_out(digit, other, rng):
    """Write a digit before or after another one, touching it, and cut it out again.

    digit, other: (28, 28) float32 in [0, 1]. rng: numpy.random.Generator.
    Returns (28, 28, 1) float32 in [0, 1]; the digit as it is where no cut divides the two.
    """
    is_first = rng.random() < 0.5
    pair = np.stack([digit, other] if is_first else [other, digit])
    glyphs, *places = place(pair, rng, touching=1)
    ink = lay(glyphs, *places)
    glyphs[1 if is_first else 0] *= 0
    alone = lay(glyphs, *places)
    columns = np.arange(ink.shape[1])
    halves = [ink * ((columns < cut.columns[:, None]) == is_first) for cut in cuts(ink)]
    wrong = [float(np.abs(half - alone).sum()) for half in halves]
    if not wrong or min(wrong) > WRONG * alone.sum():
        return finish(bend(magnify(digit), rng, 0.4), rng)
    half = halves[int(np.argmin(wrong))]
    return finish(bend(on_sheet(crop_to_ink(half), LONGEST), rng, 0.4), rng)
