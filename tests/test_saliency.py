"""What a digit's answer rests on: places that are known to matter, and places that cannot."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from conftest import encode
from strokes import DIGITS, draw

from digits.read import read
from digits.saliency import CELLS, saliency

SIDE = 280  # pixels of a drawing
DECISIVE = (0.34, 0.6)  # the left of a 6's bowl, in units of the drawing: without it, it is a 5
ELSEWHERE = [(0.62, 0.18), (0.63, 0.75), (0.51, 0.82)]  # on the strokes of the 6, too


def digit_in(picture, classifier):
    (digit,) = read(encode(picture), classifier, 10**7, "digit").digits
    return digit


def heat_at(heat, digit, place):
    x, y = np.multiply(place, SIDE) - digit.box[:2]
    return heat[min(max(0, round(y)), len(heat) - 1), min(max(0, round(x)), len(heat[0]) - 1)]


def broken(picture, place):
    """With a gap in a stroke, as a rubber makes it."""
    middle = np.multiply(place, SIDE).round().astype(int).tolist()
    return cv2.circle(picture.copy(), middle, 18, 255, cv2.FILLED)


@pytest.mark.parametrize("label", DIGITS)
def test_it_lies_over_the_ink_from_0_to_1(classifier, label):
    digit = digit_in(draw(label), classifier)
    heat = saliency(digit, classifier)
    assert heat.dtype == np.float32
    assert heat.shape == digit.ink.shape
    assert (heat.min(), heat.max()) == (0, 1)


def test_it_is_hottest_where_a_gap_makes_another_digit(classifier):
    six = draw(6)
    assert digit_in(broken(six, DECISIVE), classifier).value == 5
    digit = digit_in(six, classifier)
    heat = saliency(digit, classifier)
    y, x = np.unravel_index(heat.argmax(), heat.shape)
    hottest = np.add((x, y), digit.box[:2]) / SIDE
    assert np.linalg.norm(hottest - DECISIVE) < 0.08
    for place in ELSEWHERE:
        assert digit_in(broken(six, place), classifier).value == 6
        assert heat_at(heat, digit, place) < 0.4


def test_paper_far_from_ink_is_cold(classifier):
    digit = digit_in(draw(7), classifier)
    paper = (digit.ink == 0).view(np.uint8)
    far = cv2.distanceTransform(paper, cv2.DIST_C, 3) > 2 * len(digit.ink) / CELLS
    assert far.mean() > 0.05
    assert not saliency(digit, classifier)[far].any()


@pytest.mark.parametrize("side", [5, 12, 1600])
def test_of_any_size(classifier, side):
    digit = digit_in(cv2.resize(draw(1), (side, side), interpolation=cv2.INTER_AREA), classifier)
    assert saliency(digit, classifier).shape == digit.ink.shape


def test_where_nothing_matters_all_is_cold(classifier):
    """A network that answers the same to everything."""
    digit = digit_in(draw(7), classifier)
    answer = np.append(digit.probabilities, digit.is_digit).astype(np.float32)
    same = SimpleNamespace(whole=lambda inputs: np.repeat(answer[np.newaxis], len(inputs), axis=0))
    heat = saliency(digit, same)
    assert heat.shape == digit.ink.shape
    assert not heat.any()
