"""Letters, symbols and digits as strokes: A. V. Hershey's fonts (1967), from Hershey-Fonts."""

from functools import cache

import cv2
import numpy as np

from digits.normalise import FRAME

FINER = 3  # ink is drawn in a frame this many times finer than the network's
SIDE = FRAME * FINER


@cache
def strokes_of(font, character):
    """A glyph's strokes, (n, 2) float32 each, in a box from 0 that is 1 on its longest side."""
    from HersheyFonts import HersheyFonts

    hershey = HersheyFonts()
    hershey.load_default_font(font)
    (found,) = hershey.glyphs_for_text(character)
    strokes = [np.array(stroke, np.float32) for stroke in found.strokes if len(stroke)]
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0).max()
    return [(stroke - low) / size for stroke in strokes]


def by_hand(strokes, rng):
    """As a hand might write it: each stroke a little out of its place."""
    return [stroke + rng.normal(0, 0.025, 2) for stroke in strokes]


def glyph(strokes, rng):
    """Draw one glyph alone, with any pen. (84, 84) float32."""
    size = 60 * np.exp(rng.uniform(-0.3, 0, 2))
    box = np.concatenate(strokes).max(axis=0)
    return draw([(s - box / 2) * size + SIDE / 2 for s in strokes], rng.uniform(3, 10))


def draw(strokes, width):
    """Strokes of (x, y) in fine pixels, all of one width."""
    fine = np.zeros((SIDE, SIDE), np.float32)
    points = [np.round(stroke * 16).astype(np.int32) for stroke in strokes]
    return cv2.polylines(fine, points, False, 1.0, max(1, round(width)), cv2.LINE_8, 4)
