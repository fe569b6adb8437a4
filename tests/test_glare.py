"""A lamp's reflection is taken off, and nothing else that is white."""

import cv2
import numpy as np
import pytest
from strokes import draw, write

from digits.glare import without_glare
from digits.ink import find_ink, thumbnail

HEIGHT, WIDTH = 400, 700
PAPER = 140


def spot(x, y, radius=90, sharpness=2.0):
    """How much of a lamp is seen, (HEIGHT, WIDTH) in [0, 1]."""
    down, right = np.mgrid[:HEIGHT, :WIDTH]
    distance = np.hypot(right - x, down - y) / radius
    return np.minimum(1, 1.3 * np.exp(-(distance**sharpness)))


def board(seen, paper=PAPER):
    """A number on a whiteboard in which a lamp is reflected, and the same number on paper."""
    number = np.full((HEIGHT, WIDTH), 255, np.uint8)
    ink = write("35027")
    number[150 : 150 + len(ink), 120 : 120 + ink.shape[1]] = ink
    grey = paper * (number / 255 * 0.8 + 0.2)
    noise = np.random.default_rng(0).normal(0, 2, grey.shape)
    return np.clip(grey + seen * (255 - grey) + noise, 0, 255).astype(np.uint8), number


WHERE = {"above": (300, 40), "below": (250, 360), "beside": (620, 200), "at the edge": (690, 390)}


@pytest.mark.parametrize("where", WHERE)
def test_ink_beside_a_reflection_is_found_and_the_reflection_is_not(where):
    picture, number = board(spot(*WHERE[where]))
    ink = find_ink(picture)
    assert ink[number < 60].mean() > 0.8
    assert ink[number == 255].mean() < 0.02


def test_two_reflections_are_taken_off():
    picture, number = board(np.maximum(spot(150, 50, 60), spot(500, 330, 70)))
    ink = find_ink(picture)
    assert ink[number < 60].mean() > 0.8
    assert ink[number == 255].mean() < 0.02


def on(grey, shape):
    picture = np.full((HEIGHT, WIDTH), grey, np.uint8)
    shape(picture)
    return cv2.GaussianBlur(picture, (0, 0), 4)


NO_REFLECTIONS = {
    "none": board(np.zeros((HEIGHT, WIDTH)))[0],
    "white paper": board(spot(300, 40), paper=230)[0],
    "a white digit on black": cv2.GaussianBlur(draw(1, 400, pen=0.15, ink=255, paper=0), (0, 0), 9),
    "a bold white stroke on grey": on(75, lambda p: cv2.line(p, (300, 90), (280, 310), 255, 26)),
    "a white digit on grey": cv2.GaussianBlur(draw(5, 400, pen=0.15, ink=255, paper=99), (0, 0), 9),
    "a white card on a desk": on(110, lambda p: cv2.rectangle(p, (200, 120), (400, 230), 255, -1)),
    "half of it in the sun": on(110, lambda p: cv2.rectangle(p, (0, 0), (350, 400), 255, -1)),
}


@pytest.mark.parametrize("what", NO_REFLECTIONS)
def test_what_is_no_reflection_is_left_alone(what):
    grey = NO_REFLECTIONS[what]
    coarse = thumbnail(grey)
    left = without_glare(grey, coarse)
    assert left[0] is grey
    assert left[1] is coarse
