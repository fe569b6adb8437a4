"""Black bars beside a picture are cut off, and what is none is left."""

import numpy as np
import pytest
from conftest import encode
from strokes import draw, write

from digits.ink import find_ink
from digits.letterbox import within_letterbox
from digits.read import read


@pytest.mark.parametrize("steep", [0.45, 0.6])
@pytest.mark.parametrize("bars", [((0, 0), (120, 120)), ((150, 150), (0, 0))])
def test_a_picture_between_black_bars_is_read(classifier, bars, steep):
    """As screenshots show it, and in what light ever: the bars are no paper, nor a desk."""
    page = np.pad(write("5237"), ((40, 40), (20, 20)), constant_values=255) * 0.6
    photo = page * np.linspace(1, steep, page.shape[1])
    picture = encode(np.pad(photo, bars).astype(np.uint8), format="JPEG")
    assert read(picture, classifier, 10_000_000).number == "5237"


@pytest.mark.parametrize("width", [1, 3, 4, 9, 60])
@pytest.mark.parametrize("turns", [0, 1])
def test_a_light_line_across_is_no_picture_between_bars(width, turns):
    picture = np.zeros((200, 200), np.uint8)
    picture[:, 90 : 90 + width] = 255
    assert within_letterbox(np.rot90(picture, turns)) is None or width >= 50
    find_ink(np.rot90(picture, turns).copy())


def test_light_uprights_on_a_blackboard_are_no_ends_of_a_picture():
    board = np.pad(draw(7, 200, ink=255, paper=0), ((0, 0), (60, 60)))
    board[:, 40:50] = board[:, -50:-40] = 255
    assert within_letterbox(board) is None


@pytest.mark.parametrize("digit", [0, 1, 8])
def test_light_digits_on_black_are_no_pictures_between_bars(classifier, digit):
    heavy = draw(digit, 200, pen=0.2, ink=255, paper=0)
    inked = np.flatnonzero(heavy.any(axis=1))
    cut = heavy[inked[0] : inked[-1] + 1] + np.random.default_rng(0).integers(0, 9, (1, 200))
    assert within_letterbox(cut.clip(0, 255).astype(np.uint8)) is None
