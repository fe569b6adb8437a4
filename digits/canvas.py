"""A PNG of pixels alone, as browsers write a canvas -> its grey, in half of the time.

Pillow reads a PNG chunk by chunk in Python, which for a drawing takes as long as its pixels do.
OpenCV does not, but says what is wrong with a picture to stderr, and knows no limits of ours: it is
given what is whole and bears nothing else, and anything that it fails on is left to Pillow.
"""

import struct
from zlib import crc32

import cv2
import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXELS = {b"IHDR", b"IDAT", b"IEND"}  # the chunks that a picture without a palette must have
MOST_CHUNKS = 1000  # of 4096 bytes each, as Chromium writes them: more than a screen


def read_canvas(data):
    """(H, W) uint8 of a whole and opaque PNG of eight bits without any metadata; else None."""
    if not is_plain(data):
        return None
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint8:
        return None
    if pixels.ndim == 2:
        return pixels
    if pixels.shape[2] == 4 and pixels[:, :, 3].min() < 255:
        return None
    return cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY if pixels.shape[2] == 4 else cv2.COLOR_BGR2GRAY)


def is_plain(data):
    """Whether a PNG's chunks are whole, by their checksums, and none but its pixels'."""
    place = len(SIGNATURE)
    if not data.startswith(SIGNATURE):
        return False
    for _ in range(MOST_CHUNKS):
        head = data[place : place + 8]
        if len(head) < 8:
            return False
        length, kind = struct.unpack(">I4s", head)
        end = place + 8 + length
        if kind not in PIXELS or data[end : end + 4] != crc32(data[place + 4 : end]).to_bytes(4):
            return False
        place = end + 4
        if kind == b"IEND":
            return place == len(data)
    return False
