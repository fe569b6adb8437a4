"""Digits as strokes, drawn for the tests: points (x, y) in units of the frame, 0 … 1, y down."""

import cv2
import numpy as np

from digits.normalise import normalise


def arc(x, y, rx, ry, start, end, points=24):
    """Part of an ellipse round (x, y), angles in degrees, 0 to the right and 90 down."""
    angles = np.radians(np.linspace(start, end, points))
    return [(x + rx * np.cos(a), y + ry * np.sin(a)) for a in angles]


DIGITS = {
    0: [arc(0.5, 0.5, 0.2, 0.32, -90, 270)],
    1: [[(0.38, 0.32), (0.52, 0.18), (0.52, 0.82)]],
    2: [[*arc(0.5, 0.36, 0.19, 0.18, 190, 390), (0.3, 0.82), (0.72, 0.82)]],
    3: [[*arc(0.48, 0.34, 0.18, 0.16, 200, 450), *arc(0.48, 0.66, 0.2, 0.17, -90, 160)]],
    4: [[(0.56, 0.18), (0.28, 0.6), (0.74, 0.6)], [(0.6, 0.4), (0.58, 0.84)]],
    5: [
        [(0.4, 0.2), (0.36, 0.48), *arc(0.48, 0.64, 0.2, 0.19, -120, 150)],
        [(0.4, 0.2), (0.68, 0.2)],
    ],
    6: [[(0.62, 0.18), (0.42, 0.42), *arc(0.5, 0.64, 0.17, 0.18, 195, 555)]],
    7: [[(0.3, 0.22), (0.7, 0.22), (0.6, 0.45), (0.47, 0.82)]],
    8: [[*arc(0.5, 0.34, 0.15, 0.15, 90, -270), *arc(0.5, 0.66, 0.18, 0.17, -90, 270)]],
    9: [[*arc(0.5, 0.36, 0.17, 0.18, 0, -360), (0.66, 0.5), (0.58, 0.82)]],
}


def draw(digit, side=280, pen=0.06, at=(0, 0), size=1.0, ink=0, paper=255):
    """A digit on paper.

    side: pixels of the square picture. pen: width in units of the digit's frame. at, size: where
    in the picture that frame lies and its side, in units of the picture. Returns (side, side)
    uint8.
    """
    finer = max(1, 1200 // side)  # drawn finer and averaged, or a hairline would be a staircase
    fine = np.full((side * finer, side * finer), float(paper), np.float32)
    for stroke in DIGITS[digit]:
        points = (np.array(stroke) * size + at) * side * finer
        width = max(finer, round(pen * size * side * finer))
        cv2.polylines(fine, [points.round().astype(int)], False, float(ink), width)
    return cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA).round().astype(np.uint8)


def write(number, size=80, slope=0.0, spacing=0.75, **how):
    """A number on paper: digits of `size` pixels side by side. (H, W) uint8."""
    step = round(size * spacing)
    rise = [round(slope * step * place) for place in range(len(number))]
    shape = size + max(rise) - min(rise) + 20, step * len(number) + size
    sheet = np.full(shape, how.get("paper", 255), np.uint8)
    for place, digit in enumerate(number):
        top, left = 10 + rise[place] - min(rise), step * place + size // 4
        frame = sheet[top : top + size, left : left + size]
        picture = draw(int(digit), size, **how)
        darker = how.get("ink", 0) < how.get("paper", 255)
        (np.minimum if darker else np.maximum)(frame, picture, out=frame)
    return sheet


def digit_of(label):
    """A digit in MNIST's frame."""
    return normalise(1 - draw(label, 112) / np.float32(255))[..., 0]


def stacked(*rows):
    """Pictures one below the other."""
    width = max(row.shape[1] for row in rows)
    return np.vstack(
        [np.pad(r, ((0, 0), (0, width - r.shape[1])), constant_values=255) for r in rows]
    )


def photographed(picture):
    """As a camera sees it: a little blurred, darker to the left, and with grain."""
    noise = np.random.default_rng(0).normal(0, 3, picture.shape)
    blurred = cv2.GaussianBlur(picture, (0, 0), 1) * np.linspace(0.75, 1, picture.shape[1])
    return np.clip(blurred + noise, 0, 255).astype(np.uint8)
