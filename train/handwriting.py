"""Letters and digits of fonts that were drawn by hand, from files: the hands of many schools.

README.md tells how to get those that train/handwriting.txt names.
"""

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from train.glyphs import on_sheet

FILES = "*-latin-400-normal.woff2"  # as npm's @fontsource packages name the plain style
UNSEEN = (4, 10)  # of every ten fonts, one is not trained with, but measured on
SIZE = 64  # pixels, in which glyphs are drawn
LONGEST = (40, 62)  # fine pixels, the longest side of a glyph
# Without what is written like a digit: I, l, O, o and lines.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz#$%&?@+=<>{}*~£€§÷±×"
DIGITS = "0123456789"


class HandwritingError(Exception):
    """The fonts cannot be drawn with; the message says why."""


class Handwriting:
    """What the hands of some fonts write.

    folder: where their FILES are, at any depth. unseen: those to measure on, instead of the others.
    Raises HandwritingError where a file is no font, or there are none with digits and letters.
    """

    def __init__(self, folder, unseen=False):
        first, step = UNSEEN
        files = sorted(Path(folder).rglob(FILES), key=str)
        files = [path for i, path in enumerate(files) if (i % step == first) == unseen]
        known = [(font, known_of(font)) for font in map(open_font, files)]
        letters = [(font, "".join(sorted(known & set(LETTERS)))) for font, known in known]
        self.of_digits = [font for font, known in known if set(DIGITS) <= known]
        self.of_letters = [(font, text) for font, text in letters if text]
        if not (self.of_digits and self.of_letters):
            raise HandwritingError(f"{folder} has no fonts with digits and letters, {FILES}.")
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
        self.origin = {"fonts": len(files), "sha256": digest}

    def letter(self, rng, count=1):
        """Draw a letter or symbol, or some in a row. (84, 84) float32, 0 paper … 1 ink."""
        font, letters = self.of_letters[rng.integers(len(self.of_letters))]
        text = "".join(letters[i] for i in rng.integers(len(letters), size=count))
        return draw(font, text, rng)

    def word(self, text, size, rng):
        """Write a word with one font, digits of which would be about `size` pixels high.

        Returns its ink, (h, w) float32, 0 paper … 1 ink; and how many pixels it reaches below the
        foot of digits.
        """
        signs = set(text) & set(LETTERS)
        fonts = [font for font, known in self.of_letters if signs <= set(known)]
        font = fonts[rng.integers(len(fonts))]
        _, top, _, _ = font.getbbox("0", anchor="ls")
        font = font.font_variant(size=round(SIZE * size / -top))
        left, top, right, bottom = font.getbbox(text, anchor="ls")
        image = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(image).text((-left, -top), text, fill=255, font=font, anchor="ls")
        return np.asarray(image) / np.float32(255), bottom

    def digit(self, digit, rng):
        """Draw a digit, 0 … 9. (84, 84) float32, 0 paper … 1 ink."""
        return draw(self.of_digits[rng.integers(len(self.of_digits))], str(digit), rng)


def open_font(path):
    try:
        return ImageFont.truetype(path, SIZE)
    except OSError as error:
        raise HandwritingError(f"{path} cannot be read as a font: {error}") from error


def known_of(font):
    """Those of DIGITS and LETTERS that a font has: for others it draws a box, or nothing."""
    unknown = {bytes(font.getmask(text)) for text in (" ", "\uffff")}
    return {text for text in LETTERS + DIGITS if bytes(font.getmask(text)) not in unknown}


def draw(font, text, rng):
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(image).text((-left, -top), text, fill=255, font=font)
    return on_sheet(np.asarray(image), rng.uniform(*LONGEST)) / 255
