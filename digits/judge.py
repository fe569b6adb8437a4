"""Characters -> what the network takes them for, and how sure it is."""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from digits.normalise import normalise
from digits.segment import Box

# The operating point. train.evaluate prints the choices for SURE, on redrawn, photographed and
# corrupted validation digits against letters of unseen fonts: it lets 3 % of these pass.
# train/RESULTS.md has the error rates.
DIGIT = 0.5  # least probability that a mark is a digit; below, it is said to be none
SURE = 0.85  # least confidence that is answered without reserve
AMONG = 0.65  # the same of one among others, hardly ever a letter; train.numbers prints choices
BESIDE = 0.3  # of the digit's ink: with more beside it, the picture may be of something larger
BATCH = 16  # characters that are classified at once: more are no faster, and take more memory


@dataclass(frozen=True)
class Digit:
    """One digit of a picture, or what was taken for one."""

    box: Box  # where it is, in pixels; of a large picture finer ones than the ink's
    beside: float  # other ink in the picture, in units of this one's
    ink: np.ndarray  # (h, w) float32, 0 paper … 1 ink, its own ink alone
    input: np.ndarray  # (28, 28, 1) float32 in [0, 1], what the network saw
    probabilities: np.ndarray  # (10,) float64 that sum to 1, of each digit if it is one
    is_digit: float  # probability that it is one
    is_among: bool = False  # whether the picture shows other digits

    @cached_property
    def value(self):
        return int(self.probabilities.argmax())

    @property
    def text(self):
        return "?" if self.verdict == "not_a_digit" else str(self.value)

    @cached_property
    def confidence(self):
        """Probability that it is this digit; with much beside it, the odds are even at best."""
        sure = self.is_digit * float(self.probabilities.max())
        return sure if self.beside <= BESIDE else sure / 2

    @property
    def verdict(self):
        if self.is_digit < DIGIT:
            return "not_a_digit"
        return "digit" if self.confidence >= (AMONG if self.is_among else SURE) else "unsure"


class Unknown(Digit):
    """A mark that was not judged, between digits: it is none, and may mean something."""

    @classmethod
    def of(cls, box, ink):
        return cls(box, 0.0, ink, normalise(ink), np.full(10, 0.1), is_digit=0.0)


class Letter(Digit):
    """What both networks take for no digit, nor for several: a letter, a symbol, a scribble."""

    @classmethod
    def of(cls, digit):
        return cls(**{field.name: getattr(digit, field.name) for field in fields(digit)})


def judge(characters, classifier):
    """A Digit for each Character, in its box and with its ink.

    classifier: (n, 28, 28, 1) float32 -> (n, 11), as model.load's.
    """
    if not characters:
        return []
    frames = np.stack([normalise(character.ink) for character in characters])
    batches = np.split(frames, range(BATCH, len(frames), BATCH))
    answers = np.concatenate([classifier(batch) for batch in batches]).astype(np.float64)
    answers[:, :10] /= answers[:, :10].sum(axis=1, keepdims=True)
    return [
        Digit(box, beside, ink, frame, answer[:10], float(answer[10]))
        for (box, ink, beside, *_), frame, answer in zip(characters, frames, answers, strict=True)
    ]
