"""A lamp's reflection on a whiteboard or glossy paper is taken off a photograph."""

import cv2
import numpy as np

WHITE = 245  # of 255: what a reflection reaches
DULL = (70, 200)  # of 255, paper on which one is told: on black, white is rather ink
LARGEST_GLARE = 0.15  # of the picture
CORE = np.ones((3, 3), np.uint8)  # cells that are white at least
SOFT = 1.6  # times as large as what is white, a reflection at half its height: it has no edge
ROUND = 0.3  # of the circle around it, how much it fills at least: a stroke does not
HALO = 1.3  # of its radius, how far beyond that half it is taken off
STROKES = np.ones((9, 9), np.uint8)  # cells: no stroke is as wide


def without_glare(grey, coarse):
    """Put paper, as it is round a reflection, in its place.

    grey: (H, W) uint8. coarse: (h, w) uint8, averages of its cells. Returns both without
    reflections.
    """
    dull = int(np.median(coarse))
    white = (coarse >= WHITE).view(np.uint8)
    core = cv2.erode(white, CORE) > 0
    if not DULL[0] <= dull <= DULL[1] or not core.any():
        return grey, coarse
    _, labels = cv2.connectedComponents((coarse >= (dull + WHITE) / 2).view(np.uint8))
    spots = [spot for i in np.unique(labels[core]) if is_glare(spot := labels == i, white)]
    if not spots:
        return grey, coarse
    halo = np.maximum.reduce([with_halo(spot) for spot in spots])
    # Strokes beside it are closed away (Serra 1982), or they would be drawn on into it.
    clean = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, STROKES)
    dulled = np.where(halo, cv2.inpaint(clean, halo, 3, cv2.INPAINT_TELEA), coarse)
    size = grey.shape[::-1]
    within = cv2.resize(halo, size, interpolation=cv2.INTER_NEAREST) > 0
    paper = cv2.resize(dulled, size, interpolation=cv2.INTER_LINEAR)
    return np.where(within, cv2.min(grey, paper), grey), cv2.min(coarse, dulled)


def is_glare(there, white):
    """Whether a bright spot, (h, w) bool, is a reflection: soft, round and not large."""
    points = cv2.findNonZero(there.view(np.uint8))
    _, radius = cv2.minEnclosingCircle(points)
    area, core = there.sum(), white[there].sum()
    is_round = area >= ROUND * np.pi * radius**2
    return is_round and SOFT * core <= area <= LARGEST_GLARE * there.size


def with_halo(spot):
    """(h, w) uint8: a reflection and its halo."""
    reach = round(HALO * np.sqrt(spot.sum() / np.pi))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)
    return cv2.dilate(spot.view(np.uint8), disc)
