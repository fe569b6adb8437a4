"""A crop of ink -> the frame that MNIST's digits have. Training and serving meet here.

MNIST's makers scaled each digit to fit 20x20 pixels, keeping its proportions, and placed its
centre of mass at the centre of 28x28 (LeCun, Bottou, Bengio and Haffner 1998, section III-A).
"""

import cv2
import numpy as np

FRAME = 28  # pixels, the side of the network's input
DIGIT = 20  # pixels, the longest side of the digit inside it
THINNEST = 1.7  # pixels of the 20, the narrowest stroke the network is shown; MNIST's mean is 2.4
OVERSAMPLING = 4  # thin strokes are widened in a frame this many times finer than the digit's
INK = 0.5  # at least this much of a pixel covered by ink makes it part of a stroke


def normalise(ink):
    """Put one digit into MNIST's frame.

    ink: (H, W) float32, 0 paper … 1 ink, any size.
    Returns (28, 28, 1) float32 in [0, 1]; all zeros where there is no ink.
    """
    crop = crop_to_ink(ink)
    if crop is None:
        return np.zeros((FRAME, FRAME, 1), np.float32)
    digit = fit(widen(crop), DIGIT)
    return centre(digit / digit.max())[..., np.newaxis]


def crop_to_ink(ink):
    """The bounding box of the ink, or None where all is paper."""
    x, y, width, height = cv2.boundingRect((ink > 0).view(np.uint8))
    return ink[y : y + height, x : x + width] if width else None


def widen(ink, side=DIGIT):
    """Widen strokes narrower than THINNEST: shrinking would turn a hairline into a grey haze.

    side: pixels that the longest side is to be shrunk to.
    """
    scale = max(ink.shape) / side  # pixels here for one pixel there
    if stroke_width(ink) >= THINNEST * scale:
        return ink
    if scale > OVERSAMPLING:
        # A maximum over each cell first, so that hairlines keep their strength when shrunk.
        cell = int(scale / OVERSAMPLING) + 1
        ink = cv2.dilate(ink, np.ones((cell, cell), np.uint8))
    fine = fit(ink, side * OVERSAMPLING)
    missing = THINNEST * OVERSAMPLING - stroke_width(fine)
    reach = round(missing / 2)
    if reach < 1:
        return fine
    fine = cv2.copyMakeBorder(fine, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    return cv2.dilate(fine, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2))


def stroke_width(ink):
    """Mean width of the strokes in pixels: a stroke's area is half its outline times its width."""
    mask = (ink >= INK).view(np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    outline = sum(cv2.arcLength(points, closed=True) for points in outlines)
    return 2 * float(ink.sum()) / max(outline, 1.0)


def fit(ink, side):
    """Scale to `side` pixels along the longest side: area-averaged down, interpolated up.

    Up by cubics (Keys 1981): with straight lines between pixels, a digit of eight is a haze.
    """
    height, width = ink.shape
    longest = max(height, width)
    if longest == side:
        return ink
    size = (max(1, round(width * side / longest)), max(1, round(height * side / longest)))
    if longest > side:
        return cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    return np.clip(cv2.resize(ink, size, interpolation=cv2.INTER_CUBIC), 0, 1)


def centre(digit):
    """Place the ink's centre of mass at the centre of the frame, to the nearest pixel."""
    height, width = digit.shape
    frame = np.zeros((FRAME, FRAME), np.float32)
    frame[:height, :width] = digit
    moments = cv2.moments(frame)
    row, column = moments["m01"] / moments["m00"], moments["m10"] / moments["m00"]
    top = min(max(0, round(FRAME / 2 - row)), FRAME - height)
    left = min(max(0, round(FRAME / 2 - column)), FRAME - width)
    frame[:height, :width] = 0
    frame[top : top + height, left : left + width] = digit
    return frame
