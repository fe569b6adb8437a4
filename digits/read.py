"""One picture from bytes to answer: decode, find the ink, find the digits, normalise, classify."""

from dataclasses import dataclass

import numpy as np

from digits.image import decode, find_ink
from digits.normalise import normalise
from digits.segment import Box, segment

MODES = ("auto", "digit", "number")  # so far each of them reads the picture as one digit


@dataclass(frozen=True)
class Digit:
    """One digit of a picture."""

    box: Box  # in pixels of the picture as sent, after its EXIF orientation
    input: np.ndarray  # (28, 28, 1) float32 in [0, 1], what the network saw
    probabilities: np.ndarray  # (10,) float64, they sum to 1

    @property
    def value(self):
        return int(self.probabilities.argmax())

    @property
    def confidence(self):
        return float(self.probabilities.max())


@dataclass(frozen=True)
class Reading:
    """What a picture says."""

    pixels: int  # how many the picture had
    ink: np.ndarray  # (H, W) float32, 0 paper … 1 ink
    digits: list[Digit]  # in reading order

    @property
    def verdict(self):
        return "digit" if self.digits else "blank"

    @property
    def number(self):
        return "".join(str(digit.value) for digit in self.digits)

    @property
    def confidence(self):
        """Probability that `number` is right, the digits taken as independent."""
        return float(np.prod([digit.confidence for digit in self.digits]))


def read(data, classifier, max_pixels):
    """Read a picture.

    data: bytes of a PNG, JPEG, WebP, GIF, BMP or TIFF. classifier: (n, 28, 28, 1) float32 ->
    (n, 10) probabilities. Raises digits.image.PictureError where it cannot be decoded.
    """
    grey, scale = decode(data, max_pixels)
    pixels = round(grey.size * scale**2)
    ink = find_ink(grey)
    characters = segment(ink)
    if not characters:
        return Reading(pixels, ink, [])
    inputs = np.stack([normalise(character.ink) for character in characters])
    probabilities = classifier(inputs).astype(np.float64)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    boxes = [enlarge(character.box, scale) for character in characters]
    digits = zip(boxes, inputs, probabilities, strict=True)
    return Reading(pixels, ink, [Digit(*fields) for fields in digits])


def enlarge(box, scale):
    """A box in pixels of the reduced picture -> in pixels of the picture as sent."""
    left, top = int(box.x * scale), int(box.y * scale)
    right, bottom = round((box.x + box.width) * scale), round((box.y + box.height) * scale)
    return Box(left, top, right - left, bottom - top)
