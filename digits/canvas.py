"""A PNG of pixels alone, as browsers write a canvas -> its grey, in two thirds of the time.

Pillow reads a PNG chunk by chunk in Python, which for a drawing takes as long as its pixels do.
OpenCV does not, but says what is wrong with a picture to stderr, and knows no limits of ours: it is
given what is small, whole and bears nothing else, and anything that it fails on is left to Pillow.
(Of pixels that are broken though their checksum is right, it still writes a line.)
"""

import re
import struct
from zlib import crc32

import cv2
import numpy as np

# Eight bits of grey, RGB or RGBA, not interlaced.
HEAD = re.compile(rb"\x89PNG\r\n\x1a\n\0\0\0\rIHDR.{8}\x08[\x00\x02\x06]\0\0\0", re.DOTALL)
BEGIN = 8  # where the first chunk begins
MOST_BYTES = 50_000  # OpenCV inflates what lies behind the last pixel too, a thousand times as much


def read_canvas(data):
    """(H, W) uint8 of a whole and opaque PNG of eight bits without any metadata; else None.

    data: bytes of a picture of at most digits.image.LARGEST pixels along a side.
    """
    if not is_plain(data):
        return None
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    if pixels is None or pixels.ndim == 2:
        return pixels
    if pixels.shape[2] == 3:
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    is_opaque = pixels[:, :, 3].min() == 255
    return cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY) if is_opaque else None


def is_plain(data):
    """Whether it is a small PNG whose chunks are whole, by their checksums, of pixels alone."""
    if len(data) > MOST_BYTES or not HEAD.match(data):
        return False
    place = BEGIN
    while place + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 8 + length
        is_known = kind in (b"IDAT", b"IEND") or place == BEGIN
        if not is_known or data[end : end + 4] != crc32(data[place + 4 : end]).to_bytes(4):
            return False
        place = end + 4
        if kind == b"IEND":
            return length == 0 and place == len(data)
    return False
