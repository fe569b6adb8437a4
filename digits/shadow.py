"""Shadows with an edge, of a hand, a phone or a window's frame: there may be ink in them."""

import cv2
import numpy as np

THICK = 0.25  # of the picture's longer side: so wide are shadows, and hardly ever strokes
AROUND = 0.32  # of that side, from where paper's brightness is taken: what is half as wide is ink
SHADE = (0.15, 0.7)  # of the light, what is missing in a shadow: of black things more is
STEP = 0.12  # of the paper's brightness, how much less it is from one cell to the next
SLIGHT = 6  # levels of 255, and at least so much, or dark paper would have edges all over
ALONG = 0.4  # of the picture's longer side, how far such an edge runs
SMALLEST = 100  # pixels, as of a sheet: what is dark in smaller pictures is rather a stroke
FEW = 33  # one pixel in so many stands out most, and tells ink from paper
CELLS = np.ones((3, 3), np.uint8)  # one and those around it


def is_shaded(darkness):
    """Whether what is darkest at the picture's edge is rather a shadow than ink.

    darkness: (h, w) uint8, coarse, the share of the paper's light that is missing.
    """
    side = odd(THICK * max(darkness.shape))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    _, is_dark = cv2.threshold(darkness, 0, 1, cv2.THRESH_OTSU)
    wider = np.pad(is_dark, side)  # what is cut off at the edge may be a stroke
    wide = cv2.morphologyEx(wider, cv2.MORPH_OPEN, kernel)[side:-side, side:-side]
    _, labels = cv2.connectedComponents(wide)
    edge = edge_of(labels)
    is_off = np.isin(labels, edge[edge > 0])
    least, most = SHADE
    return bool(is_off.any() and least <= np.median(darkness[is_off]) / 255 <= most)


def edge_of(grey):
    """The outermost pixels, (n,) int."""
    return np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]).astype(int)


def has_edge(paper):
    """Whether the paper's brightness, (h, w) uint8, coarse, steps down along some way."""
    step = cv2.subtract(paper, cv2.erode(paper, CELLS))
    is_step = step > np.maximum(SLIGHT, STEP * paper.astype(np.float32))
    _, _, marks, _ = cv2.connectedComponentsWithStats(is_step.view(np.uint8))
    return bool(marks[1:, 2:4].max(initial=0) >= ALONG * max(paper.shape))


def paper_around(grey, share=AROUND):
    """The paper's brightness by the median around each pixel, which keeps a shadow's edge.

    grey: (h, w) uint8, at most 790 pixels along a side: OpenCV counts no more than 65,535 of them
    around one. Strokes in it are narrower than half of that share. Returns (h, w) uint8.
    """
    side = odd(share * max(grey.shape))
    half = side // 2
    wider = cv2.copyMakeBorder(grey, half, half, half, half, cv2.BORDER_REFLECT)
    return cv2.medianBlur(wider, side)[half:-half, half:-half]


def is_ink_light(grey, paper):
    """Whether what stands out most from the paper, (h, w) uint8 both, is lighter than it."""
    return standing_out(cv2.subtract(grey, paper)) > standing_out(cv2.subtract(paper, grey))


def standing_out(levels):
    """The mean of the few highest levels."""
    return float(np.sort(levels, axis=None)[-max(1, levels.size // FEW) :].mean())


def odd(pixels):
    """A kernel's side of about so many pixels: odd, so that it has a middle, and three at least."""
    return max(3, int(pixels) | 1)
