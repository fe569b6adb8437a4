"""Ink -> ink without the rules and boxes that were printed for it.

Straight runs along a row of pixels are found by a morphological opening (Serra 1982) and linked; a
line is erased where no stroke crosses it. The sides of boxes are uprights that stand between two
such lines, the teeth of combs some that stand on one. Then the same is done for columns of pixels,
of what is much higher than a digit.
"""

from typing import NamedTuple

import cv2
import numpy as np

from digits.segment import FAINT, Box, typical_height

PRESENT = FAINT  # what is part of a stroke may be part of a line
RUN = 0.03  # of the picture's width, the shortest straight run: a line may slope by its thickness
LONG = 0.2  # of the picture's width, the shortest line
SHORTEST = 40  # pixels, of a line in a small picture
FLAT = 3  # times as long as what is written is high: more than any digit's stroke
THIN = 10  # times as long as it is thick is a line at least
WHOLE = 0.85  # of its length, what is straight: between strokes of digits in a row there is paper
THICK = 0.15  # of what is written's height is a line at most, unless it is as thin as:
THINNEST = 3  # pixels
GRID = 0.3  # as THICK, of a line in a pair: of a grid, or a box
ALIKE = 0.8  # of the longer one, so much of two lines lies over one another in a pair
WEAK = 0.6  # of full ink: lines weaker than that are told from ink by their strength alone
SQUARED = 5  # lines one above the other: squared or ruled paper, and no boxes to write in
TOOTH = 5  # as THIN, of a comb's tooth: there are several alike
TEETH = 3  # of a comb, which has room for two digits then, at least
UNEVEN = 0.15  # of their height, and of the gap between them, teeth of a comb differ at most
OTHER = 0.15  # of all ink, what is no bar where that tells how high digits are
MOST_LINES = 100  # looked at, along and upright each
BLOCK = np.ones((3, 3), np.uint8)


class Line(NamedTuple):
    """A line along or, if it is the side of a box or the tooth of a comb, upright."""

    box: Box
    mask: np.ndarray  # (box.height, box.width) uint8, its straight pixels

    @property
    def is_along(self):
        return self.box.width >= self.box.height

    @property
    def thickness(self):
        """In pixels."""
        counts = self.mask.sum(axis=0 if self.is_along else 1)
        return max(1, round(float(np.median(counts[counts > 0]))))


def erase_lines(ink):
    """Take rules, uprights and boxes off (H, W) float32 ink."""
    along = erase_along(ink)
    least = FLAT * height_of((along >= PRESENT).view(np.uint8))  # a one is no upright
    return np.ascontiguousarray(erase_along(along.T, least).T)


def erase_along(ink, least=0):
    """As erase_lines, of lines along of that length at least, and of what stands between them."""
    is_ink = (ink >= PRESENT).view(np.uint8)
    width = is_ink.shape[1]
    lines = find_lines(is_ink, RUN * width, max(SHORTEST, least, LONG * width))
    lines = [line for line in lines if is_even(line, ink)]
    _, marks, sizes, _ = cv2.connectedComponentsWithStats(is_ink)
    heights = [sizes[marks[line.box.slices][line.mask > 0], 3].max() for line in lines]
    lines = [
        line
        for line, height in zip(lines, heights, strict=True)
        if line.box.width >= FLAT * height or has_pair(line, lines)
    ]
    if not lines:
        return ink
    strength = float(np.median(np.concatenate([ink[e.box.slices][e.mask > 0] for e in lines])))
    if strength < WEAK:
        uprights = [] if len(lines) >= SQUARED else find_uprights(is_ink, lines)
        return np.where(weak([*lines, *uprights], is_ink, ink < 1.3 * strength), np.float32(0), ink)
    erased = pixels_of(lines, is_ink)
    height = height_of(is_ink & ~erased)
    thin = [line for line in lines if line.thickness <= thickest(line, lines, height)]
    if 0 < len(thin) < len(lines):
        erased = pixels_of(thin, is_ink)
        height = height_of(is_ink & ~erased)
    if not thin or max(line.box.width for line in thin) < FLAT * height:
        return ink  # they are strokes
    return np.where(erased, np.float32(0), ink)


def weak(lines, is_ink, is_weak):
    """(H, W) bool: what is weak along the lines, and what that leaves of them by itself.

    A point that was put on one is left too, but is thicker than they are.
    """
    thick = max(line.thickness for line in lines)
    near = spread(lines, is_ink, (2 * thick + 1, 2 * thick + 1)) > 0
    left = is_ink & ~(near & is_weak).view(np.uint8)
    _, labels, marks, _ = cv2.connectedComponentsWithStats(left)
    is_rest = marks[:, 2:4].min(axis=1) <= thick
    is_rest[labels[~near]] = False
    return near & (is_weak | is_rest[labels])


def spread(lines, is_ink, kernel):
    """(H, W) uint8: the lines' pixels, and those of a kernel of (rows, columns) round each."""
    mask = np.zeros_like(is_ink)
    for line in lines:
        mask[line.box.slices] |= line.mask
    return cv2.dilate(mask, np.ones(kernel, np.uint8))


def is_even(line, ink):
    """Whether a line along is about as strong all along, and no row of strokes of digits."""
    strength = (ink[line.box.slices] * line.mask).max(axis=0)
    inked = np.flatnonzero(strength)
    strong = strength >= np.median(strength[inked]) / 2
    return strong.sum() >= WHOLE * (inked[-1] + 1 - inked[0])


def pixels_of(lines, is_ink):
    """(H, W) uint8: where lines, and what stands between them, are to be erased."""
    erased = np.zeros_like(is_ink)
    for line in [*lines, *find_uprights(is_ink, lines)]:
        erase(line, is_ink, erased)
    thick = max(line.thickness for line in lines)
    return erased | crumbs(is_ink & ~erased, erased, thick)


def height_of(is_ink):
    """How high what is written typically is, in pixels; 0 where that is nothing.

    Bars, which may be uprights or ones, count only where there is little else.
    """
    _, _, marks, _ = cv2.connectedComponentsWithStats(is_ink)
    sizes, areas = marks[1:, 2:4], marks[1:, cv2.CC_STAT_AREA]
    is_bar = sizes.max(axis=1) >= THIN * sizes.min(axis=1)
    counts = ~is_bar if areas[~is_bar].sum() >= OTHER * areas.sum() else np.ones_like(is_bar)
    return typical_height(marks[1:][counts])


def find_lines(is_ink, run, length, thin=THIN):
    """The lines along that are at least so long, of straight runs at least so long, in pixels.

    thin: times as long as it is thick is one at least.
    """
    run = max(5, int(run)) | 1
    straight = cv2.morphologyEx(is_ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    linked = cv2.dilate(straight, np.ones((3, run), np.uint8))
    _, labels, marks, _ = cv2.connectedComponentsWithStats(linked)
    found = []
    for label in (1 + np.flatnonzero(marks[1:, 2] - run >= length))[:MOST_LINES]:
        box = Box(*marks[label, :4].tolist())
        if box.height > box.width:
            continue
        line = on_course(Line(box, straight[box.slices] * (labels[box.slices] == label)))
        across = np.flatnonzero(line.mask.any(axis=0))
        is_whole = len(across) >= WHOLE * (across[-1] + 1 - across[0])
        if is_whole and thin * line.thickness <= box.width:
            found.append(line)
    return found


def on_course(line):
    """A line along without the straight pixels of what is written on it: those off its course.

    Its course is the parabola through its middle, where it is no thicker than it mostly is.
    """
    counts = line.mask.sum(axis=0)
    plain = np.flatnonzero((counts > 0) & (counts <= line.thickness))
    rows, columns = np.ogrid[: line.box.height, : line.box.width]
    middles = (line.mask * rows).sum(axis=0)[plain] / counts[plain]
    course = np.polyval(np.polyfit(plain, middles, min(2, len(plain) - 1)), columns)
    mask = line.mask * (np.abs(rows - course) <= line.thickness / 2 + 1)
    if not mask.any():  # it has no course
        return line
    _, y, _, height = cv2.boundingRect(mask)
    return Line(line.box._replace(y=line.box.y + y, height=height), mask[y : y + height])


def thickest(line, lines, height):
    """How thick it is at most if it is one, in pixels, where what is written is so high."""
    return max(THINNEST, (GRID if has_pair(line, lines) else THICK) * height)


def has_pair(line, lines):
    """Whether another line lies over this one for most of their length."""
    return sum(is_pair(line.box, other.box) for other in lines) > 1


def is_pair(box, other):
    shared = min(box.right, other.right) - max(box.x, other.x)
    return shared >= ALIKE * max(box.width, other.width)


def find_uprights(is_ink, lines):
    """The sides of boxes and the teeth of combs that the lines are of."""
    return [*find_sides(is_ink, lines), *find_teeth(is_ink, lines)]


def find_sides(is_ink, lines):
    """The uprights that stand between two lines."""
    middles = sorted(line.box.y + line.box.height / 2 for line in lines)
    thick = max(line.thickness for line in lines)
    gaps = [gap for gap in np.diff(middles) if gap > 4 * thick]
    if not gaps:
        return []
    reach = 2 * thick + 3
    near = spread(lines, is_ink, (2 * reach + 1, reach))
    sides = []
    for side in straight_uprights(is_ink, 0.25 * min(gaps), 0.7 * min(gaps)):
        rows = np.flatnonzero(side.mask.any(axis=1))
        is_near = near[side.box.slices] & side.mask
        if is_near[rows[0]].any() and is_near[rows[-1]].any():
            sides.append(side)
    return sides


def straight_uprights(is_ink, run, length, thin=THIN):
    """As find_lines, of lines that stand upright."""
    for box, mask in find_lines(is_ink.T.copy(), run, length, thin):
        yield Line(Box(box.y, box.x, box.height, box.width), mask.T)


def find_teeth(is_ink, lines):
    """The uprights of combs, between which a digit each is written."""
    least = TOOTH * min(line.thickness for line in lines)
    uprights = list(straight_uprights(is_ink, 0, least, TOOTH))
    return [tooth for line in lines for tooth in teeth_on(line, uprights)]


def teeth_on(line, uprights):
    """The uprights that make a comb of a line: alike, they stand evenly on it, from end to end.

    They are farther apart than high: ones that are underlined hardly are.
    """
    reach = 2 * line.thickness + 3
    low, high = line.box.y - reach, line.box.bottom + reach
    teeth = [each for each in uprights if low <= each.box.bottom <= high]
    typical = float(np.median([each.box.height for each in teeth] or [0]))
    teeth = [each for each in teeth if abs(each.box.height - typical) <= UNEVEN * typical]
    if len(teeth) < TEETH:
        return []
    middles = np.sort([each.box.x + each.box.width / 2 for each in teeth])
    pitches = np.diff(middles)
    is_even = np.ptp(pitches) <= UNEVEN * np.median(pitches) and typical < pitches.min()
    ends = line.box.x + np.flatnonzero(line.mask.any(axis=0))[[0, -1]]
    return teeth if is_even and abs(ends - middles[[0, -1]]).max() <= reach else []


def erase(line, is_ink, erased):
    """Mark the line's pixels that lie on no stroke across it as erased, (H, W) uint8 in place."""
    thick = line.thickness
    across, wider = (2 * thick + 3, 1), (2 * (thick // 3) + 3, 3)
    if not line.is_along:
        across, wider = across[::-1], wider[::-1]
    margin = 2 * thick + 3
    left, top = max(0, line.box.x - margin), max(0, line.box.y - margin)
    near = Box(left, top, line.box.right + margin - left, line.box.bottom + margin - top)
    there = is_ink[near.slices]
    mask = np.zeros_like(there)
    mask[line.box.relative_to(near).slices] = line.mask
    crossing = cv2.morphologyEx(there, cv2.MORPH_OPEN, np.ones(across, np.uint8))
    erased[near.slices] |= cv2.dilate(mask, np.ones(wider, np.uint8)) & there & ~crossing


def crumbs(left, erased, thick):
    """What erasing left of corners and edges, (H, W) uint8: marks hardly larger than a line."""
    _, labels, marks, _ = cv2.connectedComponentsWithStats(left)
    is_small = marks[:, 2:4].max(axis=1) <= 2 * thick + 3
    is_small[0] = False
    beside = np.zeros(len(marks), bool)
    beside[labels[cv2.dilate(erased, BLOCK) > 0]] = True
    return (is_small & beside)[labels].view(np.uint8)
