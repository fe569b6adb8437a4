"""Ink of a number -> whether it is struck out: a straight stroke goes through all of it."""

import cv2
import numpy as np

from digits.normalise import INK

SLOPES = np.linspace(-0.2, 0.2, 21)  # of the stroke, rise for run
MIDST = 0.25, 0.75  # of the digits' height, where it crosses their middle
BENT = 0.06  # of it, how far it may leave a straight line
ACROSS = 0.97  # of the columns, those it is in: digits that touch hardly ever have such a stroke


def is_struck_out(ink):
    """Whether a stroke goes through digits from the first to the last.

    ink: (h, w) float32, 0 paper … 1 ink, from the top to the foot of digits side by side.
    """
    height, width = ink.shape
    is_ink = (ink >= INK).view(np.uint8)
    if is_ink.any(axis=0).mean() < ACROSS:  # as nearly always
        return False
    first, last = (int(share * height) for share in MIDST)
    kernel = np.ones((max(1, round(BENT * height)), 1), np.uint8)
    for slope in SLOPES:
        level = np.float32([[1, 0, 0], [-slope, 1, slope * width / 2]])
        levelled = cv2.warpAffine(is_ink, level, (width, height), flags=cv2.INTER_NEAREST)
        if cv2.dilate(levelled, kernel)[first : last + 1].mean(axis=1).max() >= ACROSS:
            return True
    return False
