"""A sheet of paper on something darker: what is on it is read, the rest not."""

import cv2
import numpy as np

from digits.image import reduce

SMALLEST = 100  # pixels: in smaller pictures, what is bright and angular is rather a stroke
COARSE = 400  # pixels, the longest side on which the outline is found
SMALLEST_SHEET = 0.15  # of the picture
LARGEST_SHEET = 0.95  # of it: where ink is at the picture's edge, paper ends there as well
UNDENTED = 0.9  # of its hull
STRAIGHT = 0.82  # of the rectangle round it: askew a sheet fills less of it, but more than a ring
WIDE = 0.3  # of the picture's shorter side, the sheet's: a narrower one is rather a stroke
CLEAN = 0.7  # of it that is bare paper
BESIDE = 0.25  # of it, what else may be as bright: of several sheets none is read alone
SIDE = 0.15  # of the picture's longer side, the sheet's on either side of a corner
SHARP = 0.15  # of the paper's brightness, the step at the edge: a shadow's edge is softer
SEEN = 0.8  # of the edge that is so sharp
RIM = 0.012  # of the picture's longer side, what the edge and the shadow there may be wide
FRAME = 2  # times that, how far from there a printed frame may run
INKED = 0.2  # of full ink: what is fainter is not linked by
LONG = 0.3  # of the sheet's shorter side, what is left of one: rims cut it to pieces


def find_sheet(grey):
    """Where a sheet lies that does not fill the picture.

    grey: (H, W) uint8. Returns (H, W) uint8, 1 on the sheet but for its rim; None where there is
    none. Its edge must be sharp, and at least one of its corners be seen: the bright side of a
    shadow is no sheet.
    """
    if min(grey.shape) < SMALLEST:
        return None
    levels = cv2.medianBlur(reduce(grey, COARSE), 3)
    _, is_bright = cv2.threshold(levels, 0, 1, cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(is_bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=cv2.contourArea, default=None)
    if outline is None or not is_sheet_shaped(outline, levels.shape):
        return None
    if not has_corner(outline, levels.shape):
        return None
    sheet = cv2.drawContours(np.zeros_like(levels), [outline], 0, 1, cv2.FILLED)
    paper = cv2.mean(levels, is_bright)[0]
    if cv2.mean(is_bright, sheet)[0] < CLEAN or not is_sharp(outline, levels, SHARP * paper):
        return None
    if cv2.countNonZero(is_bright & ~sheet) > BESIDE * cv2.countNonZero(sheet):
        return None
    rim = 2 * round(RIM * max(levels.shape)) + 1
    sheet = cv2.erode(sheet, np.ones((rim, rim), np.uint8))
    sheet = cv2.resize(sheet, grey.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return sheet if sheet.any() else None


def is_sheet_shaped(outline, shape):
    """Whether an outline has the size and the shape of a sheet, be it seen askew."""
    pixels = shape[0] * shape[1]
    area, hull = cv2.contourArea(outline), cv2.contourArea(cv2.convexHull(outline))
    _, sides, _ = cv2.minAreaRect(outline)
    is_sized = SMALLEST_SHEET * pixels <= area and hull <= LARGEST_SHEET * pixels
    is_wide = min(sides) >= WIDE * min(shape)
    return (
        is_sized and is_wide and area >= UNDENTED * hull and area >= STRAIGHT * sides[0] * sides[1]
    )


def has_corner(outline, shape):
    """Whether there is a corner of 60 to 120 degrees that is not made by the picture's edge."""
    polygon = cv2.approxPolyDP(outline, 0.02 * cv2.arcLength(outline, True), True)[:, 0]
    before, after = np.roll(polygon, 1, axis=0) - polygon, np.roll(polygon, -1, axis=0) - polygon
    sides = np.linalg.norm([before, after], axis=2)
    is_square = np.abs((before * after).sum(axis=1)) <= 0.5 * sides.prod(axis=0)
    is_long = (sides >= SIDE * max(shape)).all(axis=0)  # what touches the edge makes short ones
    return bool((is_square & is_long & is_inside(polygon, shape)).any())


def is_sharp(outline, levels, step):
    """Whether the levels rise by that step from one side of the outline to the other."""
    points = outline[:, 0]
    x, y = points[is_inside(points, levels.shape)].T
    rise = cv2.morphologyEx(levels, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8))
    return bool(np.mean(rise[y, x] >= step) >= SEEN)


def is_inside(points, shape):
    """(n,) whether each of (n, 2) points (x, y) is off the picture's edge."""
    height, width = shape
    margin = 2 + max(shape) // 100
    return ((points >= margin) & (points < np.array([width, height]) - margin)).all(axis=1)


def without_frame(ink, sheet):
    """Take off what lies beyond a sheet, and what is left of a frame printed along its edge.

    ink: (H, W) float32. sheet: (H, W) uint8, as find_sheet's, cut out to it.
    """
    ink = ink * sheet
    rim = 2 * round(FRAME * RIM * max(ink.shape)) + 1
    middle = cv2.erode(sheet, np.ones((rim, rim), np.uint8), borderValue=0)
    _, labels, marks, _ = cv2.connectedComponentsWithStats((ink >= INKED).view(np.uint8))
    is_frame = marks[:, 2:4].max(axis=1) >= LONG * min(ink.shape)
    is_frame[labels[middle > 0]] = False
    return np.where(is_frame[labels], np.float32(0), ink)
