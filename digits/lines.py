"""Ink -> ink without the rules and boxes that were printed for it.

Straight runs along a row of pixels are found by a morphological opening (Serra 1982) and linked; a
line is erased where no stroke crosses it. The sides of boxes are uprights that stand between two
such lines.
"""

from itertools import compress

import cv2
import numpy as np

PRESENT = 0.25  # of full ink: rules are often fainter than what is written on them
RUN = 0.03  # of the picture's width, the shortest straight run: a line may slope by its thickness
LONG = 0.2  # of the picture's width, the shortest line
SHORTEST = 40  # pixels, of a line in a small picture
FLAT = 3  # times as long as the ink that it is joined to is high: more than any digit's stroke
THIN = 10  # times as long as it is thick is a line at least
ALIKE = 0.8  # of the longer one, so much of two lines lies over one another in a pair
FAINT = 0.6  # of full ink: lines weaker than that are told from ink by their strength alone
SQUARED = 5  # lines one above the other: squared or ruled paper, and no boxes to write in
MOST = 100  # lines looked at
BLOCK = np.ones((3, 3), np.uint8)


def erase_lines(ink):
    """Take lines along and boxes off (H, W) float32 ink; the ink itself where there are none."""
    is_ink = (ink >= PRESENT).view(np.uint8)
    width = is_ink.shape[1]
    lines = find_lines(is_ink, RUN * width, max(SHORTEST, LONG * width))
    _, marks, sizes, _ = cv2.connectedComponentsWithStats(is_ink)
    heights = [sizes[marks[line > 0], 3].max() for line in lines]
    spans = [cv2.boundingRect(line)[::2] for line in lines]
    is_line = [
        span[1] >= FLAT * height or sum(is_pair(span, other) for other in spans) > 1
        for height, span in zip(heights, spans, strict=True)
    ]
    lines = list(compress(lines, is_line))
    if not lines:
        return ink
    strength = float(np.median(ink[np.maximum.reduce(lines) > 0]))
    if strength < FAINT and len(lines) >= SQUARED:
        return np.where(ink < 1.3 * strength, np.float32(0), ink)
    lines += find_sides(is_ink, lines)
    erased = np.maximum.reduce([uncrossed(is_ink, line) for line in lines])
    thick = max(thickness(line) for line in lines)
    erased |= crumbs(is_ink & ~erased & 1, erased, thick)
    if max(length for _, length in spans) < FLAT * typical_height(is_ink & ~erased):
        return ink  # they are strokes
    return np.where(erased, np.float32(0), ink)


def typical_height(is_ink):
    """The median height of marks, each counting as much as it has ink."""
    _, _, marks, _ = cv2.connectedComponentsWithStats(is_ink & 1)
    marks = marks[1:][np.argsort(marks[1:, 3])]
    amount = np.cumsum(marks[:, 4])
    return int(marks[np.searchsorted(amount, amount[-1] / 2), 3]) if len(marks) else 0


def find_lines(is_ink, run, length):
    """A mask, (H, W) uint8, of each line that is at least so long."""
    run = max(5, int(run)) | 1
    straight = cv2.morphologyEx(is_ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    linked = cv2.dilate(straight, np.ones((3, run), np.uint8))
    count, labels, marks, _ = cv2.connectedComponentsWithStats(linked)
    found = []
    for label in range(1, min(count, MOST)):
        x, y, across, down, _ = marks[label]
        if across - run < length:
            continue
        line = np.zeros_like(is_ink)
        place = np.s_[y : y + down, x : x + across]
        line[place] = straight[place] * (labels[place] == label)
        if THIN * thickness(line) <= across:
            found.append(line)
    return found


def is_pair(span, other):
    """Whether two lines, (left, length) each, lie over one another for most of their length."""
    shared = min(sum(span), sum(other)) - max(span[0], other[0])
    return shared >= ALIKE * max(span[1], other[1])


def find_sides(is_ink, lines):
    """Masks of the uprights that stand between two lines."""
    middles = sorted(float(np.median(np.flatnonzero(line.any(axis=1)))) for line in lines)
    thick = max(thickness(line) for line in lines)
    gaps = [gap for gap in np.diff(middles) if gap > 4 * thick]
    if not gaps:
        return []
    reach = 2 * thick + 3
    near = cv2.dilate(np.maximum.reduce(lines), np.ones((2 * reach + 1, reach), np.uint8))
    sides = []
    for side in find_lines(is_ink.T.copy(), 0.25 * min(gaps), 0.7 * min(gaps)):
        side = side.T
        rows = np.flatnonzero(side.any(axis=1))
        if near[rows[0]][side[rows[0]] > 0].any() and near[rows[-1]][side[rows[-1]] > 0].any():
            sides.append(side)
    return sides


def thickness(line):
    """Of a line along or up, in pixels."""
    counts = line.sum(axis=0 if is_along(line) else 1)
    return max(1, round(float(np.median(counts[counts > 0]))))


def is_along(line):
    _, _, width, height = cv2.boundingRect(line)
    return width >= height


def uncrossed(is_ink, line):
    """The line's pixels that lie on no stroke across it, (H, W) uint8."""
    thick = thickness(line)
    across, wider = (2 * thick + 3, 1), (2 * (thick // 2) + 3, 3)
    if not is_along(line):
        across, wider = across[::-1], wider[::-1]
    crossing = cv2.morphologyEx(is_ink, cv2.MORPH_OPEN, np.ones(across, np.uint8))
    return cv2.dilate(line, np.ones(wider, np.uint8)) & is_ink & ~crossing & 1


def crumbs(left, erased, thick):
    """What erasing left of corners and edges, (H, W) uint8: marks no larger than a line is thick."""
    _, labels, marks, _ = cv2.connectedComponentsWithStats(left)
    is_small = marks[:, 2:4].max(axis=1) <= 2 * thick + 3
    is_small[0] = False
    beside = np.zeros(len(marks), bool)
    beside[labels[cv2.dilate(erased, BLOCK) > 0]] = True
    return (is_small & beside)[labels].view(np.uint8)
