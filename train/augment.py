"""One digit -> the same digit by another hand, with another pen, as serving would see it.

Rotation, scale, shear and elastic distortion follow Simard, Steinkraus and Platt (2003); on top
come pens from hairline to marker, worn and doubled strokes, ends of neighbours and of ruling,
coarse pixels, blur, and now and then a photograph of it all, read by serving's own steps. The
last step is serving's own `normalise`, so what the network learns from has come the way of what
it is asked later.
"""

import cv2
import numpy as np

from digits.ink import find_ink
from digits.normalise import FRAME, normalise, stroke_width
from digits.segment import segment
from train.forms import another_form
from train.glyphs import FINER, SIDE, magnify
from train.paper import photograph

# Shares of digits that stay as they are, and that another hand of the same school might have
# written; and the same in a network's last epochs, nearer to what it is to read (He et al. 2019).
SHARES = (0.2, 0.4)
REFINING = (0.5, 0.3)
ROTATION = 15  # degrees, standard deviations 7.5: the limits lie at two of them
SHEAR = 0.35  # horizontal shift for one step down, the slant of a hand
SCALE = 0.25  # natural logarithm, of height and of width each
ELASTIC = 1.2  # pixels of the frame, standard deviation of the displacement at most
WAVES = (4, 7)  # nodes of the displacement field along a side
PEN = (1.0, 4.5)  # pixels of the frame, stroke width
SHIFT = 1  # pixels, after normalisation

_GRID = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), -1).astype(np.float32)
_CENTRED = _GRID - (SIDE - 1) / 2


def augment(digit, label, rng, handwriting=None, shares=SHARES):
    """Distort one digit at random.

    digit: (28, 28) float32 in [0, 1]. label: 0 … 9. rng: numpy.random.Generator. handwriting: a
    train.handwriting.Handwriting, to draw the same digit at times; or None. shares: of
    what stays as it is, and of what is bent gently. Returns (28, 28, 1) float32 in [0, 1].
    """
    plain, gentle = shares
    way = rng.random()
    if way < plain:
        return normalise(digit)
    if way < plain + gentle:
        return finish(bend(magnify(digit), rng, 0.4), rng)
    return redraw(another_form(digit, label, rng, handwriting), rng)


def redraw(fine, rng):
    """Draw ink again by another hand, with another pen, on other paper.

    fine: (84, 84) float32. Returns (28, 28, 1) float32 in [0, 1].
    """
    ink = bend(fine, rng)
    for chance, change in CHANGES:
        if rng.random() < chance:
            ink = change(ink, rng)
    if rng.random() < 0.12:
        return shift(look(photograph(ink, rng), ink), rng)
    return finish(ink, rng)


def bend(fine, rng, strength=1.0):
    """Rotate, scale, shear and distort elastically, with one interpolation."""
    angle = np.radians(np.clip(rng.normal(0, ROTATION / 2), -ROTATION, ROTATION)) * strength
    height, width = np.exp(rng.uniform(-SCALE, SCALE, 2) * strength) * 1.15
    slant = np.clip(rng.normal(0, SHEAR / 2), -SHEAR, SHEAR) * strength
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.array([[cos, -sin], [sin, cos]]) @ [[width, slant], [0, height]]
    nodes = rng.integers(*WAVES, endpoint=True)
    waves = rng.normal(0, rng.uniform(0, ELASTIC * strength) * FINER, (nodes, nodes, 2))
    middle = np.full((2, 1), (SIDE - 1) / 2)
    source = cv2.transform(_CENTRED, np.hstack([matrix, middle]).astype(np.float32))
    source += cv2.resize(waves.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    ink = cv2.remap(fine, source, None, cv2.INTER_LINEAR)
    sharpness = rng.uniform(1, 1 + 2 * strength)
    return np.clip((ink - 0.5) * sharpness + 0.5, 0, 1)


def change_pen(ink, rng, pens=PEN, finer=FINER):
    """Dilate or erode towards a random pen; a pen that would rub the digit out is not taken.

    pens: the least and the greatest width, in pixels of the frame, of which `finer` are one here.
    """
    pen = np.exp(rng.uniform(*np.log(pens))) * finer
    reach = int(np.clip(round((pen - stroke_width(ink)) / 2), -FINER, 2 * FINER))
    if reach == 0:
        return ink
    kernel = disc(2 * abs(reach) + 1)
    if reach > 0:
        return cv2.dilate(ink, kernel)
    eroded = cv2.erode(ink, kernel)
    return eroded if eroded.sum() > 0.35 * ink.sum() else ink


def double(ink, rng):
    """Leave the outline alone: a felt pen that has run dry, or a digit drawn as a shape."""
    if rng.random() < 0.5:
        ink = cv2.dilate(ink, disc(rng.integers(3, 9)))
    return cv2.morphologyEx(ink, cv2.MORPH_GRADIENT, disc(rng.integers(3, 6)))


def disc(width):
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (int(width), int(width)))


def wear(ink, rng):
    """Rub ink off in patches, as chalk, dry pens and thresholding do: about a third at most."""
    patches = rng.integers(8, 30)
    noise = cv2.resize(rng.random((patches, patches), np.float32), (SIDE, SIDE))
    return ink * (noise > rng.uniform(0.15, 0.4))


def cut(ink, rng):
    """Break strokes where the pen did not quite meet the paper."""
    ink = ink.copy()
    for _ in range(rng.integers(1, 4)):
        start, end = rng.integers(0, SIDE, (2, 2)).tolist()
        cv2.line(ink, start, end, 0.0, int(rng.integers(1, 6)))
    return ink


def speckle(ink, rng):
    """Leave specks and splashes beside and over it, too large or too near to be dropped."""
    ink = ink.copy()
    for _ in range(rng.integers(3, 25)):
        middle = rng.integers(4, SIDE - 4, 2).tolist()
        cv2.circle(ink, middle, int(rng.integers(0, 4)), rng.uniform(0.4, 1), -1)
    return ink


def rule(ink, rng):
    """Leave a piece of ruling, or of a box's border, with the digit."""
    ink = ink.copy()
    middle, length = rng.integers(15, SIDE - 15), rng.uniform(0.3, 1) * SIDE
    start = rng.uniform(0, SIDE - length)
    ends = np.array([[start, middle], [start + length, middle + rng.integers(-4, 5)]])
    if rng.random() < 0.3:
        ends = ends[:, ::-1]
    start, end = ends.round().astype(int).tolist()
    line = cv2.line(np.zeros_like(ink), start, end, rng.uniform(0.3, 1), int(rng.integers(1, 5)))
    return np.maximum(ink, line)


def scratch(ink, rng):
    """Cross it with a thin line from side to side, straight or crooked."""
    count = rng.integers(2, 12)
    heights = np.linspace(*rng.uniform(10, SIDE - 10, 2), count) + rng.normal(0, 6, count)
    points = np.column_stack([np.linspace(0, SIDE, count), heights])
    if rng.random() < 0.3:
        points = points[:, ::-1]
    line = np.zeros_like(ink)
    cv2.polylines(line, [points.round().astype(np.int32)], False, 1.0, int(rng.integers(1, 4)))
    return np.maximum(ink, line * rng.uniform(0.4, 1))


def neighbour(ink, rng):
    """Ends of the strokes of the digits to either side, cut off by the crop."""
    ink = ink.copy()
    width = max(2, round(stroke_width(ink)))
    for _ in range(rng.integers(1, 3)):
        x, y = rng.integers(-6, 13), rng.integers(5, SIDE - 5)
        x = x if rng.random() < 0.5 else SIDE - x
        lean, reach = rng.integers(-8, 9), rng.integers(4, 40)
        if rng.random() < 0.6:
            cv2.line(ink, (x, y), (x + lean, y + reach), 1.0, width)
        else:
            axes = (int(rng.integers(5, 14)), reach)
            cv2.ellipse(ink, (-8 if x < SIDE / 2 else SIDE + 8, y), axes, 0, 0, 360, 1.0, width)
    return ink


def blur(ink, rng):
    """By a lens out of focus or, one time in four, by a hand that moved."""
    if rng.random() < 0.25:
        length = int(rng.integers(4, 13))
        kernel = np.zeros((17, 17), np.float32)
        across = np.array([length, rng.integers(-length, length + 1)]) / 2
        across = across[:: rng.choice([-1, 1])]
        start, end = (8 - across).round().astype(int), (8 + across).round().astype(int)
        cv2.line(kernel, start.tolist(), end.tolist(), 1.0)
        ink = cv2.filter2D(ink, -1, kernel / kernel.sum())
    else:
        ink = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.2, 0.5) * FINER)
    return ink / max(ink.max(), 1e-3)


def coarsen(ink, rng):
    """Draw again in large pixels, black or white, as on a 28x28 drawing surface."""
    side = int(rng.uniform(0.6, 1.5) * FRAME)
    coarse = cv2.resize(ink, (side, side), interpolation=cv2.INTER_AREA)
    threshold = rng.uniform(0.3, 0.5)
    return (coarse >= np.clip(coarse.max(), 1e-3, threshold)).astype(np.float32)


CHANGES = [
    (0.7, change_pen),
    (0.04, double),
    (0.06, wear),
    (0.06, cut),
    (0.05, speckle),
    (0.05, rule),
    (0.08, scratch),
    (0.08, neighbour),
    (0.2, blur),
    (0.2, coarsen),
]  # how often each is made, in this order


def look(picture, ink):
    """What serving would show the network of a picture; of the ink itself where it finds none."""
    characters = segment(find_ink(picture))
    return normalise(characters[0].ink if characters else ink)


def finish(ink, rng):
    ink[ink < 0.05] = 0
    return shift(normalise(ink), rng)


def shift(frame, rng):
    """Move a frame by at most SHIFT pixels."""
    down, right = rng.integers(-SHIFT, SHIFT, 2, endpoint=True)
    matrix = np.array([[1, 0, right], [0, 1, down]], np.float32)
    return cv2.warpAffine(frame, matrix, (FRAME, FRAME))[..., np.newaxis]
