"""Letters, symbols and digits as strokes: A. V. Hershey's fonts (1967), from Hershey-Fonts.

They are drawn on a sheet, finer than the network's frame, to be distorted there.
"""

from functools import cache

import cv2
import numpy as np
from HersheyFonts import HersheyFonts

from digits.normalise import FRAME

FINER = 3  # ink is drawn in a frame this many times finer than the network's
SIDE = FRAME * FINER


def magnify(digit):
    """(28, 28) -> (84, 84)"""
    return cv2.resize(digit, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


@cache
def strokes_of(font, character):
    """A glyph's strokes, (n, 2) float32 each, in a box from 0 that is 1 on its longest side."""
    (found,) = hershey(font).glyphs_for_text(character)
    strokes = [np.array(stroke, np.float32) for stroke in found.strokes if len(stroke)]
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0).max()
    return [(stroke - low) / size for stroke in strokes]


@cache
def hershey(font):
    """A font by its name: to read one takes 30 ms."""
    fonts = HersheyFonts()
    fonts.load_default_font(font)
    return fonts


def by_hand(strokes, rng):
    """As a hand might write it: each stroke a little moved, turned and resized."""
    return [vary(stroke, rng) for stroke in strokes]


def vary(stroke, rng):
    middle, angle = stroke.mean(axis=0), rng.normal(0, 0.08)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    size = np.exp(rng.normal(0, 0.08, 2))
    return (stroke - middle) * size @ turn + middle + rng.normal(0, 0.025, 2)


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


def on_sheet(ink, longest):
    """Ink of any size and range in the middle of a sheet, its longer side `longest` pixels.

    ink: (H, W), of any dtype. Returns (84, 84) float32 of the same range.
    """
    scale = longest / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    fine = np.zeros((SIDE, SIDE), np.float32)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    fine[top : top + height, left : left + width] = cv2.resize(
        ink, (width, height), interpolation=cv2.INTER_AREA
    )
    return fine
