"""A judged digit -> which places of it its answer rests on.

Occlusion sensitivity (Zeiler and Fergus 2014): erase the ink of one place after another, and see
how far the odds of the answer fall. Odds, for a probability of nearly 1 hardly falls, whatever is
erased.
"""

import cv2
import numpy as np

from digits.judge import BATCH
from digits.normalise import normalise

CELLS = 9  # along the longer side of the digit's box
PATCH = 1.6  # cells, the side of what is erased at once: it breaks a stroke between two cells too
NOTHING = 0.1  # a fall of the log odds that tells nothing
SUREST = 1e-6  # from certainty: beyond, float32 tells no odds


def saliency(digit, classifier):
    """How much each place matters to what a Digit was taken for.

    classifier: as model.load's, of which `whole` is asked. Returns (h, w) float32 in [0, 1] over
    the digit's ink: 1 where erasing costs most, all zeros where it costs nothing.
    """
    grid = falls(digit, classifier)
    heat = cv2.resize(grid, digit.ink.shape[::-1], interpolation=cv2.INTER_LINEAR)
    most = float(heat.max())
    return heat / most if most > NOTHING else np.zeros_like(heat)


def falls(digit, classifier):
    """(rows, columns) float32 from 0 up: how far the log odds fall when a cell is erased."""
    costs = np.zeros(grid_over(digit.ink.shape), np.float32)
    places = {
        cell: patch
        for cell, patch in patches(digit.ink.shape, costs.shape)
        if digit.ink[patch].any()
    }
    inputs = np.stack([normalise(without(digit.ink, patch)) for patch in places.values()])
    odds = log_odds(np.array([digit.input, *inputs]), digit.value, classifier)
    costs[tuple(np.transpose([*places]))] = np.maximum(0, odds[0] - odds[1:])
    return costs


def grid_over(shape):
    """How many (rows, columns) of cells: about square, and none smaller than a pixel."""
    cell = max(1, max(shape) / CELLS)
    return tuple(max(1, round(side / cell)) for side in shape)


def patches(shape, grid):
    """Each cell of the grid, with the slices of the ink about it that are erased at once."""
    size = np.divide(shape, grid)
    for cell in np.ndindex(grid):
        middle = (np.array(cell) + 0.5) * size
        reach = PATCH / 2 * size
        top, left = np.floor(np.maximum(0, middle - reach)).astype(int)
        bottom, right = np.ceil(middle + reach).astype(int)
        yield cell, np.s_[top:bottom, left:right]


def without(ink, patch):
    rest = ink.copy()
    rest[patch] = 0
    return rest


def log_odds(inputs, value, classifier):
    """(n,) float64: of each input, that it is a digit and this one."""
    batches = [inputs[start : start + BATCH] for start in range(0, len(inputs), BATCH)]
    # All towers, for what two of them differ by would look like a fall.
    answers = np.concatenate([classifier.whole(batch) for batch in batches]).astype(np.float64)
    sure = answers[:, value] / answers[:, :10].sum(axis=1) * answers[:, 10]
    sure = np.clip(sure, SUREST, 1 - SUREST)
    return np.log(sure / (1 - sure))
