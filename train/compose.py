"""Digits -> numbers written in a row, and pages of them: to measure the reading of numbers on."""

import cv2
import numpy as np

from train.glyphs import by_hand

HEIGHT = 48  # pixels, of a digit before its jitter
LENGTHS = (3, 8)  # digits in a number
TOUCHING = 0.2  # share of neighbouring pairs that touch
SLOPE = 0.06  # of a row, rise for run at most
SIZE = 0.12  # natural logarithm, standard deviation of a digit's size within its number at two
BASELINE = 0.08  # of a digit's height, up or down at most
SPACING = (0.12, 0.5)  # of a digit's height, between neighbours that do not touch
MARGIN = HEIGHT // 2  # pixels, round a number
# Where d stands for any digit.
FORMS = (
    *("ddd.dd", "d,ddd", "-dd", "ddd-dddd", "+dd-ddd", "dd:dd", "dd/dd/dddd", "dd+dd=ddd"),
    *("dd×d=ddd", "ddd÷d=dd"),
)
SIGNS = {  # strokes in heights of a digit: x to the right, y down from the foot of the digits
    ".": [[(0, -0.02), (0.03, 0)]],
    ",": [[(0.1, -0.05), (0.11, 0.06), (0, 0.24)]],
    "-": [[(0, -0.4), (0.4, -0.4)]],
    ":": [[(0, -0.6), (0.02, -0.58)], [(0, -0.12), (0.02, -0.1)]],
    "+": [[(0, -0.4), (0.5, -0.4)], [(0.25, -0.65), (0.25, -0.15)]],
    "×": [[(0, -0.6), (0.4, -0.2)], [(0.4, -0.6), (0, -0.2)]],
    "÷": [[(0, -0.4), (0.5, -0.4)], [(0.24, -0.7), (0.26, -0.68)], [(0.24, -0.12), (0.26, -0.1)]],
    "=": [[(0, -0.55), (0.4, -0.55)], [(0, -0.25), (0.4, -0.25)]],
    "/": [[(0.6, -1.2), (0, 0.2)]],
}
PEN = (0.08, 0.14)  # of a digit's height, with which signs are drawn
PITCH = 1.9  # of a digit's height, from row to row of a page


def number(digits, rng, touching=TOUCHING):
    """Write a number of digits drawn at random.

    digits: train.data.Digits. rng: numpy.random.Generator. touching: share of the neighbouring
    pairs that touch. Returns (picture, text): (H, W) uint8, dark on white; "94301".
    """
    chosen = rng.integers(len(digits.labels), size=rng.integers(*LENGTHS, endpoint=True))
    ink = write(digits.images[chosen], rng, touching)
    return on_paper(ink), "".join(map(str, digits.labels[chosen]))


def on_paper(ink):
    picture = np.full(np.add(ink.shape, 2 * MARGIN), 255, np.uint8)
    picture[MARGIN:-MARGIN, MARGIN:-MARGIN] = np.round(255 * (1 - ink))
    return picture


def write(images, rng, touching=TOUCHING):
    """Digits, (n, 28, 28) float32, side by side: (H, W) float32, cut out to its ink."""
    return lay(*place(images, rng, touching))


def place(images, rng, touching, finer=1):
    """What `lay` takes: the digits in their sizes, where each begins, and the row's slope.

    images: (n, side, side), of which MNIST's frame has one pixel for each `finer` pixels.
    """
    sizes = np.exp(np.clip(rng.normal(0, SIZE / 2, len(images)), -SIZE, SIZE))
    glyphs = [scaled(image, size / finer) for image, size in zip(images, sizes, strict=True)]
    tops = [round(-len(g) + rng.uniform(-BASELINE, BASELINE) * HEIGHT) for g in glyphs]
    lefts = [0]
    for i in range(1, len(glyphs)):
        lefts.append(beside(glyphs[i - 1 : i + 1], tops[i - 1 : i + 1], lefts[-1], touching, rng))
    return glyphs, lefts, tops, rng.uniform(-SLOPE, SLOPE)


def signed(digits, rng):
    """Write one of FORMS, such as amounts, times, dates and sums: as `number`, none touching."""
    pen, text = rng.uniform(*PEN), ""
    glyphs, tops, lefts = [], [], [0]
    for each in FORMS[rng.integers(len(FORMS))]:
        if each == "d":
            chosen = rng.integers(len(digits.labels))
            glyph, foot = scaled(digits.images[chosen], 1), rng.uniform(-BASELINE, BASELINE)
            text += str(digits.labels[chosen])
        else:
            glyph, foot = sign(each, pen, rng)
            text += each
        glyphs.append(glyph)
        tops.append(round(foot * HEIGHT) - len(glyph))
        lefts.append(lefts[-1] + glyph.shape[1] + round(rng.uniform(*SPACING) * HEIGHT))
    return on_paper(lay(glyphs, lefts[:-1], tops, rng.uniform(-SLOPE, SLOPE))), text


def sign(text, pen, rng):
    """A sign's ink, (h, w) float32, and how far its foot lies below that of digits, in heights."""
    ink = np.zeros((2 * HEIGHT, 2 * HEIGHT), np.float32)
    foot = 1.5 * HEIGHT  # of digits
    for stroke in by_hand([np.array(stroke) for stroke in SIGNS[text]], rng):
        points = np.round(stroke * HEIGHT + (HEIGHT / 2, foot)).astype(int)
        cv2.polylines(ink, [points], False, 1.0, round(pen * HEIGHT), cv2.LINE_AA)
    x, y, width, height = cv2.boundingRect((ink > 0).view(np.uint8))
    return ink[y : y + height, x : x + width], (y + height - foot) / HEIGHT


def page(digits, rng, rows=10, touching=TOUCHING):
    """Write numbers one below the other: as `number`, the rows of the text joined by newlines."""
    written = [number(digits, rng, touching) for _ in range(rows)]
    pitch = round(PITCH * HEIGHT)
    lefts = rng.integers(0, HEIGHT, rows)
    width = max(left + picture.shape[1] for left, (picture, _) in zip(lefts, written, strict=True))
    sheet = np.full((pitch * (rows + 2), width + 2 * HEIGHT), 255, np.uint8)
    for row, (left, (picture, _)) in enumerate(zip(lefts, written, strict=True)):
        top = round((row + 1.5) * pitch - picture.shape[0] / 2 + rng.uniform(-0.1, 0.1) * HEIGHT)
        height, across = picture.shape
        there = sheet[top : top + height, left + HEIGHT : left + HEIGHT + across]
        np.minimum(there, picture[: there.shape[0]], out=there)
    return sheet, "\n".join(text for _, text in written)


def scaled(digit, size):
    """One MNIST digit cut out to its ink, HEIGHT times `size` for its 20 pixels."""
    x, y, width, height = cv2.boundingRect((digit > 0.1).view(np.uint8))
    scale = HEIGHT / 20 * size
    size = max(1, round(width * scale)), max(1, round(height * scale))
    crop = cv2.resize(digit[y : y + height, x : x + width], size, interpolation=cv2.INTER_CUBIC)
    return np.clip(crop, 0, 1)


def beside(glyphs, tops, left, touching, rng):
    """Where the second of two digits begins, in pixels; the first begins at `left`."""
    first, second = glyphs
    if rng.random() >= touching:
        return left + first.shape[1] + round(rng.uniform(*SPACING) * HEIGHT)
    return (
        left + first.shape[1] - overlap(first, second, tops[1] - tops[0]) - int(rng.integers(1, 3))
    )


def overlap(first, second, down):
    """How many pixels the second may be moved over the first until their inks meet."""
    low, high = max(0, down), min(len(first), down + len(second))
    if low >= high:
        return 0
    ends = (first[low:high] >= 0.5) * np.arange(1, first.shape[1] + 1)
    right = first.shape[1] - ends.max(axis=1)  # paper to the right of the first, row by row
    inked = second[low - down : high - down] >= 0.5
    clear = np.where(inked.any(axis=1), inked.argmax(axis=1), second.shape[1])
    return int(min((right + clear).min(), first.shape[1], second.shape[1]))


def lay(glyphs, lefts, tops, slope):
    """All digits on one sheet, each lower by the slope. (H, W) float32."""
    tops = [round(top + slope * left) for top, left in zip(tops, lefts, strict=True)]
    left, top = min(lefts), min(tops)
    right = max(x + g.shape[1] for x, g in zip(lefts, glyphs, strict=True))
    bottom = max(y + g.shape[0] for y, g in zip(tops, glyphs, strict=True))
    ink = np.zeros((bottom - top, right - left), np.float32)
    for x, y, glyph in zip(lefts, tops, glyphs, strict=True):
        there = ink[y - top : y - top + len(glyph), x - left : x - left + glyph.shape[1]]
        np.maximum(there, glyph, out=there)
    return ink
