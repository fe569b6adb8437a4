"""Black bars that fill a picture up to a screen's shape, as in screenshots: they are cut off."""

import cv2
import numpy as np

SMALLEST = 100  # pixels: what is light on black in smaller pictures is rather a stroke
BLACK = 32  # levels, the most of a bar, with a JPEG's ringing in it
BRIGHT = 64  # levels, the least of the paper beside it
SMALLEST_PICTURE = 0.25  # of all, bars included
MIXED = 2  # pixels beside a bar that may be part of it
ENDS = 0.8  # of the picture's ends at the bars that is paper at least


def within_letterbox(grey):
    """What to index a picture with to cut its bars off; None where it has none.

    grey: (H, W) uint8. They are above and below it, or on either side.
    """
    if min(grey.shape) < SMALLEST or max(grey[[0, 0, -1, -1], [0, -1, 0, -1]]) > BLACK:
        return None
    x, y, width, height = cv2.boundingRect((grey > BLACK).view(np.uint8))
    if width * height < SMALLEST_PICTURE * grey.size:
        return None
    if height == len(grey):
        window = np.s_[:, x + MIXED : x + width - MIXED]
        ends = grey[window][:, [0, -1]]
    elif width == len(grey[0]):
        window = np.s_[y + MIXED : y + height - MIXED, :]
        ends = grey[window][[0, -1]]
    else:
        return None
    is_bright = np.median(grey[window]) >= BRIGHT and np.mean(ends >= BRIGHT) >= ENDS
    return window if is_bright else None
