"""One digit of MNIST -> the same digit by another hand, with another pen, as serving would see it.

Rotation, scale, shear and elastic distortion follow Simard, Steinkraus and Platt (2003); on top
come pens from hairline to marker, coarse pixels and blur. The last step is serving's own
`normalise`, so what the network learns from has come the way of what it is asked later. MNIST's
writers were Americans: ones with a flag and crossed sevens, the rule elsewhere, are drawn here.
"""

import cv2
import numpy as np

from digits.normalise import FRAME, normalise, stroke_width

FINER = 3  # distortions are drawn in a frame this many times finer than MNIST's
SIDE = FRAME * FINER

ROTATION = 15  # degrees, standard deviations 7.5: the limits lie at two of them
SHEAR = 0.35  # horizontal shift for one step down, the slant of a hand
SCALE = 0.25  # natural logarithm, of height and of width each
ELASTIC = 1.2  # pixels of MNIST, standard deviation of the displacement at most
WAVES = (4, 7)  # nodes of the displacement field along a side
PEN = (1.0, 4.5)  # pixels of MNIST, stroke width
SHIFT = 1  # pixels, after normalisation

_GRID = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), -1).astype(np.float32)
_CENTRED = (_GRID - (SIDE - 1) / 2) / FINER


def augment(digit, label, rng):
    """Distort one digit at random.

    digit: (28, 28) float32 in [0, 1]. label: 0 … 9. rng: numpy.random.Generator.
    Returns (28, 28, 1) float32 in [0, 1].
    """
    if rng.random() < 0.3:
        return normalise(digit)
    if label == 1 and rng.random() < 0.4:
        digit = flagged_one(rng)
    elif label == 7 and rng.random() < 0.15:
        digit = cross_seven(digit, rng)
    ink = bend(digit, rng)
    if rng.random() < 0.7:
        ink = change_pen(ink, rng)
    if rng.random() < 0.25:
        ink = coarsen(ink, rng)
    if rng.random() < 0.2:
        ink = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.2, 0.5) * len(ink) / FRAME)
        ink /= ink.max()
    ink[ink < 0.05] = 0
    return shift(normalise(ink), rng)


def flagged_one(rng):
    """A one as much of the world is taught it: a stem, a flag to its left, at times a foot."""
    top = np.array([rng.uniform(13, 17), rng.uniform(3, 5)])
    bottom = np.array([top[0] + rng.uniform(-3, 2), rng.uniform(22, 24)])
    angle = np.radians(rng.uniform(22, 48))  # between flag and vertical
    flag = np.exp(rng.uniform(*np.log([3, 14]))) * np.array([-np.sin(angle), np.cos(angle)])
    lines = [(top, bottom), (top, top + flag)]
    if rng.random() < 0.25:
        foot = np.array([rng.uniform(2, 6), 0])
        lines.append((bottom - foot, bottom + foot))
    return draw(np.zeros((FRAME, FRAME), np.float32), lines, rng.uniform(1.3, 3.5))


def cross_seven(digit, rng):
    """A bar across the stem."""
    rows = np.flatnonzero(digit.max(axis=1) >= 0.5)
    row = round(rows[0] + rng.uniform(0.45, 0.6) * (rows[-1] - rows[0]))
    column = float(digit[row] @ np.arange(FRAME)) / max(float(digit[row].sum()), 1e-6)
    half = np.array([rng.uniform(2.5, 5), rng.uniform(-1, 1)])
    middle = np.array([column, row])
    return draw(digit, [(middle - half, middle + half)], stroke_width(digit))


def draw(digit, lines, width):
    """Add straight strokes, (x, y) to (x, y), to a digit."""
    fine = cv2.resize(digit, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    for ends in lines:
        start, end = (np.round((point + 0.5) * FINER).astype(int).tolist() for point in ends)
        cv2.line(fine, start, end, 1.0, max(1, round(width * FINER)))
    return cv2.resize(fine, (FRAME, FRAME), interpolation=cv2.INTER_AREA)


def bend(digit, rng):
    """Rotate, scale, shear and distort elastically, with one interpolation. (84, 84) float32."""
    angle = np.radians(np.clip(rng.normal(0, ROTATION / 2), -ROTATION, ROTATION))
    height, width = np.exp(rng.uniform(-SCALE, SCALE, 2)) * 1.15
    slant = np.clip(rng.normal(0, SHEAR / 2), -SHEAR, SHEAR)
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.array([[cos, -sin], [sin, cos]]) @ [[width, slant], [0, height]]
    nodes = rng.integers(*WAVES, endpoint=True)
    waves = rng.normal(0, rng.uniform(0, ELASTIC), (nodes, nodes, 2)).astype(np.float32)
    source = _CENTRED @ matrix.T.astype(np.float32) + (FRAME - 1) / 2
    source += cv2.resize(waves, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    ink = cv2.remap(digit, source, None, cv2.INTER_CUBIC)
    sharpness = rng.uniform(1, 3)
    return np.clip((ink - 0.5) * sharpness + 0.5, 0, 1)


def change_pen(ink, rng):
    """Dilate or erode towards a random pen; a pen that would rub the digit out is not taken."""
    pen = np.exp(rng.uniform(*np.log(PEN))) * FINER
    reach = int(np.clip(round((pen - stroke_width(ink)) / 2), -FINER, 2 * FINER))
    if reach == 0:
        return ink
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * abs(reach) + 1,) * 2)
    if reach > 0:
        return cv2.dilate(ink, kernel)
    eroded = cv2.erode(ink, kernel)
    return eroded if eroded.sum() > 0.35 * ink.sum() else ink


def coarsen(ink, rng):
    """Draw again in large pixels, black or white, as on a 28x28 drawing surface."""
    side = int(rng.uniform(0.6, 1.5) * FRAME)
    coarse = cv2.resize(ink, (side, side), interpolation=cv2.INTER_AREA)
    threshold = rng.uniform(0.3, 0.5)
    return (coarse >= min(threshold, coarse.max())).astype(np.float32)


def shift(frame, rng):
    """Move a frame by at most SHIFT pixels."""
    down, right = rng.integers(-SHIFT, SHIFT, 2, endpoint=True)
    matrix = np.array([[1, 0, right], [0, 1, down]], np.float32)
    return cv2.warpAffine(frame, matrix, (FRAME, FRAME))[..., np.newaxis]
