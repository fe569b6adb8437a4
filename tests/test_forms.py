"""Digits in the forms of other schools, and of displays, are those digits still."""

import numpy as np
import pytest
from strokes import DIGITS, digit_of

from digits.judge import DIGIT
from digits.normalise import normalise
from train.forms import cross_seven, flagged_one, seven_segments, slash_nought

FORMS = {
    "flagged": (1, flagged_one),
    "crossed": (7, lambda rng: cross_seven(digit_of(7), rng)),
    "slashed": (0, lambda rng: slash_nought(digit_of(0), rng)),
}
FORMS |= {f"display {d}": (d, lambda rng, d=d: seven_segments(d, rng)) for d in DIGITS}


@pytest.mark.parametrize("form", FORMS)
def test_the_network_knows_them(form, classifier):
    label, draw = FORMS[form]
    rng = np.random.default_rng(0)
    answers = classifier(np.stack([normalise(draw(rng)) for _ in range(100)]))
    assert (answers[:, :10].argmax(axis=1) == label).mean() >= 0.9
    assert (answers[:, 10] >= DIGIT).mean() >= 0.9


@pytest.mark.parametrize("form", FORMS)
def test_each_drawing_is_another(form):
    _, draw = FORMS[form]
    rng = np.random.default_rng(0)
    first, second = draw(rng), draw(rng)
    assert first.shape == second.shape == (84, 84)
    assert not np.array_equal(first, second)
