"""What is no digit: letters, symbols, words, scribbles, ticks, turned digits, several in a box.

What people write just like a digit is left out: O, l, |, a slash, the Cyrillic З and Ч. What they
write nearly like one (Z, S, b, g, q) is there, rare beside the digits themselves.
"""

import cv2
import numpy as np

from train.augment import redraw
from train.compose import write
from train.glyphs import SIDE, by_hand, draw, glyph, magnify, on_sheet, strokes_of

NEGATIVES = 0.35  # for each digit, how many are shown that are none
NONE = 10  # the label of what is no digit; 0 … 9 are those of the digits

SMALL = "abcdefghijkmnpqrstuvwxyz"  # without l and o
MATHS = "!\"#$%&':;?@^_abcdefghijkmnotuvwxyz{}~"  # where Hershey keeps ± × √ ∞ ∫ → and such
SYMBOLS = "56789:;<=>?@ABCDEFGIJLMNOPQRSTUVWXYZ]^_`abcdefghijklmnpuvwxyz"  # no lines, no rings
FONTS = {
    "futural": "#$%&*+:;<=>?@ABCDEFGHJKLMNPQRSTUVWXYZ[]^_{}~()-" + 2 * SMALL,
    "scripts": "ABCDEFGHJKLMNPRSTUVWXY" + SMALL.replace("z", ""),
    "greeks": "ABCDEFGHJKLMNPQRSTUVWXabcdefghjklmnpqrstuvwx",
    "mathlow": MATHS,
    "symbolic": SYMBOLS,
    "gothgbt": "ABCDEFGHJKLMNPRSTUVWXYZ" + SMALL,
}
SHARES = {"futural": 7, "scripts": 5, "greeks": 4, "mathlow": 2, "symbolic": 1, "gothgbt": 1}
# Never shown in training: the first to calibrate on, the others to measure on.
CALIBRATION_FONTS = {"timesi": "ABCDEFGHJKLMNPQRSTUVWXY#$%&*+<=>?@" + SMALL}
UNSEEN_FONTS = {
    "cyrillic": "#$%ABDEFGHKLMPQSUVXY[]defghklmnpqstuxy",
    "japanese": "#$%&'()*+,./012345",
}


def negative(digits, rng, fonts=FONTS, handwriting=None):
    """Draw what is no digit.

    digits: Digits, to be turned or put side by side. rng: numpy.random.Generator. fonts: which
    letters to draw, by font. handwriting: a train.handwriting.Handwriting, whose letters are as
    frequent; or None. Returns (28, 28, 1) float32 in [0, 1].
    """
    way = rng.random()
    if handwriting and way < 0.28:
        fine = handwriting.letter(rng, 1 if way < 0.25 else rng.integers(2, 5))
    elif way < 0.52:
        fine = glyph(pick(rng, fonts), rng)
    elif way < 0.55:
        fine = word(rng, fonts)
    elif way < 0.75:
        fine = several(digits, rng)
    elif way < 0.84:
        fine = fragment(digits, rng)
    elif way < 0.87:
        fine = turned(digits, rng)
    elif way < 0.91:
        fine = scribble(rng)
    elif way < 0.95:
        fine = tick(rng)
    elif way < 0.975:
        fine = bar(rng)
    else:
        fine = texture(rng, fonts)
    return redraw(fine, rng)


def pick(rng, fonts):
    shares = np.array([SHARES.get(font, 1) for font in fonts])
    font = list(fonts)[rng.choice(len(shares), p=shares / shares.sum())]
    letters = fonts[font]
    return by_hand(strokes_of(font, letters[rng.integers(len(letters))]), rng)


def word(rng, fonts):
    """Two to four letters in a row."""
    count = rng.integers(2, 5)
    size = 70 / count
    strokes = []
    for place in range(count):
        left = np.array([7 + place * size, SIDE / 2 - size / 2])
        strokes += [s * size * 0.9 + left for s in pick(rng, fonts)]
    return draw(strokes, rng.uniform(2, 5))


def several(digits, rng):
    """Two or three whole digits side by side, touching more often than not.

    Often one is a one, which is easily taken for a part of its neighbour.
    """
    chosen = rng.integers(len(digits.labels), size=2 if rng.random() < 0.85 else 3)
    ones = np.flatnonzero(digits.labels == 1)
    if ones.size and rng.random() < 0.35:
        chosen[rng.integers(len(chosen))] = rng.choice(ones)
    ink = write(digits.images[chosen], rng, touching=0.7)
    return on_sheet(ink, rng.uniform(56, 74))


def fragment(digits, rng):
    """What a wrong cut leaves: part of a digit, or a digit and part of the next.

    A piece as narrow as a one, or with nearly all of the ink, is none.
    """
    if is_pair := rng.random() < 0.4:
        whole = several(digits, rng)
    else:
        whole = magnify(digits.images[rng.integers(len(digits.labels))])
    y, x = np.mgrid[:SIDE, :SIDE]
    columns = np.flatnonzero(whole.max(axis=0) > 0.5)
    share = rng.uniform(0.62, 0.82) if is_pair else rng.uniform(0.35, 0.65)
    at = columns[0] + share * (columns[-1] - columns[0])
    part = whole * (x < at + rng.uniform(-0.4, 0.4) * (y - SIDE / 2))
    if rng.random() < 0.5:
        part = whole - part if not is_pair else whole * (x > columns[0] + columns[-1] - at)
    _, _, width, height = cv2.boundingRect((part > 0.3).view(np.uint8))
    is_most = not is_pair and part.sum() > 0.75 * whole.sum()
    return scribble(rng) if width < 0.45 * height or is_most else part


def turned(digits, rng):
    """A digit that lies on its side; not 0, 1 or 8, which are digits or dashes that way too."""
    images, labels = digits
    chosen = rng.integers(len(images))
    if labels[chosen] in (0, 1, 8):
        return scribble(rng)
    return np.rot90(magnify(images[chosen]), rng.choice([1, 3])).copy()


def scribble(rng):
    """A line without a plan."""
    points = rng.uniform(8, SIDE - 8, (rng.integers(5, 16), 2)).astype(np.float32)
    return draw([smooth(points)], rng.uniform(2, 8))


def smooth(points):
    """A curve near all of (n, 2) points."""
    return cv2.resize(points[:, None], (1, 8 * len(points)), interpolation=cv2.INTER_CUBIC)[:, 0]


def tick(rng):
    """A tick, its end at times hooked, sharp or round."""
    points = np.array([[12, 45], [30, 70], [70, 15]], np.float32)
    if rng.random() < 0.4:
        points = np.vstack([points, [80, 35]])
    points = (points + rng.normal(0, 4, points.shape)).astype(np.float32)
    return draw([smooth(points) if rng.random() < 0.5 else points], rng.uniform(3, 10))


def bar(rng):
    """A dash, a fat dot, a few dots or dashes."""
    count = 1 if rng.random() < 0.6 else int(rng.integers(2, 4))
    height, strokes = SIDE / 2, []
    for place in range(count):
        left = 10 + place * 64 / count
        right = left + rng.uniform(0.05, 0.8) * 64 / count
        tilt = rng.uniform(-0.4, 0.4) * (right - left)
        strokes.append(np.array([[left, height - tilt], [right, height + tilt]]))
    return draw(strokes, rng.uniform(3, 20))


def texture(rng, fonts):
    """Rows of small print, as often as not with a stroke over it; or cloud."""
    if rng.random() < 0.3:
        cells = rng.integers(4, 20)
        cloud = cv2.resize(rng.random((cells, cells), np.float32), (SIDE, SIDE))
        return np.clip((cloud - rng.uniform(0.3, 0.6)) * 4, 0, 1)
    rows, columns = rng.integers(2, 5), rng.integers(5, 9)
    size = 70 / columns
    strokes = []
    for row, column in np.ndindex(rows, columns):
        corner = np.array([7 + column * size, SIDE / 2 + (row - rows / 2) * size * 1.3])
        strokes += [s * size * 0.8 + corner for s in pick(rng, fonts)]
    fine = draw(strokes, 1)
    return np.maximum(fine, tick(rng) if rng.random() < 0.5 else 0)
