"""One picture from bytes to answer: decode, find the ink, find the digits, normalise, classify."""

from dataclasses import dataclass

import numpy as np

from digits.image import decode, find_ink
from digits.normalise import normalise
from digits.segment import Box, segment

MODES = ("auto", "digit", "number")  # so far each of them reads the picture as one digit

# The operating point. train.evaluate prints the choices for SURE, on redrawn, photographed and
# corrupted validation digits against letters of unseen fonts; train/RESULTS.md has the error rates.
DIGIT = 0.5  # least probability that a mark is a digit; below, it is said to be none
SURE = 0.7  # least confidence that is answered without reserve
BESIDE = 0.3  # of the digit's ink: with more beside it, the picture may be of something larger


@dataclass(frozen=True)
class Digit:
    """One digit of a picture, or what was taken for one."""

    box: Box  # in pixels of the picture as sent, after its EXIF orientation
    beside: float  # other ink in the picture, in units of this one's
    ink: np.ndarray  # (h, w) float32, 0 paper … 1 ink, its own ink alone
    input: np.ndarray  # (28, 28, 1) float32 in [0, 1], what the network saw
    probabilities: np.ndarray  # (10,) float64 that sum to 1, of each digit if it is one
    is_digit: float  # probability that it is one

    @property
    def value(self):
        return int(self.probabilities.argmax())

    @property
    def confidence(self):
        """Probability that it is this digit; with much beside it, the odds are even at best."""
        sure = self.is_digit * float(self.probabilities.max())
        return sure if self.beside <= BESIDE else sure / 2

    @property
    def verdict(self):
        if self.is_digit < DIGIT:
            return "not_a_digit"
        return "digit" if self.confidence >= SURE else "unsure"


@dataclass(frozen=True)
class Reading:
    """What a picture says."""

    pixels: int  # how many the picture had
    grey: np.ndarray  # (H, W) uint8, the picture upright, at most LARGEST along a side
    ink: np.ndarray  # (H, W) float32, 0 paper … 1 ink
    digits: list[Digit]  # in reading order

    @property
    def verdict(self):
        return self.digits[0].verdict if self.digits else "blank"

    @property
    def number(self):
        return "".join("?" if d.verdict == "not_a_digit" else str(d.value) for d in self.digits)

    @property
    def confidence(self):
        """Probability that the best guesses are right, the digits taken as independent."""
        return float(np.prod([digit.confidence for digit in self.digits]))


def read(data, classifier, max_pixels):
    """Read a picture.

    data: bytes of a PNG, JPEG, WebP, GIF, BMP or TIFF. classifier: (n, 28, 28, 1) float32 ->
    (n, 11) as model.load's. Raises digits.image.PictureError where it cannot be decoded.
    """
    grey, (width, height) = decode(data, max_pixels)
    scale = np.array([width, height]) / grey.shape[::-1]
    pixels = width * height
    ink = find_ink(grey)
    characters = segment(ink)
    if not characters:
        return Reading(pixels, grey, ink, [])
    inputs = np.stack([normalise(character.ink) for character in characters])
    answers = classifier(inputs).astype(np.float64)
    digits = [
        Digit(
            enlarge(character.box, scale),
            character.beside,
            character.ink,
            frame,
            answer[:10] / answer[:10].sum(),
            float(answer[10]),
        )
        for character, frame, answer in zip(characters, inputs, answers, strict=True)
    ]
    return Reading(pixels, grey, ink, digits)


def enlarge(box, scale):
    """A box in pixels of the reduced picture -> in pixels of the picture as sent."""
    left, top = np.floor(scale * box[:2]).astype(int).tolist()
    right, bottom = np.rint(scale * np.add(box[:2], box[2:])).astype(int).tolist()
    return Box(left, top, right - left, bottom - top)
