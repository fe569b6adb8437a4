"""Tinted paper within the picture, as a note, a label or a marker's stripe: paper, too."""

import cv2
import numpy as np

from digits.panel import TALL, cut_out, is_stroke, may_be_panel

SMALLEST_NOTE = 0.02  # of the picture
RIM = 0.04  # of its shorter side, what its edge may be wide
FAINTEST = 0.12  # of the paper's light that it takes at least
DARKEST = 0.6  # of it, at most: what is darker is a dark panel (panel.py)
STEP = 0.2  # of the light that it leaves, so much darker is what is written on it
BARE = 0.7  # of it that nothing is written on


def without_tint(darkness, coarse):
    """The share of light that is missing; where tinted paper holds darker strokes, of its own.

    darkness: (H, W) uint8, 0 on paper; coarse: (h, w) uint8, the same of fewer pixels, on which
    outlines are found. Returns darkness as it is where there is no such paper.
    """
    _, is_dark = cv2.threshold(cv2.medianBlur(coarse, 3), 255 * FAINTEST, 1, cv2.THRESH_BINARY)
    outlines, _ = cv2.findContours(is_dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    scale = np.divide(darkness.shape[::-1], coarse.shape[::-1])
    for outline in outlines:
        if not may_be_panel(outline, SMALLEST_NOTE * coarse.size):
            continue
        outline = np.rint((outline + 0.5) * scale).astype(np.int32)
        rim = round(RIM * min(cv2.boundingRect(outline)[2:]))
        window, _, inside, whole = cut_out(outline, darkness, rim)
        there = darkness[window]
        tint = np.median(there[inside > 0]) if inside.any() else 0
        is_tinted = FAINTEST <= tint / 255 <= DARKEST  # or it is a frame, or a dark panel
        if is_tinted and holds_strokes(darker_on(inside, tint, there), inside):
            darkness = darkness.copy()
            darkness[window] = np.where(whole, darker_on(whole, tint, there), there)
    return darkness


def darker_on(paper, tint, darkness):
    """The share of the light that tinted paper leaves, that is missing on it, (H, W) uint8.

    paper: (H, W) uint8, 1 on it. tint: its own darkness.
    """
    over = 255 * (darkness - np.float32(tint)) / max(1, 255 - tint)
    return (over.clip(0, 255) * paper).astype(np.uint8)


def holds_strokes(ink, paper):
    """Whether ink as darker_on's is of strokes that leave most of the paper bare."""
    is_ink = (ink >= 255 * STEP).view(np.uint8)
    if cv2.countNonZero(is_ink) > (1 - BARE) * cv2.countNonZero(paper):
        return False
    *_, height = cv2.boundingRect(is_ink)
    marks, _ = cv2.findContours(is_ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    tall = [mark for mark in marks if cv2.boundingRect(mark)[3] >= TALL * height]
    return any(is_stroke(mark, is_ink) for mark in tall)
