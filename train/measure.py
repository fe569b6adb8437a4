"""What the network says of a set of labelled digits."""

from typing import NamedTuple

import numpy as np

from digits.judge import DIGIT, SURE
from train.calibrate import confidence_of
from train.negatives import NONE

BATCH = 500


class Measured(NamedTuple):
    """A set of labelled frames, and what the network said of each."""

    name: str
    frames: np.ndarray  # (n, 28, 28, 1) float32
    labels: np.ndarray  # (n,), 0 … 9 or NONE
    answers: np.ndarray  # (n, 11)

    @property
    def guesses(self):
        return self.answers[:, :NONE].argmax(axis=1)

    @property
    def confidence(self):
        return confidence_of(self.answers)

    @property
    def right(self):
        """Whether the best guess is right; never so for what is no digit."""
        return self.guesses == self.labels

    @property
    def accepted(self):
        """Whether the verdict is "digit", where nothing lies beside it."""
        return (self.answers[:, NONE] >= DIGIT) & (self.confidence >= SURE)


def measure(name, classifier, frames, labels):
    """Ask the network a batch at a time."""
    batches = (frames[start : start + BATCH] for start in range(0, len(frames), BATCH))
    answers = np.concatenate([classifier(batch) for batch in batches])
    return Measured(name, frames, labels.astype(int), answers)


def confusions(measured):
    """(10, 10) counts: row the digit that it is, column the digit that it was taken for."""
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (measured.labels, measured.guesses), 1)
    return counts
